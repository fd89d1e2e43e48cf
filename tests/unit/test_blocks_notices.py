"""What those who run Meridian read when something needs a human."""

import pytest

from handlers.blocks.notices import Notice, notice
from incidents.operations.notices import About
from tests.support.block_samples import reader
from tests.support.golden import assert_golden_message, words

AWAY = {"from": "2026-11-30T13:51:00Z", "to": "2026-11-30T14:04:00Z"}
SAID: dict[str, tuple[About, dict[str, str]]] = {
    "dead-letter": (
        About.DEAD_LETTER,
        {"subject": "INC-142", "kind": "send_page", "error": "channel_not_found"},
    ),
    "dead-timer": (About.DEAD_TIMER, {"subject": "INC-142", "kind": "call_level", "error": "KeyError"}),
    "ring-unauthorised": (About.RING_UNAUTHORISED, {"provider": "twilio"}),
    "mail-unauthorised": (About.RING_UNAUTHORISED, {"provider": "mail"}),
    "missing-scope": (About.MISSING_SCOPE, {"method": "conversations.create", "scope": "channels:manage"}),
    "no-phone-leg": (About.NO_PHONE_LEG, {"user": "UANA"}),
    "was-away": (About.WAS_AWAY, {**AWAY, "pages": "2", "reminders": "1", "handoffs": "1"}),
    "token-refused": (About.TOKEN_REFUSED, {**AWAY, "error": "token_revoked", "pages": "2"}),
    "slack-away": (About.SLACK_AWAY, {**AWAY, "error": "unreachable", "pages": "2"}),
    "store-trouble": (About.STORE_TROUBLE, {**AWAY, "error": "The disk is full.", "handoffs": "1"}),
    "restored": (About.RESTORED, {"copy_at": AWAY["from"], "waiting": "INC-142", "hidden": "1"}),
    "empty-group": (About.EMPTY_GROUP, {"handle": "oncall-apac", "users": "UKENJI"}),
}


def said(about: About, args: dict[str, str], zone: str = "UTC") -> str:
    return notice(Notice(about, args, reader(zone=zone), is_shared=False)).text


@pytest.mark.parametrize("name", SAID)
def test_a_notice_reads_as_agreed_in_the_operations_channel(name: str) -> None:
    about, args = SAID[name]
    assert_golden_message(f"notice-{name}", notice(Notice(about, args, reader(), is_shared=True)))


def test_every_matter_has_its_words() -> None:
    assert {about for about, _ in SAID.values()} == set(About)


def test_an_absence_is_told_with_what_was_missed() -> None:
    told = said(About.WAS_AWAY, {**AWAY, "pages": "2", "reminders": "0", "handoffs": "1"})
    assert told == "Meridian was away 13:51–14:04 UTC. 2 pages left late, 1 handoff is due now."


def test_an_absence_in_which_nothing_fell_due_says_so() -> None:
    assert said(About.WAS_AWAY, AWAY) == "Meridian was away 13:51–14:04 UTC. Nothing was missed."


def test_a_clock_that_went_ahead_is_not_told_as_an_absence() -> None:
    told = said(About.WAS_AWAY, {**AWAY, "clock": "ahead", "pages": "2"})
    why = "the clock was set ahead, or the machine slept"
    assert told == f"Nobody kept time 13:51–14:04 UTC: {why}. 2 pages left late."


def test_an_absence_of_days_ends_with_its_day() -> None:
    told = said(About.WAS_AWAY, {**AWAY, "from": "2026-11-22T23:46:00Z"})
    assert told == "Meridian was away Sun 22 Nov 23:46–Mon 30 Nov 14:04 UTC. Nothing was missed."


def test_in_the_channel_an_absence_of_days_names_them_in_the_readers_own_time_too() -> None:
    away = {**AWAY, "from": "2026-11-22T23:46:00Z"}
    told = str(notice(Notice(About.WAS_AWAY, away, reader(), is_shared=True)).blocks)
    assert told.count("{date_short_pretty} {time}|") == 2


def test_a_lead_reads_the_time_of_their_own_zone() -> None:
    told = said(About.RESTORED, {"copy_at": AWAY["from"]}, zone="America/New_York")
    assert "08:51 New York (13:51 UTC)" in told


def test_what_is_no_incident_is_called_what_it_is() -> None:
    told = said(
        About.DEAD_LETTER, {"subject": "handoff:safety:2026", "kind": "post_handoff", "error": "is_archived"}
    )
    assert told.startswith("Shift change: a shift change could not be delivered (is_archived)")


def test_arguments_that_are_missing_leave_a_sentence_all_the_same() -> None:
    assert all(said(about, {}) for about in About)


def test_an_error_cannot_mention_anybody() -> None:
    shown = notice(Notice(About.DEAD_LETTER, {"subject": "INC-1", "error": "<!channel>"}, reader(), True))
    assert "<!channel>" not in words(shown)
