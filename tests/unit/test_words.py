"""What typed words are understood as; text that is no command stays somebody's title."""

from datetime import UTC, datetime

import pytest

from handlers.commands import (
    Acknowledge,
    Assign,
    Back,
    BringIn,
    ChangeSeverity,
    ChangeStatus,
    Close,
    Command,
    Declare,
    DeclareForm,
    DueNow,
    Escalate,
    Help,
    Here,
    ListIncidents,
    Near,
    NotUnderstood,
    OnCall,
    OpenUp,
    Resolve,
    Show,
    StopPaging,
    TakeTwenty,
    WriteNote,
    WriteUpdate,
    WrongSeverity,
)
from handlers.words import read
from handlers.words_pieces import ClockTime, instant_of
from handlers.words_usage import USAGE, Usage, readable, usage_lines
from handlers.words_watching import is_taken
from incidents.model import Role, Severity, Status, Target

BO = Target(person="UBO")

UNDERSTOOD: list[tuple[str, Command]] = [
    ("", DueNow()),
    ("   ", DueNow()),
    ("sev1 Account takeover", Declare("Account takeover", Severity.SEV1)),
    ("SEV-1: Account takeover", Declare("Account takeover", Severity.SEV1)),
    ("declare sev1 Account takeover", Declare("Account takeover", Severity.SEV1)),
    ("declare Account takeover", Declare("Account takeover")),
    ("declare restricted sev2 Leak", Declare("Leak", Severity.SEV2, restricted=True)),
    ("declare", Declare()),
    ("declare sev5 Account takeover", WrongSeverity("5", "Account takeover")),
    ("ack", Acknowledge()),
    ("ack inc-142", Acknowledge("INC-142")),
    ("INC-142 ack", Acknowledge("INC-142")),
    ("ack INC-142 for <@UBO|bo>", Acknowledge("INC-142", "UBO")),
    ("ack for <@UBO|bo> INC-142", Acknowledge("INC-142", "UBO")),
    ("escalate", Escalate()),
    ("escalate now", Escalate()),
    ("escalate INC-142 nobody answers", Escalate("INC-142", "nobody answers")),
    ("page now", Escalate()),
    ("page next level INC-142", Escalate("INC-142")),
    ("page stop", StopPaging()),
    ("stop paging", StopPaging()),
    ("stop paging INC-142 a test", StopPaging("INC-142", "a test")),
    ("take 20", TakeTwenty()),
    ("take twenty minutes INC-142", TakeTwenty("INC-142")),
    ("back", Back()),
    ("I'm back!", Back()),
    ("i am here", Here()),
    ("I am here INC-142", Here("INC-142")),
    ("here", DueNow()),
    ("INC-142 here", Show("INC-142")),
    ("page", BringIn()),
    ("page legal", BringIn("", (Target(schedule="legal"),))),
    ("page Legal INC-142", BringIn("INC-142", (Target(schedule="legal"),))),
    ("page next region", BringIn("", (Target(where="next"),))),
    ("page backup", BringIn("", (Target(seat="backup"),))),
    ("page <@UBO|bo.chen>", BringIn("", (BO,))),
    ("page <@UBO|bo chen> <@UANA>", BringIn("", (BO, Target(person="UANA")))),
    ("assign comms <@UBO|bo>", Assign("", Role.COMMS, "UBO")),
    ("assign <@UBO> as incident manager", Assign("", Role.MANAGER, "UBO")),
    ("assign comms lead to <@UBO>", Assign("", Role.COMMS, "UBO")),
    ("assign", Assign()),
    ("hand over to <@UBO>", Assign("", Role.MANAGER, "UBO")),
    ("sev 2 no new accounts", ChangeSeverity("", Severity.SEV2, "no new accounts")),
    ("sev INC-142 sev0 life at risk", ChangeSeverity("INC-142", Severity.SEV0, "life at risk")),
    ("INC-142 sev0 life at risk", ChangeSeverity("INC-142", Severity.SEV0, "life at risk")),
    ("sev", ChangeSeverity()),
    ("status contained payouts held", ChangeStatus("", Status.CONTAINED, "payouts held")),
    ("contained", ChangeStatus("", Status.CONTAINED)),
    ("dismiss a test", ChangeStatus("", Status.DISMISSED, "a test")),
    ("duplicate of INC-141", ChangeStatus("", Status.DUPLICATE, of="INC-141")),
    ("merge INC-142 into INC-141", ChangeStatus("INC-142", Status.DUPLICATE, of="INC-141")),
    ("reopen R-7KQ2", ChangeStatus("R-7KQ2", Status.ACTIVE)),
    ("update INC-142 payouts held", WriteUpdate("INC-142", "payouts held")),
    ("note at 14:05 payouts held", WriteNote("", "payouts held", ClockTime(14, 5))),
    ("note at 14:05 UTC payouts held", WriteNote("", "payouts held", ClockTime(14, 5, True))),
    ("note at 2:05pm payouts held", WriteNote("", "payouts held", ClockTime(14, 5))),
    ("note at the door", WriteNote("", "at the door")),
    ("show", Show()),
    ("INC-142", Show("INC-142")),
    ("show timeline INC-142", Show("INC-142", "timeline")),
    ("runbook", Show("", "runbook")),
    ("list", ListIncidents()),
    ("resolve", Resolve()),
    ("resolve All sessions revoked", Resolve("", "All sessions revoked")),
    ("close INC-142", Close("INC-142")),
    ("open", OpenUp()),
    ("help note", Help("note")),
    ("oncall at 2026-12-05 01:00 Asia/Tokyo", OnCall("at 2026-12-05 01:00 Asia/Tokyo")),
    ("resovle", Near("resovle", "resolve")),
    ("udpate INC-142", Near("udpate INC-142", "update INC-142")),
    ("show runbok", Near("show runbok", "show runbook")),
]


