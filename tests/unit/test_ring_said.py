"""How a key is spelled, a number written, an instant read; and that nothing of an incident goes further."""

import pytest

from bot.ring.said import instant, mark_of, phone_number, spoken, text
from bot.ring.twiml import acknowledged, call_words, misheard


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("SEV1 INC-142. Acknowledge.", "Sev 1. I N C, 1 4 2. Acknowledge."),
        ("R-7KQ2. Acknowledge.", "R, 7 K Q 2. Acknowledge."),
        ("Test from Meridian. Acknowledge.", "Test from Meridian. Acknowledge."),
        ("SEV1, 12 pages. Acknowledge all.", "Sev 1. 12 pages. Acknowledge all."),
    ],
)
def test_a_voice_spells_the_key_digit_by_digit(words: str, voice: str) -> None:
    assert spoken(words) == voice


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+1 555 0100", "+15550100"),
        ("+44 (20) 7946-0958", "+442079460958"),
        ("+49.30.901820", "+4930901820"),
        ("555 0100", ""),
        ("+0 555 010 010", ""),
        ("+1 555 0100 ext 7", ""),
        ("+1555010000000000", ""),
        ("+1５５５０１００", ""),
        ("", ""),
    ],
)
def test_a_number_is_called_only_with_its_country(written: str, number: str) -> None:
    assert phone_number(written) == number


def test_our_key_is_known_elsewhere_by_a_digest_that_never_changes() -> None:
    assert mark_of("ring:INC-142:p1") == mark_of("ring:INC-142:p1")
    assert mark_of("ring:INC-142:p1") != mark_of("ring:INC-142:p2")
    assert len(mark_of("x" * 10_000)) == 32


@pytest.mark.parametrize("value", [None, True, "", "soon", [], {}, -1, 0, 1e400, float("nan"), 10**30])
def test_what_is_no_instant_is_none(value: object) -> None:
    assert instant(value) is None


@pytest.mark.parametrize("value", [None, 7, "a\nb", "a\x00", "x" * 257, ["a"]])
def test_what_is_no_short_line_is_nothing(value: object) -> None:
    assert text(value) == ""


def test_words_cannot_become_markup_of_a_call() -> None:
    said = call_words("<Dial>+1900</Dial> & more", "https://m.example/?a=1&b=\"'")
    assert "<Dial>" not in said
    assert "&lt;Dial&gt;" in said
    assert "a=1&amp;b=" in said


def test_a_call_without_an_ear_asks_for_nothing() -> None:
    assert "Gather" not in call_words("SEV1 INC-1. Acknowledge.", "")
    assert "Gather" not in acknowledged()
    assert "Gather" in misheard("https://m.example/")
