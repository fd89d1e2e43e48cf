"""Pages: sent while they still wait, edited to what became of them."""

from handlers.blocks.page import page as page_message
from handlers.calls import Rendered, Skip
from handlers.outbound.desk import Desk, edited, posted, unknown
from incidents.model import EntryKind, Page, PageState
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
    return posted(page.user, page_message(incident, page, desk.reader(page.user), _passed_over(desk, page)))


def _passed_over(desk: Desk, page: Page) -> tuple[str, ...]:
    """Who would have been paged before this person and was not, as the timeline says of that instant."""
    entries = (each for each in desk.unit.timeline.of(desk.effect.subject) if each.at == page.paged_at)
    kinds = (EntryKind.SKIPPED, EntryKind.NOBODY)
    return tuple(dict.fromkeys(sentence(each, desk.name_of) for each in entries if each.kind in kinds))


def edit(desk: Desk) -> Rendered:
    incident = desk.incident()
    page = incident.page(desk.effect.args.get("page", "")) if incident else None
    if incident is None or page is None:
        return unknown(desk.effect)
    if page.message is None:
        return Skip("the page was never sent")
    words = page_message(incident, page, desk.reader(page.user), _passed_over(desk, page))
    return edited(page.message, words)
