"""A shift is handed over: drafted, mended, offered, read back and accepted; or nobody comes: it is held."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from tests.support.taking_over import OWN, takes_over
from tests.support.walk import Room, Walk, answer, walking
from tests.support.workspace import Json, Person, readable

DRAFTED, CHANGED = "2026-12-01T00:30:01Z", "2026-12-01T01:00:01Z"  # AMER → APAC: Ana → Kenji


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path) as started:
        yield started


@pytest.fixture
def room(walk: Walk) -> Room:
    """A SEV1 that Ana runs."""
    room = walk.declares(walk.person("priya"), "sev1 Account-takeover wave in EU")
    answer(walk.person("ana").types("/incident ack", room.name))
    room.shows(walk.person("ana"), "Ana Lima, acknowledged")
    return room


def post(walk: Walk) -> Json:
    return walk.person("kenji").waits_for_message("AMER → APAC", "safety-handoff")


def test_a_draft_is_mended_offered_read_back_and_accepted(walk: Walk, room: Room) -> None:
    ana, kenji = walk.person("ana"), walk.person("kenji")
    walk.workspace.set_clock(DRAFTED)
    ana.presses(ids.HANDOFF_WRITE, ana.waits_for_dm("you hand over to Kenji Mori"))
    line = f"{ids.HANDOFF_LINE}{room.key}|if"
    sent = ana.submits(ana.waits_for_view("What they will read"), **{line: {line: "If it grows → SEV0"}})
    assert sent["response"]["response_action"] == "clear", sent
    walk.workspace.set_clock(CHANGED)
    assert "If it grows → SEV0" in readable(kenji.waits_for_dm("take over from Ana Lima"))
    takes_over(kenji, post(walk))
    said = readable(kenji.waits_for_message("Accepted by Kenji Mori", "safety-handoff"))
    assert f"Kenji is incident manager of {room.key}" in said
    assert "You are free." in readable(ana.waits_for_dm("Accepted by Kenji Mori"))
    assert OWN in room.timeline(kenji)
    groups = {each["handle"]: each["users"] for each in walk.workspace.state()["usergroups"]}
    assert groups["oncall"] == ["UKENJI"]


def test_a_question_is_asked_and_answered_and_a_refusal_pages_the_backup(walk: Walk) -> None:
    ana, kenji, lena = (walk.person(name) for name in ("ana", "kenji", "lena"))
    walk.workspace.set_clock(CHANGED)
    kenji.presses(ids.HANDOFF_ASK, post(walk))
    kenji.submits(kenji.waits_for_view("Ask before accepting"), text={"text": "Which batch?"})
    asked = ana.waits_for_dm("Which batch?")
    _presses_answer(ana, asked)
    ana.submits(ana.waits_for_view("Answer"), text={"text": "Batch 3."})
    kenji.presses(ids.HANDOFF_REFUSE, kenji.waits_for_dm("Batch 3."))
    kenji.submits(kenji.waits_for_view("I can't take it over"), why={"why": "rest"})
    lena.presses(ids.HANDOFF_ACCEPT, lena.waits_for_dm("cannot take it over (rest)"))
    said = readable(lena.waits_for_message("Accepted by Lena Wong", "safety-handoff"))
    assert "(rest)" not in said


def _presses_answer(ana: Person, asked: Json) -> None:
    ana.presses(f"{ids.HANDOFF_ANSWER}1", asked)


def test_when_nobody_accepts_the_lead_holds_it_and_the_post_says_so(walk: Walk, room: Room) -> None:
    haruka, lena = walk.person("haruka"), walk.person("lena")
    walk.workspace.set_clock(CHANGED)
    post(walk)
    walk.time_passes(minutes=10)
    lena.waits_for_dm("nobody has accepted this shift for 10 min")
    walk.time_passes(minutes=10)
    haruka.waits_for_dm("nobody has accepted this shift for 20 min")
    walk.time_passes(minutes=10)
    haruka.waits_for_message("Not handed over:", "safety-handoff")
    room.shows(haruka, "Haruka")
    assert "It was not handed over at the shift change from Ana Lima" in room.timeline(haruka)
