"""`apply` on a real database: nothing is half applied, the same file twice changes nothing."""

from datetime import UTC, datetime
from pathlib import Path

from rotations.model import Override, OverrideKind, Seat
from storage.opening import open_store
from tests.support.command_line import CommandLine, stored

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "schedules"
SECTION_6 = CORPUS / "good" / "section6.yaml"


def test_people_schedules_and_overrides_of_a_file_are_taken_over(bot: CommandLine, database_url: str) -> None:
    told = bot("apply", SECTION_6)
    assert (told.code, told.out) == (0, "Applied: 4 people, 1 schedule, 1 override.\n")
    organisation = stored(database_url)
    assert organisation is not None
    assert [person.name for person in organisation.people if person.lead] == ["Di Xu"]
    assert [override.reason for override in organisation.overrides] == ["dentist"]


def test_the_same_file_twice_changes_nothing(bot: CommandLine, database_url: str) -> None:
    bot("apply", SECTION_6)
    before = stored(database_url)
    told = bot("apply", SECTION_6)
    assert (told.code, told.out) == (0, "Nothing to change: 4 people, 1 schedule, 1 override, as before.\n")
    assert stored(database_url) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(bot: CommandLine, database_url: str) -> None:
    told = bot("apply", SECTION_6, "--dry-run")
    assert (told.code, told.out.splitlines()) == (
        0,
        [
            "Would apply: 4 people, 1 schedule, 1 override.",
            *(f"  Person {key}: new." for key in ("ana", "bo", "cy", "di")),
            "  Schedule safety: new.",
            "  Override safety AMER primary from 2026-03-09T12:00:00Z: new.",
        ],
    )
    assert stored(database_url) is None


def test_every_fault_is_said_with_line_and_column_and_nothing_is_applied(
    bot: CommandLine, database_url: str
) -> None:
    file = CORPUS / "bad" / "many_faults.yaml"
    told = bot("apply", file)
    assert told.code == 1
    assert f'{file}:10:15: There is no time zone "Tokio". Did you mean Asia/Tokyo?' in told.err
    assert len(told.err.splitlines()) == 18
    assert stored(database_url) is None


def test_a_file_that_cannot_be_read_is_a_matter_of_the_environment(bot: CommandLine, tmp_path: Path) -> None:
    folder, latin = tmp_path / "folder", tmp_path / "latin.yaml"
    folder.mkdir()
    latin.write_bytes("people: {é: {}}".encode("latin-1"))
    told = {name: bot("apply", name) for name in (tmp_path / "nowhere.yaml", folder, latin)}
    assert {one.code for one in told.values()} == {3}
    assert all(str(name) in one.err and one.err.count("\n") == 1 for name, one in told.items())


def test_a_file_against_an_override_made_in_chat_is_refused(bot: CommandLine, database_url: str) -> None:
    bot("apply", SECTION_6)
    override = Override(
        "o1",
        "safety",
        "AMER",
        Seat.PRIMARY,
        OverrideKind.REPLACE,
        ("bo",),
        datetime(2030, 3, 9, 13, tzinfo=UTC),
        datetime(2030, 3, 9, 14, tzinfo=UTC),
        by="UANA",
    )
    _write(database_url, lambda unit: unit.schedules.add_override(override, override.start))
    later = bot.home.parent / "later.yaml"
    later.write_text(SECTION_6.read_text().replace("2026-03-09T", "2030-03-09T"))
    told = bot("apply", later)
    assert told.code == 1
    assert "overlaps one that stands" in told.err


def _write(url: str, work: object) -> None:
    store = open_store(url)
    try:
        store.write(work)  # type: ignore[arg-type]
    finally:
        store.close()
