"""An import as a lead reads it: what is open and what changes stand first, and Slack takes all of it."""

from datetime import time

import pytest
from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.import_cards import import_card
from handlers.blocks.import_forms import Known, questions_form, upload_form
from incidents.proposals import Beside, Destination, Found, Kind, Proposal, SeatShifts, Shown, State
from rotations.imports import Line, Outcome, Question, QuestionKind
from rotations.model import Mode, Organisation, Region, RosterShift, Schedule, Seat
from tests.support.block_samples import NOW, reader
from tests.support.blocks import buttons
from tests.support.golden import assert_accepted, assert_golden_message, assert_golden_view, words
from tests.support.schedules import utc

SHIFT = RosterShift(("bo",), utc("2026-12-07 17:00"), utc("2026-12-08 01:00"))
ANNA = Question(QuestionKind.PERSON, "Anna", "Who is “Anna”?", ("ana", "bo"), (12, 40))
BERLIN = Question(
    QuestionKind.ZONE, "Berlin time", "Which time zone is “Berlin time”?", ("Europe/Berlin",), (51,)
)
FOUND = Found(
    (
        Line(4, "On call: Bo Chen", Outcome.TAKEN),
        Line(12, "Anna", Outcome.DROPPED, "Nobody here is called “Anna”: say who that is."),
        Line(
            33,
            "Bo Chen",
            Outcome.SPLIT,
            "2 shifts. The clocks of New York change during the shift of 13 Mar.",
        ),
        Line(51, "Cy", Outcome.DROPPED, "Its time zone “Berlin time” is not known: say which it is."),
    ),
    (ANNA, BERLIN),
    "safety",
    (SeatShifts("AMER", Seat.PRIMARY, (SHIFT,)),),
)
MOVES = (
    "AMER primary, Mon 7 Dec 12:00 New York · 17:00 UTC until 20:00 New York: Bo Chen instead of Ana Lima",
)
SHOWN = Shown(
    True,
    MOVES,
    is_alarming=True,
    beside=(
        Beside(
            "90 days of AMER primary, theirs beside ours: they differ for 8.0 hours, which come first",
            ("Mon 7 Dec 2026 12:00–20:00 New York: there Bo Chen, here Ana Lima",),
        ),
    ),
    seal="5ea1",
    names={"ana": "Ana Lima", "bo": "Bo Chen"},
)
OPEN = Proposal(
    "p1",
    "UDANA",
    ("UDANA",),
    NOW,
    "rota.ics",
    Kind.CALENDAR,
    Destination("safety", "AMER"),
    found=FOUND,
    shown=SHOWN,
    state=State.OPEN,
    turn=1,
)


def card(proposal: Proposal, shown: Shown = SHOWN, *, is_undone: bool = False) -> str:
    message = import_card(replace(proposal, shown=shown), reader(), is_undone)
    assert_accepted(message)
    return words(message)


def test_an_open_import_reads_as_agreed() -> None:
    assert_golden_message("import-open", import_card(OPEN, reader()))


def test_an_import_that_is_done_and_one_that_is_refused_read_as_agreed() -> None:
    done = replace(OPEN, state=State.DONE, decided_by="UDANA", import_id="i1")
    assert_golden_message("import-done", import_card(done, reader()))
    refused = replace(OPEN, state=State.REFUSED, found=None, fault="That is no calendar.")
    assert_golden_message("import-refused", import_card(refused, reader()))


@pytest.mark.parametrize(
    ("change", "is_undone", "said"),
    [
        ({"state": State.READING}, False, "being read with your answers"),
        ({"state": State.LEFT, "decided_by": "UDANA"}, False, "was left. Nothing was changed."),
        ({"state": State.LEFT, "origin": "source:s1"}, False, "does not propose this any more"),
        ({"state": State.DONE, "decided_by": "UDANA"}, False, "the schedule says so already"),
        ({"state": State.DONE, "decided_by": "UDANA", "import_id": "i1"}, True, "is taken back"),
    ],
)
def test_every_end_is_said_in_a_sentence(change: dict[str, object], is_undone: bool, said: str) -> None:
    assert said in card(replace(OPEN, **change), is_undone=is_undone)  # type: ignore[arg-type]


