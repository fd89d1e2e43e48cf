"""An SQLite database as one plain file: copied while somebody writes to it, looked over, put in its place.

Knows files only: what the rows in them mean is the business of others."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.errors import StoreUnavailable
from storage.faults import unavailable

BESIDE = ("-wal", "-shm")
OPENS_WITHIN_S = 5.0


def copy(database: Path, to: Path) -> None:
    """A whole copy of the last commit, by SQLite's own online backup; writers go on meanwhile.

    `to` appears under its name only when it is whole and on the disk; a file of that name is replaced. It can
    be read by its owner alone. Raises StoreUnavailable, and OSError for the folder of `to`."""
    partial = to.with_name(f"{to.name}.partial")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        _copied(database, partial)
        demand_sound(partial)
        partial.replace(to)
        _flush(to.parent)
    finally:
        partial.unlink(missing_ok=True)


def demand_sound(file: Path) -> None:
    """Read every page. Raises StoreUnavailable for a file that is damaged or no database."""
    try:
        with closing(_opened(file)) as opened:
            [found] = opened.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{file} cannot be used: {_reason(error)}") from error
    if found != "ok":
        raise StoreUnavailable(f"{file} cannot be used: the file is damaged.")


def put_in_place(copy: Path, database: Path, aside: Path) -> None:
    """`copy` becomes the database; what was there before is kept as `aside`, its unwritten commits with it.

    Nobody may have either of them open. The log goes first: it must never meet another database."""
    _made_plain(copy)
    for end in BESIDE:
        _rename(Path(f"{database}{end}"), Path(f"{aside}{end}"))
    _rename(database, aside)
    copy.replace(database)
    _flush(database.parent)


def _copied(database: Path, to: Path) -> None:
    try:
        with closing(_opened(database, "rw")) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{database} cannot be copied: {_reason(error)}") from error
    _made_plain(to)


def _made_plain(file: Path) -> None:
    """One file on the disk, with everything that stood in a log beside it. Raises StoreUnavailable."""
    try:
        with closing(_opened(file, "rw")) as opened:
            [mode] = opened.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{file} cannot be written: {_reason(error)}") from error
    if mode != "delete":
        raise StoreUnavailable(f"{file} cannot be written: another program has it open.")
    _flush(file)


def _opened(file: Path, mode: str = "ro") -> sqlite3.Connection:
    """A file that is not there is not made. Who opens it to read only cannot tidy a log away beside it."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=OPENS_WITHIN_S)


def _reason(error: sqlite3.Error) -> str:
    refusal = unavailable(error)
    return f"{str(refusal).partition(': ')[2] if refusal else str(error).rstrip('.') + '.'}"


def _rename(file: Path, to: Path) -> None:
    if file.exists():
        file.rename(to)


def _flush(path: Path) -> None:
    """What was written to this file, or renamed in this folder, outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
