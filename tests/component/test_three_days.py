"""Three days on call, over the European change of 25 October 2026 and the American one of 1 November.

With an override, a swap, a refusal and a shift that nobody accepts: each handoff is accepted or escalated."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from msgspec import Struct

from handlers.blocks import ids
from incidents.decision import stamp
from incidents.handoff import Handoff, HandoffState
from tests.support.rota import confirms_to_the_end
from tests.support.walk import Room, Walk, answer, walking
from tests.support.workspace import Json, Person

pytestmark = pytest.mark.timeout(120)

ACCEPTS, REFUSES, NOBODY = "accepts", "refuses", "nobody accepts"


class Change(Struct, frozen=True):
    """A shift change as the wall clocks have it, who leaves and comes, and who has it in the end and how.

    Whoever took a shift for somebody who refused it was on call in their place, and leaves it."""

    at: str
    leaves: str
    comes: str
    ends_with: str
    how: str = ACCEPTS


class Play(Struct, frozen=True):
    """Three days: what is typed at their begin, by whom, and what happens then."""

    begins: str
    override: tuple[str, str]
    swap: tuple[str, str, str]
    changes: tuple[Change, ...]


# AMER starts at 12:00 New York, APAC at 10:00 Tokyo, EMEA at 09:00 Dublin; people change on Mondays.
EUROPE = Play(
    "2026-10-23T18:00:00Z",
    ("dana", "override <@UANA> AMER primary 2026-10-24 16:00–2026-10-25 01:00 UTC dentist"),
    ("ruby", "swap <@UKENJI> 2026-10-27 05:00 for 2026-11-03 05:00 UTC wedding", "kenji"),
    (
        Change("2026-10-24T01:00:00Z", "cy", "arjun", "arjun"),
        Change("2026-10-24T08:00:00Z", "arjun", "niamh", "tom", REFUSES),
        Change("2026-10-24T16:00:00Z", "tom", "ana", "ana"),  # in Niamh's place; by override
        Change("2026-10-25T01:00:00Z", "ana", "arjun", "arjun"),
        Change("2026-10-25T09:00:00Z", "arjun", "niamh", "elena", NOBODY),  # Dublin is an hour later
        Change("2026-10-25T16:00:00Z", "niamh", "cy", "cy"),
        Change("2026-10-26T01:00:00Z", "cy", "kenji", "kenji"),  # by swap
        Change("2026-10-26T09:00:00Z", "kenji", "tom", "tom"),
        Change("2026-10-26T16:00:00Z", "tom", "priya", "priya"),
    ),
)
AMERICA = Play(
    "2026-10-30T18:00:00Z",
    ("haruka", "override <@UARJUN> APAC primary 2026-11-01 01:00–2026-11-01 09:00 UTC ill"),
    ("ana", "swap <@UBO> 2026-11-03 20:00 for 2026-11-10 20:00 UTC wedding", "bo"),
    (
        Change("2026-10-31T01:00:00Z", "priya", "ruby", "ruby"),
        Change("2026-10-31T09:00:00Z", "ruby", "tom", "elena", NOBODY),
        Change("2026-10-31T16:00:00Z", "tom", "priya", "priya"),
        Change("2026-11-01T01:00:00Z", "priya", "arjun", "arjun"),  # by override
        Change("2026-11-01T09:00:00Z", "arjun", "tom", "tom"),
        Change("2026-11-01T17:00:00Z", "tom", "priya", "ana", REFUSES),  # New York is an hour later
        Change("2026-11-02T01:00:00Z", "ana", "kenji", "kenji"),  # in Priya's place
        Change("2026-11-02T09:00:00Z", "kenji", "zofia", "zofia"),
        Change("2026-11-02T17:00:00Z", "zofia", "bo", "bo"),  # by swap
    ),
)


class Days(Struct, frozen=True):
    """The play as it goes on, with one grave incident open all the while."""

    walk: Walk
    room: Room

    def plans(self, play: Play) -> None:
        """The override is confirmed as often as it asks, the swap offered and accepted."""
        lead, words = play.override
        answer(self.person(lead).types(f"/oncall {words}"))
        confirms_to_the_end(self.person(lead))
        one, words, other = play.swap
        answer(self.person(one).types(f"/oncall {words}"))
        self.person(other).presses(ids.SWAP_ACCEPT, self.person(other).waits_for_dm("wedding"))

    def lives(self, change: Change) -> None:
        """The offer, and what people make of it."""
        self.walk.workspace.set_clock(stamp(datetime.fromisoformat(change.at) + timedelta(seconds=1)))
        offered = self.waits_for(change, lambda one: one.state is HandoffState.OFFERED and bool(one.message))
        assert (offered.outgoing[:1], offered.incoming) == ((_user(change.leaves),), (_user(change.comes),))
        post = _post(offered)
        if change.how == REFUSES:
            self.refuses(self.person(change.comes), post)
        if change.how == NOBODY:
            self.waits_in_vain(change)
        else:
            self.accepts(self.person(change.ends_with), post)
            self.waits_for(change, lambda one: one.state is HandoffState.ACCEPTED)
        manager = _user(change.ends_with)
        self.walk.workspace.eventually(f"{manager} has it", lambda: self.room.now.manager == manager)

    def waits_in_vain(self, change: Change) -> None:
        """Backup after ten minutes, lead after twenty, held after thirty."""
        for levels in (1, 2):
            self.walk.time_passes(minutes=10, seconds=1)
            self.waits_for(change, partial(_has_reached, levels=levels))
        self.walk.time_passes(minutes=10, seconds=1)
        self.waits_for(change, lambda one: one.state is HandoffState.HELD)

    def refuses(self, who: Person, post: Json) -> None:
        who.presses(ids.HANDOFF_REFUSE, post)
        who.submits(who.waits_for_view("I can't take it over"), why={"why": "rest"})

    def accepts(self, who: Person, post: Json) -> None:
        who.presses(ids.HANDOFF_ACCEPT, post)
        words = f"{ids.READ_BACK}{self.room.key}"
        own = {words: "Revoke the next batch; the risk is a second wave."}
        sent = who.submits(who.waits_for_view("Take the shift over"), **{words: own})
        assert sent["response"]["response_action"] == "clear", sent

    def person(self, name: str) -> Person:
        return self.walk.person(name)

    def waits_for(self, change: Change, condition: Callable[[Handoff], bool]) -> Handoff:
        def found() -> Handoff | None:
            one = self.handoff(change)
            return one if one and condition(one) else None

        kept: Handoff = self.walk.workspace.eventually(f"{change} as expected", found)
        return kept

    def handoff(self, change: Change) -> Handoff | None:
        store = self.walk.bot.bot.house.store
        return store.read(lambda unit: unit.handoffs.get(f"safety:{change.at}"))


def _has_reached(handoff: Handoff, levels: int) -> bool:
    return len(handoff.reached) == levels


def _user(name: str) -> str:
    return f"U{name.upper()}"


def _post(handoff: Handoff) -> Json:
    assert handoff.message is not None
    return {"channel": handoff.message.channel, "ts": handoff.message.ts}


@pytest.mark.parametrize("play", [EUROPE, AMERICA], ids=["europe", "america"])
def test_three_days_lose_no_handoff(play: Play, sqlite_template: Path, tmp_path: Path) -> None:
    with walking(sqlite_template, tmp_path, play.begins) as walk:
        room = walk.declares(walk.person("sofia"), "sev1 Account-takeover wave")
        first = walk.person(play.changes[0].leaves)
        answer(first.types("/incident ack", room.name))
        days = Days(walk, room)
        days.plans(play)
        for change in play.changes:
            days.lives(change)
        walk.settles()
        team = walk.workspace.channels()["safety-handoff"]["id"]
        posts = [call["args"] for call in walk.sent() if call["args"].get("channel") == team]
        offers = [post["text"] for post in posts if "take over at" in post["text"]]
        assert len(offers) == len(play.changes), offers
        store = walk.bot.bot.house.store
        assert store.read(lambda unit: [*unit.handoffs.waiting(), *unit.handoffs.drafted()]) == []
