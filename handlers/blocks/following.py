"""Calendars that are followed: the list, the form, and what leads are told of their state.

Of an address only its host and last four signs are shown; the form alone holds what was typed into it."""

from datetime import datetime

from handlers.blocks import ids, kit
from handlers.blocks.import_forms import WHOLE, region_options
from handlers.blocks.reader import Reader
from handlers.blocks.setup import zone_select
from handlers.calls import Json, Message
from handlers.text import literal, sentence
from incidents.operations.subscribing import Following
from incidents.subscriptions import Subscription
from rotations.model import Organisation, Seat

HOURLY = (
    "A followed calendar is read every hour. What differs is shown to the leads, and counts only once one of "
    "them imports it. A calendar that cannot be read changes nothing."
)
MOST_LISTED = 15
FOLLOW_ZONE = f"{ids.IMPORT_ZONE}{WHOLE}"


def following_list(found: Following, reader: Reader) -> Message:
    """Each with when it was last read well, and what can be done about it."""
    blocks: list[Json] = [kit.header("Followed calendars")]
    if not found.calendars:
        blocks.append(
            kit.section("None is followed. Paste the address of one, and say whose shifts it holds.")
        )
    for one in found.calendars[:MOST_LISTED]:
        blocks += [kit.section(_about(one, reader)), kit.actions(_read_now(one), stop_button(one.id))]
    more = len(found.calendars) - MOST_LISTED
    rest = f"And {more} more: python -m bot import following" if more > 0 else ""
    follow = kit.primary(kit.button("Follow a calendar", ids.FOLLOW))
    return kit.message(
        "Followed calendars", [*blocks, kit.context(rest), kit.actions(follow), kit.context(HOURLY)]
    )


def follow_form(organisation: Organisation, url: str = "") -> Json:
    """An address, and whose shifts it holds."""
    places = [kit.option(*each) for each in region_options(organisation)]
    seats = [kit.option(seat.value, seat.value) for seat in Seat]
    chosen = places[0]["value"] if len(places) == 1 else ""
    blocks = [
        kit.ask(
            "The calendar's address",
            kit.text_input(ids.FOLLOW_URL, url, "https://calendar.example.com/…/basic.ics"),
            hint="Its secret link. Nobody is shown it again: only its host and the last four signs.",
        ),
        kit.ask("Whose shifts are these?", kit.select(ids.PLACE, "Choose a region", places, chosen)),
        kit.ask("Seat", kit.select(ids.SEAT, "Choose", seats, Seat.PRIMARY.value)),
        kit.ask(
            "Zone of times that name none",
            zone_select(FOLLOW_ZONE),
            is_optional=True,
            hint="Left empty, it is asked where it matters.",
        ),
        kit.context(HOURLY),
    ]
    return kit.modal(ids.VIEW_FOLLOW, "Follow a calendar", blocks, "Follow it")


def followed(one: Subscription) -> Message:
    words = f"{_called(one)} is followed for {_place(one)}. It is being read; what it says comes by message."
    return kit.message(words, [kit.section(words)])


def read_soon(one: Subscription) -> Message:
    words = f"{_called(one)} is being read. What differs from {_place(one)} comes by message."
    return kit.message(words, [kit.section(words)])


def unfollowed(one: Subscription) -> Message:
    words = f"{_called(one)} is not followed any more, and its address is forgotten. Nobody's shift changes."
    return kit.message(
        words, [kit.section(words), kit.actions(kit.button("Followed calendars", ids.FOLLOWED))]
    )


def failed(one: Subscription, since: datetime, why: str, reader: Reader) -> Message:
    """The fact, what it means, what to do."""
    words = f"*{_called(one)} cannot be read since {reader.own(since)}.* {sentence(literal(why, 300))}"
    stays = f"{_place(one)} stays as it stands. It is tried again by itself; you hear when it is well again."
    return kit.message(
        f"Calendar not read · {_plain_place(one)} stays as it stands",
        [kit.section(f"{words}\n{stays}"), kit.actions(_read_now(one), stop_button(one.id))],
    )


def well_again(one: Subscription) -> Message:
    words = f"{_called(one)} can be read again. {_place(one)} is compared with it every hour."
    return kit.message(f"Calendar read again · {_plain_place(one)}", [kit.section(words)])


def same_at_first(one: Subscription) -> Message:
    words = f"{_called(one)} is read: it says what {_place(one)} says already. You hear when that changes."
    return kit.message(f"Calendar followed · {_plain_place(one)}", [kit.section(words)])


def stop_button(subscription_id: str) -> Json:
    """Ends it; asks first."""
    return kit.confirmed(
        kit.button("Stop following", ids.FOLLOW_STOP, subscription_id),
        "Stop following this calendar?",
        "Its address is forgotten. Nobody's shift changes.",
        "Stop following",
    )


def _read_now(one: Subscription) -> Json:
    return kit.button("Read it now", ids.FOLLOW_READ, one.id)


def _about(one: Subscription, reader: Reader) -> str:
    if one.failing is not None:
        since = reader.own(one.failing.since)
        state = f"cannot be read since {since}. {sentence(literal(one.failing.why, 200))}"
    elif one.read_at is not None:
        state = f"read well {reader.own(one.read_at)}."
    else:
        state = "not read yet."
    return f"*{_place(one)}*: {literal(one.label, 120)}, {state}"


def _called(one: Subscription) -> str:
    return f"The calendar at {literal(one.label, 120)}"


def _place(one: Subscription) -> str:
    return literal(_plain_place(one), 80)


def _plain_place(one: Subscription) -> str:
    return f"{one.place.region} {one.place.seat.value}"
