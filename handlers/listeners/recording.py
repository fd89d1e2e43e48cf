"""Updates, notes, the steps of the runbook: typed, pressed, and by form."""

from handlers.blocks import ids
from handlers.blocks.forms import note_form, step_assign_form, step_skip_form, update_form
from handlers.commands import NotUnderstood, WriteNote, WriteUpdate
from handlers.listeners import showing
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
from handlers.listeners.lookup import key_meant, meant
from handlers.listeners.replies import reader_of, said_of
from handlers.text import zone_of
from handlers.words_pieces import Head, instant_of, read_time
from incidents.model import Incident
from incidents.operations import reading, recording
from incidents.recording import SAME_AS_LAST, StepWish
from runbooks.model import Step
from runbooks.refusals import UnknownStep


def update(edge: Edge, asked: Asked, wish: WriteUpdate) -> Reply:
    if not wish.text:
        return _update_form(edge, asked, wish.key)
    incident = recording.update(edge.house, asked.ask(), key_meant(edge, asked, wish.key), wish.text)
    return said_of(incident, f"{incident.key}: everybody is told. Card and announcement follow.")


def note(edge: Edge, asked: Asked, wish: WriteNote) -> Reply:
    """At its own time where one was typed: today's, or yesterday's if that lies ahead."""
    if not wish.text:
        return _note_form(edge, asked, wish.key)
    seen = meant(edge, asked, wish.key)
    at = instant_of(wish.at, zone_of(seen.actor.zone).key, seen.now) if wish.at else None
    incident = recording.note(edge.house, asked.ask(), seen.incident.key, wish.text, at)
    when = f" at {reader_of(edge, seen).own(at)}" if at else ""
    return said_of(incident, f"{incident.key}: noted on the timeline{when}.")


def _update_form(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    return Opens(
        update_form(incident), f"Where does {incident.key} stand?", "Write it", ids.WRITE_UPDATE, incident.key
    )


def _note_form(edge: Edge, asked: Asked, key: str) -> Opens:
    incident = meant(edge, asked, key).incident
    return Opens(note_form(incident), "What happened, and when?", "Write it down", ids.NOTE, incident.key)


def _pressed_update(edge: Edge, press: Press) -> Reply:
    return _update_form(edge, press.asked, press.key)


def _pressed_note(edge: Edge, press: Press) -> Reply:
    return _note_form(edge, press.asked, press.key)


def _pressed_same(edge: Edge, press: Press) -> Reply:
    incident = recording.update(edge.house, press.asked.ask(), press.key, SAME_AS_LAST)
    return said_of(incident, f"{incident.key}: recorded as “{SAME_AS_LAST}”.")


def _pressed_snooze(edge: Edge, press: Press) -> Reply:
    incident = recording.snooze(edge.house, press.asked.ask(), press.key)
    return said_of(incident, f"{incident.key}: you are reminded again in 10 min.")


def _pressed_done(edge: Edge, press: Press) -> Reply:
    return _settled(edge, press, StepWish(press.part(1), "done"))


def _pressed_choice(edge: Edge, press: Press) -> Reply:
    return _settled(edge, press, StepWish(press.part(1), "done", choice=press.part(2)))


def _settled(edge: Edge, press: Press, wish: StepWish) -> Reply:
    """The card shows it; a private answer, which nobody edits, is answered with what is due next."""
    recording.step(edge.house, press.asked.ask(), press.key, wish)
    return showing.due_in(edge, press.asked, press.key) if press.is_private else None


def _pressed_skip(edge: Edge, press: Press) -> Reply:
    incident, step = _step(edge, press)
    return Opens(
        step_skip_form(incident, step), "Why is it skipped?", "Skip step", ids.STEP_SKIP, press.value
    )


def _pressed_assign(edge: Edge, press: Press) -> Reply:
    incident, step = _step(edge, press)
    return Opens(step_assign_form(incident, step), "Who does it?", "Give step", ids.STEP_ASSIGN, press.value)


def _step(edge: Edge, press: Press) -> tuple[Incident, Step]:
    incident = reading.show(edge.house, press.asked.user, press.key).incident
    steps = incident.run.runbook.steps if incident.run else ()
    found = next((step for step in steps if step.id == press.part(1)), None)
    if found is None:
        raise UnknownStep(press.part(1))
    return incident, found


def _sent_update(edge: Edge, sent: Submission) -> Submitted:
    recording.update(edge.house, sent.asked.ask(), sent.key, sent.values.get(ids.TEXT, ""))
    return None


def _sent_note(edge: Edge, sent: Submission) -> Submitted:
    text, time = sent.values.get(ids.TEXT, ""), sent.values.get(ids.AT, "")
    at = read_time(Head(time)) if time.strip() else None
    if time.strip() and at is None:
        raise NotUnderstood("That is no time of day. Write it like 14:05, or 14:05 UTC.")
    note(edge, sent.asked, WriteNote(sent.key, text, at))
    return None


def _sent_skip(edge: Edge, sent: Submission) -> Submitted:
    wish = StepWish(sent.parts[1], "skip", reason=sent.values.get(ids.WHY, ""))
    recording.step(edge.house, sent.asked.ask(), sent.key, wish)
    return None


def _sent_assign(edge: Edge, sent: Submission) -> Submitted:
    wish = StepWish(sent.parts[1], "assign", to=sent.values.get(ids.PERSON, ""))
    recording.step(edge.house, sent.asked.ask(), sent.key, wish)
    return None


PRESSES: dict[str, OnPress] = {
    ids.WRITE_UPDATE: _pressed_update,
    ids.NOTE: _pressed_note,
    ids.SAME_AS_LAST: _pressed_same,
    ids.SNOOZE_UPDATE: _pressed_snooze,
    ids.STEP_DONE: _pressed_done,
    ids.STEP_CHOOSE: _pressed_choice,
    ids.STEP_SKIP: _pressed_skip,
    ids.SKIP_STEP: _pressed_skip,
    ids.STEP_ASSIGN: _pressed_assign,
    ids.ASSIGN_STEP: _pressed_assign,
}
SUBMISSIONS: dict[str, OnSubmission] = {
    ids.VIEW_UPDATE: _sent_update,
    ids.VIEW_NOTE: _sent_note,
    ids.VIEW_STEP_SKIP: _sent_skip,
    ids.VIEW_STEP_ASSIGN: _sent_assign,
}
