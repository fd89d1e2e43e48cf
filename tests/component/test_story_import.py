"""A lead brings a calendar in by a file: shown first, asked about, imported, taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable

FIRST = datetime(2026, 12, 14, 17, tzinfo=UTC)  # noon in New York: AMER begins


@pytest.fixture
def dana(bot: WholeBot) -> Person:
    return bot.workspace.person("UDANA")


def calendar(*titles: str) -> str:
    """A day of each, one after the other."""
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN"]
    for at, title in enumerate(titles):
        start = FIRST + timedelta(days=at)
        stamps = [f"{when}:{start + plus:%Y%m%dT%H%M%SZ}" for when, plus in (("DTSTART", timedelta()), END)]
        rows += ["BEGIN:VEVENT", f"UID:{at}@example.org", "DTSTAMP:20261101T000000Z", *stamps]
        rows += [f"SUMMARY:{title}", "END:VEVENT"]
    return "\r\n".join([*rows, "END:VCALENDAR", ""])


END = ("DTEND", timedelta(hours=8))


def uploads(dana: Person, content: str, name: str = "rota.ics", **given: Any) -> Json:
    """`/oncall import`, with the form filled in and sent; the answer to it."""
    dana.types("/oncall import")
    form = dana.waits_for_view("Import shifts")
    act = {"as": dana.user, "view_id": form["id"], "name": name, "content": content}
    file = dana.workspace.post("upload", **act)["response"]["file"]
    values = {"import.file": [file], "place": "safety|AMER", "seat": "primary"}
    return dana.submits(form, **(values | given))


def test_a_calendar_is_shown_asked_about_imported_and_taken_back(bot: WholeBot, dana: Person) -> None:
    sent = uploads(dana, calendar("Ana Lima", "Tempo"))
    assert sent["acked"]
    assert "It is being read" in readable(sent["response"]["view"])
    card = dana.waits_for_dm("1 taken, 1 dropped")
    assert "Tempo" in readable(card)
    assert "theirs beside ours" in readable(card)

    dana.presses("import.answer", card)
    dana.submits(dana.waits_for_view("Questions"), **{"import.who:0": "UBO"})
    card = dana.waits_for_dm("2 taken")
    assert "Ana Lima instead of Cy Okafor" in readable(card)

    dana.presses("import.confirm", card)
    sure = dana.waits_for_view("Are you sure?")
    dana.submits(sure)
    done = dana.waits_for_dm("is imported, by Dana Ortiz")
    assert "Bo Chen" in readable(dana.types("/oncall tue 15 dec 13:00 New York")["response"])

    dana.presses("plan.take_back", done)
    dana.submits(dana.waits_for_view("Take it back?"))
    dana.waits_for_dm("is taken back")
    assert "Bo Chen" not in readable(dana.types("/oncall tue 15 dec 13:00 New York")["response"])


def test_who_does_not_lead_is_told_so_in_one_sentence(bot: WholeBot) -> None:
    refused = bot.workspace.person("UANA").types("/oncall import")["response"]
    assert "Only a lead can change the schedules." in readable(refused)
    assert bot.workspace.person("UANA").view() is None
