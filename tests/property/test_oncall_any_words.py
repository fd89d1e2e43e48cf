"""Whatever is typed after /oncall is read, asked back, or refused with a place in the line; nothing else."""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.blocks.oncall_help import unclear_answer
from rotations.file import parse
from rotations.query import read, verbs
from rotations.questions import Asking, At, Clarify, History, Question, Why
from rotations.refusals import Unclear
from tests.property.test_blocks_any_text import ANY_TEXT, assert_safe

EXAMPLE = Path(__file__).resolve().parents[2] / "bot" / "example" / "organisation.yaml"
NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
ASKING = Asking(parse(EXAMPLE.read_text(encoding="utf-8"), "x"), NOW, "America/New_York", "ana")
PIECES = (
    *sorted({*verbs()} - {"ladder", "test", "notices", "calendar", "edit"}),  # read elsewhere
    "AMER",
    "apac",
    "primary",
    "backup",
    "@bo",
    "<@UANA|Ana>",
    "@nobody",
    "me",
    "now",
    "in",
    "3h",
)
PIECES += (
    "2 days",
    "ago",
    "sat",
    "next",
    "last",
    "tomorrow",
    "midnight",
    "9",
    "9am",
    "18:00",
    "24:00",
    "02:30",
)
PIECES += (
    "5/12",
    "24.12.",
    "31 feb",
    "2026-12-05",
    "2027-03-14",
    "2027-11-07",
    "2026-12-05T01:00+09:00",
    "–",
    "to",
)
PIECES += (
    "Tokyo",
    "New York",
    "IST",
    "Eastern",
    "in London",
    "because",
    "of",
    "week",
    ",",
    "9999 weeks",
    "99999",
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join)
KINDS = tuple(kind for each in get_args(Question) for kind in (get_args(each) or (each,)))


def asked(line: str) -> Question | Unclear:
    try:
        return read(line, ASKING)
    except Unclear as unclear:
        return unclear


def assert_told(line: str, unclear: Unclear) -> None:
    """A refusal is a sentence with a place in the line and can be shown; what it offers is another line."""
    assert 0 <= unclear.position <= len(line)
    assert str(unclear).endswith((".", "?", "…"))
    assert unclear.instead != line.strip()
    assert_safe(unclear_answer(line, unclear))


@given(WORDS)
@example("at 2027-03-14 02:30")
@example("history 29 feb 10:00")
@settings(max_examples=300, deadline=None)
def test_any_words_of_the_grammar_are_read_asked_back_or_refused_with_their_place(line: str) -> None:
    question = asked(line)
    if isinstance(question, Unclear):
        assert_told(line, question)
    else:
        assert isinstance(question, KINDS)
    if isinstance(question, At | Why | History):
        assert question.at.tzinfo is UTC


@given(ANY_TEXT)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_asked_back_or_refused_with_its_place(text: str) -> None:
    question = asked(text)
    if isinstance(question, Unclear):
        assert_told(text, question)


@given(WORDS)
@settings(max_examples=300, deadline=None)
def test_each_reading_that_is_offered_leads_on(line: str) -> None:
    """A press on a reading never brings the same question back."""
    question = asked(line)
    if isinstance(question, Clarify):
        assert len(question.readings) > 1
        assert line.strip() not in question.readings
