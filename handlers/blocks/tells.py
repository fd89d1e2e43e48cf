"""Direct messages that are no page: what happened, what was kept, what to do. Times are the reader's own."""

from datetime import datetime

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, lock_screen, title_outside
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import channel_link, left, literal, sentence, span
from incidents.cadence import every
from incidents.handoff import Handoff
from incidents.model import Call, Incident, PageState, Role
from incidents.people import Actor
from rotations.model import Override

NAMED = 12


def opened(incident: Incident, reader: Reader, notes: tuple[str, ...] = ()) -> Message:
    """To the declarer: where it is, who was paged, who holds it, and what was changed of their wish."""
    where = channel_link(incident.channel.id) if incident.channel else _no_channel_yet(incident)
    lines = [f"*{badge(incident.severity)} · {incident.key}* is declared: {where}", title_outside(incident)]
    lines.append(_paged(incident, reader, "You hold"))
    lines += [sentence(literal(note, 300)) for note in notes]
    buttons = []
    if url := reader.incident_url(incident):
        label = "Open channel" if incident.channel else "Open thread"
        buttons.append(kit.link(label, url, ids.OPEN_CHANNEL))
    if incident.restricted and incident.restricted_why:
        lines.append(f"Opened restricted because {literal(incident.restricted_why, 150)}.")
        buttons.append(open_up_button(incident))
    blocks = [kit.lines(*lines)]
    return kit.message(
        lock_screen(incident, "declared"), [*blocks, kit.actions(*buttons)] if buttons else blocks
    )


def _no_channel_yet(incident: Incident) -> str:
    if incident.thread is None or incident.restricted:
        return "its channel is being made"
    return "many are declared at once, so it is in a thread of the announcement channel until its own is made"


def restrict_button(incident: Incident) -> Json:
    """Closes what was open; says that it leaves traces."""
    return kit.confirmed(
        kit.button("Restrict", ids.RESTRICT, incident.key),
        f"Restrict {incident.key}?",
        "Its announcement is withdrawn and lists no longer show it. What people wrote in its channel stays "
        "there; Meridian writes nothing more to it.",
        "Restrict",
    )


def open_up_button(incident: Incident) -> Json:
    """Closed to open is one tap; it says first what everybody will see."""
    return kit.confirmed(
        kit.button("Open to everybody", ids.OPEN_UP, incident.key),
        f"Open {incident.key} to everybody?",
        "Its title is announced and it appears in lists. The channel stays private. This leaves traces.",
        "Open to everybody",
    )


def _paged(incident: Incident, reader: Reader, held: str) -> str:
    """`held` is who has it in the meantime, with its verb: `You hold`, `Priya Nair holds`."""
    if incident.manager:
        return f"{reader.name(incident.manager)} has it."
    waiting = [page.user for page in incident.pages if page.state is PageState.WAITING]
    if not waiting:
        return f"Nobody was paged. {held} it until somebody acknowledges."
    return f"Paged: {reader.people(tuple(waiting[:NAMED]))}. {held} it until somebody acknowledges."


def nobody_paged(incident: Incident, reader: Reader) -> Message:
    """To the declarer, where no schedule has been set up: plainly, that nobody was paged."""
    where = f" Its channel is {channel_link(incident.channel.id)}." if incident.channel else ""
    return kit.message(
        lock_screen(incident, "nobody was paged"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key}: nobody was paged.*",
                f"No region and lead are set up yet, so there is nobody to page.{where}",
                "You hold it. Bring somebody in yourself; /incident setup sets schedules up in five minutes.",
            ),
            _bring_in(incident, reader),
        ],
    )


def _bring_in(incident: Incident, reader: Reader) -> Json:
    bring = kit.primary(kit.button("Bring someone in", ids.BRING_IN, incident.key))
    url = reader.incident_url(incident)
    return kit.actions(bring, *((kit.link("Open channel", url, ids.OPEN_CHANNEL),) if url else ()))


