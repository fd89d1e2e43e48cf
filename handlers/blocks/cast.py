"""Who is who where shifts change hands: names, and times in the zones of everybody concerned."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from handlers.blocks.hours import hours, hours_in
from handlers.blocks.reader import Reader
from handlers.text import literal
from incidents.moves import concerned
from rotations.changes import Moved
from rotations.wording import listed


class Cast(Struct, frozen=True):
    """Who is who in what is told: `names` and `zones` by person key, and whose eyes read it."""

    names: Mapping[str, str]
    zones: Mapping[str, str]
    reader: Reader

    def name(self, person: str) -> str:
        return literal(self.names.get(person, person), 60)

    def people(self, people: Sequence[str]) -> str:
        return literal(listed(self.names.get(each, each) for each in people), 200) or "nobody"

    def when(self, start: datetime, end: datetime, *people: str) -> str:
        """In the reader's own zone, in the zones of these people where they differ, and in UTC."""
        return hours_in(start, end, (self.reader.zone, *map(self._zone, people)))

    def short(self, start: datetime, end: datetime) -> str:
        """In the reader's own zone alone, for a line in a menu."""
        return hours(start, end, self.reader.zone)

    def row(self, row: Moved) -> str:
        """Who instead of whom, and below it when, in the zones of those who come and go."""
        when = self.when(row.start, row.end, *concerned((row,)))
        was, now = self.people(row.before), self.people(row.after)
        return f"{literal(row.region, 60)} {row.seat.value}: *{now}* instead of {was}\n   {when}"

    def _zone(self, person: str) -> str:
        return self.zones.get(person, "UTC")
