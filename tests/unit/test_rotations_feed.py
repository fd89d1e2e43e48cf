"""A feed says exactly what the engine says, read strictly and by readers of others; its events last."""

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from msgspec.structs import replace

from rotations.feed import Event, Kind, Window, events, window
from rotations.feed_changes import Naming, Published, Revision, ended, revised
from rotations.feed_text import Heading, escaped, line, text
from rotations.model import (
    Epoch,
    Mode,
    Organisation,
    Override,
    OverrideKind,
    Person,
    Region,
    Roster,
    RosterShift,
    Schedule,
    Seat,
    Swap,
)
from rotations.shifts import Resolver, resolver_of
from tests.support.schedules import DAY, chain, region, rotation, utc, windows

JS_READER = Path(__file__).resolve().parents[1] / "support" / "read_calendar.mjs"
NOW = utc("2026-01-05 00:00")
YEAR = Window(NOW, utc("2027-01-05 00:00"))
SAFETY = chain(
    region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", at="12:00")),
    region("EMEA", "Europe/Dublin", "09:00", primary=rotation("di+eve fi"), shadow=rotation("new")),
    region("APAC", "Asia/Tokyo", "10:00", primary=rotation("kenji", turn=DAY, at="10:00")),
)
PEOPLE = (Person("ana", "Ana Lima"), Person("bo", "Bo, the; \\ older"), Person("di", "Dí 木村" * 12))


def organisation(
    *overrides: Override, schedule: Schedule = SAFETY, swaps: tuple[Swap, ...] = ()
) -> Organisation:
    return Organisation(PEOPLE, (schedule,), overrides, swaps=swaps)


def override(people: str, start: str, end: str, **more: object) -> Override:
    kind = OverrideKind.REPLACE
    made = Override("o1", "safety", "AMER", Seat.PRIMARY, kind, (people,), utc(start), utc(end))
    return replace(made, **more)  # type: ignore[arg-type]


def feed(
    of: Organisation, before: Revision | None = None, now: datetime = NOW, shown: Window = YEAR
) -> Revision:
    standing = {entry.uid: entry for entry in before.shown} if before else {}
    naming = Naming("secret", of.names())
    return revised(standing, events(of, resolver_of(of), shown), naming, shown, now)


Span = tuple[str, str, str, datetime, datetime]


def joined(rows: Iterable[Span]) -> list[Span]:
    """What touches is one."""
    by_place: dict[tuple[str, str, str], list[tuple[datetime, datetime]]] = defaultdict(list)
    for *place, start, end in sorted(rows):
        spans = by_place[tuple(place)]  # type: ignore[index]
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return sorted((*place, *span) for place, spans in by_place.items() for span in spans)


def engine(of: Organisation, shown: Window = YEAR) -> list[Span]:
    rows, _ = resolver_of(of).between(*shown)
    return joined((r.region, r.seat.value, person, r.start, r.end) for r in rows for person in r.people)


def clipped(rows: Iterable[Span], shown: Window = YEAR) -> list[Span]:
    return joined((*place, max(start, shown.start), min(end, shown.end)) for *place, start, end in rows)  # type: ignore[misc]


def read_strictly(written: str) -> list[Span]:
    calendar = icalendar.Calendar.from_ical(written.encode())
    assert [error for part in calendar.walk() for error in part.errors] == []
    found = recurring_ical_events.of(calendar).between(YEAR.start, YEAR.end)
    live = [event for event in found if event["STATUS"] != "CANCELLED"]
    return [
        (
            str(event["X-MERIDIAN-REGION"]),
            str(event["X-MERIDIAN-SEAT"]),
            str(event["X-MERIDIAN-PERSON"]),
            event["DTSTART"].dt,
            event["DTEND"].dt,
        )
        for event in live
    ]


def read_by_node(written: str) -> list[Span]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no JavaScript engine here")
    done = subprocess.run(
        [node, str(JS_READER)], input=written.encode(), capture_output=True, check=True, timeout=50
    )
    rows = [event for event in json.loads(done.stdout) if event["status"] != "CANCELLED"]
    return [
        (
            r["region"],
            r["seat"],
            r["person"],
            datetime.fromisoformat(r["start"]),
            datetime.fromisoformat(r["end"]),
        )
        for r in rows
    ]


