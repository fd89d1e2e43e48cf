"""The runbooks that come with the product keep their promises to whoever reads them at night."""

import pytest

from runbooks.catalogue import library_path, load
from runbooks.model import Compartment, HarmArea, Runbook
from runbooks.parse import parse
from runbooks.steps import KNOWN_OWNERS

LIBRARY = load(library_path())
BY_ID = {runbook.id: runbook for runbook in LIBRARY.runbooks}

each_runbook = pytest.mark.parametrize("runbook", LIBRARY.runbooks, ids=list(BY_ID))


def test_nine_runbooks_and_a_general_one() -> None:
    assert list(BY_ID) == [f"RB-{number:02}" for number in range(10)]


@pytest.mark.parametrize(
    ("area", "runbook_id", "floor", "compartment"),
    [
        ("threat_to_life", "RB-01", 0, Compartment.LAW_ENFORCEMENT),
        ("child_safety", "RB-02", 1, Compartment.CHILD_SAFETY),
        ("fraud", "RB-03", 2, None),
        ("privacy", "RB-04", 1, Compartment.LEGAL_PRIVILEGED),
        ("coordinated_abuse", "RB-05", 2, None),
        ("api_misuse", "RB-06", 3, None),
        ("self_harm", "RB-07", 2, None),
        ("law_enforcement", "RB-08", 3, Compartment.LAW_ENFORCEMENT),
        ("vendor_outage", "RB-09", 2, None),
        ("insider", "RB-00", 4, None),
        ("other", "RB-00", 4, None),
    ],
)
def test_every_harm_area_has_its_runbook_with_its_floor(
    area: str, runbook_id: str, floor: int, compartment: Compartment | None
) -> None:
    runbook = LIBRARY.for_harm(area)
    assert runbook is not None
    assert (runbook.id, runbook.floor, runbook.compartment) == (runbook_id, floor, compartment)


def test_harm_areas_are_named_in_words() -> None:
    assert [area.label for area in HarmArea][:3] == ["Threat to life", "Child safety", "Fraud"]
    assert HarmArea.API_MISUSE.label == "API misuse"


@each_runbook
def test_a_runbook_says_that_counsel_must_review_it(runbook: Runbook) -> None:
    assert "counsel must review" in runbook.disclaimer


@each_runbook
def test_a_runbook_says_when_to_use_it_what_not_to_do_and_when_it_ends(runbook: Runbook) -> None:
    assert runbook.triggers
    assert len(runbook.do_not) >= 2
    assert len(runbook.exit) >= 2


@each_runbook
def test_every_step_belongs_to_a_known_role(runbook: Runbook) -> None:
    assert {step.owner for step in runbook.steps} <= set(KNOWN_OWNERS)


@each_runbook
def test_a_step_fits_two_lines_of_a_phone(runbook: Runbook) -> None:
    assert [step.text for step in runbook.steps if len(step.text) > 110] == []


@each_runbook
def test_steps_and_answers_end_calmly(runbook: Runbook) -> None:
    assert all(step.text.endswith((".", "?")) for step in runbook.steps)
    assert "!" not in "".join(step.text + step.detail for step in runbook.steps)


@each_runbook
def test_a_question_asks_and_a_thing_to_do_says_what_is_kept_of_it(runbook: Runbook) -> None:
    assert all("?" in step.text for step in runbook.branches)
    silent = {step.id for step in runbook.steps if not step.evidence} - {step.id for step in runbook.branches}
    assert silent <= {"welfare", "staff"}  # nothing is written down about how people are


def test_a_fraud_wave_begins_with_how_many_which_way_and_what_stops_it() -> None:
    fraud = BY_ID["RB-03"]
    assert [step.text for step in fraud.steps[:3]] == [
        "How many accounts, since when?",
        "Which way in?",
        "Choose containment, with the false positives it costs.",
    ]
    assert [step.offset_minutes for step in fraud.steps[:3]] == [20, 25, 30]
    assert [option.label for option in fraud.steps[1].options] == [
        "Stuffing",
        "Session theft",
        "SIM swap",
        "Insider",
        "Not known yet",
    ]


def test_a_referral_for_a_life_at_risk_waits_for_nobody() -> None:
    refer = BY_ID["RB-01"].steps[0]
    assert (refer.id, refer.offset_minutes) == ("refer", 5)
    assert "Nobody has to approve it" in refer.text


def test_an_order_with_three_hours_or_less_is_answered_reversibly_first() -> None:
    only_if = {step.id: step.only_if.option for step in BY_ID["RB-08"].steps if step.only_if}
    assert [step for step, answer in only_if.items() if answer == "yes"] == [
        "call_back_now",
        "disable",
        "confirm",
        "inform",
    ]
    assert [step for step, answer in only_if.items() if answer == "no"] == ["verify", "preserve", "narrow"]


def test_times_that_the_law_does_not_set_are_called_ours() -> None:
    report = next(step for step in BY_ID["RB-02"].steps if step.id == "report")
    assert report.offset_minutes == 120
    assert "our own target" in report.detail


def test_deadlines_of_a_privacy_breach_are_in_its_steps() -> None:
    offsets = {step.id: step.offset_minutes for step in BY_ID["RB-04"].steps}
    named = {name: offsets[name] for name in ("heard", "cert_in", "nis2", "draft", "sign_off", "filed")}
    hours = {"heard": 0, "cert_in": 6, "nis2": 24, "draft": 48, "sign_off": 60, "filed": 72}
    assert named == {name: hour * 60 for name, hour in hours.items()}


def test_a_danger_to_life_found_elsewhere_calls_for_its_runbook() -> None:
    targets = {
        runbook.id: {option.target for step in runbook.branches for option in step.options if option.target}
        for runbook in LIBRARY.runbooks
    }
    assert all("RB-01" in targets[runbook_id] for runbook_id in ("RB-00", "RB-02", "RB-07", "RB-08"))
    assert all("RB-04" in targets[runbook_id] for runbook_id in ("RB-00", "RB-03", "RB-09"))
    assert targets["RB-01"] == {"RB-02", "RB-07"}


def test_the_example_in_the_writers_guide_is_a_runbook() -> None:
    guide = (library_path() / "README.md").read_text(encoding="utf-8")
    example = parse(guide.split("```")[1].lstrip("\n"), "README.md")
    assert [step.id for step in example.steps] == ["count", "money", "freeze"]
