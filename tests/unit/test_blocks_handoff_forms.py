"""The forms of a handoff: read back and accept, ask, answer, refuse, write the lines."""

from typing import Any

from msgspec.structs import replace

from handlers.blocks import handoff_forms as forms
from handlers.blocks import ids
from incidents.handoff import Part, Question, Written
from incidents.handoff_lines import brief
from incidents.model import Severity
from incidents.operations.handoff_papers import Papers
from tests.support.block_samples import HANDOFF, HANDOFF_AT, NEW_YORK, UPDATED, brief_of, reader
from tests.support.golden import assert_golden_view

MILD = replace(UPDATED, key="INC-139", severity=Severity.SEV3)
PAPERS = Papers(HANDOFF, (brief_of(UPDATED), brief_of(MILD)), ("INC-142",))
READER = reader(360, NEW_YORK)
QUESTION = Question(1, "Which batch?", "UKENJI", HANDOFF_AT)


def inputs(view: dict[str, Any]) -> list[str]:
    return [block["element"]["action_id"] for block in view["blocks"] if block["type"] == "input"]


def test_the_form_to_accept_asks_own_words_of_each_grave_incident_alone() -> None:
    view = forms.accept_form(PAPERS, READER)
    assert_golden_view("view-handoff-accept", view)
    assert inputs(view) == ["read_back:INC-142"]
    assert view["private_metadata"] == HANDOFF.id


def test_the_other_forms_read_as_agreed() -> None:
    assert_golden_view("view-handoff-ask", forms.ask_form(HANDOFF, READER))
    assert_golden_view("view-handoff-answer", forms.answer_form(HANDOFF, QUESTION, READER))
    assert_golden_view("view-handoff-refuse", forms.refuse_form(HANDOFF))
    assert_golden_view("view-handoff-write", forms.write_form(PAPERS, READER))


def test_a_form_with_many_incidents_is_still_one_that_slack_takes() -> None:
    many = tuple(brief_of(replace(UPDATED, key=f"INC-{n}")) for n in range(40))
    keys = tuple(each.incident.key for each in many)
    for view in (
        forms.accept_form(Papers(HANDOFF, many, keys), READER),
        forms.write_form(Papers(HANDOFF, many), READER),
    ):
        assert len(view["blocks"]) <= 100


def test_the_fields_hold_what_the_record_says_and_what_was_written_before() -> None:
    written = (Written(UPDATED.key, Part.IF, "If it grows → SEV0", "UANA", HANDOFF_AT),)
    told = brief(UPDATED, (), HANDOFF_AT, written)
    view = forms.write_form(Papers(HANDOFF, (told,)), READER)
    stood = {b["element"]["action_id"]: b["element"].get("initial_value", "") for b in view["blocks"][1:]}
    assert stood["handoff_line:INC-142|if"] == "If it grows → SEV0"
    assert stood["handoff_line:INC-142|decide"].startswith("Which way in? by ")
    assert stood["handoff_line:INC-142|tried"] == ""


def test_what_was_left_alone_in_the_form_is_not_written() -> None:
    view = forms.write_form(PAPERS, READER)
    stood = {
        b["element"]["action_id"]: b["element"].get("initial_value", "")
        for b in view["blocks"]
        if "element" in b
    }
    values = {name: text for name, text in stood.items() if text}
    assert forms.written_in(view, values) == {}
    values["handoff_line:INC-142|if"] = "If it grows → SEV0"
    del values["handoff_line:INC-139|picture"]
    assert forms.written_in(view, values) == {
        ("INC-142", Part.IF): "If it grows → SEV0",
        ("INC-139", Part.PICTURE): "",
    }


def test_own_words_are_found_by_the_incidents_key() -> None:
    assert forms.read_back_in({"read_back:INC-142": "Revoke.", "text": "x"}) == {"INC-142": "Revoke."}


def test_every_reason_that_a_refusal_can_have_is_offered() -> None:
    view = forms.refuse_form(HANDOFF)
    assert [option["value"] for option in view["blocks"][0]["element"]["options"]] == [
        "rest",
        "exposure",
        "conflict",
    ]
    assert view["callback_id"] == ids.VIEW_HANDOFF_REFUSE
