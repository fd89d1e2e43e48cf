"""A lead's file is fetched from Slack itself, whole or not at all; each refusal is a sentence."""

from collections.abc import Iterator

import pytest

from bot.sending import Outbound
from bot.slack_files import GONE, NOT_ALLOWED, NOT_THEIRS, Given, NotGiven, NotYet, fetch
from tests.component.test_slack_rules_file_inputs import added, opened
from tests.support.slack_rules import BOT_TOKEN, Slack, Starting


@pytest.fixture
def outbound(slack: Slack) -> Iterator[Outbound]:
    yield from sending(slack)


def sending(slack: Slack) -> Iterator[Outbound]:
    outbound = Outbound(BOT_TOKEN, f"{slack.url}api/", warm_every_s=0)
    outbound.start()
    yield outbound
    outbound.stop()


def uploaded(slack: Slack, name: str = "a.ics") -> str:
    view = opened(slack)
    file = str(added(slack, view, name)["response"]["file"])
    slack.app()
    slack.act("submit", **{"as": "U1", "view_id": view, "values": {"f": [file]}})
    return file


def test_what_a_lead_has_uploaded_is_read_whole(slack: Slack, outbound: Outbound) -> None:
    assert fetch(outbound, f"{slack.url}api/", uploaded(slack), "U1", 10) == Given("a.ics", b"x")


def test_what_cannot_be_had_is_said_in_a_sentence(slack: Slack, outbound: Outbound) -> None:
    file, base = uploaded(slack), f"{slack.url}api/"
    with pytest.raises(NotGiven, match="larger than"):
        fetch(outbound, base, file, "U1", 0)
    with pytest.raises(NotGiven, match=NOT_THEIRS):
        fetch(outbound, base, file, "U2", 10)
    with pytest.raises(NotGiven, match=GONE):
        fetch(outbound, base, "FNONE", "U1", 10)
    with pytest.raises(NotGiven, match="kept outside Slack"):
        fetch(outbound, "https://slack.com/api/", file, "U1", 10)


def test_no_more_is_read_than_was_asked_for_whatever_slack_says_of_its_size(
    slack: Slack, outbound: Outbound
) -> None:
    url = slack.client.files_info(file=uploaded(slack))["file"]["url_private_download"]
    assert outbound.spawn(outbound.get_bytes(url, 0)).result().error == "too_large"


def test_where_slack_wants_somebody_to_sign_in_nothing_is_read(slack: Slack, outbound: Outbound) -> None:
    assert outbound.spawn(outbound.get_bytes(f"{slack.url}files/FNONE/a", 9)).result().error == "sign_in"


def test_without_the_permission_whoever_runs_it_is_named(starting: Starting) -> None:
    slack = starting(scopes=("chat:write", "commands"))
    outbounds = sending(slack)
    with pytest.raises(NotGiven, match=NOT_ALLOWED[:40]):
        fetch(next(outbounds), f"{slack.url}api/", "F1", "U1", 10)
    next(outbounds, None)


def test_while_slack_does_not_answer_it_is_asked_again(slack: Slack, outbound: Outbound) -> None:
    file, base = uploaded(slack), f"{slack.url}api/"
    slack.act("faults", down=True)
    with pytest.raises(NotYet):
        fetch(outbound, base, file, "U1", 10)
