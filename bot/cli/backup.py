"""`backup`, `restore`, `restored`: a copy of the database, and the way back to it that pages nobody again."""

from argparse import Namespace
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.cli.exits import Exit, clock_of, complain, counted, make_home, say, store_of, with_settings
from bot.settings import Settings
from storage import file_copy
from storage.chain import Break
from storage.engine import database_url
from storage.lock_file import hold
from storage.opening import SqlStore, open_store

IS_POSTGRESQL = "This database is PostgreSQL's. Use its own tools; python -m bot restored after going back."


@with_settings
def backup(settings: Settings, options: Namespace) -> Exit:
    """A whole copy in one file while the bot works."""
    database, to = _file_of(settings), options.file.expanduser().absolute()
    if database is None:
        return _refused(IS_POSTGRESQL)
    if to.exists() and (not options.force or _is_same(to, database)):
        return _refused(f"{to} is there already. Name another file{_or_force(to, database)}.")
    try:
        file_copy.copy(database, to)
    except OSError as error:
        complain([f"{to} cannot be written: {error.strerror}. Name a folder that can be."])
        return Exit.ENVIRONMENT
    say(f"Copied to {to} ({to.stat().st_size:,} bytes) and read through once. Only you can read it.")
    return Exit.DONE


@with_settings
def restore(settings: Settings, options: Namespace) -> Exit:
    """Go back to a copy. What is there now is kept beside it."""
    database = _file_of(settings)
    if database is None:
        return _refused(IS_POSTGRESQL)
    make_home(database.parent)
    with closing(hold(database)):
        return _put_back(settings, options.file.expanduser().absolute(), database, options.force)


@with_settings
def restored(settings: Settings, _options: Namespace) -> Exit:
    """After a database was put back by other means: the same marks as `restore` makes."""
    from bot.alive import is_at_work

    database, now = _file_of(settings), clock_of(settings).now()
    if database is not None:
        with closing(hold(database)), store_of(settings) as store:
            return _marked(store, now)
    with store_of(settings) as store:
        if store.read(lambda unit: is_at_work(unit, now)):
            return _refused("A Meridian works on this database now. Stop every one of them first.")
        return _marked(store, now)


def _file_of(settings: Settings) -> Path | None:
    """The SQLite file, or None for PostgreSQL."""
    url = database_url(settings.database_url)
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None


def _is_same(to: Path, database: Path) -> bool:
    return database.exists() and to.samefile(database)


def _or_force(to: Path, database: Path) -> str:
    return "" if _is_same(to, database) else ", or replace it with --force"


def _put_back(settings: Settings, copy: Path, database: Path, is_forced: bool) -> Exit:
    """Everything is done to a copy of the copy; only when it is whole does it take the place."""
    from storage.migrating import migrate

    staged = database.with_name(f"{database.name}.restoring")
    now = clock_of(settings).now()
    try:
        file_copy.copy(copy, staged)
        migrate(f"sqlite:///{staged}")
        with closing(open_store(f"sqlite:///{staged}")) as store:
            breaks = store.read(lambda unit: unit.timeline.verify_all())
            if breaks and not is_forced:
                return _broken(copy, breaks)
            ended = _marked(store, now)
        aside = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
        file_copy.put_in_place(staged, database, aside)
    finally:
        for end in ("", *file_copy.BESIDE):
            Path(f"{staged}{end}").unlink(missing_ok=True)
    if aside.exists():
        say(f"What was there before is kept as {aside.name}.")
    say("Start Meridian again.")
    return ended


def _broken(copy: Path, breaks: Sequence[Break]) -> Exit:
    complain([f"{one.incident}, entry {one.seq}: {one.what}." for one in breaks])
    return _refused(f"{copy} is not whole, and nothing was changed. Take another copy, or this with --force.")


def _marked(store: SqlStore, now: datetime) -> Exit:
    from bot.restored import mark_restored

    found = store.write(lambda unit: mark_restored(unit, now))
    say(
        f"The copy knows of everything up to {found.copy_at:%d %b %H:%M} UTC.",
        f"On their way then, and looked for in Slack before they leave: {found.looked_for}.",
        f"Not done again: {counted(found.dropped, 'phone call or mail', 'phone calls or mails')}"
        f", {counted(found.lapsed, 'level or reminder', 'levels and reminders')}.",
    )
    if found.waiting:
        keys = ", ".join(found.waiting)
        say(f"By the copy nobody has taken {keys}. Nobody is paged again for it by itself: look there now.")
    return Exit.DONE


def _refused(why: str) -> Exit:
    complain([why])
    return Exit.REFUSED
