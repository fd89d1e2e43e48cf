"""The people of the schedules as one reader is told of them."""

from handlers.blocks.cast import Cast
from handlers.outbound.desk import Desk


def cast_of(desk: Desk) -> Cast:
    """Names and zones by person key, for the one who reads it."""
    organisation = desk.unit.schedules.organisation()
    people = organisation.people if organisation else ()
    users = desk.unit.schedules.slack_ids()
    zones = {one.key: desk.zone_of(users[one.key]) if one.key in users else one.zone for one in people}
    return Cast({one.key: one.name for one in people}, zones, desk.reader(desk.user))
