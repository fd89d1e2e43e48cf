"""Any name, region and reason in an answer of /oncall: inside Slack's limits, and nobody is mentioned."""

from datetime import date, timedelta

from hypothesis import given, settings

from handlers.blocks.oncall import on_call_shared
from handlers.blocks.oncall_clashes import Clashes, holidays
from handlers.blocks.oncall_reasons import history, why
from handlers.blocks.oncall_reports import Covered, holes, load
from handlers.blocks.oncall_week import ALT_MAX, shifts_of, week, week_in_words
from handlers.blocks.reader import Reader
from rotations.absences import Clash
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine, Upcoming
from rotations.coverage import Coverage, Overlap, SeatCoverage
from rotations.load import Load
from rotations.model import Absence, Seat
from rotations.public_holidays import Collision, Holiday
from rotations.shifts import Gap
from rotations.strips import Plan, Run, Stretch, Strip
from tests.property.test_blocks_any_text import ANY_TEXT, assert_safe
from tests.support.block_samples import NOW

HOUR = timedelta(hours=1)
READER = Reader(lambda user: user, NOW, "America/New_York")


def planned(text: str) -> Plan:
    """Forty changes on every seat of six regions, every third of them open."""
    starts = [NOW + at * HOUR for at in range(40)]
    stretches = tuple(
        Stretch(
            at, at + HOUR, ("k",) if place % 3 else (), (text,) if place % 3 else (), (text, text, str(place))
        )
        for place, at in enumerate(starts)
    )
    strips = tuple(Strip(f"{text}{at}", "Asia/Tokyo", seat, stretches) for at in range(6) for seat in Seat)
    return Plan(text, NOW, NOW + timedelta(days=7), strips, (Gap(NOW, NOW + HOUR, None, None),))


@given(ANY_TEXT)
@settings(max_examples=25, deadline=None)
def test_any_name_in_days_of_shifts_fits_slack_and_mentions_nobody(text: str) -> None:
    plan = planned(text[:200])
    assert_safe(week(plan, {f"{text}0": "Asia/Tokyo"}, READER, is_lead=True))
    assert len(week_in_words(plan, READER.zone)) <= ALT_MAX
    strip = plan.strips[0]
    rows = [(text, strip, Run(strip.stretches[:7])), ("other", strip, Run(strip.stretches[:1]))] * 20
    assert_safe(shifts_of(text, rows, 8, READER))
    assert_safe(shifts_of(text, (), 8, READER))


@given(ANY_TEXT)
@settings(max_examples=25, deadline=None)
def test_any_name_in_a_report_fits_slack_and_mentions_nobody(typed: str) -> None:
    text = typed[:200]  # names of regions and schedules travel in the values of buttons
    gaps = tuple(Gap(NOW + at * 7 * HOUR, NOW + (at * 7 + 1) * HOUR, text, Seat.BACKUP) for at in range(40))
    seats = tuple(SeatCoverage(text, seat, 9 * HOUR, 8 * HOUR) for seat in Seat)
    overlaps = (Overlap(NOW, NOW + HOUR, (text, f"{text}2")),)
    covered = Covered(text, Coverage(NOW, NOW + 99 * HOUR, 98 * HOUR, seats, gaps, overlaps), (), {})
    assert_safe(holes([covered, covered], READER, is_lead=True))
    loads = [Load(text, (Seat.PRIMARY,), 1.5, 2, 3, 4, 5, 6)] * 99
    assert_safe(load(loads, loads, {text: text}, NOW, READER))
    clash = Clash(text, Absence("a", text, NOW, NOW + HOUR, text), text, Seat.LEAD, NOW, NOW + HOUR)
    holiday = Collision(text, Holiday(date(2026, 12, 25), text), text, Seat.LEAD, NOW, NOW + HOUR)
    clashes = Clashes(text, (holiday,) * 30, (clash,) * 30, {})
    assert_safe(holidays([clashes], {text: text}, lambda _: True, READER))


@given(ANY_TEXT)
@settings(max_examples=25, deadline=None)
def test_any_name_in_a_reason_fits_slack_and_mentions_nobody(text: str) -> None:
    lines = tuple(SeatLine(text, seat, ("k",), (text,), NOW, NOW, NOW, (text,) * 12) for seat in Seat)
    regions = (RegionAnswer(text, "Asia/Tokyo", NOW, lines),) * 6
    answer = OnCallAnswer(NOW, regions, (Upcoming(NOW, text, lines),) * 9, ())
    nobody = OnCallAnswer(NOW, (), (), ())
    for message in (
        why(answer, "", READER),
        history(None, answer, "", READER),
        history(nobody, answer, "", READER),
    ):
        assert_safe(message)
    assert_safe(on_call_shared(answer, {}, READER, text))
    assert_safe(why(nobody, "Asia/Tokyo", READER))
