"""Whoever runs a grave incident is not paged for another: who comes instead, and what is said of why."""

from incidents.model import Incident, Role, Severity, Target
from incidents.operations import closing, commanding, responding
from incidents.people import Ask
from tests.support.house import TestHouse
from tests.support.incidents import ANA, BO, DANA, PRIYA, WAVE, users

CHILD = "Grooming of a child reported"
PLAIN = "Ana Lima was not paged: runs another SEV0 or SEV1."
DISCREET = "Ana Lima was not paged: is not free now."


def runs(there: TestHouse, user: str, title: str = WAVE, severity: Severity = Severity.SEV1) -> str:
    """An open incident that this person has."""
    key = there.declare(title, severity=severity).key
    commanding.assign(there.house, Ask(PRIYA), key, Role.MANAGER, user)
    return key


def declared(there: TestHouse, severity: Severity = Severity.SEV1) -> Incident:
    return there.declare("Payouts go to strangers", severity=severity)


def test_the_backup_is_paged_and_the_reason_is_written_down(there: TestHouse) -> None:
    runs(there, ANA)
    incident = declared(there)
    assert users(incident.pages) == [BO]
    assert PLAIN in there.sentences(incident.key)


def test_where_both_are_busy_the_lead_is_paged(there: TestHouse) -> None:
    runs(there, ANA)
    runs(there, BO)
    assert users(declared(there).pages) == [DANA]


def test_a_lead_is_paged_even_when_busy(there: TestHouse) -> None:
    for user in (ANA, BO, DANA):
        runs(there, user)
    assert users(declared(there).pages) == [DANA]


def test_that_there_is_a_restricted_incident_is_nobodys_to_read(there: TestHouse) -> None:
    key = runs(there, ANA, CHILD)
    incident = declared(there)
    assert users(incident.pages) == [BO]
    said = there.sentences(incident.key)
    assert DISCREET in said
    assert PLAIN not in said
    assert not any(key in line for line in said)


def test_beside_an_open_one_the_restricted_one_needs_no_discretion(there: TestHouse) -> None:
    runs(there, ANA, CHILD)
    runs(there, ANA)
    assert PLAIN in there.sentences(declared(there).key)


def test_a_milder_incident_or_one_that_is_over_spares_nobody(there: TestHouse) -> None:
    runs(there, ANA, severity=Severity.SEV2)
    over = runs(there, ANA)
    closing.resolve(there.house, Ask(ANA), over, "Over")
    assert users(declared(there).pages) == [ANA]


def test_an_incident_does_not_spare_its_own_manager(there: TestHouse) -> None:
    """Raising it looks at who is busy with others alone."""
    key = runs(there, ANA, severity=Severity.SEV2)
    raised = commanding.change_severity(there.house, Ask(ANA), key, Severity.SEV0)
    assert BO in users(raised.pages)
    assert PLAIN not in there.sentences(key)


def test_a_raised_incident_calls_no_busy_backup_to_be_deputy(there: TestHouse) -> None:
    runs(there, BO)
    key = runs(there, ANA)
    raised = commanding.change_severity(there.house, Ask(ANA), key, Severity.SEV0)
    assert users(tuple(page for page in raised.pages if raised.calls[page.call - 1].role is Role.DEPUTY)) == [
        DANA
    ]
    assert "Bo Chen was not paged: runs another SEV0 or SEV1." in there.sentences(key)


def test_somebody_who_is_asked_for_by_name_is_paged_all_the_same(there: TestHouse) -> None:
    runs(there, ANA)
    key = declared(there).key
    asked = responding.bring_in(there.house, Ask(PRIYA), key, Target(person=ANA), "knows the rules")
    assert users(asked.pages) == [BO, ANA]


def test_a_sev3_spares_them_too(there: TestHouse) -> None:
    runs(there, ANA)
    assert ANA not in users(declared(there, Severity.SEV3).pages)
