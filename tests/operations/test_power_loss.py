"""The power fails at some instant: what is on the disk opens, is whole, and holds all that was answered for.

The image is taken while the process is stopped by SIGSTOP, wherever it happens to be."""

import os
import random  # noqa: TID251 – seeded, so that a run can be repeated
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.opening import open_store

SEED, IMAGES, MOST_BETWEEN = 20261122, 12, 25
WRITER = """
import os
import sys
from datetime import UTC, datetime
from itertools import count
from incidents.model import Entry, EntryKind, Harm, Incident, Severity, Status
from storage.opening import open_store
now = datetime(2026, 3, 2, 12, tzinfo=UTC)
store = open_store(sys.argv[1])
store.write(lambda unit: unit.incidents.add(
    Incident("INC-1", "Fraud", Severity.SEV1, Status.TRIAGE, Harm.FRAUD, False, "U1", now)))
for number in count(1):
    entry = Entry(EntryKind.NOTE, now, "U1", str(number) + "x" * 2000)
    store.write(lambda unit: unit.timeline.append("INC-1", [entry], now))
    os.write(1, b"%d\\n" % number)  # a whole line or nothing, wherever it is stopped
"""


@pytest.fixture
def writer(sqlite_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Appends to one timeline and says of each entry when it was saved."""
    words = [sys.executable, "-c", WRITER, sqlite_url]
    with subprocess.Popen(words, stdout=subprocess.PIPE, bufsize=0) as process:
        yield process
        process.kill()


def saved(writer: subprocess.Popen[bytes], at_least: int) -> None:
    """Returns when the writer has said so many lines."""
    assert writer.stdout is not None
    while int(writer.stdout.readline()) < at_least:
        pass


def last_said(writer: subprocess.Popen[bytes], before: int) -> int:
    """The last line that was said; the writer stands still."""
    assert writer.stdout is not None
    last = before
    while select.select([writer.stdout.fileno()], [], [], 0)[0]:
        last = int(writer.stdout.readline())
    return last


def image(file: Path, to: Path) -> Path:
    """The file and its log as they are now; what only memory shares is lost with the power."""
    to.mkdir()
    for name in (file.name, f"{file.name}-wal"):
        shutil.copy(file.parent / name, to / name)
    return to / file.name


def test_what_was_answered_for_is_in_every_image(
    writer: subprocess.Popen[bytes], sqlite_url: str, tmp_path: Path
) -> None:
    chance, file, number = random.Random(SEED), Path(sqlite_url.removeprefix("sqlite:///")), 0
    for each in range(IMAGES):
        number += chance.randint(1, MOST_BETWEEN)
        saved(writer, number)
        writer.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, writer.pid, os.WSTOPPED | os.WNOWAIT)
        number = last_said(writer, number)
        found = image(file, tmp_path / str(each))
        writer.send_signal(signal.SIGCONT)
        assert kept(found) >= number


def kept(file: Path) -> int:
    """How many entries there are, in a file that is whole and a chain that holds."""
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    store = open_store(f"sqlite:///{file}")
    entries = store.read(lambda unit: unit.timeline.of("INC-1"))
    broken = store.read(lambda unit: unit.timeline.verify("INC-1"))
    store.close()
    assert (broken, [entry.seq for entry in entries]) == (None, list(range(1, len(entries) + 1)))
    return len(entries)


def test_every_commit_reaches_the_disk_before_it_is_answered(sqlite_url: str) -> None:
    store = open_store(sqlite_url)

    def setting(name: str) -> object:
        pragma = f"PRAGMA {name}"
        return store.write(lambda unit: unit.facts.tx.connection.exec_driver_sql(pragma).scalar_one())

    found = setting("journal_mode"), setting("synchronous")
    store.close()
    assert found == ("wal", 2)  # 2: FULL
