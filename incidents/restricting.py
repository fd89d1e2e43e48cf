"""An open incident becomes restricted: what was sent says less, and whoever is outside is let go. Pure."""

from collections.abc import Set
from datetime import datetime

from msgspec.structs import replace

from incidents import care
from incidents.decision import Decision, show_change
from incidents.errors import NothingToDo
from incidents.ladder import Roster
from incidents.legs import ANSWERABLE
from incidents.model import Entry, EntryKind, Incident, Page, PageState, UserId
from incidents.paging import climb, edit_page, is_waiting
from incidents.people import Actor

OUTSIDE = "is from outside, and this incident is restricted"


def restrict(
    incident: Incident, by: Actor, outsiders: Set[UserId], roster: Roster, now: datetime
) -> Decision:
    """From now on only the people who are part of it see it, and its announcement is withdrawn.

    Every page that was sent loses its title. `outsiders` are the people from outside among those paged: they
    need not come any more, and where nobody else was asked the next people are paged at once. Slack lets no
    bot close a channel, so what stands in it stays: open to closed leaves traces.
    """
    if incident.restricted:
        raise NothingToDo(f"{incident.key} is restricted already.")
    changed = replace(incident, restricted=True, restricted_why=f"{by.name} closed it")
    entry = Entry(EntryKind.RESTRICTED, now, by.user)
    decision = Decision(changed, (entry,), show_change(incident, topic=True))
    if changed.care is not None and changed.care.stand_in in outsiders:
        decision = decision.then(care.end(changed, now, care.MOVED))
    for page in changed.pages:
        decision = decision.then(_said_again(decision.incident, page, outsiders, now))
    for number in dict.fromkeys(page.call for page in changed.pages if _is_let_go(page, outsiders)):
        decision = decision.then(_go_on(decision.incident, number, roster, now))
    return decision


def _is_let_go(page: Page, outsiders: Set[UserId]) -> bool:
    return page.user in outsiders and page.state in ANSWERABLE


def _said_again(incident: Incident, page: Page, outsiders: Set[UserId], now: datetime) -> Decision:
    if not _is_let_go(page, outsiders):
        return Decision(incident, effects=edit_page(incident, page))
    gone = replace(page, state=PageState.STANDDOWN, answered_at=now)
    entry = Entry(EntryKind.SKIPPED, now, data={"user": page.user, "why": OUTSIDE})
    changed = incident.with_page(gone)
    return Decision(changed, (entry,), edit_page(changed, gone))


def _go_on(incident: Incident, number: int, roster: Roster, now: datetime) -> Decision:
    call = incident.call(number)
    if call is None or not call.is_open or is_waiting(incident, call):
        return Decision(incident)
    return climb(incident, number, call.level + 1, roster, now)