def test_what_is_not_simply_taken_comes_first() -> None:
    said = card(OPEN)
    assert said.index("line 12: Anna: dropped") < said.index("line 33") < said.index("line 4: On call")


def test_a_file_of_three_hundred_events_stays_in_one_message() -> None:
    lines = tuple(Line(n, "x" * 400, Outcome.DROPPED, "y" * 900) for n in range(300))
    asked = tuple(Question(QuestionKind.PERSON, str(n), "w" * 500, ("ana",), (n,) * 9) for n in range(300))
    long = replace(OPEN, name="z" * 500, found=replace(FOUND, lines=lines, questions=asked))
    rows = tuple("r" * 400 for _ in range(300))
    huge = replace(SHOWN, moved=rows[:8], more_moved=292, beside=(Beside("b" * 300, rows[:2], 298),) * 6)
    said = card(long, huge)
    assert "and 292 more questions" in said
    assert "and 292 more changes" in said


def test_what_the_message_cannot_hold_is_counted() -> None:
    lines = tuple(Line(n, "Ana Lima", Outcome.TAKEN) for n in range(300))
    said = card(replace(OPEN, found=replace(FOUND, lines=lines)))
    assert "and 270 more events" in said
    assert "*Every event* (300; whole in the file below this message)" in said


def test_titles_that_turn_the_line_round_or_call_a_channel_stay_words() -> None:
    evil = (Line(4, "\u202eevil <!channel>\n\n# head", Outcome.TAKEN),)
    said = card(replace(OPEN, name="\u202egpj.ics", found=replace(FOUND, lines=evil)))
    assert "\u202e" not in said
    assert "evil &lt;!channel&gt; # head: taken" in said


def test_what_cannot_be_taken_any_more_has_no_button_to_import_it() -> None:
    misfit = replace(SHOWN, misfit="There is no region AMER.")
    message = import_card(replace(OPEN, shown=misfit), reader())
    assert [label for label, _ in buttons(list(message.blocks))] == ["Answer the questions", "Leave it"]
    assert "does not fit the schedule as it stands: There is no region AMER." in words(message)
    nothing = import_card(replace(OPEN, found=Found(FOUND.lines)), reader())
    assert [label for label, _ in buttons(list(nothing.blocks))] == ["Leave it"]
    assert "nothing to import yet" in words(nothing)


def test_what_changes_nothing_is_said_so() -> None:
    assert "importing it changes nothing" in card(OPEN, replace(SHOWN, is_change=False))
    assert "Nobody's shift of the next 8 weeks moves." in card(OPEN, replace(SHOWN, moved=()))


def test_what_a_followed_calendar_brings_shows_the_differences_and_can_be_ended() -> None:
    message = import_card(replace(OPEN, origin="source:s1"), reader())
    pressed = [label for label, _ in buttons(list(message.blocks))]
    assert pressed == ["Answer the questions", "Import it", "Not now", "Stop following"]
    assert "line 4" not in words(message)


def test_the_form_of_an_upload_reads_as_agreed() -> None:
    regions = tuple(Region(name, "Europe/Dublin", time(9), {}) for name in ("AMER", "EMEA"))
    organisation = Organisation(schedules=(Schedule("safety", Mode.CHAIN, regions),))
    assert_golden_view("import-form", upload_form(organisation))


def test_the_questions_of_an_import_read_as_agreed() -> None:
    known = Known({"ana": "Ana Lima", "bo": "Bo Chen"}, {})
    assert_golden_view("import-questions", questions_form(OPEN, FOUND.questions, known))


def test_more_questions_than_a_form_holds_come_in_a_second_one() -> None:
    form = questions_form(OPEN, (ANNA,) * 70, Known({}, {}))
    assert len(form["blocks"]) == 91
    assert "40 more questions" in str(form["blocks"][-1])
    assert form["private_metadata"] == ids.pack("p1", "1")
