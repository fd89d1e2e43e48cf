"""`import ics`: a calendar onto a seat; what it does is said, asked back where it is soon, and done once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, primary_at

PLAN = """
people:
  ana: {{name: Ana Lima, slack: UANA}}
  bo: {{name: Bo Chen, slack: UBO}}
schedules:
  safety:
    regions:
      EMEA:
        zone: Europe/Berlin
        starts: "09:00"
        seats:
          primary: {{rotation: {{members: [ana], turn: 1 week, from: {since}, at: "09:00"}}}}
"""
NOW = datetime.now(UTC)  # noqa: TID251 - the command line has the machine's clock


@pytest.fixture
def bot(bot: CommandLine, tmp_path: Path) -> CommandLine:
    plan = tmp_path / "schedules.yaml"
    plan.write_text(PLAN.format(since=(NOW - timedelta(days=9)).date()), encoding="utf-8")
    assert bot("apply", plan).code == 0
    return bot


def at(days: int) -> datetime:
    return (NOW + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)


def calendar(folder: Path, *rows: tuple[str, int, int], zone: str = "") -> Path:
    """Events of whom, from and until which day; without a zone in UTC."""
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:{who}\r\n"
        + "".join(
            f"{name}{zone}:{at(day):%Y%m%dT%H%M%S}{'' if zone else 'Z'}\r\n"
            for name, day in (("DTSTART", first), ("DTEND", last))
        )
        + "END:VEVENT\r\n"
        for number, (who, first, last) in enumerate(rows)
    )
    file = folder / "rota.ics"
    file.write_bytes(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode())
    return file


def test_a_calendar_is_taken_over_once(bot: CommandLine, tmp_path: Path, database_url: str) -> None:
    file = calendar(tmp_path, ("Bo Chen on call", 7, 9), ("Ana Lima", 9, 11))
    told = bot("import", "ics", file, "--yes")
    assert told.code == 0, told.err
    assert "line 2: Bo Chen on call: taken" in told.out
    assert "Imported 2 shifts for EMEA primary: 2 taken." in told.out
    assert primary_at(database_url, at(8)) == ("bo",)
    again = bot("import", "ics", file)
    assert "Nothing to change for EMEA primary: 2 taken, as before." in again.out


def test_a_dry_run_changes_nothing_and_says_whose_shifts_move(
    bot: CommandLine, tmp_path: Path, database_url: str
) -> None:
    told = bot("import", "ics", calendar(tmp_path, ("bo", 7, 9)), "--dry-run")
    assert "Would import 1 shift for EMEA primary: 1 taken." in told.out
    assert "Bo Chen instead of Ana Lima" in told.out
    assert primary_at(database_url, at(8)) == ("ana",)


def test_a_dry_run_shows_theirs_beside_ours_with_the_differences_first(
    bot: CommandLine, tmp_path: Path
) -> None:
    override = ("bo", 7, 9), ("nobody we know", 9, 10)
    told = bot("import", "ics", calendar(tmp_path, *override), "--dry-run")
    head, first, *rows = told.out.split("theirs beside ours: ")[1].splitlines()
    assert head.startswith("they differ for ")
    assert "there nobody, here Ana Lima" in first
    assert any(row.endswith(": Bo Chen") for row in rows)


def test_what_alters_who_is_paged_today_is_refused_until_it_is_confirmed(
    bot: CommandLine, tmp_path: Path
) -> None:
    told = bot("import", "ics", calendar(tmp_path, ("bo", -1, 9)))
    assert told.code == 1
    assert "To do it all the same, say --yes." in told.err


def test_unknown_people_and_zones_are_asked_and_answered_in_a_file(
    bot: CommandLine, tmp_path: Path, database_url: str
) -> None:
    file = calendar(tmp_path, ("Bobby C", 7, 9), zone=";TZID=Head Office")
    asked = bot("import", "ics", file)
    assert asked.code == 1
    assert "Which time zone is “Head Office”?" in asked.out
    answers = tmp_path / "answers.yaml"
    answers.write_text('people: {"Bobby C": bo}\nzones: {Head Office: Europe/Dublin}\n', encoding="utf-8")
    told = bot("import", "ics", file, "--map", answers, "--yes", "--json")
    assert [line["outcome"] for line in told.document()["lines"]] == ["adapted", "taken"]
    assert primary_at(database_url, at(8)) == ("bo",)


def test_faults_of_a_mapping_file_are_said_with_their_place(bot: CommandLine, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        "people: {Bobby: bob, Al: [ana]}\nzones: {HQ: Europe/Dublyn}\nroads: {}\n", encoding="utf-8"
    )
    told = bot("import", "ics", calendar(tmp_path, ("bo", 7, 9)), "--map", answers)
    assert told.code == 1
    assert 'answers.yaml:1:17: There is no person "bob"' in told.err
    assert "Did you mean Europe/Dublin" in told.err
    assert 'no key "roads"' in told.err
    assert "An answer is one name, or empty." in told.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--region", "APAC"), 1, "There is no region APAC"),
        (("--schedule", "other"), 1, "There is no schedule other"),
        (("--zone", "Europe/Dublyn"), 2, "Did you mean Europe/Dublin"),
        (("--map", "/nowhere.yaml"), 3, "cannot be read"),
    ],
)
def test_what_is_not_there_is_said(
    bot: CommandLine, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    told = bot("import", "ics", calendar(tmp_path, ("bo", 7, 9)), *words)
    assert (told.code, said in told.err) == (code, True), told.err


def test_what_is_no_calendar_changes_nothing(bot: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "login.html"
    page.write_text("<html>Please sign in</html>", encoding="utf-8")
    told = bot("import", "ics", page)
    assert told.code == 1
    assert "This is no calendar file" in told.err


def test_a_calendar_that_is_not_there_is_said(bot: CommandLine, tmp_path: Path) -> None:
    told = bot("import", "ics", tmp_path / "none.ics")
    assert told.code == 3
    assert "cannot be read" in told.err


def test_the_last_import_is_taken_back(bot: CommandLine, tmp_path: Path, database_url: str) -> None:
    assert bot("import", "ics", calendar(tmp_path, ("bo", 7, 9)), "--yes").code == 0
    looked = bot("import", "undo", "--dry-run")
    assert "Would take back a calendar for EMEA primary" in looked.out
    assert primary_at(database_url, at(8)) == ("bo",)
    told = bot("import", "undo", "--yes")
    assert told.code == 0, told.err
    assert primary_at(database_url, at(8)) == ("ana",)
    assert bot("import", "undo").code == 1


def test_an_address_of_our_own_network_is_not_read_and_not_repeated(bot: CommandLine) -> None:
    told = bot("import", "ics", "webcal://localhost/token.ics")
    assert told.code == 3
    assert "local names are not read" in told.err
    assert "token" not in told.out + told.err
