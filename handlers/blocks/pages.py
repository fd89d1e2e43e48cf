"""Several pages in one direct message: a row for each incident, most urgent first, with its own button.

It stays true as a single page does: each row says what became of it."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.blocks.facts import RESTRICTED_TITLE, badge, title
from handlers.blocks.page import afterwards, is_command, open_channel, why_you
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import left
from incidents.model import Incident, Page, PageState

Paged = tuple[Incident, Page]
TITLE_IN_ROW = 80
_ANSWERED = "answered"


def pages(paged: Sequence[Paged], reader: Reader) -> Message:
    """The message as it stands; times are the reader's own. At most 45 pages fit."""
    rows = sorted(paged, key=lambda one: (one[0].severity, one[1].paged_at))
    waiting = [one for one in rows if one[1].state is PageState.WAITING]
    head = f"*{_count(len(rows))} · {len(waiting)} to acknowledge*" if waiting else f"*{_count(len(rows))}*"
    small = kit.context(_what_it_makes(waiting), _same_reason(waiting))
    blocks = [kit.lines(head), *(_row(incident, page, reader) for incident, page in rows), small]
    return kit.message(lock_screen(waiting or rows, bool(waiting)), blocks)


def lock_screen(paged: Sequence[Paged], is_asking: bool) -> str:
    """`3 pages: SEV1 INC-142, SEV2 INC-143, R-7KQ2 · acknowledge`; of a restricted one the key alone."""
    named = ", ".join(_named(incident) for incident, _ in paged)
    return f"{_count(len(paged))}: {named} · {'acknowledge' if is_asking else _ANSWERED}"


def _count(number: int) -> str:
    return f"{number} page{'s' if number != 1 else ''}"


def _named(incident: Incident) -> str:
    return incident.key if incident.restricted else f"{incident.severity.label} {incident.key}"


def _row(incident: Incident, page: Page, reader: Reader) -> Json:
    shown = RESTRICTED_TITLE if incident.restricted else title(incident, TITLE_IN_ROW)
    head = f"*{badge(incident.severity)} · {incident.key}*"
    if page.state is not PageState.WAITING:
        button = next(iter(open_channel(incident, reader)), None) if _is_theirs(page) else None
        return kit.section(f"{head}\n{shown}\n{afterwards(incident, page, reader)}", button)
    button = kit.primary(kit.button("Acknowledge", ids.ACKNOWLEDGE, ids.pack(incident.key, page.id)))
    return kit.section(f"{head} · {_deadline(page, reader)}\n{shown}", button)


def _is_theirs(page: Page) -> bool:
    return page.state is PageState.ACKNOWLEDGED


def _deadline(page: Page, reader: Reader) -> str:
    if page.answer_by is None:
        return "acknowledge now"
    return f"by {reader.own(page.answer_by)}, {left(page.answer_by - reader.now)}"


def _what_it_makes(waiting: Sequence[Paged]) -> str:
    if not any(is_command(incident, page) for incident, page in waiting):
        return ""
    return "Each one you acknowledge makes you its incident manager. The others go to whoever is next."


def _same_reason(waiting: Sequence[Paged]) -> str:
    """Why this person, where it is the same for all."""
    reasons = {why_you(page) for _, page in waiting}
    return reasons.pop() if len(reasons) == 1 else ""
