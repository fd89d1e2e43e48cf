"""What the rest of the house sees of an open incident: the line in the announcement channel, and updates.

A restricted incident is never announced; one that becomes restricted has its line withdrawn."""

from handlers.blocks import kit
from handlers.blocks.facts import badge, lasted_words, status_words, title
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import channel_link, literal, paragraph
from incidents.model import Channel, Incident, Status, Update

UPDATE_MAX = 2800


def announcement(incident: Incident, reader: Reader) -> Message:
    """One line: `🟠 SEV1 INC-142 Account-takeover wave in EU · Active · Ana Lima · #inc-142-fraud`."""
    return _one_line(
        _open_line(incident, reader) if incident.status.is_open else _ended_line(incident, reader)
    )


def withdrawn(incident: Incident) -> Message:
    """What the line, and a card in public, says once its incident has become restricted: the key alone."""
    return _one_line(f"{incident.key} is restricted now.")


def goes_on(incident: Incident, channel: Channel) -> Message:
    """To whoever reads the thread that it opened in: where it is now."""
    line = f"{incident.key} goes on in {channel_link(channel.id)}. Card and updates are there: write there."
    return _one_line(line)


def _one_line(line: str) -> Message:
    return kit.message(line, [kit.section(line)])


def _open_line(incident: Incident, reader: Reader) -> str:
    manager = reader.name(incident.manager) if incident.manager else "nobody yet"
    parts = [f"{badge(incident.severity)} {incident.key} {title(incident)}", status_words(incident), manager]
    if incident.channel:
        parts.append(channel_link(incident.channel.id))
    elif incident.thread:
        parts.append("in this thread until its channel is made")
    return " · ".join(parts)


def _ended_line(incident: Incident, reader: Reader) -> str:
    """`INC-142 Resolved · 6 h 12 min · Ana Lima`; dismissed says why, a duplicate of what it is one."""
    parts = [f"{incident.key} {status_words(incident)}", lasted_words(incident)]
    if incident.status is Status.DISMISSED:
        parts.append(literal(incident.ended_why, 200))
    if incident.manager:
        parts.append(reader.name(incident.manager))
    return " · ".join(part for part in parts if part)


def update_post(incident: Incident, update: Update, reader: Reader) -> Message:
    """The latest update, in the incident's channel."""
    head = f"*Update*  {badge(incident.severity)} · {incident.key} · {status_words(incident)}"
    words = paragraph(update.text, UPDATE_MAX)
    foot = f"{reader.name(update.by)} {reader.shared(update.at)}"
    if incident.next_update_at:
        foot += f" · next update {reader.shared(incident.next_update_at)}"
    text = incident.key if incident.restricted else f"{incident.key} update: {literal(update.text, 300)}"
    return kit.message(text, [kit.section(f"{head}\n{words}"), kit.context(foot)])
