"""A clock that is set, and a machine that sleeps, are noticed at the next look; seconds that pass are not."""

import pytest

from bot.steps import Steps
from tests.support.clock import FakeClock


class Machine:
    """The hour on its wall and its own seconds, looked at each time something happens."""

    def __init__(self) -> None:
        self.clock, self.seconds, self.told = FakeClock(), 0.0, list[str]()
        self._steps = Steps(self.clock, lambda: self.seconds, self.told.append)
        self._steps.look()

    def live(self, seconds: float) -> None:
        self.seconds += seconds
        self.step(seconds)

    def step(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)
        self._steps.look()


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize(("by_s", "way"), [(3600, "ahead"), (6, "ahead"), (-6, "back"), (-3600, "back")])
def test_a_clock_that_is_set_is_told_once_and_logged(
    machine: Machine, caplog: pytest.LogCaptureFixture, by_s: int, way: str
) -> None:
    machine.step(by_s)
    for _ in range(3):
        machine.live(2)
    assert machine.told == [way]
    assert f"the clock went {way} {abs(by_s)} s" in caplog.text


@pytest.mark.parametrize("by_s", [5, -5])
def test_a_clock_that_is_put_right_by_little_is_nothing(machine: Machine, by_s: int) -> None:
    machine.step(by_s)
    assert machine.told == []


def test_looks_that_lie_far_apart_are_no_step(machine: Machine) -> None:
    machine.live(86_400)
    assert machine.told == []
