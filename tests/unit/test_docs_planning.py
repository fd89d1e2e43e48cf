"""What docs/planning.md shows of a roster can be imported as it stands."""

from pathlib import Path

from rotations.model import Organisation, Person
from rotations.roster_csv import RosterWish, Verdict, read_roster
from tests.support.schedules import chain, region, rotation, utc

PAGE = Path(__file__).resolve().parents[2] / "docs" / "planning.md"


def test_the_example_of_a_roster_is_taken_line_by_line() -> None:
    example = PAGE.read_text(encoding="utf-8").partition("```csv\n")[2].partition("```")[0]
    people = (Person("ana", "Ana Lima"), Person("bo", "Bo Chen"), Person("niamh", "N", "niamh@example.com"))
    amer = region("AMER", "America/New_York", "09:00", primary=rotation("ana"))
    emea = region("EMEA", "Europe/Dublin", "09:00", primary=rotation("niamh"))
    standing = Organisation(people, (chain(amer, emea),))
    report = read_roster(example, standing, RosterWish(), utc("2026-11-30 12:00"))
    assert [(line.verdict, line.parts[0].person) for line in report.lines] == [
        (Verdict.TAKEN, "ana"),
        (Verdict.TAKEN, "bo"),
        (Verdict.SPLIT, "niamh"),
    ]
