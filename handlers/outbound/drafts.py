"""The postmortem draft: a Markdown file, and the readable message that carries it."""

from handlers.blocks.postmortem import draft_post
from handlers.calls import Rendered, Skip, Upload
from handlers.outbound.channels import NO_CHANNEL, is_overheard
from handlers.outbound.desk import Desk, posted, unknown
from incidents.document import Record, document
from incidents.postmortem import PARTS, missing


def post(desk: Desk) -> Rendered:
    incident = desk.incident()
    if incident is None or incident.channel is None:
        return unknown(desk.effect) if incident is None else NO_CHANNEL
    if incident.status.is_open:
        return Skip("it was reopened")
    empty = missing(incident)
    entries = tuple(desk.unit.timeline.of(incident.key))
    filled = (len(PARTS) - len(empty), len(PARTS))
    named = tuple(part.title for part in empty)
    if is_overheard(incident):
        return posted(incident.channel.id, draft_post(incident, named, filled, is_withheld=True))
    return Upload(
        channel=incident.channel.id,
        filename=f"{incident.key.lower()}-postmortem.md",
        title=f"{incident.key} postmortem draft",
        content=document(Record(incident, entries, desk.name_of, desk.zone_of(incident.holder))),
        message=draft_post(incident, named, filled),
    )
