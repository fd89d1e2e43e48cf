"""What a handoff does to one incident when it is accepted or held: command and open steps move. Pure."""

from datetime import datetime

from msgspec.structs import replace

from incidents import command, recording
from incidents.decision import Decision, show_change, tell
from incidents.effects import Effect, Tell
from incidents.handoff import Handoff
from incidents.model import Entry, EntryKind, Incident, Role, UserId
from incidents.people import Actor
from incidents.recording import StepWish
from runbooks.stepping import pending_steps, state_of


def is_moved(incident: Incident, handoff: Handoff, to: Actor) -> bool:
    """Whether acceptance by this person gives them this incident. A restricted one never goes to somebody
    from outside: it stays where it is."""
    if incident.manager not in handoff.handing_over or to.user == incident.manager:
        return False
    return not (incident.restricted and to.is_outside)


def moved(incident: Incident, handoff: Handoff, to: Actor, now: datetime, words: str = "") -> Decision:
    """Command goes over, with the open steps that were given to whoever leaves. `words` are the receiver's.
    Where a lead holds it because nobody accepted, the record says that it was not handed over."""
    frm, is_held = incident.manager, to.user == handoff.held_by
    given = command.hold(incident, Role.MANAGER, to.user, now)
    given = replace(given, handoffs=given.handoffs + 1)
    decision = command.join(given, (to.user,), f"handoff.{handoff.id}.{to.user}")
    data = {"from": frm, "to": to.user, "handoff": handoff.id} | ({"held": "yes"} if is_held else {})
    entry = Entry(EntryKind.HANDOFF, now, to.user, words, data)
    told = _told(incident, handoff, to) if is_held else ()
    shown = show_change(decision.incident, topic=True)
    decision = decision.then(Decision(decision.incident, (entry,), (*shown, *told)))
    for step_id in _steps_of(incident, frm):
        wish = StepWish(step_id, "assign", to=to.user)
        decision = decision.then(recording.step(decision.incident, wish, to, now))
    return decision


def _told(incident: Incident, handoff: Handoff, to: Actor) -> tuple[Effect, ...]:
    """Whoever holds it has pressed nothing: a message of its own says so."""
    return tell(Tell.ROLE, incident.key, (to.user,), handoff.id, role=Role.MANAGER.value)


def _steps_of(incident: Incident, user: UserId) -> tuple[str, ...]:
    run = incident.run
    steps = pending_steps(run) if run else ()
    return tuple(step.id for step in steps if run and state_of(run, step.id).assignee == user)
