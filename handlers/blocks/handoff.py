"""The handoff post of the team channel: offered, waiting, accepted, held, gone by.

Restricted incidents are in none of these, not even in a count: callers pass open ones only."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.blocks.handoff_lines import SHOWN
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import count, literal, sentence, span
from incidents.handoff import IN_FORCE, UNACCEPTED, Due, Handoff, HandoffState, Hole, Level, Part
from incidents.handoff_lines import Brief
from incidents.model import Incident

SHOWN_IN_POST = 3
HOLES_SHOWN = 3
DECISIONS_AHEAD = timedelta(hours=24)
_LATE_FROM = timedelta(minutes=1)


def handoff_post(handoff: Handoff, briefs: Sequence[Brief], reader: Reader) -> Message:
    """Who leaves, who takes over and why, what is open, how long it may wait; then what became of it."""
    briefs = [each for each in briefs if not each.incident.restricted]
    live = [each for each in briefs if each.incident.status.is_open]
    is_offered = handoff.state in UNACCEPTED
    facts = kit.lines(
        f"*🤝 {regions(handoff)} at {reader.shared(handoff.at)}*{_late(handoff)}",
        _people(handoff, reader),
        sentence(literal(handoff.why, 300)) if handoff.why else "",
        _open(live, reader),
        _shift(handoff) if is_offered else "",
        _holes(handoff, reader) if is_offered else "",
        *_course(handoff, reader),
        _responsible(handoff, [each.incident for each in briefs], reader),
    )
    verb = "take over" if is_offered else "shift change"
    text = f"{regions(handoff)} · {verb} at {reader.utc(handoff.at)}"
    if handoff.state not in IN_FORCE:
        return kit.message(text, [facts])
    return kit.message(text, [facts, kit.actions(*buttons(handoff, reader), block_id="handoff.actions")])


def buttons(handoff: Handoff, reader: Reader) -> tuple[Json, ...]:
    """`[I have it] [Ask Ana] [I can't]`."""
    accept = kit.primary(kit.button("I have it", ids.HANDOFF_ACCEPT, handoff.id))
    cannot = kit.button("I can't", ids.HANDOFF_REFUSE, handoff.id)
    if not handoff.outgoing:
        return (accept, cannot)
    whom = reader.names(handoff.outgoing[0]).partition(" ")[0] if len(handoff.outgoing) == 1 else "them"
    return (accept, kit.button(f"Ask {whom}", ids.HANDOFF_ASK, handoff.id), cannot)


def regions(handoff: Handoff) -> str:
    """`AMER → APAC`."""
    return f"{literal(handoff.from_region, 40)} → {literal(handoff.to_region, 40)}"


def _late(handoff: Handoff) -> str:
    late = handoff.posted_at - handoff.at
    return f" · {span(late)} late" if late >= _LATE_FROM else ""


def _from_to(handoff: Handoff, reader: Reader) -> str:
    """Nobody is mentioned: whoever takes over gets a letter, and that is the one ping of a shift change."""
    outgoing, incoming = reader.people(handoff.outgoing), reader.people(handoff.incoming)
    return f"From {outgoing or 'nobody'} to {incoming or 'nobody'}."


def _people(handoff: Handoff, reader: Reader) -> str:
    backups = reader.people(handoff.backup_out), reader.people(handoff.backup_in)
    if not any(backups):
        return _from_to(handoff, reader)
    return f"{_from_to(handoff, reader)} Backup {backups[0] or 'nobody'} → {backups[1] or 'nobody'}."


def _open(briefs: Sequence[Brief], reader: Reader) -> str:
    if not briefs:
        return "Open: none."
    shown = [_in_short(each, reader) for each in briefs[:SHOWN_IN_POST]]
    left = len(briefs) - SHOWN_IN_POST
    more = f" · and {left} more in the thread" if left > 0 else ""
    return f"Open: {len(briefs)}. {' · '.join(shown)}{more}.{_decisions(briefs, reader)}"


def _in_short(brief: Brief, reader: Reader) -> str:
    incident = brief.incident
    return f"{incident.key} {incident.severity.label} {brief.trend}{_update(incident, reader)}"


def _update(incident: Incident, reader: Reader) -> str:
    due = incident.next_update_at
    if due is None:
        return ""
    is_late = reader.now - due >= _LATE_FROM
    return f", *update was due {reader.utc(due)}*" if is_late else f", update due {reader.utc(due)}"


def _decisions(briefs: Sequence[Brief], reader: Reader) -> str:
    """`Next 24 h: a decision by 03:00 UTC (INC-142)`."""
    due = sorted(
        (line.due, each.incident.key)
        for each in briefs
        for line in each.of(Part.DECIDE)
        if line.due and reader.now <= line.due <= reader.now + DECISIONS_AHEAD
    )
    said = " · ".join(f"a decision by {reader.utc(at)} ({key})" for at, key in due[:SHOWN_IN_POST])
    return f" Next 24 h: {said}." if said else ""


def _shift(handoff: Handoff) -> str:
    """The shift in numbers; one without anything says that it was quiet."""
    told = handoff.summary
    if told is None:
        return ""
    counted = (
        (told.declared, count(told.declared, "incident") + " declared"),
        (told.ended, f"{told.ended} ended"),
        (told.unanswered, count(told.unanswered, "page") + " not answered in time"),
        (told.late, count(told.late, "update") + " overdue now"),
    )
    said = ", ".join(words for number, words in counted if number)
    return f"This shift: {said}." if said else "A quiet shift."


def _holes(handoff: Handoff, reader: Reader) -> str:
    """Who is missing in the next 24 hours."""
    holes = handoff.summary.holes if handoff.summary else ()
    if not holes:
        return ""
    said = " · ".join(_hole(each, reader) for each in holes[:HOLES_SHOWN])
    more = f" · and {len(holes) - HOLES_SHOWN} more: /oncall holes" if len(holes) > HOLES_SHOWN else ""
    return f"*Nobody in the next 24 h:* {said}{more}."


def _hole(hole: Hole, reader: Reader) -> str:
    what = " ".join(filter(None, (literal(hole.region, 40), hole.seat))) or "anywhere"
    return f"{what} {reader.shared(hole.start)} to {reader.shared(hole.end)}"


def _course(handoff: Handoff, reader: Reader) -> tuple[str, ...]:
    """What happened while it waited. Why somebody cannot take it is nobody's business here."""
    if handoff.state not in IN_FORCE:
        return ()
    cannot = reader.people(tuple(dict.fromkeys(each.by for each in handoff.refusals)))
    waiting = [each for each in handoff.questions if not each.answer]
    return (
        f"{cannot} cannot take it over." if cannot else "",
        f"{reader.name(waiting[-1].by)} has asked {reader.people(handoff.outgoing)} something."
        if waiting
        else "",
        *(_reached(each, reader) for each in handoff.reached if each.level is not Level.HOLD),
    )


