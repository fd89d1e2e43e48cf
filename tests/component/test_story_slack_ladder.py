"""/oncall ladder: who would be paged if it came now; a lead changes it and sees first what it does."""

import pytest

from tests.support.whole_bot import WholeBot
from tests.support.workspace import Json, Person, readable

SIMPLE = "0 min backup, phone at once\n4 min lead, no phone"


@pytest.fixture
def dana(bot: WholeBot) -> Person:
    return bot.workspace.person("UDANA")


def shown(person: Person, words: str = "/oncall ladder sev1") -> Json:
    """The private answer, as a message whose buttons can be pressed."""
    act = person.types(words)
    assert act["acked"], act
    return next(m for m in reversed(person.messages("general")) if "If it came now" in readable(m))


def changes(dana: Person, levels: str) -> Json:
    """The form is filled in and sent; the view that comes in its place."""
    dana.presses("ladder.change:1", shown(dana))
    dana.submits(dana.waits_for_view("SEV1"), levels=levels)
    return dana.waits_for_view("SEV1")


def in_view(view: Json) -> str:
    return readable({"blocks": view["blocks"]})


def test_the_ladder_is_told_with_names_and_minutes_and_nobody_is_paged(bot: WholeBot) -> None:
    said = readable(shown(bot.workspace.person("UANA")))
    assert "the default ladder" in said
    assert "If it came now: Ana Lima 0:00" in said
    assert "Bo Chen 5:00" in said
    assert "Change" not in said
    assert bot.workspace.person("UANA").direct_messages() == []


def test_without_a_severity_all_that_page_are_told(bot: WholeBot) -> None:
    said = readable(shown(bot.workspace.person("UANA"), "/oncall ladder"))
    for severity in ("SEV0", "SEV1", "SEV2", "SEV3"):
        assert severity in said


def test_a_lead_sees_what_a_change_does_before_it_counts(bot: WholeBot, dana: Person) -> None:
    sure = changes(dana, SIMPLE)
    assert "If it came now: Bo Chen 0:00" in in_view(sure)
    assert "the default ladder" in readable(shown(dana))
    dana.submits(dana.waits_for_view("SEV1"))
    bot.workspace.eventually("it counts", lambda: "changed in chat by Dana" in readable(shown(dana)))
    bot.workspace.person("UPRIYA").types("/incident sev1 Account-takeover wave in EU")
    assert bot.workspace.person("UBO").waits_for_dm("Acknowledge by")
    assert bot.workspace.person("UANA").direct_messages() == []


def test_a_change_is_taken_back_and_the_default_counts_again(bot: WholeBot, dana: Person) -> None:
    changes(dana, SIMPLE)
    dana.submits(dana.waits_for_view("SEV1"))
    bot.workspace.eventually("it counts", lambda: "changed in chat by Dana" in readable(shown(dana)))
    dana.presses("ladder.take_back:1", shown(dana))
    bot.workspace.eventually("the default is back", lambda: "the default ladder" in readable(shown(dana)))


@pytest.mark.parametrize(
    ("levels", "fault"),
    [
        ("0 min primry", 'Did you mean "primary"?'),
        ("0 min primary\n5 min backup", "pages no lead"),
        ("5 min lead", "The first level is paged at once"),
        ("primary", "begin each line with its minutes"),
    ],
)
def test_what_cannot_be_a_ladder_is_said_beside_the_field(dana: Person, levels: str, fault: str) -> None:
    dana.presses("ladder.change:1", shown(dana))
    act = dana.submits(dana.waits_for_view("SEV1"), levels=levels)
    assert fault in str(act["response"])


def test_a_severity_or_harm_area_that_there_is_not_is_refused(bot: WholeBot) -> None:
    ana = bot.workspace.person("UANA")
    assert "There is no SEV7" in str(ana.types("/oncall ladder sev7")["response"])
    assert "fraud" in str(ana.types("/oncall ladder sev1 fruad")["response"])
