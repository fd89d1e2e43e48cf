"""What open incidents tell everybody: the line in the announcement channel, and updates in their own."""

from handlers.blocks.announcement import announcement, update_post, withdrawn
from handlers.calls import Rendered, Skip
from handlers.outbound.channels import NO_CHANNEL, OVERHEARD, is_in_thread, is_overheard, place_of
from handlers.outbound.desk import ANNOUNCE_CHANNEL, Desk, edited, posted, unknown
from incidents.model import Incident, Update
from incidents.recording import SAME_AS_LAST


def post(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.restricted:
        return Skip("a restricted incident is not announced")
    if incident.announcement is not None:
        return Skip("it is announced already")
    channel = desk.unit.facts.get(ANNOUNCE_CHANNEL)
    if not channel:
        return Skip("the announcement channel is not known: invite Meridian to it")
    return posted(channel, announcement(incident, desk.reader()))


def edit(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    if incident.announcement is None:
        return Skip("it has no announcement")
    if incident.restricted:
        return edited(incident.announcement, withdrawn(incident))
    return edited(incident.announcement, announcement(incident, desk.reader()))


def post_update(desk: Desk) -> Rendered:
    incident = desk.incident()
    place = place_of(incident) if incident is not None else None
    if incident is None or place is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    latest = latest_words(incident)
    if latest is None:
        return Skip("there is no update to post")
    if is_overheard(incident):
        return OVERHEARD
    return posted(place.channel, update_post(incident, latest, desk.reader()), place.thread_ts)


def edit_update(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None:
        return unknown(desk.effect)
    latest = latest_words(incident)
    if latest is None or incident.update_post is None:
        return Skip("there is no update message to edit")
    if is_overheard(incident):
        return OVERHEARD
    if incident.restricted and is_in_thread(incident, incident.update_post):
        return edited(incident.update_post, withdrawn(incident))
    return edited(incident.update_post, update_post(incident, latest, desk.reader()))


def latest_words(incident: Incident) -> Update | None:
    """The newest update that says something new."""
    said = (each for each in reversed(incident.updates) if each.text != SAME_AS_LAST)
    return next(said, None)
