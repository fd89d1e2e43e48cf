"""A shift is told before it begins, and whoever wants no notices says so where they read them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.blocks import ids
from incidents.operations import preferences
from rotations.notices import NoticeKind
from tests.support.whole_bot import WholeBot, whole_bot
from tests.support.workspace import readable

AN_HOUR_BEFORE_APAC = "2026-12-01T00:00:20Z"  # Kenji takes over from Ana at 01:00 UTC, 10:00 in Tokyo


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path) -> Iterator[WholeBot]:
    with whole_bot(sqlite_url, tmp_path) as running:
        running.bot.house.store.write(
            lambda unit: unit.facts.put("notices.near", running.bot.house.clock.now().isoformat())
        )
        yield running


def test_kenji_is_told_an_hour_before_and_chooses_what_he_wants_to_be_told(bot: WholeBot) -> None:
    kenji = bot.workspace.person("UKENJI")
    bot.workspace.set_clock(AN_HOUR_BEFORE_APAC)
    notice = kenji.waits_for_dm("APAC primary")
    assert "From 10:00 Tokyo (01:00 UTC) until 18:00 Tokyo (09:00 UTC)" in readable(notice)
    assert "You take over from Ana Lima (AMER)" in readable(notice)
    kenji.presses(ids.NOTICES_OFF, notice)
    assert "Pages reach you as before" in readable(kenji.waits_for_dm("You are told of your shifts"))
    assert kenji.types("/oncall notices")["acked"]
    form = kenji.waits_for_view("My notices")
    chosen = {ids.NOTICE_KINDS: ["hour"], ids.QUIET_FROM: "22:00", ids.QUIET_UNTIL: "07:00"}
    assert kenji.submits(form, **chosen)["acked"]
    kept, zone = preferences.chosen(bot.bot.house, "UKENJI")
    assert (zone, NoticeKind.HOUR in kept.off, NoticeKind.WEEK in kept.off) == ("Asia/Tokyo", False, True)
    assert kept.quiet is not None
    half = {ids.NOTICE_KINDS: ["hour"], ids.QUIET_FROM: "22:00"}
    kenji.presses(ids.NOTICES_OPEN, notice)
    refused = kenji.submits(kenji.waits_for_view("My notices"), **half, **{ids.QUIET_UNTIL: None})
    assert "Quiet hours need a beginning" in str(refused["response"])