def nobody_on_call(incident: Incident, seats: tuple[str, ...], reader: Reader) -> Message:
    """To leads: nobody holds the seats that were to be paged."""
    named = ", ".join(literal(seat, 60) for seat in seats[:NAMED]) or "the seats that this severity pages"
    return kit.message(
        lock_screen(incident, "nobody is on call"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key}: nobody is on call.*",
                title_outside(incident),
                f"Nobody is scheduled for {named}. {reader.name(incident.holder)} holds it.",
            ),
            _acknowledge(incident, reader),
        ],
    )


def exhausted(
    incident: Incident, call: Call | None, silent: tuple[Actor, ...], reader: Reader, numbers: bool = True
) -> Message:
    """`Nobody has answered for 15 min. Call Ana +1 …, Bo +1 …`: to leads, or to who asked for one more.

    `silent` are those to telephone; `numbers` are for leads alone.
    """
    pages = (page.paged_at for page in incident.pages if call is None or page.call == call.number)
    since = min(pages, default=incident.declared_at)
    call_them = telephone(silent, numbers)
    if call is not None and call.role is not Role.MANAGER:
        return _not_found(incident, call, f"for {span(reader.now - since)}.{call_them}", reader)
    return kit.message(
        lock_screen(incident, "nobody has answered"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key}*",
                title_outside(incident),
                f"Nobody has answered for {span(reader.now - since)}.{call_them}",
                f"{reader.name(incident.holder)} holds it until somebody acknowledges.",
            ),
            _acknowledge(incident, reader),
        ],
    )


def telephone(silent: tuple[Actor, ...], numbers: bool) -> str:
    """` Call Ana +1 …, Bo +1 ….`, numbers for leads alone; "" where there is nobody to call."""
    known = ", ".join(_number(actor) if numbers else literal(actor.name, 60) for actor in silent[:NAMED])
    return f" {'Call' if numbers else 'A lead can telephone'} {known}." if known else ""


def _not_found(incident: Incident, call: Call, since_and_numbers: str, reader: Reader) -> Message:
    whom = literal(call.note, 60) or call.role.label.lower()
    return kit.message(
        lock_screen(incident, "nobody has answered"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key}*",
                title_outside(incident),
                f"Nobody who was asked to come ({whom}) has answered {since_and_numbers}",
            ),
            _bring_in(incident, reader),
        ],
    )


def _number(actor: Actor) -> str:
    return f"{literal(actor.name, 60)} {literal(actor.phone, 30) or '(no number in the schedules file)'}"


def _acknowledge(incident: Incident, reader: Reader) -> Json:
    button = kit.primary(kit.button("Acknowledge", ids.ACKNOWLEDGE, ids.pack(incident.key, "")))
    url = reader.incident_url(incident)
    return kit.actions(button, *((kit.link("Open channel", url, ids.OPEN_CHANNEL),) if url else ()))


def no_private_channel(incident: Incident, reader: Reader) -> Message:
    """To leads and the declarer: nothing public was made, the page has left."""
    refused = literal(incident.channel_refused, 100) or "no reason given"
    return kit.message(
        lock_screen(incident, "no channel"),
        [
            kit.lines(
                f"*{incident.key} has no channel.* Slack refused to make a private one ({refused}).",
                "Nothing public was made instead. The page has left; work by direct message until an admin "
                "lets Meridian make private channels.",
                _paged(incident, reader, f"{reader.name(incident.declared_by)} holds"),
            )
        ],
    )


def duplicate(incident: Incident, other: Incident, reader: Reader) -> Message:
    """To the declarer, after the page has left: one tap makes it a part of the older one."""
    merge = kit.confirmed(
        kit.button(f"Merge into {other.key}", ids.MERGE, ids.pack(incident.key, other.key)),
        f"Merge into {other.key}?",
        f"{incident.key} ends as a duplicate; who was paged for it is told. {other.key} goes on.",
        "Merge",
    )
    return kit.message(
        lock_screen(incident, f"possible duplicate of {other.key}"),
        [
            kit.lines(
                f"*{incident.key} may be the same as {other.key}.*",
                f"{other.key} has the same title and is open since {reader.own(other.declared_at)}.",
                f"{incident.key} stays open and its page has left, whatever you choose.",
            ),
            kit.actions(kit.primary(merge)),
        ],
    )


