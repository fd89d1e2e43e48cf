"""The legs outside Slack: phones that ring and stop ringing, copies by e-mail; and the look at who is muted.

Their words carry the key and what to do, never content or names: a lock screen reads them to a room."""

from collections.abc import Sequence

from msgspec.structs import replace

from handlers.calls import Call, HangUp, MailOut, Rendered, RingOut, Skip
from handlers.outbound.desk import Desk, unknown
from incidents.bundles import names_of, page_named
from incidents.handoff import IN_FORCE
from incidents.handoff_effects import SUBJECT, id_in
from incidents.legs import is_wanted
from incidents.model import Incident, Page, PageState
from incidents.operations.proving import TEST, is_waited_for, test_of

TEST_WORDS = "Test from Meridian. Acknowledge."
HANDOFF_WORDS = "Nobody has accepted the shift. Look in Slack."


def ring(desk: Desk) -> Rendered:
    address = desk.phone()
    if not address:
        return Skip("no phone is known")
    words = _words(desk)
    if isinstance(words, Skip):
        return replace(words, left=RingOut(address, desk.effect.key, ""))
    return RingOut(address, desk.effect.key, words)


def _words(desk: Desk) -> str | Skip:
    if desk.effect.subject.startswith(TEST):
        return TEST_WORDS if _tests(desk) else Skip("the test is over")
    if desk.effect.subject.startswith(SUBJECT):
        return HANDOFF_WORDS if _waits(desk) else Skip("the shift is accepted already")
    incident, page = _page(desk)
    if incident is None or page is None:
        return unknown(desk.effect)
    if not is_wanted(incident, page) or not incident.status.is_open:
        return Skip(f"the page is {page.state.value} already")
    return ring_words(incident)


def ring_together(desk: Desk) -> Rendered:
    """One ring for every page of these that still waits; an answer is one to each of them."""
    address = desk.phone()
    named = (page_named(name) for name in names_of(desk.effect))
    found = [incident for key, page in named if (incident := _wanting(desk, key, page))]
    if not address or not found:
        return Skip("nobody is waited for", left=RingOut(address, desk.effect.key, "") if address else None)
    return RingOut(address, desk.effect.key, ring_words(found[0]) if len(found) == 1 else _words_of(found))


def _words_of(incidents: Sequence[Incident]) -> str:
    """`SEV1, 12 pages. Acknowledge all.`; of restricted incidents the number alone."""
    told = [incident.severity for incident in incidents if not incident.restricted]
    gravest = f"{min(told).label}, " if told else ""
    return f"{gravest}{len(incidents)} pages. Acknowledge all."


def _wanting(desk: Desk, key: str, page_id: str) -> Incident | None:
    """The incident, where this page of it would still be answered."""
    incident = desk.unit.incidents.get(key)
    page = incident.page(page_id) if incident else None
    if incident is None or page is None or not incident.status.is_open:
        return None
    return incident if is_wanted(incident, page) else None


def ring_words(incident: Incident) -> str:
    """`SEV1 INC-142. Acknowledge.`; of a restricted incident the key alone."""
    named = incident.key if incident.restricted else f"{incident.severity.label} {incident.key}"
    return f"{named}. Acknowledge."


def hang_up(desk: Desk) -> Rendered:
    """A phone that rings for several pages goes on as long as one of the others is wanted."""
    ringing = desk.unit.rings.of(desk.effect.subject, desk.effect.args.get("page", ""))
    if not ringing:
        return Skip("nothing rings")
    handles = {ring.handle for ring in ringing}
    others = [one for one in desk.unit.rings.ringing() if one.handle in handles and one not in ringing]
    kept = {one.handle for one in others if _wanting(desk, one.subject, one.page)}
    return HangUp(tuple(sorted(handles - kept)))


def mail(desk: Desk) -> Rendered:
    incident, page = _page(desk)
    if incident is None or page is None:
        return unknown(desk.effect)
    if page.state is not PageState.WAITING:
        return Skip(f"the page is {page.state.value} already")
    words = f"A copy of a page to you in Slack. {ring_words(incident)}"
    return MailOut(desk.mail(), ring_words(incident), words)


def read_dnd(desk: Desk) -> Rendered:
    incident, page = _page(desk)
    if incident is None or page is None:
        return unknown(desk.effect)
    if page.state is not PageState.WAITING or page.rang_at is not None:
        return Skip("nobody needs to know any more")
    return Call("dnd.info", {"user": page.user})


def _tests(desk: Desk) -> bool:
    proof = test_of(desk.unit, desk.effect.subject)
    return proof is not None and is_waited_for(proof, desk.now)


def _waits(desk: Desk) -> bool:
    """Nobody has accepted the shift, and this person has not refused it."""
    handoff = desk.unit.handoffs.get(id_in(desk.effect.subject))
    return handoff is not None and handoff.state in IN_FORCE and desk.user not in handoff.refusers


def _page(desk: Desk) -> tuple[Incident | None, Page | None]:
    incident = desk.incident()
    return incident, incident.page(desk.effect.args.get("page", "")) if incident else None
