"""Reading: what is due here, one incident and its views, the list, help, setup, the menu, the App Home."""

from handlers.blocks import answers, ids, incident_answers
from handlers.blocks.forms import more_menu
from handlers.blocks.home import home
from handlers.blocks.incident_answers import TimelinePage, timeline_view
from handlers.calls import Message
from handlers.commands import Help, Show
from handlers.listeners import declaring
from handlers.listeners.edge import Asked, Edge, OnPress, Opens, Press, Reply
from handlers.listeners.lookup import meant, seen_here
from handlers.listeners.oncall import now_answer, zones_of
from handlers.listeners.replies import reader_of, said_of
from handlers.words_usage import ALSO, ELSEWHERE, usage_lines
from incidents.operations import oncall, reading
from incidents.operations.oncall import NoScheduleYet
from incidents.operations.reading import Seen


def due_now(edge: Edge, asked: Asked) -> Reply:
    """`/incident` alone: in an incident's channel what is due now, elsewhere the declare form."""
    seen = seen_here(edge, asked)
    return due_in(edge, asked, seen.incident.key) if seen else declaring.form(edge)


def due_in(edge: Edge, asked: Asked, key: str) -> Message:
    """What is due next in one incident, and this person's step."""
    seen = reading.show(edge.house, asked.user, key)
    return incident_answers.due_now(seen.incident, asked.user, reader_of(edge, seen))


def show(edge: Edge, asked: Asked, wish: Show) -> Reply:
    seen = meant(edge, asked, wish.key)
    reader = reader_of(edge, seen)
    match wish.view:
        case "timeline":
            return incident_answers.timeline_answer(TimelinePage(seen.incident, seen.entries), reader)
        case "runbook":
            return incident_answers.runbook_answer(seen.incident, reader)
        case "clocks":
            return incident_answers.due_now(seen.incident, asked.user, reader)
        case "decisions":
            return _decisions(seen)
        case _:
            return incident_answers.whole(seen.incident, seen.entries, reader)


def _decisions(seen: Seen) -> Message:
    key = seen.incident.key
    return said_of(
        seen.incident,
        f"{key} has no decision on record. Write one down as a note: /incident note Decided to …",
    )


def listing(edge: Edge, asked: Asked, offset: int = 0) -> Message:
    seen = reading.listing(edge.house, asked.user)
    return answers.listing(seen.live, seen.ended, reader_of(edge, seen), offset)


def usage(wish: Help) -> Message:
    return answers.help_answer(usage_lines(wish.verb), () if wish.verb else (ALSO, ELSEWHERE))


def show_home(edge: Edge, user: str) -> None:
    """Publish the App Home of one person from the present state."""
    seen = reading.listing(edge.house, user)
    may_ask = not seen.actor.is_guest
    try:
        asked = oncall.ask(edge.house, user, "") if may_ask else None
    except NoScheduleYet:
        asked = None
    on_call, zones = (now_answer(asked), zones_of(asked)) if asked else (None, {})
    edge.front.publish_home(user, home(seen.live, on_call, zones, user, reader_of(edge, seen), may_ask))


def _pressed_show(edge: Edge, press: Press) -> Reply:
    return show(edge, press.asked, Show(press.key))


def _pressed_more(edge: Edge, press: Press) -> Reply:
    incident = reading.show(edge.house, press.asked.user, press.key).incident
    return Opens(more_menu(incident), f"What about {incident.key}?", "More ▾", ids.MORE, incident.key)


def _pressed_timeline(edge: Edge, press: Press) -> Reply:
    seen = reading.show(edge.house, press.asked.user, press.key)
    view = timeline_view(TimelinePage(seen.incident, seen.entries), reader_of(edge, seen))
    return Opens(view, "The timeline so far.", "Timeline", ids.TIMELINE, seen.incident.key)


def _turned_timeline(edge: Edge, press: Press) -> Reply:
    """In a window its content changes; in a private answer the answer is replaced."""
    seen = reading.show(edge.house, press.asked.user, press.key)
    page = TimelinePage(seen.incident, seen.entries, int(press.part(1)))
    if not press.view:
        return incident_answers.timeline_answer(page, reader_of(edge, seen))
    edge.front.update_view(press.view["id"], timeline_view(page, reader_of(edge, seen)), press.asked.user)
    return None


def _pressed_list(edge: Edge, press: Press) -> Reply:
    return listing(edge, press.asked)


def _turned_list(edge: Edge, press: Press) -> Reply:
    return listing(edge, press.asked, int(press.value))


PRESSES: dict[str, OnPress] = {
    ids.SHOW: _pressed_show,
    ids.MORE: _pressed_more,
    ids.TIMELINE: _pressed_timeline,
    ids.TIMELINE_PAGE: _turned_timeline,
    ids.LIST: _pressed_list,
    ids.LIST_PAGE: _turned_list,
}
