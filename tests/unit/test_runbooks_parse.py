"""Reading a runbook file: every form it may have, and every fault told at once, with its place."""

from datetime import date
from pathlib import Path

import pytest

from runbooks.faults import Fault, Place, RunbookFaults
from runbooks.model import Compartment, Condition, HarmArea, Option, Runbook, StepKind
from runbooks.parse import SIZE_LIMIT, parse
from runbooks.steps import STEPS_LIMIT

CORPUS = Path(__file__).parents[1] / "corpus" / "runbooks"
SMALLEST = (CORPUS / "good" / "smallest.md").read_text(encoding="utf-8")
BAD = sorted((CORPUS / "bad").glob("*.md"))


def faults_of(text: str) -> list[str]:
    with pytest.raises(RunbookFaults) as refused:
        parse(text, "a.md")
    return str(refused.value).splitlines()


@pytest.fixture(scope="module")
def every_form() -> Runbook:
    return parse((CORPUS / "good" / "every_form.md").read_text(encoding="utf-8"), "every_form.md")


def test_a_head_is_read_as_it_is_written(every_form: Runbook) -> None:
    assert (every_form.id, every_form.version, every_form.owner) == ("TS-2", 12, "trust")
    assert (every_form.review_by, every_form.floor) == (date(2027, 6, 1), 2)
    assert every_form.harm == (HarmArea.FRAUD, HarmArea.INSIDER)
    assert (every_form.compartment, every_form.clocks) == (Compartment.INSIDER, ("eu_gdpr_33",))


def test_what_people_read_is_joined_into_sentences(every_form: Runbook) -> None:
    assert every_form.title == "Every form"
    assert every_form.disclaimer == "Ask counsel first. Twice. It goes on without its mark."
    assert every_form.about == "A line before the title.\nAbout this. In two lines.\nand a list"
    assert every_form.triggers == ("A star is a list item too, and goes on here.", "Another.")
    assert (every_form.do_not, every_form.exit) == ((), ("It is over.",))


def test_a_question_has_its_answers_with_notes_and_other_runbooks(every_form: Runbook) -> None:
    ask = every_form.steps[0]
    assert (ask.kind, ask.text, ask.owner, ask.offset_minutes) == (
        StepKind.QUESTION,
        "Is it so?",
        "legal",
        1440,
    )
    assert ask.options == (
        Option("17_00", "17:00", target="TS-1"),
        Option("yes_now", "Yes, now", "stop it", "TS-2"),
        Option("no", "No"),
    )


def test_a_step_has_its_detail_evidence_and_condition_in_any_order(every_form: Runbook) -> None:
    act = every_form.steps[1]
    assert (act.kind, act.text, act.offset_minutes) == (StepKind.DO, "Act.", 120)
    assert act.detail == "First detail.\nSecond detail."
    assert act.evidence == "the case number. and the time."
    assert act.only_if == Condition("ask", "yes_now")
    assert every_form.steps[2].offset_minutes == 90


def test_the_smallest_runbook_needs_a_head_a_title_and_one_step() -> None:
    small = parse(SMALLEST, "smallest.md")
    assert (small.harm, small.floor, small.compartment) == ((HarmArea.OTHER,), 3, None)
    assert [(step.id, step.offset_minutes, step.text) for step in small.steps] == [
        ("look", None, "Look at it.")
    ]
    assert small.disclaimer == ""


def test_a_file_from_another_editor_reads_the_same() -> None:
    assert parse("\ufeff" + SMALLEST.replace("\n", "\r\n"), "a.md") == parse(SMALLEST, "a.md")


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_every_fault_of_a_bad_file_is_told_at_once(path: Path) -> None:
    with pytest.raises(RunbookFaults) as refused:
        parse(path.read_bytes().decode(), path.name)
    assert f"{refused.value}\n" == path.with_suffix(".faults").read_text(encoding="utf-8")


def test_a_fault_has_its_line_and_column_for_editors() -> None:
    fault = Fault("a.md", Place(3, 7), "No.")
    assert (fault.line, fault.column, str(fault)) == (3, 7, "a.md:3:7: No.")


def test_a_file_that_is_too_long_is_not_read() -> None:
    assert faults_of(SMALLEST + "x" * SIZE_LIMIT) == [
        "a.md:1:1: The file is too long: a runbook has at most 65,536 characters."
    ]


def test_an_empty_file_says_how_to_begin() -> None:
    assert "Begin the file with its head" in faults_of("")[1]


def test_a_head_nested_without_end_is_a_fault_and_not_a_crash() -> None:
    nested = SMALLEST.replace("owner: trust", "owner: " + "[" * 2000)
    assert faults_of(nested) == ["a.md:2:1: The head is nested too deeply. Write “key: value” lines."]


@pytest.mark.parametrize("value", ["!!python/object/apply:os.system [ls]", "!!python/name:os.system ls"])
def test_a_yaml_tag_builds_nothing_and_its_words_stay_words(value: str) -> None:
    assert parse(SMALLEST.replace("owner: trust", f"owner: {value}"), "a.md").owner == "ls"


def test_an_endless_word_is_not_told_to_its_end() -> None:
    (fault,) = faults_of(SMALLEST.replace("owner: trust", "owner: " + "Trust" * 1000))
    assert len(fault) < 320
    assert fault.endswith("…")


def test_words_that_yaml_would_turn_into_other_things_stay_words() -> None:
    assert "“no” is not known" in faults_of(SMALLEST.replace("harm: other", "harm: no"))[0]


def test_an_alias_that_holds_itself_is_a_fault_and_not_a_loop() -> None:
    assert "Write a word here" in faults_of(SMALLEST.replace("harm: other", "harm: &a [*a]"))[0]


def test_a_runbook_of_endless_steps_is_refused() -> None:
    more = "".join(f"\n### step_{n} · specialist\nDo it.\n" for n in range(STEPS_LIMIT))
    assert faults_of(SMALLEST + more) == ["a.md:133:5: A runbook has at most 40 steps."]


def test_a_team_may_have_roles_of_its_own() -> None:
    assert parse(SMALLEST.replace("specialist", "night_owl"), "a.md").steps[0].owner == "night_owl"
