"""The one message of a storm that leads get: what may be the same, as it is when it is sent."""

from handlers.blocks.storms import alike
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import Desk, posted
from incidents.model import Status
from incidents.storm import likely_duplicates

LOOKED_AT = 200
OPEN = tuple(status for status in Status if status.is_open)


def listed(desk: Desk) -> Rendered:
    found = likely_duplicates(desk.unit.incidents.listing(OPEN, LOOKED_AT), desk.now)
    if not found:
        return Skip("nothing looks the same")
    return posted(desk.user, alike(found, desk.reader(desk.user)))
