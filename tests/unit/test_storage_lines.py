"""Who writes first: whoever has a person waiting, and the patient not for ever."""

from typing import Any

from sqlalchemy import Connection

from storage.writer import PATIENCE_S, Job, Lines


def _job(put_at: float | None = None) -> Job:
    def run(_connection: Connection) -> tuple[Any, bool]:
        return None, False

    return Job(run) if put_at is None else Job(run, put_at=put_at)


def test_whoever_has_a_person_waiting_goes_before_the_patient() -> None:
    lines, patient, urgent = Lines(), _job(), _job()
    lines.put(patient, patient=True)
    lines.put(urgent, patient=False)
    assert lines.next() is urgent
    assert lines.next() is patient


def test_a_patient_one_never_shares_the_commit_that_somebody_waits_for() -> None:
    lines, first, second = Lines(), _job(), _job()
    lines.put(_job(), patient=True)
    lines.put(first, patient=False)
    lines.put(second, patient=False)
    assert lines.next() is first
    assert lines.sharer() is second
    assert lines.sharer() is None


def test_who_has_been_patient_long_enough_goes_first() -> None:
    lines = Lines()
    overdue, urgent = _job(), _job()
    overdue = _job(put_at=overdue.put_at - 2 * PATIENCE_S)
    lines.put(urgent, patient=False)
    lines.put(overdue, patient=True)
    assert lines.next() is overdue


def test_where_others_come_without_end_a_short_one_soon_has_its_next_turn() -> None:
    lines, urgent = Lines(), [_job(), _job()]
    overdue = _job(put_at=urgent[0].put_at - 2 * PATIENCE_S)
    waiting = _job(put_at=urgent[0].put_at - PATIENCE_S / 2)
    for each in urgent:
        lines.put(each, patient=False)
    lines.took(PATIENCE_S / 100)
    lines.put(overdue, patient=True)
    assert lines.next() is overdue
    lines.put(waiting, patient=True)
    assert lines.next() is waiting


def test_a_long_one_waits_as_long_as_before() -> None:
    lines, urgent = Lines(), _job()
    lines.put(urgent, patient=False)
    lines.took(PATIENCE_S)
    lines.put(_job(put_at=urgent.put_at - 2 * PATIENCE_S), patient=True)
    lines.next()
    lines.put(_job(put_at=urgent.put_at - PATIENCE_S / 2), patient=True)
    assert lines.next() is urgent


def test_closed_lines_are_served_to_the_end() -> None:
    lines, urgent, patient = Lines(), _job(), _job()
    lines.put(patient, patient=True)
    lines.put(urgent, patient=False)
    lines.close()
    assert [lines.next(), lines.next(), lines.next()] == [urgent, patient, None]