def _reached(due: Due, reader: Reader) -> str:
    return f"{due.level.value.capitalize()} was paged {reader.shared(due.at)}."


def _responsible(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> str:
    match handoff.state:
        case HandoffState.ACCEPTED:
            return f"{_not_in_time(handoff, reader)}{_accepted(handoff, incidents, reader)}"
        case HandoffState.HELD:
            return f"{_not_in_time(handoff, reader)}{_holds(handoff, incidents, reader)}"
        case HandoffState.LAPSED:
            return (
                f"{_not_in_time(handoff, reader)}Nobody accepted it before the next shift change. "
                "The next handoff takes its place."
            )
        case HandoffState.DRAFTED | HandoffState.WITHDRAWN:
            return "This shift change does not happen any more."
        case _:
            return _stays(handoff, reader)


def _stays(handoff: Handoff, reader: Reader) -> str:
    stays = reader.people(handoff.outgoing)
    if not handoff.incoming:
        region = literal(handoff.to_region, 40)
        said = f"Nobody is scheduled for {region} primary. {stays or 'Nobody'} stays responsible."
    elif not stays:
        said = f"Nobody hands over: {reader.people(handoff.incoming)} starts from what is open."
    else:
        verb = "stays" if len(handoff.outgoing) == 1 else "stay"
        said = (
            f"{stays} {verb} responsible until {reader.people(handoff.incoming)} accepts; "
            "until then a new page rings both."
        )
    return f"{said}{planned(handoff, reader)}"


def planned(handoff: Handoff, reader: Reader, is_shared: bool = True) -> str:
    """` Backup is paged at {20:10}, lead at {20:20}; at {20:30} Dana Ortiz holds it.`"""
    if not handoff.plan:
        return ""
    asks, first = [], True
    for due in handoff.plan[:-1]:
        verb = " is paged" if first else ""
        asks.append(f"{due.level.value}{verb} at {_at(due, reader, is_shared)}")
        first = False
    holder = next((user for user in handoff.leads if user not in handoff.refusers), "")
    who = reader.name(holder) if holder else "a lead"
    last = f"at {_at(handoff.plan[-1], reader, is_shared)} {who} holds it"
    said = "; ".join([", ".join(asks), last] if asks else [last])
    return f" {said[0].upper()}{said[1:]}."


def _at(due: Due, reader: Reader, is_shared: bool) -> str:
    return reader.shared_short(due.at) if is_shared else reader.own(due.at)


def _not_in_time(handoff: Handoff, reader: Reader) -> str:
    if handoff.held_at is None:
        return ""
    return f"*Not handed over:* nobody accepted in time, and {reader.name(handoff.held_by)} held it from " + (
        f"{reader.shared(handoff.held_at)}. "
    )


def _holds(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> str:
    return f"{_manages(handoff.held_by, incidents, reader)} It can still be taken over."


def _accepted(handoff: Handoff, incidents: Sequence[Incident], reader: Reader) -> str:
    """`Accepted by Kenji Mori {20:04}. Kenji is incident manager of INC-142 and INC-139.`"""
    by = handoff.accepted_by
    at = f" {reader.shared(handoff.accepted_at)}" if handoff.accepted_at else ""
    managed = _manages(by, incidents, reader)
    return f"*Accepted by {reader.name(by)}*{at}.{f' {managed}' if managed else ''}"


def _manages(user: str, incidents: Sequence[Incident], reader: Reader) -> str:
    keys = [each.key for each in incidents if each.manager == user][:SHOWN]
    return f"{reader.first_name(user)} is incident manager of {_listed(keys)}." if keys else ""


def _listed(keys: Sequence[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{', '.join(keys[:-1])} and {keys[-1]}"
