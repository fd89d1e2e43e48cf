"""Whatever is typed is read in time linear in it, and nothing but the one refusal comes out."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.commands import ChangeSeverity, Declare, NotUnderstood, WriteNote, WriteUpdate
from handlers.words import read
from handlers.words_pieces import ClockTime
from handlers.words_usage import VERBS
from incidents.model import Severity

HOSTILE = (
    "<",
    "<@",
    "<@U1|",
    "<a ",
    " ",
    "@",
    "sev ",
    "9",
    "at 1",
    "\u202e",
    "`",
    "&lt;",
    "INC-1 ",
    "\ud83d",
)
LENGTH = 100_000

begins = st.sampled_from(["", *VERBS, "INC-1", "status", "hand over", "oncall", "merge", "note at", "sev1"])
keys = st.one_of(st.integers(1, 10**6).map(lambda n: f"INC-{n}"), st.just("R-7KQ2"))
plain = st.text(st.characters(categories=["L", "N"]), min_size=1).map(lambda word: f"word {word}")


def read_or_refused(line: str) -> object:
    """A command, or the refusal's sentence; anything else that is raised fails the test."""
    try:
        return read(line)
    except NotUnderstood as refusal:
        return str(refusal)


@given(begins, st.text())
def test_any_text_is_a_command_or_the_one_refusal(begin: str, text: str) -> None:
    assert read_or_refused(f"{begin} {text}")


@given(begins, st.sampled_from(HOSTILE))
def test_a_hundred_thousand_signs_are_read_in_a_moment(begin: str, piece: str) -> None:
    """A quadratic reader would need minutes for one of these: the test's own time limit is the proof."""
    assert read_or_refused(f"{begin} {piece * (LENGTH // len(piece))}")


@given(st.sampled_from(Severity), plain)
def test_a_declared_title_is_kept_word_for_word(severity: Severity, title: str) -> None:
    assert read(f"declare {severity.label} {title}") == Declare(title, severity)


@given(keys, plain)
def test_an_update_is_kept_word_for_word(key: str, text: str) -> None:
    assert read(f"update {key} {text}") == WriteUpdate(key, text)


@given(keys, st.integers(0, 23), st.integers(0, 59), st.booleans(), plain)
def test_a_note_keeps_its_time_and_its_words(key: str, hour: int, minute: int, utc: bool, text: str) -> None:
    spoken = f"{hour}:{minute:02}{' UTC' if utc else ''}"
    assert read(f"note {key} at {spoken} {text}") == WriteNote(key, text, ClockTime(hour, minute, utc))


@given(keys, st.sampled_from(Severity), plain)
def test_a_key_may_stand_before_or_after_the_severity(key: str, severity: Severity, reason: str) -> None:
    wish = ChangeSeverity(key, severity, reason)
    assert read(f"sev {key} {severity.value} {reason}") == wish
    assert read(f"{key} sev {severity.value} {reason}") == wish
    assert read(f"sev {severity.value} {key} {reason}") == wish
