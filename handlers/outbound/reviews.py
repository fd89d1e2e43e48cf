"""A proposed review: an .ics with the message that says its hours. Where everybody listens, to the asker."""

from datetime import datetime

from handlers.blocks.reviews import review_post
from handlers.calls import Rendered, Skip, Upload
from handlers.outbound.channels import is_overheard
from handlers.outbound.desk import Desk, unknown
from incidents.reviews import event, review_at


def post(desk: Desk) -> Rendered:
    incident, organisation = desk.incident(), desk.unit.schedules.organisation()
    schedule = organisation.paged_schedule() if organisation else None
    if incident is None:
        return unknown(desk.effect)
    if incident.status.is_open:
        return Skip("it was reopened")
    if schedule is None:
        return Skip("there is no schedule any more")
    args = desk.effect.args
    review = review_at(schedule, datetime.fromisoformat(args["at"]), int(args["number"]))
    return Upload(
        channel=desk.user if incident.channel is None or is_overheard(incident) else incident.channel.id,
        filename=f"{incident.key.lower()}-review.ics",
        title=f"{incident.key} review",
        content=event(incident, review),
        message=review_post(incident, review, desk.user, desk.reader()),
    )
