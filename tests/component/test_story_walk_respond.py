"""At work in an incident: answering, bringing people in, roles, severity, status, updates, notes, steps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.model import Role, Status
from tests.support.walk import DELIVERED, Room, Walk, answer, errors_of, press_in_view, walking
from tests.support.workspace import Json, Person, readable


@pytest.fixture(scope="module", params=DELIVERED)
def shared(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("respond"), over=request.param) as started:
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


@pytest.fixture
def bo(walk: Walk) -> Person:
    return walk.person("bo")


@pytest.fixture
def room(walk: Walk, priya: Person) -> Room:
    """A SEV1 that nobody has answered."""
    return walk.declares(priya, "sev1 Account-takeover wave in EU")


@pytest.fixture
def held(room: Room, ana: Person) -> Room:
    """A SEV1 that Ana has."""
    answer(ana.types("/incident ack", room.name))
    room.shows(ana, "Ana Lima, acknowledged")
    return room


def page_of(room: Room, person: Person) -> Json:
    return person.waits_for_dm(f"{room.key} · acknowledge")


def menu(room: Room, person: Person, choice: str, title: str) -> Json:
    """A form that is reached through the card's More."""
    person.presses(ids.MORE, room.card(person))
    press_in_view(person, person.waits_for_view("more"), choice)
    return person.waits_for_view(title)


# Answering


def test_a_page_that_is_acknowledged_gives_command_and_stands_the_card_right(room: Room, ana: Person) -> None:
    ana.presses(ids.ACKNOWLEDGE, page_of(room, ana))
    room.shows(ana, "Active", "Ana Lima, acknowledged")
    said = readable(ana.waits_for_dm("You have it since"))
    assert "Open channel" in said
    assert "Hand over" in said


def test_i_cant_pages_the_next_at_once_and_asks_nothing(room: Room, ana: Person, bo: Person) -> None:
    ana.presses(ids.DECLINE, page_of(room, ana))
    assert "Ana Lima cannot take it" in readable(page_of(room, bo))
    assert "Passed to Bo Chen at" in readable(ana.waits_for_dm("Passed to Bo Chen"))
    assert ana.view() is None


def test_an_old_button_pressed_late_explains(room: Room, ana: Person, priya: Person) -> None:
    card = room.card(priya)
    ana.presses(ids.ACKNOWLEDGE, page_of(room, ana))
    room.shows(ana, "Ana Lima, acknowledged")
    said = priya.types("/incident ack", room.name)
    assert "Ana Lima has" in answer(said)
    assert "Nothing for you to do" in answer(said)
    assert card["ts"] == room.card(priya)["ts"]


# Bringing somebody in


@pytest.mark.parametrize(
    ("words", "who", "role"),
    [
        ("legal", "iris", "Legal"),
        ("policy", "sofia", "Policy"),
        ("next region", "kenji", "APAC primary"),
        ("<@UCY>", "cy", "Specialist"),
    ],
)
def test_somebody_typed_is_paged_answers_and_stands_on_the_card(
    walk: Walk, held: Room, ana: Person, words: str, who: str, role: str
) -> None:
    answer(ana.types(f"/incident page {words}", held.name))
    person = walk.person(who)
    person.presses(ids.ACKNOWLEDGE, person.waits_for_dm(f"{held.key} · You are asked to come"))
    after = readable(person.waits_for_dm("You answered at"))
    assert "Hand over" not in after
    name = walk.bot.bot.house.store.read(lambda unit: unit.people.actor(person.user))
    assert name is not None
    held.shows(ana, f"{role} {name.name}")
    assert person.user in ana.workspace.channels()[held.name]["members"]


@pytest.mark.parametrize(
    ("button", "who"),
    [(ids.BRING_LEGAL, "iris"), (ids.BRING_POLICY, "sofia"), (ids.BRING_NEXT_REGION, "kenji")],
)
def test_each_button_of_the_form_pages_who_is_on_call(
    walk: Walk, held: Room, ana: Person, button: str, who: str
) -> None:
    ana.presses(ids.BRING_IN, held.card(ana))
    press_in_view(ana, ana.waits_for_view("Bring someone in"), button)
    assert "Ana Lima" in readable(walk.person(who).waits_for_dm(f"{held.key} · You are asked to come"))