def changed_organisation() -> Organisation:
    before = resolver_of(organisation())
    one = before.turn_at("AMER", Seat.PRIMARY, utc("2026-04-06 20:00"))
    other = before.turn_at("AMER", Seat.PRIMARY, utc("2026-04-13 20:00"))
    assert one is not None
    assert other is not None
    return organisation(
        override("cy", "2026-03-08 18:00", "2026-03-08 20:00"),
        swaps=(Swap("s1", "safety", one, other, "ana"),),
    )


@pytest.mark.parametrize("of", [organisation(), changed_organisation()], ids=["as planned", "changed"])
def test_a_year_of_the_feed_is_a_year_of_the_engine_by_every_reader(of: Organisation) -> None:
    written = text(Heading("All", 30), feed(of).shown)
    assert clipped(read_strictly(written)) == engine(of)
    assert clipped(read_by_node(written)) == engine(of)


def test_after_an_override_an_edit_and_a_withdrawal_readers_still_read_the_engine() -> None:
    first = feed(organisation())
    second = feed(changed_organisation(), first, NOW + timedelta(hours=1))
    third = feed(organisation(), second, NOW + timedelta(hours=2))
    for of, revision in ((changed_organisation(), second), (organisation(), third)):
        assert clipped(read_strictly(text(Heading("All"), revision.shown))) == engine(of)
    assert len({entry.uid for entry in third.shown}) == len(third.shown)


def shown_of(revision: Revision, person: str, day: str) -> list[Published]:
    return [e for e in revision.shown if e.person == person and f"{e.starts_at:%Y-%m-%d}" == day]


def test_an_override_keeps_the_event_it_shortens_and_raises_its_sequence() -> None:
    before = feed(organisation())
    after = feed(
        organisation(override("cy", "2026-03-03 20:00", "2026-03-03 22:00")), before, NOW + timedelta(1)
    )
    (whole,) = shown_of(before, "ana", "2026-03-03")
    first, rest = shown_of(after, "ana", "2026-03-03")
    assert (first.uid, first.sequence, first.stamped_at) == (whole.uid, 1, NOW + timedelta(1))
    assert (rest.sequence, rest.uid == whole.uid) == (0, False)
    assert [e.kind for e in shown_of(after, "cy", "2026-03-03")] == [Kind.OVERRIDE]
    assert len(after.changed) == 3


def test_what_is_taken_back_is_cancelled_and_comes_back_under_its_own_name() -> None:
    change = organisation(override("cy", "2026-03-03 20:00", "2026-03-03 22:00"))
    first = feed(change)
    second = feed(organisation(), first, NOW + timedelta(1))
    (gone,) = shown_of(second, "cy", "2026-03-03")
    assert (gone.is_cancelled, gone.sequence) == (True, 1)
    assert "STATUS:CANCELLED" in text(Heading("All"), [gone])
    assert feed(organisation(), second, NOW + timedelta(2)).changed == ()
    (back,) = shown_of(feed(change, second, NOW + timedelta(2)), "cy", "2026-03-03")
    assert (back.uid, back.is_cancelled, back.sequence) == (gone.uid, False, 2)


