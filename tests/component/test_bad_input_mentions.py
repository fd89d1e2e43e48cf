"""Mentions in a title stay letters wherever it is shown: nobody is rung, nobody is drawn in."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from handlers.blocks import ids
from tests.support.walk import Room, Walk, answer, downloaded, walking
from tests.support.workspace import Json, Person

EVERYBODY = ("<!channel", "<!here", "<!everyone", "<!subteam")
SAYING = ("chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.setTopic")
SHOWN = "&lt;!channel&gt; &lt;!here|here&gt; "
TITLE = "<!channel> <!here|here> *wave* of `refunds` & <!subteam^S1|leads> _now_"


@pytest.fixture(scope="module")
def walk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("mentions")) as started:
        yield started


@pytest.fixture(scope="module")
def room(walk: Walk) -> Room:
    """An incident with such a title, told everywhere: card, announcement, page, topic, Home, draft."""
    priya, ana = walk.person("priya"), walk.person("ana")
    room = walk.declares(priya, f"sev1 {TITLE}")
    ana.presses(ids.ACKNOWLEDGE, ana.waits_for_dm("Acknowledge by"))
    priya.workspace.post("home", **{"as": "UPRIYA"})
    for words in ("", "list", "show", "show timeline", f"update {TITLE}", f"note {TITLE}"):
        answer(priya.types(f"/incident {words}", room.name))
    answer(ana.types(f"/incident resolve {TITLE}", room.name))
    walk.settles()
    return room


def test_nobody_is_mentioned_in_anything_that_slack_parses(walk: Walk, room: Room) -> None:
    for call in walk.workspace.journal():
        if call.get("method") in SAYING:
            for text in parsed(call["args"]):
                assert not any(each in text for each in EVERYBODY), text


def parsed(value: Any) -> Iterator[str]:
    """Every string that Slack reads as mrkdwn: `text`, `topic`, and mrkdwn in blocks."""
    if isinstance(value, str) and value.startswith(("[", "{")):
        value = json.loads(value)
    if isinstance(value, list):
        for item in value:
            yield from parsed(item)
    elif isinstance(value, dict) and value.get("type") != "plain_text":
        for name, item in value.items():
            if name in ("text", "topic") and isinstance(item, str):
                yield item
            elif name != "value":
                yield from parsed(item)


def test_only_those_are_rung_whom_the_incident_pages(walk: Walk, room: Room) -> None:
    rung = {each["to"] for each in walk.workspace.state()["lock_screen"]}
    assert rung == {"UANA", "UPRIYA"}


@pytest.mark.parametrize("place", ["card", "announcement", "topic", "page"])
def test_the_title_stands_as_typed_wherever_it_is_said(walk: Walk, room: Room, place: str) -> None:
    said: Callable[[Json], bool] = {
        "card": lambda call: call["method"] == "chat.update" and "incident.more" in json.dumps(call["args"]),
        "announcement": lambda call: "SEV1 INC-1" in json.dumps(call["args"]),
        "topic": lambda call: call["method"] == "conversations.setTopic",
        "page": lambda call: ids.DECLINE in json.dumps(call["args"]),
    }[place]
    calls = [c for c in walk.workspace.journal() if c.get("method") in SAYING and said(c)]
    assert calls
    assert any(SHOWN in text for call in calls for text in parsed(call["args"]))


def test_the_title_stands_as_typed_in_the_draft(walk: Walk, room: Room) -> None:
    files = [file for m in walk.person("ana").messages(room.name) for file in m.get("files", ())]
    text = downloaded(files[0])
    assert "<!channel>" in text.replace("\\", "") or "&lt;!channel&gt;" in text


@pytest.mark.parametrize("typed", ["sev3 @bo.chen stole the list", "sev3 <@UBO> stole the list"])
def test_a_person_named_in_a_title_is_not_rung_and_it_opens_restricted(walk: Walk, typed: str) -> None:
    before = len(walk.person("bo").direct_messages())
    room = walk.declares(walk.person("priya"), typed)
    walk.settles()
    assert room.now.restricted
    assert "UBO" not in room.now.title
    assert len(walk.person("bo").direct_messages()) == before
    assert all(each["to"] != "UBO" for each in walk.workspace.state()["lock_screen"])


def test_what_was_typed_is_given_back_with_names_and_never_ids(walk: Walk, room: Room) -> None:
    priya: Person = walk.person("priya")
    said = answer(priya.types("/incident assign scribe <@UBO> INC-9999", "general"))
    assert "@Bo Chen" in said or "@bo.chen" in said
    assert "UBO" not in said
