"""Values as JSON and back: whatever people typed can be written down."""

from datetime import UTC, datetime

import pytest

from incidents.model import Entry, EntryKind
from storage import codec

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("half a face \ud83d", "half a face \ufffd"), ("مرحبا 🧯 \x00", "مرحبا 🧯 \x00"), ("?", "?")],
)
def test_any_text_is_written_and_read_again(typed: str, kept: str) -> None:
    entry = Entry(EntryKind.NOTE, NOW, "UANA", typed, {"why": typed})
    again = codec.read(Entry, codec.written(entry))
    assert (again.text, again.data) == (kept, {"why": kept})
