"""Bad input: one clear sentence to the person who typed it, their words kept, nothing half made."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.model import Entry, EntryKind, Severity
from tests.support.walk import Walk, answer, errors_of, key_in, walking
from tests.support.workspace import Json, Person, readable


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("bad")) as started:
        yield started


@pytest.fixture
def walk(shared: Walk) -> Iterator[Walk]:
    """Nobody is busy with what an earlier story has left."""
    yield shared
    shared.end_everything()


@pytest.fixture
def priya(walk: Walk) -> Person:
    return walk.person("priya")


def one_sentence(said: str) -> str:
    """The first line that is read; it ends as a sentence."""
    first = said.splitlines()[0]
    assert first.endswith((".", "?")), said
    return first


def title_in(view: Json) -> str:
    block = next(block for block in view["blocks"] if block["block_id"] == ids.TITLE)
    return str(block["element"].get("initial_value", ""))


# A severity that does not exist


@pytest.mark.parametrize("typed", ["sev5", "declare sev9", "SEV-7", "sev12"])
def test_a_wrong_severity_makes_nothing_and_keeps_the_title_in_four_buttons(
    walk: Walk, priya: Person, typed: str
) -> None:
    before = walk.keys()
    said = answer(priya.types(f"/incident {typed} Account-takeover wave in EU"))
    assert "Your title is kept: “Account-takeover wave in EU”." in one_sentence(said)
    assert all(label in said for label in ("SEV0", "SEV1", "SEV2", "SEV3"))
    assert walk.keys() == before


@pytest.mark.parametrize("severity", list(Severity)[:4])
def test_each_of_the_four_buttons_declares_with_the_title_that_was_kept(
    walk: Walk, priya: Person, severity: Severity
) -> None:
    title = f"Wave {severity.label} of refunds"
    priya.types(f"/incident sev7 {title}")
    asked = priya.waits_for_message(title, "general")
    priya.presses(f"{ids.DECLARE_AS}{severity.value}", asked)
    found = walk.workspace.eventually("it is declared", lambda: walk.titled(title))
    assert found.severity is severity


def test_a_wrong_severity_typed_in_an_incident_changes_nothing(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev2 Refunds")
    said = answer(priya.types("/incident sev 5 calmer now", room.name))
    assert "There is no SEV5" in one_sentence(said)
    assert "sev 5 calmer now" in said
    assert room.now.severity is Severity.SEV2


# Titles


@pytest.mark.parametrize("typed", ["declare", "declare sev1", "sev1", "declare  sev2   "])
def test_a_declaration_without_a_title_opens_the_form(walk: Walk, priya: Person, typed: str) -> None:
    before = walk.keys()
    priya.types(f"/incident {typed}")
    form = priya.waits_for_view("Declare")
    assert title_in(form) == ""
    priya.workspace.post("close", **{"as": priya.user}, view_id=form["id"])
    assert walk.keys() == before


@pytest.mark.parametrize("title", ["\u200b", "\u202e\u202d"])
def test_a_form_with_an_empty_title_says_so_beside_the_field(walk: Walk, priya: Person, title: str) -> None:
    before = walk.keys()
    priya.types("/incident")
    form = priya.waits_for_view("Declare")
    sent = priya.submits(form, title={"title": title})
    assert "what is happening" in errors_of(sent)
    priya.workspace.post("close", **{"as": priya.user}, view_id=form["id"])
    assert walk.keys() == before


LONG = "Refunds to strangers " + "and then more of it " * 200


def test_of_a_title_of_4000_characters_150_are_the_title_and_the_rest_is_the_first_note(
    walk: Walk, priya: Person
) -> None:
    room = walk.declares(priya, f"sev2 {LONG[:4000]}")
    notes = [e.text for e in entries(walk, room.key) if e.kind is EntryKind.NOTE]
    assert len(room.now.title) <= 150
    assert room.now.title.startswith("Refunds to strangers and then")
    assert notes == [LONG[:4000].strip()]
    assert "all you typed is the first note" in readable(priya.waits_for_dm(f"{room.key}* is declared"))


def test_a_long_title_comes_through_the_form_whole(walk: Walk, priya: Person) -> None:
    priya.types(f"/incident {LONG[:4000]}")
    sent = priya.submits(priya.waits_for_view("Declare"))
    key = key_in(str(sent["response"]["view"]["blocks"]))
    kept = " ".join([walk.incident(key).title, *(e.text for e in entries(walk, key))])
    assert len(walk.incident(key).title) <= 150
    assert LONG[:4000].strip()[-60:] in kept


def test_a_wrong_severity_before_a_long_title_keeps_all_of_it_in_the_form(walk: Walk, priya: Person) -> None:
    priya.types(f"/incident sev6 {LONG[:3900]}")
    form = priya.waits_for_view("Declare")
    sent = priya.submits(form)
    kept = " ".join(e.text for e in entries(walk, key_in(str(sent["response"]["view"]["blocks"]))))
    assert LONG[:3900].strip()[-60:] in kept


@pytest.mark.parametrize(
    "title",
    [
        "See https://evil.example/login for the page",
        "See www.evil.example",
        "mail joe@example.com",
        "ring +44 20 7946 0018",
    ],
)
def test_a_title_with_a_link_or_contact_opens_restricted(walk: Walk, priya: Person, title: str) -> None:
    room = walk.declares(priya, f"sev3 {title}")
    assert room.key.startswith("R-")
    assert room.now.restricted
    said = readable(priya.waits_for_dm(f"{room.key}* is declared"))
    assert "Opened restricted because the title mentions" in said
    assert "Open to everybody" in said
    assert room.name == room.key.lower()


@pytest.mark.parametrize(
    "title",
    [
        "🔥 Refund 👩‍👩‍👧‍👦 wave 🇪🇺",
        "سرقة حسابات في أوروبا",
        "גניבת חשבונות",
        "アカウント乗っ取り",
        "a & b < c > d",
    ],
)
def test_a_title_of_any_script_is_shown_as_typed(walk: Walk, priya: Person, title: str) -> None:
    room = walk.declares(priya, f"sev2 {title}")
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert room.now.title == title
    assert escaped in bare(readable(room.card(priya)))
    priya.waits_for_message(f"{room.key} ", "incidents")
    assert any(escaped in bare(readable(m)) for m in priya.messages("incidents"))


def bare(text: str) -> str:
    """Without the marks that keep right-to-left words from turning their neighbours round."""
    return text.translate({0x2068: None, 0x2069: None})


def test_control_characters_are_taken_out_of_a_title(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev2 Refunds\x00\x07 \x1b[31mred\u202e gnp.exe\u2028 now")
    assert room.now.title == "Refunds [31mred gnp.exe now"


def entries(walk: Walk, key: str) -> Sequence[Entry]:
    return tuple(walk.bot.bot.house.store.read(lambda unit: unit.timeline.of(key)))


# The wrong place, a person who does not exist, far too much


@pytest.mark.parametrize(
    "typed",
    [
        "update payouts are held",
        "note at 13:05 payouts held",
        "resolve it is all over now",
        "page legal INC-99999",
        "sev 1 more of them come",
        "status contained for good now",
        "assign scribe <@UBO|bo.chen>",
    ],
)
def test_a_command_where_there_is_no_incident_says_so_and_keeps_the_words(
    walk: Walk, priya: Person, typed: str
) -> None:
    said = answer(priya.types(f"/incident {typed}", "general"))
    assert "that you can see" in one_sentence(said)
    assert "What you typed is kept" in said
    assert typed.replace("<@UBO|bo.chen>", "@bo.chen").split()[-1] in said
    assert "Declare incident" in said


@pytest.mark.parametrize("typed", ["page @nobody.here", "page <@UNOSUCHONE>", "assign scribe @nobody.here"])
def test_a_person_who_does_not_exist_is_refused_in_one_sentence(
    walk: Walk, priya: Person, typed: str
) -> None:
    room = walk.declares(priya, "sev2 Refunds")
    before = room.now
    said = answer(priya.types(f"/incident {typed}", room.name))
    assert "by that name" in one_sentence(said)
    assert room.now.pages == before.pages
    assert room.now.roles == before.roles


def test_a_person_who_does_not_exist_cannot_be_put_on_call(walk: Walk, priya: Person) -> None:
    said = answer(priya.types("/oncall override @nobody.here primary now–18:00"))
    assert "nobody.here" in one_sentence(said)


@pytest.mark.parametrize(
    "typed", ["x" * 100_000, "a " * 50_000, "note " + "y" * 100_000, "<" * 100_000, "sev1 " + "🔥" * 50_000]
)
def test_a_hundred_thousand_characters_are_answered_in_time_and_kept(
    walk: Walk, priya: Person, typed: str
) -> None:
    room = walk.declares(priya, "sev2 Refunds")
    act = priya.types(f"/incident {typed}", room.name)
    assert act["acked"]
    assert act["ack_ms"] < 3000
    walk.workspace.eventually("an answer or the form", lambda: act["response"] or priya.view())


def test_an_update_of_a_hundred_thousand_characters_is_saved_whole(walk: Walk, priya: Person) -> None:
    room = walk.declares(priya, "sev2 Refunds")
    priya.types(f"/incident update {'held ' * 20_000}", room.name)
    room.shows(priya, "Latest update")
    assert len(room.now.updates[-1].text) == len(("held " * 20_000).strip())


@pytest.mark.parametrize("typed", ["update", "note", "page", "sev", "status", "assign", "resolve"])
def test_a_verb_alone_opens_its_form(walk: Walk, priya: Person, typed: str) -> None:
    room = walk.declares(priya, "sev2 Refunds")
    priya.types(f"/incident {typed}", room.name)
    form = priya.waits_for_view()
    priya.workspace.post("close", **{"as": priya.user}, view_id=form["id"])


@pytest.mark.parametrize("typed", ["\x00\x07", "\u202e\u202d", "update \x00\x01", "\ud83d"])
def test_control_characters_alone_are_no_words(walk: Walk, priya: Person, typed: str) -> None:
    before = walk.keys()
    assert priya.types(f"/incident {typed}")["acked"]
    view = priya.view()
    if view:
        priya.workspace.post("close", **{"as": priya.user}, view_id=view["id"])
    assert walk.keys() == before
