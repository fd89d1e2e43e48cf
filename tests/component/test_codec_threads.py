"""The first reading of a kind by many threads at once: in a process of its own, which it once ended."""

import subprocess
import sys
from pathlib import Path

from storage import codec
from storage.opening import SqlStore
from tests.support.house import example_house
from tests.support.incidents import WAVE

ROOT = Path(__file__).resolve().parents[2]
READING = """
import sys, threading
from incidents.model import Incident
from storage import codec

sys.setswitchinterval(1e-6)
body, all_there, read = sys.stdin.read(), threading.Barrier(8), []

def work():
    all_there.wait()
    read.append(codec.read(Incident, body).key)

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(*read)
"""


def test_what_many_threads_read_first_at_once_is_read_by_all(sqlite_store: SqlStore) -> None:
    incident = example_house(sqlite_store).declare(WAVE)
    ran = subprocess.run(
        [sys.executable, "-c", READING],
        input=codec.written(incident),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout.split()) == (0, [incident.key] * 8), ran.stderr
