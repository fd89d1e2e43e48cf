"""Private answers in words, and how a reply reaches the person: in the ack, by form, ephemeral or DM."""

from handlers.blocks import answers, ids, kit
from handlers.blocks.reader import Reader
from handlers.blocks.setup import begin_button
from handlers.calls import Json, Message
from handlers.errors import Refused
from handlers.listeners.edge import Asked, Edge, Opens, Reply
from handlers.outbound.desk import WORKSPACE_URL
from handlers.text import literal, paragraph
from incidents.errors import (
    EmptyTitle,
    LoweringNeedsReason,
    NotAPerson,
    PartsMissing,
    ReasonRequired,
    UnknownIncident,
)
from incidents.model import Incident
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.reading import Listing, Seen

KEPT_MAX = 2800
WORTH_KEEPING = 3


def reader_of(edge: Edge, seen: Seen | Listing) -> Reader:
    """For the person who asked, in their own zone."""
    url = edge.house.store.read(lambda unit: unit.facts.get(WORKSPACE_URL))
    return Reader(seen.name_of, seen.now, seen.actor.zone, url)


def said_of(incident: Incident, text: str) -> Message:
    """A sentence about an incident, with the three buttons that come next."""
    return answers.said(text, *next_buttons(incident))


def next_buttons(incident: Incident) -> tuple[Json, ...]:
    key = incident.key
    more = kit.button("More ▾", ids.MORE, key)
    if not incident.status.is_open:
        fill_in = kit.button("Fill in my part", ids.FILL_IN, key)
        return (kit.primary(fill_in), kit.button("Timeline", ids.TIMELINE, key), more)
    bring = kit.button("Bring someone in", ids.BRING_IN, key)
    return (kit.primary(kit.button("Update", ids.WRITE_UPDATE, key)), bring, more)


def refused(refusal: Refused, typed: str = "", key: str = "") -> Message:
    """The refusal, what was typed (as the person saw it), and the buttons to go on."""
    words = literal(refusal.sentence, 2900)
    blocks = [kit.section(words)]
    if len(typed.split(None, WORTH_KEEPING)) >= WORTH_KEEPING:
        blocks.append(kit.section(f"What you typed is kept:\n```{paragraph(typed, KEPT_MAX)}```"))
    buttons = _ways_on(refusal.error, key)
    return kit.message(words, [*blocks, *((kit.actions(*buttons),) if buttons else ())])


def _ways_on(error: Exception, key: str) -> tuple[Json, ...]:
    match error:
        case NoScheduleYet():
            return (begin_button(), declare_button())
        case EmptyTitle():
            return (kit.primary(declare_button()),)
        case UnknownIncident():
            listed = kit.button("Open incidents", ids.LIST)
            return (kit.primary(listed), declare_button())
        case PartsMissing(key=named):
            return (kit.primary(kit.button("Fill in my part", ids.FILL_IN, named)),)
        case LoweringNeedsReason() if key:
            return (kit.primary(kit.button("Say why", ids.SEVERITY, key)),)
        case ReasonRequired() if key:
            return (kit.primary(kit.button("Say why", ids.STATUS, key)),)
        case NotAPerson() if key:
            bring = kit.button("Bring someone in", ids.BRING_IN, key)
            return (kit.primary(bring), kit.button("Roles", ids.ROLES, key))
        case _:
            return (kit.button("Open the incident's menu", ids.MORE, key),) if key else ()


def declare_button(title: str = "") -> Json:
    return kit.button("Declare incident", ids.DECLARE, title)


def as_message(reply: Reply) -> Message | None:
    """A reply where nothing can be opened: a form is stood in for by its button."""
    if isinstance(reply, Opens):
        return answers.said(reply.said, kit.primary(kit.button(reply.label, reply.action_id, reply.value)))
    return reply


def as_view(message: Message, title: str = "Meridian") -> Json:
    """An answer to read inside a form, where nothing can be posted."""
    return kit.modal(ids.VIEW_ANSWER, title, message.blocks or (kit.section(message.text),))


def send(edge: Edge, asked: Asked, message: Message, replace: bool = False) -> None:
    """To this person alone, on the nearest way that is there."""
    if asked.response_url:
        edge.front.respond(asked.response_url, message, replace)
    elif asked.channel and not asked.channel.startswith("D"):
        edge.front.tell_here(asked.channel, asked.user, message, asked.thread)
    else:
        edge.front.tell(asked.user, message)
