"""Engine → feed → import: whoever plans in Meridian and reads the feed back has the same people on call."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rotations.feed import Window, events
from rotations.feed_changes import Naming, revised
from rotations.feed_text import Heading, text
from rotations.ics.expanding import expand_here
from rotations.ics.reading import read
from rotations.imports import Asked, Import, Outcome
from rotations.model import Organisation, Person, Roster
from rotations.rosters import RosterSteps
from rotations.shifts import Resolver
from rotations.zones import use_bundled_tzdata
from tests.support import any_rota
from tests.support.slow_rota import quarters

EXAMPLES = 100 if os.environ.get("MERIDIAN_ALL_ZONES") else 8
TRIED = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SPAN = timedelta(days=9)
TEAM = tuple(Person(key, f"{key.upper()} Example") for key in any_rota.PEOPLE)


@pytest.fixture(autouse=True, scope="module")
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


@TRIED
@given(st.data())
def test_a_feed_that_is_imported_again_has_the_same_people_on_call(data: st.DataObject) -> None:
    schedule, begin = data.draw(any_rota.schedules()), data.draw(any_rota.instants)
    overrides, swaps = data.draw(any_rota.overrides(schedule)), data.draw(any_rota.swaps(schedule, begin))
    organisation = Organisation(TEAM, (schedule,), overrides, swaps=swaps)
    resolver = Resolver(schedule, overrides, swaps=swaps)
    shown = Window(begin, begin + SPAN)
    feed = _feed(organisation, resolver, shown)
    for region in schedule.regions:
        for seat in region.all_seats():
            # Of a plan of its own the reader knows nothing: whatever the feed says is taken.
            asked = Asked(Organisation(TEAM), schedule.name, region.name, seat, *shown)
            found = read(feed, asked, expand_here)
            _demand_told(found)
            steps = RosterSteps(Roster(found.shifts))
            for t in quarters(*shown):
                wanted = {
                    person
                    for row in resolver.at(t)
                    if (row.region, row.seat) == (region.name, seat)
                    for person in row.people
                }
                assert set(steps.steps(t, t + timedelta(minutes=1))[0][1].people) == wanted, t


def _feed(organisation: Organisation, resolver: Resolver, shown: Window) -> bytes:
    names = Naming("namespace", organisation.names())
    revision = revised({}, events(organisation, resolver, shown), names, shown, shown.start)
    return text(Heading("On call"), revision.shown).encode()


def _demand_told(found: Import) -> None:
    """Nothing is dropped but what is for another seat."""
    dropped = [line.why for line in found.report if line.outcome is Outcome.DROPPED]
    assert all(why.startswith("It is for ") for why in dropped)
    assert not found.questions
