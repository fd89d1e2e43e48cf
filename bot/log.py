"""One line per event, key=value, to a file or to stderr. Never tokens, passwords or message bodies.

Everything written passes the redaction here, the SDK's own lines and tracebacks included."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from handlers.at_hand import ACTOR, DELIVERY

BOUND = ("incident", "actor", "delivery", "effect", "method", "attempt", "error", "ms")
_QUIET = ("slack_bolt", "slack_sdk", "websocket", "apscheduler", "asyncio", "aiohttp", "urllib3", "uvicorn")
_SECRETS = (
    (re.compile(r"\bx(?:ox[a-z]|app|oxe\.xox[a-z])-[A-Za-z0-9-]+"), "x***"),
    (re.compile(r"(?<=://)[^\s/@:]*:[^\s/@]+@"), "***@"),
    (re.compile(r"(?i)((?:bearer|token|secret|password|ticket)[=: ]+)[^\s&\"',}]+"), r"\1***"),
    (
        re.compile(r"(?i)(/(?:services|response|actions|commands|upload|calendar)/)[A-Za-z0-9/_-]{8,}"),
        r"\1***",
    ),
)
_PLAIN = re.compile(r"[A-Za-z0-9_.:@/+*-]+")


def redacted(text: str) -> str:
    """The text without anything that opens a door."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class KeyValueFormatter(logging.Formatter):
    """`2026-03-02T14:05:00.123Z level=info at=bot.socket said="connected" incident=INC-7`

    Whose delivery it was about stands there, too. It is formatted on the thread that says it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [
            at.replace("+00:00", "Z"),
            f"level={record.levelname.lower()}",
            f"at={record.name}",
            f"said={_value(record.getMessage())}",
        ]
        at_hand = {"delivery": DELIVERY.get(), "actor": ACTOR.get()}
        bound = ((name, getattr(record, name, at_hand.get(name))) for name in BOUND)
        parts += [f"{name}={_value(str(value))}" for name, value in bound if value not in (None, "")]
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(f"trace={_value(_where(record.exc_info[1]))}")
        return " ".join(parts)


def set_up_logging(folder: Path | None, level: int = logging.INFO) -> logging.Handler:
    """Log to `meridian.log` in the folder, or to stderr. Returns the handler, so that it can be taken off."""
    handler: logging.Handler
    if folder is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(folder / "meridian.log", encoding="utf-8")
    handler.setFormatter(KeyValueFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    for name in _QUIET:  # below WARNING these write envelopes and message bodies
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def _value(text: str) -> str:
    """Quoted where needed; control characters (line breaks, terminal codes) come out escaped."""
    text = redacted(text)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=True)


def _where(error: BaseException) -> str:
    """The error's type and the last places it passed; not its message, which may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    return f"{type(error).__name__} in {places}"
