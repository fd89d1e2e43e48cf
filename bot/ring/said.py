"""Reading what providers say, and saying words so that they are understood. Pure; nothing is trusted."""

import hashlib
import re
from datetime import UTC, datetime
from typing import Any

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_KEY = re.compile(r"\b([A-Z]+)-([A-Z0-9]+)\b")
_SEVERITY = re.compile(r"\bSEV(\d)\b,?")


def text(value: Any, most: int = 256) -> str:
    """A short line of text, or ""."""
    return value if isinstance(value, str) and len(value) <= most and value.isprintable() else ""


def instant(value: Any) -> datetime | None:
    """Seconds since 1970, or RFC 3339 with its zone. None for what is neither, 0 included."""
    try:
        at = _instant(value)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at > _EARLIEST else None


def _instant(value: Any) -> datetime:
    if isinstance(value, str):
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError("an instant without its zone")
        return at.astimezone(UTC)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no instant")
    return datetime.fromtimestamp(value, UTC)


def phone_number(written: str) -> str:
    """`+1 (555) 010-0123` as E.164 has it, `+15550100123`; "" when it is none with its country."""
    number = re.sub(r"[\s().-]", "", written)
    return number if _NUMBER.fullmatch(number) else ""


def mark_of(key: str) -> str:
    """Our key as a provider may know it: opaque, the same for every try."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def spoken(words: str) -> str:
    """As a voice reads it to be understood: `SEV1 INC-142. …` → `Sev 1. I N C, 1 4 2. …`"""
    spelled = _KEY.sub(lambda found: f"{' '.join(found[1])}, {' '.join(found[2])}", words)
    return _SEVERITY.sub(r"Sev \1.", spelled)
