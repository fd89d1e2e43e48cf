"""Calendars that are followed by their address: `/oncall follow`, the form, and the buttons of the list."""

import re

from handlers.blocks import following as blocks
from handlers.blocks import ids
from handlers.blocks.reader import Reader
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.words_pieces import Head
from incidents.operations import subscribing
from incidents.operations.ics_importing import CalendarWish
from rotations.model import Seat

VERB, IMPORT = "follow", "import"
_MEANT = re.compile(r"\s*(?:oncall\s+)?(?:follow|import)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*://\S*")


def is_meant(line: str) -> bool:
    """`follow`, with an address or without; and `import` with an address."""
    return Head(line).take_one_of(VERB) or (Head(line).take_one_of(IMPORT) and bool(address_in(line)))


def answer(edge: Edge, asked: Asked, line: str) -> Reply:
    """An address in the line opens the form with it; without one: what is followed.

    Raises NotAllowed, NotKnownYet, NoScheduleYet.
    """
    found = subscribing.following(edge.house, asked.user)
    url = address_in(line)
    if url:
        form = blocks.follow_form(found.organisation, url)
        return Opens(form, "Follow this calendar? Paste its address again.", "Follow a calendar", ids.FOLLOW)
    return blocks.following_list(found, Reader(str, found.now, found.actor.zone))


def address_in(line: str) -> str:
    """The first word that is an address, without Slack's brackets; "" where there is none."""
    words = (word.strip("<>").partition("|")[0] for word in line.split())
    return next((word for word in words if "://" in word), "")


def kept(words: str) -> str:
    """What of the words may be shown again to whoever typed them: an address is a secret."""
    return _ADDRESS.sub("…", words) if _MEANT.match(words) else words


def _pressed_list(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked, "")


def _pressed_follow(edge: Edge, press: Press) -> Reply:
    found = subscribing.following(edge.house, press.asked.user)
    form = blocks.follow_form(found.organisation)
    return Opens(form, "Follow a calendar?", "Follow a calendar", ids.FOLLOW)


def _pressed_read(edge: Edge, press: Press) -> Reply:
    return blocks.read_soon(subscribing.look_again(edge.house, press.asked.ask(), press.value))


def _pressed_stop(edge: Edge, press: Press) -> Reply:
    return blocks.unfollowed(subscribing.unfollow(edge.house, press.asked.ask(), press.value))


def _sent(edge: Edge, sent: Submission) -> Submitted:
    schedule, region = ids.unpack(sent.values[ids.PLACE])
    seat, zone = Seat(sent.values[ids.SEAT]), sent.values.get(blocks.FOLLOW_ZONE)
    wish = CalendarWish(schedule, region, seat, zone)
    made = subscribing.follow(edge.house, sent.asked.ask(), sent.values[ids.FOLLOW_URL], wish)
    return blocks.followed(made)


PRESSES: dict[str, OnPress] = {
    ids.FOLLOWED: _pressed_list,
    ids.FOLLOW: _pressed_follow,
    ids.FOLLOW_READ: _pressed_read,
    ids.FOLLOW_STOP: _pressed_stop,
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_FOLLOW: _sent}
