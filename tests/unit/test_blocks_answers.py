"""Private answers: errors with the way on, what is due, lists, the timeline, who is on call, Home."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.answers import checklist, help_answer, listing, near, said, wrong_severity
from handlers.blocks.home import home
from handlers.blocks.incident_answers import (
    TimelinePage,
    due_now,
    runbook_answer,
    timeline_answer,
    timeline_view,
    whole,
)
from handlers.blocks.oncall import next_of_person, next_up, on_call_at, on_call_now
from handlers.calls import Message
from incidents.model import Entry, EntryKind
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine, Upcoming
from rotations.model import Seat
from rotations.shifts import Gap
from runbooks import stepping
from sandbox import check
from tests.support.block_samples import (
    ACTIVE,
    DECLARED,
    DECLARED_INCIDENT,
    NEW_YORK,
    RESOLVED,
    RESTRICTED,
    RUN,
    UPDATED,
    reader,
)
from tests.support.golden import assert_golden_message, assert_golden_view, words

ZONES = {"AMER": NEW_YORK, "EMEA": "Europe/Dublin", "APAC": "Asia/Tokyo"}
AT_ONE = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
AT_NINE = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
ENTRIES = (
    Entry(
        EntryKind.DECLARED,
        DECLARED,
        "UPRIYA",
        "Account-takeover wave in EU",
        {"severity": "SEV1", "harm": "fraud", "why": "as declared"},
    ),
    Entry(EntryKind.ACKNOWLEDGED, DECLARED + timedelta(minutes=2), "UANA", data={"role": "manager"}),
    Entry(
        EntryKind.MESSAGE,
        DECLARED + timedelta(minutes=9),
        "UBO",
        "<!channel> 4,100 & rising",
        permalink="https://safety.slack.example/archives/C0INC142/p1",
    ),
)
MANY = tuple(Entry(EntryKind.NOTE, DECLARED, "UBO", f"note {at}") for at in range(70))
STEPPED = replace(
    ACTIVE,
    run=stepping.complete(
        stepping.complete(RUN, "scope", "UANA", DECLARED)[0], "way-in", "UBO", DECLARED, "sim"
    )[0],
)


def seat(name: str, of: Seat = Seat.PRIMARY, region: str = "AMER", why: tuple[str, ...] = ()) -> SeatLine:
    people = (name.lower(),) if name else ()
    return SeatLine(region, of, people, (name,) if name else (), DECLARED, AT_ONE, AT_ONE, why)


SWAPPED = ("For Cy Okafor, swap of 3 Nov.", "The rotation says Cy Okafor.")
ON_CALL = OnCallAnswer(
    DECLARED,
    (
        RegionAnswer(
            "AMER",
            NEW_YORK,
            AT_ONE,
            (seat("Ana Lima"), seat("Bo Chen", Seat.BACKUP, why=SWAPPED), seat("Dana Ortiz", Seat.LEAD)),
        ),
    ),
    (
        Upcoming(AT_ONE, "APAC", (seat("Kenji Mori", region="APAC"),)),
        Upcoming(AT_NINE, "EMEA", (seat("Niamh Byrne", region="EMEA"),)),
    ),
    (Gap(AT_NINE + timedelta(days=2), AT_NINE + timedelta(days=2, hours=8), "EMEA", Seat.BACKUP),),
)
COVERED = ("Niamh Byrne covers Tom that day.", "The rotation says Tom.")
ANOTHER_TIME = OnCallAnswer(
    datetime(2026, 12, 4, 16, 0, tzinfo=UTC),
    (RegionAnswer("EMEA", "Europe/Dublin", None, (seat("Niamh Byrne", region="EMEA", why=COVERED),)),),
    (),
    (),
)
MESSAGES: dict[str, Message] = {
    "answer-due-now": due_now(UPDATED, "UANA", reader(24)),
    "answer-due-late": due_now(ACTIVE, "UBO", reader(45)),
    "answer-due-nobody-yet": due_now(DECLARED_INCIDENT, "UPRIYA", reader(1)),
    "answer-show": whole(RESOLVED, ENTRIES, reader(400)),
    "answer-timeline": timeline_answer(TimelinePage(UPDATED, ENTRIES), reader(24)),
    "answer-runbook": runbook_answer(STEPPED, reader(24)),
    "answer-list": listing((ACTIVE, RESTRICTED), (replace(RESOLVED, key="INC-140"),), reader()),
    "answer-list-empty": listing((), (), reader()),
    "answer-wrong-severity": wrong_severity("5", "Account-takeover wave <!channel>"),
    "answer-near": near("lsit", "list"),
    "answer-help": help_answer(
        ("/incident ack [key]: acknowledge: you have it",), ("In threads write @meridian.",)
    ),
    "answer-setup": checklist("Meridian is not ready", ((True, "Slack"), (False, "a region and a lead"))),
    "oncall-now": on_call_now(ON_CALL, ZONES, reader()),
    "oncall-nobody": on_call_now(OnCallAnswer(DECLARED, (), (), ()), ZONES, reader()),
    "oncall-next": next_up(ON_CALL.next, reader()),
    "oncall-next-person": next_of_person(ON_CALL.next[0], "Kenji Mori", reader()),
    "oncall-next-never": next_of_person(None, "Kenji Mori", reader()),
    "oncall-at": on_call_at(ANOTHER_TIME, "Asia/Tokyo", reader(0, NEW_YORK)),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_answer_reads_as_agreed(name: str) -> None:
    assert_golden_message(name, MESSAGES[name])


def test_the_home_tab_reads_as_agreed() -> None:
    assert_golden_view("home", home((RESTRICTED, ACTIVE), ON_CALL, ZONES, "UANA", reader()))


def test_the_home_tab_says_so_before_any_schedule_is_set_up() -> None:
    view = home((), None, ZONES, "UANA", reader())
    assert check.view(view) == []
    assert "No schedule is set up yet" in str(view)


def test_a_window_of_the_timeline_opens() -> None:
    assert_golden_view("view-timeline", timeline_view(TimelinePage(UPDATED, ENTRIES), reader()))


def test_a_wrong_severity_keeps_the_title_and_offers_the_right_ones() -> None:
    message = wrong_severity("5", "Account-takeover wave")
    assert message.text == "There is no SEV5. Your title is kept: “Account-takeover wave”."
    buttons = message.blocks[-1]["elements"]
    assert [each["text"]["text"] for each in buttons] == ["SEV0", "SEV1", "SEV2", "SEV3"]
    assert ids.unpack_typed(buttons[1]["value"]) == ("1", "Account-takeover wave")


def test_what_is_due_says_how_long_is_left_and_what_is_late() -> None:
    assert "in 26 min: update, Ana Lima" in words(MESSAGES["answer-due-now"])
    assert "*15 min late*: update, Ana Lima" in words(MESSAGES["answer-due-late"])


def test_your_own_step_comes_before_the_present_one() -> None:
    given = replace(ACTIVE, run=stepping.assign(RUN, "contain", "UBO", "UANA", DECLARED)[0])
    assert "*Your step, 3 of 4:*" in words(due_now(given, "UBO", reader()))
    assert "*Now, 1 of 4:*" in words(due_now(given, "UKENJI", reader()))


def test_the_timeline_is_turned_a_page_at_a_time_from_its_newest_end() -> None:
    newest = timeline_answer(TimelinePage(ACTIVE, MANY), reader())
    assert "note 69" in words(newest)
    assert "note 49" not in words(newest)
    [earlier] = newest.blocks[-1]["elements"]
    assert ids.unpack(earlier["value"]) == ("INC-142", "20")
    middle = timeline_answer(TimelinePage(ACTIVE, MANY, 20), reader())
    assert [each["text"]["text"] for each in middle.blocks[-1]["elements"]] == ["Earlier", "Later"]


def test_a_page_beyond_the_timelines_ends_is_empty_not_an_error() -> None:
    assert "0 of 70 entries" in words(timeline_answer(TimelinePage(ACTIVE, MANY, 900), reader()))


def test_a_message_on_the_timeline_mentions_nobody() -> None:
    assert "&lt;!channel&gt; 4,100 &amp; rising" in words(MESSAGES["answer-timeline"])


def test_a_list_shows_a_restricted_incident_without_its_title() -> None:
    assert "Threat against" not in words(MESSAGES["answer-list"])


def test_a_long_list_is_turned_a_page_at_a_time() -> None:
    many = tuple(replace(ACTIVE, key=f"INC-{at}") for at in range(40))
    first, second = listing(many, (), reader()), listing(many, (), reader(), 15)
    assert "INC-14*" in words(first)
    assert "INC-15*" not in words(first)
    assert [each["text"]["text"] for each in second.blocks[-1]["elements"]] == ["Previous", "Next"]


def test_another_time_is_told_in_three_zones_with_its_reason() -> None:
    shown = words(MESSAGES["oncall-at"])
    assert (
        "Sat 5 Dec 01:00 Tokyo · Fri 4 Dec 11:00 New York · Fri 4 Dec 16:00 UTC*: EMEA, Niamh Byrne." in shown
    )
    assert "Niamh Byrne covers Tom that day. The rotation says Tom." in shown


def test_an_open_shift_is_told_in_its_regions_own_time() -> None:
    assert "EMEA backup Thu 3 Dec 09:00–17:00 Dublin" in words(MESSAGES["oncall-now"])


def test_somebody_who_serves_for_another_is_shown_with_the_reason() -> None:
    assert "*Backup*  Bo Chen (For Cy Okafor, swap of 3 Nov)" in words(MESSAGES["oncall-now"])


def test_a_confirmation_with_nothing_to_say_still_says_something() -> None:
    assert said("\u200b").text == "Done."


def test_what_is_not_to_be_done_says_do_not_once() -> None:
    assert ACTIVE.run is not None
    book = replace(ACTIVE.run.runbook, do_not=("Do not ban in mass.", "Do not publish the rule."))
    warned = replace(ACTIVE, run=replace(ACTIVE.run, runbook=book))
    assert "*Do not*  ban in mass · publish the rule" in words(due_now(warned, "UANA", reader()))
