"""The leads' forms and their previews, as people read them."""

import re
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks.plan_forms import (
    Away,
    Outcome,
    absence_form,
    absence_preview,
    menu,
    order_form,
    paste_form,
    person_form,
    place_options,
    preview_form,
    roster_form,
    sure_form,
)
from handlers.commands import NotUnderstood
from handlers.plan_edits import MOST_MEMBERS, dump_edit, load_edit, members_in
from rotations.model import Mode, Organisation, Person, Roster, Schedule, Seat
from rotations.own_shifts import OwnShift
from rotations.preview import Stretch, preview
from rotations.replanning import NewOrder, NewPerson, NewShifts, Place, replanned
from rotations.roster_csv import RosterWish, read_roster
from sandbox import check
from tests.support.blocks import texts
from tests.support.golden import assert_golden_message, assert_golden_view
from tests.support.schedules import chain, region, rotation, utc

NOW = utc("2026-11-30 18:00")
AMER = region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", "2026-11-30", "12:00"))
LEGAL = region("Legal", "Europe/London", "09:00", primary=rotation("cy"))
PEOPLE = (Person("ana", "Ana Lima"), Person("bo", "Bo Chen"), Person("cy", "Cy <Okafor>"))
PLAN = Organisation(PEOPLE, (chain(AMER), Schedule("legal", Mode.CHAIN, (LEGAL,))), paged="safety")
PLACE = Place("safety", "AMER", Seat.PRIMARY)
ORDER = NewOrder(PLACE, (("bo",), ("ana", "cy")), date(2026, 12, 7))


def outcome() -> Outcome:
    stretches = preview(PLAN, replanned(PLAN, ORDER, NOW), PLACE, (NOW, NOW + timedelta(weeks=4)))
    rows = ("AMER primary, Mon 14 Dec 12:00 New York: Ana Lima and Cy <Okafor> instead of Ana Lima",)
    return Outcome({PLACE: stretches}, {PLACE: "America/New_York"}, PLAN.names(), rows, rows)


def words(view: dict[str, object]) -> str:
    assert check.view(view) == []
    return "\n".join(texts(view["blocks"]))


def test_the_menu_names_what_can_be_changed() -> None:
    assert_golden_message("plan-menu", menu(PLAN))
    planned = replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())})
    alone = menu(Organisation(PEOPLE, (chain(planned),)))
    assert "Who takes turns" not in "".join(texts(list(alone.blocks)))


def test_places_are_named_as_people_say_them() -> None:
    other = Schedule("fraud", Mode.CHAIN, (region("AMER", "UTC", "09:00", backup=rotation("bo")),))
    labels = [label for label, _ in place_options(replace(PLAN, schedules=(other, *PLAN.schedules)))]
    assert labels == ["AMER primary", "fraud: AMER backup", "Legal primary"]


def test_the_order_stands_in_lines() -> None:
    view = order_form(PLACE, "2026-12-07", (("bo",), ("ana", "cy")), PLAN.names())
    assert_golden_view("plan-order", view)


def test_the_other_forms_ask_in_plain_words() -> None:
    assert_golden_view("plan-person", person_form(PLAN, "2026-12-01"))
    assert_golden_view("plan-absence", absence_form("2026-12-01"))
    assert_golden_view("plan-paste", paste_form(PLAN))


def test_a_person_can_be_added_where_nothing_takes_turns() -> None:
    planned = replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())})
    assert "Takes turns as" not in words(person_form(Organisation(PEOPLE, (chain(planned),)), "2026-12-01"))


def test_the_next_four_weeks_are_shown_with_what_changes() -> None:
    assert_golden_view("plan-preview", preview_form(outcome(), "meta"))


def test_what_moves_nobody_says_so() -> None:
    said = words(preview_form(Outcome({}, {}, {}), ""))
    assert "Nobody takes a turn by this." in said
    assert "Nobody's shift of the next 8 weeks moves." in said
    empty = Outcome({PLACE: ()}, {PLACE: "UTC"}, {})
    assert "Nobody is on call there." in words(preview_form(empty, ""))
    gone = Outcome({PLACE: (Stretch(NOW, NOW, (), ("ana",)),)}, {PLACE: "UTC"}, PLAN.names())
    assert re.search(r"\*nobody\*, was Ana Lima", words(preview_form(gone, "")))


def test_the_second_confirmation_names_what_it_is_about() -> None:
    assert_golden_view("plan-sure", sure_form(outcome(), "view.plan_sure", "meta"))


def test_pasted_lines_are_reported_before_they_count() -> None:
    lines = "ana,2026-12-01 09:00,2026-12-01 17:00,UTC,primary\nzoe,1,2,UTC,primary"
    report = read_roster(lines, Organisation(PEOPLE, (chain(AMER),)), RosterWish(), NOW)
    view = roster_form(report, outcome(), "America/New_York", "meta")
    assert_golden_view("plan-roster", view)
    many = read_roster("\n".join(["zoe,1,2,UTC,primary"] * 60), PLAN, RosterWish(), NOW)
    nothing = roster_form(many, outcome(), "UTC", "")
    assert "submit" not in nothing
    assert "and 20 more lines" in words(nothing)


def test_an_absence_marks_the_shifts_that_need_cover() -> None:
    away = Away("Ana Lima", "America/New_York", utc("2026-12-01 05:00"), utc("2026-12-02 05:00"))
    shifts = tuple(
        OwnShift("ana", "safety", "AMER", Seat.PRIMARY, start, start + timedelta(hours=8))
        for start in (NOW, NOW + timedelta(days=1), NOW + timedelta(days=2))
    )
    assert_golden_view("plan-absence-preview", absence_preview(away, shifts, "meta"))
    said = words(absence_preview(away, (), ""))
    assert "No shift in that time." in said
    assert "Ana Lima has no shift in the next four weeks." in said


def test_members_are_read_by_name_or_key_one_a_line() -> None:
    assert members_in("bo\n\n Ana Lima + cy \n", PLAN) == (("bo",), ("ana", "cy"))
    for lines, why in (
        ("bo\nanna", 'Line 2: There is no person "anna". Did you mean "ana"?'),
        (" \n", "Somebody has to be left"),
        ("bo\n" * (MOST_MEMBERS + 1), "At most 60"),
    ):
        with pytest.raises(NotUnderstood, match=re.escape(why)):
            members_in(lines, PLAN)


@pytest.mark.parametrize(
    "edit", [ORDER, NewPerson(Person("di", "Di", skills=("fraud",)), (PLACE,), date(2026, 12, 1))]
)
def test_an_edit_goes_through_two_forms_unchanged(edit: NewOrder | NewPerson) -> None:
    assert load_edit(dump_edit(edit)) == edit


def test_what_a_form_cannot_keep_is_refused() -> None:
    long = replace(ORDER, members=tuple((f"person{number}" * 8,) for number in range(60)))
    for edit in (long, NewShifts("safety", {})):
        with pytest.raises(NotUnderstood, match="too long for a form"):
            dump_edit(edit)
