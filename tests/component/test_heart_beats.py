"""With the whole bot at work, everything that the heartbeat asks for is said by whoever knows it."""

from pathlib import Path

from bot.heart import why_silent
from tests.support.web import Site
from tests.support.whole_bot import WholeBot, whole_bot


def test_the_whole_bot_gives_no_reason_for_silence(sqlite_url: str, tmp_path: Path) -> None:
    with whole_bot(sqlite_url, tmp_path) as whole:
        store, clock = whole.bot.store, whole.bot.house.clock

        def why() -> str:
            return store.read(lambda unit: why_silent(unit, clock.now()))

        whole.workspace.eventually("a heartbeat could be sent", lambda: not why())
        whole.workspace.move_clock(minutes=2)
        whole.workspace.eventually("and again after a move of the clock", lambda: not why(), within=20)


def test_an_ear_that_has_died_is_no_secret(bot: WholeBot) -> None:
    assert bot.bot.web is not None
    site = Site(bot.bot.web.port)
    next(part for part in bot.bot.parts if part.name == "ear").stop()
    assert "ear died" in site.get("/readyz").body.decode()