def test_what_they_should_come_for_is_read_in_the_page_and_on_the_timeline(
    walk: Walk, held: Room, ana: Person
) -> None:
    ana.presses(ids.BRING_IN, held.card(ana))
    form = ana.waits_for_view("Bring someone in")
    ana.submits(form, person={"person": "UCY"}, why={"why": "Payout rules"})
    page = readable(walk.person("cy").waits_for_dm(f"{held.key} · You are asked to come"))
    assert "Ana Lima asks you to come: Payout rules." in page
    assert "Acknowledging makes you specialist." in page
    assert "asked for Cy Okafor to come: Payout rules" in held.timeline(ana)


def test_of_several_people_one_refusal_does_not_stop_the_others(held: Room, ana: Person) -> None:
    answer(ana.types("/incident page <@UCY>", held.name))
    said = answer(ana.types("/incident page <@UCY> <@UDANA>", held.name))
    assert "Dana Ortiz will be paged now." in said
    assert "Cy Okafor is being paged" in said


# Roles


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.SCRIBE, Role.COMMS, Role.APPROVER])
def test_a_role_given_by_form_is_told_and_shown(walk: Walk, held: Room, ana: Person, role: Role) -> None:
    form = menu(held, ana, ids.ROLES, "roles")
    ana.submits(form, role={"role": role.value}, person={"person": "UCY"})
    held.shows(ana, f"{role.label} Cy Okafor")
    assert "Ana Lima gave you the role" in readable(
        walk.person("cy").waits_for_dm(f"{held.key} · You are {role.label.lower()}")
    )


def test_command_is_handed_over_in_words(held: Room, ana: Person, bo: Person) -> None:
    said = answer(ana.types("/incident hand over to <@UBO>", held.name))
    assert f"{held.key}: Bo Chen is incident manager now. They are told and invited." in said
    held.shows(ana, "Bo Chen, acknowledged")
    bo.waits_for_dm("You are incident manager")


# Severity and status


def test_lowering_asks_why_with_a_button_to_the_form(held: Room, ana: Person) -> None:
    said = answer(ana.types("/incident sev 2", held.name))
    assert f"Say why {held.key} is lowered to SEV2" in said.splitlines()[0]
    ana.presses(ids.SEVERITY, ana.waits_for_message("Say why", held.name))
    form = ana.waits_for_view("severity")
    ana.submits(form, severity={"severity": "2"}, why={"why": "payouts are held"})
    held.shows(ana, "SEV2")
    assert "from SEV1 to SEV2: payouts are held" in held.timeline(ana)


def test_a_form_that_lowers_without_a_reason_stays_open(held: Room, ana: Person) -> None:
    form = menu(held, ana, ids.SEVERITY, "severity")
    assert "Say why" in errors_of(ana.submits(form, severity={"severity": "3"}))
    assert held.now.severity == 1


def test_raising_pages_backup_and_legal(walk: Walk, held: Room, ana: Person, bo: Person) -> None:
    answer(ana.types("/incident sev 0 a life is at risk", held.name))
    assert "Raised to SEV0 by Ana Lima: a life is at risk" in readable(
        bo.waits_for_dm(f"{held.key} · You are asked")
    )
    walk.person("iris").waits_for_dm(f"{held.key} · You are asked to come")


def test_dismissing_needs_a_reason_and_stands_everybody_down(room: Room, priya: Person, ana: Person) -> None:
    page = page_of(room, ana)
    assert f"Say why {room.key} is no incident" in answer(priya.types("/incident dismiss", room.name))
    answer(priya.types("/incident dismiss a drill by the vendor", room.name))
    room.shows(priya, "Dismissed", "a drill by the vendor")
    ana.workspace.eventually(
        "her page says so", lambda: "Nothing for you to do" in readable(message(ana, page["ts"]))
    )


def message(person: Person, ts: str) -> Json:
    return next(m for m in person.direct_messages() if m["ts"] == ts)


def test_a_duplicate_names_the_other(walk: Walk, held: Room, priya: Person) -> None:
    other = walk.declares(priya, "sev3 Another wave")
    form = menu(other, priya, ids.STATUS, "status")
    assert "Say which incident" in errors_of(priya.submits(form, status={"status": "duplicate"}))
    sent = priya.submits(
        form, status={"status": "duplicate"}, duplicate_of={"duplicate_of": held.key.lower()}
    )
    assert sent["response"]["response_action"] == "clear"
    other.shows(priya, f"Duplicate of {held.key}")


def test_contained_and_back(held: Room, ana: Person) -> None:
    answer(ana.types("/incident status contained", held.name))
    held.shows(ana, "Contained")
    answer(ana.types("/incident status active it goes on", held.name))
    held.shows(ana, "Active")
    assert held.now.status is Status.ACTIVE


