"""Notices of one's own shifts: when it begins, how long it lasts, what is in its way. Each for one reader.

A notice is no page: it asks for nothing, and each can be switched off from where it is read."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.blocks.rota_changes import ask_for_cover_button
from handlers.calls import Json, Message
from handlers.text import count, day, literal, sentence, span, utc_time
from rotations.notices import Notice, NoticeKind
from rotations.own_shifts import OwnShift

LABELS: Mapping[NoticeKind, str] = {
    NoticeKind.WEEK: "A week ahead",
    NoticeKind.EVENING: "The evening before",
    NoticeKind.HOUR: "An hour before",
    NoticeKind.HOLIDAY: "Three weeks before a public holiday on call",
    NoticeKind.ABSENCE: "When on call while absent",
}

_UNTOLD = {
    "no_account": "Meridian knows no Slack account of theirs, so pages do not reach them either",
    "account_inactive": "They have left this workspace, so pages do not reach them either",
}


class Told(Struct, frozen=True):
    """One notice for one reader. `shifts` are those that it is about (`is_endless`: no end is in sight),
    `why` is the reason where the rotation alone is none, `after` who hands over, as people read it; `names`:
    person key → name. `error`: Slack would not tell the person itself.
    """

    notice: Notice
    reader: Reader
    names: Mapping[str, str] = field(default_factory=dict)
    shifts: Sequence[OwnShift] = ()
    is_endless: bool = False
    why: str = ""
    after: str = ""
    error: str = ""

    @property
    def shift(self) -> OwnShift:
        return self.notice.shift

    @property
    def is_own(self) -> bool:
        return self.notice.to == self.shift.person and not self.error

    @property
    def who(self) -> str:
        return literal(self.names.get(self.shift.person, self.shift.person), 60)


def shift_notice(told: Told) -> Message:
    """Its lock-screen line says when, in UTC, and no more."""
    blocks = [
        kit.lines(
            f"*{_head(told)}*",
            _when(told),
            sentence(literal(told.why, 300)) if told.why else "",
            f"You take over from {literal(told.after, 200)}." if told.after else "",
        ),
        kit.actions(*_buttons(told), block_id="shift.actions"),
    ]
    small = kit.context(_small_print(told))
    return kit.message(_lock_screen(told), [*blocks, small])


def shift_moved(told: Told, who: str) -> Message:
    """What a notice becomes when its shift has moved: who is on call then, and no button of before."""
    seat = f"{literal(told.shift.region, 60)} {told.shift.seat.value}"
    holder = f"{literal(who, 200)} {'is' if ' and ' not in who else 'are'}" if who else "Nobody is"
    blocks = [
        kit.lines(
            f"*Changed since this notice: {seat}, {told.reader.own(told.shift.start)}*",
            f"{holder} on call then.",
        ),
        kit.actions(kit.button("Who is on call", ids.ON_CALL), block_id="shift.actions"),
    ]
    return kit.message(f"Changed · {day(told.shift.start)} {utc_time(told.shift.start)}", blocks)


def _head(told: Told) -> str:
    seat = f"{literal(told.shift.region, 60)} {told.shift.seat.value}"
    if told.error:
        return f"{told.who} could not be told of a shift: {seat}"
    you = "You are" if told.is_own else f"{told.who} is"
    match told.notice.kind:
        case NoticeKind.WEEK:
            return f"In a week you are on call: {seat}"
        case NoticeKind.EVENING:
            return f"Tomorrow you are on call: {seat}"
        case NoticeKind.HOUR:
            return f"You are on call in {span(told.shift.start - told.reader.now)}: {seat}"
        case NoticeKind.HOLIDAY:
            return f"{you} on call on {literal(told.notice.about, 200)}: {seat}"
        case NoticeKind.ABSENCE:
            return f"{you} on call while absent: {seat}"


def _when(told: Told) -> str:
    """From the beginning to the end of the last of its shifts; how many they are, and how long."""
    shifts = told.shifts or (told.shift,)
    start, end = shifts[0].start, shifts[-1].end
    if told.is_endless:
        return f"From {told.reader.own(start)} on, with no end in sight."
    many = f": {count(len(shifts), 'shift')}" if len(shifts) > 1 else ""
    lengths = {shift.end - shift.start for shift in shifts}
    each = f" of {span(lengths.pop())}" if many and len(lengths) == 1 else ""
    return f"From {told.reader.own(start)} until {told.reader.own(end)}{many}{each}."


def _buttons(told: Told) -> list[Json]:
    shift, end = told.shift, (told.shifts or (told.shift,))[-1].end
    cover = ask_for_cover_button(
        shift.schedule, shift.person, (shift.start, end), shift.region, shift.seat.value
    )
    if told.error:
        return [cover]
    off = kit.button("No more of these", ids.NOTICES_OFF, told.notice.kind.value)
    return [cover, off, kit.button("My notices", ids.NOTICES_OPEN)]


def _small_print(told: Told) -> str:
    if told.error:
        why = _UNTOLD.get(told.error, f"Slack refused the message ({literal(told.error, 80)})")
        return f"{why}. See that they know, or ask for cover."
    if told.notice.kind in (NoticeKind.HOLIDAY, NoticeKind.ABSENCE):
        return f"As it stands, pages go to {'you' if told.is_own else 'them'}."
    return ""


def _lock_screen(told: Told) -> str:
    at = f"{day(told.shift.start)} {utc_time(told.shift.start)}"
    return f"On call from {at}" if told.is_own else f"A shift of your region · {at}"
