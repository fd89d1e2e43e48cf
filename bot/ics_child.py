"""Works out calendars' repetitions in a process of its own, killable, with limits on time and memory.

It is given no secret, opens no file and no connection. Expanding is `rotations.ics.expanding`'s.
"""

import json
import math
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import FrameType

from rotations.ics.series import Expanded, Occurrence

ROOT = Path(__file__).resolve().parents[1]
MOST_MEMORY = 256 << 20
ALL_S, ONE_S = 0.9, 0.3
"""CPU seconds for a file once its library is loaded, and for one series; the kernel ends it after 2."""
LEAST_S = 0.01
"""Of them, for each series before those are gone on with that take longer."""
PATIENCE_S = 6.0
"""Of the wall clock, for a machine that is busy elsewhere."""

_ANY = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:any\r\nDTSTART:20260101T080000Z\r\nDTEND:20260101T090000Z\r\n"
    "RRULE:FREQ=DAILY;COUNT=2\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TOO_LONG = "Working out its repetition takes too long."


class TooLong(BaseException):
    """A series has used up its time. No library takes it for a fault of its own."""


class Alarm:
    """Ends what runs while it is set, and nothing that comes after, however late the signal is."""

    def __init__(self) -> None:
        self.is_set = False
        signal.signal(signal.SIGVTALRM, self._ring)

    def _ring(self, _number: int, _frame: FrameType | None) -> None:
        if self.is_set:
            self.is_set = False
            raise TooLong


def expand(texts: Sequence[str], start: datetime, end: datetime) -> list[Expanded]:
    """As `rotations.ics.series.Expand` wants it: whatever a text holds, there is an answer for each."""
    asked = json.dumps({"texts": list(texts), "start": start.isoformat(), "end": end.isoformat()})
    command = [sys.executable, "-m", "bot.ics_child"]
    try:
        ran = subprocess.run(
            command, input=asked.encode(), capture_output=True, timeout=PATIENCE_S, cwd=ROOT, env=_bare()
        )
        said = ran.stdout
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    answers = dict(_read(line) for line in said.splitlines(keepends=True) if line.endswith(b"\n"))
    return [answers.get(number, Expanded(why_not=TOO_LONG)) for number in range(len(texts))]


def _bare() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "PYTHONTZPATH": "", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def _read(line: bytes) -> tuple[int, Expanded]:
    number, why_not, rows = json.loads(line)
    found = (Occurrence(event, _instant(start), _instant(end)) for event, start, end in rows)
    return number, Expanded(tuple(found), why_not)


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def main() -> int:
    """The child: a question as JSON on its input, on its output a line for each answer, as they come."""
    _limit()
    asked = json.load(sys.stdin)
    start, end = _instant(asked["start"]), _instant(asked["end"])
    for number, answer in _answers(asked["texts"], start, end):
        rows = [(one.event, one.start.isoformat(), one.end.isoformat()) for one in answer.occurrences]
        sys.stdout.write(json.dumps((number, answer.why_not, rows)) + "\n")
        sys.stdout.flush()
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answers(texts: Sequence[str], start: datetime, end: datetime) -> Iterator[tuple[int, Expanded]]:
    """Each is tried for its share of the time first, the plainest before the others, so that those that take
    long keep none waiting; then those have what is left."""
    from rotations.ics.expanding import expand_one, forget_zones

    expand_one(_ANY, start, end)  # loading counts for no series
    began = time.process_time()
    ends = math.ceil(began) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (ends, ends))
    alarm, share_s = Alarm(), max(ALL_S / 2 / len(texts), LEAST_S)
    waiting: Sequence[int] = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    for most_s in (share_s, ONE_S) if share_s < ONE_S else (ONE_S,):
        late: list[int] = []
        for number in waiting:
            left_s = min(most_s, ALL_S - (time.process_time() - began))
            try:
                yield number, _answer(alarm, left_s, partial(expand_one, texts[number], start, end))
            except TooLong:
                forget_zones()
                late.append(number)
        waiting = late


def _answer(alarm: Alarm, left_s: float, work: Callable[[], Expanded]) -> Expanded:
    """Raises TooLong, also where the time ends while something else is being answered."""
    if left_s <= 0:
        raise TooLong
    try:
        alarm.is_set = True
        signal.setitimer(signal.ITIMER_VIRTUAL, left_s)
        return work()
    except (MemoryError, RecursionError):
        return Expanded(why_not="Working out its repetition takes more memory than a roster needs.")
    except Exception as fault:  # noqa: BLE001 - the edge of the process: the other series go on
        return Expanded(why_not=f"Its times cannot be worked out ({type(fault).__name__}).")
    finally:
        alarm.is_set = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


if __name__ == "__main__":
    sys.exit(main())
