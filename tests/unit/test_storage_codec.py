"""Values as JSON and back: whatever people typed can be written down."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import DecodeError, Struct
from msgspec.structs import replace

from incidents.model import Entry, EntryKind, MessageRef
from rotations.newer import NotKnownHere
from storage import codec

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


class Escalated(Struct, frozen=True):
    names: tuple[str, ...]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("half a face \ud83d", "half a face \ufffd"), ("مرحبا 🧯 \x00", "مرحبا 🧯 \x00"), ("?", "?")],
)
def test_any_text_is_written_and_read_again(typed: str, kept: str) -> None:
    entry = Entry(EntryKind.NOTE, NOW, "UANA", typed, {"why": typed})
    again = codec.read(Entry, codec.written(entry))
    assert (again.text, again.data) == (kept, {"why": kept})


WROTE = Entry(EntryKind.NOTE, NOW, "UANA", "as it was", {"why": "asked", "gone": "soon"})
CHANGED = replace(WROTE, text="as it is", data={"why": "asked"})


def read(body: dict[str, Any]) -> Entry:
    return codec.read(Entry, json.dumps(body))


def test_what_a_newer_version_wrote_stays_and_what_was_taken_away_goes() -> None:
    newer = json.loads(codec.written(WROTE)) | {"weather": "stormy", "source": {"channel": "C1", "ts": "1.0"}}
    newer["source"]["colour"] = "red"
    kept = json.loads(
        codec.written_over(json.dumps(newer), read(newer), replace(CHANGED, source=MessageRef("C1", "2.0")))
    )
    assert (kept["text"], kept["data"], kept["weather"]) == ("as it is", {"why": "asked"}, "stormy")
    assert kept["source"] == {"channel": "C1", "ts": "2.0", "colour": "red"}


def test_a_word_that_only_a_newer_version_has_is_left_to_it() -> None:
    with pytest.raises(NotKnownHere, match="weather"):
        read(json.loads(codec.written(WROTE)) | {"kind": "weather"})


@pytest.mark.parametrize(
    "body", ['{"kind": "note"', "[]", '{"kind": "note"}', '{"kind": "note", "at": "soon"}']
)
def test_what_no_version_has_written_is_a_fault(body: str) -> None:
    with pytest.raises(DecodeError):
        codec.read(Entry, body)


def test_over_a_row_of_this_version_nothing_is_kept() -> None:
    assert codec.written_over(codec.written(WROTE), WROTE, CHANGED) == codec.written(CHANGED)


def test_over_a_row_of_an_older_version_what_is_new_is_written() -> None:
    older = {name: value for name, value in json.loads(codec.written(WROTE)).items() if name != "permalink"}
    assert json.loads(codec.written_over(json.dumps(older), read(older), CHANGED))["permalink"] == ""


def test_a_list_that_has_become_shorter_is_written_as_it_is() -> None:
    run = Escalated(("a", "b"))
    newer = json.dumps({"names": ["a", "b"], "other": 1})
    assert json.loads(codec.written_over(newer, run, replace(run, names=("b",)))) == {
        "names": ["b"],
        "other": 1,
    }
