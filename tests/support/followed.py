"""A calendar on the web that tests write: followed, read when it is due, shown to leads."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from bot.ics_child import expand
from incidents.effects import Effect, EffectKind
from incidents.operations import calendar_reading, subscribing
from incidents.operations.calendar_reading import Means
from incidents.operations.ics_importing import CalendarWish
from incidents.people import Ask
from incidents.proposals import Proposal
from incidents.subscriptions import ORIGIN, Fetched, NoCalendar, Subscription
from rotations.model import Seat
from tests.support.house import TestHouse

SECRET = "https://calendar.example.com/private-0123456789abcdef/basic_x9f2"
EMPTY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nEND:VCALENDAR\r\n"
NOTHING = EMPTY.encode()
Row = tuple[str, datetime, float]
"""Who, from when, for how many hours."""


def calendar(*rows: Row) -> bytes:
    """One event a row, its title the person's name."""
    events = [_event(number, *row) for number, row in enumerate(rows)]
    return EMPTY.replace("END:VCALENDAR\r\n", "".join(events) + "END:VCALENDAR\r\n").encode()


def _event(number: int, who: str, start: datetime, hours: float) -> str:
    stamps = (f"{at:%Y%m%dT%H%M%SZ}" for at in (start, start + timedelta(hours=hours)))
    opens, closes = stamps
    lines = ("BEGIN:VEVENT", f"UID:{number}@test", "DTSTAMP:20261101T000000Z", f"SUMMARY:{who}")
    return "\r\n".join((*lines, f"DTSTART:{opens}", f"DTEND:{closes}", "END:VEVENT", ""))


class OnTheWeb(Struct):
    """What the address gives: a calendar, or why there is none. `asked` is what was asked with it."""

    gives: bytes | NoCalendar = NOTHING
    etag: str = ""
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __call__(self, url: str, etag: str, modified: str) -> Fetched:
        self.asked.append((url, etag, modified))
        if isinstance(self.gives, NoCalendar):
            raise self.gives
        if etag and etag == self.etag:
            return Fetched(None)
        return Fetched(self.gives, self.etag)


class Followed(Struct, frozen=True):
    """A house whose EMEA backup follows the calendar; Dana leads."""

    there: TestHouse
    web: OnTheWeb
    id: str

    @property
    def one(self) -> Subscription:
        found = self.there.store.read(lambda unit: unit.subscriptions.get(self.id))
        assert found is not None
        return found

    @property
    def asked(self) -> Proposal | None:
        return self.there.store.read(lambda unit: unit.proposals.of_origin(f"{ORIGIN}{self.id}"))

    def read(self) -> list[Effect]:
        """Read whatever is due, and what leads are sent of it."""
        means = Means(self.web, expand, lambda: 0.0)
        while calendar_reading.read_next(self.there.house, means):
            pass
        return [effect for effect in self.there.slack() if effect.kind in _TOLD]

    def later(self, gives: bytes | NoCalendar | None = None, **length: float) -> list[str]:
        """Time passes, the calendar is another; what leads are told of it then, in short."""
        self.web.gives = self.web.gives if gives is None else gives
        self.there.clock.advance(**length)
        return told(self.read())


_TOLD = (EffectKind.TELL, EffectKind.SHOW_IMPORT)


def told(effects: Sequence[Effect]) -> list[str]:
    return [effect.args.get("about", effect.kind.value) for effect in effects]


def follow(there: TestHouse, web: OnTheWeb, by: str = "UDANA", url: str = SECRET) -> Followed:
    wish = CalendarWish("safety", "EMEA", Seat.BACKUP)
    return Followed(there, web, subscribing.follow(there.house, Ask(by), url, wish).id)
