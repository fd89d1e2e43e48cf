"""Titles made to cost time: forty thousand characters are read in a moment, whatever they are."""

from time import process_time

import pytest

from incidents import intake
from incidents.model import Harm

LENGTH = 40_000


def cost(piece: str) -> float:
    """Seconds of work for a title of that length made of these."""
    title = piece * (LENGTH // len(piece))
    began = process_time()
    intake.restricted_because(title, Harm.OTHER)
    intake.harm_of(title)
    intake.clean_title(title)
    return process_time() - began


@pytest.mark.parametrize("piece", ["@", "a@", "a@.", "1-", "1 ", "+1(", "www", "minor ", "<", "\u200b", "."])
def test_a_hostile_title_costs_about_what_a_plain_one_does(piece: str) -> None:
    assert cost(piece) < 20 * cost("plain words ")


@pytest.mark.parametrize("title", ["write to a@b.co", "from x.y+z@mail.example.org now", "@a@b.co"])
def test_an_address_is_still_seen(title: str) -> None:
    assert intake.restricted_because(title, Harm.OTHER) == "the title mentions an e-mail address"