def update_due(incident: Incident, due: datetime, reader: Reader) -> Message:
    """`INC-142: update due in 6 min (every 30 min at SEV1).` One tap keeps a quiet cadence honest."""
    step = every(incident.severity)
    cadence = f" (every {span(step)} at {incident.severity.label})" if step else ""
    is_over = due <= reader.now
    when = f"now, since {reader.own(due)}" if is_over else left(due - reader.now)
    buttons = (
        kit.primary(kit.button("Same as last, nothing new", ids.SAME_AS_LAST, incident.key)),
        kit.button("Write it", ids.WRITE_UPDATE, incident.key),
        kit.button("Snooze 10 min", ids.SNOOZE_UPDATE, incident.key),
    )
    return kit.message(
        lock_screen(incident, f"update due by {reader.utc(due)}"),
        [kit.section(f"*{incident.key}:* update due {when}{cadence}."), kit.actions(*buttons)],
    )


def failed(key: str, what: str, error: str) -> Message:
    """To whoever asked: Slack refused for good; what was kept and what to do."""
    return kit.message(
        key,
        [
            kit.lines(
                f"*{literal(key, 40)}:* Slack refused to {literal(what, 200)} ({literal(error, 100)}).",
                "Everything else is kept, and this is on the timeline. Do it by hand, or ask whoever runs "
                "Meridian to run `python -m bot doctor`.",
            )
        ],
    )


def role(incident: Incident, given: Role, by: str, reader: Reader) -> Message:
    """To the person who was given a role."""
    url = reader.incident_url(incident)
    buttons = (kit.actions(kit.link("Open channel", url, ids.OPEN_CHANNEL)),) if url else ()
    return kit.message(
        lock_screen(incident, f"you are {given.label.lower()}"),
        [
            kit.lines(
                f"*{badge(incident.severity)} · {incident.key} · You are {given.label.lower()}*",
                title_outside(incident),
                f"{reader.name(by)} gave you the role." if by else "",
            ),
            *buttons,
        ],
    )


def handoff(incident: Incident, change: Handoff, reader: Reader) -> Message:
    """A restricted incident at a shift change, to the two who hand over and to nobody else."""
    url = reader.incident_url(incident)
    buttons = (kit.actions(kit.link("Open channel", url, ids.OPEN_CHANNEL)),) if url else ()
    outgoing, incoming = reader.people(change.outgoing), reader.people(change.incoming)
    due = incident.next_update_at
    return kit.message(
        lock_screen(incident, "handed over"),
        [
            kit.lines(
                f"*🤝 {badge(incident.severity)} · {incident.key}* is part of the handoff "
                f"at {reader.own(change.at)}.",
                f"From {outgoing or 'nobody'} to {incoming or 'nobody'}; it is in no post.",
                f"Update due by {reader.own(due)}." if due else "",
            ),
            *buttons,
        ],
    )


def override(change: Override, names: dict[str, str], reader: Reader) -> Message:
    """To the people whose shift moved: what, from when to when, by whom, why. `names`: person key → name."""
    who = ", ".join(literal(names.get(key, key), 60) for key in change.people) or "nobody"
    seat = f"{literal(change.region, 40)} {change.seat.value}"
    reason = f" Reason: {sentence(literal(change.reason, 200))}" if change.reason else ""
    by = f" Changed by {literal(names.get(change.by, reader.names(change.by)), 60)}." if change.by else ""
    return kit.message(
        "On-call change",
        [
            kit.lines(
                f"*On call: {seat}, {_OVERRIDE_WORDS[change.kind.value].format(who)}*",
                f"From {reader.own(change.start)} until {reader.own(change.end)}.{by}{reason}",
                "Pages, handoffs and /oncall follow this at once.",
            )
        ],
    )


_OVERRIDE_WORDS = {"replace": "{} instead", "add": "{} as well", "remove": "without {}"}
