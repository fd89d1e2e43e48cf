"""The message that carries a proposed review: its hour in each region; what to do where none suits all."""

from handlers.blocks import kit
from handlers.blocks.reader import Reader
from handlers.calls import Message
from handlers.text import city, day, literal
from incidents.model import Incident
from incidents.reviews import Review
from rotations.meetings import Meeting
from rotations.zones import rules_of


def review_post(incident: Incident, review: Review, by: str, reader: Reader) -> Message:
    """`by` is whoever asked for it."""
    meeting = review.meeting
    blocks = [
        kit.lines(f"*{incident.key}: review proposed*", reader.shared(meeting.start)),
        *kit.sections(_place(meeting, *place) for place in review.places),
        *([kit.section(_unshared(review.outside))] if review.outside else []),
        kit.context(
            "Nobody is invited yet: open the file in your calendar, move it if you need to, invite.",
            f"Proposed by {reader.name(by)}. Public holidays and absences were not looked at.",
        ),
    ]
    when = f"{day(meeting.start)} {meeting.start:%H:%M} UTC"
    text = incident.key if incident.restricted else f"{incident.key}: review proposed for {when}"
    return kit.message(text, blocks)


def _place(meeting: Meeting, name: str, zone: str, is_outside: bool) -> str:
    """`*AMER*  Tue 1 Dec 06:00–07:00 New York, outside of working hours`."""
    start, end = (at.astimezone(rules_of(zone)) for at in (meeting.start, meeting.end))
    outside = ", outside of working hours" if is_outside else ""
    return f"*{literal(name, 60)}*  {day(start)} {start:%H:%M}–{end:%H:%M} {city(zone)}{outside}"


def _unshared(outside: tuple[str, ...]) -> str:
    names = " and ".join(literal(name, 60) for name in outside)
    return (
        "No hour of the next two weeks lies within 09:00–18:00 of a weekday everywhere. This one asks least."
        f" If it is too much for {names}, hold it in two parts, or take their answers in writing before."
    )
