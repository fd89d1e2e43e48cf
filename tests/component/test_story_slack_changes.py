"""Cover and swaps as people live them: asked in chat, answered by a press, told to everybody concerned."""

import pytest

from handlers.blocks import ids
from tests.support.walk import answer
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Person, readable


@pytest.fixture
def ana(bot: WholeBot) -> Person:
    return bot.workspace.person("UANA")


def test_cover_goes_to_the_first_who_says_yes_and_everybody_knows(bot: WholeBot, ana: Person) -> None:
    said = answer(ana.types("/oncall cover me 2026-12-03 12:00–20:00 dentist"))
    assert "Priya Nair" in said
    assert "the lead is asked" in said
    priya, cy = bot.workspace.person("UPRIYA"), bot.workspace.person("UCY")
    priya.presses(ids.COVER_TAKE, priya.waits_for_dm("Ana Lima asks for cover: AMER primary"))
    assert "dentist" in readable(ana.waits_for_dm("*Priya Nair* instead of Ana Lima"))
    priya.waits_for_dm("You cover AMER primary")
    late = cy.waits_for_dm("Priya Nair covers AMER primary. Nothing for you to do.")
    assert "I can cover it" not in readable(late)
    assert "Priya Nair" in answer(ana.types("/oncall at 2026-12-03 15:00"))


def test_an_ask_that_nobody_answers_is_the_leads_before_the_shift(bot: WholeBot, ana: Person) -> None:
    ana.types("/oncall cover me 2026-12-03 12:00–20:00")
    dana = bot.workspace.person("UDANA")
    bot.workspace.set_clock("2026-12-03T15:00:01Z")
    ask = dana.waits_for_dm("Nobody has taken AMER primary for Ana Lima yet")
    dana.presses(ids.COVER_CHOOSE, ask)
    form = dana.waits_for_view("Who covers?")
    sent = dana.submits(form, person={"person": "cy"})
    assert sent["response"]["response_action"] == "clear", sent
    bot.workspace.person("UCY").waits_for_dm("*Cy Okafor* instead of Ana Lima")
    ana.waits_for_dm("*Cy Okafor* instead of Ana Lima")


def test_a_swap_moves_when_it_is_accepted_and_is_taken_back(bot: WholeBot, ana: Person) -> None:
    bo = bot.workspace.person("UBO")
    said = answer(ana.types("/oncall swap <@UBO|bo> 29 Dec for 8 Dec wedding"))
    assert "Offered to Bo Chen" in said
    assert "Bo Chen" in answer(ana.types("/oncall at 2026-12-08 15:00"))
    bo.presses(ids.SWAP_ACCEPT, bo.waits_for_dm("Ana Lima offers you a swap"))
    ana.waits_for_dm("*Ana Lima* instead of Bo Chen")
    assert "Ana Lima" in answer(ana.types("/oncall at 2026-12-08 15:00"))
    ana.types("/oncall undo")
    ana.presses(ids.CHANGE_CONFIRM, ana.waits_for_message("Nothing is changed yet", "general"))
    bo.waits_for_dm("It was taken back.")
    assert "Bo Chen" in answer(ana.types("/oncall at 2026-12-08 15:00"))


def test_an_absence_offers_to_ask_for_cover(ana: Person) -> None:
    said = answer(ana.types("/oncall absent 3 Dec–4 Dec flu"))
    assert "AMER primary" in said
    ana.presses(ids.ASK_COVER, ana.waits_for_message("Ana Lima is away", "general"))
    ana.waits_for_message("Cover is asked for", "general")


def test_shifts_to_swap_are_chosen_from_lists(bot: WholeBot, ana: Person) -> None:
    ana.types("/oncall swap <@UBO|bo>")
    form = ana.waits_for_view("Offer a swap")
    chosen = {
        block["block_id"]: {block["block_id"]: block["element"]["options"][0]["value"]}
        for block in form["blocks"][:2]
    }
    sent = ana.submits(form, **chosen)
    assert "Offered to Bo Chen" in str(sent["response"])
    bo = bot.workspace.person("UBO")
    bo.presses(ids.SWAP_REFUSE, bo.waits_for_dm("Ana Lima offers you a swap"))
    ana.waits_for_dm("Bo Chen has refused your swap")
