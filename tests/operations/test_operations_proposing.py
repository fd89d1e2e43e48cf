"""An import that a lead uploads: read aside, asked about, confirmed once, taken back; and nothing before."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.ics_child import expand
from incidents.effects import Effect, EffectKind
from incidents.errors import NotAllowed
from incidents.moves import NeedsSecondLook
from incidents.operations import importing, proposing
from incidents.operations.proposal_reading import most_bytes
from incidents.operations.proposal_showing import shown_of
from incidents.operations.proposing import Decided
from incidents.people import Ask
from incidents.ports import Unit
from incidents.proposals import Destination, Kind, NoSuchProposal, Proposal, State
from incidents.rota_imports import NothingImported
from rotations.imports import Answers, Outcome
from rotations.model import Organisation, Seat
from rotations.shifts import resolver_of
from storage.opening import SqlStore
from tests.support.house import MONDAY, TestHouse, example_house
from tests.support.incidents import ANA, BO, DANA

CORPUS = Path(__file__).parents[1] / "corpus" / "vendors"
PLACE = Destination("safety", "AMER", Seat.PRIMARY)


def calendar(*events: tuple[str, int]) -> bytes:
    """Days of `title`, so many days from now."""
    rows = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN"]
    for at, (title, days) in enumerate(events):
        start = MONDAY + timedelta(days=days)
        rows += [
            "BEGIN:VEVENT",
            f"UID:{at}@example.org",
            "DTSTAMP:20261101T000000Z",
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
            f"DTEND:{start + timedelta(days=1):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{title}",
            "END:VEVENT",
        ]
    return "\r\n".join([*rows, "END:VCALENDAR", ""]).encode()


@pytest.fixture
def there(store: SqlStore) -> TestHouse:
    return example_house(store)


def uploads(there: TestHouse, by: str = DANA, kind: Kind = Kind.CALENDAR, delivery: str = "") -> Proposal:
    made = proposing.upload(there.house, Ask(by, delivery), "F1", kind, PLACE)
    assert made is not None
    return made


def reads(there: TestHouse, content: bytes, kind: Kind = Kind.CALENDAR) -> Proposal:
    """Uploaded by Dana, who leads, and read."""
    made = uploads(there, kind=kind)
    proposing.read(there.house, made, "rota.ics", content, expand)
    return kept(there, made.id)


def kept(there: TestHouse, proposal_id: str) -> Proposal:
    found = there.store.read(lambda unit: unit.proposals.get(proposal_id))
    assert found is not None
    return found


def standing(there: TestHouse) -> Organisation:
    found = there.store.read(lambda unit: unit.schedules.organisation())
    assert found is not None
    return found


def confirms(there: TestHouse, proposal: Proposal, by: str = DANA, *, is_sure: bool = True) -> Decided:
    return proposing.confirm(there.house, Ask(by), proposal.id, proposal.shown.seal, is_sure=is_sure)


def on_call(there: TestHouse, days: int) -> tuple[str, ...]:
    at = MONDAY + timedelta(days=days)
    rows = resolver_of(standing(there), "safety").at(at)
    return next(row.people for row in rows if row.seat is Seat.PRIMARY)


def kinds(effects: Sequence[Effect]) -> list[EffectKind]:
    return [effect.kind for effect in effects if effect.subject.startswith("import:")]


def test_what_was_uploaded_is_read_and_shown_and_changes_nothing(there: TestHouse) -> None:
    before = standing(there)
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    assert proposal.state is State.OPEN
    assert proposal.found is not None
    assert [line.outcome for line in proposal.found.lines] == [Outcome.SPLIT]
    assert proposal.name == "rota.ics"
    assert standing(there) == before
    assert kinds(there.slack()) == [EffectKind.SHOW_IMPORT, EffectKind.UPDATE_IMPORT]


def test_one_submission_makes_one_proposal(there: TestHouse) -> None:
    uploads(there, delivery="view:1")
    again = proposing.upload(there.house, Ask(DANA, "view:1"), "F1", Kind.CALENDAR, PLACE)
    assert again is None
    assert len(there.store.read(lambda unit: unit.proposals.to_read())) == 1


def test_who_does_not_lead_brings_nothing_in(there: TestHouse) -> None:
    with pytest.raises(NotAllowed, match="Only a lead"):
        uploads(there, by=ANA)


def test_what_is_confirmed_is_what_was_shown(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    assert confirms(there, proposal) is Decided.DONE
    assert on_call(there, 10) == ("cy",)
    done = kept(there, proposal.id)
    assert (done.state, done.decided_by) == (State.DONE, DANA)
    assert there.store.read(lambda unit: unit.proposals.content(proposal.id)) is None


def test_confirming_twice_imports_once(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    ask, seen = Ask(DANA, "trigger:1"), proposal.shown.seal
    for _ in range(2):
        assert proposing.confirm(there.house, ask, proposal.id, seen, is_sure=True) is Decided.DONE
    assert proposing.confirm(there.house, Ask(DANA, "trigger:2"), proposal.id, seen) is Decided.ALREADY
    assert importing.undo(there.house, "us").was.source == "rota.ics"
    with pytest.raises(NothingImported):
        importing.undo(there.house, "us")


def test_another_lead_decides_nothing_that_was_not_shown_to_them(there: TestHouse) -> None:
    there.store.write(lambda unit: _leads_too(there, unit, "bo"))
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    with pytest.raises(NoSuchProposal, match="shown to somebody else"):
        confirms(there, proposal, by=BO)
    assert on_call(there, 10) != ("cy",)


def test_who_leads_no_more_confirms_nothing(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    there.store.write(lambda unit: _leads_too(there, unit, "dana", lead=False))
    with pytest.raises(NotAllowed):
        confirms(there, proposal)


def _leads_too(there: TestHouse, unit: Unit, key: str, lead: bool = True) -> None:
    before = unit.schedules.organisation()
    assert before is not None
    people = tuple(replace(one, lead=lead) if one.key == key else one for one in before.people)
    unit.schedules.apply(replace(before, people=people), there.clock.now(), "test")


def test_a_plan_that_has_changed_since_is_shown_again_before_anything_counts(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    seen = proposal.shown.seal
    there.slack()
    there.store.write(lambda unit: _leads_too(there, unit, "cy"))
    assert proposing.confirm(there.house, Ask(DANA), proposal.id, seen) is Decided.SHOWN_AGAIN
    assert kept(there, proposal.id).state is State.OPEN
    assert kinds(there.slack()) == [EffectKind.UPDATE_IMPORT]


def test_what_is_soon_is_confirmed_a_second_time(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 0)))
    with pytest.raises(NeedsSecondLook):
        confirms(there, proposal, is_sure=False)
    assert kept(there, proposal.id).state is State.OPEN
    assert confirms(there, proposal) is Decided.DONE


def test_a_question_is_answered_and_the_report_is_worked_out_anew(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10), ("Tempo", 12)))
    assert proposal.found is not None
    (question,) = proposal.found.questions
    answered = proposing.answer(
        there.house, Ask(DANA), proposal.id, 1, lambda _unit, _proposal: Answers({question.asked: "cy"})
    )
    assert answered is Decided.DONE
    waiting = kept(there, proposal.id)
    content = there.store.read(lambda unit: unit.proposals.content(proposal.id))
    assert waiting.state is State.READING
    assert content is not None
    proposing.read(there.house, waiting, waiting.name, content, expand)
    again = kept(there, proposal.id)
    assert again.found is not None
    assert (again.turn, again.found.questions) == (2, ())
    confirms(there, again)
    assert on_call(there, 12) == ("cy",)


def test_answers_to_a_report_that_was_read_anew_are_not_taken(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Tempo", 12)))
    given = proposing.answer(there.house, Ask(DANA), proposal.id, 0, lambda _unit, _proposal: Answers())
    assert given is Decided.SHOWN_AGAIN


def test_answers_sent_twice_count_once(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Tempo", 12)))
    for _ in range(2):
        sent = proposing.answer(
            there.house, Ask(DANA, "view:9"), proposal.id, 1, lambda _unit, _proposal: Answers({"Tempo": ""})
        )
        assert sent is Decided.DONE
    late = proposing.answer(there.house, Ask(DANA), proposal.id, 1, lambda _unit, _proposal: Answers())
    assert late is Decided.ALREADY


def test_two_processes_that_read_the_same_file_show_it_once(there: TestHouse) -> None:
    made = uploads(there)
    for _ in range(2):
        proposing.read(there.house, made, "rota.ics", calendar(("Cy Okafor", 10)), expand)
    assert kept(there, made.id).turn == 1
    proposing.refuse(there.house, made, "Too late.")
    assert kept(there, made.id).state is State.OPEN


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.CALENDAR, b"\x89PNG\r\n\x1a\n"),
        (Kind.SHEET, b"\xff\xfe\x00"),
        (Kind.PAGERDUTY, b"[" * 100_000),
        (Kind.OPSGENIE, b"{}"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_with_one_sentence(
    there: TestHouse, kind: Kind, content: bytes
) -> None:
    refused = reads(there, content, kind)
    assert refused.state is State.REFUSED
    assert refused.fault.endswith(".")
    assert EffectKind.SHOW_IMPORT in kinds(there.slack())


def test_a_sheet_is_brought_in_by_the_same_way(there: TestHouse) -> None:
    at = MONDAY + timedelta(days=10)
    row = f"cy,{at:%Y-%m-%d %H:%M},{at + timedelta(hours=2):%Y-%m-%d %H:%M},UTC,AMER primary"
    proposal = reads(there, f"person,start,end,zone,seat\n{row}\nzz,x,y,UTC,primary\n".encode(), Kind.SHEET)
    assert proposal.found is not None
    assert [line.outcome for line in proposal.found.lines] == [Outcome.TAKEN, Outcome.DROPPED]
    confirms(there, proposal)
    assert on_call(there, 10) == ("cy",)


def test_left_is_left(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    assert proposing.leave(there.house, Ask(DANA), proposal.id) is Decided.DONE
    assert proposing.leave(there.house, Ask(DANA), proposal.id) is Decided.ALREADY
    assert confirms(there, proposal) is Decided.ALREADY


def test_the_card_follows_when_it_is_taken_back(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    confirms(there, proposal)
    there.slack()
    importing.undo(there.house, "us")
    assert EffectKind.UPDATE_IMPORT in kinds(there.slack())
    assert on_call(there, 10) != ("cy",)


def test_importing_what_stands_already_changes_nothing(there: TestHouse) -> None:
    content = calendar(("Cy Okafor", 10))
    confirms(there, reads(there, content))
    again = reads(there, content)
    assert confirms(there, again) is Decided.DONE
    assert kept(there, again.id).import_id == ""


def test_a_newer_proposal_of_the_same_origin_takes_the_place_of_the_open_one(there: TestHouse) -> None:
    first = reads(there, calendar(("Cy Okafor", 10)))
    assert first.found is not None
    found = first.found
    wish = proposing.Wish("calendar", (DANA,), "the vendor's calendar", Kind.CALENDAR, PLACE, "source:1")

    def proposes() -> Proposal:
        return there.store.write(lambda unit: proposing.propose(there.house, unit, wish, b"x", found))

    one, two = proposes(), proposes()
    assert kept(there, one.id).state is State.LEFT
    assert kept(there, two.id).state is State.OPEN
    latest = there.store.read(lambda unit: unit.proposals.of_origin("source:1"))
    assert latest == kept(there, two.id)
    assert confirms(there, two) is Decided.DONE
    proposes()
    assert kept(there, two.id).state is State.DONE


def test_a_long_report_goes_with_its_card_as_a_file(there: TestHouse) -> None:
    proposal = reads(there, calendar(*(("Cy Okafor", day) for day in range(1, 40))))
    assert proposal.is_long
    assert kinds(there.slack()).count(EffectKind.IMPORT_REPORT) == 1


def test_what_is_over_when_it_is_confirmed_stays_as_it_was(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 1)))
    there.clock.advance(days=5)
    before = standing(there)
    assert confirms(there, proposal) is Decided.DONE
    assert standing(there) == before


def test_what_it_would_do_is_worked_out_against_the_plan_of_the_moment(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    seen, weighed = proposing.look(there.house, DANA, proposal.id)
    assert seen == proposal
    assert {row.seat for row in weighed.moved} == {Seat.PRIMARY}
    with pytest.raises(NoSuchProposal):
        proposing.look(there.house, DANA, "nothing")


def test_an_export_of_another_tool_comes_in_by_the_same_way(there: TestHouse) -> None:
    content = (CORPUS / "pagerduty.json").read_bytes()
    proposal = reads(there, content, Kind.PAGERDUTY)
    assert proposal.state is State.OPEN
    assert proposal.found is not None
    assert proposal.found.part
    before = {one.name for one in standing(there).schedules}
    assert confirms(there, proposal) is Decided.DONE
    assert {one.name for one in standing(there).schedules} > before
    again = reads(there, content, Kind.PAGERDUTY)
    assert confirms(there, again) is Decided.DONE
    assert kept(there, again.id).import_id == ""


def test_before_there_is_a_schedule_a_calendar_has_no_place_to_go_to(store: SqlStore) -> None:
    house = example_house(store)
    standing_then = standing(house)
    made = uploads(house)
    house.store.write(lambda unit: unit.schedules.apply(Organisation(), house.clock.now(), "test"))
    proposing.read(house.house, made, "rota.ics", calendar(("Cy Okafor", 10)), expand)
    assert kept(house, made.id).state is State.REFUSED
    assert standing_then != standing(house)


@pytest.mark.parametrize(
    ("kind", "most"), [(Kind.CALENDAR, 1 << 20), (Kind.SHEET, 1 << 20), (Kind.GRAFANA, 8 << 20)]
)
def test_a_file_is_read_up_to_what_its_reader_takes(kind: Kind, most: int) -> None:
    assert most_bytes(kind) == most


@pytest.mark.parametrize(
    "content",
    [
        b"BEGIN:VCALENDAR\r\n" * 9000,
        calendar(("Cy Okafor", 10)).replace(b"SUMMARY", b"RRULE:FREQ=SECONDLY\r\nSUMMARY"),
        calendar(("x" * 1_100_000, 10)),
        calendar(*((f"\u202e{n} <!channel>", n) for n in range(1, 300))),
    ],
    ids=["nested", "every second", "too large", "three hundred that turn round"],
)
def test_hostile_files_change_nothing_and_end_in_a_report_or_a_sentence(
    there: TestHouse, content: bytes
) -> None:
    before = standing(there)
    proposal = reads(there, content)
    assert proposal.state in (State.OPEN, State.REFUSED)
    assert proposal.fault or proposal.found is not None
    there.slack()
    assert standing(there) == before


def test_what_does_not_fit_the_schedule_any_more_says_why(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    assert proposal.found is not None
    gone = replace(proposal.found, schedule="gone")
    assert "gone" in shown_of(standing(there), gone, there.clock.now()).misfit


def test_what_nobody_decides_for_a_month_is_not_kept(there: TestHouse) -> None:
    proposal = reads(there, calendar(("Cy Okafor", 10)))
    there.clock.advance(days=29)
    proposing.forget_undecided(there.house)
    assert kept(there, proposal.id).state is State.OPEN
    there.clock.advance(days=2)
    proposing.forget_undecided(there.house)
    assert "Nobody decided for 30 days" in kept(there, proposal.id).fault
    assert there.store.read(lambda unit: unit.proposals.content(proposal.id)) is None
