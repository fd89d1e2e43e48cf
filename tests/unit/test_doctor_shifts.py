"""Whoever is on call in the next 14 days and cannot be woken is named, with the first of their shifts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.applying import EXAMPLE, read_file
from bot.cli.doctor_shifts import Quiet, Reach, about_shifts, on_call
from bot.cli.findings import Finding, Roll, State
from incidents.people import Actor
from incidents.ringing import Proof
from tests.support.house import MONDAY, example_people

ORGANISATION = read_file(EXAMPLE)
LINKED = {person.key: str(person.slack) for person in ORGANISATION.people}
ACTORS = {actor.user: actor for actor in example_people()}
A_MONTH_AGO = MONDAY - timedelta(days=30)


def heard(user: str, at: datetime = A_MONTH_AGO, phone: bool = True) -> tuple[Proof, ...]:
    """One test, answered in Slack and where it is so on the phone."""
    return (Proof("t", user, at, "asked", user, slack_at=at, phone_at=at if phone else None, rang_at=at),)


WELL = Roll(ORGANISATION, LINKED, ACTORS, {user: heard(user) for user in ACTORS})


def about(
    roll: Roll = WELL,
    quiet: Mapping[str, Quiet] | None = None,
    without_phone: tuple[str, ...] = (),
    only_wakes: str = "",
) -> list[Finding]:
    def phone_of(actor: Actor) -> str:
        return "" if actor.user in without_phone else "webhook:1"

    return list(about_shifts(roll, quiet or {}, Reach(phone_of, only_wakes), MONDAY))


def test_when_everybody_can_be_woken_it_says_so_in_one_line() -> None:
    [found] = about()
    assert found.state is State.OK
    assert "everybody who is on call in the next 14 days" in found.what


def test_people_of_every_schedule_are_looked_at() -> None:
    users = {one.actor.user for one in on_call(WELL, MONDAY)}
    assert {"UANA", "UKENJI", "UNIAMH", "UIRIS"} <= users


def test_somebody_who_has_left_is_named_with_their_first_shift() -> None:
    gone = {**ACTORS, "UANA": replace(ACTORS["UANA"], is_deactivated=True)}
    [found] = about(replace(WELL, actors=gone))
    assert found.what == "on call and no longer in Slack: Ana Lima (from 30 Nov 19:00 UTC)"
    assert all(way in found.advice for way in ("/oncall override", "/oncall edit", "schedules file"))


def test_somebody_without_a_phone_is_named() -> None:
    [found] = about(without_phone=("UBO",))
    assert found.what == "on call without a phone that rings: Bo Chen (from 30 Nov 19:00 UTC)"


@pytest.mark.parametrize("days", [31, None])
def test_somebody_who_has_not_answered_a_test_in_30_days_is_named(days: int | None) -> None:
    ana = heard("UANA", MONDAY - timedelta(days=days)) if days else ()
    [found] = about(replace(WELL, tests={**WELL.tests, "UANA": ana}))
    assert found.what.startswith("on call without a proof in 30 days that a page reaches them: Ana Lima")
    assert found.advice.startswith("Test each: python -m bot page --test @person")


class TestAnsweredInSlackAlone:
    ROLL = replace(WELL, tests={**WELL.tests, "UANA": heard("UANA", phone=False)})

    def test_it_is_no_proof_of_somebodys_phone(self) -> None:
        [found] = about(self.ROLL)
        assert found.what.startswith("on call without a proof in 30 days that a page reaches them: Ana Lima")

    def test_an_answer_on_the_phone_some_days_before_is(self) -> None:
        before = (*self.ROLL.tests["UANA"], *heard("UANA"))
        assert [one.state for one in about(replace(WELL, tests={**WELL.tests, "UANA": before}))] == [State.OK]

    def test_it_is_one_where_no_phone_is_known(self) -> None:
        [found] = about(self.ROLL, without_phone=("UANA",))
        assert found.what.startswith("on call without a phone that rings")

    def test_it_is_one_where_a_call_cannot_be_answered_and_has_rung(self) -> None:
        assert [one.state for one in about(self.ROLL, only_wakes="webhook:")] == [State.OK]
        refused = tuple(replace(test, rang_at=None) for test in self.ROLL.tests["UANA"])
        refused_roll = replace(WELL, tests={**WELL.tests, "UANA": refused})
        assert [one.state for one in about(refused_roll, only_wakes="webhook:")] == [State.MISSING]


@pytest.mark.parametrize(
    "roll",
    [
        replace(WELL, linked={key: user for key, user in LINKED.items() if user != "UANA"}),
        replace(WELL, actors={user: actor for user, actor in ACTORS.items() if user != "UANA"}),
    ],
    ids=["not linked", "not described yet"],
)
def test_somebody_whom_slack_does_not_know_is_named(roll: Roll) -> None:
    [found] = about(roll)
    assert found.state is State.MISSING
    assert found.what == (
        "on call without a known Slack account, so that nothing pages them: Ana Lima (from 30 Nov 19:00 UTC)"
    )


class TestMuted:
    """Ana holds AMER from 12:00 to 20:00 New York."""

    NIGHT = (datetime(2026, 12, 1, 3, 0, tzinfo=UTC), datetime(2026, 12, 1, 13, 0, tzinfo=UTC))  # 22:00–08:00
    EVENING = (
        datetime(2026, 12, 1, 0, 0, tzinfo=UTC),
        datetime(2026, 12, 1, 12, 0, tzinfo=UTC),
    )  # from 19:00

    def test_hours_outside_every_shift_are_no_concern(self) -> None:
        assert len(about(quiet={"UANA": self.NIGHT})) == 1

    def test_hours_inside_a_shift_are_told_and_the_phone_rings_instead(self) -> None:
        found = about(quiet={"UANA": self.EVENING})
        assert [one.state for one in found] == [State.OK, State.OK]
        assert found[0].what.startswith(
            "muted in Slack during their shift, so their phones ring at once: Ana"
        )

    def test_without_a_phone_it_is_a_fault(self) -> None:
        found = about(quiet={"UANA": self.EVENING}, without_phone=("UANA",))
        assert [one.state for one in found] == [State.MISSING, State.MISSING]
        assert found[1].what.startswith("muted in Slack during their shift, without a phone that rings: Ana")

    def test_a_holiday_that_ends_before_the_shift_is_no_concern(self) -> None:
        holiday = (MONDAY - timedelta(days=9), MONDAY - timedelta(days=2))
        assert len(about(quiet={"UANA": holiday})) == 1
        assert len(about(quiet={"UANA": (holiday[0], MONDAY + timedelta(days=1))})) == 2

    def test_the_hours_are_those_of_the_persons_clock_when_it_changes(self) -> None:
        """Told in summer time, 19:30 to 22:00 New York; in winter Ana's shift still ends at 20:00 there."""
        summer = (datetime(2026, 10, 30, 23, 30, tzinfo=UTC), datetime(2026, 10, 31, 2, 0, tzinfo=UTC))
        assert len(about(quiet={"UANA": summer})) == 2

    def test_a_zone_that_does_not_exist_harms_nothing(self) -> None:
        lost = {**ACTORS, "UANA": replace(ACTORS["UANA"], zone="Mars/Olympus")}
        assert about(replace(WELL, actors=lost), quiet={"UANA": self.NIGHT})


def test_a_long_list_is_cut_and_counted() -> None:
    found = about(without_phone=tuple(ACTORS))
    assert found[0].what.endswith(" more")


def test_before_the_first_start_nobody_is_blamed_for_being_unknown() -> None:
    [found] = about(replace(WELL, actors={}))
    assert found.state is State.OK
    assert found.what == "whoever is on call is looked at once Meridian has run and knows Slack's people"


def test_without_a_schedule_there_is_nobody_to_name() -> None:
    assert about(Roll()) == []
