"""What can be asked of Meridian in words, as a closed union. A `key` of "" means the incident of the channel.

Texts are as the person saw them when typing. Values only."""

from dataclasses import dataclass

from handlers.words_pieces import ClockTime
from incidents.model import Role, Severity, Status, Target, UserId


@dataclass(frozen=True, slots=True)
class DueNow:
    """Nothing was typed: in an incident's channel what is due now, elsewhere the declare form."""


@dataclass(frozen=True, slots=True)
class Declare:
    title: str = ""
    severity: Severity | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class DeclareForm:
    """Text that is no command: the declare form with that text as its title."""

    title: str


@dataclass(frozen=True, slots=True)
class WrongSeverity:
    """A declaration with a severity that does not exist; `typed` are its digits, its title is kept."""

    typed: str
    title: str


@dataclass(frozen=True, slots=True)
class Near:
    """One or two words close to a verb: `meant` is the line that may have been meant."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """`on_behalf_of`: the person who has it because the asker says so."""

    key: str = ""
    on_behalf_of: UserId = ""


@dataclass(frozen=True, slots=True)
class Escalate:
    """Page the next people now."""

    key: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StopPaging:
    key: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeTwenty:
    key: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    key: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    key: str = ""


@dataclass(frozen=True, slots=True)
class BringIn:
    """Nobody named: the form."""

    key: str = ""
    whom: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """Nobody named: the form."""

    key: str = ""
    role: Role | None = None
    to: UserId = ""


@dataclass(frozen=True, slots=True)
class ChangeSeverity:
    """No severity named: the form."""

    key: str = ""
    to: Severity | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """No status named: the form. `of` is the incident that a duplicate repeats."""

    key: str = ""
    to: Status | None = None
    reason: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class WriteUpdate:
    key: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class WriteNote:
    key: str = ""
    text: str = ""
    at: ClockTime | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """`view` is one of VIEWS, or "" for the incident itself."""

    key: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class ListIncidents:
    pass


@dataclass(frozen=True, slots=True)
class Resolve:
    """No summary typed: the form."""

    key: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    key: str = ""


@dataclass(frozen=True, slots=True)
class OpenUp:
    """A restricted incident becomes visible to everybody."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class Restrict:
    """An open incident cannot be closed to others again; the answer says what can be done."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class OnCall:
    """The words after /oncall."""

    line: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    pass


@dataclass(frozen=True, slots=True)
class Help:
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
