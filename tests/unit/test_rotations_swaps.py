"""A swap is bound to turns and follows them; a cover stands in for one person and gives way to a swap."""

from __future__ import annotations

from datetime import time

import pytest
from msgspec.structs import replace

from rotations.model import (
    EVERY_DAY,
    Epoch,
    Hours,
    Layer,
    Mode,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    Schedule,
    Seat,
    Swap,
    TurnRef,
)
from rotations.overrides import admit
from rotations.plans import VoidHalf
from rotations.refusals import OverlappingOverride
from rotations.shifts import Resolver
from tests.support.schedules import chain, override, region, rotation, utc, version

NAMES = {"ana": "Ana", "bo": "Bo", "cy": "Cy", "di": "Di"}
AMER = region("AMER", "UTC", "09:00", primary=rotation("ana bo cy"), backup=rotation("di"))
ROTA = chain(AMER)
ANAS, BOS, CYS = "2026-02-17 12:00", "2026-02-24 12:00", "2026-03-03 12:00"
"""A moment in a turn of each: theirs begin on 16 and 23 February and on 2 March."""


def ref(at: str, person: str | None = None, schedule: Schedule = ROTA) -> TurnRef:
    found = Resolver(schedule).turn_at("AMER", Seat.PRIMARY, utc(at), person)
    assert found is not None
    return found


def swap(one: TurnRef, other: TurnRef, reason: str = "") -> Swap:
    return Swap(f"{one.person}-{other.person}", "safety", one, other, "UANA", reason)


def who(resolver: Resolver, *times: str) -> list[str]:
    return ["+".join(resolver.at(utc(at))[0].people) for at in times]


def swapped(*swaps: Swap, schedule: Schedule = ROTA) -> Resolver:
    return Resolver(schedule, names=NAMES, swaps=swaps)


ANA_BO = swap(ref(ANAS), ref(BOS), "wedding")


def test_each_serves_the_turn_of_the_other_from_its_first_second_to_its_last() -> None:
    resolver = swapped(ANA_BO)
    assert who(resolver, "2026-02-16 08:59", "2026-02-16 09:00", "2026-02-23 08:59") == ["cy", "bo", "bo"]
    assert who(resolver, "2026-02-23 09:00", "2026-03-02 08:59", "2026-03-02 09:00") == ["ana", "ana", "cy"]


def test_the_reason_says_who_swapped_and_what_the_rotation_says() -> None:
    (row, _) = swapped(ANA_BO).at(utc(ANAS))
    assert row.why == ("Bo swapped with Ana: wedding.", "The rotation says Ana.")
    assert row.turn_until == utc("2026-02-23 09:00")


def test_a_swap_of_another_schedule_changes_nothing() -> None:
    assert who(swapped(replace(ANA_BO, schedule="legal")), ANAS) == ["ana"]


def test_it_follows_a_turn_that_moves() -> None:
    later = chain(replace(AMER, seats={Seat.PRIMARY: rotation("ana bo cy", at="15:00")}))
    assert who(swapped(ANA_BO, schedule=later), "2026-02-16 14:59", "2026-02-16 15:00") == ["cy", "bo"]


def test_it_is_void_where_the_turn_is_somebody_elses_and_that_is_reported() -> None:
    edited = Rotation(
        (*rotation("ana bo cy").versions, version("ana cy bo", effective_from=utc("2026-02-20 00:00")))
    )
    resolver = swapped(ANA_BO, schedule=chain(replace(AMER, seats={Seat.PRIMARY: edited})))
    assert who(resolver, ANAS, BOS) == ["bo", "cy"]
    assert resolver.void_swaps(utc(ANAS)) == (VoidHalf(ANA_BO, ANA_BO.other),)
    assert resolver.void_swaps(utc("2026-03-02 09:00")) == ()
    assert swapped(ANA_BO).void_swaps(utc(ANAS)) == ()


