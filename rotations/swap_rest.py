"""What a swap would do to the rest of the two: it warns whoever accepts, and refuses nothing."""

from __future__ import annotations

from datetime import datetime

from rotations.edits import Edit, edited
from rotations.model import Organisation, Swap, TurnRef
from rotations.rest import after_all
from rotations.shifts import Resolver, resolver_of
from rotations.spans import Span


def rest_after(organisation: Organisation, swap: Swap, now: datetime) -> dict[str, tuple[str, ...]]:
    """Person key → what would be wrong with their rest, as sentences without their name; () for nothing."""
    resolver = resolver_of(edited(organisation, Edit(swaps=(swap,)), now), swap.schedule)
    return {
        person: _faults(organisation, resolver, person, ref)
        for person, ref in ((swap.one.person, swap.other), (swap.other.person, swap.one))
    }


def _faults(organisation: Organisation, resolver: Resolver, key: str, ref: TurnRef) -> tuple[str, ...]:
    person, span = organisation.person(key), resolver.span_of(ref)
    if person is None or span is None:
        return ()
    rows = (row for row in resolver.between(*span)[0] if (row.region, row.seat) == (ref.region, ref.seat))
    spans = [Span(row.start, row.end) for row in rows if key in row.people]
    return tuple(fault.text for fault in after_all(resolver, person, spans)) if spans else ()
