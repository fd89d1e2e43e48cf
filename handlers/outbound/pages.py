"""Pages: sent while they still wait, alone or several together, edited to what became of them."""

from collections.abc import Iterable

from handlers.blocks.page import page as page_message
from handlers.blocks.pages import Paged
from handlers.blocks.pages import pages as pages_message
from handlers.calls import Message, Rendered, Skip
from handlers.outbound.desk import Desk, edited, posted, unknown
from incidents.bundles import names_of, page_named
from incidents.model import EntryKind, Incident, Page, PageState
from incidents.timeline import sentence


def send(desk: Desk) -> Rendered:
    incident = desk.incident()
    page = incident.page(desk.effect.args.get("page", "")) if incident else None
    if incident is None or page is None:
        return unknown(desk.effect)
    if page.state is not PageState.WAITING:
        return Skip(f"the page is {page.state.value} already")
    if not incident.status.is_open:
        return Skip("the incident is over")
    return posted(page.user, _alone(desk, incident, page))


def send_together(desk: Desk) -> Rendered:
    """Those that still wait; where one alone does, it is the message that it would have been."""
    waiting = [one for one in _named(desk, names_of(desk.effect)) if _waits(*one)]
    if not waiting:
        return Skip("none of these pages waits any more")
    return posted(desk.user, _together(desk, waiting))


def edit(desk: Desk) -> Rendered:
    """The whole message, from the state of every page that it holds."""
    incident = desk.incident()
    page = incident.page(desk.effect.args.get("page", "")) if incident else None
    if incident is None or page is None:
        return unknown(desk.effect)
    if page.message is None:
        return Skip("the page was never sent")
    if page.bundle:
        return edited(page.message, _together(desk, _named(desk, page.bundle)))
    return edited(page.message, _alone(desk, incident, page))


def _alone(desk: Desk, incident: Incident, page: Page) -> Message:
    return page_message(incident, page, desk.reader(page.user), _passed_over(desk, incident, page))


def _together(desk: Desk, paged: list[Paged]) -> Message:
    return pages_message(paged, desk.reader(desk.user)) if len(paged) > 1 else _alone(desk, *paged[0])


def _named(desk: Desk, names: Iterable[str]) -> list[Paged]:
    found: list[Paged] = []
    for key, page_id in map(page_named, names):
        incident = desk.unit.incidents.get(key)
        page = incident.page(page_id) if incident else None
        if incident is not None and page is not None:
            found.append((incident, page))
    return found


def _waits(incident: Incident, page: Page) -> bool:
    return page.state is PageState.WAITING and incident.status.is_open


def _passed_over(desk: Desk, incident: Incident, page: Page) -> tuple[str, ...]:
    """Who would have been paged before this person and was not, as the timeline says of that instant."""
    entries = (each for each in desk.unit.timeline.of(incident.key) if each.at == page.paged_at)
    kinds = (EntryKind.SKIPPED, EntryKind.NOBODY)
    return tuple(dict.fromkeys(sentence(each, desk.name_of) for each in entries if each.kind in kinds))