@pytest.mark.parametrize("gone", ["region", "seat", "rotation"])
def test_it_is_void_where_there_is_no_such_turn_any_more(gone: str) -> None:
    emea = replace(AMER, name="EMEA")
    rostered = replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())})
    unseated = replace(AMER, seats={Seat.BACKUP: rotation("di")})
    resolver = swapped(ANA_BO, schedule=chain({"region": emea, "seat": unseated, "rotation": rostered}[gone]))
    assert [half.ref for half in resolver.void_swaps(utc(ANAS))] == [ANA_BO.one, ANA_BO.other]
    assert resolver.span_of(ANA_BO.one) is None


def test_a_swap_may_be_swapped_on() -> None:
    first = swapped(ANA_BO)
    bos_now = first.turn_at("AMER", Seat.PRIMARY, utc(ANAS), "bo")
    assert bos_now is not None
    assert first.turn_at("AMER", Seat.PRIMARY, utc(ANAS), "ana") is None
    both = swapped(ANA_BO, swap(bos_now, ref(CYS)))
    assert who(both, ANAS, BOS, CYS) == ["cy", "ana", "bo"]
    assert both.at(utc(ANAS))[0].why == (
        "Cy swapped with Bo.",
        "Bo swapped with Ana: wedding.",
        "The rotation says Ana.",
    )


def test_of_a_group_only_the_one_who_swaps_is_replaced() -> None:
    pair = chain(region("AMER", "UTC", "09:00", primary=rotation("ana+di bo cy")))
    made = swap(ref(ANAS, "ana", pair), ref(BOS, "bo", pair))
    resolver = swapped(made, schedule=pair)
    assert who(resolver, ANAS, BOS) == ["bo+di", "ana"]
    assert resolver.turn_at("AMER", Seat.PRIMARY, utc(ANAS)) == replace(made.one, person="bo")


def test_turns_are_counted_on_when_a_rotation_is_edited() -> None:
    same_weeks = version("cy ana bo", effective_from=utc("2026-02-18 00:00"))
    new_anchor = version("ana bo cy", "2026-02-23", effective_from=utc("2026-02-23 09:00"))
    cut_short = version("ana bo cy", "2026-02-25", effective_from=utc("2026-02-25 09:00"))
    mid_turn = version("ana bo cy", "2026-02-11", effective_from=utc("2026-02-20 00:00"))
    ahead = version("ana bo cy", "2026-03-02", effective_from=utc("2026-02-20 00:00"))
    old = rotation("ana bo cy").versions
    six = ref(ANAS).number
    for edit, at, number in (
        (same_weeks, BOS, six + 1),
        (new_anchor, BOS, six + 1),
        (cut_short, "2026-02-25 08:59", six + 1),
        (cut_short, "2026-02-25 09:00", six + 2),
        (mid_turn, "2026-02-20 00:00", six),
        (mid_turn, "2026-02-25 09:00", six + 1),
        (ahead, "2026-03-02 09:00", six + 1),
    ):
        edited = chain(region("AMER", "UTC", "09:00", primary=Rotation((*old, edit))))
        assert ref(at, schedule=edited).number == number


def test_a_rotation_that_is_replaced_before_it_began_has_served_no_turn() -> None:
    versions = (
        version("ana", "2026-03-02"),
        version("bo", "2026-02-02", effective_from=utc("2026-02-02 09:00")),
    )
    early = chain(region("AMER", "UTC", "09:00", primary=Rotation(versions)))
    assert ref("2026-02-03 00:00", schedule=early).number == 0


def test_a_turn_that_an_edit_cuts_ends_there() -> None:
    cut = version("ana bo cy", "2026-02-25", effective_from=utc("2026-02-25 09:00"))
    edited = chain(region("AMER", "UTC", "09:00", primary=Rotation((*rotation("ana bo cy").versions, cut))))
    resolver = Resolver(edited)
    assert resolver.span_of(ref(BOS, schedule=edited)) == (utc("2026-02-23 09:00"), utc("2026-02-25 09:00"))
    unserved = TurnRef("AMER", Seat.PRIMARY, -3, "ana")
    assert resolver.span_of(unserved) is None


