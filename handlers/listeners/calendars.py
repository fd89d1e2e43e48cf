"""`/oncall calendar`: a person's calendar feeds. The secret link goes to them alone, by direct message.

It never passes the outbox, whose rows are kept: one that is lost is made anew by a press."""

from handlers.blocks import ids
from handlers.blocks.calendars import (
    already_done,
    calendar_alarm,
    calendar_revoked,
    calendars_answer,
    link_sent,
    secret_link,
)
from handlers.calls import Message
from handlers.listeners.edge import Asked, Edge, OnPress, Press, Reply
from handlers.words_pieces import Head
from incidents.feeds import FeedKind, Scope
from incidents.operations import calendars
from incidents.operations.calendars import Made, NoSuchFeed

VERB = "calendar"
WORDS = (VERB, "calendars")


def is_meant(line: str) -> bool:
    return Head(line).take_one_of(*WORDS)


def answer(edge: Edge, asked: Asked) -> Message:
    mine = calendars.mine(edge.house, asked.user)
    return calendars_answer(mine, has_address=bool(edge.calendar_url("")))


def _pressed_list(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked)


def _pressed_make(edge: Edge, press: Press) -> Reply:
    kind, schedule, region = (press.part(at) for at in range(3))
    if kind not in set(FeedKind):
        raise NoSuchFeed
    made = calendars.make(edge.house, press.asked.ask(), Scope(FeedKind(kind), schedule, region))
    return _told(edge, press, made)


def _pressed_renew(edge: Edge, press: Press) -> Reply:
    return _told(edge, press, calendars.renew(edge.house, press.asked.ask(), press.value))


def _told(edge: Edge, press: Press, made: Made) -> Message:
    if made.feed is None:
        return already_done()
    edge.front.tell(press.asked.user, secret_link(made.feed, edge.calendar_url(made.token)))
    return link_sent()


def _pressed_revoke(edge: Edge, press: Press) -> Reply:
    revoked = calendars.revoke(edge.house, press.asked.ask(), press.value)
    return calendar_revoked() if revoked else already_done()


def _pressed_alarm(edge: Edge, press: Press) -> Reply:
    changed = calendars.switch_alarm(edge.house, press.asked.ask(), press.key, press.part(1) == ids.YES)
    return calendar_alarm(changed) if changed else already_done()


PRESSES: dict[str, OnPress] = {
    ids.CALENDARS: _pressed_list,
    ids.CALENDAR_MAKE: _pressed_make,
    ids.CALENDAR_RENEW: _pressed_renew,
    ids.CALENDAR_REVOKE: _pressed_revoke,
    ids.CALENDAR_ALARM: _pressed_alarm,
}
