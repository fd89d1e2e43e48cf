"""What machines ask of a running bot: alive, ready and why not, what was counted; what they never learn."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.token_watch import REFUSED
from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Priority
from tests.support.http_bot import SECRET, HttpBot, command, delivered_again, event, http_bot
from tests.support.web import until


@pytest.fixture
def bot(sqlite_url: str, tmp_path: Path) -> Iterator[HttpBot]:
    with http_bot(sqlite_url, tmp_path, INCIDENTS_SECRET="hush", INCIDENTS_BY="dana") as opened:
        yield opened


def _asked(bot: HttpBot, path: str) -> tuple[int, dict[str, Any]]:
    got = bot.site.get(path)
    return got.status, json.loads(got.body)


def test_a_bot_that_is_well_says_so(bot: HttpBot) -> None:
    assert _asked(bot, "/healthz") == (200, {"alive": True, "dead": []})
    assert _asked(bot, "/readyz") == (200, {"ready": True, "reasons": {}})


def test_a_dead_thread_is_told(bot: HttpBot) -> None:
    bot.bot.dispatcher.stop()
    status, told = _asked(bot, "/healthz")
    assert (status, told["dead"]) == (503, ["dispatcher"])
    assert _asked(bot, "/readyz")[1]["reasons"]["threads"] == "dispatcher died"


def test_a_token_that_is_refused_is_told_and_it_stays_alive(bot: HttpBot) -> None:
    bot.workspace.post("faults", dead_token=True)
    bot.posts(command("declare sev3 Nothing leaves", "1.dead"))
    until("it is noticed", lambda: _asked(bot, "/readyz")[0] == 503)
    assert _asked(bot, "/readyz")[1]["reasons"]["slack"].startswith("it refuses the token")
    assert _asked(bot, "/healthz")[0] == 200


def test_a_token_that_is_refused_to_the_process_that_sends_is_told_here_too(bot: HttpBot) -> None:
    refused = f"{stamp(bot.bot.house.clock.now())} token_revoked"
    bot.bot.store.write(lambda unit: unit.facts.put(REFUSED, refused))
    status, told = _asked(bot, "/readyz")
    assert (status, told["reasons"]) == (503, {"slack": "it refuses the token: token_revoked"})
    assert not bot.bot.is_ready()


def test_a_page_that_waits_too_long_is_told(bot: HttpBot) -> None:
    store, now = bot.bot.store, bot.bot.house.clock.now()
    gone = Effect(EffectKind.SEND_PAGE, "stuck", "INC-9", after=("never",), priority=Priority.PAGE)
    never = Effect(EffectKind.SET_TOPIC, "never", "INC-9", not_before=now.replace(year=2099))
    store.write(lambda unit: unit.outbox.put([never, gone], now))
    bot.workspace.move_clock(seconds=75)
    until("the bot's clock has followed", lambda: (bot.bot.house.clock.now() - now).total_seconds() > 70)
    status, told = _asked(bot, "/readyz")
    assert status == 503
    assert told["reasons"]["queue"].startswith("a page has waited for 7")


def test_what_happened_is_counted(bot: HttpBot) -> None:
    request = command("declare sev2 Something is wrong", "1.counted")
    bot.posts(request)
    bot.posts(event({"type": "event_callback", "event_id": "Ev1", "event": {"type": "goldfish"}}))
    until("its page has left", lambda: "meridian_pages_total{" in _metrics(bot))
    until("that is written", lambda: 'meridian_queue_depth{priority="page"} 0' in _metrics(bot))
    told = _metrics(bot)
    assert 'meridian_ack_seconds_count{by="http"} 2' in told
    assert 'meridian_pages_total{level="1",leg="slack"} 1' in told
    assert 'meridian_effects_total{kind="create_channel",outcome="done"} 1' in told
    assert 'meridian_queue_age_seconds{priority="page"} 0' in told
    assert 'meridian_http_requests_total{status="200"}' in told
    assert 'meridian_deliveries_unhandled_total{kind="event"} 1' in told
    assert "meridian_ready 1" in told
    assert bot.site.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


def test_a_delivery_that_came_again_is_counted(bot: HttpBot) -> None:
    request = command("declare sev3 Twice", "1.twice")
    assert bot.posts(request).status == 200
    assert bot.posts(delivered_again(request)).status == 200
    assert "meridian_deliveries_absorbed_total 1" in _metrics(bot)


def test_no_title_no_key_no_person_and_no_secret_is_ever_told(bot: HttpBot) -> None:
    restricted = bot.posts(command("declare sev1 A threat against Xenia at school", "1.secret"))
    assert restricted.status == 200
    until("its page has left", lambda: "meridian_pages_total{" in _metrics(bot))
    (key,) = bot.incidents()
    told = "".join(bot.site.get(path).body.decode() for path in ("/healthz", "/readyz", "/metrics"))
    for hidden in ("Xenia", key, "UPRIYA", "Priya", SECRET, "xoxb-", "hush", "sqlite"):
        assert hidden not in told


def test_every_line_of_the_metrics_can_be_read(bot: HttpBot) -> None:
    line = re.compile(r'[a-z_]+(\{([a-z]+="[^"\\]*"(,|(?=\})))+\})? -?[0-9.e+-]+')
    told = _metrics(bot).splitlines()
    assert all(one.startswith("# ") or line.fullmatch(one) for one in told)
    assert len([one for one in told if one.startswith("# TYPE")]) >= 12


def _metrics(bot: HttpBot) -> str:
    return bot.site.get("/metrics").body.decode()
