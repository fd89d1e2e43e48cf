"""The pieces that commands are read from: a head over the line, keys, people, severities, roles, times.

Every step takes time linear in the line, whatever is in it. Nothing here knows a verb."""

import re
from datetime import datetime, time, timedelta

from msgspec import Struct

from incidents.model import Role, Severity
from rotations.wallclock import instant, local

_WORD = re.compile(r"\s*(<[^<>\s][^<>]*>|\S+)")
_KEY = re.compile(r"INC-\d{1,9}|R-[A-Z0-9]{3,12}", re.IGNORECASE)
_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>")
_SEVERITY = re.compile(r"sev[- ]?(\d{1,9}):?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(am|pm|z)?", re.IGNORECASE)
_TOKEN = re.compile(r"<([^<>]*)>")

ROLES = {
    "im": Role.MANAGER,
    "manager": Role.MANAGER,
    "command": Role.MANAGER,
    "deputy": Role.DEPUTY,
    "scribe": Role.SCRIBE,
    "comms": Role.COMMS,
    "communications": Role.COMMS,
    "specialist": Role.SPECIALIST,
    "liaison": Role.LIAISON,
    "approver": Role.APPROVER,
}


class Head:
    """The line and the place up to which it has been read."""

    def __init__(self, line: str) -> None:
        self._line = line
        self._place = 0

    def peek(self) -> str:
        """The next word, as typed; "" at the end. A mention or link is one word."""
        found = _WORD.match(self._line, self._place)
        return found[1] if found else ""

    def take(self) -> str:
        found = _WORD.match(self._line, self._place)
        self._place = found.end() if found else len(self._line)
        return found[1] if found else ""

    def take_one_of(self, *words: str) -> bool:
        """Whether the next word is one of these; if so it is passed."""
        is_there = self.peek().casefold() in words
        if is_there:
            self.take()
        return is_there

    def take_key(self) -> str:
        """The incident's key if it stands here, in capitals; else ""."""
        key = key_of(self.peek())
        if key:
            self.take()
        return key

    def rest(self) -> str:
        """All that is left, as typed."""
        return self._line[self._place :].strip()

    def few(self, limit: int) -> tuple[str, ...] | None:
        """The words that are left where they are `limit` at most, without moving; else None."""
        place = self._place
        words: list[str] = []
        while found := _WORD.match(self._line, place):
            if len(words) == limit:
                return None
            words.append(found[1])
            place = found.end()
        return tuple(words)


def key_of(word: str) -> str:
    """`inc-142` → `INC-142`; "" for what is no key."""
    bare = word.rstrip(":,.")
    return bare.upper() if _KEY.fullmatch(bare) else ""


def person_of(word: str) -> str:
    """`<@U123|bo>` → `U123`; "" for what is no mention."""
    found = _MENTION.fullmatch(word)
    return found[1] if found else ""


def severity_digits(word: str) -> str:
    """`sev1`, `SEV-1:` → `1`; digits that name no severity come back too; "" for other words."""
    found = _SEVERITY.fullmatch(word)
    return found[1] if found else ""


def severity_of(digits: str) -> Severity | None:
    """None where no severity has this number."""
    return Severity(int(digits)) if digits in {str(each.value) for each in Severity} else None


def as_typed(text: str) -> str:
    """Slack's transport form → what the person saw when typing: `<@U1|bo>` → `@bo`, `&lt;` → `<`.

    A group mention keeps its form, so that it can never be read as somebody's account.
    """
    shown = _TOKEN.sub(_shown, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _shown(found: re.Match[str]) -> str:
    target, bar, label = found[1].partition("|")
    if target.startswith(("@", "#")):
        return f"{target[0]}{label}" if bar and label else found[0]
    return target if target.startswith(("http:", "https:", "mailto:")) else found[0]


class ClockTime(Struct, frozen=True):
    """A time of day as typed: in the asker's zone, or in UTC where that was said."""

    hour: int
    minute: int
    is_utc: bool = False


def clock_time(word: str) -> ClockTime | None:
    """`14:05`, `2:05pm`, `14:05Z`; None for what is no time of day."""
    found = _CLOCK.fullmatch(word)
    if found is None:
        return None
    hour, minute, suffix = int(found[1]), int(found[2]), (found[3] or "").lower()
    if suffix in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if suffix == "pm" else 0)
    return ClockTime(hour, minute, suffix == "z") if hour < 24 and minute < 60 else None


def read_time(head: Head) -> ClockTime | None:
    """The time at the head, with the UTC that may follow it; the head moves past them, or past one word."""
    at = clock_time(head.take().rstrip(","))
    if at is not None and head.take_one_of("utc", "gmt", "z", "utc,", "utc:"):
        return ClockTime(at.hour, at.minute, True)
    return at


def instant_of(spoken: ClockTime, zone: str, now: datetime) -> datetime:
    """The time today in the asker's zone; yesterday's, where today's still lies ahead."""
    there = "UTC" if spoken.is_utc else zone
    today = local(now, there).date()
    at = instant(today, time(spoken.hour, spoken.minute), there)
    return at if at <= now else instant(today - timedelta(days=1), time(spoken.hour, spoken.minute), there)
