"""A post-incident review proposed in hours that the regions share: when, and as an event for calendars. Pure.

Nobody is invited. The event names the incident by its key alone, never by its title."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from msgspec import Struct

from incidents.decision import Decision, stamp
from incidents.effects import Effect, EffectKind, Priority
from incidents.errors import IncidentError, NothingToDo
from incidents.model import Entry, EntryKind, Incident
from incidents.people import Actor
from rotations.meetings import Meeting, as_calendar, local_times, proposed
from rotations.model import Schedule

LENGTH = timedelta(hours=1)


class NotOverYet(IncidentError):
    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is not resolved yet. Propose its review when it is.")


class Review(Struct, frozen=True):
    """`asked_at`: the hours were looked for from then on. `number` counts earlier proposals, from 0.

    `places` are the regions: name, zone, and whether the meeting is outside of 09:00–18:00 there.
    """

    asked_at: datetime
    number: int
    meeting: Meeting
    places: tuple[tuple[str, str, bool], ...]

    @property
    def outside(self) -> tuple[str, ...]:
        """The regions in whose working hours it is not."""
        return tuple(sorted(name for name, _, is_outside in self.places if is_outside))


def review_at(schedule: Schedule, asked_at: datetime, number: int = 0) -> Review:
    """The same for the same schedule and instant."""
    meeting = proposed([region.zone for region in schedule.regions], asked_at, LENGTH)
    places = tuple((region.name, region.zone, region.zone in meeting.outside) for region in schedule.regions)
    return Review(asked_at, number, meeting, places)


def latest(entries: Iterable[Entry], schedule: Schedule) -> Review | None:
    """What was proposed last for the incident of this timeline."""
    asked = [entry for entry in entries if entry.kind is EntryKind.REVIEW]
    return review_at(schedule, asked[-1].at, len(asked) - 1) if asked else None


def propose(
    incident: Incident, before: Review | None, schedule: Schedule, by: Actor, now: datetime
) -> Decision:
    """One proposal at a time: the next can be made when the hour of this one has come.

    Raises NotOverYet, NothingToDo.
    """
    if incident.status.is_open:
        raise NotOverYet(incident.key)
    if before is not None and before.meeting.start > now:
        at = f"{before.meeting.start:%Y-%m-%d %H:%M} UTC"
        raise NothingToDo(
            f"A review of {incident.key} has been proposed already, for {at}. Move it in your calendar."
        )
    made = review_at(schedule, now, before.number + 1 if before else 0)
    data = {"start": stamp(made.meeting.start)}
    effect = Effect(
        EffectKind.POST_REVIEW,
        f"review:{incident.key}:{made.number}",
        incident.key,
        args={"at": now.isoformat(), "number": str(made.number)},
        users=(by.user,),
        priority=Priority.ANNOUNCE,
    )
    return Decision(incident, (Entry(EntryKind.REVIEW, now, by.user, data=data),), (effect,))


def event(incident: Incident, review: Review) -> str:
    """The text of an .ics. A later proposal changes the same event (RFC 5545, 3.8.4.7 and 3.8.7.4)."""
    notes = [f"{name}: {local_times(review.meeting, zone)}" for name, zone, _ in review.places]
    if review.outside:
        notes.append(f"No hour suits all: it is outside of 09:00–18:00 for {' and '.join(review.outside)}.")
    digest = blake2b(f"review\0{incident.key}\0{incident.declared_at}".encode(), digest_size=16)
    uid, title = f"{digest.hexdigest()}@meridian", f"Post-incident review {incident.key}"
    return as_calendar(review.meeting, uid, title, notes, review.asked_at, review.number)
