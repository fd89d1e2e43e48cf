"""A draft made of names and words that mean no good."""

import re

import pytest

from incidents.document import Record, document, inert
from tests.support.incidents import ANA, managed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ana\u202eamiL", "AnaamiL"),
        ("pay\u200bout", "payout"),
        ("a\x1b[31mb", "a \\[31mb"),
        ("one\u2028# two", "one \\# two"),
    ],
)
def test_invisible_signs_neither_hide_nor_turn_the_words_of_a_draft(typed: str, shown: str) -> None:
    assert inert(typed) == shown


def test_a_hostile_name_stays_a_name_in_every_part() -> None:
    hostile = "<b>![x](http://e)</b>\n# Ana\u202e"
    text = document(Record(managed(), (), lambda user: hostile if user == ANA else user))
    assert "<b>" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    assert "\u202e" not in text
    assert not any(line.startswith("# Ana") for line in text.splitlines())