def test_hours_that_move_keep_their_events() -> None:
    later = chain(region("AMER", "America/New_York", "13:00", primary=rotation("ana bo", at="13:00")))
    alone = chain(region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", at="12:00")))
    before = feed(organisation(schedule=alone))
    after = feed(organisation(schedule=later), before)
    kept = {e.uid for e in before.shown if e.starts_at >= utc("2026-01-06 00:00")}
    assert kept == {e.uid for e in after.shown if e.sequence == 1 and not e.is_cancelled} & kept


def test_why_somebody_serves_is_a_category() -> None:
    covers = override("cy", "2026-03-03 20:00", "2026-03-03 22:00", cover=True, instead_of="ana")
    kinds = {e.kind for e in feed(organisation(covers)).shown if e.person == "cy"}
    assert kinds == {Kind.COVER}
    swapped = {e.kind for e in feed(changed_organisation()).shown if e.person == "ana"}
    assert swapped == {Kind.TURN, Kind.SWAP}
    assert {e.kind for e in feed(organisation()).shown if e.person == "new"} == {Kind.SHADOW}


def test_somebody_whom_an_override_names_in_vain_serves_their_own_turn() -> None:
    vain = override("ana", "2026-03-03 20:00", "2026-03-03 22:00", cover=True, instead_of="bo")
    removed = override("bo", "2026-03-10 20:00", "2026-03-10 22:00", id="o2", kind=OverrideKind.REMOVE)
    kinds = {e.kind for e in feed(organisation(vain, removed)).shown if e.person in ("ana", "bo")}
    assert kinds == {Kind.TURN}


def test_a_roster_is_a_turn_unless_it_is_changed() -> None:
    shifts = (RosterShift(("ana",), utc("2026-03-01 00:00"), utc("2026-03-05 00:00")),)
    seats = chain(region("AMER", "UTC", "00:00"))
    rostered = Schedule("safety", Mode.CHAIN, tuple(_rostered(one, Roster(shifts)) for one in seats.regions))
    changes = override("ana", "2026-03-03 20:00", "2026-03-03 22:00")
    kinds = [e.kind for e in feed(organisation(changes, schedule=rostered)).shown]
    assert kinds == [Kind.TURN, Kind.OVERRIDE, Kind.TURN]


def _rostered(one: Region, roster: Roster) -> Region:
    return replace(one, rosters={Seat.PRIMARY: roster})


def test_the_reasons_of_others_do_not_cut_an_event() -> None:
    added = override("cy", "2026-01-13 10:00", "2026-01-13 11:00", region="EMEA", kind=OverrideKind.ADD)
    fi = [e for e in feed(organisation(added)).shown if e.person == "fi"]
    assert fi == [e for e in feed(organisation()).shown if e.person == "fi"]


def test_somebody_alone_on_a_seat_has_events_of_whole_months_whenever_it_is_read() -> None:
    alone = organisation(schedule=chain(region("ALL", "UTC", "00:00", primary=rotation("ana"))))
    shown = window(utc("2026-06-10 12:00"))
    first = events(alone, resolver_of(alone), shown)
    later = events(alone, resolver_of(alone), window(utc("2026-06-11 12:00")))
    assert all(event.start.day == event.end.day == 1 for event in first)
    assert set(first) & set(later) == set(first)
    assert (first[0].start, first[-1].end >= shown.end) == (utc("2026-05-01 00:00"), True)


def test_a_shift_at_the_edge_of_what_is_shown_is_whole() -> None:
    shown = Window(utc("2026-03-03 18:00"), utc("2026-03-03 19:00"))
    of = organisation()
    (ana,) = events(of, resolver_of(of), shown)
    assert (ana.start, ana.end) == (utc("2026-03-03 17:00"), utc("2026-03-04 01:00"))


def test_the_window_is_whole_days_15_back_and_180_ahead() -> None:
    shown = window(datetime(2026, 3, 20, 23, 59, 59, 5, tzinfo=UTC))
    assert shown == Window(utc("2026-03-05 00:00"), utc("2026-09-17 00:00"))


def test_the_past_keeps_its_events_when_hours_change() -> None:
    old = region("AMER", "America/New_York", "12:00", primary=rotation("ana bo", at="12:00"))
    new = region("AMER", "America/New_York", "18:00", primary=rotation("ana bo", at="12:00"))
    at = utc("2026-02-02 17:00")
    edited = Schedule("safety", Mode.CHAIN, (new,), (Epoch(at, Mode.CHAIN, (old,)),))
    before = feed(organisation(schedule=chain(old)))
    after = feed(organisation(schedule=edited), before, at)
    past = [e for e in before.shown if e.ends_at <= at]
    assert [e for e in after.shown if e.ends_at <= at] == past


def test_what_a_schedule_that_is_gone_had_to_come_is_cancelled_and_what_was_served_stays() -> None:
    before = {entry.uid: entry for entry in feed(organisation()).shown}
    now = utc("2026-06-01 00:00")
    gone = revised(ended(before, now), (), Naming("secret", {}), YEAR, now).shown
    assert {entry.is_cancelled for entry in gone} == {True}
    assert min(entry.ends_at for entry in gone) > now


def test_a_tombstone_outside_of_what_is_shown_is_left_out() -> None:
    before = {entry.uid: entry for entry in feed(organisation()).shown}
    short = Window(utc("2026-06-01 00:00"), utc("2026-06-02 00:00"))
    gone = revised(before, (), Naming("secret", {}), short, NOW).shown
    assert 0 < len(gone) < 10


def test_a_person_who_left_the_file_keeps_the_name_and_a_new_name_is_a_change() -> None:
    before = feed(organisation())
    nameless = Organisation((), (SAFETY,))
    assert feed(nameless, before).changed == ()
    assert {e.name for e in feed(nameless).shown if e.person == "ana"} == {"ana"}
    renamed = Organisation((Person("ana", "Ana Souza"),), (SAFETY,))
    changed = feed(renamed, before).changed
    assert {(e.person, e.name, e.sequence) for e in changed} == {("ana", "Ana Souza", 1)}


def test_a_uid_is_a_uuid_that_says_nothing_and_differs_between_installations() -> None:
    event = Event("safety", "AMER", Seat.PRIMARY, "ana", NOW, NOW, Kind.TURN, 1, 0)
    one, other = Naming("one", {}).uid(event), Naming("other", {}).uid(event)
    assert one != other
    assert [len(part) for part in one.split("-")] == [8, 4, 4, 4, 12]
    assert "ana" not in one


def test_names_are_escaped_and_long_lines_folded_between_characters() -> None:
    written = text(Heading("a,b;c\\d"), feed(organisation()).shown)
    assert max(len(one.encode()) for one in written.split("\r\n")) <= 75
    calendar = icalendar.Calendar.from_ical(written.encode())
    assert r"NAME:a\,b\;c\\d" in written
    summaries = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}
    assert "On call: Bo, the; \\ older, AMER primary" in summaries
    assert f"On call: {'Dí 木村' * 12}, EMEA primary" in summaries


