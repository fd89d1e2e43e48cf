"""Nobody answers: the page climbs by the clock, leads are told whom to telephone, never nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.applying import EXAMPLE, apply_file
from handlers.blocks import ids
from tests.support.walk import DELIVERED, Walk, answer, walking
from tests.support.workspace import Person, readable


@pytest.fixture(params=DELIVERED)
def walk(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, over=request.param) as started:
        yield started


@pytest.fixture
def priya(walk: Walk) -> Person:
    return walk.person("priya")


def paged(walk: Walk, who: str, key: str) -> str:
    return readable(walk.person(who).waits_for_dm(f"{key} · acknowledge"))


def test_a_sev1_climbs_at_5_10_and_15_minutes_and_then_leads_get_numbers(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    paged(walk, "ana", room.key)
    walk.workspace.move_clock(minutes=5)
    assert "Ana Lima has not answered for 5 min. You are backup." in paged(walk, "bo", room.key)
    walk.workspace.move_clock(minutes=5)
    assert "Ana Lima and Bo Chen have not answered for 10 min" in paged(walk, "dana", room.key)
    walk.workspace.move_clock(minutes=5)
    for lead in ("haruka", "elena"):
        paged(walk, lead, room.key)
    walk.workspace.move_clock(minutes=5)
    told = readable(walk.person("elena").waits_for_dm("Nobody has answered for"))
    assert "Ana Lima +1 555 0100" in told
    assert "Bo Chen +1 555 0101" in told
    room.shows(priya, "Priya Nair holds it")


def test_a_sev0_pages_primary_backup_and_legal_at_once(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev0 Weights are being copied")
    paged(walk, "ana", room.key)
    paged(walk, "bo", room.key)
    paged(walk, "iris", room.key)
    walk.workspace.move_clock(minutes=3)
    paged(walk, "dana", room.key)
    walk.workspace.move_clock(minutes=3)
    for last in ("haruka", "elena", "ruth"):
        paged(walk, last, room.key)


@pytest.mark.parametrize(("severity", "rung"), [("sev2", {"UANA"}), ("sev3", {"UANA"}), ("sev4", set())])
def test_milder_ones_ring_one_person_or_nobody(
    walk: Walk, priya: Person, severity: str, rung: set[str]
) -> None:
    room = walk.declares(priya, f"{severity} Refunds")
    walk.settles()
    assert {page.user for page in room.now.pages} == rung
    assert {each["to"] for each in walk.workspace.state()["lock_screen"]} == {"UPRIYA"} | rung


def test_an_answer_ends_the_climb(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    ana = walk.person("ana")
    ana.presses(ids.ACKNOWLEDGE, ana.waits_for_dm("Acknowledge by"))
    room.shows(priya, "Ana Lima, acknowledged")
    walk.workspace.move_clock(minutes=20)
    walk.settles()
    assert {page.user for page in room.now.pages} == {"UANA"}


def test_who_asked_for_legal_hears_who_is_silent_and_no_numbers(walk: Walk, priya: Person) -> None:
    ana = walk.person("ana")
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    answer(ana.types("/incident ack", room.name))
    answer(ana.types("/incident page legal", room.name))
    paged(walk, "iris", room.key)
    walk.workspace.move_clock(minutes=5)
    paged(walk, "dana", room.key)
    for _ in range(3):
        walk.workspace.move_clock(minutes=5)
        walk.settles()
    told = readable(ana.waits_for_dm("Nobody who was asked to come (Legal) has answered for"))
    assert "A lead can telephone Iris Falk" in told
    assert "+1" not in told
    assert "Bring someone in" in told
    assert "Nobody could be found for Legal. Whoever asked was told." in room.timeline(ana)


def test_a_page_that_slack_refuses_climbs_at_once(walk: Walk, priya: Person) -> None:
    ana = walk.person("ana")
    priya.workspace.post("faults", method="chat.postMessage", error="user_disabled", times=1)
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    paged(walk, "bo", room.key)
    assert not any(room.key in readable(m) for m in ana.direct_messages())


def without(tmp_path: Path, *people: str) -> Path:
    """The example's schedules, naming people whom this workspace does not know."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for person in people:
        text = text.replace(f"slack: {person},", f"slack: UGONE{person[1:]},")
    path = tmp_path / "schedules.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_where_nobody_on_call_has_an_account_other_leads_are_paged_and_the_page_says_so(
    walk: Walk, priya: Person, tmp_path: Path
) -> None:
    apply_file(walk.bot.bot.house, without(tmp_path, "UANA", "UBO", "UDANA"), "test", is_sure=True)
    room = walk.declares(priya, "sev2 Refunds")
    said = paged(walk, "haruka", room.key)
    paged(walk, "elena", room.key)
    assert "Ana Lima was not paged: has no Slack account that Meridian knows" in said
    room.shows(priya, "Priya Nair holds it")


def test_where_nobody_at_all_can_be_paged_the_declarer_is_told(
    walk: Walk, priya: Person, tmp_path: Path
) -> None:
    everybody = ("UANA", "UBO", "UDANA", "UHARUKA", "UELENA")
    apply_file(walk.bot.bot.house, without(tmp_path, *everybody), "test", is_sure=True)
    said = answer(priya.types("/incident sev1 Refunds"))
    assert "Nobody was paged: nobody is on call." in said
    assert "nobody is on call" in readable(priya.waits_for_dm("nobody is on call"))
