"""The shift changes and people ask who is on: handoff by the clock, /oncall, overrides by those who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from tests.support.rota import confirms
from tests.support.walk import DELIVERED, Walk, answer, walking
from tests.support.workspace import Json, Person, readable

CHANGE = "2026-12-01T01:00:01Z"  # AMER → APAC: Ana → Kenji


@pytest.fixture(params=DELIVERED)
def walk(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, over=request.param) as started:
        yield started


@pytest.fixture
def ana(walk: Walk) -> Person:
    return walk.person("ana")


@pytest.fixture
def kenji(walk: Walk) -> Person:
    return walk.person("kenji")


@pytest.fixture
def dana(walk: Walk) -> Person:
    return walk.person("dana")


def changed(walk: Walk) -> Json:
    """The handoff post, once the clock has come to the change."""
    walk.workspace.set_clock(CHANGE)
    return walk.person("kenji").waits_for_message("AMER → APAC", "safety-handoff")


# The handoff


def test_the_post_says_who_leaves_who_comes_and_what_is_open(walk: Walk, ana: Person) -> None:
    room = walk.declares(walk.person("priya"), "sev2 Refunds")
    answer(ana.types("/incident ack", room.name))
    said = readable(changed(walk))
    assert "From Ana Lima to Kenji Mori." in said
    assert "Backup Bo Chen → Lena Wong." in said
    assert room.key in said
    assert "Ana" in said
    assert "stays responsible" in said
    assert "I have it" in said


def test_one_tap_moves_command_and_the_post_says_so(walk: Walk, ana: Person, kenji: Person) -> None:
    room = walk.declares(walk.person("priya"), "sev2 Refunds")
    answer(ana.types("/incident ack", room.name))
    kenji.presses(ids.HANDOFF_ACCEPT, changed(walk))
    said = readable(kenji.waits_for_message("Accepted by Kenji Mori", "safety-handoff"))
    assert f"Kenji is incident manager of {room.key}" in said
    room.shows(kenji, "Kenji Mori, acknowledged")


def test_until_it_is_accepted_a_new_page_rings_both(walk: Walk, ana: Person, kenji: Person) -> None:
    changed(walk)
    room = walk.declares(walk.person("priya"), "sev1 Payout wave")
    kenji.waits_for_dm(f"{room.key} · acknowledge")
    assert "Your handoff is not accepted yet" in readable(ana.waits_for_dm(f"{room.key} · acknowledge"))


def test_somebody_else_cannot_accept(walk: Walk) -> None:
    cy = walk.person("cy")
    cy.presses(ids.HANDOFF_ACCEPT, changed(walk))
    assert cy.waits_for_message("the person it names, their backup or a lead", "safety-handoff")


def test_a_quiet_shift_is_accepted_by_one_tap_too(walk: Walk, kenji: Person) -> None:
    kenji.presses(ids.HANDOFF_ACCEPT, changed(walk))
    assert kenji.waits_for_message("Accepted by Kenji Mori", "safety-handoff")


def test_a_restricted_incident_is_in_no_post(walk: Walk, ana: Person, kenji: Person) -> None:
    room = walk.declares(walk.person("priya"), "sev1 Child at risk in a chat")
    ana.presses(ids.ACKNOWLEDGE, ana.waits_for_dm("Acknowledge by"))
    room.shows(ana, "Ana Lima, acknowledged")
    post = changed(walk)
    walk.settles()
    assert all(room.key not in readable(m) for m in kenji.messages("safety-handoff"))
    assert "Open: 1" not in readable(post)
    assert "part of the handoff" in readable(kenji.waits_for_dm(room.key))


# Who is on call


def test_oncall_says_who_until_when_and_who_comes(ana: Person) -> None:
    said = answer(ana.types("/oncall"))
    for words in ("AMER", "Ana Lima", "Bo Chen", "Dana Ortiz", "01:00 UTC", "Kenji Mori", "Niamh Byrne"):
        assert words in said
    assert said == answer(ana.types("/incident oncall"))


def test_another_time_is_told_in_three_zones_with_its_reason(ana: Person) -> None:
    said = answer(ana.types("/oncall at 2026-12-05 01:00 Asia/Tokyo"))
    assert "Sat 5 Dec 01:00 Tokyo" in said
    assert "Fri 4 Dec 11:00 New York" in said
    assert "Fri 4 Dec 16:00 UTC" in said
    assert "The rotation says" in said


@pytest.mark.parametrize(
    ("at", "region"),
    [
        ("2026-12-01 00:59:59 UTC", "AMER"),
        ("2026-12-01 01:00 UTC", "APAC"),
        ("2026-11-01 01:30 America/New_York", "APAC"),
    ],
)
def test_the_answer_is_right_at_the_second_of_the_change(ana: Person, at: str, region: str) -> None:
    assert region in answer(ana.types(f"/oncall at {at}")).splitlines()[1]


def test_a_lead_puts_somebody_on_call_and_everything_follows_at_once(walk: Walk, dana: Person) -> None:
    said = answer(dana.types("/oncall override <@UCY> primary now–20:00 dentist"))
    assert "AMER primary: *Cy Okafor* instead of Ana Lima" in said
    confirms(dana)
    assert "Cy Okafor" in answer(dana.types("/oncall"))
    for who in ("cy", "ana"):
        assert "dentist" in readable(walk.person(who).waits_for_dm("*Cy Okafor* instead of Ana Lima"))
    room = walk.declares(walk.person("priya"), "sev1 Payout wave")
    walk.person("cy").waits_for_dm(f"{room.key} · acknowledge")


def test_the_person_concerned_gives_their_own_shift_away(walk: Walk, ana: Person) -> None:
    ana.types("/oncall override <@UCY> primary now–18:00")
    confirms(ana)
    assert "Cy Okafor" in answer(ana.types("/oncall"))


def test_somebody_else_cannot_and_nothing_changes(walk: Walk) -> None:
    priya = walk.person("priya")
    before = answer(priya.types("/oncall"))
    said = answer(priya.types("/oncall override <@UCY> primary now–18:00"))
    assert "Only a lead, or the person concerned" in said.splitlines()[0]
    assert "@Cy Okafor" in said
    assert answer(priya.types("/oncall")) == before


def test_the_form_does_the_same(walk: Walk, ana: Person) -> None:
    ana.types("/oncall")
    ana.presses(ids.OVERRIDE_OPEN, ana.waits_for_message("On call now", "general"))
    form = ana.waits_for_view("Change who is on call")
    sent = ana.submits(form, person={"person": "UCY"}, why={"why": "dentist"})
    assert sent["response"]["response_action"] == "update", sent
    for words in ("Nothing is changed yet", "confirm once more"):
        presses_on_top(ana, words)
    ana.workspace.eventually("it is done", lambda: "takes it back" in str(ana.view()))
    assert "Cy Okafor" in answer(ana.types("/oncall"))


def presses_on_top(person: Person, words: str) -> None:
    """The confirmation that is asked in the form on top, once these words stand there."""
    person.workspace.eventually(words, lambda: words in str(person.view()))
    view = person.view() or {}
    person.workspace.post("click", **{"as": person.user}, view_id=view["id"], action_id=ids.CHANGE_CONFIRM)


def test_the_reverse_of_an_override_in_the_past_is_refused(dana: Person) -> None:
    said = answer(dana.types("/oncall override <@UCY> primary 2026-11-29 09:00–2026-11-29 10:00"))
    assert "passed already" in said or "past" in said
