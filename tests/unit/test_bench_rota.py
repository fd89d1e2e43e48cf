"""The rota rows compare answers before times: who answers otherwise voids the row."""

from __future__ import annotations

import pytest

from rotations.zones import use_bundled_tzdata
from tests.bench import rota
from tests.bench.rota_year import EDIT, OVERRIDES, comparable, instants
from tests.bench.rows import Aim, Row, table


@pytest.fixture(autouse=True)
def _zones_of_the_package() -> None:
    use_bundled_tzdata()


@pytest.mark.parametrize("peer", ["dateutil", "recurring-ical-events"])
def test_two_expanders_of_calendar_rules_give_the_year_that_the_resolver_gives(peer: str) -> None:
    ours, theirs = rota.CONTENDERS["ours"](OVERRIDES), rota.CONTENDERS[peer](OVERRIDES)
    assert comparable(theirs.year()) == comparable(ours.year())
    assert comparable(theirs.region_after(EDIT)) == comparable(ours.region_after(EDIT))
    handoffs = instants()[:84]
    assert [theirs.at(t) for t in handoffs] == [ours.at(t) for t in handoffs]


def test_a_void_row_never_holds_and_shows_no_value() -> None:
    row = Row("rota.at", 1.0, "us", "run", aim=Aim("value", "<=", 5.0), is_void=True)
    assert not row.holds
    assert row.as_json()["value"] is None
    assert "void" in table([row])
