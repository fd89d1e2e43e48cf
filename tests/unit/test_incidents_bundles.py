"""Pages that leave together: one effect, and every page in it as if it had left alone."""

from datetime import UTC, datetime

from msgspec.structs import replace

from incidents.bundles import bundled, keys_of, names_of, page_named, parts
from incidents.effects import Effect, EffectKind, Priority

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def page(key: str) -> Effect:
    return Effect(
        EffectKind.SEND_PAGE,
        f"page:{key}:1.0.UANA",
        key,
        {"page": "1.0.UANA"},
        ("UANA",),
        priority=Priority.PAGE,
    )


BOTH = [page("INC-2"), page("INC-1")]


def test_it_goes_to_the_same_person_as_urgently() -> None:
    one = bundled(BOTH, NOON)
    assert (one.kind, one.users, one.priority) == (EffectKind.SEND_PAGES, ("UANA",), Priority.PAGE)


def test_it_names_its_pages_and_their_keys() -> None:
    one = bundled(BOTH, NOON)
    assert keys_of(one) == ("page:INC-2:1.0.UANA", "page:INC-1:1.0.UANA")
    assert [page_named(name) for name in names_of(one)] == [("INC-2", "1.0.UANA"), ("INC-1", "1.0.UANA")]


def test_the_same_pages_make_the_same_key_and_others_another() -> None:
    assert bundled(BOTH, NOON).key == bundled(BOTH, NOON).key
    assert bundled(BOTH, NOON).key != bundled(BOTH[:1], NOON).key


def test_rings_become_one_ring_whose_parts_are_rings() -> None:
    rings = [replace(each, kind=EffectKind.RING, key=f"ring:{each.subject}:1.0.UANA") for each in BOTH]
    one = bundled(rings, NOON)
    assert (one.kind, one.subject, one.key.startswith("rings:UANA:")) == (EffectKind.RINGS, "rings", True)
    assert [(part.key, part.kind) for part in parts(one)] == [(ring.key, ring.kind) for ring in rings[::-1]]


def test_its_parts_are_the_pages_by_incident() -> None:
    told = [(part.key, part.subject, part.args, part.kind) for part in parts(bundled(BOTH, NOON))]
    assert told == [(each.key, each.subject, each.args, each.kind) for each in BOTH[::-1]]
