"""The incident's channel: made, filled, named for what it is about."""

import re

from msgspec import Struct

from handlers.blocks.facts import channel_name, topic
from handlers.calls import Call, Rendered, Skip
from handlers.outbound.desk import Desk, unknown
from incidents.model import Incident, MessageRef, Status

OPEN_SERIES = "INC-"  # declared open, so its channel is public, though it was restricted since
MOST_INVITED = 100
NO_CHANNEL = Skip("the incident has no channel")
OVERHEARD = Skip("it is restricted, and its channel is public")


class Place(Struct, frozen=True):
    """Where an incident is in Slack: a channel, or a thread in one."""

    channel: str
    thread_ts: str = ""


def place_of(incident: Incident) -> Place | None:
    """Its channel; until there is one, the thread that it opened in, which a restricted one never uses."""
    if incident.channel is not None:
        return Place(incident.channel.id)
    if incident.thread is None or incident.restricted:
        return None
    return Place(incident.thread.channel, incident.thread.ts)


def is_in_thread(incident: Incident, ref: MessageRef) -> bool:
    """Whether this message stands where everybody reads what opened in a thread."""
    return incident.thread is not None and incident.thread.channel == ref.channel


def is_overheard(incident: Incident) -> bool:
    """Restricted since its channel was made public: Slack lets no bot close one, so nothing more goes there.

    One that was made after it is private, which its name tells: the key alone.
    """
    if not incident.restricted or incident.channel is None or not incident.key.startswith(OPEN_SERIES):
        return False
    private = channel_name(incident.key, incident.harm, True)
    return re.fullmatch(rf"{re.escape(private)}(-\d+)?", incident.channel.name) is None


def creation(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.channel is not None:
        return Skip("the channel is there already")
    if incident.thread is not None and incident.status in (Status.DUPLICATE, Status.DISMISSED):
        return Skip("it ended in its thread and needs no channel")
    name = channel_name(incident.key, incident.harm, incident.restricted)
    return Call("conversations.create", {"name": name, "is_private": incident.restricted})


def invitation(desk: Desk) -> Rendered:
    """Everybody in one call; whom Slack refuses is left out by Slack, the others come."""
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    if not desk.effect.users:
        return Skip("nobody to invite")
    users = ",".join(desk.effect.users[:MOST_INVITED])
    return Call("conversations.invite", {"channel": incident.channel.id, "users": users, "force": True})


def topic_words(desk: Desk, incident: Incident) -> str:
    if is_overheard(incident):
        return f"{incident.key} is restricted"
    manager = desk.name_of(incident.manager) if incident.manager else ""
    return topic(incident, manager)


def set_topic(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    return Call(
        "conversations.setTopic", {"channel": incident.channel.id, "topic": topic_words(desk, incident)}
    )


def bookmark(desk: Desk) -> Rendered:
    """The way back to the card, at the top of the channel."""
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    if incident.card is None:
        return Skip("the card is not posted yet")
    return Call(
        "bookmarks.add",
        {
            "channel_id": incident.channel.id,
            "title": f"Incident {incident.key}",
            "type": "link",
            "link": desk.reader().message_url(incident.card),
        },
    )


def pin(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.card is None:
        return Skip("the card is not posted yet")
    return Call("pins.add", {"channel": incident.card.channel, "timestamp": incident.card.ts})


def marked_message(desk: Desk) -> Rendered:
    """Fetch one message that somebody put on the timeline: the mark itself does not hold its words."""
    ref = MessageRef(desk.effect.args["channel"], desk.effect.args["ts"])
    known = desk.unit.history.get(ref)
    return Call("conversations.replies", only(ref, known.thread if known else ""))


def only(ref: MessageRef, thread: str = "") -> dict[str, object]:
    """Arguments that ask for one message. Of a reply, the first message of its thread comes along."""
    window = {"oldest": ref.ts, "latest": ref.ts, "inclusive": True, "limit": 2}
    return {"channel": ref.channel, "ts": thread or ref.ts, **window}
