"""An import that was carried out, kept so that it can be taken back. Values only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from incidents.errors import IncidentError
from rotations.codec import dump, load
from rotations.model import Organisation


class NothingImported(IncidentError):
    """There is no import to take back."""


class ImportState(StrEnum):
    DONE = "done"
    UNDONE = "undone"


class RotaImport(Struct, frozen=True):
    """`source` names the file or the tool. `was` and `became` are the organisation before and after it."""

    id: str
    by: str
    made_at: datetime
    source: str
    was: dict[str, Any]
    became: dict[str, Any]
    state: ImportState = ImportState.DONE

    @property
    def before(self) -> Organisation:
        return load(self.was)

    @property
    def after(self) -> Organisation:
        return load(self.became)


def kept(
    import_id: str, source: str, by: str, spans: tuple[Organisation, Organisation], at: datetime
) -> RotaImport:
    """`spans`: the organisation before and after."""
    before, after = spans
    return RotaImport(import_id, by, at, source, dump(before), dump(after))
