"""The card: the channel's first message, edited ever after. In a storm it stands in a thread before that."""

from handlers.blocks.announcement import goes_on, withdrawn
from handlers.blocks.card import card
from handlers.calls import Call, Rendered, Skip
from handlers.outbound.channels import NO_CHANNEL, OVERHEARD, is_in_thread, is_overheard
from handlers.outbound.desk import Desk, edited, posted, unknown
from incidents.model import MessageRef


def post(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    if incident.card is not None and not is_in_thread(incident, incident.card):
        return Skip("the card is posted already")
    if is_overheard(incident):
        return OVERHEARD
    return posted(incident.channel.id, card(incident, desk.reader()))


def edit(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.card is None:
        return Skip("the card is not posted yet")
    if is_overheard(incident) or (incident.restricted and is_in_thread(incident, incident.card)):
        return edited(incident.card, withdrawn(incident))
    return edited(incident.card, card(incident, desk.reader()))


def post_in_thread(desk: Desk) -> Rendered:
    """Where its channel was made in the meantime, its card is there."""
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    thread = incident.thread
    if thread is None:
        return Skip("it has no thread")
    if incident.restricted or incident.channel is not None:
        earlier = Call("chat.postMessage", {"channel": thread.channel, "thread_ts": thread.ts})
        return Skip("it is restricted, or has a channel already", earlier)
    return posted(thread.channel, card(incident, desk.reader()), thread.ts)


def move(desk: Desk) -> Rendered:
    """The thread's card becomes the way to the channel; of a restricted incident it says nothing."""
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    old = MessageRef(desk.effect.args["channel"], desk.effect.args["ts"])
    words = withdrawn(incident) if incident.restricted else goes_on(incident, incident.channel)
    return edited(old, words)


def say_moved(desk: Desk) -> Rendered:
    """A message in the thread, so that whoever follows it hears of the channel."""
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.thread is None or incident.channel is None or incident.restricted:
        return Skip("there is no thread to lead on from")
    return posted(incident.thread.channel, goes_on(incident, incident.channel), incident.thread.ts)
