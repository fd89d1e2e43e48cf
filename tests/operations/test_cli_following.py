"""`import ics URL --follow`, what is followed, and its end: an address is never said whole."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import calendars_in
from bot.cli.following import about_followed
from incidents.subscriptions import Failing, Subscription
from rotations.model import Seat
from rotations.replanning import Place
from tests.support.command_line import CommandLine, Told
from tests.support.followed import SECRET, calendar

PLAN = """
people:
  ana: {name: Ana Lima, slack: UANA}
  bo: {name: Bo Chen, slack: UBO}
schedules:
  safety:
    regions:
      EMEA:
        zone: Europe/Berlin
        starts: "09:00"
        seats: {primary: {rotation: {members: [ana], turn: 1 week, from: 2026-01-05, at: "09:00"}}}
"""
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the command line has the machine's clock


@pytest.fixture
def bot(bot: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    plan = tmp_path / "schedules.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    assert bot("apply", plan).code == 0
    monkeypatch.setattr(calendars_in, "fetched", lambda _: calendar(("Bo Chen", NOW + timedelta(days=7), 24)))
    return bot


def follow(bot: CommandLine, *more: str, url: str = SECRET) -> Told:
    return bot("import", "ics", url, "--follow", "--yes", *more)


def test_an_address_is_imported_and_followed_from_then_on(bot: CommandLine) -> None:
    told = follow(bot)
    assert told.code == 0, told.err
    assert "Imported 1 shift for EMEA primary" in told.out
    assert "It is followed from now on" in told.out
    listed = bot("import", "following").out
    assert "EMEA primary: calendar.example.com …x9f2, read well at" in listed
    assert "private" not in told.out + told.err + listed


def test_followed_twice_it_is_followed_once(bot: CommandLine) -> None:
    follow(bot)
    assert follow(bot).code == 0
    (one,) = bot("import", "following", "--json").document()
    assert (one["calendar"], one["seat"], one["failing_since"]) == (
        "calendar.example.com …x9f2",
        "primary",
        None,
    )


def test_a_seat_that_follows_a_calendar_is_not_imported_from_another(bot: CommandLine) -> None:
    follow(bot)
    told = follow(bot, url=f"{SECRET}-other")
    assert told.code == 1
    assert "EMEA primary follows a calendar already" in told.err
    assert "Imported" not in told.out


@pytest.mark.parametrize("words", [("rota.ics",), (SECRET, "--dry-run")])
def test_only_an_address_is_followed_and_in_earnest(bot: CommandLine, words: tuple[str, ...]) -> None:
    assert bot("import", "ics", *words, "--follow").code == 2


def test_where_nothing_can_be_taken_nothing_is_followed(
    bot: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendars_in, "fetched", lambda _: calendar())
    assert follow(bot).code == 1
    assert bot("import", "following").out == "No calendar is followed.\n"


def test_one_is_followed_no_more_by_the_end_of_its_address(bot: CommandLine) -> None:
    follow(bot)
    assert bot("import", "unfollow", "none").code == 1
    told = bot("import", "unfollow", "x9f2")
    assert (told.code, "its address is forgotten" in told.out) == (0, True)
    assert bot("import", "following", "--json").document() == []


def test_status_and_doctor_say_when_it_was_last_read_well(bot: CommandLine) -> None:
    follow(bot)
    status, doctor = bot("status"), bot("doctor")
    assert "Followed calendar: EMEA primary: calendar.example.com …x9f2, read well at" in status.out
    assert "ok       a followed calendar: EMEA primary" in doctor.out
    assert [one["seat"] for one in bot("status", "--json").document()["followed"]] == ["primary"]
    assert "private" not in status.out + doctor.out


def test_doctor_misses_a_calendar_that_cannot_be_read() -> None:
    place = Place("safety", "EMEA", Seat.PRIMARY)
    failing = Failing(NOW, 3, "It is gone.", True)
    one = Subscription("s1", SECRET, "host …9f2", place, "UDANA", NOW, NOW, failing=failing)
    (finding,) = about_followed([one])
    assert finding.what.endswith("It is gone")
    assert "never read well, not read since" in finding.what
    assert finding.advice.endswith("import unfollow s1")
