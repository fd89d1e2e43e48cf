"""The card: posted once as the channel's first message, then edited."""

from handlers.blocks.card import card
from handlers.calls import Rendered, Skip
from handlers.outbound.channels import NO_CHANNEL
from handlers.outbound.desk import Desk, edited, posted, unknown


def post(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    if incident.card is not None:
        return Skip("the card is posted already")
    return posted(incident.channel.id, card(incident, desk.reader()))


def edit(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.card is None:
        return Skip("the card is not posted yet")
    return edited(incident.card, card(incident, desk.reader()))
