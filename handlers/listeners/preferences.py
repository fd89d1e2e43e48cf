"""`/oncall notices`: which notices of their shifts a person gets, and when none; and the buttons on them."""

from datetime import time

from handlers.blocks import ids
from handlers.blocks.notice_choices import choices_form, choices_kept
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.words_pieces import Head
from incidents.operations import preferences
from incidents.operations.preferences import NeverQuiet
from rotations.notices import NoticeKind, Preferences, Quiet

VERB = "notices"


def is_meant(line: str) -> bool:
    return Head(line).take_one_of(VERB)


def answer(edge: Edge, asked: Asked) -> Opens:
    """The form, with what holds now."""
    chosen, zone = preferences.chosen(edge.house, asked.user)
    said = "Which notices of your shifts do you want, and when none?"
    return Opens(choices_form(chosen, zone), said, "My notices", ids.NOTICES_OPEN)


def _pressed_open(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked)


def _pressed_off(edge: Edge, press: Press) -> Reply:
    """One tap, and the way back in the answer."""
    kept = preferences.switch_off(edge.house, press.asked.ask(), NoticeKind(press.value))
    return choices_kept(kept, preferences.chosen(edge.house, press.asked.user)[1])


def _sent(edge: Edge, sent: Submission) -> Submitted:
    wanted = sent.values.get(ids.NOTICE_KINDS, "").split()
    off = frozenset(kind for kind in NoticeKind if kind.value not in wanted)
    preferences.choose(edge.house, sent.asked.ask(), Preferences(off, _quiet(sent)))
    return None


def _quiet(sent: Submission) -> Quiet | None:
    starts, ends = sent.values.get(ids.QUIET_FROM, ""), sent.values.get(ids.QUIET_UNTIL, "")
    if bool(starts) != bool(ends):
        raise NeverQuiet
    return Quiet(time.fromisoformat(starts), time.fromisoformat(ends)) if starts else None


PRESSES: dict[str, OnPress] = {ids.NOTICES_OPEN: _pressed_open, ids.NOTICES_OFF: _pressed_off}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_NOTICES: _sent}
