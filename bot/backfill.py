"""Reads the channels of incidents back: what was said, marked, edited or deleted while nobody listened.

It adds what is missing, never doubles, and writes nothing where nothing is new. Where Slack interrupts a
reading, the next one begins where the last whole one ended."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.reading import Interrupted, Page, Reading, Thread
from bot.sending import Outbound
from bot.turnstile import Turnstile
from incidents import readback
from incidents.decision import stamp
from incidents.effects import EffectKind
from incidents.model import Incident, Status
from incidents.operations import history
from incidents.ports import House, Incidents
from incidents.readback import Known, Stretch
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

EVERY = timedelta(minutes=5)
JUST_LOOKED = EVERY * 0.9  # a sweep may come a little early
LOOKED = "backfill.looked"  # the fact: which look was the last, and when
OVERLAP_S = 10.0
JUST_RESOLVED = timedelta(days=1)
AT_MOST_S = 60.0  # one channel
BEFORE_DRAFT_S = 10.0  # less than the draft waits

log = logging.getLogger(__name__)


class Backfill(Struct, frozen=True):
    """`bot_user` is our own id; `seconds` a clock that never jumps. Each errand says whether it is done."""

    house: House
    store: SqlStore
    outbound: Outbound
    turnstile: Turnstile
    bot_user: Callable[[], str]
    seconds: Callable[[], float]

    def look(self) -> bool:
        """Every five minutes, by one process of all: what is new since the last look."""
        if self.store.write(partial(_takes_turn, self.house.clock.now())):
            self._read_all(whole=False)
        return True

    def reread(self) -> bool:
        """After a silence: the channels from their beginning, for edits and deletions may be anywhere."""
        self._read_all(whole=True)
        return True

    def before_drafts(self) -> bool:
        """What a postmortem draft waits for; read or not, the draft then leaves at once."""
        now = self.house.clock.now()
        for key in self.store.read(lambda unit: unit.outbox.waiting(EffectKind.POST_DRAFT, now)):
            self._read(key, whole=True, within_s=BEFORE_DRAFT_S)
            self.store.write(partial(_let_go, key, now))
        return True

    def _read_all(self, whole: bool) -> None:
        since = self.house.clock.now() - JUST_RESOLVED
        for incident in self.store.read(lambda unit: _live(unit.incidents, since)):
            self._read(incident.key, whole, AT_MOST_S)

    def _read(self, key: str, whole: bool, within_s: float) -> None:
        known = history.recall(self.house, key)
        if known is None:
            return
        until = self.seconds() + within_s
        reading = Reading(self.outbound, self.turnstile, self.bot_user(), self.seconds, until)
        try:
            self._read_place(reading, known, whole)
        except Interrupted as why:
            log.warning("a channel's history could not be read whole", extra={"error": str(why)})

    def _read_place(self, reading: Reading, known: Known, whole: bool) -> None:
        incident = known.incident
        if incident.thread is not None:
            self._read_thread(reading, known, incident.thread.channel, incident.thread.ts)
        if incident.channel is None:
            return
        channel, newest, threads = incident.channel.id, known.cursor, list[Thread]()
        oldest = "" if whole or not known.cursor else f"{float(known.cursor) - OVERLAP_S:.6f}"
        for page in reading.channel(channel, oldest):
            self._learn(reading, known, page)
            newest, threads = max(newest, page.newest), [*threads, *page.threads]
        for ts in self._to_read(known, channel, threads, whole):
            self._read_thread(reading, known, channel, ts)
        if newest != known.cursor:
            history.read_up_to(self.house, incident.key, newest)

    def _read_thread(self, reading: Reading, known: Known, channel: str, ts: str) -> None:
        for page in reading.thread(channel, ts):
            self._learn(reading, known, page)

    def _learn(self, reading: Reading, known: Known, page: Page) -> None:
        """Words are taken out for good, so Slack is asked once more about what seems to be deleted."""
        known = history.near(self.house, known, page.stretch)
        news = readback.news(known, page.stretch)
        missing = tuple(
            said for said in news.missing if said.ref not in known.record or reading.is_gone(said)
        )
        news = replace(news, missing=missing)
        if not news.is_empty:
            history.learn(self.house, known.incident.key, news)

    def _to_read(self, known: Known, channel: str, threads: list[Thread], whole: bool) -> Iterator[str]:
        """Those that have visibly changed first; the others too, where everything is read."""
        changed = [thread.ts for thread in threads if self._has_changed(known, channel, thread)]
        yield from changed
        if whole:
            yield from (thread.ts for thread in threads if thread.ts not in changed)

    def _has_changed(self, known: Known, channel: str, thread: Thread) -> bool:
        heard = history.near(self.house, known, Stretch(channel, (), thread.ts))
        return readback.has_changed(heard, channel, thread.ts, thread.replies, thread.latest)


def _takes_turn(now: datetime, unit: SqlUnit) -> bool:
    """Looks are counted, for with a clock that goes back the same hours come again."""
    number, _, at = unit.facts.get(LOOKED).partition(" ")
    if at and timedelta() <= now - datetime.fromisoformat(at) < JUST_LOOKED:
        return False
    turn = str(int(number or 0) + 1)
    if not unit.duties.claim("backfill", "", turn):
        return False
    unit.facts.put(LOOKED, f"{turn} {stamp(now)}")
    return True


def _let_go(key: str, now: datetime, unit: SqlUnit) -> None:
    unit.outbox.advance(EffectKind.POST_DRAFT, key, now)


def _live(incidents: Incidents, since: datetime) -> list[Incident]:
    """Not what was resolved long ago and never closed: Slack would have no calls left for what matters."""
    statuses = [status for status in Status if status.is_open or status is Status.RESOLVED]
    listed = incidents.listing(statuses, limit=200)
    return [one for one in listed if one.status.is_open or (one.resolved_at or since) > since]
