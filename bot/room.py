"""What the parts of a bot share, put together once: store, clock, core, outbound loop, errands.

Nothing is started here."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.backfill import Backfill
from bot.clock import SandboxClock, SystemClock, SystemIds, chance, monotonic_seconds
from bot.errands import Errands
from bot.fetching import Fetcher
from bot.following import FollowedCalendars, OnTheLoop
from bot.heartbeats import Heartbeats
from bot.identity import Directory, Passport
from bot.metrics import Metrics
from bot.places import Places
from bot.rates import rate_of
from bot.ring.phones import Phones
from bot.ring.setting_up import phones_of
from bot.sending import Outbound
from bot.settings import Settings
from bot.skew import Skew
from bot.turnstile import Turnstile
from bot.uploads import Uploads
from bot.user_groups import UserGroups
from handlers.outbound.desk import WORKSPACE_URL
from incidents.operations.calendar_reading import Means
from incidents.operations.scene import roster_of
from incidents.ports import House
from runbooks.catalogue import library_path, load
from storage.opening import SqlStore, open_store
from storage.unit_of_work import SqlUnit

if TYPE_CHECKING:
    from rotations.ics.series import Expanded

LOCK_WAIT_MS = 2000  # under the three seconds in which a command must be answered

GREETED = "workspace.greeted"
"""The address of the workspace whose people and channels were last learnt whole."""


class Room(Struct, frozen=True):
    """What the parts share while they are put together."""

    settings: Settings
    token: str
    store: SqlStore
    house: House
    outbound: Outbound
    passport: Passport
    errands: Errands
    greeted: Event
    beats: Heartbeats
    phones: Phones
    metrics: Metrics
    skew: Skew


def room_of(settings: Settings, fetcher: Fetcher | None = None) -> Room:
    token = settings.bot_token.get_secret_value() if settings.bot_token else ""
    store = open_store(settings.database_url, exclusive=True, busy_timeout_ms=LOCK_WAIT_MS)
    clock = SandboxClock(settings.clock_url) if settings.clock_url else SystemClock()
    phones = phones_of(settings, clock)
    house = House(store, clock, SystemIds(), load(library_path()), phone_of=phones.address_of)
    outbound = Outbound(token, settings.slack_api_url)
    passport = Passport(store, token)
    greeted = Event()
    directory, groups = Directory(store, clock, outbound), UserGroups(house, outbound)
    greeting = Greeting(store, outbound, passport, directory, groups, greeted)
    turnstile = Turnstile(store, clock, rate_of)
    backfill = Backfill(house, store, outbound, turnstile, passport.bot_user, monotonic_seconds)
    means = Means(OnTheLoop(outbound, fetcher or Fetcher()), _expand, chance)
    errands = Errands(
        {
            "warm": partial(_warm, house),
            "greet": greeting.greet,
            "before drafts": backfill.before_drafts,
            "backfill": backfill.look,
            "reread": backfill.reread,
            "uploads": Uploads(house, outbound, settings.slack_api_url, _expand).read_all,
            "followed calendars": FollowedCalendars(house, means).look,
        }
    )
    beats = Heartbeats(monotonic_seconds)
    return Room(
        settings=settings,
        token=token,
        store=store,
        house=house,
        outbound=outbound,
        passport=passport,
        errands=errands,
        greeted=greeted,
        beats=beats,
        phones=phones,
        metrics=Metrics(),
        skew=Skew(store, SystemClock()),
    )


def _expand(texts: Sequence[str], start: datetime, end: datetime) -> "list[Expanded]":
    """In a process of its own; its rooms are loaded with the first calendar, and no start waits for them."""
    from bot.ics_child import expand

    return expand(texts, start, end)


def _warm(house: House) -> bool:
    """Work the schedules out once, so that the first person who declares does not wait for it."""
    house.store.read(lambda unit: roster_of(house, unit, house.clock.now()))
    return True


class Greeting(Struct, frozen=True):
    """Learn who we are, who is there and where we speak."""

    store: SqlStore
    outbound: Outbound
    passport: Passport
    directory: Directory
    groups: UserGroups
    done: Event

    def greet(self) -> bool:
        """False while Slack does not answer, or not in full: it is asked again a little later."""
        if not self.passport.renew(self.outbound).ok:
            return False
        url = self.passport.identity.url
        if self.store.write(lambda unit: _is_on_record(unit, url)):
            self.done.set()  # who is there is known from last time, and is read again meanwhile
        is_whole = self.directory.sync() and Places(self.store, self.outbound).sync()
        if is_whole:
            self.store.write(lambda unit: unit.facts.put(GREETED, url))
            self.done.set()
            self.groups.sync()
        return is_whole


def _is_on_record(unit: SqlUnit, url: str) -> bool:
    """Note where we are. Whether everybody of this workspace has been learnt before."""
    unit.facts.put(WORKSPACE_URL, url)
    return bool(url) and unit.facts.get(GREETED) == url
