"""Which doors a running bot has on the web: those it was given a secret for, and no others."""

import json
from pathlib import Path

from bot.clock import SystemClock
from bot.web.signatures import sign
from tests.support.http_bot import http_bot
from tests.support.web import Site
from tests.support.whole_bot import whole_bot

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "hush",
    "TWILIO_FROM": "+15550100",
    "MERIDIAN_PUBLIC_URL": "https://meridian.example",
}
DECLARING = {"INCIDENTS_SECRET": "hush", "INCIDENTS_BY": "dana"}


def test_beside_socket_mode_it_only_says_how_it_is(sqlite_url: str, tmp_path: Path) -> None:
    with whole_bot(sqlite_url, tmp_path) as there:
        assert there.bot.web is not None
        there.workspace.eventually("its port is held", there.bot.web.is_listening)
        site = Site(there.bot.web.port)
        assert [site.get(path).status for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]
        assert [
            site.post(path, b"{}").status for path in ("/slack/events", "/incidents", "/ring/twilio")
        ] == [
            404,
            404,
            404,
        ]
        there.workspace.person("UPRIYA").types("/incident list")
        assert b'meridian_ack_seconds_count{by="socket"}' in site.get("/metrics").body


def test_every_door_it_was_given_a_secret_for_asks_who_is_there(sqlite_url: str, tmp_path: Path) -> None:
    with http_bot(sqlite_url, tmp_path, **TWILIO, **DECLARING) as there:
        statuses = [there.site.post(p, b"{}").status for p in ("/slack/events", "/incidents", "/ring/twilio")]
        assert statuses == [401, 401, 403]


def test_what_is_declared_over_the_web_is_paged_and_gets_its_channel(sqlite_url: str, tmp_path: Path) -> None:
    with http_bot(sqlite_url, tmp_path, **DECLARING) as there:
        body = json.dumps({"title": "Login codes arrive late", "severity": "sev1"}).encode()
        stamp = str(int(SystemClock().now().timestamp()))
        headers = {"X-Meridian-Timestamp": stamp, "X-Meridian-Signature": sign("hush", stamp, body)}
        got = there.site.post("/incidents", body, headers)
        assert (got.status, json.loads(got.body)["key"]) == (201, "INC-1")
        there.workspace.person("UANA").waits_for_dm("Login codes arrive late")
        there.workspace.eventually("the channel", there.workspace.incident_channels)
