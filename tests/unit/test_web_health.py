"""Rate limits as the metrics show them: by method, whatever channels and people stand behind it."""

from datetime import UTC, datetime, timedelta

from bot.web.health import _buckets

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


def test_what_waits_for_a_rate_limit_is_shown_by_method_and_names_no_channel() -> None:
    parked = {"chat.postMessage:C1": 2, "chat.postMessage:UANA": 3, "conversations.create": 1}
    held = {
        "chat.postMessage:C1": NOW + timedelta(seconds=2),
        "chat.postMessage:UANA": NOW + timedelta(seconds=5),
    }
    lines = [line for gauge in _buckets(parked, held, NOW) for line in gauge.lines() if line[0] != "#"]
    assert lines == [
        'meridian_bucket_waiting{method="chat.postMessage"} 5',
        'meridian_bucket_waiting{method="conversations.create"} 1',
        'meridian_bucket_held_seconds{method="chat.postMessage"} 5.0',
    ]
