"""Opening an incident in every way there is: by form, in one line, from a message; open and restricted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.model import Status
from tests.support.walk import DELIVERED, Room, Walk, answer, errors_of, key_in, press_in_view, walking
from tests.support.workspace import Json, Person, readable


@pytest.fixture(scope="module", params=DELIVERED)
def shared(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("open"), over=request.param) as started:
        yield started


@pytest.fixture
def walk(shared: Walk) -> Iterator[Walk]:
    """Nobody is busy with what an earlier story has left."""
    yield shared
    shared.end_everything()
    shared.time_passes(minutes=1)


@pytest.fixture
def priya(walk: Walk) -> Person:
    return walk.person("priya")


@pytest.fixture
def ana(walk: Walk) -> Person:
    return walk.person("ana")


def page_of(person: Person, key: str) -> Json:
    return person.waits_for_dm(f"{key} · You are on call")


# The form


def form(person: Person, words: str = "") -> Json:
    person.types(f"/incident {words}")
    return person.waits_for_view("Declare")


@pytest.mark.parametrize(
    ("question", "proposed"), [(ids.IN_DANGER, "SEV0"), (ids.AUTHORITY, "SEV1"), (ids.GROWING, "SEV2")]
)
def test_each_question_answered_yes_proposes_a_severity_with_its_reason(
    walk: Walk, priya: Person, question: str, proposed: str
) -> None:
    view = form(priya, "something odd goes on here")
    press_in_view(priya, view, question, ids.YES)
    walk.workspace.eventually(f"{proposed} proposed", lambda: f"{proposed}* proposed: " in str(priya.view()))
    priya.workspace.post("close", **{"as": priya.user}, view_id=view["id"])


def test_the_answers_make_the_severity_and_one_tap_changes_it(walk: Walk, priya: Person) -> None:
    view = form(priya, "something odd goes on here")
    press_in_view(priya, view, ids.IN_DANGER, ids.YES)
    walk.workspace.eventually("SEV0 proposed", lambda: "SEV0* proposed" in str(priya.view()))
    press_in_view(priya, view, ids.CHOSEN_SEVERITY, "3")
    sent = priya.submits(view)
    assert walk.incident(key_in(str(sent["response"]["view"]["blocks"]))).severity == 3


def test_a_form_sent_as_proposed_takes_the_proposal(walk: Walk, priya: Person) -> None:
    view = form(priya, "something odd goes on here")
    press_in_view(priya, view, ids.AUTHORITY, ids.YES)
    walk.workspace.eventually("SEV1 proposed", lambda: "SEV1* proposed" in str(priya.view()))
    sent = priya.submits(view)
    assert walk.incident(key_in(str(sent["response"]["view"]["blocks"]))).severity == 1


# Other ways in


@pytest.mark.parametrize(
    "words", ["declare sev3 Refunds", "sev3 Refunds", "declare SEV-3: Refunds", "new sev3 Refunds"]
)
def test_one_line_declares(walk: Walk, priya: Person, words: str) -> None:
    room = walk.declares(priya, words)
    assert (room.now.title, room.now.severity) == ("Refunds", 3)


def declared_from(walk: Walk, person: Person, words: str) -> Room:
    """A message, and what becomes of it by the shortcut on it."""
    person.says(words, "general")
    said = person.waits_for_message(words[:11], "general")
    at = {"channel": said["channel"], "ts": said["ts"]}
    shortcut = ids.SHORTCUT_DECLARE_FROM_MESSAGE
    person.workspace.post("shortcut", **{"as": person.user}, callback_id=shortcut, **at)
    sent = person.submits(person.waits_for_view("Declare"))
    return walk.room(key_in(str(sent["response"]["view"]["blocks"])))


def test_declaring_from_a_message_keeps_its_words(walk: Walk, priya: Person) -> None:
    room = declared_from(walk, priya, "Chargebacks tripled since noon & grow")
    assert room.now.title == "Chargebacks tripled since noon & grow"
    assert "Priya Nair wrote: Chargebacks tripled since noon &amp; grow" in room.timeline(priya)


def test_of_a_message_that_names_somebody_only_the_link_is_kept(walk: Walk, priya: Person) -> None:
    room = declared_from(walk, priya, "Refunds tripled since noon & <@UBO> sees them too")
    assert room.now.restricted
    assert "Refunds tripled since noon & @Bo Chen sees them too" in room.now.title
    assert "wrote: Refunds" not in room.timeline(priya)
    assert "/archives/" in room.timeline(priya)


def test_a_mention_in_a_thread_declares(walk: Walk, priya: Person) -> None:
    priya.says("Is this bad?", "incidents")
    thread = priya.waits_for_message("Is this bad?", "incidents")["ts"]
    priya.says("<@U0SANDBOT> sev3 Refunds in a thread", "incidents", thread)
    walk.workspace.eventually("it is declared", lambda: walk.titled("Refunds in a thread"))


def test_a_message_to_the_bot_declares(walk: Walk, priya: Person) -> None:
    direct = next(dm for dm in priya.sees()["dms"] if "U0SANDBOT" in dm["members"])
    priya.says("sev3 Refunds by message", direct["id"])
    walk.workspace.eventually("it is declared", lambda: walk.titled("Refunds by message"))


# What follows an opening


def test_the_room_is_complete(walk: Walk, priya: Person, ana: Person) -> None:
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    walk.settles()
    channel = priya.workspace.channels()[room.name]
    announced = readable(priya.waits_for_message(f"{room.key} Account", "incidents"))
    assert room.name == f"inc-{room.key[4:]}-fraud"
    assert {"UPRIYA", "UANA"} <= set(channel["members"])
    assert "UBO" not in channel["members"]
    assert "SEV1" in channel["topic"]
    assert channel["pins"]
    assert channel["bookmarks"]
    assert "Account-takeover wave in EU" in announced
    assert "Why you: AMER primary until" in readable(page_of(ana, room.key))
    assert "is declared: <#" in readable(priya.waits_for_dm(f"{room.key}* is declared"))
    room.shows(priya, "nobody yet: Ana Lima paged", "Priya Nair holds it", "Now, 1 of")


def test_a_duplicate_is_offered_after_the_page_and_one_press_merges(walk: Walk, priya: Person) -> None:
    first = walk.declares(priya, "sev1 Payout wave")
    second = walk.declares(walk.person("bo"), "sev1 payout  WAVE")
    offered = walk.person("bo").waits_for_dm(f"may be the same as {first.key}")
    sent = [call["args"] for call in walk.sent()]
    page = next(n for n, args in enumerate(sent) if f"{second.key} · acknowledge by" in str(args))
    offer = next(n for n, args in enumerate(sent) if f"may be the same as {first.key}" in str(args))
    assert page < offer
    walk.person("bo").presses(ids.MERGE, offered)
    second.shows(priya, f"Duplicate of {first.key}")
    assert first.now.status.is_open


# Restricted


@pytest.fixture
def closed(walk: Walk, priya: Person) -> Room:
    return walk.declares(priya, "sev1 Child at risk in a group chat")


def test_a_restricted_incident_is_private_and_announced_nowhere(
    walk: Walk, closed: Room, priya: Person
) -> None:
    walk.settles()
    channel = priya.workspace.channels()[closed.name]
    assert channel["is_private"]
    assert closed.name == closed.key.lower()
    assert "Child" not in str(channel["topic"])
    assert not any("Child" in readable(m) or closed.key in readable(m) for m in priya.messages("incidents"))


def test_nobody_else_finds_it(walk: Walk, closed: Room) -> None:
    cy = walk.person("cy")
    cy.workspace.post("home", **{"as": "UCY"})
    walk.workspace.eventually("a home", lambda: cy.sees()["home"])
    said = answer(cy.types(f"/incident show {closed.key}"))
    assert said == answer(cy.types("/incident show R-ZZZZ")).replace("R-ZZZZ", closed.key)
    assert closed.key not in answer(cy.types("/incident list"))
    assert closed.key not in str(cy.sees()["home"])
    assert closed.name not in [channel["name"] for channel in cy.sees()["channels"]]


def test_what_leaves_it_says_nothing_of_it(walk: Walk, closed: Room, ana: Person) -> None:
    page = page_of(ana, closed.key)
    assert "Restricted. Details are in its channel." in readable(page)
    assert "Child" not in readable(page)
    assert all("Child" not in each["text"] for each in ana.sees()["lock_screen"])
    assert ana.sees()["lock_screen"][-1]["text"] == closed.key


@pytest.mark.parametrize("outsider", ["joy", "milan"])
def test_people_from_outside_are_never_brought_in(
    walk: Walk, closed: Room, priya: Person, outsider: str
) -> None:
    said = answer(priya.types(f"/incident page <@U{outsider.upper()}>", closed.name))
    assert "is from outside" in said
    walk.settles()
    assert f"U{outsider.upper()}" not in priya.workspace.channels()[closed.name]["members"]
    assert not any(closed.key in readable(m) for m in walk.person(outsider).direct_messages())


def test_its_manager_opens_it_to_everybody_and_nobody_else_can(
    walk: Walk, closed: Room, priya: Person, ana: Person
) -> None:
    ana.presses(ids.ACKNOWLEDGE, page_of(ana, closed.key))
    closed.shows(ana, "Ana Lima, acknowledged")
    assert "Only the incident manager" in answer(priya.types("/incident open up", closed.name))
    assert "open to everybody now" in answer(ana.types("/incident open up", closed.name))
    assert "Child at risk" in readable(walk.person("cy").waits_for_message(closed.key, "incidents"))
    assert closed.key in answer(walk.person("cy").types("/incident list"))


def test_without_a_private_channel_nothing_public_is_made_and_the_page_leaves(
    walk: Walk, priya: Person, ana: Person
) -> None:
    before = set(walk.workspace.channels())
    priya.workspace.post("faults", method="conversations.create", error="restricted_action", times=1)
    key = key_in(answer(priya.types("/incident sev1 Child at risk in another chat")))
    page_of(ana, key)
    for person in (priya, walk.person("dana"), walk.person("haruka")):
        assert "Nothing public was made" in readable(person.waits_for_dm(f"{key} has no channel"))
    walk.settles()
    assert set(walk.workspace.channels()) == before
    assert walk.incident(key).status is Status.TRIAGE


def test_a_guest_cannot_declare(walk: Walk) -> None:
    milan = walk.person("milan")
    before = walk.keys()
    said = answer(milan.types("/incident sev1 Our site is down", "vendor-desk"))
    assert "Guests cannot declare an incident" in said
    assert walk.keys() == before


def test_an_empty_form_says_what_is_missing(walk: Walk, priya: Person) -> None:
    sent = priya.submits(form(priya, "x y z w"), title={"title": "\u200b\u200b"})
    assert "what is happening" in errors_of(sent)
