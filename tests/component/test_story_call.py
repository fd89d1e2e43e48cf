"""A page by telephone with the whole bot: Twilio calls, a 1 is pressed, and Slack shows who has it."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from tests.support.providers.twilio import OURS, SID, TOKEN, PlacedCall, TwilioServer
from tests.support.walk import Walk
from tests.support.whole_bot import whole_bot


class Story(Struct, frozen=True):
    walk: Walk
    twilio: TwilioServer

    def call_to(self, number: str) -> PlacedCall:
        """The newest, once it is made."""

        def made() -> PlacedCall | None:
            return next((call for call in reversed(self.twilio.calls) if call.to == number), None)

        found = self.walk.workspace.eventually(f"a call to {number}", made)
        assert isinstance(found, PlacedCall)
        return found


@pytest.fixture
def story(sqlite_template: Path, tmp_path: Path) -> Iterator[Story]:
    path, port = tmp_path / "meridian.sqlite", free_port()
    shutil.copy(sqlite_template, path)
    with TwilioServer() as twilio:
        more = {
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": OURS,
            "RING_TWILIO_API": twilio.url,
            "PORT": str(port),
            "MERIDIAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        with whole_bot(f"sqlite:///{path}", tmp_path, more=more) as bot:
            yield Story(Walk(bot), twilio)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


ANA, BO = "+15550100", "+15550101"


def test_whoever_presses_1_has_it_and_every_other_call_ends(story: Story) -> None:
    walk, priya = story.walk, story.walk.person("priya")
    room = walk.declares(priya, "sev0 Weights are being copied by Mallory")
    for number in (BO, ANA):
        assert "Sev 0. I N C, 1. Acknowledge. Press 1 to acknowledge." in story.call_to(number).twiml
        assert "Mallory" not in story.call_to(number).twiml
    story.twilio.calls.sort(key=lambda call: call.to == ANA)
    assert "Press 1" in story.twilio.press("2")
    assert "Acknowledged." in story.twilio.press("1")
    room.shows(priya, "Ana Lima, acknowledged")
    walk.workspace.eventually("Bo's call ends", lambda: story.call_to(BO).status == "completed")


def test_a_second_press_hears_that_nothing_is_waiting(story: Story) -> None:
    walk, priya = story.walk, story.walk.person("priya")
    room = walk.declares(priya, "sev1 Account-takeover wave in EU")
    walk.time_passes(minutes=1)
    story.call_to(ANA)
    walk.settles()
    assert "Acknowledged." in story.twilio.press("1")
    assert "Nothing is waiting for you any more." in story.twilio.press("1")
    room.shows(priya, "Ana Lima, acknowledged")
