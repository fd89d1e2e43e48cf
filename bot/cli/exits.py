"""What commands share: how they end and print, their settings, the core on their database."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import wraps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from incidents.ports import House


class Exit(IntEnum):
    """The exit codes are a stable face."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    ENVIRONMENT = 3


def say(*lines: str) -> None:
    for line in lines:
        print(line)


def say_json(document: object) -> None:
    """One document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def complain(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, file=sys.stderr)


Command = Callable[["Settings", Namespace], Exit]


def with_settings(command: Command) -> Callable[[Namespace], Exit]:
    """The command with its settings read; what the environment or the database lacks ends it with 3."""

    @wraps(command)
    def told(options: Namespace) -> Exit:
        from bot.settings import SettingsFault, read_settings
        from incidents.errors import StoreUnavailable
        from storage.errors import StoreError

        try:
            return command(read_settings(), options)
        except SettingsFault as fault:
            complain(fault.faults)
        except (StoreError, StoreUnavailable) as fault:
            complain([str(fault)])
        return Exit.ENVIRONMENT

    return told


@contextmanager
def house_of(settings: "Settings") -> Iterator["House"]:
    """The core on this database, beside a running bot; migrated first. Raises storage's refusals."""
    from bot.clock import SystemClock, SystemIds
    from incidents.ports import House
    from runbooks.catalogue import library_path, load
    from storage.migrating import migrate
    from storage.opening import open_store

    settings.home.mkdir(parents=True, exist_ok=True)
    migrate(settings.database_url)
    store = open_store(settings.database_url)
    try:
        yield House(store, SystemClock(), SystemIds(), load(library_path()))
    finally:
        store.close()
