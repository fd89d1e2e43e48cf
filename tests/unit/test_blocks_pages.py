"""Several pages in one direct message: short, complete, true, and quiet on a locked phone."""

from datetime import timedelta

from msgspec.structs import replace

from handlers.blocks import ids
from handlers.blocks.page import page
from handlers.blocks.pages import Paged, pages
from incidents.model import Call, Incident, PageState, Role, RoleHolding, Severity, Status
from storage.traffic import MOST_TOGETHER
from tests.support.block_samples import (
    ACKNOWLEDGED,
    DECLARED,
    DECLARED_INCIDENT,
    NEW_YORK,
    PAGE,
    RESTRICTED,
    reader,
)
from tests.support.golden import assert_accepted, assert_golden_message, words


def paged(key: str, severity: Severity = Severity.SEV2, **changes: object) -> Paged:
    one = replace(PAGE, **changes)  # type: ignore[arg-type]
    return replace(DECLARED_INCIDENT, key=key, severity=severity, pages=(one,)), one


def answered(key: str) -> Paged:
    """Ana has it since two minutes after the page."""
    incident, one = paged(key, state=PageState.ACKNOWLEDGED, answered_at=ACKNOWLEDGED)
    held = RoleHolding(Role.MANAGER, "UANA", ACKNOWLEDGED)
    return replace(incident, status=Status.ACTIVE, roles=(held,)), one


THREE: tuple[Paged, ...] = (
    paged("INC-143"),
    (replace(RESTRICTED, severity=Severity.SEV1), PAGE),
    paged("INC-142", Severity.SEV0),
)


def test_three_that_wait() -> None:
    assert_golden_message("pages-waiting", pages(THREE, reader(0, NEW_YORK)))


def test_what_became_of_some() -> None:
    passed = paged("INC-144", state=PageState.PASSED, answered_at=DECLARED + timedelta(minutes=5))
    assert_golden_message("pages-some", pages((*THREE, answered("INC-141"), passed), reader(6, NEW_YORK)))


def test_the_gravest_stands_first() -> None:
    assert pages(THREE, reader()).text == "3 pages: SEV0 INC-142, R-7KQ2, SEV2 INC-143 · acknowledge"


def test_a_locked_phone_shows_keys_and_what_to_do_and_of_a_restricted_one_the_key_alone() -> None:
    text = pages(THREE, reader()).text
    assert "SEV1" not in text
    assert "wave" not in text


def test_when_all_are_answered_the_message_says_so_and_asks_for_nothing() -> None:
    told = pages((answered("INC-1"), answered("INC-2")), reader(3, NEW_YORK))
    assert told.text == "2 pages: SEV2 INC-1, SEV2 INC-2 · answered"
    assert ids.ACKNOWLEDGE not in str(told.blocks)
    assert "You have it since 14:02" in words(told)


def test_the_last_rung_says_now() -> None:
    told = pages((paged("INC-1", answer_by=None), paged("INC-2")), reader())
    assert "*🟡 SEV2 · INC-1* · acknowledge now" in words(told)


def test_calls_that_make_nobody_incident_manager_do_not_promise_it() -> None:
    def legal(key: str) -> Paged:
        incident, one = paged(key)
        return replace(incident, calls=(Call(1, Role.LIAISON, (), note="Legal"),)), one

    assert "incident manager" not in words(pages((legal("INC-1"), legal("INC-2")), reader()))


def test_reasons_that_differ_are_not_told_as_one() -> None:
    told = words(pages((paged("INC-1"), paged("INC-2", why="You are EMEA lead.")), reader()))
    assert "Why you" not in told


def test_as_many_as_may_share_a_message_fit_whatever_their_titles() -> None:
    def long(number: int) -> Paged:
        incident, one = paged(f"INC-{number + 1000}")
        return replace(incident, title="<&>" * 50), one

    told = pages([long(number) for number in range(MOST_TOGETHER)], reader(0, NEW_YORK))
    assert_accepted(told)
    assert all(f"INC-{number + 1000}|" in str(told.blocks) for number in range(MOST_TOGETHER))
    assert all(f"INC-{number + 1000}" in told.text for number in range(MOST_TOGETHER))


def test_one_alone_reads_as_it_always_did() -> None:
    incident: Incident = DECLARED_INCIDENT
    assert page(incident, PAGE, reader()).text.startswith("SEV1 · INC-142 · acknowledge by")
