"""The lines of an incident at a handoff: what the record holds, the soonest first, and what it lacks."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidents.handoff import Part, Written
from incidents.handoff_lines import Brief, brief, changes_since, in_order, trend
from incidents.model import Entry, EntryKind, Incident, Severity, Status, Update
from runbooks.model import Condition
from runbooks.stepping import assign, complete
from tests.support.block_samples import RUN, UPDATED
from tests.support.incidents import ANA, BO, NOW, managed

BEGAN = NOW - timedelta(hours=6)
OLD = managed(declared_at=BEGAN - timedelta(hours=2), next_update_at=NOW + timedelta(minutes=5))
WITH_STEPS = replace(UPDATED, declared_at=BEGAN)


def entry(kind: EntryKind, text: str = "", minutes: float = 0, **data: str) -> Entry:
    return Entry(kind, NOW + timedelta(minutes=minutes), ANA, text, data)


def severity(before: str, after: str, minutes: float = 0) -> Entry:
    return replace(entry(EntryKind.SEVERITY, minutes=minutes), data={"from": before, "to": after})


def briefed(incident: Incident, *entries: Entry, written: tuple[Written, ...] = ()) -> Brief:
    return brief(incident, entries, BEGAN, written)


def texts(told: Brief, part: Part) -> list[str]:
    return [line.text for line in told.of(part)]


def test_the_lines_are_filled_from_the_record() -> None:
    told = briefed(
        WITH_STEPS,
        entry(EntryKind.NOTE, "IP block: no effect"),
        entry(EntryKind.NOTE, "If takeovers pass 500/h, page Legal"),
    )
    assert texts(told, Part.DECIDE) == ["Which way in?"]
    assert texts(told, Part.CLOCKS) == ["update"]
    assert texts(told, Part.DO)[0] == "How many accounts, since when?"
    assert texts(told, Part.IF) == ["If takeovers pass 500/h, page Legal"]
    assert texts(told, Part.PICTURE) == ["About 4,100 accounts since 06:00 UTC. Payouts are held."]
    assert texts(told, Part.TRIED) == ["IP block: no effect"]
    assert told.missing == ()


def test_an_incident_with_an_empty_record_says_what_is_missing() -> None:
    told = briefed(replace(OLD, next_update_at=None))
    assert told.lines == ()
    assert told.missing == (Part.DO, Part.IF, Part.PICTURE)
    assert told.soonest is None


def test_the_parts_stand_in_the_order_of_their_deadlines() -> None:
    told = briefed(WITH_STEPS, entry(EntryKind.NOTE, "x"))
    assert list(dict.fromkeys(line.part for line in told.lines)) == [
        Part.DO,
        Part.DECIDE,
        Part.CLOCKS,
        Part.PICTURE,
        Part.TRIED,
    ]
    dues = [line.due for line in told.of(Part.DO) if line.due]
    assert dues == sorted(dues)
    assert told.soonest == min(line.due for line in told.lines if line.due)


def test_incidents_stand_in_the_order_of_theirs_and_without_one_last() -> None:
    soon = replace(OLD, key="INC-1")
    later = replace(OLD, key="INC-2", next_update_at=NOW + timedelta(hours=1))
    never = replace(OLD, key="INC-3", next_update_at=None)
    worse = replace(never, key="INC-4", severity=Severity.SEV0)
    found = in_order(briefed(one) for one in (never, later, worse, soon))
    assert [one.incident.key for one in found] == ["INC-1", "INC-2", "INC-4", "INC-3"]


def test_a_line_written_by_hand_stands_for_the_record_and_keeps_its_deadline() -> None:
    mine = Written(WITH_STEPS.key, Part.DO, "revoke batch 3", ANA, NOW)
    other = Written("INC-9", Part.PICTURE, "of another incident", ANA, NOW)
    told = briefed(WITH_STEPS, written=(mine, other))
    (line,) = told.of(Part.DO)
    assert (line.text, line.by) == ("revoke batch 3", ANA)
    assert line.due is not None
    assert texts(told, Part.PICTURE) == [UPDATED.updates[0].text]


def test_a_step_says_whose_it_is() -> None:
    first = briefed(WITH_STEPS).of(Part.DO)[0]
    assert first.role == RUN.runbook.steps[0].owner.replace("_", " ")
    assigned, _ = assign(RUN, RUN.steps[0].step_id, BO, ANA, NOW)
    assert briefed(replace(WITH_STEPS, run=assigned)).of(Part.DO)[0].owner == BO


def test_a_step_that_hangs_on_an_open_question_is_not_yet_to_be_done() -> None:
    question = next(step for step in RUN.runbook.branches)
    steps = tuple(
        replace(step, only_if=Condition(question.id, question.options[0].id))
        if step.id == "approve"
        else step
        for step in RUN.runbook.steps
    )
    run = replace(RUN, runbook=replace(RUN.runbook, steps=steps))
    approve = next(step.text for step in steps if step.id == "approve")
    assert approve not in texts(briefed(replace(WITH_STEPS, run=run)), Part.DO)
    done, _ = complete(run, question.id, ANA, NOW, question.options[0].id)
    assert approve in texts(briefed(replace(WITH_STEPS, run=done)), Part.DO)


@pytest.mark.parametrize(
    ("incident", "entries", "expected"),
    [
        (OLD, (), "steady"),
        (managed(declared_at=NOW), (), "new"),
        (replace(OLD, status=Status.CONTAINED), (), "contained"),
        (OLD, (severity("SEV2", "SEV1"),), "rising"),
        (OLD, (severity("SEV0", "SEV1"),), "falling"),
        (OLD, (severity("SEV2", "SEV1", -400),), "steady"),
    ],
)
def test_the_trend_is_what_became_of_the_severity_in_this_shift(
    incident: Incident, entries: tuple[Entry, ...], expected: str
) -> None:
    assert trend(incident, entries, BEGAN) == expected


def test_a_returning_reader_sees_what_changed_since_they_left() -> None:
    left = NOW - timedelta(hours=1)
    entries = (
        entry(EntryKind.UPDATE, "old", minutes=-90),
        entry(EntryKind.UPDATE, "new"),
        entry(EntryKind.NOTE, "n"),
        entry(EntryKind.STEP, "s", act="done"),
        entry(EntryKind.STEP, "s", act="assigned"),
        severity("SEV2", "SEV1"),
    )
    seen = changes_since(OLD, entries, left)
    assert (seen.updates, seen.notes, seen.steps, seen.severity_from) == (1, 1, 1, "SEV2")
    assert (seen.is_new, seen.is_ended) == (False, False)


def test_an_unchanged_severity_and_a_new_incident_are_told_as_such() -> None:
    there_and_back = (
        severity("SEV1", "SEV0"),
        severity("SEV0", "SEV1"),
    )
    seen = changes_since(managed(declared_at=NOW), there_and_back, BEGAN)
    assert (seen.severity_from, seen.is_new) == ("", True)


def test_the_latest_update_is_the_picture() -> None:
    updates = (Update("First.", ANA, NOW), Update("Second.", BO, NOW))
    assert texts(briefed(replace(OLD, updates=updates)), Part.PICTURE) == ["Second."]


def test_an_incident_without_a_runbook_has_nothing_to_do_next_on_record() -> None:
    assert texts(briefed(replace(OLD, run=None)), Part.DO) == []
