"""Ninety days of a seat on the command line: whom another tool has on call beside whom Meridian would."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.cli.exits import counted, say
from rotations.comparing import compared, difference, in_words, served_on
from rotations.model import Organisation, RosterShift
from rotations.replanning import Place
from rotations.shifts import resolver_of

SHOWN = timedelta(days=90)
MOST_ROWS = 60


def say_beside(theirs: Iterable[RosterShift], after: Organisation, place: Place, start: datetime) -> None:
    """`after` is the plan with the import in it; nothing is said of a place that it does not have."""
    schedule = after.schedule(place.schedule)
    region = schedule.region(place.region) if schedule else None
    if region is None:
        return
    end = start + SHOWN
    ours = served_on(resolver_of(after, place.schedule), region.name, place.seat, start, end)
    rows = compared(theirs, ours, start, end)
    hours = difference(rows) / timedelta(hours=1)
    same = "they are the same" if not hours else f"they differ for {hours:.1f} hours, which come first"
    say(f"90 days of {region.name} {place.seat}, theirs beside ours: {same}.")
    names = after.names()
    say(*(f"  {'=' if row.is_same else '≠'} {in_words(row, names, region.zone)}" for row in rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        say(f"  and {counted(len(rows) - MOST_ROWS, 'row')} more")
