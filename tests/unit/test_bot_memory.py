"""A process whose memory ran out ends, whoever notices it."""

import logging
import threading

import pytest

from bot.memory import SPENT, end_when_it_runs_out

log = logging.getLogger(__name__)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    root = logging.getLogger()
    monkeypatch.setattr(threading, "excepthook", lambda _died: None)
    monkeypatch.setattr(root, "handlers", [*root.handlers])
    end_when_it_runs_out(told.append)
    return told


def fails_with(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(("error", "told"), [(MemoryError(), [SPENT]), (OSError(), [])])
def test_whoever_logs_it_ends_the_process(ends: list[str], error: Exception, told: list[str]) -> None:
    try:
        fails_with(error)
    except Exception:
        log.exception("a delivery failed")
    assert ends == told


@pytest.mark.parametrize(("error", "told"), [(MemoryError(), [SPENT]), (OSError(), [])])
def test_a_thread_that_dies_of_it_ends_the_process(
    ends: list[str], error: Exception, told: list[str]
) -> None:
    thread = threading.Thread(target=fails_with, args=(error,))
    thread.start()
    thread.join()
    assert ends == told
