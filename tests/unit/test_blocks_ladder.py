"""Ladders in words, the forms that change them, the list of a storm: what they say, inside Slack's limits."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from handlers.blocks.ladder import ladder_form, ladders, sure_form
from handlers.blocks.storms import alike
from incidents.model import Entry, EntryKind, Harm, Severity
from incidents.operations.ladders import Ladder, Ladders
from incidents.people import Actor
from incidents.rehearsal import Rehearsal, Step
from incidents.storm import Likeness
from rotations.escalation import Known, Level, Policy, Reach, When
from sandbox import check
from tests.support.block_samples import name_of, reader
from tests.support.blocks import buttons, texts
from tests.support.golden import assert_accepted
from tests.support.incidents import incident

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
POLICY = Policy(When((1,)), (Level(0, (Reach("primary"),), 1), Level(5, (Reach("lead"),))))
STEPS = (
    Step(timedelta(), "UANA", timedelta(minutes=1)),
    Step(timedelta(), "UIRIS", None, as_liaison=True),
    Step(timedelta(minutes=5), "UDANA", timedelta()),
)
PASSED = Entry(EntryKind.NOBODY, NOW, data={"seat": "AMER backup"})


def seen(ladder: Ladder, is_lead: bool = True, no_phone: tuple[str, ...] = ()) -> Ladders:
    actors = {user: Actor(user, name_of(user)) for user in ("UANA", "UIRIS", "UDANA")}
    known = Known(("ana", "dana"), ("dana",), ("fraud",), ("legal",))
    return Ladders(
        (ladder,), known, Actor("UDANA", "Dana Ortiz", is_lead=is_lead), actors, frozenset(no_phone), NOW
    )


def one(policy: Policy = POLICY, is_default: bool = True, **walked: object) -> Ladder:
    rehearsal = Rehearsal(**{"steps": STEPS, "passed_over": (PASSED,), **walked})  # type: ignore[arg-type]
    return Ladder(Severity.SEV1, Harm.FRAUD, policy, is_default, rehearsal)


def said(shown: Ladders) -> str:
    return "\n".join(texts(list(ladders(shown).blocks)))


def test_it_says_in_one_line_who_would_be_paged_and_rung_when() -> None:
    assert (
        "If it came now: Ana Lima 0:00 and by phone 1:00, Iris Novak 0:00 (liaison), "
        "Dana Ortiz 5:00 and by phone 5:00." in said(seen(one()))
    )
    assert "Nobody is scheduled for AMER backup." in said(seen(one()))


def test_who_has_no_phone_leg_is_named_and_not_said_to_be_rung() -> None:
    words = said(seen(one(), no_phone=("UANA",)))
    assert "Ana Lima 0:00, Iris Novak" in words
    assert "No phone leg is known for Ana Lima." in words


def test_where_nobody_is_paged_or_only_in_the_morning_it_says_so() -> None:
    assert "If it came now, nobody would be paged." in said(seen(one(steps=())))
    assert "If it came now, from the next morning on: " in said(seen(one(waits_until=NOW)))


def test_it_says_where_the_ladder_comes_from() -> None:
    assert "the default ladder" in said(seen(one()))
    assert "from the schedules file" in said(seen(one(is_default=False)))
    made = replace(POLICY, by="UDANA")
    assert "changed in chat by Dana Ortiz" in said(seen(one(made, is_default=False)))


def test_only_a_lead_has_buttons_and_only_a_change_can_be_taken_back() -> None:
    def labels(shown: Ladders) -> list[str]:
        return [label for label, _ in buttons(list(ladders(shown).blocks))]

    assert labels(seen(one(), is_lead=False)) == []
    assert labels(seen(one())) == ["Change"]
    assert labels(seen(one(replace(POLICY, by="UDANA"), False))) == ["Change", "Take the change back"]


def test_long_ladders_are_cut_with_their_number() -> None:
    many = tuple(Step(timedelta(minutes=n), "UANA", timedelta()) for n in range(60))
    shown = seen(one(steps=many))
    assert "and 36 more." in said(shown)
    assert_accepted(ladders(shown))


def test_the_form_holds_the_levels_as_lines_and_slack_takes_both_forms() -> None:
    shown = seen(one())
    form = ladder_form(shown.ladders[0], shown)
    (levels,) = [b["element"] for b in form["blocks"] if b.get("block_id") == "levels"]
    assert levels["initial_value"] == "0 min primary, phone after 1 min\n5 min lead, phone at once"
    assert form["private_metadata"] == "1|fraud|1||"
    night = replace(POLICY, when=When((), ("fraud",), True), repeats=1, waits_for_morning=True)
    other = seen(one(night))
    assert ladder_form(other.ladders[0], other)["private_metadata"].endswith("|fraud|yes")
    sure = sure_form(shown.ladders[0], shown, "{}")
    assert "Ana Lima 0:00" in str(sure)
    assert check.view(form) == check.view(sure) == []


def test_the_list_of_a_storm_has_a_button_for_each_that_may_be_the_same() -> None:
    first, later, last = (incident(key=f"INC-{n}") for n in (1, 2, 3))
    message = alike((Likeness(first, later), Likeness(first, last)), reader())
    assert message.text == "2 likely duplicates"
    assert buttons(list(message.blocks)) == [
        ("Merge into INC-1", "incident.merge:INC-2"),
        ("Merge into INC-1", "incident.merge:INC-3"),
    ]
    assert_accepted(message)
