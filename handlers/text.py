"""Words made safe and short for Slack: escaping, clipping, people's names, times and spans.

User text reaches a message through `literal` or `paragraph` alone: it is shown as typed and mentions nobody.
Instants are aware UTC. Nothing here reads a clock."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rotations.zones import city as city_of
from rotations.zones import is_zone, rules_of

Names = Callable[[str], str]

ELLIPSIS = "…"

_TOKEN = re.compile(r"&(?:amp|lt|gt);|<[^<>]*>|.", re.DOTALL)
_BLANK = re.compile(r"\s+")
_BLANK_IN_LINE = re.compile(r"[^\S\n]+")
_FENCE = re.compile(r"`{3,}")
# Joiners shape emoji and several scripts; every other invisible sign only misleads the reader.
_JOINERS = "\u200c\u200d"
_INVISIBLE = ("Cc", "Cf", "Cs")
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_ISOLATE, _POP = "\u2068", "\u2069"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAME_DAY = timedelta(hours=12)


def literal(text: str, limit: int) -> str:
    """One line of mrkdwn, at most `limit` characters, showing `text` as typed; "" if nothing is visible."""
    return _safe(_BLANK.sub(" ", _bounded(text, limit)), limit)


def paragraph(text: str, limit: int) -> str:
    """Like `literal`, keeping line breaks, never more than one empty line in a row."""
    bounded = _bounded(text, limit).replace("\r\n", "\n").replace("\r", "\n")
    lines = _BLANK_IN_LINE.sub(" ", bounded)
    return _safe(re.sub(r"\n\s*\n+", "\n\n", lines), limit)


def plain(text: str, limit: int) -> str:
    """One line for a `plain_text` object, which Slack does not parse: cleaned, isolated, not escaped."""
    cleaned = _clean(_BLANK.sub(" ", _bounded(text, limit)))
    cut = cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + ELLIPSIS
    return _isolated(cut, limit)


def clip(markup: str, limit: int) -> str:
    """Markup of at most `limit` characters, cut between entities and tokens, never inside one."""
    if len(markup) <= limit:
        return markup
    kept, room = [], limit - len(ELLIPSIS)
    for token in _TOKEN.findall(markup):
        if len(token) > room:
            break
        kept.append(token)
        room -= len(token)
    return "".join(kept).rstrip(" \n" + _JOINERS) + ELLIPSIS


def date_token(at: datetime, form: str = "{time}") -> str:
    """Slack's date token: each reader sees their own time; where it is not understood, UTC."""
    return f"<!date^{int(at.timestamp())}^{form}|{utc_time(at)}>"


def shared_time(at: datetime, now: datetime) -> str:
    """For messages that several people read: `{14:30 your time} · 19:30 UTC`, with the day if far off."""
    form = "{time} your time" if _is_near(at, now) else "{date_short_pretty} {time} your time"
    return f"{date_token(at, form)} · {utc(at, now)}"


def shared_time_short(at: datetime, now: datetime) -> str:
    """The reader's own time alone, for a second time in a line that has UTC already."""
    return date_token(at, "{time}" if _is_near(at, now) else "{date_short_pretty} {time}")


def utc_time(at: datetime) -> str:
    return f"{at:%H:%M} UTC"


def utc(at: datetime, now: datetime) -> str:
    """`19:30 UTC`, with the day in front when it is more than half a day from `now`."""
    return utc_time(at) if _is_near(at, now) else f"{day(at)} {utc_time(at)}"


def own_time(at: datetime, zone: str, now: datetime) -> str:
    """For direct messages: `14:05 New York (19:05 UTC)`, with the day when it is not the reader's today."""
    tz = zone_of(zone)
    if tz.key == "UTC":
        return utc(at, now)
    local = at.astimezone(tz)
    clock = f"{local:%H:%M} {city(zone)}"
    if local.date() != now.astimezone(tz).date():
        clock = f"{day(local)} {clock}"
    return f"{clock} ({utc_time(at)})"


def city(zone: str) -> str:
    """`America/New_York` → `New York`; what is no zone reads `UTC`."""
    return city_of(zone_of(zone).key)


def zone_of(zone: str) -> ZoneInfo:
    """The zone of that name, UTC when there is none: a wrong profile must not lose a message."""
    return rules_of(zone) if is_zone(zone) else rules_of("UTC")


def day(at: datetime) -> str:
    """`Mon 7 Dec`, whatever the process's locale is."""
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}"


def dated(at: datetime, now: datetime) -> str:
    """`Mon 7 Dec`, and in another year than `now` with it: `Sun 14 Mar 2027`."""
    return day(at) if at.year == now.year else f"{day(at)} {at.year}"


def span(length: timedelta) -> str:
    """`5 min`, `6 h 12 min`, `2 d 3 h`: to the nearest minute, as two clock times differ."""
    minutes = max(0, round(length.total_seconds() / 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return _joined((minutes // 60, "h"), (minutes % 60, "min"))
    return _joined((minutes // 1440, "d"), (minutes % 1440 // 60, "h"))


def left(length: timedelta) -> str:
    """`in 5 min`, and within the last half minute `now`."""
    return f"in {span(length)}" if length > timedelta(seconds=30) else "now"


def count(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def person(name: str) -> str:
    """A display name inside mrkdwn: names are typed by people, so they are escaped as any text."""
    return literal(name, 60) or "somebody without a name"


def channel_link(channel_id: str) -> str:
    return f"<#{channel_id}>"


def sentence(text: str) -> str:
    """The text with one full stop at its end, unless it ends a sentence already."""
    stripped = text.strip()
    return stripped if stripped.endswith((".", "?", "!", ELLIPSIS)) else f"{stripped}."


def _joined(*parts: tuple[int, str]) -> str:
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def _is_near(at: datetime, now: datetime) -> bool:
    return abs(at - now) < _SAME_DAY


def _bounded(text: str, limit: int) -> str:
    """So much of a huge text as can count: a page must not wait for 100,000 signs nobody will see."""
    return text[: 20 * limit + 1000]


def _safe(text: str, limit: int) -> str:
    cleaned = _FENCE.sub("``", _clean(text))
    escaped = cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _isolated(clip(escaped, limit), limit)


def _clean(text: str) -> str:
    """Without controls, bidirectional overrides and zero-width signs; joiners only between visible signs."""
    kept = "".join(sign for sign in text if _is_shown(sign))
    return kept.strip(" \n" + _JOINERS)


def _is_shown(sign: str) -> bool:
    return sign in "\n" + _JOINERS or unicodedata.category(sign) not in _INVISIBLE


def _isolated(text: str, limit: int) -> str:
    """Right-to-left text between isolates, so that it cannot turn round the words beside it."""
    if not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return f"{_ISOLATE}{clip(text, limit - 2)}{_POP}"
