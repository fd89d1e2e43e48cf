"""The forms: what they ask, what they keep, and that Slack would open every one of them."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from handlers.blocks import forms, ids
from handlers.blocks.declare import DeclareDraft, answers_in, declare_form, harm_in, severity_in
from handlers.blocks.filled import filled
from handlers.blocks.people_forms import bring_in_form, roles_form
from handlers.blocks.postmortem import draft_view, fill_in_form
from handlers.blocks.rota_forms import OverrideDraft, override_form
from incidents.intake import Answers, Proposal
from incidents.model import Harm, Role, Severity, Status
from incidents.postmortem import missing
from sandbox import check
from tests.support.block_samples import ACTIVE, NOW, RESOLVED, RESTRICTED, RUNBOOK, reader
from tests.support.golden import assert_golden_view

PROPOSED = Proposal(Severity.SEV2, "too little is known yet, and the higher is the safer")
GRAVE = Proposal(Severity.SEV0, "somebody may be in danger now")
EMPTY_FORM = declare_form(DeclareDraft(PROPOSED))
ANSWERED = declare_form(
    DeclareDraft(
        GRAVE,
        "Threat against a named person",
        Answers(True, None, False),
        Harm.THREAT_TO_LIFE,
        Severity.SEV1,
        "threat to life always starts restricted",
        "C1|1796065200.000100",
    )
)
OVERRIDE = OverrideDraft(("AMER", "APAC", "EMEA"), NOW, NOW + timedelta(hours=4), "AMER")
STEP = RUNBOOK.steps[0]
VIEWS: dict[str, dict[str, Any]] = {
    "declare-empty": EMPTY_FORM,
    "declare-answered": ANSWERED,
    "update": forms.update_form(ACTIVE),
    "note": forms.note_form(ACTIVE),
    "severity": forms.severity_form(ACTIVE),
    "status": forms.status_form(ACTIVE, tuple(Status)),
    "step-skip": forms.step_skip_form(ACTIVE, STEP),
    "step-assign": forms.step_assign_form(ACTIVE, STEP),
    "resolve": forms.resolve_form(ACTIVE),
    "close": forms.close_form(RESOLVED, ()),
    "close-refused": forms.close_form(RESOLVED, ("What surprised us", "Action items")),
    "more-open": forms.more_menu(ACTIVE),
    "more-restricted": forms.more_menu(RESTRICTED),
    "more-resolved": forms.more_menu(RESOLVED),
    "more-closed": forms.more_menu(replace(RESOLVED, status=Status.CLOSED)),
    "bring-in": bring_in_form(ACTIVE, "APAC"),
    "roles": roles_form(ACTIVE, reader(), Role.MANAGER),
    "override": override_form(OVERRIDE),
    "fill-in": fill_in_form(RESOLVED, missing(RESOLVED)),
    "draft": draft_view(RESOLVED, "# INC-142: Account-takeover wave in EU\n\n- Severity: SEV1\n"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_form_reads_as_agreed(name: str) -> None:
    assert_golden_view(f"view-{name}", VIEWS[name])


def test_only_the_title_of_a_declaration_is_required() -> None:
    asked = [block for block in EMPTY_FORM["blocks"] if block["type"] == "input" and not block["optional"]]
    assert [block["block_id"] for block in asked] == [ids.TITLE]


def test_each_question_can_be_left_unanswered() -> None:
    menus = [block["accessory"] for block in EMPTY_FORM["blocks"] if block.get("block_id") == ids.IN_DANGER]
    assert menus[0]["initial_option"]["text"]["text"] == "I don't know"


def test_the_proposed_severity_stands_with_its_reason() -> None:
    assert "*🔴 SEV0* proposed: somebody may be in danger now" in str(ANSWERED)


def test_every_severity_is_offered_with_its_test() -> None:
    menu = next(b["accessory"] for b in EMPTY_FORM["blocks"] if b.get("block_id", "").startswith("severity."))
    assert menu["options"][1]["text"]["text"] == "🔴 SEV0 Life at risk now"
    assert len(menu["options"]) == 6


def test_a_new_proposal_has_a_new_block_so_that_slack_shows_it() -> None:
    ids_of = [{b.get("block_id") for b in form["blocks"]} for form in (EMPTY_FORM, ANSWERED)]
    assert ids_of[0] ^ ids_of[1] == {"severity.2", "severity.0"}


def test_a_restricted_declaration_says_why_before_it_is_sent() -> None:
    assert "Opens restricted because threat to life always starts restricted." in str(ANSWERED)


def test_what_was_filled_in_is_read_by_the_names_of_the_inputs() -> None:
    view = {
        "state": {
            "values": {
                "title": {"title": {"type": "plain_text_input", "value": "Wave"}},
                "in_danger": {"in_danger": {"type": "static_select", "selected_option": {"value": "yes"}}},
                "growing": {"growing": {"type": "static_select", "selected_option": {"value": "unknown"}}},
                "severity.2": {"severity": {"type": "static_select", "selected_option": {"value": "1"}}},
                "harm": {"harm": {"type": "static_select", "selected_option": {"value": "fraud"}}},
                "person": {"person": {"type": "users_select", "selected_user": "UBO"}},
                "starts": {"starts": {"type": "datetimepicker", "selected_date_time": 1796065200}},
                "why": {"why": {"type": "plain_text_input", "value": None}},
            }
        }
    }
    values = filled(view)
    assert values["title"] == "Wave"
    assert values["person"] == "UBO"
    assert values["starts"] == "1796065200"
    assert "why" not in values
    assert answers_in(values) == Answers(True, None, None)
    assert (severity_in(values), harm_in(values)) == (Severity.SEV1, Harm.FRAUD)


def test_a_form_left_at_its_proposal_chooses_nothing() -> None:
    assert severity_in({"severity": "auto"}) is None
    assert harm_in({}) is None


def test_closing_with_parts_missing_cannot_be_sent() -> None:
    assert "submit" not in VIEWS["close-refused"]
    assert "What surprised us" in str(VIEWS["close-refused"])


def test_lowering_the_severity_is_told_to_need_a_reason() -> None:
    assert "Needed when it is lowered." in str(VIEWS["severity"])


def test_only_the_statuses_that_can_follow_are_offered() -> None:
    offered = forms.status_form(ACTIVE, (Status.CONTAINED, Status.RESOLVED))
    assert [each["value"] for each in offered["blocks"][1]["element"]["options"]] == ["contained"]


def test_a_huge_draft_is_shortened_and_says_where_the_whole_of_it_is() -> None:
    view = draft_view(RESOLVED, "<!channel> & " * 20_000)
    assert check.view(view) == []
    assert "The whole draft is the file" in str(view["blocks"][-1])


def test_what_was_typed_is_kept_when_a_form_opens_again() -> None:
    view = forms.update_form(ACTIVE, "<!channel> half a sentence")
    assert view["blocks"][0]["element"]["initial_value"] == "<!channel> half a sentence"