def test_a_line_cannot_be_broken_out_of() -> None:
    assert escaped("a\r\nEND:VEVENT\x00") == "a\\nEND:VEVENT"
    assert escaped("a\u2028END:VEVENT\x85b\u202ec") == "a END:VEVENTbc"
    assert line("X", "é" * 40).count("\r\n ") == 1


def test_a_feed_without_shifts_is_a_whole_calendar_all_the_same() -> None:
    (calendar,) = icalendar.Calendar.from_ical(text(Heading("Nobody"), []).encode(), multiple=True)
    assert [part.name for part in calendar.subcomponents] == ["VTIMEZONE"]
    assert not calendar.walk("VEVENT")


def test_an_alarm_rings_only_on_request_and_never_for_what_is_cancelled() -> None:
    (entry, *_) = feed(organisation()).shown
    assert "TRIGGER:-PT30M" in text(Heading("All", 30), [entry])
    assert "VALARM" not in text(Heading("All"), [entry])
    assert "VALARM" not in text(Heading("All", 30), [entry._replace(is_cancelled=True)])


def test_windows_that_overlap_have_their_own_days() -> None:
    of = organisation(
        schedule=windows(
            region("AMER", "America/New_York", "09:00-17:00", primary=rotation("ana bo")),
            region("EMEA", "Europe/Dublin", "22:00-06:00", primary=rotation("di", at="22:00")),
        )
    )
    assert clipped(
        (e.region, e.seat.value, e.person, e.start, e.end) for e in events(of, resolver_of(of), YEAR)
    ) == engine(of)


def test_a_resolver_is_asked_and_nothing_else() -> None:
    of = organisation()
    assert events(of, Resolver(SAFETY), YEAR) == events(of, resolver_of(of), YEAR)
