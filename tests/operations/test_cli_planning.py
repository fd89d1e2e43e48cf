"""`apply` and `import csv`: what a file does to whom is said, and asked back where it is soon."""

import io
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.opening import open_store
from tests.support.command_line import CommandLine, primary_at

PLAN = """
people:
  ana: {{name: Ana Lima, slack: UANA, region: AMER}}
  bo: {{name: Bo Chen, slack: UBO, region: AMER}}
  dana: {{name: Dana Ortiz, slack: UDANA, region: AMER, lead: true}}
schedules:
  safety:
    regions:
      AMER:
        zone: UTC
        starts: "12:00"
        seats:
          primary: {{rotation: {{members: {members}, turn: 1 week, from: {since}, at: "12:00"}}}}
"""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the command line has the machine's clock


NOW = now()
SINCE = (NOW - timedelta(days=2)).date()


@pytest.fixture
def applied(bot: CommandLine, tmp_path: Path) -> CommandLine:
    """Ana and Bo in turn, Ana now."""
    assert bot("apply", plan(tmp_path)).code == 0
    return bot


def plan(folder: Path, members: str = "[ana, bo]", since: object = SINCE) -> Path:
    file = folder / "schedules.yaml"
    file.write_text(PLAN.format(members=members, since=since), encoding="utf-8")
    return file


def roster(folder: Path, *lines: str) -> Path:
    file = folder / "roster.csv"
    file.write_text("\n".join(("person,start,end,zone,seat", *lines)), encoding="utf-8")
    return file


def day(number: int) -> str:
    return (NOW + timedelta(days=number)).strftime("%Y-%m-%d 12:00")


def test_a_dry_run_says_whose_shifts_move_and_what_would_have_to_be_confirmed(
    applied: CommandLine, tmp_path: Path
) -> None:
    told = applied("apply", plan(tmp_path, "[bo, ana]"), "--dry-run")
    assert told.code == 0
    assert "Schedule safety: AMER primary: changed." in told.out
    moves, alarms = told.out.split("To be confirmed (--yes)")
    assert "Shifts that would move in the next 8 weeks:" in moves
    assert "Bo Chen instead of Ana Lima" in moves
    assert "Ana Lima instead of Bo Chen" in moves
    assert alarms.count("Bo Chen instead of Ana Lima") == 1


def test_what_alters_who_is_paged_today_is_refused_until_it_is_confirmed(
    applied: CommandLine, database_url: str, tmp_path: Path
) -> None:
    file = plan(tmp_path, "[bo, ana]")
    refused = applied("apply", file)
    assert (refused.code, refused.out) == (1, "")
    assert "alters who is paged within 24 hours" in refused.err
    assert "Bo Chen instead of Ana Lima" in refused.err
    assert "--yes" in refused.err
    before = now()
    assert primary_at(database_url, before) == ("ana",)
    assert applied("apply", file, "--yes").code == 0
    assert primary_at(database_url, now()) == ("bo",)
    assert primary_at(database_url, before) == ("ana",)


def test_at_a_terminal_it_is_asked_back(
    applied: CommandLine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = plan(tmp_path, "[bo, ana]")
    for answer, code in (("\n", 1), ("y\n", 0)):
        monkeypatch.setattr(sys, "stdin", _Terminal(answer))
        assert applied("apply", file).code == code
    assert primary_at(database_url, now()) == ("bo",)


def test_an_interrupted_question_is_a_no(
    applied: CommandLine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Interrupted())
    told = applied("apply", plan(tmp_path, "[bo, ana]"))
    assert (told.code, told.out) == (1, "")
    assert "Nothing was changed." in told.err
    assert primary_at(database_url, now()) == ("ana",)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class _Interrupted(_Terminal):
    def readline(self, _size: int | None = -1) -> str:  # type: ignore[override]
        raise KeyboardInterrupt


def test_what_moves_shifts_later_needs_no_second_word(applied: CommandLine, tmp_path: Path) -> None:
    told = applied("apply", plan(tmp_path, "[ana, dana]"))
    assert told.code == 0
    assert "Dana Ortiz instead of Bo Chen" in told.out


def test_everybody_whose_shift_moves_is_told_and_their_lead(
    applied: CommandLine, database_url: str, tmp_path: Path
) -> None:
    applied("apply", plan(tmp_path, "[bo, ana]"), "--yes")
    store = open_store(database_url)
    try:
        waiting = store.write(lambda unit: unit.outbox.claim(now() + timedelta(minutes=1), "test", 100))
    finally:
        store.close()
    told = {one.effect.users[0] for one in waiting if one.effect.args.get("about") == "shifts_moved"}
    assert told == {"UANA", "UBO", "UDANA"}


def test_a_roster_is_reported_line_by_line_and_asked_like_the_file(
    applied: CommandLine, database_url: str, tmp_path: Path
) -> None:
    file = roster(
        tmp_path,
        f"bo,{day(10)},{day(11)},UTC,primary",
        f"nobody,{day(11)},{day(12)},UTC,primary",
        f"ana,{day(-3)},{day(-2)},UTC,primary",
    )
    refused = applied("import", "csv", file)
    assert (refused.code, "nobody instead of" in refused.err) == (1, True)
    told = applied("import", "csv", file, "--yes")
    assert told.code == 0
    assert "line 2: taken" in told.out
    assert 'line 3: dropped: There is no person "nobody"' in told.out
    assert "line 4: dropped: It is over already" in told.out
    assert "Imported: 1 taken, 0 split, 2 dropped." in told.out
    middle = datetime.fromisoformat(f"{day(10)}+00:00") + timedelta(hours=5)
    assert primary_at(database_url, middle) == ("bo",)
    assert primary_at(database_url, middle + timedelta(days=1)) == ()
    again = applied("import", "csv", file)
    assert again.out.endswith("Nothing to change: 1 taken, 0 split, 2 dropped, as before.\n")


def test_a_roster_is_a_document_too_and_a_dry_run_changes_nothing(
    applied: CommandLine, database_url: str, tmp_path: Path
) -> None:
    file = roster(tmp_path, f"bo,{day(1)},{day(90)},UTC,AMER primary", "x,y,z,,primary")
    told = applied("import", "csv", file, "--dry-run", "--json").document()
    assert (told["schedule"], told["is_change"]) == ("safety", True)
    first, second = told["lines"]
    assert (first["line"], first["verdict"], first["parts"][0]["person"]) == (2, "taken", "bo")
    assert (second["verdict"], second["parts"]) == ("dropped", [])
    assert "Would import: 1 taken" in applied("import", "csv", file, "--dry-run").out
    assert primary_at(database_url, NOW + timedelta(days=2)) == ("ana",)


def test_what_is_no_roster_at_all_is_refused(bot: CommandLine, tmp_path: Path) -> None:
    missing = bot("import", "csv", tmp_path / "nowhere.csv")
    assert (missing.code, "cannot be read" in missing.err) == (3, True)
    unplanned = bot("import", "csv", roster(tmp_path, "a,b,c,d,e"))
    assert (unplanned.code, "No schedule is set up yet" in unplanned.err) == (1, True)


def test_a_roster_of_which_nothing_can_be_taken_is_refused(applied: CommandLine, tmp_path: Path) -> None:
    told = applied("import", "csv", roster(tmp_path, "x,y,z,,primary"))
    assert (told.code, told.out.splitlines()[-1]) == (1, "Nothing to import: 0 taken, 0 split, 1 dropped.")
    assert applied("import", "csv", roster(tmp_path)).code == 1
