"""The handoff post of the team channel, before and after it is accepted, and the thread of its incidents.

Restricted incidents are in none of these, not even in a count: callers pass open ones only."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, status_words, title
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import count, literal, sentence, span
from incidents.handoff import Handoff, HandoffState
from incidents.model import Incident
from runbooks.stepping import number_of, present_step, progress

SHOWN = 12
SHOWN_IN_POST = 3
_LATE_FROM = timedelta(minutes=1)


def handoff_post(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> Message:
    """Who leaves, who takes over and why, what is open; one tap accepts it, and the post then says so."""
    visible = _visible(incidents)
    facts = kit.lines(
        f"*🤝 {_regions(handoff)} at {reader.shared(handoff.at)}*{_late(handoff)}",
        _people(handoff, reader),
        sentence(literal(handoff.why, 300)) if handoff.why else "",
        _open(visible, reader),
        _responsible(handoff, visible, reader),
    )
    verb = "take over" if handoff.state is HandoffState.OFFERED else "shift change"
    text = f"{_regions(handoff)} · {verb} at {reader.utc(handoff.at)}"
    if handoff.state is not HandoffState.OFFERED:
        return kit.message(text, [facts])
    accept = kit.primary(kit.button("I have it", ids.HANDOFF_ACCEPT, handoff.id))
    return kit.message(text, [facts, kit.actions(accept, block_id="handoff.actions")])


def handoff_thread(incidents: Sequence[Incident], reader: Reader) -> Message:
    """One block an incident, the soonest deadline first; a quiet shift is said to be one."""
    visible = _visible(incidents)
    if not visible:
        return kit.message("Quiet shift: nothing is open.", [kit.section("Quiet shift: nothing is open.")])
    blocks = [kit.lines(*_in_full(incident, reader)) for incident in visible[:SHOWN]]
    if len(visible) > SHOWN:
        blocks.append(kit.context(f"and {len(visible) - SHOWN} more: /incident list"))
    return kit.message(f"{count(len(visible), 'open incident')} to take over", blocks)


def _visible(incidents: Sequence[Incident]) -> list[Incident]:
    shown = [each for each in incidents if not each.restricted and each.status.is_open]
    return sorted(shown, key=lambda each: (each.next_update_at is None, each.next_update_at, each.key))


def _regions(handoff: Handoff) -> str:
    return f"{literal(handoff.from_region, 40)} → {literal(handoff.to_region, 40)}"


def _late(handoff: Handoff) -> str:
    late = handoff.posted_at - handoff.at
    return f" · {span(late)} late" if late >= _LATE_FROM else ""


def _from_to(handoff: Handoff, reader: Reader) -> str:
    """Who takes over is mentioned while it is theirs to accept: the one ping of a shift change."""
    outgoing, incoming = reader.people(handoff.outgoing), reader.people(handoff.incoming)
    if handoff.state is HandoffState.OFFERED:
        incoming = " and ".join(f"<@{user}>" for user in handoff.incoming)
    return f"From {outgoing or 'nobody'} to {incoming or 'nobody'}."


def _people(handoff: Handoff, reader: Reader) -> str:
    backups = reader.people(handoff.backup_out), reader.people(handoff.backup_in)
    if not any(backups):
        return _from_to(handoff, reader)
    return f"{_from_to(handoff, reader)} Backup {backups[0] or 'nobody'} → {backups[1] or 'nobody'}."


def _open(incidents: Sequence[Incident], reader: Reader) -> str:
    if not incidents:
        return "Open: none."
    shown = [_in_short(incident, reader) for incident in incidents[:SHOWN_IN_POST]]
    left = len(incidents) - SHOWN_IN_POST
    more = f" · and {left} more in the thread" if left > 0 else ""
    return f"Open: {len(incidents)}. {' · '.join(shown)}{more}."


def _in_short(incident: Incident, reader: Reader) -> str:
    status = status_words(incident).lower()
    return f"{incident.key} {incident.severity.label} {status}{_update(incident, reader)}"


def _update(incident: Incident, reader: Reader) -> str:
    due = incident.next_update_at
    if due is None:
        return ""
    is_late = reader.now - due >= _LATE_FROM
    return f", *update was due {reader.utc(due)}*" if is_late else f", update due {reader.utc(due)}"


def _responsible(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> str:
    if handoff.state is HandoffState.ACCEPTED:
        return _accepted(handoff, incidents, reader)
    if handoff.state is HandoffState.LAPSED:
        return "Nobody accepted it before the next shift change. The next handoff takes its place."
    stays = reader.people(handoff.outgoing)
    if not handoff.incoming:
        region = literal(handoff.to_region, 40)
        return f"Nobody is scheduled for {region} primary. {stays or 'Nobody'} stays responsible."
    if not stays:
        return f"Nobody hands over: {reader.people(handoff.incoming)} starts from what is open."
    verb = "stays" if len(handoff.outgoing) == 1 else "stay"
    return (
        f"{stays} {verb} responsible until {reader.people(handoff.incoming)} accepts; "
        "until then a new page rings both."
    )


def _accepted(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> str:
    """`Accepted by Kenji Mori {20:04}. Kenji is incident manager of INC-142 and INC-139.`"""
    by = handoff.accepted_by
    at = f" {reader.shared(handoff.accepted_at)}" if handoff.accepted_at else ""
    keys = [each.key for each in incidents if each.manager == by][:SHOWN]
    managed = f" {reader.first_name(by)} is incident manager of {_listed(keys)}." if keys else ""
    return f"*Accepted by {reader.name(by)}*{at}.{managed}"


def _listed(keys: Sequence[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"


def _in_full(incident: Incident, reader: Reader) -> tuple[str, ...]:
    head = f"{badge(incident.severity)} · {incident.key} · {status_words(incident)}"
    due = incident.next_update_at
    last = incident.updates[-1].text if incident.updates else ""
    return (
        f"*{head}* · {incident.harm.label.lower()}",
        title(incident),
        f"*Due*  update by {reader.shared(due)}, {reader.name(incident.answering)}" if due else "",
        _next_step(incident),
        f"*Picture*  {literal(last, 400)}" if last else "*Picture*  no update yet",
    )


def _next_step(incident: Incident) -> str:
    run = incident.run
    step = present_step(run) if run else None
    if run is None or step is None:
        return ""
    return f"*Do next*  {number_of(run, step.id)} of {progress(run).total}: {literal(step.text, 200)}"
