"""Changing who is on call by words: honoured at once, and everything else goes on."""

import pytest

from tests.support.rota import confirms
from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable


@pytest.fixture
def ana(bot: WholeBot) -> Person:
    return bot.workspace.person("UANA")


def answer(act: Json) -> str:
    assert act["acked"], act
    return readable(act["response"] or {})


def test_an_override_from_now_on_moves_the_next_page(bot: WholeBot, ana: Person) -> None:
    said = answer(ana.types("/oncall override <@UBO|bo> primary now–23:00"))
    assert "AMER primary: *Bo Chen* instead of Ana Lima" in said
    assert "Los Angeles" in said
    confirms(ana)
    assert "Bo Chen" in answer(ana.types("/oncall"))
    ana.types("/incident sev1 Account-takeover wave in EU")
    assert bot.workspace.person("UBO").waits_for_dm("Acknowledge by")


def test_an_override_of_somebody_else_is_a_leads_to_make(bot: WholeBot) -> None:
    kenji = bot.workspace.person("UKENJI")
    assert "Only a lead, or the person concerned" in answer(
        kenji.types("/oncall override <@UBO|bo> AMER primary now–23:00")
    )


def test_what_cannot_be_read_is_kept_and_explained(ana: Person) -> None:
    said = answer(ana.types("/oncall at some point in time"))
    assert "/oncall at some point in time" in said
