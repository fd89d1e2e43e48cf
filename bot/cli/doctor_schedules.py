"""What `doctor` says of schedules and people, from the database alone. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.cli.exits import counted
from bot.cli.findings import Finding, Roll, missing, ok
from rotations.shifts import resolver_of

AHEAD = timedelta(days=14)


def about_schedules(roll: Roll, now: datetime) -> Iterator[Finding]:
    """Whether somebody can be paged now and in the next two weeks, and a lead where nobody answers."""
    organisation = roll.organisation
    if organisation is None or organisation.paged_schedule() is None:
        way_on = "Type /incident setup in Slack, or run python -m bot apply schedules.yaml"
        yield missing("a schedule: nobody can be paged yet", way_on)
        return
    people = counted(len(organisation.people), "person", "people")
    yield ok(f"{counted(len(organisation.schedules), 'schedule')}, {people}")
    if not any(person.lead for person in organisation.people):
        yield missing(
            "a lead: nobody is paged when nobody answers", "Mark somebody in the file with lead: true"
        )
    nameless = [person.name for person in organisation.people if not person.slack]
    if nameless:
        yield missing(
            f"how to reach {', '.join(nameless)}", "Give each an e-mail address or Slack id after slack:"
        )
    _, gaps = resolver_of(organisation).between(now, now + AHEAD)
    empty = sorted(
        {f"{gap.region or 'no region'} {gap.seat.value if gap.seat else ''}".strip() for gap in gaps}
    )
    if empty:
        yield missing(
            f"somebody in every seat of the next 14 days: {', '.join(empty)}",
            "In Slack /oncall holes asks for cover, /oncall override puts somebody there, /oncall edit "
            "changes the plan; or change the schedules file",
        )
    else:
        yield ok("every seat of the next 14 days is taken")
