"""Whether Slack answers those who send; and tells, when it answers again, what had to wait meanwhile.

A refused token is an answer, and the business of `token_watch.py`."""

from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from bot.absence import LATE, missed
from bot.outcomes import Verdict
from incidents.decision import stamp
from incidents.operations.notices import About, put_notice
from incidents.ports import House
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

TOLD = "slack.away.told"  # the fact: until when it was told last
_NO_ANSWER = frozenset({Verdict.UNREACHABLE, Verdict.AMBIGUOUS})


class Silence(Struct, frozen=True):
    """From the first to the latest of the calls that came to nothing; `error` is of the first."""

    since: datetime
    until: datetime
    error: str


class Reach:
    """A value holder without threads; the dispatcher moves it. `over` is the last silence of more than a
    minute that has ended."""

    def __init__(self) -> None:
        self.unreachable_in_row = 0
        self.silence: Silence | None = None
        self.over: Silence | None = None

    def note(self, verdict: Verdict, error: str, now: datetime) -> None:
        """What became of one call to Slack."""
        self.unreachable_in_row = self.unreachable_in_row + 1 if verdict is Verdict.UNREACHABLE else 0
        if verdict in _NO_ANSWER:
            self.silence = replace(self.silence or Silence(now, now, error), until=now)
            return
        if self.silence is not None and self.silence.until - self.silence.since > LATE:
            self.over = self.silence
        self.silence = None


class ReachWatch:
    def __init__(self, store: SqlStore, house: House, reach: Reach) -> None:
        self._store = store
        self._house = house
        self._reach = reach
        self._told: Silence | None = None

    def look(self) -> None:
        """What could not be told now is told at the next look."""
        over = self._reach.over
        if over is not None and over is not self._told:
            self._store.write(partial(_tell, self._house, over))
            self._told = over


def _tell(house: House, silence: Silence, unit: SqlUnit) -> None:
    """Once, though several processes heard nothing at the same time."""
    told = unit.facts.get(TOLD)
    if told and silence.since <= datetime.fromisoformat(told):
        return
    now = house.clock.now()
    unit.facts.put(TOLD, stamp(silence.until))
    period = {"from": stamp(silence.since), "to": stamp(silence.until), "error": silence.error}
    counts = missed(house, unit, now).as_args()
    put_notice(unit, About.SLACK_AWAY, period["from"], now, **period, **counts)