def test_a_turn_through_an_edit_of_its_hours_is_one() -> None:
    past = Epoch(utc("2026-02-18 00:00"), Mode.CHAIN, (AMER,))
    later = replace(AMER, seats={Seat.PRIMARY: rotation("ana bo cy", at="15:00")})
    resolver = swapped(ANA_BO, schedule=replace(chain(later), past=(past,)))
    assert resolver.span_of(ANA_BO.one) == (utc("2026-02-16 09:00"), utc("2026-02-23 15:00"))
    assert who(resolver, "2026-02-16 09:00", "2026-02-23 14:59", "2026-02-23 15:00") == ["bo", "bo", "ana"]


def test_a_swap_of_a_rotation_that_went_does_not_come_back_with_another() -> None:
    """Its turns are counted on, so none has a number that was swapped before."""
    rostered = replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())})
    past = (
        Epoch(utc("2026-03-09 09:00"), Mode.CHAIN, (AMER,)),
        Epoch(utc("2026-04-06 09:00"), Mode.CHAIN, (rostered,)),
    )
    anew = replace(AMER, seats={Seat.PRIMARY: rotation("ana bo cy", "2026-04-06")})
    resolver = swapped(ANA_BO, schedule=replace(chain(anew), past=past))
    first = resolver.turn_at("AMER", Seat.PRIMARY, utc("2026-04-07 00:00"))
    assert first == TurnRef("AMER", Seat.PRIMARY, ref(CYS).number + 1, "ana")
    sixth_and_seventh = ("2026-05-18 12:00", "2026-05-25 12:00")
    assert who(resolver, ANAS, BOS, *sixth_and_seventh) == ["bo", "ana", "ana", "bo"]
    assert resolver.span_of(ANA_BO.one) == (utc("2026-02-16 09:00"), utc("2026-02-23 09:00"))


def test_a_rotation_that_began_elsewhere_keeps_its_numbers_when_other_hours_are_edited() -> None:
    anew = replace(AMER, seats={Seat.PRIMARY: rotation("ana bo cy", "2026-04-06")})
    past = (Epoch(utc("2026-04-06 09:00"), Mode.CHAIN, (AMER,)),)
    edited = (*past, Epoch(utc("2026-05-01 09:00"), Mode.CHAIN, (anew,)))
    turns = [
        Resolver(replace(chain(anew), past=each)).turn_at("AMER", Seat.PRIMARY, utc("2026-05-18 12:00"))
        for each in (past, edited)
    ]
    assert turns[0] == turns[1]


def test_a_turn_of_a_layer_is_swapped_where_the_layer_counts_and_nowhere_else() -> None:
    nights = Layer("nights", Seat.PRIMARY, rotation("vic wes"), (Hours(EVERY_DAY, time(22), time(6)),))
    rota = chain(replace(AMER, layers=(nights,)))
    one = ref("2026-02-16 23:00", schedule=rota)
    other = ref("2026-02-23 23:00", schedule=rota)
    assert (one.layer, one.person, other.person) == ("nights", "vic", "wes")
    resolver = swapped(swap(one, other), ANA_BO, schedule=rota)
    assert who(resolver, "2026-02-16 23:00", "2026-02-17 12:00", "2026-02-23 23:00") == ["wes", "bo", "vic"]
    assert resolver.span_of(one) == (utc("2026-02-16 09:00"), utc("2026-02-23 09:00"))


def test_no_turn_is_answered_for_a_roster_an_unbegun_rotation_or_a_stranger() -> None:
    resolver = Resolver(ROTA)
    assert resolver.turn_at("AMER", Seat.PRIMARY, utc(ANAS), "zoe") is None
    assert resolver.turn_at("AMER", Seat.PRIMARY, utc("2026-01-01 00:00")) is None
    assert resolver.turn_at("AMER", Seat.LEAD, utc(ANAS)) is None
    planned = chain(replace(AMER, seats={}, rosters={Seat.PRIMARY: Roster(())}))
    assert Resolver(planned).turn_at("AMER", Seat.PRIMARY, utc(ANAS)) is None


