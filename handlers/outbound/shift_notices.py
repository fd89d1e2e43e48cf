"""Notices of shifts and Monday's post, rendered from the schedules of the moment in which they leave."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers.blocks.outlook import outlook_post
from handlers.blocks.shift_notices import Told, shift_moved, shift_notice
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import TEAM_CHANNEL, Desk, edited, posted
from incidents.model import MessageRef
from incidents.operations.shift_notices import OWN_SHIFT, still_so, unwanted
from incidents.shift_notices import UNREACHED, notice_of
from rotations.model import Organisation, Seat
from rotations.notices import Notice, NoticeKind
from rotations.outlook import HELPS_FOR, outlook
from rotations.own_shifts import APART, stretch_from
from rotations.shifts import Resolver, resolver_of
from rotations.wording import listed

LONGEST_TOLD = timedelta(days=35)


def send(desk: Desk) -> Rendered:
    """Never of a shift that has moved away, never to somebody who has switched it off since."""
    return _planned(desk, _sent)


def edit(desk: Desk) -> Rendered:
    """A notice whose shift has moved since says who has it; one that has moved back is left as it is."""
    return _planned(desk, _edited)


def _planned(desk: Desk, render: Callable[[Desk, Notice, Organisation, Resolver], Rendered]) -> Rendered:
    organisation = desk.unit.schedules.organisation()
    if organisation is None or organisation.schedule(desk.effect.args.get("schedule", "")) is None:
        return Skip("there is no such schedule any more")
    notice = notice_of(desk.effect)
    return render(desk, notice, organisation, resolver_of(organisation, notice.shift.schedule))


def _sent(desk: Desk, notice: Notice, organisation: Organisation, resolver: Resolver) -> Rendered:
    if reason := unwanted(desk.unit, desk.effect, organisation, resolver, desk.now):
        return Skip(reason)
    told = Told(
        notice, desk.reader(desk.user), organisation.names(), error=desk.effect.args.get(UNREACHED, "")
    )
    return posted(desk.user, shift_notice(_with_shift(told, resolver)))


def _edited(desk: Desk, notice: Notice, organisation: Organisation, resolver: Resolver) -> Rendered:
    if still_so(notice, organisation, resolver):
        return Skip("it holds again")
    sits = resolver.seat_at(notice.shift.region, notice.shift.seat, notice.shift.start)
    names = organisation.names()
    who = listed(names.get(key, key) for key in (sits.people if sits else ()))
    told = Told(notice, desk.reader(desk.user), names)
    at = MessageRef(desk.effect.args["channel"], desk.effect.args["ts"])
    return edited(at, shift_moved(told, who))


def _with_shift(told: Told, resolver: Resolver) -> Told:
    """What the resolver says of the shift now: the whole stretch for a week or an evening ahead, else this
    one; why it is theirs; who hands over."""
    notice, shift = told.notice, told.shift
    if notice.kind not in OWN_SHIFT:
        return told
    stretch = stretch_from(resolver, shift, LONGEST_TOLD)
    shifts = stretch[:1] if notice.kind is NoticeKind.HOUR else stretch
    sits = resolver.seat_at(shift.region, shift.seat, shift.start)
    return replace(
        told,
        shifts=shifts,
        is_endless=bool(shifts) and shifts[-1].end + APART > shift.start + LONGEST_TOLD,
        why=sits.why[0] if sits and len(sits.why) > 1 else "",
        after=_before(told, resolver) if shift.seat is Seat.PRIMARY and told.is_own else "",
    )


def _before(told: Told, resolver: Resolver) -> str:
    """Who is primary until then, with their region; "" where nobody is, or they themselves."""
    rows = resolver.at(told.shift.start - timedelta(seconds=1))
    held = [row for row in rows if row.seat is Seat.PRIMARY and told.shift.person not in row.people]
    named = (f"{told.names.get(key, key)} ({row.region})" for row in held for key in row.people)
    return listed(named)


def post_outlook(desk: Desk) -> Rendered:
    channel, said = desk.unit.facts.get(TEAM_CHANNEL), desk.effect.args.get("monday", "")
    organisation = desk.unit.schedules.organisation()
    if not channel:
        return Skip("the team channel is not known: invite Meridian to it")
    if organisation is None or not said:
        return Skip("there is no schedule to look out for")
    monday = datetime.fromisoformat(said)
    if desk.now >= monday + HELPS_FOR:
        return Skip("that Monday is over")
    seen = [outlook(resolver_of(organisation, one.name), monday, desk.now) for one in organisation.schedules]
    return posted(channel, outlook_post(seen, desk.reader()))
