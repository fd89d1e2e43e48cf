"""The one door: bytes of an export and the tool it is from → what can be taken of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from rotations.imports import Imported, NotImportable
from rotations.model import Organisation, Override
from rotations.vendors.building import Seated, schedule_of
from rotations.vendors.covering import admitted
from rotations.vendors.grafana import Grafana, grafana_user
from rotations.vendors.ladders import Chair, policies_of
from rotations.vendors.opsgenie import Opsgenie, opsgenie_user
from rotations.vendors.pagerduty import PagerDuty, pagerduty_user
from rotations.vendors.roll import Roll, Theirs
from rotations.vendors.seating import Place, Read, filled
from rotations.vendors.seats import Joined, Zoned, joined
from rotations.vendors.shape import Rota, Tool, weight
from rotations.vendors.tree import Object, Unfit, collected, read_tree
from rotations.vendors.wish import Book, VendorWish
from rotations.zones import city

READERS: Mapping[str, tuple[Callable[[Object], Theirs], Callable[[object, Roll], Tool]]] = {
    "pagerduty": (pagerduty_user, PagerDuty),
    "opsgenie": (opsgenie_user, Opsgenie),
    "grafana": (grafana_user, Grafana),
}
MOST_PARTS = 200
_STANDS = "The schedule of its name that stands here stays, and nothing of it changes."


def read(kind: str, data: bytes, wish: VendorWish) -> Imported:
    """`kind` is one of READERS. Raises NotImportable where nothing can be taken of the file."""
    tree = read_tree(data)
    book = Book(data.decode("utf-8-sig"), wish)
    user, tool = READERS[kind]
    roll = Roll(book, map(user, collected(tree, "users", "user")))
    imported = _Reading(book, tool(tree, roll)).read(roll)
    if not imported.report:
        raise NotImportable(
            "There is no object of this tool in the file. See docs/importing.md for what it needs."
        )
    return imported


class _Reading(Struct):
    """An export on its way from theirs to ours."""

    book: Book
    tool: Tool

    def read(self, roll: Roll) -> Imported:
        rotas = self._wanted()
        zoned = {own: zone for own, rota in rotas.items() if (zone := self._zone(rota)) is not None}
        ladders = self.tool.ladders()
        seats = joined(self.book, [Zoned(own, rotas[own].name, zone) for own, zone in zoned.items()], ladders)
        places = {own: self._place(rotas, own, zone, seats) for own, zone in zoned.items()}
        overrides: tuple[Override, ...] = ()
        filling: dict[str, Seated] = {}
        for own, place in places.items():
            parts = self._read(rotas[own], place)
            seated = Seated(place, filled(self.book, place, parts))
            if not seated.is_filled:
                self._dropped(rotas[own], "Nobody is on call in it.")
                continue
            filling[own] = seated
            said = [*rotas[own].why, *self._said(rotas[own], seats.get(own))]
            self.book.taken(own, f"schedule {rotas[own].name}", said)
            overrides = self._covered(overrides, rotas[own], place, parts)
        for part, why in self.tool.strays([rotas[own] for own in filling]):
            self.book.dropped(part.id, part.what, why)
        chairs = {own: Chair(each.place.schedule, each.place.seat) for own, each in filling.items()}
        escalation = policies_of(self.book, ladders, chairs)
        names = dict.fromkeys(each.place.schedule for each in filling.values())
        schedules = tuple(
            schedule_of([each for each in filling.values() if each.place.schedule == name]) for name in names
        )
        organisation = Organisation(roll.people, schedules, overrides, escalation=escalation)
        landed = {rotas[own].name: (each.place.schedule, each.place.seat) for own, each in filling.items()}
        return Imported(organisation, self.book.report, self.book.questions, landed)

    def _wanted(self) -> dict[str, Rota]:
        rotas: dict[str, Rota] = {}
        for rota in self.tool.rotas():
            if self.book.wish.schedule not in (None, rota.name):
                continue
            twin = rota.id in rotas or any(each.name == rota.name for each in rotas.values())
            fault = "A schedule of the same name or id comes before it." if twin else rota.refused
            if fault:
                self._dropped(rota, fault)
            else:
                rotas[rota.id] = rota
        return rotas

    def _zone(self, rota: Rota) -> str | None:
        zone = self.book.zone(rota.zone)
        if zone is None:
            self._dropped(rota, "It waits until its time zone is known.")
        return zone

    def _place(self, rotas: Mapping[str, Rota], own: str, zone: str, seats: Mapping[str, Joined]) -> Place:
        wish = self.book.wish
        other = seats.get(own)
        if other is None or not other.primary:
            return Place(rotas[own].name, wish.region or city(zone), zone, wish.seat)
        return Place(rotas[other.primary].name, wish.region or city(zone), zone, other.seat)

    def _said(self, rota: Rota, other: Joined | None) -> list[str]:
        """Of its seat, and of the schedule that it was here before."""
        why = [other.why] if other and other.why else []
        stands = other and other.primary and self.book.wish.organisation.schedule(rota.name)
        return [*why, *([_STANDS] if stands else [])]

    def _read(self, rota: Rota, place: Place) -> list[Read]:
        read: list[Read] = []
        parts = self.tool.parts(rota)
        for part in parts[:MOST_PARTS]:
            try:
                turns = self.tool.turns(part, place.zone)
            except Unfit as fault:
                self.book.dropped(part.id, part.what, str(fault))
            else:
                self.book.spend(weight(turns))
                read.append((part, turns))
        if len(parts) > MOST_PARTS:
            rest = f"{len(parts) - MOST_PARTS} more of {rota.name}"
            self.book.dropped("", rest, f"The first {MOST_PARTS} parts of a schedule are read.")
        return read

    def _covered(
        self, standing: tuple[Override, ...], rota: Rota, place: Place, read: Sequence[Read]
    ) -> tuple[Override, ...]:
        for part in self.tool.overrides(rota):
            try:
                row = self.tool.override(part, place.zone)
            except Unfit as fault:
                self.book.dropped(part.id, part.what, str(fault))
            else:
                standing = admitted(self.book, standing, place, part, row, read)
        return standing

    def _dropped(self, rota: Rota, why: str) -> None:
        self.book.dropped(rota.id, f"schedule {rota.name}", why)
