"""What a log line shows, and what it never shows."""

import logging
import sys

import pytest

from bot.log import KeyValueFormatter, redacted
from handlers.at_hand import in_hand


def line(message: str, **bound: object) -> str:
    record = logging.LogRecord("bot.socket", logging.INFO, __file__, 1, message, (), None)
    record.__dict__.update(bound)
    return KeyValueFormatter().format(record)


@pytest.mark.parametrize(
    "text",
    [
        "token=xoxb-1-hush",
        "Authorization: Bearer hush",
        "xapp-1-A0-hush",
        "postgresql://me:hush@db/x",
        "wss://wss.slack.example/link?ticket=hush",
        "https://hooks.slack.example/services/T000/B000/hush",
        "GET /calendar/hushhush.ics",
    ],
)
def test_what_opens_a_door_is_redacted(text: str) -> None:
    assert "hush" not in redacted(text)


def test_a_line_is_keys_and_values() -> None:
    found = line("connected", incident="INC-7", method="auth.test", error="")
    assert found.split(" ", 1)[1] == "level=info at=bot.socket said=connected incident=INC-7 method=auth.test"


def test_a_line_says_which_delivery_was_in_hand_and_whose() -> None:
    with in_hand("event:Ev1", "UANA"):
        found = line("failed", effect="page:1")
    assert found.endswith("said=failed actor=UANA delivery=event:Ev1 effect=page:1")
    assert "delivery" not in line("failed")


def test_a_line_stays_one_line_without_terminal_codes() -> None:
    found = line("a\r\nlevel=error \x1b[31mred")
    assert "\n" not in found
    assert "\x1b" not in found


def test_a_trace_tells_where_and_not_what() -> None:
    try:
        raise ValueError("what somebody typed")
    except ValueError:
        record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    found = KeyValueFormatter().format(record)
    assert "ValueError in test_bot_log.py" in found
    assert "typed" not in found
