"""Fixtures of the component tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.slack_rules import slack, starting
from tests.support.whole_bot import WholeBot, whole_bot

__all__ = ["slack", "starting"]


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(sqlite_url, tmp_path) as running:
        yield running
