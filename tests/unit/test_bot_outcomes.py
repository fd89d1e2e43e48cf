"""What Slack's answers mean."""

from typing import Any

import pytest

from bot.outcomes import Verdict, backoff_s, judge
from bot.rates import bucket_of
from bot.sending import Sent

FORCED: dict[str, Any] = {"channel": "C1", "users": "U1,U2", "force": True}


def verdict(
    error: str, method: str = "chat.postMessage", attempt: int = 1, ambiguous: bool = False
) -> Verdict:
    return judge(method, {"channel": "C1"}, Sent(False, {}, error, ambiguous=ambiguous), attempt).verdict


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("already_pinned", Verdict.DONE),
        ("already_archived", Verdict.DONE),
        ("already_reacted", Verdict.DONE),
        ("ratelimited", Verdict.RATE_LIMITED),
        ("unreachable", Verdict.UNREACHABLE),
        ("timeout", Verdict.AMBIGUOUS),
        ("fatal_error", Verdict.AMBIGUOUS),
        ("internal_error", Verdict.AMBIGUOUS),
        ("request_timeout", Verdict.AMBIGUOUS),
        ("service_unavailable", Verdict.AMBIGUOUS),
        ("invalid_auth", Verdict.DEAD_TOKEN),
        ("token_revoked", Verdict.DEAD_TOKEN),
        ("account_inactive", Verdict.DEAD_TOKEN),
        ("missing_scope", Verdict.MISSING_SCOPE),
        ("channel_not_found", Verdict.REFUSED),
        ("is_archived", Verdict.REFUSED),
        ("invalid_blocks", Verdict.REFUSED),
        ("permission_denied", Verdict.REFUSED),
        ("never_heard_of", Verdict.AGAIN),
    ],
)
def test_each_of_slacks_words_has_one_meaning(error: str, expected: Verdict) -> None:
    assert verdict(error) is expected


def test_an_unknown_word_is_final_at_the_fifth_attempt() -> None:
    assert [verdict("never_heard_of", attempt=n) for n in (4, 5)] == [Verdict.AGAIN, Verdict.REFUSED]


def test_a_server_error_without_a_word_is_ambiguous() -> None:
    assert verdict("http_502", ambiguous=True, attempt=9) is Verdict.AMBIGUOUS


def test_an_invitation_that_let_the_others_in_is_done_and_names_who_failed() -> None:
    faults = [{"user": "U2", "ok": False, "error": "user_not_found"}]
    found = judge("conversations.invite", FORCED, Sent(True, {"errors": faults}), 1)
    assert found.outcome is not None
    assert (found.outcome.ok, found.outcome.failed_users) == (True, {"U2": "user_not_found"})


def test_an_invitation_of_one_who_cannot_come_names_them() -> None:
    found = judge("conversations.invite", {"users": "U9"}, Sent(False, {}, "cant_invite"), 1)
    assert found.outcome is not None
    assert found.outcome.failed_users == {"U9": "cant_invite"}


def test_an_invitation_of_one_who_is_in_already_is_simply_done() -> None:
    found = judge("conversations.invite", {"users": "U9"}, Sent(False, {}, "already_in_channel"), 1)
    assert found.outcome is not None
    assert (found.outcome.ok, found.outcome.failed_users) == (True, {})


def test_an_invitation_into_a_channel_that_is_gone_is_refused() -> None:
    found = judge("conversations.invite", FORCED, Sent(False, {}, "channel_not_found"), 1)
    assert found.verdict is Verdict.REFUSED


def test_the_channel_of_a_creation_is_kept() -> None:
    found = judge("conversations.create", {}, Sent(True, {"channel": {"id": "C7", "name": "inc-7"}}), 1)
    assert found.outcome is not None
    assert found.outcome.result == {"channel": "C7", "name": "inc-7"}


def test_posts_are_counted_by_channel_and_everything_else_by_method() -> None:
    assert bucket_of("chat.postMessage", {"channel": "C1"}) == "chat.postMessage:C1"
    assert bucket_of("conversations.setTopic", {"channel": "C1"}) == "conversations.setTopic"


def test_waits_grow_are_bounded_and_spread_by_chance() -> None:
    assert [backoff_s(n, 0.0) for n in (1, 2, 3, 20)] == [2, 4, 8, 60]
    assert backoff_s(2, 0.5) == 5
