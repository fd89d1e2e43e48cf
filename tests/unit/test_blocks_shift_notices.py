"""Notices of shifts, Monday's post and the form behind them: the words that people read."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.notice_choices import choices_form, choices_kept
from handlers.blocks.outlook import outlook_post
from handlers.blocks.reader import Reader
from handlers.blocks.shift_notices import Told, shift_moved, shift_notice
from handlers.calls import Message
from rotations.daylight import ClockChange, Difference, Measure
from rotations.model import Seat
from rotations.notices import Notice, NoticeKind, Preferences, Quiet
from rotations.outlook import Hole, Outlook
from rotations.own_shifts import OwnShift
from tests.support.block_samples import NEW_YORK, name_of
from tests.support.golden import assert_accepted, assert_golden_message, assert_golden_view, words

STARTS = datetime(2026, 12, 7, 17, 0, tzinfo=UTC)  # 12:00 in New York
HOURS, DAY = timedelta(hours=8), timedelta(days=1)
SHIFT = OwnShift("ana", "safety", "AMER", Seat.PRIMARY, STARTS, STARTS + HOURS)
WEEK = tuple(replace(SHIFT, start=STARTS + n * DAY, end=STARTS + n * DAY + HOURS) for n in range(7))
NAMES = {"ana": "Ana Lima"}


def told(
    kind: NoticeKind, before: timedelta, shifts: Sequence[OwnShift] = (SHIFT,), zone: str = NEW_YORK
) -> Told:
    now = STARTS - before
    notice = Notice(kind, "ana", SHIFT, now, STARTS)
    return Told(notice, Reader(name_of, now, zone), NAMES, shifts)


def test_a_week_ahead() -> None:
    assert_golden_message("shift-week", shift_notice(told(NoticeKind.WEEK, 7 * DAY, WEEK)))


def test_the_evening_before_says_who_hands_over_and_why_it_is_theirs() -> None:
    it = told(NoticeKind.EVENING, timedelta(hours=18), WEEK)
    it = replace(it, why="Ana Lima covers: dentist", after="Niamh Byrne (EMEA)")
    assert_golden_message("shift-evening", shift_notice(it))


def test_an_hour_before() -> None:
    assert_golden_message("shift-hour", shift_notice(told(NoticeKind.HOUR, timedelta(hours=1))))


def test_a_late_hour_s_notice_says_what_is_left() -> None:
    assert "in 20 min" in words(shift_notice(told(NoticeKind.HOUR, timedelta(minutes=20))))


def test_a_public_holiday_to_the_person_and_to_the_lead() -> None:
    mine = told(NoticeKind.HOLIDAY, 21 * DAY)
    mine = replace(mine, notice=replace(mine.notice, about="Christmas Day & <Boxing> Day"))
    assert_golden_message("shift-holiday", shift_notice(mine))
    theirs = replace(mine, notice=replace(mine.notice, to="dana"))
    assert_golden_message("shift-holiday-lead", shift_notice(theirs))


def test_an_absence_to_the_lead() -> None:
    it = told(NoticeKind.ABSENCE, 5 * DAY)
    assert "You are on call while absent" in words(shift_notice(it))
    theirs = replace(it, notice=replace(it.notice, to="dana", about="a-1"))
    assert "Ana Lima is on call while absent" in words(shift_notice(theirs))


def test_a_notice_that_slack_refused_to_the_lead() -> None:
    it = replace(told(NoticeKind.HOUR, timedelta(hours=1)), error="user_not_found")
    assert_golden_message("shift-unreached", shift_notice(it))


def test_a_notice_whose_shift_has_moved_says_who_has_it() -> None:
    it = told(NoticeKind.WEEK, 7 * DAY)
    assert_golden_message("shift-moved", shift_moved(it, "Bo Chen"))
    assert "Bo Chen and Di Xu are on call then." in words(shift_moved(it, "Bo Chen and Di Xu"))
    assert "Nobody is on call then." in words(shift_moved(it, ""))


def test_shifts_of_different_lengths_are_only_counted() -> None:
    uneven = (SHIFT, replace(WEEK[1], end=WEEK[1].end + DAY / 24))
    assert "2 shifts." in words(shift_notice(told(NoticeKind.WEEK, 7 * DAY, uneven)))


def test_somebody_alone_is_told_of_no_end() -> None:
    it = replace(told(NoticeKind.WEEK, 7 * DAY, WEEK), is_endless=True)
    assert "From Mon 7 Dec 12:00 New York (17:00 UTC) on, with no end in sight." in words(shift_notice(it))


def test_the_lock_screen_says_when_and_no_more() -> None:
    message = shift_notice(told(NoticeKind.HOUR, timedelta(hours=1)))
    assert message.text == "On call from Mon 7 Dec 17:00 UTC"


def test_cover_is_asked_for_what_the_notice_is_about() -> None:
    message = shift_notice(told(NoticeKind.WEEK, 7 * DAY, WEEK))
    (actions,) = (block for block in message.blocks if block["type"] == "actions")
    values = {each["action_id"]: each.get("value", "") for each in actions["elements"]}
    until = "2026-12-14T01:00:00Z"
    assert values[ids.ASK_COVER] == f"safety|AMER|primary|ana|2026-12-07T17:00:00Z|{until}"
    assert values[ids.NOTICES_OFF] == "week"


MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CHANGE = ClockChange(
    datetime(2026, 3, 8, 7, 0, tzinfo=UTC), NEW_YORK, timedelta(hours=-5), timedelta(hours=-4)
)


def hole(days: int, count: int = 1, seat: Seat | None = Seat.BACKUP) -> Hole:
    start = MONDAY + days * DAY + timedelta(hours=1)
    last = start + HOURS + (count - 1) * DAY
    return Hole("EMEA" if seat else None, seat, start, start + HOURS, count, last)


def differing(measure: Measure, regions: tuple[str, ...], *hours: int) -> Difference:
    before, after = (timedelta(hours=each) for each in hours)
    start, until = datetime(2026, 3, 8, 9, 0, tzinfo=UTC), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)
    return Difference(measure, regions, start, until, before, after, (CHANGE,), "UTC")


def post(*seen: Outlook) -> Message:
    return outlook_post(seen, Reader(name_of, MONDAY))


def test_mondays_post_lists_open_shifts_and_what_the_clocks_do() -> None:
    differences = (
        differing(Measure.LENGTH, ("EMEA",), 8, 7),
        differing(Measure.OVERLAP, ("AMER", "EMEA"), 3, 4),
        differing(Measure.HOLE, ("APAC",), 0, 1),
    )
    safety = Outlook("safety", (hole(3, 3), hole(4, 1, None)), (CHANGE,), differences)
    assert_golden_message("outlook", post(safety, Outlook("legal", (), (CHANGE,), ())))


def test_a_full_fortnight_is_said_to_be_one() -> None:
    message = post(Outlook("safety", (), (), ()))
    assert_golden_message("outlook-full", message)
    assert message.text == "No open shift in the next 14 days"


def test_clocks_that_go_back_are_said_to() -> None:
    back = CHANGE._replace(before=CHANGE.after, after=CHANGE.before)
    assert "New York goes back 1 h" in words(post(Outlook("safety", (), (back,), ())))


def test_many_holes_are_counted_not_listed() -> None:
    message = post(Outlook("safety", tuple(hole(n % 14) for n in range(40)), (), ()))
    assert_accepted(message)
    assert "and 28 more: /oncall holes" in words(message)
    assert message.text == "40 open shifts in the next 14 days"


def test_the_form_shows_what_holds() -> None:
    chosen = Preferences(frozenset({NoticeKind.WEEK}), Quiet(time(22), time(7)))
    assert_golden_view("view-notices", choices_form(chosen, "Asia/Tokyo"))


@pytest.mark.parametrize("off", [frozenset(), frozenset(NoticeKind)])
def test_the_form_is_accepted_with_all_and_with_nothing(off: frozenset[NoticeKind]) -> None:
    assert_golden_view(f"view-notices-{len(off)}-off", choices_form(Preferences(off), "UTC"))


def test_what_was_kept_is_said_in_words() -> None:
    kept = Preferences(frozenset({NoticeKind.WEEK, NoticeKind.ABSENCE}), Quiet(time(22), time(7)))
    assert words(choices_kept(kept, "Asia/Tokyo")).startswith(
        "You are told of your shifts the evening before, an hour before and three weeks before a public"
        " holiday on call. Quiet from 22:00 until 07:00 Tokyo. Pages reach you as before."
    )
    nothing = Preferences(frozenset(NoticeKind))
    assert "You are told of no shift beforehand." in words(choices_kept(nothing, "UTC"))
