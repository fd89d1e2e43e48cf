"""Six hours of a SEV1, as a shift lives through them: the channel stays quiet, nobody is rung twice."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from handlers.blocks.facts import headline
from incidents.model import Incident
from runbooks.stepping import number_of, present_step
from tests.support.taking_over import takes_over
from tests.support.walk import Walk, answer, walking
from tests.support.workspace import Json, Person, readable

pytestmark = pytest.mark.timeout(180)

MOST_IN_CHANNEL = 12
DRAFTED = "2026-12-01T00:30"  # half an hour before the change
EVENING, CHANGE = "2026-11-30T20:05:00Z", "2026-12-01T01:00:01Z"  # APAC takes over from AMER
BOT = "U0SANDBOT"

log = logging.getLogger(__name__)


@pytest.fixture
def walk(sqlite_template: Path, tmp_path: Path) -> Iterator[Walk]:
    with walking(sqlite_template, tmp_path, EVENING, tiers=True) as started:
        yield started


class Shift:
    """The story, act by act. After each act everything has been sent, the card is true, pings are counted."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.ana, self.bo, self.priya = walk.person("ana"), walk.person("bo"), walk.person("priya")
        self.kenji, self.dana, self.iris = walk.person("kenji"), walk.person("dana"), walk.person("iris")
        self.rung: dict[str, Counter[str]] = {}
        self._heard = 0
        self.room = walk.declares(self.priya, "sev1 Account-takeover wave in EU")
        self._ended("declared")

    def act(self, event: str, do: Callable[[], object]) -> None:
        do()
        self._ended(event)

    def _ended(self, event: str) -> None:
        self.walk.settles()
        self.walk.workspace.eventually(f"the card is true after: {event}", self._card_is_true)
        heard = [each for each in self.walk.workspace.state()["lock_screen"] if each["user"] == BOT]
        self.rung[event] = Counter(each["to"] for each in heard[self._heard :])
        self._heard = len(heard)
        self.walk.workspace.move_clock(seconds=10)

    def _card_is_true(self) -> bool:
        shown = readable(self.room.card(self.priya))
        return all(each in shown for each in truths(self.room.now))

    def types(self, who: Person, words: str) -> None:
        self.act(words, lambda: answer(who.types(f"/incident {words}", self.room.name)))

    def presses(self, who: Person, action: str, message: Json) -> None:
        event = f"{action} by {who.user} at {self.walk.workspace.get('clock')['now']}"
        self.act(event, lambda: who.presses(action, message))

    def half_hour(self, who: Person, update: str) -> None:
        """Chatter; the reminder at four fifths of the time; the manager answers by word or by one tap."""
        who.says("Still looking at the sessions", self.room.name)
        self.priya.says("Batch by batch", self.room.name)
        due = self.room.now.next_update_at
        assert due is not None
        self.act(f"half way to {due:%H:%M}", lambda: self.half_way(who))
        self.act(f"reminder for {due:%H:%M}", lambda: self.reminded(who, f"update due by {due:%H:%M} UTC"))
        if update:
            self.types(who, f"update {update}")
        else:
            self.presses(who, ids.SAME_AS_LAST, who.waits_for_dm(f"update due by {due:%H:%M} UTC"))

    def half_way(self, who: Person) -> None:
        """They are heard of in between: somebody silent for a quarter of an hour would be asked."""
        self.walk.workspace.move_clock(minutes=14)
        who.says("Two batches to go", self.room.name)
        if DRAFTED <= self.walk.workspace.get("clock")["now"] < CHANGE:
            who.waits_for_dm("you hand over to Kenji Mori")
        self.walk.settles()

    def reminded(self, who: Person, words: str) -> None:
        self.walk.workspace.move_clock(minutes=14)
        who.waits_for_dm(words)

    def first_two_hours(self) -> None:
        self.presses(self.ana, ids.ACKNOWLEDGE, self.ana.waits_for_dm("Acknowledge by"))
        self.half_hour(self.ana, "About 1,200 accounts so far")
        self.presses(self.ana, ids.STEP_DONE, self.room.card(self.ana))
        self.half_hour(self.ana, "")
        self.types(self.ana, "sev 0 money leaves in minutes")
        self.presses(self.iris, ids.ACKNOWLEDGE, self.iris.waits_for_dm("You are asked to come"))
        self.presses(self.bo, ids.ACKNOWLEDGE, self.bo.waits_for_dm("You are asked to come"))
        self.types(self.ana, "assign scribe <@UPRIYA>")
        self.types(self.ana, "assign comms <@UDANA>")
        self.types(self.ana, "sev 1 payouts are held")
        self.half_hour(self.ana, "Payouts are held, 4,100 accounts")
        self.types(self.priya, "note at 15:30 first report from the payments desk")
        self.priya.says("The extension is called QuickSave", self.room.name)
        found = self.priya.waits_for_message("QuickSave", self.room.name)
        self.act("marked", lambda: self.priya.reacts("pushpin", found))
        self.half_hour(self.ana, "")

    def next_two_hours(self) -> None:
        self.act("skipped", self.skips_the_present_step)
        self.half_hour(self.ana, "Sessions revoked in batches")
        self.act("given", self.gives_the_present_step)
        self.half_hour(self.ana, "")
        self.types(self.ana, "status contained")
        self.half_hour(self.ana, "Batch 2 of 3 is done")
        self.half_hour(self.ana, "")

    def skips_the_present_step(self) -> None:
        menu = self.menu(ids.SKIP_STEP, "skip step")
        self.ana.submits(menu, why={"why": "known since yesterday"})

    def gives_the_present_step(self) -> None:
        menu = self.menu(ids.ASSIGN_STEP, "give step")
        self.ana.submits(menu, person={"person": "UBO"})

    def menu(self, choice: str, title: str) -> Json:
        self.ana.presses(ids.MORE, self.room.card(self.ana))
        menu = self.ana.waits_for_view("more")
        self.walk.workspace.post("click", **{"as": "UANA"}, view_id=menu["id"], action_id=choice)
        return self.ana.waits_for_view(title)

    def shift_change(self) -> None:
        self.half_hour(self.ana, "Batch 3 begins")
        self.half_hour(self.ana, "")
        self.act("the shift changes", self.changes)
        self.act("taking over", lambda: takes_over(self.kenji, self.offered()))
        assert self.room.now.manager == "UKENJI"

    def changes(self) -> None:
        self.walk.workspace.set_clock(CHANGE)
        self.offered()

    def offered(self) -> Json:
        return self.kenji.waits_for_message("AMER → APAC", "safety-handoff")

    def the_end(self) -> None:
        self.half_hour(self.kenji, "All sessions revoked")
        self.half_hour(self.kenji, "")
        self.types(self.kenji, "resolve All sessions revoked, payouts released, 4,100 accounts affected")
        self.kenji.waits_for_message("Postmortem draft", self.room.name)