def cover(
    people: str, instead_of: str = "", start: str = "2026-02-16 00:00", end: str = "2026-02-19 00:00"
) -> Override:
    made = override(people, start, end, reason="away")
    return replace(made, id=f"{people} for {instead_of}", cover=True, instead_of=instead_of)


def test_a_cover_stands_in_for_one_person_of_a_group() -> None:
    pair = chain(region("AMER", "UTC", "09:00", primary=rotation("ana+bo cy")))
    resolver = Resolver(pair, [cover("di", "ana", "2026-02-02 12:00", "2026-02-03 12:00")], NAMES)
    assert who(resolver, "2026-02-02 11:59", "2026-02-02 12:00", "2026-02-03 12:00") == [
        "ana+bo",
        "di+bo",
        "ana+bo",
    ]
    assert resolver.at(utc("2026-02-02 12:00"))[0].why == (
        "Di covers for Ana: away.",
        "The rotation says Ana and Bo.",
    )


def test_a_cover_for_somebody_who_does_not_serve_changes_nothing() -> None:
    resolver = Resolver(ROTA, [cover("di", "ana")], NAMES)
    assert who(resolver, "2026-02-16 08:59", "2026-02-16 09:00") == ["cy", "di"]


def test_a_swap_beats_the_cover_and_whoever_took_the_turn_can_be_covered() -> None:
    for covers, expected in (
        ([cover("di", "ana")], "bo"),
        ([cover("di", "bo")], "di"),
        ([cover("di")], "bo"),
    ):
        assert who(Resolver(ROTA, covers, NAMES, [ANA_BO]), "2026-02-16 12:00") == [expected]
    assert who(Resolver(ROTA, [cover("di")], NAMES), "2026-02-16 12:00") == ["di"]


def test_whoever_covers_can_be_covered() -> None:
    chained = [cover("bo", "ana"), cover("di", "bo"), cover("eve", "zoe")]
    assert who(Resolver(ROTA, chained, NAMES), "2026-02-16 12:00") == ["di"]


def test_an_override_beats_swap_and_cover_and_may_stand_beside_them() -> None:
    over = override("eve", "2026-02-16 10:00", "2026-02-16 11:00")
    standing = admit(admit((), over), cover("di", "bo"))
    resolver = Resolver(ROTA, standing, NAMES, [ANA_BO])
    assert who(resolver, "2026-02-16 09:59", "2026-02-16 10:00", "2026-02-16 11:00") == ["di", "eve", "di"]
    assert resolver.at(utc("2026-02-16 10:00"))[0].why[0] == "eve covers."


def test_two_covers_for_one_person_may_not_overlap() -> None:
    standing = admit(admit((), cover("di", "ana")), cover("eve", "bo"))
    with pytest.raises(OverlappingOverride) as refused:
        admit(standing, cover("bo", "ana", "2026-02-18 00:00", "2026-02-20 00:00"))
    assert refused.value.standing_id == "di for ana"


def test_an_override_may_replace_one_of_a_group_too() -> None:
    pair = chain(region("AMER", "UTC", "09:00", primary=rotation("ana+bo")))
    one = replace(override("di eve", "2026-02-16 10:00", "2026-02-16 11:00"), instead_of="ana")
    assert who(Resolver(pair, [one]), "2026-02-16 10:00") == ["di+eve+bo"]


def test_what_is_added_or_taken_off_leaves_the_turn_as_it_is() -> None:
    added = override("di", "2026-02-16 10:00", "2026-02-16 11:00", kind=OverrideKind.ADD)
    resolver = Resolver(ROTA, [added], NAMES, [ANA_BO])
    assert who(resolver, "2026-02-16 10:00") == ["bo+di"]
    assert resolver.turn_at("AMER", Seat.PRIMARY, utc("2026-02-16 10:00")) == replace(ANA_BO.one, person="bo")
