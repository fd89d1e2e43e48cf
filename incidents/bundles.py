"""Several pages for one person that waited for the same turn leave as one message, or as one ring. Pure.

It is an effect of its own; each page ends as it ends, and remembers what else is in the message."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from incidents.decision import stamp
from incidents.effects import Effect, EffectKind, Priority

TOGETHER: Mapping[EffectKind, EffectKind] = {
    EffectKind.SEND_PAGE: EffectKind.SEND_PAGES,
    EffectKind.RING: EffectKind.RINGS,
}
"""What leaves alone, and what several of it leave as."""
_ALONE = {many: one for one, many in TOGETHER.items()}
_NAMES = {EffectKind.SEND_PAGES: "pages", EffectKind.RINGS: "rings"}


def bundled(pages: Sequence[Effect], now: datetime) -> Effect:
    """The one effect of several messages, or of several rings, to the same person."""
    kind = TOGETHER[pages[0].kind]
    keys = [page.key for page in pages]
    digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    named = " ".join(f"{page.subject}/{page.args['page']}" for page in pages)
    users = pages[0].users
    return Effect(
        kind,
        f"{_NAMES[kind]}:{''.join(users)}:{stamp(now)}:{digest}",
        _NAMES[kind],
        args={"pages": named, "keys": " ".join(keys)},
        users=users,
        priority=Priority.PAGE,
    )


def keys_of(effect: Effect) -> tuple[str, ...]:
    """The outbox keys of the pages in it."""
    return tuple(effect.args.get("keys", "").split())


def names_of(effect: Effect) -> tuple[str, ...]:
    """Its pages as `KEY/page id`."""
    return tuple(effect.args.get("pages", "").split())


def page_named(name: str) -> tuple[str, str]:
    """Incident key and page id of `KEY/page id`."""
    key, _, page = name.partition("/")
    return key, page


def is_together(effect: Effect) -> bool:
    """Whether it is several in one."""
    return effect.kind in _ALONE


def parts(effect: Effect) -> tuple[Effect, ...]:
    """The pages in it, as if each had left alone; by incident, for they are always locked in one order."""
    named = zip(keys_of(effect), map(page_named, names_of(effect)), strict=True)
    alone = (
        replace(effect, kind=_ALONE[effect.kind], key=key, subject=subject, args={"page": page})
        for key, (subject, page) in named
    )
    return tuple(sorted(alone, key=lambda part: part.subject))
