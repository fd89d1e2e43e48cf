"""`import following` and `import unfollow`: calendars that are followed. Never says a whole address."""

from argparse import Namespace
from collections.abc import Iterable, Iterator

from bot.cli.confirming import BY
from bot.cli.exits import Exit, house_of, say, say_json, with_settings
from bot.cli.findings import Finding, missing, ok
from bot.settings import Settings
from incidents.operations.subscribing import all_followed, unfollow_called
from incidents.subscriptions import Subscription
from rotations.codec_schedules import stamp


@with_settings
def following(settings: Settings, options: Namespace) -> Exit:
    """Each with its seat, and when it was last read well."""
    with house_of(settings) as house:
        found = all_followed(house)
    if options.json:
        say_json([document(one) for one in found])
    else:
        say(*(f"{one.id}  {state_of(one)}" for one in found))
        if not found:
            say("No calendar is followed.")
    return Exit.DONE


@with_settings
def unfollow(settings: Settings, options: Namespace) -> Exit:
    """Raises NotFollowed, which ends it with 1."""
    with house_of(settings) as house:
        ended = unfollow_called(house, options.calendar, BY)
    say(f"{ended.label} is followed no more, and its address is forgotten. Nobody's shift changes.")
    return Exit.DONE


def about_followed(found: Iterable[Subscription]) -> Iterator[Finding]:
    """For `doctor`: whether each can be read."""
    for one in found:
        if one.failing is None:
            yield ok(f"a followed calendar: {state_of(one)}")
        else:
            advice = f"Look at it in the other tool, or run python -m bot import unfollow {one.id}"
            yield missing(f"a followed calendar: {state_of(one).rstrip('.')}", advice)


def state_of(one: Subscription) -> str:
    """ "EMEA backup: calendar.example.com …9f2, read well at 2026-11-30T19:00:00Z"."""
    read = f"read well at {stamp(one.read_at)}" if one.read_at else "never read well"
    fails = f", not read since {stamp(one.failing.since)}: {one.failing.why}" if one.failing else ""
    return f"{one.place.region} {one.place.seat}: {one.label}, {read}{fails}"


def document(one: Subscription) -> dict[str, object]:
    failing = one.failing
    return {
        "id": one.id,
        "calendar": one.label,
        "schedule": one.place.schedule,
        "region": one.place.region,
        "seat": one.place.seat.value,
        "read_at": stamp(one.read_at) if one.read_at else None,
        "next_at": stamp(one.due_at),
        "failing_since": stamp(failing.since) if failing else None,
        "why": failing.why if failing else "",
    }
