"""Typed words → one command of a closed union. Text that is no command becomes a title, never an error.

Linear in what was typed; raises NotUnderstood and nothing else. Knows no incident and no clock."""

import difflib
from collections.abc import Callable, Mapping

from handlers.commands import (
    VIEWS,
    Back,
    Close,
    Command,
    Declare,
    DeclareForm,
    DueNow,
    Help,
    ListIncidents,
    Near,
    NotUnderstood,
    OnCall,
    OpenUp,
    Resolve,
    Restrict,
    Setup,
    Show,
    WrongSeverity,
)
from handlers.words_changes import (
    assign,
    change_severity,
    change_status,
    contain,
    dismiss,
    duplicate,
    hand_over,
    note,
    page,
    reopen,
    update,
)
from handlers.words_pieces import Head, as_typed, key_of, severity_digits, severity_of
from handlers.words_usage import VERBS
from handlers.words_watching import acknowledge, escalate, i_am, stop, take

Reading = Callable[[Head, str], Command | None]
"""Reads what follows a verb, given the key named before it; None where it is no command after all."""

_CLOSE_ENOUGH = 0.75
_LONGEST_TYPO = 20


def read(line: str) -> Command:
    """The command of the words after /incident or a mention. Raises NotUnderstood."""
    head = Head(line)
    key = head.take_key()
    word = head.take()
    if not word:
        return Show(key) if key else DueNow()
    if severity_digits(word):
        return (change_severity(_after_key(line), key) if key else None) or _declared(
            severity_digits(word), head
        )
    reading = _READINGS.get(word.casefold())
    command = reading(head, key) if reading else None
    return command or _no_command(line)


def _after_key(line: str) -> Head:
    head = Head(line)
    head.take_key()
    return head


def _declared(digits: str, head: Head, restricted: bool = False) -> Command:
    severity = severity_of(digits)
    title = as_typed(head.rest())
    return WrongSeverity(digits, title) if severity is None else Declare(title, severity, restricted)


def _no_command(line: str) -> Command:
    words = Head(line).few(2)
    if words and len(words[0]) <= _LONGEST_TYPO:
        close = difflib.get_close_matches(words[0].casefold(), VERBS, n=1, cutoff=_CLOSE_ENOUGH)
        if close and words[0].casefold() != close[0]:
            return Near(as_typed(line), " ".join((close[0], *words[1:])))
    return DeclareForm(as_typed(line))


def _declare(head: Head, _key: str) -> Command:
    restricted = head.take_one_of("restricted")
    digits = severity_digits(head.peek())
    if digits:
        head.take()
        return _declared(digits, head, restricted)
    return Declare(as_typed(head.rest()), None, restricted)


def _only_key(make: Callable[[str], Command]) -> Reading:
    """A verb after which at most a key may stand."""

    def reading(head: Head, key: str) -> Command | None:
        named = head.take_key() or key
        return None if head.rest() else make(named)

    return reading


def _show(head: Head, key: str) -> Command | None:
    words = head.few(2)
    if words is None:
        return None
    named = next((found for word in words if (found := key_of(word))), key)
    views = [word.casefold() for word in words if not key_of(word)]
    if len(views) > 1:
        return None
    view = views[0] if views else ""
    if view and view not in VIEWS:
        return _show_close(view, named)
    return Show(named, view)


def _viewed(view: str) -> Reading:
    """A view's name alone is read as if `show` stood before it."""
    return _only_key(lambda key: Show(key, view))


def _show_close(view: str, key: str) -> Command:
    close = difflib.get_close_matches(view[:_LONGEST_TYPO], VIEWS, n=1, cutoff=0.6)
    if close:
        return Near(f"show {view}"[:200], f"show {close[0]} {key}".strip())
    raise NotUnderstood(f"There is no such view. There are {', '.join(VIEWS)}.")


def _resolve(head: Head, key: str) -> Command:
    named = head.take_key() or key
    return Resolve(named, as_typed(head.rest()))


def _help(head: Head, _key: str) -> Command | None:
    words = head.few(1)
    if words is None or (words and words[0].casefold() not in VERBS):
        return None
    return Help(words[0].casefold() if words else "")


def _setup(head: Head, _key: str) -> Command | None:
    return None if head.rest() else Setup()


def _list(head: Head, _key: str) -> Command | None:
    words = head.few(1)
    known = words is not None and (not words or words[0].casefold() in ("open", "all", "incidents"))
    return ListIncidents() if known else None


def _open(head: Head, key: str) -> Command | None:
    """`open`, `open up`, `open to everybody`: anything longer is the title of something open."""
    named = head.take_key() or key
    words = head.few(2)
    known = words is not None and " ".join(words).casefold() in ("", "up", "to everybody")
    return OpenUp(named) if known else None


def _here(head: Head, key: str) -> Command | None:
    """The card says “/incident here shows what is due now”, and some people type just that."""
    if head.rest():
        return None
    return Show(key) if key else DueNow()


def _oncall(head: Head, _key: str) -> Command:
    return OnCall(head.rest())


_READINGS: Mapping[str, Reading] = {
    "declare": _declare,
    "new": _declare,
    "ack": acknowledge,
    "acknowledge": acknowledge,
    "escalate": escalate,
    "stop": stop,
    "take": take,
    "i": i_am,
    "i'm": i_am,
    "i’m": i_am,
    "here": _here,
    "back": _only_key(Back),
    "page": page,
    "assign": assign,
    "hand": hand_over,
    "handover": hand_over,
    "sev": change_severity,
    "severity": change_severity,
    "update": update,
    "note": note,
    "show": _show,
    **{view: _viewed(view) for view in VIEWS},
    "list": _list,
    "resolve": _resolve,
    "setup": _setup,
    "help": _help,
    "?": _help,
    "status": change_status,
    "contain": contain,
    "contained": contain,
    "dismiss": dismiss,
    "duplicate": duplicate,
    "merge": duplicate,
    "reopen": reopen,
    "close": _only_key(Close),
    "open": _open,
    "restrict": _only_key(Restrict),
    "oncall": _oncall,
    "on-call": _oncall,
}
