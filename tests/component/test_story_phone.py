"""The second leg of a page, with the whole bot: phones ring, an answer on one leg stops every other."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.model import Severity
from incidents.operations import declaring, proving
from incidents.operations.declaring import Request
from incidents.people import Ask
from tests.support.walk import Walk, answer, key_in, walking
from tests.support.workspace import Json, Person, readable

TITLE = "Weights are being copied by Mallory"


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, phones=True) as started:
        yield started


@pytest.fixture
def priya(walk: Walk) -> Person:
    return walk.person("priya")


def calls(walk: Walk, who: str) -> list[Json]:
    """What this person's telephone has done, oldest first."""
    return list(walk.person(who).sees()["phone"])


def rings(walk: Walk, who: str) -> Json:
    """The call that rings now, once it does."""

    def ringing() -> Json | None:
        return next((call for call in calls(walk, who) if call["state"] == "ringing"), None)

    return dict(walk.workspace.eventually(f"{who}'s telephone rings", ringing))


def falls_silent(walk: Walk, who: str, how: str) -> None:
    walk.workspace.eventually(
        f"{who}'s telephone is {how}", lambda: {call["state"] for call in calls(walk, who)} == {how}
    )


def answers(walk: Walk, who: str) -> None:
    walk.workspace.post("answer_phone", **{"as": walk.person(who).user})


def test_a_sev0_rings_at_once_and_whoever_answers_the_phone_has_it(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, f"sev0 {TITLE}")
    for who in ("ana", "bo", "iris"):
        walk.person(who).waits_for_dm(f"{room.key} · acknowledge")
        assert rings(walk, who)["words"] == f"SEV0 {room.key}. Acknowledge."
    answers(walk, "ana")
    room.shows(priya, "Ana Lima, acknowledged")
    assert "You have it since" in readable(walk.person("ana").waits_for_dm("You have it since"))
    falls_silent(walk, "ana", "answered")
    falls_silent(walk, "bo", "stopped")
    assert "Ana Lima" in room.timeline(priya)


def test_whoever_acknowledges_in_slack_is_not_woken_by_their_own_phone(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, f"sev0 {TITLE}")
    for who in ("ana", "bo"):
        rings(walk, who)
    page = walk.person("ana").waits_for_dm(f"{room.key} · acknowledge")
    walk.person("ana").presses(ids.ACKNOWLEDGE, page)
    for who in ("ana", "bo"):
        falls_silent(walk, who, "stopped")


def test_a_sev1_rings_a_minute_after_the_message_and_no_sooner(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, f"sev1 {TITLE}")
    walk.person("ana").waits_for_dm(f"{room.key} · acknowledge")
    walk.settles()
    assert calls(walk, "ana") == []
    walk.time_passes(minutes=1)
    assert rings(walk, "ana")["words"] == f"SEV1 {room.key}. Acknowledge."


def test_what_comes_while_a_phone_rings_is_one_more_ring_and_one_answer(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with walking(sqlite_template, tmp_path, phones=True, tiers=True) as walk:
        priya = walk.person("priya")
        first = walk.declares(priya, f"sev0 {TITLE}")
        assert rings(walk, "ana")["words"] == f"SEV0 {first.key}. Acknowledge."
        more = [walk.declares(priya, f"sev0 {title}") for title in ("Payouts to mules", "A leak of reviews")]
        answers(walk, "ana")
        falls_silent(walk, "ana", "answered")
        walk.time_passes(seconds=30)
        assert rings(walk, "ana")["words"] == "SEV0, 2 pages. Acknowledge all."
        answers(walk, "ana")
        for room in (first, *more):
            room.shows(priya, "Ana Lima, acknowledged")
        assert len(calls(walk, "ana")) == 2


def test_somebody_muted_in_slack_is_rung_at_once(walk: Walk, priya: Person) -> None:
    walk.workspace.post("dnd", user="UANA", minutes=60)
    walk.declares(priya, f"sev1 {TITLE}")
    rings(walk, "ana")
    assert calls(walk, "bo") == []


def test_a_restricted_one_says_its_key_alone(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev0 restricted A child is in danger")
    assert room.key.startswith("R-")
    assert rings(walk, "ana")["words"] == f"{room.key}. Acknowledge."


def test_a_phone_that_rings_on_after_the_answer_answers_nothing_twice(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, f"sev0 {TITLE}")
    for who in ("ana", "bo"):
        rings(walk, who)
    answers(walk, "bo")
    answers(walk, "ana")
    room.shows(priya, "acknowledged")
    walk.settles()
    managers = [entry for entry in room.timeline(priya).splitlines() if "acknowledged" in entry]
    assert len(managers) == 1, managers


def test_while_slack_refuses_the_token_a_phone_rings_and_its_answer_counts(walk: Walk, priya: Person) -> None:
    walk.workspace.post("faults", dead_token=True)
    key = key_in(answer(priya.types("/incident sev1 Account-takeover wave in EU")))
    dispatcher = walk.bot.bot.dispatcher
    walk.workspace.eventually("Slack is known to refuse", lambda: dispatcher.stopped_by)
    walk.time_passes(minutes=1)
    rings(walk, "ana")
    answers(walk, "ana")
    walk.workspace.eventually("Ana has it", lambda: walk.incident(key).manager == "UANA")
    walk.workspace.post("faults", dead_token=False)
    walk.room(key).shows(priya, "Ana Lima, acknowledged")


def test_while_slack_is_down_a_phone_rings_and_the_channel_comes_later(walk: Walk, priya: Person) -> None:
    walk.workspace.post("faults", down=True)
    house = walk.bot.bot.house
    key = declaring.declare(house, Ask("UPRIYA"), Request(TITLE, severity=Severity.SEV0)).key
    for who in ("ana", "bo"):
        assert rings(walk, who)["words"] == f"SEV0 {key}. Acknowledge."
    answers(walk, "bo")
    walk.workspace.eventually("Bo has it", lambda: walk.incident(key).manager == "UBO")
    falls_silent(walk, "ana", "stopped")
    walk.time_passes(minutes=2)
    walk.workspace.eventually("it was tried again", lambda: silent_for(walk) > timedelta(minutes=1))
    walk.workspace.post("faults", down=False)
    walk.time_passes(minutes=1)
    walk.room(key).shows(priya, "Bo Chen, acknowledged")
    told = walk.workspace.person("UDANA").waits_for_message("Slack took nothing", "meridian-ops")
    assert "left late" in told["text"]


def silent_for(walk: Walk) -> timedelta:
    silence = walk.bot.bot.dispatcher.reach.silence
    return silence.until - silence.since if silence else timedelta()


def test_a_test_page_rings_and_its_answer_is_the_proof(walk: Walk) -> None:
    house = walk.bot.bot.house
    proving.ask_for_proof(house, Ask("UANA"))
    assert rings(walk, "ana")["words"] == "Test from Meridian. Acknowledge."
    answers(walk, "ana")

    def proven() -> bool:
        proof = house.store.read(lambda unit: unit.proofs.latest("UANA"))
        return proof is not None and proof.phone_at is not None

    walk.workspace.eventually("the phone has proved itself", proven)