def truths(incident: Incident) -> list[str]:
    """What has to stand on the card: status and severity, deadline, step, latest update."""
    said = [headline(incident)]
    if not incident.status.is_open:
        return said
    if incident.next_update_at:
        said.append(f"{incident.next_update_at:%H:%M} UTC")
    step = present_step(incident.run) if incident.run else None
    if incident.run and step:
        said.append(f"Now, {number_of(incident.run, step.id)} of")
    said += [update.text for update in incident.updates[-1:]]
    return said


@pytest.fixture
def lived(walk: Walk) -> Shift:
    shift = Shift(walk)
    shift.first_two_hours()
    shift.next_two_hours()
    shift.shift_change()
    shift.the_end()
    return shift


def test_six_hours_of_a_sev1_leave_a_quiet_channel_and_ring_nobody_twice(lived: Shift) -> None:
    messages = lived.kenji.messages(lived.room.name)
    own = [m for m in messages if is_of_the_bot(m)]
    calls = into(lived, messages[0]["channel"])
    log.info("in the channel: %d messages, %d posts; pings: %s", len(own), len(calls), dict(lived.rung))
    assert len(own) <= MOST_IN_CHANNEL, [readable(m)[:80] for m in own]
    assert len(calls) <= MOST_IN_CHANNEL
    assert {event: who for event, who in lived.rung.items() if max(who.values(), default=0) > 1} == {}
    assert before_the_first_human(lived, messages[0]["channel"]) <= 1


def is_of_the_bot(message: Json) -> bool:
    """Joins and topic lines aside, and private answers, which only their reader sees."""
    is_line = message.get("subtype") not in (None, "bot_message", "file_share", "thread_broadcast")
    return message["user"] == BOT and not is_line and not message.get("ephemeral")


def into(lived: Shift, channel: str) -> list[Json]:
    return [call for call in lived.walk.sent() if call["args"].get("channel") == channel]


def before_the_first_human(lived: Shift, channel: str) -> int:
    """Bot messages in the channel when the first invitation was answered."""
    first = lived.walk.workspace.journal("conversations.invite")[0]
    return sum(1 for call in into(lived, channel) if call["t_end"] < first["t_end"])
