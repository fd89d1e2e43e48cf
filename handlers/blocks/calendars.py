"""Calendar feeds in Slack: which a person has, when they were last read, and the secret link, told once."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.calls import Json, Message
from handlers.text import literal, own_time
from incidents.feeds import Feed, Scope
from incidents.operations.calendars import ALARM_MINUTES, Mine, title

WHERE = (
    "Google Calendar: Other calendars → From URL. Outlook: Add calendar → Subscribe from web. "
    "Apple Calendar: File → New Calendar Subscription."
)
PLANNING = (
    "A calendar is for planning, not for paging: Google reads one every 8 to 24 hours, others more often. "
    "Who is on call now, /oncall says. It holds shifts and names, and no incident."
)
NO_ADDRESS = (
    "Calendars cannot be read yet, because Meridian does not know its own address on the web. "
    "Whoever runs it sets MERIDIAN_PUBLIC_URL, as docs/calendars.md says."
)
OPTION_VALUE_MAX = 150


def calendars_answer(mine: Mine, has_address: bool) -> Message:
    """Every calendar with what can be done to it, and what else there is."""
    blocks: list[Json] = [kit.header("Your calendars")]
    if not mine.feeds:
        blocks.append(kit.section("You have none. Pick one, and its secret link comes by direct message."))
    for feed in mine.feeds:
        blocks += [kit.section(_about(feed, mine)), kit.actions(*_buttons(feed))]
    offers = _offers(mine.scopes)
    if not has_address:
        blocks.append(kit.section(NO_ADDRESS))
    elif offers:
        blocks.append(kit.actions(kit.select(ids.CALENDAR_MAKE, "A calendar of …", offers)))
    return kit.message("Your calendars", [*blocks, kit.context(PLANNING)])


def secret_link(feed: Feed, url: str) -> Message:
    """The only time the link is shown."""
    name = literal(title(feed.scope), 200)
    blocks = [
        kit.section(f"*{name}*: add this address to your calendar as a subscription."),
        kit.section(f"```{url}```"),
        kit.context(WHERE),
        kit.section("Whoever has the link can read it, so keep it to yourself. It is kept nowhere else."),
        kit.actions(kit.danger(_revoke(feed))),
        kit.context(PLANNING),
    ]
    return kit.message("The secret link to your calendar", blocks)


def link_sent() -> Message:
    return _done("The secret link is in your direct messages. It is shown there once and kept nowhere.")


def calendar_revoked() -> Message:
    return _done("Revoked. Whoever still has the link reads nothing any more, from now on.")


def calendar_alarm(feed: Feed) -> Message:
    rings = f"rings {feed.alarm} minutes before each shift" if feed.alarm else "rings no more"
    return _done(f"“{literal(title(feed.scope), 200)}” {rings}, once your calendar has read it again.")


def already_done() -> Message:
    return _done("That is done already.")


def _done(words: str) -> Message:
    return kit.message(words, [kit.section(words), kit.actions(kit.button("My calendars", ids.CALENDARS))])


def _about(feed: Feed, mine: Mine) -> str:
    read = f"last read {own_time(feed.read_at, mine.zone, mine.now)}" if feed.read_at else "never read yet"
    rings = f", rings {feed.alarm} minutes before each shift" if feed.alarm else ""
    made = own_time(feed.made_at, mine.zone, mine.now)
    return f"*{literal(title(feed.scope), 200)}*: {read}{rings}. Made {made}."


def _buttons(feed: Feed) -> list[Json]:
    label = "No alarm" if feed.alarm else f"Alarm {ALARM_MINUTES} minutes before"
    alarm = kit.button(label, ids.CALENDAR_ALARM, ids.pack(feed.id, ids.NO if feed.alarm else ids.YES))
    new = kit.confirmed(
        kit.button("New link", ids.CALENDAR_RENEW, feed.id),
        "A new link?",
        "The old link reads nothing any more.",
        "New link",
    )
    return [alarm, new, kit.danger(_revoke(feed))]


def _revoke(feed: Feed) -> Json:
    return kit.confirmed(
        kit.button("Revoke", ids.CALENDAR_REVOKE, feed.id),
        "Revoke this calendar?",
        "Whoever has the link reads nothing any more. Nobody's shifts change.",
        "Revoke",
    )


def _offers(scopes: Sequence[Scope]) -> list[Json]:
    packed = ((title(one), ids.pack(one.kind.value, one.schedule, one.region)) for one in scopes)
    return [kit.option(name, value) for name, value in packed if len(value) <= OPTION_VALUE_MAX]
