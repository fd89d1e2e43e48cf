"""Whatever JSON an export is: it is refused as a whole, or each object has a line, and soon."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.imports import NotImportable
from rotations.vendors.reading import READERS, read
from rotations.vendors.wish import VendorWish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "vendors"
FILES = sorted(path for path in CORPUS.glob("*.json") if not path.name.endswith(".report.json"))
WORDS = st.sampled_from(
    ["", "S", "weekly", "hourly", "none", "team", "2026-03-29T02:30:00", "Europe/Berlin", "web"]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=8)
KEYS = st.sampled_from(
    [
        "users",
        "schedules",
        "schedule_layers",
        "rotations",
        "shifts",
        "on_call_shifts",
        "escalations",
        "id",
        "name",
    ]
)
ANY = st.recursive(LEAVES, lambda below: st.lists(below) | st.dictionaries(KEYS | st.text(max_size=4), below))


def readable(kind: str, tree: object) -> None:
    try:
        found = read(kind, json.dumps(tree).encode(), VendorWish(NOW))
    except NotImportable:
        return
    assert found.report
    assert len({schedule.name for schedule in found.organisation.schedules}) == len(
        found.organisation.schedules
    )
    assert len({override.id for override in found.organisation.overrides}) == len(
        found.organisation.overrides
    )


@pytest.mark.parametrize("kind", READERS)
@given(tree=ANY)
@settings(max_examples=30, deadline=None)
def test_any_json_is_refused_or_reported(kind: str, tree: object) -> None:
    readable(kind, tree)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_an_export_with_anything_anywhere_is_refused_or_reported(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(FILES))
    tree: Any = json.loads(path.read_text())
    for _ in range(data.draw(st.integers(1, 6))):
        holder, key = data.draw(st.sampled_from(list(places(tree))))
        held = data.draw(LEAVES | ANY | st.sampled_from([value for _, value in parts(tree)]))
        holder[key] = json.loads(json.dumps(held))
    readable(path.name.partition(".")[0].partition("-")[0], tree)


def places(tree: Any) -> Any:
    for holder, _ in [(tree, None), *parts(tree)]:
        keys = holder if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        yield from ((holder, key) for key in keys)


def parts(tree: Any) -> list[tuple[Any, Any]]:
    values = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [pair for value in values for pair in [(value, value), *parts(value)]]
