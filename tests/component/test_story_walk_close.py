"""The end: resolve, the draft, everybody's part, action items, closing and its refusals, reading back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.model import Status
from tests.support.walk import DELIVERED, Room, Walk, answer, downloaded, errors_of, press_in_view, walking
from tests.support.workspace import Json, Person, readable

SUMMARY = "A browser extension stole sessions; all are revoked"


@pytest.fixture(scope="module", params=DELIVERED)
def shared(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("close"), over=request.param) as started:
        yield started


@pytest.fixture
def walk(shared: Walk) -> Iterator[Walk]:
    """Nobody is busy with what an earlier story has left."""
    yield shared
    shared.end_everything()
    shared.time_passes(minutes=1)


@pytest.fixture
def ana(walk: Walk) -> Person:
    return walk.person("ana")


@pytest.fixture
def bo(walk: Walk) -> Person:
    return walk.person("bo")


def lived(walk: Walk, severity: str, title: str = "Account-takeover wave in EU") -> Room:
    """Acknowledged by Ana after two minutes, a step done, a step skipped, an update, resolved after ten."""
    priya, ana = walk.person("priya"), walk.person("ana")
    room = walk.declares(priya, f"{severity} {title}")
    walk.time_passes(minutes=2)
    answer(ana.types("/incident ack", room.name))
    ana.presses(ids.STEP_DONE, room.shows(ana, "Now, 1 of"))
    room.shows(ana, "Now, 2 of")
    ana.presses(ids.MORE, room.card(ana))
    press_in_view(ana, ana.waits_for_view("more"), ids.SKIP_STEP)
    ana.submits(ana.waits_for_view("skip step"), why={"why": "known already"})
    answer(ana.types("/incident update 4,100 accounts", room.name))
    walk.time_passes(minutes=8)
    ana.types("/incident resolve", room.name)
    ana.submits(ana.waits_for_view("resolve"), text={"text": SUMMARY})
    room.shows(ana, "Resolved")
    return room


@pytest.fixture
def resolved(walk: Walk) -> Room:
    return lived(walk, "sev1")


def draft(room: Room, person: Person) -> Json:
    return person.waits_for_message("Postmortem draft", room.name)


def fills_in(room: Room, person: Person, **parts: str) -> Json:
    person.presses(ids.FILL_IN, draft(room, person))
    form = person.waits_for_view("my part")
    return person.submits(form, **{f"part:{name}": {f"part:{name}": text} for name, text in parts.items()})


def adds_action(room: Room, person: Person, text: str) -> Json:
    person.presses(ids.FILL_IN, draft(room, person))
    form = person.waits_for_view("my part")
    return person.submits(
        form,
        action_text={"action_text": text},
        action_owner={"action_owner": "UBO"},
        action_due={"action_due": "2026-12-20"},
    )


def completes(room: Room, person: Person) -> None:
    fills_in(
        room, person, harm="4,100 accounts", contributors="a store let it in", surprises="how fast it was"
    )
    adds_action(room, person, "Ask the store to review extensions")


# The draft


def test_the_draft_says_how_long_it_took_and_what_is_missing(resolved: Room, ana: Person) -> None:
    said = readable(draft(resolved, ana))
    assert f"{resolved.key} resolved after 10 min." in said
    assert "Acknowledged in 2 min" in said
    assert "Missing: harm and who was affected" in said
    assert "Open draft" in said
    assert "Fill in my part" in said


def test_the_draft_names_who_had_command_before_it_was_handed_over(
    walk: Walk, ana: Person, bo: Person
) -> None:
    room = walk.declares(ana, "sev2 Refunds")
    answer(ana.types("/incident ack", room.name))
    answer(ana.types("/incident hand over to <@UBO>", room.name))
    answer(bo.types("/incident resolve Refunds are back", room.name))
    bo.presses(ids.OPEN_DRAFT, draft(room, bo))
    shown = str(bo.waits_for_view("draft")["blocks"])
    assert "Incident manager, earlier: Ana Lima" in shown
    assert "Incident manager: Bo Chen" in shown
    assert "Acknowledged within a minute" in readable(draft(room, bo))


@pytest.mark.parametrize(
    "part",
    [
        SUMMARY,
        "Harm and who was affected",
        "2 min",
        "10 min",
        "Ana Lima",
        "UTC",
        "New York",
        "known already",
        "4,100 accounts",
        "Action items",
        "What surprised us",
        "Handoffs",
    ],
)
def test_the_file_holds_the_record(draft_file: str, part: str) -> None:
    assert part in draft_file


@pytest.fixture(scope="module")
def draft_file(shared: Walk) -> str:
    room, ana = lived(shared, "sev1"), shared.person("ana")
    draft(room, ana)
    shared.settles()
    files = [file for m in ana.messages(room.name) for file in m.get("files", ())]
    assert files[0]["name"] == f"{room.key.lower()}-postmortem.md"
    return downloaded(files[0])


def test_the_draft_can_be_read_on_the_spot(resolved: Room, ana: Person) -> None:
    ana.presses(ids.OPEN_DRAFT, draft(resolved, ana))
    assert SUMMARY in str(ana.waits_for_view("draft")["blocks"])


def test_a_review_is_proposed_with_a_file_for_calendars(resolved: Room, ana: Person) -> None:
    ana.presses(ids.PROPOSE_REVIEW, draft(resolved, ana))
    assert "Tokyo" in readable(ana.waits_for_message("review proposed", resolved.name))
    files = [file for m in ana.messages(resolved.name) for file in m.get("files", ())]
    [proposed] = [downloaded(file) for file in files if file["name"].endswith("-review.ics")]
    assert f"SUMMARY:Post-incident review {resolved.key}" in proposed


# Parts, actions, closing


def test_closing_refuses_and_names_what_is_empty(resolved: Room, bo: Person) -> None:
    said = answer(bo.types(f"/incident close {resolved.key}"))
    assert "Fill in my part" in said.splitlines()[-1]
    for title in ("Harm and who was affected", "What contributed", "What surprised us", "Action items"):
        assert title in said.splitlines()[0]
    assert resolved.now.status is Status.RESOLVED


def test_the_closing_form_names_them_too_and_leads_to_the_parts(resolved: Room, ana: Person) -> None:
    ana.presses(ids.MORE, resolved.card(ana))
    press_in_view(ana, ana.waits_for_view("more"), ids.CLOSE)
    view = ana.waits_for_view("close")
    assert "What contributed" in str(view["blocks"])
    press_in_view(ana, view, ids.FILL_IN)
    assert ana.waits_for_view("my part")


def test_a_part_written_is_asked_for_no_more(resolved: Room, ana: Person) -> None:
    fills_in(resolved, ana, harm="4,100 accounts")
    ana.presses(ids.FILL_IN, draft(resolved, ana))
    labels = [b["label"]["text"] for b in ana.waits_for_view("my part")["blocks"] if b["type"] == "input"]
    assert "Harm and who was affected" not in labels
    assert "What contributed" in labels


def test_an_action_has_an_owner_and_a_due_date(resolved: Room, ana: Person) -> None:
    adds_action(resolved, ana, "Ask the store to review extensions")
    [action] = resolved.now.actions
    assert (action.owner, str(action.due_on)) == ("UBO", "2026-12-20")
    assert "Action item (Bo Chen, due 2026-12-20)" in resolved.timeline(ana)


def test_an_empty_form_says_so(resolved: Room, ana: Person) -> None:
    assert "at least one part" in errors_of(fills_in(resolved, ana))


def test_a_sev1_is_closed_by_a_second_person(walk: Walk, resolved: Room, ana: Person, bo: Person) -> None:
    completes(resolved, ana)
    assert "a second person has to close it" in answer(ana.types(f"/incident close {resolved.key}"))
    assert "is closed" in answer(bo.types(f"/incident close {resolved.key}"))
    resolved.shows(ana, "Closed")


def test_a_sev3_closes_with_its_one_line(walk: Walk, ana: Person) -> None:
    room = lived(walk, "sev3", "Odd numbers in a report")
    assert "is closed" in answer(ana.types(f"/incident close {room.key}"))


def test_a_dismissed_one_closes_with_its_reason(walk: Walk, ana: Person) -> None:
    room = walk.declares(ana, "sev2 Refunds again")
    answer(ana.types("/incident dismiss a report of last week", room.name))
    room.shows(ana, "Dismissed", "a report of last week")
    assert "is closed" in answer(ana.types("/incident close", room.name))


def test_it_can_be_reopened(resolved: Room, ana: Person) -> None:
    answer(ana.types("/incident reopen it began again", resolved.name))
    resolved.shows(ana, "Active")
    assert "reopened it: it began again" in resolved.timeline(ana)


# Reading back


def test_list_show_and_help(walk: Walk, resolved: Room, ana: Person) -> None:
    open_one = walk.declares(ana, "sev3 Refunds of today")
    listed = answer(ana.types("/incident list"))
    assert open_one.key in listed
    assert "Ended lately" in listed
    shown = answer(ana.types(f"/incident show {resolved.key}"))
    assert "Resolved" in shown
    assert "steps" in shown
    assert all(f"/incident {verb}" in answer(ana.types("/incident help")) for verb in ("ack", "sev", "setup"))


VERBS = {
    "card": (ids.ACKNOWLEDGE, ids.WRITE_UPDATE, ids.BRING_IN, ids.MORE),
    "menu": (
        ids.SEVERITY,
        ids.STATUS,
        ids.ROLES,
        ids.NOTE,
        ids.SKIP_STEP,
        ids.ASSIGN_STEP,
        ids.TIMELINE,
        ids.RESOLVE,
    ),
    "ended": (ids.FILL_IN, ids.TIMELINE, ids.CLOSE, ids.REOPEN),
    "help": (ids.DECLARE, ids.LIST, ids.ON_CALL),
}


@pytest.mark.parametrize("place", VERBS)
def test_everything_that_is_typed_can_be_clicked(walk: Walk, ana: Person, place: str) -> None:
    room = lived(walk, "sev3") if place == "ended" else walk.declares(ana, "sev2 Refunds")
    if place == "card":
        shown = room.card(ana)
    elif place == "help":
        shown = dict(ana.types("/incident help")["response"])
    else:
        shown = menu(room, ana)
    assert all(f"'{action}'" in str(shown) for action in VERBS[place])


def menu(room: Room, person: Person) -> Json:
    person.presses(ids.MORE, room.card(person))
    return person.waits_for_view("more")
