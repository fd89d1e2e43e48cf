"""Reads the calendars that are followed when they are due: fetched on the outbound loop, read in a child.

One at a time, so that other errands come between; its thread may wait, nobody else does."""

from msgspec import Struct

from bot.fetching import Fetcher, NotFetched
from bot.fetching.fetcher import WITHIN_S
from bot.sending import Outbound
from incidents.operations.calendar_reading import Means, is_due, read_next
from incidents.ports import House
from incidents.subscriptions import Fetched, NoCalendar

PATIENCE_S = WITHIN_S + 5.0


class FollowedCalendars(Struct, frozen=True):
    """The errand: the one that has waited longest, if any is due."""

    house: House
    means: Means

    def look(self) -> bool:
        """Done, also where nothing was due."""
        if is_due(self.house):
            read_next(self.house, self.means)
        return True


class OnTheLoop(Struct, frozen=True):
    """Fetches on the loop that is there already, and waits for it on the errands' thread."""

    outbound: Outbound
    fetcher: Fetcher

    def __call__(self, url: str, etag: str, modified: str) -> Fetched:
        """Raises NoCalendar; the address stands in no line of the log."""
        try:
            given = self.outbound.spawn(self.fetcher.ask(url, etag, modified)).result(PATIENCE_S)
        except NotFetched as reason:
            raise NoCalendar(str(reason), reason.is_lasting) from None
        except TimeoutError:
            raise NoCalendar("The calendar was not there in time.", is_lasting=False) from None
        return Fetched(given.content, given.etag, given.modified)
