"""`import pagerduty|opsgenie|grafana` on a real database: said, compared, done once, taken back."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rotations.model import Organisation, Seat
from rotations.shifts import resolver_of
from tests.support.command_line import CommandLine, stored

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "vendors"
NOW = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the command line has the machine's clock


def rendered(organisation: Organisation, wrong_from: datetime) -> str:
    """Their calendar, as they would show it: the next 90 days, but for two hours of somebody else."""
    shifts, _ = resolver_of(organisation, "Desk").between(NOW - timedelta(days=1), NOW + timedelta(days=95))
    names, events = organisation.names(), []
    for row in shifts:
        if row.seat is not Seat.PRIMARY:
            continue
        for start, end in _without(row.start, row.end, wrong_from):
            events += [(start, end, names[person]) for person in row.people]
    events.append((wrong_from, wrong_from + timedelta(hours=2), "Cy Okafor"))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//theirs//EN"]
    for number, (start, end, name) in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}@theirs", f"DTSTART:{start:%Y%m%dT%H%M%SZ}"]
        lines += [f"DTEND:{end:%Y%m%dT%H%M%SZ}", f"SUMMARY:{name}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _without(start: datetime, end: datetime, hole: datetime) -> list[tuple[datetime, datetime]]:
    parts = [(start, min(end, hole)), (max(start, hole + timedelta(hours=2)), end)]
    return [(opens, closes) for opens, closes in parts if opens < closes]


def test_a_dry_run_reports_every_object_and_changes_nothing(bot: CommandLine, database_url: str) -> None:
    told = bot("import", "pagerduty", CORPUS / "pagerduty.json", "--dry-run")
    assert told.code == 0
    assert "line 52: layer Old of Safety: dropped: It has ended." in told.out
    assert "  Who is Ann Lima? The export names them and does not say who they are." in told.out
    assert "Would import 2 schedules: " in told.out
    assert stored(database_url) is None


@pytest.mark.parametrize(
    ("kind", "paged"), [("pagerduty", "Safety"), ("opsgenie", "Desk"), ("grafana", "Web")]
)
def test_an_export_is_taken_over_once_and_taken_back(
    kind: str, paged: str, bot: CommandLine, database_url: str
) -> None:
    assert bot("import", kind, CORPUS / f"{kind}.json").code == 0
    organisation = stored(database_url)
    assert organisation is not None
    assert organisation.paged == paged
    again = bot("import", kind, CORPUS / f"{kind}.json")
    assert "Nothing to change: " in again.out
    assert stored(database_url) == organisation
    undone = bot("import", "undo", "--yes")
    assert undone.out.startswith(f"Took back an export of {kind}, imported 20")


def test_ninety_days_stand_beside_theirs_with_the_differences_first(
    bot: CommandLine, database_url: str, tmp_path: Path
) -> None:
    bot("import", "opsgenie", CORPUS / "opsgenie.json")
    organisation = stored(database_url)
    assert organisation is not None
    wrong = (NOW + timedelta(days=40)).replace(hour=20, minute=0, second=0)
    calendar = tmp_path / "theirs.ics"
    calendar.write_text(rendered(organisation, wrong))
    words = ("import", "opsgenie", CORPUS / "opsgenie.json", "--schedule", "Desk", "--rendered", calendar)
    told = bot(*words, "--dry-run")
    compared = told.out[told.out.index("90 days of Desk beside theirs, in Europe/London: ") :].splitlines()
    assert compared[0].endswith("they differ 1 time, for 0.1 days in all.")
    assert compared[1].startswith("≠ ")
    assert "there Cy Okafor, here" in compared[1]
    assert all(line.startswith(("= ", "  and ")) for line in compared[2:])
    document = json.loads(bot(*words, "--dry-run", "--json").out)
    assert [row["is_same"] for row in document["compared"]].count(False) == 1


def test_a_mapping_file_answers_also_for_people_who_come_along(
    bot: CommandLine, database_url: str, tmp_path: Path
) -> None:
    answers = tmp_path / "who.yaml"
    answers.write_text('people: {"Ann Lima": di-xu}\n')
    told = bot("import", "pagerduty", CORPUS / "pagerduty.json", "--map", answers)
    assert (told.code, "To be answered" in told.out) == (0, False)


def test_what_cannot_be_read_is_said(bot: CommandLine, tmp_path: Path) -> None:
    broken, empty = tmp_path / "broken.json", tmp_path / "empty.json"
    broken.write_text("{")
    empty.write_text('{"schedules": [{"id": "S", "name": "Nobody", "time_zone": "UTC"}]}')
    assert bot("import", "grafana", tmp_path / "nowhere.json").code == 3
    assert bot("import", "grafana", broken).code == 1
    told = bot("import", "grafana", empty)
    assert (told.code, told.out.splitlines()[-1]) == (1, "Nothing to import: 1 dropped.")
    assert bot("import", "grafana", empty, "--zone", "Berlin").code == 2
    two = bot("import", "opsgenie", CORPUS / "opsgenie.json", "--rendered", empty)
    assert (two.code, "Say of which of its schedules" in two.err) == (1, True)


def test_each_seat_stands_beside_the_calendar_of_the_schedule_that_fills_it(
    bot: CommandLine, tmp_path: Path
) -> None:
    calendar = tmp_path / "theirs.ics"
    calendar.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//theirs//EN\r\nEND:VCALENDAR\r\n")
    words = ("import", "pagerduty", CORPUS / "pagerduty-seats.json", "--dry-run", "--rendered")
    told = bot(*words, f"Payments first={calendar}", "--rendered", f"Payments second={calendar}")
    assert "90 days of Payments first beside theirs, in America/Chicago: they differ" in told.out
    assert "90 days of Payments first backup beside theirs, in America/Chicago: they differ" in told.out
    strange = bot(*words, f"Nobody={calendar}")
    assert (strange.code, "No schedule Nobody was taken" in strange.err) == (1, True)
