"""A refusal in Slack's own words. Raised by rules, turned into JSON at the edge."""

from typing import Any


class SlackError(Exception):
    """`code` is Slack's error code; `extra` is merged into the answer beside `ok: false, error: code`."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


def invalid_arguments(*messages: str) -> SlackError:
    """`invalid_arguments` with Slack's `[ERROR] …` lines."""
    lines = [f"[ERROR] {message}" for message in messages]
    return SlackError("invalid_arguments", response_metadata={"messages": lines})
