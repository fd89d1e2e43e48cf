"""Direct messages that are no page, each rendered for its one reader."""

from collections.abc import Callable, Mapping

from handlers.blocks import tells
from handlers.blocks.nudges import nobody_behind
from handlers.calls import Message, Rendered, Skip
from handlers.outbound import following, handoffs, moved_shifts, nudges, proofs, rota_asks, storms
from handlers.outbound.desk import Desk, posted, unknown
from incidents.decision import stamp
from incidents.effects import Tell
from incidents.model import Call, EntryKind, Incident, PageState, Role
from incidents.people import Actor
from rotations.newer import known

_TO_TELEPHONE = (PageState.WAITING, PageState.PASSED, PageState.UNREACHABLE)
_PLAIN_REASONS = ("", "as declared")


def send(desk: Desk) -> Rendered:
    about = known(Tell, desk.effect.args.get("about", ""))
    if not desk.user:
        return Skip("there is nobody to tell")
    if about in _ABOUT_NO_INCIDENT:
        return _ABOUT_NO_INCIDENT[about](desk)
    if about is Tell.FAILED:
        args = desk.effect.args
        words = tells.failed(desk.effect.subject, args.get("what", "do it"), args.get("error", ""))
        return posted(desk.user, words)
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    words_or_skip = _ABOUT[about](desk, incident)
    return words_or_skip if isinstance(words_or_skip, Skip) else posted(desk.user, words_or_skip)


def _opened(desk: Desk, incident: Incident) -> Message | Skip:
    return tells.opened(incident, desk.reader(desk.user), _notes(desk, incident))


def _notes(desk: Desk, incident: Incident) -> tuple[str, ...]:
    """What was made of the declarer's wish: the severity's reason, a title that was cut."""
    entries = desk.unit.timeline.of(incident.key)
    declared = next((each for each in entries if each.kind is EntryKind.DECLARED), None)
    why = declared.data.get("why", "") if declared else ""
    notes = [] if why in _PLAIN_REASONS else [f"{incident.severity.label} because {_lowered(why)}"]
    if incident.title.endswith("…") and any(each.kind is EntryKind.NOTE for each in entries):
        notes.append("The title was shortened to 150 characters; all you typed is the first note")
    return tuple(notes)


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _nobody_paged(desk: Desk, incident: Incident) -> Message | Skip:
    return tells.nobody_paged(incident, desk.reader(desk.user))


def _nobody_on_call(desk: Desk, incident: Incident) -> Message | Skip:
    if _is_settled(desk, incident):
        return Skip("somebody has it already")
    entries = desk.unit.timeline.of(incident.key)
    seats = [each.data.get("seat", "") for each in entries if each.kind is EntryKind.NOBODY]
    return tells.nobody_on_call(incident, tuple(dict.fromkeys(filter(None, seats))), desk.reader(desk.user))


def _exhausted(desk: Desk, incident: Incident) -> Message | Skip:
    call = incident.call(int(desk.effect.args.get("call", "1")))
    if call is None or _is_settled(desk, incident):
        return Skip("somebody has it already")
    silent = _silent(incident, call)
    people = desk.unit.people.actors(silent)
    known = tuple(people.get(user) or Actor(user, user) for user in silent)
    reader, numbers = desk.reader(desk.user), "numbers" in desk.effect.args
    if call.silence is not None:
        return nobody_behind(incident, call, call.silence, known, reader, numbers)
    return tells.exhausted(incident, call, known, reader, numbers)


def _silent(incident: Incident, call: Call) -> tuple[str, ...]:
    """Whom a lead can telephone: an incident manager who is silent first, then who was paged."""
    first = [call.silence.user] if call.silence else []
    paged = [page.user for page in incident.pages if page.call == call.number and page.state in _TO_TELEPHONE]
    return tuple(dict.fromkeys((*first, *paged)))


def _is_settled(desk: Desk, incident: Incident) -> bool:
    """It is over, or somebody has answered the call that this is about."""
    call = incident.call(int(desk.effect.args.get("call", "1")))
    if call is None or call.role is Role.MANAGER:
        return bool(incident.manager) or not incident.status.is_open
    return bool(call.answered_by) or not call.is_open


def _no_private_channel(desk: Desk, incident: Incident) -> Message | Skip:
    if incident.channel is not None:
        return Skip("it has a channel now")
    return tells.no_private_channel(incident, desk.reader(desk.user))


def _duplicate(desk: Desk, incident: Incident) -> Message | Skip:
    other = desk.unit.incidents.get(desk.effect.args.get("of", ""))
    if other is None or not other.status.is_open or not incident.status.is_open:
        return Skip("one of the two is over")
    return tells.duplicate(incident, other, desk.reader(desk.user))


def _update_due(desk: Desk, incident: Incident) -> Message | Skip:
    if incident.next_update_at is None or not incident.status.is_open:
        return Skip("no update is owed any more")
    if desk.effect.args.get("due", stamp(incident.next_update_at)) != stamp(incident.next_update_at):
        return Skip("an update has come since")
    return tells.update_due(incident, incident.next_update_at, desk.reader(desk.user))


def _handoff(desk: Desk, incident: Incident) -> Message | Skip:
    handoff = desk.unit.handoffs.get(desk.effect.args.get("handoff", ""))
    if handoff is None or not incident.status.is_open:
        return Skip("there is nothing to hand over any more")
    return tells.handoff(incident, handoff, desk.reader(desk.user))


def _role(desk: Desk, incident: Incident) -> Message | Skip:
    given = known(Role, desk.effect.args.get("role", Role.MANAGER.value))
    if desk.user not in incident.in_role(given):
        return Skip("they hold the role no longer")
    return tells.role(incident, given, desk.effect.args.get("by", ""), desk.reader(desk.user))


_ABOUT: Mapping[Tell, Callable[[Desk, Incident], Message | Skip]] = {
    Tell.OPENED: _opened,
    Tell.NOBODY_PAGED: _nobody_paged,
    Tell.NOBODY_ON_CALL: _nobody_on_call,
    Tell.EXHAUSTED: _exhausted,
    Tell.NO_PRIVATE_CHANNEL: _no_private_channel,
    Tell.DUPLICATE: _duplicate,
    Tell.UPDATE_DUE: _update_due,
    Tell.ROLE: _role,
    Tell.HANDOFF: _handoff,
    **nudges.ABOUT,
}


def _override(desk: Desk) -> Rendered:
    organisation = desk.unit.schedules.organisation()
    wanted = desk.effect.args.get("override", "")
    found = (
        next((each for each in organisation.overrides if each.id == wanted), None) if organisation else None
    )
    if organisation is None or found is None:
        return Skip("there is no such override any more")
    return posted(desk.user, tells.override(found, organisation.names(), desk.reader(desk.user)))


_ABOUT_NO_INCIDENT: Mapping[Tell, Callable[[Desk], Rendered]] = {
    Tell.OVERRIDE: _override,
    Tell.STORM: storms.listed,
    Tell.COVER_TAKEN: rota_asks.cover_taken,
    Tell.COVER_LAPSED: rota_asks.cover_lapsed,
    Tell.SWAP_ANSWERED: rota_asks.swap_answered,
    Tell.ABSENCE: rota_asks.absence_told,
    Tell.HANDOFF_QUESTION: handoffs.tell_of_question,
    Tell.HANDOFF_ANSWER: handoffs.tell_of_question,
    Tell.SHIFTS_MOVED: moved_shifts.send,
    Tell.SETUP_DONE: proofs.setup_done,
    Tell.SETUP_SILENT: proofs.setup_silent,
    **following.ABOUT,
}