# On the record


def test_an_update_is_on_the_card_the_announcement_and_in_one_message(held: Room, ana: Person) -> None:
    answer(ana.types("/incident update About 1,200 accounts", held.name))
    answer(ana.types("/incident update About 4,100 accounts", held.name))
    held.shows(ana, "Latest update", "About 4,100 accounts")
    ana.waits_for_message("update: About 4,100 accounts", held.name)
    assert not any("update: About 1,200" in readable(m) for m in ana.messages(held.name))


@pytest.mark.parametrize(
    ("typed", "utc"), [("14:05", "19:05"), ("2:05pm", "19:05"), ("19:05 UTC", "19:05"), ("23:30", "04:30")]
)
def test_a_note_with_a_time_says_where_it_stands(held: Room, ana: Person, typed: str, utc: str) -> None:
    ana.workspace.set_clock("2026-11-30T22:00:00Z")
    said = answer(ana.types(f"/incident note at {typed} payouts held", held.name))
    assert f"{utc} UTC" in said
    assert f"{utc} UTC" in held.timeline(ana)


def test_a_pinned_message_names_people_and_keeps_its_signs(held: Room, ana: Person) -> None:
    ana.says("A &amp; B &lt; C, says <@UBO>", held.name)
    ana.reacts("pushpin", ana.waits_for_message("says <@UBO>", held.name))
    ana.workspace.eventually(
        "it is on the timeline",
        lambda: "Ana Lima wrote: A &amp; B &lt; C, says @Bo Chen" in held.timeline(ana),
    )


def test_the_message_shortcut_puts_it_there_at_its_own_time(held: Room, ana: Person) -> None:
    ana.says("Found the browser extension", held.name)
    said = ana.waits_for_message("browser extension", held.name)
    ana.workspace.move_clock(minutes=7)
    ana.workspace.post(
        "shortcut",
        **{"as": "UANA"},
        callback_id=ids.SHORTCUT_TO_TIMELINE,
        channel=said["channel"],
        ts=said["ts"],
    )
    assert "Ana Lima wrote: Found the browser extension" in held.timeline(ana)


def test_the_shortcut_elsewhere_says_that_there_is_no_timeline(walk: Walk, ana: Person) -> None:
    ana.says("Lunch?", "general")
    said = ana.waits_for_message("Lunch?", "general")
    ana.workspace.post(
        "shortcut",
        **{"as": "UANA"},
        callback_id=ids.SHORTCUT_TO_TIMELINE,
        channel=said["channel"],
        ts=said["ts"],
    )
    assert ana.waits_for_message("This channel is no incident's", "general")


def test_steps_are_done_skipped_with_a_reason_and_given(held: Room, ana: Person) -> None:
    ana.presses(ids.STEP_DONE, held.shows(ana, "Now, 1 of"))
    held.shows(ana, "Now, 2 of")
    ana.submits(menu(held, ana, ids.ASSIGN_STEP, "give step"), person={"person": "UBO"})
    held.shows(ana, "Now, 2 of", "Bo")
    ana.submits(menu(held, ana, ids.SKIP_STEP, "skip step"), why={"why": "known since Friday"})
    held.shows(ana, "Now, 3 of")
    timeline = held.timeline(ana)
    assert "skipped the step" in timeline
    assert "known since Friday" in timeline
    assert "to Bo Chen" in timeline
    assert "skipped" in answer(ana.types("/incident show runbook", held.name))


def test_incident_here_says_what_is_due_and_your_step(held: Room, ana: Person, priya: Person) -> None:
    said = answer(ana.types("/incident", held.name))
    assert "update, Ana Lima" in said
    assert "Now, 1 of" in said
    assert "ephemeral" in str(ana.types("/incident", held.name)["response"])


def test_a_reminder_is_answered_snoozed_and_recorded(held: Room, ana: Person) -> None:
    due = held.now.next_update_at
    assert due is not None
    ana.workspace.move_clock(minutes=25)
    asked = ana.waits_for_dm(f"update due by {due:%H:%M} UTC")
    ana.presses(ids.SNOOZE_UPDATE, asked)
    ana.waits_for_dm("you are reminded again in 10 min")
    ana.presses(ids.SAME_AS_LAST, asked)
    held.shows(ana, "Same as last, nothing new")
    assert "gave an update: Same as last, nothing new" in held.timeline(ana)
