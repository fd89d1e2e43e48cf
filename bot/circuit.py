"""The circuit that opens when Slack no longer takes the token: nothing leaves, one probe asks.

A value holder without threads; the dispatcher moves it."""

from datetime import datetime, timedelta

FIRST_PROBE_S = 1.0
MOST_PROBE_S = 30.0


class Circuit:
    def __init__(self) -> None:
        self.is_open = False
        self.error = ""
        self._wait_s = FIRST_PROBE_S
        self._probe_at: datetime | None = None

    @property
    def is_probing(self) -> bool:
        return self.is_open and self._probe_at is None

    def open(self, error: str, now: datetime) -> bool:
        """True when it was closed before."""
        if self.is_open:
            return False
        self.is_open, self.error, self._wait_s = True, error, FIRST_PROBE_S
        self._probe_at = now + timedelta(seconds=self._wait_s)
        return True

    def take_probe(self, now: datetime) -> bool:
        """True when it is time to ask; the probe is then on its way and no second one leaves."""
        if not self.is_open or self._probe_at is None or now < self._probe_at:
            return False
        self._probe_at = None
        return True

    def recount(self, now: datetime) -> None:
        """The clock was moved back: the next probe is no further away than its wait."""
        if self._probe_at is not None:
            self._probe_at = min(self._probe_at, now + timedelta(seconds=self._wait_s))

    def probed(self, is_good: bool, now: datetime) -> None:
        if is_good:
            self.is_open, self.error = False, ""
            return
        self._wait_s = min(self._wait_s * 2, MOST_PROBE_S)
        self._probe_at = now + timedelta(seconds=self._wait_s)
