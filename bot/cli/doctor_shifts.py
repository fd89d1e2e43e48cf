"""What `doctor` says of whoever is on call in the next 14 days: can a page reach them, and has it? Pure.

Only `quiet_hours` asks Slack; it changes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from slack_sdk import WebClient

from bot.cli.findings import PROVEN_WITHIN, Finding, Roll, missing, ok
from incidents.people import Actor
from incidents.ringing import Proof
from rotations.model import Organisation
from rotations.shifts import resolver_of
from rotations.wallclock import instant, local
from rotations.zones import is_zone

AHEAD = timedelta(days=14)
A_DAY = timedelta(days=1)
USERS_A_CALL = 50
NAMED = 12

Quiet = tuple[datetime, datetime]
"""The present or next span in which Slack is silent for somebody."""


class OnCall(Struct, frozen=True):
    """Somebody with the times at which they hold a seat, oldest first."""

    actor: Actor
    shifts: tuple[tuple[datetime, datetime], ...]

    @property
    def named(self) -> str:
        start = self.shifts[0][0]
        return f"{self.actor.name} (from {start:%d %b %H:%M} UTC)"


class Reach(Struct, frozen=True):
    """Where somebody's phone rings, as `provider:where` ("": nowhere), and how such a place begins where a
    call only wakes and cannot be answered ("": none)."""

    phone_of: Callable[[Actor], str]
    only_wakes: str = ""

    def heard_at(self, one: OnCall, test: Proof) -> datetime | None:
        """When a test has shown that a page reaches them: on the phone, where they have one."""
        phone = self.phone_of(one.actor)
        if phone and self.only_wakes and phone.startswith(self.only_wakes):
            return test.slack_at if test.rang_at else None
        return test.phone_at if phone else test.slack_at


def about_shifts(roll: Roll, quiet: Mapping[str, Quiet], reach: Reach, now: datetime) -> Iterator[Finding]:
    """Who is unknown, gone, silent or unproven, with the first of their shifts."""
    people = on_call(roll, now)
    if people and not roll.actors:
        yield ok("whoever is on call is looked at once Meridian has run and knows Slack's people")
        return
    here = [one for one in people if one.actor.user and not one.actor.is_deactivated]
    mute = [one for one in here if not reach.phone_of(one.actor)]
    silent = [one for one in here if _is_muted(one, quiet)]
    unproven = [one for one in here if not _is_proven(one, roll, reach, now)]
    yield from _lacking(
        "on call without a known Slack account, so that nothing pages them",
        [one for one in people if not one.actor.user],
        "Give each an e-mail address or Slack id of this workspace after slack:, and start Meridian, which"
        " looks them up",
    )
    yield from _lacking(
        "on call and no longer in Slack",
        [one for one in people if one.actor.is_deactivated],
        "In Slack /oncall override puts somebody else there, /oncall edit changes the plan; or change the"
        " schedules file",
    )
    yield from _lacking(
        "on call without a phone that rings", mute, "Give each a phone: or ring: in the schedules file"
    )
    yield from _lacking(
        "muted in Slack during their shift, without a phone that rings",
        [one for one in silent if one in mute],
        "Give each a phone: in the schedules file, or have them let Meridian through",
    )
    if woken := [one for one in silent if one not in mute]:
        yield ok(f"muted in Slack during their shift, so their phones ring at once: {_names(woken)}")
    yield from _lacking(
        "on call without a proof in 30 days that a page reaches them",
        unproven,
        "Test each: python -m bot page --test @person. Where a phone is known, it has to be answered there",
    )
    if people and not (mute or unproven) and len(here) == len(people):
        yield ok(f"a page reaches everybody who is on call in the next 14 days ({len(people)})")


def on_call(roll: Roll, now: datetime) -> Sequence[OnCall]:
    """In any schedule, by their first shift; those whom Slack has not described yet without a Slack id."""
    held: dict[str, list[tuple[datetime, datetime]]] = {}
    organisation = roll.organisation or Organisation()
    for schedule in organisation.schedules:
        shifts, _ = resolver_of(organisation, schedule.name).between(now, now + AHEAD)
        for shift in shifts:
            for key in shift.people:
                held.setdefault(key, []).append((shift.start, shift.end))
    names = {person.key: person.name for person in organisation.people}
    found = [
        OnCall(
            roll.actors.get(roll.linked.get(key, "")) or Actor("", names.get(key, key)), tuple(sorted(times))
        )
        for key, times in held.items()
    ]
    return sorted(found, key=lambda one: (one.shifts[0], one.actor.name))


def quiet_hours(client: WebClient, users: Sequence[str]) -> dict[str, Quiet]:
    """By Slack id, for those who have any. Raises what slack_sdk raises."""
    found: dict[str, Quiet] = {}
    for begin in range(0, len(users), USERS_A_CALL):
        answer = client.dnd_teamInfo(users=list(users[begin : begin + USERS_A_CALL]))
        for user, told in answer["users"].items():
            start, end = int(told.get("next_dnd_start_ts", 0)), int(told.get("next_dnd_end_ts", 0))
            if told.get("dnd_enabled") and end > start:
                found[user] = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    return found


def _is_muted(one: OnCall, quiet: Mapping[str, Quiet]) -> bool:
    span = quiet.get(one.actor.user)
    return span is not None and any(_meet(span, shift, one.actor.zone) for shift in one.shifts)


def _meet(span: Quiet, shift: tuple[datetime, datetime], zone: str) -> bool:
    """Whether hours that come back every day, by the clock of the person's zone, touch a shift; a span of a
    day or more (a holiday) does not come back."""
    start, end = span
    zone = zone if is_zone(zone) else "UTC"
    if end - start >= A_DAY:
        return start < shift[1] and shift[0] < end
    first = local(shift[0], zone).date() - A_DAY
    days = (shift[1] - shift[0]).days + 3
    opens = (instant(first + n * A_DAY, local(start, zone).time(), zone) for n in range(days))
    return any(at < shift[1] and shift[0] < at + (end - start) for at in opens)


def _is_proven(one: OnCall, roll: Roll, reach: Reach, now: datetime) -> bool:
    heard = (reach.heard_at(one, test) for test in roll.tests.get(one.actor.user, ()))
    return any(at is not None and now - at <= PROVEN_WITHIN for at in heard)


def _lacking(what: str, people: Sequence[OnCall], advice: str) -> Iterator[Finding]:
    if people:
        yield missing(f"{what}: {_names(people)}", advice)


def _names(people: Sequence[OnCall]) -> str:
    named = [one.named for one in people[:NAMED]]
    return ", ".join(named) + (f" and {len(people) - NAMED} more" if len(people) > NAMED else "")
