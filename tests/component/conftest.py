"""Fixtures of the component tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sending import Outbound
from tests.support.slack_rules import slack, starting
from tests.support.tiny_slack import TinySlack
from tests.support.whole_bot import WholeBot, whole_bot

__all__ = ["slack", "starting"]


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(sqlite_url, tmp_path) as running:
        yield running


@pytest.fixture
def tiny_slack() -> Iterator[TinySlack]:
    slack = TinySlack().start()
    yield slack
    slack.stop()


@pytest.fixture
def outbound(tiny_slack: TinySlack) -> Iterator[Outbound]:
    outbound = Outbound("xoxb-test", tiny_slack.url, warm_every_s=0)
    outbound.start()
    yield outbound
    outbound.stop()
