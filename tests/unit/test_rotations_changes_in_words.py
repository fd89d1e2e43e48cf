"""The words of cover, swap, absent and undo: what is read, what is asked back, where words are in the way."""

from pathlib import Path

import pytest

from rotations.file import parse
from rotations.model import OverrideKind, Seat
from rotations.query import read
from rotations.questions import Asking, Clarify, OverrideRequest
from rotations.refusals import Unclear
from rotations.wishes import AbsenceWish, CoverWish, NamedShift, SwapWish, UndoWish
from tests.support.schedules import utc

EXAMPLE = Path(__file__).parents[2] / "bot" / "example" / "organisation.yaml"
NEW_YORK = "America/New_York"
# Monday, 14:00 in New York: AMER holds.
NOW = utc("2026-11-30 19:00")


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking(parse(EXAMPLE.read_text(), "organisation.yaml"), NOW, NEW_YORK)


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("18:00–20:00", "2026-11-30 23:00", "2026-12-01 01:00"),
        ("now until tomorrow 9am", "2026-11-30 19:00", "2026-12-01 14:00"),
        ("sat", "2026-12-05 05:00", "2026-12-06 05:00"),
        ("sat–sun", "2026-12-05 05:00", "2026-12-07 05:00"),
        ("24 Dec–27 Dec", "2026-12-24 05:00", "2026-12-28 05:00"),
        ("2026-12-24 to 2026-12-27", "2026-12-24 05:00", "2026-12-28 05:00"),
        ("tomorrow", "2026-12-01 05:00", "2026-12-02 05:00"),
        ("today 20:00–tomorrow", "2026-12-01 01:00", "2026-12-02 05:00"),
        ("mon", "2026-11-30 05:00", "2026-12-01 05:00"),
        ("Thu 3 Dec 12:00–20:00 Tokyo", "2026-12-03 03:00", "2026-12-03 11:00"),
        ("2026-12-03 03:00 UTC–2026-12-03 11:00 UTC", "2026-12-03 03:00", "2026-12-03 11:00"),
        ("3 Dec 12:00 Tokyo to 20:00", "2026-12-03 03:00", "2026-12-03 11:00"),
        ("3 Dec 12:00 Tokyo until 20:00 UTC", "2026-12-03 03:00", "2026-12-03 20:00"),
    ],
)
def test_times_and_whole_days(line: str, start: str, end: str, asking: Asking) -> None:
    wish = read(f"absent {line}", asking)
    assert isinstance(wish, AbsenceWish)
    assert (wish.start, wish.end) == (utc(start), utc(end))


def test_an_absence_is_mine_or_somebody_elses(asking: Asking) -> None:
    assert read("absent sat for a wedding", asking) == AbsenceWish(
        None, utc("2026-12-05 05:00"), utc("2026-12-06 05:00"), NEW_YORK, "a wedding"
    )
    wish = read("absent <@UBO|bo> sat", asking)
    assert isinstance(wish, AbsenceWish)
    assert wish.person == "bo"


def test_cover_for_me_and_for_somebody_on_one_seat(asking: Asking) -> None:
    span = (utc("2026-12-03 17:00"), utc("2026-12-04 01:00"))
    assert read("cover me 2026-12-03 12:00–20:00 dentist", asking) == CoverWish(
        None, "safety", *span, NEW_YORK, reason="dentist"
    )
    assert read("cover @ana AMER backup 2026-12-03 12:00–20:00", asking) == CoverWish(
        "ana", "safety", *span, NEW_YORK, "AMER", Seat.BACKUP
    )


def test_a_swap_names_two_shifts_by_day_or_time(asking: Asking) -> None:
    seventh = NamedShift(utc("2026-12-07 05:00"), utc("2026-12-08 05:00"))
    fourteenth = NamedShift(utc("2026-12-14 05:00"), utc("2026-12-15 05:00"))
    for words in ("7 Dec 14 Dec", "7 Dec for 14 Dec", "Mon 7 Dec / Mon 14 Dec", "2026-12-07 with 2026-12-14"):
        assert read(f"swap @bo {words}", asking) == SwapWish("bo", "safety", NEW_YORK, seventh, fourteenth)
    noon = NamedShift(utc("2026-12-07 03:00"), utc("2026-12-07 03:00"))
    wish = read("swap @bo 7 Dec 12:00 for 14 Dec Asia/Tokyo because trip", asking)
    assert isinstance(wish, SwapWish)
    assert (wish.mine, wish.zone, wish.reason) == (noon, "Asia/Tokyo", "trip")


def test_a_swap_without_shifts_lets_them_be_chosen(asking: Asking) -> None:
    assert read("swap <@UBO|bo>", asking) == SwapWish("bo", "safety", NEW_YORK)


def test_undo_is_one_word(asking: Asking) -> None:
    assert read("undo", asking) == UndoWish()
    with pytest.raises(Unclear, match="takes back your last change"):
        read("undo everything", asking)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("override @bo", OverrideKind.REPLACE),
        ("override add @bo", OverrideKind.ADD),
        ("override remove @bo", OverrideKind.REMOVE),
        ("override replace @bo", OverrideKind.REPLACE),
    ],
)
def test_an_override_replaces_adds_or_removes(line: str, kind: OverrideKind, asking: Asking) -> None:
    wish = read(f"{line} primary now–20:00", asking)
    assert isinstance(wish, OverrideRequest)
    assert (wish.kind, wish.people, wish.region) == (kind, ("bo",), "AMER")


@pytest.mark.parametrize(
    ("line", "position", "sentence"),
    [
        ("cover", 5, "A person, like @bo, is missing at the end."),
        ("cover me", 8, "A time is missing at the end."),
        ("cover me 18:00", 14, "The end is missing; write the times like 18:00–20:00."),
        ("cover me EMEA shdow sat", 14, '"shdow" is no region, seat or time. Did you mean "shadow"?'),
        ("cover me AMER shadow sat", 0, "AMER has no shadow seat. There is: primary, backup, lead."),
        ("swap @bo 7 Dec", 14, "Their shift is missing; write both like 7 Dec for 14 Dec."),
        ("swap bo", 5, '"bo" names nobody; write it like @bo.'),
        ("absent 27 Dec–2026-12-24", 14, "It ends before it begins."),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    line: str, position: int, sentence: str, asking: Asking
) -> None:
    with pytest.raises(Unclear) as unclear:
        read(line, asking)
    assert (unclear.value.position, str(unclear.value)) == (position, sentence)


def test_a_city_before_a_reason_is_asked_back(asking: Asking) -> None:
    question = read("absent sat–sun London trip", asking)
    assert isinstance(question, Clarify)
    assert question.readings == (
        "absent sat–sun in Europe/London trip",
        "absent sat–sun because London trip",
    )
