"""What commands share: how they end and print, their settings, the core on their database."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from incidents.people import Actor
    from incidents.ports import Clock, House
    from storage.opening import SqlStore


class Exit(IntEnum):
    """The exit codes are a stable face."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    ENVIRONMENT = 3


def say(*lines: str) -> None:
    """At once, though nobody may be reading a terminal: whoever waits for a line gets it."""
    for line in lines:
        print(line)
    sys.stdout.flush()


def say_json(document: object) -> None:
    """One document on standard output."""
    say(json.dumps(document, ensure_ascii=False, indent=2))


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def complain(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


class EnvironmentFault(Exception):
    """What a command needs of its surroundings is not there; the sentence says the next step."""


class UsageFault(Exception):
    """A word of the command line that means nothing; the sentence says how it is written."""


Command = Callable[["Settings", Namespace], Exit]


def told(command: Callable[[], Exit]) -> Exit:
    """The command's own ending; what it raises to whoever typed it is said, and ends it as it deserves."""
    try:
        return command()
    except Exception as fault:
        ending = _ending_of(fault)
        if ending is None:
            raise
        complain([str(fault)])
        return ending


def with_settings(command: Command) -> Callable[[Namespace], Exit]:
    """The command with its settings read; see `told`."""

    @wraps(command)
    def with_them(options: Namespace) -> Exit:
        from bot.settings import read_settings

        return told(lambda: command(read_settings(), options))

    return with_them


def _ending_of(fault: Exception) -> Exit | None:
    """None for what is nobody's fault but ours."""
    if isinstance(fault, UsageFault):
        return Exit.USAGE
    if isinstance(fault, _refusals()):
        return Exit.REFUSED
    return Exit.ENVIRONMENT if isinstance(fault, _environment_faults()) else None


def _refusals() -> tuple[type[Exception], ...]:
    from incidents.errors import IncidentError
    from rotations.refusals import DomainError

    return IncidentError, DomainError


def _environment_faults() -> tuple[type[Exception], ...]:
    from bot.applying import UnreadableFile
    from bot.local_workspace import WorkspaceFault
    from bot.settings import SettingsFault
    from bot.web.server import PortTaken
    from incidents.errors import StoreUnavailable
    from storage.errors import StoreError

    return (
        SettingsFault,
        StoreError,
        StoreUnavailable,
        WorkspaceFault,
        PortTaken,
        EnvironmentFault,
        UnreadableFile,
    )


@contextmanager
def store_of(settings: "Settings") -> Iterator["SqlStore"]:
    """This database, beside a running bot; migrated first. Raises storage's refusals."""
    from storage.migrating import migrate
    from storage.opening import open_store

    make_home(settings.home)
    migrate(settings.database_url)
    store = open_store(settings.database_url)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def house_of(settings: "Settings") -> Iterator["House"]:
    """The core on this database, beside a running bot."""
    with store_of(settings) as store:
        yield house_on(store, settings)


def house_on(store: "SqlStore", settings: "Settings") -> "House":
    from bot.clock import SystemIds
    from incidents.ports import House
    from runbooks.catalogue import library_path, load

    clock = clock_of(settings)
    return House(store, clock, SystemIds(), load(library_path()), phone_of=phone_of_each(settings, clock))


def phone_of_each(settings: "Settings", clock: "Clock") -> "Callable[[Actor], str]":
    """Where people's phones ring, as the running bot has it; loaded for the first of them."""

    @cache
    def address_of() -> "Callable[[Actor], str]":
        from bot.local_workspace import telephone, workspace_beside
        from bot.ring.setting_up import phones_of

        if not settings.has_tokens and workspace_beside(settings.home):
            return lambda actor: telephone(actor.user)
        return phones_of(settings, clock).address_of

    return lambda actor: address_of()(actor)


def clock_of(settings: "Settings") -> "Clock":
    """The machine's clock, or that of the local workspace beside it as it stands now."""
    from bot.clock import SandboxClock, SystemClock
    from bot.local_workspace import workspace_beside

    beside = "" if settings.has_tokens else workspace_beside(settings.home)
    url = settings.clock_url or (f"{beside}_control/clock" if beside else "")
    if not url:
        return SystemClock()
    clock = SandboxClock(url)
    clock.look()
    return clock


def make_home(home: Path) -> None:
    """Raises EnvironmentFault."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            f"MERIDIAN_HOME {home} cannot be used: {error.strerror}. Name a folder that can be written."
        ) from None
