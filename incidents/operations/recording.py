"""Putting things on the record: updates, notes, pinned messages, steps of the runbook."""

from datetime import datetime, timedelta

from incidents import recording
from incidents.access import Action, may
from incidents.decision import Decision
from incidents.model import Incident, MessageRef
from incidents.operations.history import keep_words, whose
from incidents.operations.scene import Scene, change, found, put, somebody_fit
from incidents.people import Ask
from incidents.ports import House, Unit
from incidents.recording import Pinned, StepWish


def update(house: House, ask: Ask, key: str, text: str) -> Incident:
    return change(
        house, ask, key, Action.UPDATE, lambda s: recording.update(s.incident, text, s.actor, s.now)
    )


def snooze(house: House, ask: Ask, key: str, minutes: int = 10) -> Incident:
    """Put the reminder of the update off. Raises NothingToDo when the update is due already."""

    def decide(scene: Scene) -> Decision:
        return recording.snooze(scene.incident, timedelta(minutes=minutes), scene.actor, scene.now)

    return change(house, ask, key, Action.UPDATE, decide)


def note(house: House, ask: Ask, key: str, text: str, at: datetime | None = None) -> Incident:
    """A line on the timeline, at its own time where one is given."""

    def decide(scene: Scene) -> Decision:
        return recording.note(scene.incident, text, scene.actor, at or scene.now, scene.now)

    return change(house, ask, key, Action.NOTE, decide)


def keep(house: House, ask: Ask, ref: MessageRef) -> bool:
    """Somebody marked a message for the timeline: have it fetched. False in any other channel."""

    def work(unit: Unit) -> bool:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return True
        incident = whose(unit, ref)
        actor = unit.people.actor(ask.user)
        if incident is None or actor is None or not may(actor, Action.NOTE, incident):
            return False
        unit.outbox.put([recording.keep(incident, ref, actor.user)], now)
        return True

    return house.store.write(work)


def pin(house: House, ask: Ask, pinned: Pinned) -> Incident | None:
    """Put a message of an incident's channel on its timeline, at the message's own time.

    None where the channel is no incident's or the person may not: a reaction needs no answer.
    """

    def work(unit: Unit) -> Incident | None:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return whose(unit, pinned.ref)
        there = whose(unit, pinned.ref)
        actor = unit.people.actor(ask.user)
        if there is None or actor is None or not may(actor, Action.NOTE, there):
            return None
        incident = found(unit, there.key, lock=True)
        put(unit, keep_words(unit, incident, pinned, actor.user), now)
        return incident

    return house.store.write(work)


def step(house: House, ask: Ask, key: str, wish: StepWish) -> Incident:
    """Done, skipped, assigned or reopened. Raises NotAPerson and the runbook engine's refusals."""

    def decide(scene: Scene) -> Decision:
        if wish.act == "assign" and wish.to:
            somebody_fit(scene, wish.to)
        return recording.step(scene.incident, wish, scene.actor, scene.now)

    return change(house, ask, key, Action.STEP, decide)
