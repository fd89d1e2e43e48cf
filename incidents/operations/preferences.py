"""What a person wants to be told of their shifts, and when not: theirs alone to say, a guest's too."""

from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from incidents.access import Action, demand
from incidents.errors import IncidentError
from incidents.model import UserId
from incidents.operations.scene import known
from incidents.people import Ask
from incidents.ports import House, Unit
from rotations.notices import LONGEST_QUIET, NoticeKind, Preferences


class NeverQuiet(IncidentError):
    def __init__(self) -> None:
        super().__init__(
            "Quiet hours need a beginning and an end, at most 20 hours later. Leave both empty for none,"
            " or switch the notices off."
        )


def chosen(house: House, user: UserId) -> tuple[Preferences, str]:
    """What they have chosen, else what holds for everybody; and the zone they live by. Raises NotAllowed."""

    def work(unit: Unit) -> tuple[Preferences, str]:
        actor = known(unit, user)
        demand(actor, Action.SEE)
        return _of(unit, user), actor.zone

    return house.store.read(work)


def choose(house: House, ask: Ask, wanted: Preferences) -> Preferences:
    """All of it anew. Raises NeverQuiet, NotAllowed."""
    if wanted.quiet is not None and not timedelta(0) < wanted.quiet.length <= LONGEST_QUIET:
        raise NeverQuiet
    return _changed(house, ask, lambda _before: wanted)


def switch_off(house: House, ask: Ask, kind: NoticeKind) -> Preferences:
    """No more notices of this kind; the others stay as they were. Raises NotAllowed."""
    return _changed(house, ask, lambda before: replace(before, off=before.off | {kind}))


def _changed(house: House, ask: Ask, change: Callable[[Preferences], Preferences]) -> Preferences:
    def work(unit: Unit) -> Preferences:
        now, before = house.clock.now(), _of(unit, ask.user)
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return before
        demand(known(unit, ask.user), Action.SEE)
        after = change(before)
        unit.preferences.put(ask.user, after)
        detail = {"off": " ".join(sorted(after.off)), "quiet": _said(after)}
        unit.audit.write(now, ask.user, "notices", f"person:{ask.user}", detail)
        return after

    return house.store.write(work)


def _of(unit: Unit, user: UserId) -> Preferences:
    return unit.preferences.of((user,)).get(user, Preferences())


def _said(preferences: Preferences) -> str:
    quiet = preferences.quiet
    return f"{quiet.starts:%H:%M}-{quiet.ends:%H:%M}" if quiet else ""
