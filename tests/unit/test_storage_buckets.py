"""The arithmetic of rate buckets: what may leave, when the next may, and what a refusal changes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rates import KEPT_BACK, SLACK, bucket_of, rate_of
from sandbox.buckets import POST_BURST, POSTS_PER_MINUTE, Buckets
from sandbox.clock import MovableClock
from sandbox.web_api.method import PER_CHANNEL, UNLIMITED
from sandbox.web_api.registry import all_methods
from storage.buckets import Level, Rate, given_back, granted, refused, wait

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CREATE = Rate(per_minute=20, burst=40)
FRESH = Level("create", NOON, NOON)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_rested_bucket_gives_its_whole_burst_and_then_one_call_in_three_seconds() -> None:
    count, level = granted(FRESH, CREATE, 100, NOON)
    assert (count, level.held_until) == (40, after(3))
    assert granted(level, CREATE, 100, after(2.9))[0] == 0
    assert granted(level, CREATE, 100, after(9))[0] == 3


def test_whoever_asks_for_less_leaves_the_rest() -> None:
    count, level = granted(FRESH, CREATE, 30, NOON)
    assert (count, level.held_until) == (30, NOON)
    assert granted(level, CREATE, 30, NOON)[0] == 10


def test_after_a_refusal_nothing_leaves_before_slack_said_and_then_one_at_a_time() -> None:
    level = refused(FRESH, CREATE, after(30), NOON)
    assert granted(level, CREATE, 5, after(29))[0] == 0
    count, level = granted(level, CREATE, 5, after(30))
    assert count == 1
    assert level.held_until > after(33)  # slower than the tier


def test_a_refusal_is_forgotten_slowly() -> None:
    level = refused(FRESH, CREATE, after(30), NOON)
    bursts = [granted(level, CREATE, 100, after(minutes * 60))[0] for minutes in (5, 30, 300)]
    assert bursts == sorted(bursts)
    assert (bursts[0], bursts[-1]) == (33, 40)


def test_refusals_in_a_row_slow_it_down_to_half_and_no_further() -> None:
    level = FRESH
    for _ in range(9):
        level = refused(level, CREATE, NOON, NOON)
    assert level.stretch == 2
    assert granted(level, CREATE, 100, after(3600 * 24))[0] == 40


def test_calls_that_were_not_made_are_given_back() -> None:
    _, level = granted(FRESH, CREATE, 100, NOON)
    count, _ = granted(given_back(level, CREATE, 2, NOON), CREATE, 100, NOON)
    assert count == 2


def test_giving_back_does_not_lift_a_hold() -> None:
    _, level = granted(FRESH, CREATE, 3, NOON)
    held = refused(level, CREATE, after(30), NOON)
    assert granted(given_back(held, CREATE, 1, NOON), CREATE, 1, after(29))[0] == 0


def test_a_clock_that_was_moved_back_leaves_it_empty_and_no_emptier() -> None:
    _, level = granted(Level("create", after(7200), after(7200)), CREATE, 40, after(7200))
    moved = Level("create", level.tat, NOON)
    assert granted(moved, CREATE, 1, after(3))[0] == 0
    _, emptied = granted(moved, CREATE, 1, NOON)
    assert emptied.held_until == after(3)


def test_how_long_one_more_would_wait_counts_those_before_it() -> None:
    _, level = granted(FRESH, CREATE, 40, NOON)
    assert wait(level, 0, NOON) == timedelta(seconds=3)
    assert wait(level, 9, NOON) == timedelta(seconds=30)
    assert wait(level, 0, after(60)) == timedelta()


@given(
    asked=st.lists(st.tuples(st.floats(0, 20, allow_nan=False), st.integers(1, 30)), min_size=1, max_size=60),
    tier=st.sampled_from([20, 50, 100]),
)
def test_the_workspace_never_refuses_what_was_granted(asked: list[tuple[float, int]], tier: int) -> None:
    clock = StandingClock()
    theirs = Buckets(MovableClock(clock))
    level, rate = Level("b", NOON, NOON), Rate(tier, 2 * tier - KEPT_BACK)
    for pause, wanted in asked:
        clock.at += timedelta(seconds=round(pause, 3))
        count, level = granted(level, rate, wanted, clock.at)
        assert [theirs.take("b", tier, 2 * tier) for _ in range(count)] == [0] * count


class StandingClock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


def test_every_tier_is_the_one_that_the_workspace_keeps() -> None:
    known = {name: method.tier for name, method in all_methods().items() if method.tier != UNLIMITED}
    for name, tier in known.items():
        if tier == PER_CHANNEL:
            assert rate_of(f"{name}:C1") == Rate(POSTS_PER_MINUTE, POST_BURST - 1)
        elif rate := rate_of(name):
            assert (name, rate) == (name, Rate(tier, 2 * tier - 1))


@pytest.mark.parametrize(
    "method",
    ["conversations.create", "conversations.invite", "chat.update", "bookmarks.add", "pins.add", "dnd.info"],
)
def test_what_effects_call_is_counted(method: str) -> None:
    assert SLACK.rate_of(bucket_of(method, {"channel": "C1"})) is not None
