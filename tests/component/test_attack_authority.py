"""Everything that can be pressed, sent, typed and marked, by people who may not: forged deliveries.

What counts is who Slack says acts, never what a button, a form or a text claims."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse

from handlers.blocks import ids
from handlers.listeners.presses import PRESSES, SUBMISSIONS
from incidents.model import Incident
from sandbox.state import TEAM_ID
from tests.support.walk import Room, Walk, walking
from tests.support.workspace import Json

CHILD = "Grooming of a child in the Pinewood game"
VERBS = (
    "ack KEY|page KEY <@UKENJI>|page KEY legal|assign KEY scribe <@UKENJI>|hand over KEY to <@UKENJI>",
    "sev KEY 3 calm|status KEY contained|contain KEY|dismiss KEY because|update KEY said|note KEY said",
    "show KEY|show KEY timeline|show KEY runbook|KEY|resolve KEY done|close KEY|reopen KEY|open KEY",
    "restrict KEY|duplicate KEY of INC-1|list|setup",
)
OTHER_TEAM = "T0ELSEWHERE"


class Deliveries:
    """Deliveries as Slack would write them, each new, given straight to the listeners."""

    def __init__(self, walk: Walk) -> None:
        self._app = walk.bot.bot.app
        self._count = 0

    def press(self, user: str, action_id: str, value: str, team: str) -> BoltResponse:
        action = {"action_id": action_id, "block_id": "b", "type": "button", "value": value}
        return self._interactive("block_actions", user, team, actions=[action], channel={"id": "C0NOWHERE"})

    def form(self, user: str, callback_id: str, metadata: str, team: str) -> BoltResponse:
        view = {
            "id": f"V{self._count}",
            "type": "modal",
            "hash": "1.x",
            "callback_id": callback_id,
            "private_metadata": metadata,
            "blocks": [],
            "state": {"values": {name: {name: value} for name, value in FILLED.items()}},
        }
        return self._interactive("view_submission", user, team, view=view)

    def command(self, user: str, text: str, team: str, channel: str = "C0NOWHERE") -> BoltResponse:
        body = {"command": "/incident", "text": text, "user_id": user, "team_id": team, "channel_id": channel}
        return self._deliver({**body, "trigger_id": self._new(), "response_url": ""})

    def event(self, user: str, team: str, **event: Any) -> BoltResponse:
        told = {"user": user, "team": team, "user_team": team, "event_ts": "1.0", **event}
        body = {"type": "event_callback", "event_id": self._new(), "team_id": team, "event": told}
        return self._deliver(body)

    def _interactive(self, kind: str, user: str, team: str, **more: Any) -> BoltResponse:
        who = {"id": user, "team_id": team}
        body = {"type": kind, "user": who, "team": {"id": team}, "trigger_id": self._new(), "container": {}}
        return self._deliver({**body, "api_app_id": "A0", **more})

    def _new(self) -> str:
        self._count += 1
        return f"forged.{self._count}"

    def _deliver(self, body: Json) -> BoltResponse:
        return self._app.dispatch(BoltRequest(body=body, mode="socket_mode"))


FILLED: dict[str, Json] = {
    ids.TITLE: {"value": "Made by somebody who may not"},
    ids.TEXT: {"value": "forged words"},
    ids.WHY: {"value": "forged words"},
    ids.PERSON: {"selected_user": "UKENJI"},
    ids.ROLE: {"selected_option": {"value": "incident manager"}},
    ids.CHOSEN_SEVERITY: {"selected_option": {"value": "3"}},
    ids.CHOSEN_STATUS: {"selected_option": {"value": "contained"}},
    f"{ids.PART}summary": {"value": "forged words"},
    ids.REGION: {"selected_option": {"value": "AMER"}},
    ids.SEAT: {"selected_option": {"value": "primary"}},
    ids.STARTS: {"selected_date_time": 1796065200},
    ids.ENDS: {"selected_date_time": 1796151600},
}


@pytest.fixture(scope="module")
def walk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path_factory.mktemp("attack")) as started:
        workspace = started.workspace
        workspace.post("user", id="UTOM", deleted=True)
        workspace.eventually("Tom is known to be gone", lambda: _is_gone(started, "UTOM"))
        yield started


def _is_gone(walk: Walk, user: str) -> bool:
    actor = walk.bot.bot.store.read(lambda unit: unit.people.actor(user))
    return actor is not None and actor.is_deactivated


@pytest.fixture(scope="module")
def open_one(walk: Walk) -> Room:
    return walk.declares(walk.person("priya"), "sev2 Refunds go to strangers")


@pytest.fixture(scope="module")
def hidden(walk: Walk) -> Room:
    room = walk.declares(walk.person("priya"), f"sev1 {CHILD}")
    walk.settles()
    return room


def everything(deliveries: Deliveries, user: str, incident: Incident, team: str) -> None:
    key, page = incident.key, incident.pages[0].id
    step = incident.run.runbook.steps[0].id if incident.run else "x"
    for action_id in PRESSES:
        for value in (key, ids.pack(key, page), ids.pack(key, step), ids.pack(key, "0")):
            if action_id not in (ids.DECLARE, ids.DECLARE_TYPED):
                deliveries.press(user, action_id, value, team)
    for callback_id in SUBMISSIONS:
        if callback_id != ids.VIEW_DECLARE:
            deliveries.form(user, callback_id, ids.pack(key, step), team)
            deliveries.form(user, callback_id, key, team)
    room = incident.channel.id if incident.channel else ""
    for words in "|".join(VERBS).split("|"):
        deliveries.command(user, words.replace("KEY", key), team)
        deliveries.command(user, words.replace("KEY", ""), team, room)
    _events(deliveries, user, incident, team)


def _events(deliveries: Deliveries, user: str, incident: Incident, team: str) -> None:
    assert incident.channel is not None
    assert incident.card is not None
    item = {"type": "message", "channel": incident.channel.id, "ts": incident.card.ts}
    deliveries.event(user, team, type="reaction_added", reaction="pushpin", item=item)
    text = f"note {incident.key} said"
    deliveries.event(user, team, type="message", channel_type="im", channel="D1", text=text)
    deliveries.event(user, team, type="app_mention", channel=incident.channel.id, text=f"<@U0BOT> {text}")
    deliveries.event(user, team, type="app_home_opened", tab="home")


def traces(walk: Walk, key: str) -> tuple[Incident, list[str]]:
    walk.settles()  # what Slack answers to the opening is no trace of anybody
    store = walk.bot.bot.store
    incident = walk.incident(key)
    return incident, [entry.text for entry in store.read(lambda unit: unit.timeline.of(key))]


OUTSIDERS = ["UMILAN", "UJOY", "UKENJI", "UTOM", "UNOBODY", "USLACKBOT"]


@pytest.mark.parametrize("user", OUTSIDERS)
def test_nobody_outside_moves_or_reads_a_restricted_incident(walk: Walk, hidden: Room, user: str) -> None:
    before, seen_so_far = traces(walk, hidden.key), len(walk.workspace.journal())
    everything(Deliveries(walk), user, hidden.now, TEAM_ID)
    walk.settles()
    assert traces(walk, hidden.key) == before
    told = str(walk.workspace.journal()[seen_so_far:])
    assert "Pinewood" not in told


@pytest.mark.parametrize("user", ["UTOM", "UNOBODY", "USLACKBOT", "UMILAN"])
def test_people_who_are_gone_unknown_guests_or_bots_move_nothing(
    walk: Walk, open_one: Room, user: str
) -> None:
    before, keys = traces(walk, open_one.key), walk.keys()
    everything(Deliveries(walk), user, open_one.now, TEAM_ID)
    Deliveries(walk).command(user, "sev0 Made by somebody who may not", TEAM_ID)
    Deliveries(walk).form(user, ids.VIEW_DECLARE, "", TEAM_ID)
    assert traces(walk, open_one.key) == before
    assert walk.keys() == keys


def test_somebody_of_another_workspace_moves_nothing_even_under_a_known_id(
    walk: Walk, open_one: Room
) -> None:
    before = traces(walk, open_one.key)
    everything(Deliveries(walk), "UANA", open_one.now, OTHER_TEAM)
    assert traces(walk, open_one.key) == before


def test_the_same_deliveries_are_carried_out_for_somebody_who_may(walk: Walk) -> None:
    """The control: without it the tests above could pass because nothing is delivered at all."""
    room = walk.declares(walk.person("priya"), "sev1 Another child was groomed")
    before = traces(walk, room.key)
    everything(Deliveries(walk), "UPRIYA", room.now, TEAM_ID)
    after, texts = traces(walk, room.key)
    assert after.version > before[0].version + 10
    assert "said" in texts
    assert "forged words" in texts


def test_a_guests_home_shows_their_incidents_and_not_who_is_on_call(walk: Walk) -> None:
    milan = walk.person("milan")
    walk.workspace.post("home", **{"as": milan.user})
    shown = str(walk.workspace.eventually("a home for Milan", lambda: milan.sees()["home"]))
    assert "Nothing is open that you can see." in shown
    assert "Primary" not in shown
