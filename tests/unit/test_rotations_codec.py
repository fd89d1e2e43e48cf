"""An organisation survives storage, and a changed file keeps the answers of the past."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from rotations.codec import dump, load
from rotations.file import parse
from rotations.model import (
    Absence,
    Epoch,
    Hours,
    Layer,
    Mode,
    Organisation,
    Override,
    Roster,
    RosterShift,
    Rotation,
    Seat,
    Swap,
    TurnRef,
)
from rotations.refusals import OverlappingOverride
from rotations.revision import revised
from rotations.shifts import Resolver
from tests.support.schedules import chain, override, primaries, region, rotation, utc, version

EXAMPLE = Path(__file__).parents[2] / "bot" / "example"
NOW = utc("2026-06-03 12:00")


def organisation(members: str, since: str = "2026-01-05", *overrides: Override) -> Organisation:
    amer = region("AMER", "America/New_York", "09:00", primary=rotation(members, since))
    return Organisation(schedules=(chain(amer),), overrides=overrides)


def who(organisation: Organisation, at: str) -> list[str]:
    return primaries(Resolver(organisation.schedules[0], organisation.overrides), utc(at))


@pytest.mark.parametrize("name", ["good/section6", "good/unquoted_windows", "good/layers_rosters"])
def test_what_is_stored_is_what_was_read(name: str) -> None:
    text = (Path(__file__).parents[1] / "corpus" / "schedules" / f"{name}.yaml").read_text()
    read = parse(text, name)
    assert load(json.loads(json.dumps(dump(read)))) == read


def test_versions_are_stored() -> None:
    two = Rotation((version("ana"), version("bo", effective_from=utc("2026-03-01 09:00"))))
    stored = Organisation(schedules=(chain(region("AMER", "UTC", "09:00", primary=two)),))
    assert load(json.loads(json.dumps(dump(stored)))) == stored


def test_everything_a_schedule_can_hold_is_stored() -> None:
    nights = Hours((4, 5), time(22), time(6))
    vendors = Layer("nights", Seat.PRIMARY, rotation("vic"), (nights,))
    shift = RosterShift(("mei", "joy"), utc("2026-03-02 06:00"), utc("2026-03-02 14:00"))
    amer = replace(
        region("AMER", "America/New_York", "09:00", primary=rotation("ana bo")),
        layers=(vendors,),
        rosters={Seat.BACKUP: Roster((shift,))},
    )
    past = Epoch(utc("2026-02-01 12:00"), Mode.WINDOWS, (replace(amer, ends=time(17)),))
    cover = override("di", "2026-03-09 12:00", "2026-03-09 15:00")
    one = TurnRef("AMER", Seat.PRIMARY, 9, "ana")
    stored = Organisation(
        schedules=(replace(chain(amer), past=(past,)),),
        overrides=(replace(cover, cover=True, ask="ask-1", instead_of="ana", by="U1"),),
        swaps=(
            Swap("s1", "safety", one, replace(one, number=10, person="bo", layer="nights"), "U1", "fair"),
        ),
        absences=(Absence("a1", "ana", utc("2026-03-09 00:00"), utc("2026-03-10 00:00"), "leave", "U1"),),
    )
    assert load(json.loads(json.dumps(dump(stored)))) == stored


def test_what_was_stored_before_layers_and_swaps_existed_is_still_read() -> None:
    plain = organisation("ana bo", "2026-01-05", override("di", "2026-03-09 12:00", "2026-03-09 15:00"))
    row = json.loads(json.dumps(dump(plain)))
    del row["swaps"], row["absences"], row["schedules"][0]["past"]
    for key in ("layers", "rosters"):
        del row["schedules"][0]["regions"][0][key]
    for key in ("cover", "ask", "instead_of"):
        del row["overrides"][0][key]
    assert load(row) == plain


def test_the_example_has_the_same_people_in_its_workspace() -> None:
    read = parse((EXAMPLE / "organisation.yaml").read_text(), "organisation.yaml")
    workspace = json.loads((EXAMPLE / "workspace.json").read_text())
    users = {(user["id"], user["real_name"], user["tz"]) for user in workspace["users"]}
    assert {(person.slack, person.name, person.zone) for person in read.people} == users
    assert {member for channel in workspace["channels"] for member in channel["members"]} == {
        user["id"] for user in workspace["users"]
    }
    channels = {channel["name"] for channel in workspace["channels"]}
    assert {read.channels.announce, read.channels.team, read.channels.operations} <= channels


def test_the_example_never_puts_one_person_on_two_seats_and_has_no_open_shift() -> None:
    read = parse((EXAMPLE / "organisation.yaml").read_text(), "organisation.yaml")
    for schedule in read.schedules:
        resolver = Resolver(schedule)
        shifts, gaps = resolver.between(utc("2026-01-06 00:00"), utc("2028-01-01 00:00"))
        assert gaps == ()
        for shift in shifts:
            people = [person for row in resolver.at(shift.start) for person in row.people]
            assert len(people) == len(set(people))


def test_applying_the_same_file_twice_changes_nothing() -> None:
    first = revised(organisation("ana bo"), organisation("ana cy"), NOW)
    assert revised(first, organisation("ana cy"), utc("2026-07-01 00:00")) == first


def test_an_edit_leaves_the_past_as_it_was() -> None:
    edited = revised(organisation("ana bo"), organisation("cy di"), NOW)
    assert who(edited, "2026-06-03 11:59") == who(organisation("ana bo"), "2026-06-03 11:59")
    assert who(edited, "2026-06-03 12:00") == who(organisation("cy di"), "2026-06-03 12:00")


def test_an_anchor_in_the_future_takes_effect_then() -> None:
    edited = revised(organisation("ana"), organisation("bo", "2026-09-07"), NOW)
    assert who(edited, "2026-09-07 12:59") == ["AMER ana"]
    assert who(edited, "2026-09-07 13:00") == ["AMER bo"]


def test_a_later_edit_supersedes_one_that_has_not_begun() -> None:
    waiting = revised(organisation("ana"), organisation("bo", "2026-09-07"), NOW)
    edited = revised(waiting, organisation("cy"), NOW)
    assert who(edited, "2026-12-01 00:00") == ["AMER cy"]


def test_new_schedules_regions_and_seats_are_taken_as_they_are() -> None:
    desired = chain(
        region("AMER", "America/New_York", "09:00", primary=rotation("ana"), backup=rotation("bo")),
        region("EMEA", "Europe/Dublin", "09:00", primary=rotation("cy")),
    )
    wanted = Organisation(schedules=(desired, replace(desired, name="legal")))
    standing = organisation("ana")
    (safety, legal) = revised(standing, wanted, NOW).schedules
    assert (safety, legal) == (
        replace(desired, past=(Epoch(NOW, Mode.CHAIN, standing.schedules[0].regions),)),
        replace(desired, name="legal"),
    )


def test_overrides_from_chat_and_past_ones_stay_while_dropped_future_ones_go() -> None:
    past = override("di", "2026-05-01 00:00", "2026-05-02 00:00")
    dropped = override("di", "2026-07-01 00:00", "2026-07-02 00:00")
    chat = replace(override("di", "2026-08-01 00:00", "2026-08-02 00:00"), by="dana")
    stays = override("di", "2026-09-01 00:00", "2026-09-02 00:00")
    standing = organisation("ana", "2026-01-05", past, dropped, chat, stays)
    edited = revised(standing, organisation("ana", "2026-01-05", stays), NOW)
    assert edited.overrides == (past, chat, stays)


def test_a_file_that_contradicts_an_override_from_chat_is_refused() -> None:
    chat = replace(override("di", "2026-08-01 00:00", "2026-08-02 00:00"), by="dana")
    clash = override("bo", "2026-08-01 12:00", "2026-08-03 00:00")
    with pytest.raises(OverlappingOverride) as refused:
        revised(organisation("ana", "2026-01-05", chat), organisation("ana", "2026-01-05", clash), NOW)
    assert refused.value.standing_id == chat.id
