"""What `doctor` says of the web."""

import pytest
from msgspec.structs import replace

from bot.cli.doctor_web import about_web
from bot.cli.findings import Roll, State
from bot.settings import Settings
from incidents.people import Actor

DANA = Actor("UDANA", "Dana Ortiz", is_lead=True)
ROLL = Roll(linked={"dana": "UDANA"}, actors={"UDANA": DANA})
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
DECLARING = {**SOCKET, "INCIDENTS_SECRET": "s"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "PORT": "8080"}


def _findings(given: dict[str, str], roll: Roll = ROLL) -> list[tuple[State, str]]:
    return [(found.state, found.what) for found in about_web(Settings.model_validate(given), roll)]


def test_over_socket_mode_there_is_nothing_to_say() -> None:
    assert _findings(SOCKET) == []


def test_over_http_it_says_where_slack_comes_in() -> None:
    assert _findings(HTTP) == [(State.OK, "deliveries over HTTP: port 8080, path /slack/events")]


@pytest.mark.parametrize("who", ["dana", "UDANA"])
def test_the_one_who_stands_in_is_named(who: str) -> None:
    ((state, what),) = _findings({**DECLARING, "INCIDENTS_BY": who})
    assert (state, what) == (State.OK, "POST /incidents: Dana Ortiz declares for those whom nobody knows")


@pytest.mark.parametrize(
    "roll", [Roll(), replace(ROLL, actors={"UDANA": replace(DANA, is_deactivated=True)})]
)
def test_one_who_is_unknown_or_gone_is_missing(roll: Roll) -> None:
    ((state, what),) = _findings({**DECLARING, "INCIDENTS_BY": "dana"}, roll)
    assert state is State.MISSING
    assert "INCIDENTS_BY names dana" in what
