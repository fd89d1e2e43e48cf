"""How long a bot that Slack cannot reach waits before it asks for a line again."""

from bot.outcomes import backoff_s
from bot.patience import Patience
from bot.socket import Pace

MOST = Pace().most_wait_s


def waits(patience: Patience, tries: int, chance: float = 0.0, at_once: int = 2) -> list[float]:
    """The wait after each of so many tries, of so many lines at once."""
    found = []
    for _ in range(tries):
        now = patience.not_before + 1.0
        for _ in range(at_once):
            patience.failed(now, now + 0.1, chance)
        found.append(round(patience.not_before - now - 0.1, 3))
    return found


def test_it_waits_longer_each_time_and_never_more_than_nine_seconds() -> None:
    assert waits(Patience(MOST), 6, at_once=1) == [1, 2, 4, 6, 6, 6]
    assert max(waits(Patience(MOST), 30, chance=1.0)) <= 9 < 10


def test_two_lines_that_fail_side_by_side_wait_as_one() -> None:
    assert waits(Patience(MOST), 4, at_once=2) == waits(Patience(MOST), 4, at_once=1)


def test_what_fails_late_counts_with_those_it_was_tried_with() -> None:
    patience = Patience(MOST)
    patience.failed(10.0, 10.1, 0.0)
    patience.failed(10.0, 19.9, 0.0)
    assert patience.not_before == 10.1 + backoff_s(0, 0.0)


def test_as_long_as_slack_says_nobody_asks() -> None:
    patience = Patience(MOST)
    patience.failed(10.0, 10.0, 0.0, at_least_s=30.0)
    patience.failed(10.0, 10.1, 0.0)
    assert patience.not_before == 40.0


def test_after_a_line_that_was_greeted_it_begins_anew() -> None:
    patience = Patience(MOST)
    for now in (10.0, 20.0, 30.0):
        patience.failed(now, now, 0.0)
    patience.succeeded()
    assert patience.not_before == 0.0
    patience.failed(40.0, 40.0, 0.0)
    assert patience.not_before == 41.0
