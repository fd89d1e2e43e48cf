"""What can be asked of Meridian in words, as a closed union. A `key` of "" means the incident of the channel.

Texts are as the person saw them when typing. Values only."""

from msgspec import Struct

from handlers.words_pieces import ClockTime
from incidents.model import Role, Severity, Status, Target, UserId


class DueNow(Struct, frozen=True):
    """Nothing was typed: in an incident's channel what is due now, elsewhere the declare form."""


class Declare(Struct, frozen=True):
    title: str = ""
    severity: Severity | None = None
    restricted: bool = False


class DeclareForm(Struct, frozen=True):
    """Text that is no command: the declare form with that text as its title."""

    title: str


class WrongSeverity(Struct, frozen=True):
    """A declaration with a severity that does not exist; `typed` are its digits, its title is kept."""

    typed: str
    title: str


class Near(Struct, frozen=True):
    """One or two words close to a verb: `meant` is the line that may have been meant."""

    typed: str
    meant: str


class Acknowledge(Struct, frozen=True):
    """`on_behalf_of`: the person who has it because the asker says so."""

    key: str = ""
    on_behalf_of: UserId = ""


class Escalate(Struct, frozen=True):
    """Page the next people now."""

    key: str = ""
    reason: str = ""


class StopPaging(Struct, frozen=True):
    key: str = ""
    reason: str = ""


class TakeTwenty(Struct, frozen=True):
    key: str = ""


class Back(Struct, frozen=True):
    key: str = ""


class Here(Struct, frozen=True):
    key: str = ""


class BringIn(Struct, frozen=True):
    """Nobody named: the form."""

    key: str = ""
    whom: tuple[Target, ...] = ()


class Assign(Struct, frozen=True):
    """Nobody named: the form."""

    key: str = ""
    role: Role | None = None
    to: UserId = ""


class ChangeSeverity(Struct, frozen=True):
    """No severity named: the form."""

    key: str = ""
    to: Severity | None = None
    reason: str = ""


class ChangeStatus(Struct, frozen=True):
    """No status named: the form. `of` is the incident that a duplicate repeats."""

    key: str = ""
    to: Status | None = None
    reason: str = ""
    of: str = ""


class WriteUpdate(Struct, frozen=True):
    key: str = ""
    text: str = ""


class WriteNote(Struct, frozen=True):
    key: str = ""
    text: str = ""
    at: ClockTime | None = None


class Show(Struct, frozen=True):
    """`view` is one of VIEWS, or "" for the incident itself."""

    key: str = ""
    view: str = ""


class ListIncidents(Struct, frozen=True):
    pass


class Resolve(Struct, frozen=True):
    """No summary typed: the form."""

    key: str = ""
    summary: str = ""


class Close(Struct, frozen=True):
    key: str = ""


class OpenUp(Struct, frozen=True):
    """A restricted incident becomes visible to everybody."""

    key: str = ""


class Restrict(Struct, frozen=True):
    """An open incident cannot be closed to others again; the answer says what can be done."""

    key: str = ""


class OnCall(Struct, frozen=True):
    """The words after /oncall."""

    line: str = ""


class Setup(Struct, frozen=True):
    pass


class Help(Struct, frozen=True):
    """`verb` is a verb of the usage table, or "" for all."""

    verb: str = ""


Command = (
    DueNow
    | Declare
    | DeclareForm
    | WrongSeverity
    | Near
    | Acknowledge
    | Escalate
    | StopPaging
    | TakeTwenty
    | Back
    | Here
    | BringIn
    | Assign
    | ChangeSeverity
    | ChangeStatus
    | WriteUpdate
    | WriteNote
    | Show
    | ListIncidents
    | Resolve
    | Close
    | OpenUp
    | Restrict
    | OnCall
    | Setup
    | Help
)

VIEWS = ("timeline", "clocks", "decisions", "runbook", "catchup")


class NotUnderstood(Exception):
    """Words that begin as a command and cannot be carried out. `str()` says what is wrong and what to do."""
