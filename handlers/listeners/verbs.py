"""A command of the union → what answers it. The same wherever the words were written."""

from typing import assert_never

from handlers.blocks import answers, ids
from handlers.commands import (
    Acknowledge,
    Assign,
    Back,
    BringIn,
    ChangeSeverity,
    ChangeStatus,
    Close,
    Command,
    Declare,
    DeclareForm,
    DueNow,
    Escalate,
    Help,
    Here,
    ListIncidents,
    Near,
    OnCall,
    OpenUp,
    Resolve,
    Restrict,
    Setup,
    Show,
    StopPaging,
    TakeTwenty,
    WriteNote,
    WriteUpdate,
    WrongSeverity,
)
from handlers.listeners import (
    closing,
    commanding,
    declaring,
    oncall,
    recording,
    responding,
    setup,
    showing,
    watching,
)
from handlers.listeners.edge import Asked, Edge, OnPress, Press, Reply
from handlers.words import read

Beginning = Declare | DeclareForm | WrongSeverity | Near
Reading = DueNow | Show | ListIncidents | Setup | Help | OnCall
Leading = Assign | ChangeSeverity | ChangeStatus | OpenUp | Restrict
Doing = WriteUpdate | WriteNote | Resolve | Close
Paging = Acknowledge | BringIn | Escalate | StopPaging | Here | TakeTwenty | Back


def carry_out(edge: Edge, asked: Asked, line: str) -> Reply:
    """Read the words and do what they say. Raises refusals."""
    command: Command = read(line)
    match command:
        case Declare() | DeclareForm() | WrongSeverity() | Near():
            return _begin(edge, asked, command)
        case DueNow() | Show() | ListIncidents() | Setup() | Help() | OnCall():
            return _read(edge, asked, command)
        case Assign() | ChangeSeverity() | ChangeStatus() | OpenUp() | Restrict():
            return _lead(edge, asked, command)
        case WriteUpdate() | WriteNote() | Resolve() | Close():
            return _do(edge, asked, command)
        case Acknowledge() | BringIn() | Escalate() | StopPaging() | Here() | TakeTwenty() | Back():
            return _page(edge, asked, command)
        case _:
            assert_never(command)


def _begin(edge: Edge, asked: Asked, command: Beginning) -> Reply:
    match command:
        case Declare():
            return declaring.typed(edge, asked, command)
        case DeclareForm():
            return declaring.form(edge, command.title)
        case WrongSeverity():
            return declaring.wrong_severity(edge, command)
        case Near():
            return answers.near(command.typed, command.meant)
        case _:
            assert_never(command)


def _read(edge: Edge, asked: Asked, command: Reading) -> Reply:
    match command:
        case DueNow():
            return showing.due_now(edge, asked)
        case Show():
            return showing.show(edge, asked, command)
        case ListIncidents():
            return showing.listing(edge, asked)
        case Setup():
            return setup.answer(edge, asked)
        case Help():
            return showing.usage(command)
        case OnCall():
            return oncall.answer(edge, asked, command.line)
        case _:
            assert_never(command)


def _lead(edge: Edge, asked: Asked, command: Leading) -> Reply:
    match command:
        case Assign():
            return commanding.assign(edge, asked, command)
        case ChangeSeverity():
            return commanding.change_severity(edge, asked, command)
        case ChangeStatus():
            return commanding.change_status(edge, asked, command)
        case OpenUp():
            return commanding.open_up(edge, asked, command)
        case Restrict():
            return commanding.restrict(edge, asked, command)
        case _:
            assert_never(command)


def _do(edge: Edge, asked: Asked, command: Doing) -> Reply:
    match command:
        case WriteUpdate():
            return recording.update(edge, asked, command)
        case WriteNote():
            return recording.note(edge, asked, command)
        case Resolve():
            return closing.resolve(edge, asked, command)
        case Close():
            return closing.close(edge, asked, command)
        case _:
            assert_never(command)


def _page(edge: Edge, asked: Asked, command: Paging) -> Reply:
    match command:
        case Acknowledge():
            return responding.acknowledge(edge, asked, command)
        case BringIn():
            return responding.bring_in(edge, asked, command)
        case Escalate():
            return responding.escalate(edge, asked, command)
        case StopPaging():
            return responding.stop_paging(edge, asked, command)
        case Here():
            return watching.here(edge, asked, command.key)
        case TakeTwenty():
            return watching.take_20(edge, asked, command.key)
        case Back():
            return watching.back(edge, asked, command.key)
        case _:
            assert_never(command)


def _pressed_words(edge: Edge, press: Press) -> Reply:
    """A button that stands for words: they are carried out as if they had been typed here."""
    return carry_out(edge, press.asked, press.value)


PRESSES: dict[str, OnPress] = {ids.RUN_WORDS: _pressed_words, f"{ids.RUN_WORDS}:": _pressed_words}
