"""What leads ask the rota: a week, somebody's shifts, holes, load, holidays, reasons, and who was on call."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import assert_never

from handlers.blocks.oncall_clashes import Clashes, holidays
from handlers.blocks.oncall_help import with_doubt
from handlers.blocks.oncall_reasons import history, why
from handlers.blocks.oncall_reports import Covered, holes, load, only
from handlers.blocks.oncall_week import shifts_of, week, week_in_words, week_title
from handlers.blocks.reader import Reader
from handlers.calls import Message, Picture
from handlers.listeners.edge import Asked, Edge
from handlers.pictures.week import week_picture
from incidents.operations.oncall import Asked as Rota
from incidents.operations.rota_questions import known_then, paged_since
from rotations import absences, coverage, daylight, public_holidays
from rotations import load as loads
from rotations.absences import Clash
from rotations.answers import Answers, OnCallAnswer
from rotations.model import Schedule
from rotations.public_holidays import Collision
from rotations.questions import History, Holes, Holidays, Load, ShiftsOf, Week, Why
from rotations.shifts import Resolver, resolver_of
from rotations.strips import plan, runs_of
from rotations.wallclock import instant, local

Report = Week | ShiftsOf | Holes | Load | Holidays | Why | History

SHIFT_WEEKS = 8
YEAR = timedelta(weeks=52)


def answer(edge: Edge, asked: Asked, rota: Rota, question: Report) -> Message:
    match question:
        case Week():
            return _week(edge, asked, rota, question)
        case ShiftsOf():
            return _shifts(edge, rota, question.person)
        case Holes():
            return _holes(edge, rota, question.region)
        case Load():
            return _load(edge, rota)
        case Holidays():
            return _holidays(edge, rota, question)
        case Why() | History():
            return _reasons(edge, rota, question)
        case _:
            assert_never(question)


def reader_of(rota: Rota) -> Reader:
    """For the person who asked, in their own zone."""
    names = {actor.user: actor.name for actor in rota.actors.values()}
    return Reader(lambda user: names.get(user, user), rota.now, rota.actor.zone)


def region_zones(schedule: Schedule) -> dict[str, str]:
    """Region → its zone."""
    return {region.name: region.zone for region in schedule.regions}


def _week(edge: Edge, asked: Asked, rota: Rota, question: Week) -> Message:
    """The words at once; the picture is drawn while they are read."""
    zone = rota.actor.zone
    last = local(question.start, zone).date() + timedelta(days=7)
    end = instant(last, time(0), zone)
    seen = plan(rota.resolver, rota.organisation.names(), question.start, end, question.region)
    title = f"On call {week_title(seen, zone)}"
    picture = Picture(
        filename=f"on-call-{local(question.start, zone):%Y-%m-%d}.png",
        title=title,
        alt=week_in_words(seen, zone),
        said=f"{title}. The same in words: /oncall week",
        draw=partial(week_picture, seen, zone, rota.now),
    )
    edge.front.show(asked.user, picture)
    zones = region_zones(rota.resolver.schedule)
    return week(seen, zones, reader_of(rota), rota.actor.is_lead)


def _shifts(edge: Edge, rota: Rota, person: str) -> Message:
    """On every schedule: Legal's people have shifts, too."""
    names = rota.organisation.names()
    end = rota.now + timedelta(weeks=SHIFT_WEEKS)
    plans = [plan(each, names, rota.now, end) for each in every_resolver(edge, rota)]
    return shifts_of(names.get(person, person), runs_of(person, plans), SHIFT_WEEKS, reader_of(rota))


def _covered(rota: Rota, resolver: Resolver) -> Covered:
    schedule, end = resolver.schedule, rota.now + YEAR
    return Covered(
        schedule.name,
        coverage.report(resolver, rota.now, end),
        daylight.weeks(schedule, rota.now, end),
        region_zones(schedule),
    )


def _holes(edge: Edge, rota: Rota, region: str | None) -> Message:
    schedules = every_resolver(edge, rota) if region is None else (rota.resolver,)
    seen = (_covered(rota, each) for each in schedules)
    return holes([only(each, region) for each in seen], reader_of(rota), rota.actor.is_lead)


def _load(edge: Edge, rota: Rota) -> Message:
    """Everybody's figures to a lead; to everybody else the spread, and their own."""
    since = rota.now - loads.LOOKED_BACK
    paged = paged_since(edge.house, since)
    carried = loads.report(rota.organisation, rota.resolver, since, rota.now, paged.pages, paged.grave)
    shown = [each for each in carried if rota.actor.is_lead or _is_asker(rota, each.person)]
    return load(carried, shown, rota.organisation.names(), since, reader_of(rota))


def _holidays(edge: Edge, rota: Rota, question: Holidays) -> Message:
    end = rota.now + timedelta(weeks=SHIFT_WEEKS)

    def is_asked(each: Collision | Clash) -> bool:
        return question.region in (None, each.region) and question.person in (None, each.person)

    found = [
        Clashes(
            each.schedule.name,
            tuple(filter(is_asked, public_holidays.collisions(rota.organisation, each, rota.now, end))),
            tuple(filter(is_asked, absences.clashes(rota.organisation, each, rota.now, end))),
            region_zones(each.schedule),
        )
        for each in every_resolver(edge, rota)
    ]

    def may_ask(person: str) -> bool:
        return rota.actor.is_lead or _is_asker(rota, person)

    return holidays(found, rota.organisation.names(), may_ask, reader_of(rota))


def _reasons(edge: Edge, rota: Rota, question: Why | History) -> Message:
    at, zone = question.at, question.zone or ""
    now = Answers(rota.organisation, rota.resolver).on_call(at)
    reader = reader_of(rota)
    if isinstance(question, Why):
        return with_doubt(why(now, zone, reader), question.doubt)
    return with_doubt(history(_known_then(edge, rota, at), now, zone, reader), question.doubt)


def _known_then(edge: Edge, rota: Rota, at: datetime) -> OnCallAnswer | None:
    """By the schedule that was paged then, whatever it is called today."""
    known = known_then(edge.house, at)
    if known is None or known.paged_schedule() is None:
        return None
    return Answers(known, resolver_of(known)).on_call(at)


def every_resolver(edge: Edge, rota: Rota) -> Iterator[Resolver]:
    """The resolver of each schedule, the one that is paged first."""
    paged = rota.resolver.schedule.name
    yield rota.resolver
    for schedule in rota.organisation.schedules:
        if schedule.name != paged:
            yield edge.house.rotas.resolver(rota.organisation, schedule.name)


def _is_asker(rota: Rota, person: str) -> bool:
    found = rota.actors.get(person)
    return found is not None and found.user == rota.actor.user