@pytest.mark.parametrize(
    ("typed", "command"), UNDERSTOOD, ids=[typed or "nothing" for typed, _ in UNDERSTOOD]
)
def test_words_are_understood(typed: str, command: Command) -> None:
    assert read(typed) == command


@pytest.mark.parametrize(
    "title",
    [
        "Account takeover wave in EU",
        "page not loading for EU users",
        "open redirect on the login page",
        "close friends lists leaked",
        "duplicate charges for EU customers",
        "status page is down",
        "help us, accounts are stolen",
        "INC-142 is back again",
        "list of stolen accounts is for sale",
        "ack emails sent to strangers",
        "ack for everybody",
        "escalate to the regulator or not",
        "page now shows foreign accounts",
        "stop the payouts",
        "take 20 accounts down",
        "take down of a phishing site",
        "I am locked out",
        "I am back on the old phone",
        "here is a leak",
    ],
)
def test_text_that_is_no_command_becomes_a_title(title: str) -> None:
    assert read(title) == DeclareForm(title)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("sev1 fraud &amp; &lt;b&gt;", "fraud & <b>"),
        ("sev1 ask <@U123|bo>", "ask @bo"),
        ("sev1 see <https://x.example/a|x.example>", "see https://x.example/a"),
        ("sev1 <!channel> look", "<!channel> look"),
    ],
)
def test_a_title_is_what_the_person_saw_when_typing(typed: str, title: str) -> None:
    assert read(typed) == Declare(title, Severity.SEV1)


@pytest.mark.parametrize(
    "typed",
    [
        "sev 9 because",
        "note at 25:99 payouts held",
        "page @zed",
        "ack for @zed",
        "assign comms @zed",
        "show nonsense",
    ],
)
def test_what_cannot_be_carried_out_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"^[A-Z].*\.$"):
        read(typed)


@pytest.mark.parametrize("usage", USAGE, ids=[usage.verb for usage in USAGE])
def test_each_verb_of_the_table_reads_as_the_table_says(usage: Usage) -> None:
    command = read(usage.example)
    assert isinstance(command, usage.reads)


@pytest.mark.parametrize("said", ["ack", "OK!", "okay.", "On it", "  got   it ", "I have it", "Acknowledge"])
def test_a_few_words_to_meridian_mean_that_somebody_has_it(said: str) -> None:
    assert is_taken(said)


@pytest.mark.parametrize("said", ["", "ok then", "not ok", "ack INC-142", "on it tomorrow"])
def test_any_more_words_mean_what_they_say(said: str) -> None:
    assert not is_taken(said)


def test_there_are_twelve_verbs() -> None:
    assert len({usage.verb for usage in USAGE}) == len(USAGE) == 12


def test_help_for_a_verb_gives_its_example() -> None:
    assert usage_lines("assign") == (
        "/incident assign <role> <@person>: give a role, or hand over command",
        "For example: /incident assign comms @bo",
    )
    assert readable("page legal") == "page legal"


def test_a_time_is_in_the_askers_zone() -> None:
    now = datetime(2026, 11, 30, 19, 30, tzinfo=UTC)
    at = instant_of(ClockTime(14, 5), "America/New_York", now)
    assert at == datetime(2026, 11, 30, 19, 5, tzinfo=UTC)


def test_a_time_that_lies_ahead_was_yesterday() -> None:
    now = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    at = instant_of(ClockTime(14, 5), "America/New_York", now)
    assert at == datetime(2026, 11, 29, 19, 5, tzinfo=UTC)


def test_a_time_in_utc_needs_no_zone() -> None:
    now = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
    at = instant_of(ClockTime(14, 5, is_utc=True), "America/New_York", now)
    assert at == datetime(2026, 11, 30, 14, 5, tzinfo=UTC)
