"""The two legs of a page: the direct message, and the phone that rings. Pure.

The phone rings at its time on the ladder, at once for whoever is muted in Slack or refused by it, and after a
minute for whoever Slack has not reached, at every severity. Answered on one leg, all stop."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from incidents.decision import Decision, stamp
from incidents.effects import Effect, EffectKind, Priority, Timer, TimerKind
from incidents.ladder import Candidate
from incidents.model import Call, Entry, EntryKind, Incident, Page, PageState, Rung, Severity

UNSENT_AFTER = timedelta(minutes=1)
WAITS_FOR_NONE = "waits_for_none"  # an argument of RING: it does not wait for a ring of something milder
ANSWERABLE = (PageState.WAITING, PageState.PASSED, PageState.UNREACHABLE)
"""Whoever was passed over may still answer, and so may whoever Slack refuses: on the phone."""


def page_key(incident: Incident, page: Page) -> str:
    """The outbox key of the page's message; the edits of it wait for this one."""
    return f"page:{incident.key}:{page.id}"


def ring_key(incident: Incident, page: Page) -> str:
    """The outbox key of the page's ring, and the name of the ring itself."""
    return f"ring:{incident.key}:{page.id}"


def call_prefix(call: Call) -> str:
    """The prefix of every timer key of a call: its levels, and the phones of its pages."""
    return f"call:{call.number}:"


def level_prefix(incident: Incident, call: Call) -> str:
    """The prefix of the timer keys of its levels alone: a phone that was promised rings, whoever is next."""
    return f"{call_prefix(call)}{incident.key}:"


def leave(incident: Incident, page: Page, candidate: Candidate, rung: Rung, now: datetime) -> Decision:
    """Both legs of a page that stands in the incident already: what leaves now, and what leaves later."""
    legs = [_effect(EffectKind.SEND_PAGE, page_key(incident, page), incident, page)]
    if candidate.actor.mail:
        legs.append(_effect(EffectKind.MAIL, f"mail:{incident.key}:{page.id}", incident, page))
    decision = Decision(incident, effects=tuple(legs))
    if not candidate.actor.ring:
        return decision
    if rung.phone_after_min == 0:
        return decision.then(ring(incident, page, now))
    look = _effect(EffectKind.READ_DND, f"dnd:{incident.key}:{page.id}", incident, page)
    return replace(decision, timers=(_ring_timer(incident, page, rung, now),)).with_effects(look)


def _effect(kind: EffectKind, key: str, incident: Incident, page: Page) -> Effect:
    return Effect(kind, key, incident.key, args={"page": page.id}, users=(page.user,), priority=Priority.PAGE)


def _ring_timer(incident: Incident, page: Page, rung: Rung, now: datetime) -> Timer:
    after = rung.phone_after_min
    due = now + (UNSENT_AFTER if after is None else timedelta(minutes=after))
    args = {"page": page.id} | ({"unsent": "only"} if after is None else {})
    key = f"call:{page.call}:ring:{incident.key}:{page.id}:{stamp(due)}"
    return Timer(TimerKind.RING, key, incident.key, due, args)


def is_wanted(incident: Incident, page: Page) -> bool:
    """Whether an answer to this page would still count."""
    call = incident.call(page.call)
    return page.state in ANSWERABLE and call is not None and call.is_open


def ring(incident: Incident, page: Page, now: datetime, why: str = "") -> Decision:
    """Let the phone ring, once for a page; `why` is said where it is not simply its time."""
    if page.rang_at is not None or not is_wanted(incident, page):
        return Decision(incident)
    changed = incident.with_page(replace(page, rang_at=now))
    entry = Entry(EntryKind.RANG, now, data={"user": page.user} | ({"why": why} if why else {}))
    rings = _effect(EffectKind.RING, ring_key(incident, page), incident, page)
    if incident.severity is Severity.SEV0:
        rings = replace(rings, args=rings.args | {WAITS_FOR_NONE: "yes"})
    return Decision(changed, (entry,), (rings,))


def ring_due(incident: Incident, timer: Timer, now: datetime) -> Decision:
    """The phone's time has come: on the ladder, or because Slack has not reached the person."""
    page = incident.page(timer.args["page"])
    if page is None or (page.message is not None and "unsent" in timer.args):
        return Decision(incident)
    return ring(incident, page, now, "Slack has not reached them" if page.message is None else "")


def dnd_read(incident: Incident, page: Page, result: dict[str, str], now: datetime) -> Decision:
    """What Slack says of Do Not Disturb: whoever is muted is rung at once."""
    if not is_muted(result, now):
        return Decision(incident)
    return ring(incident, page, now, "muted in Slack")


def is_muted(result: dict[str, str], now: datetime) -> bool:
    """By the answer of dnd.info, kept as `snooze_until`, `dnd_from`, `dnd_until` in Unix seconds."""
    if now < _instant(result.get("snooze_until", "")):
        return True
    return _instant(result.get("dnd_from", "")) <= now < _instant(result.get("dnd_until", ""))


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds or 0), UTC)


def hang_up(incident: Incident, page: Page) -> tuple[Effect, ...]:
    """The phone stops: its page is answered, wherever, or no longer wanted."""
    if page.rang_at is None:
        return ()
    stop = _effect(
        EffectKind.STOP_RING, f"stop_ring:{incident.key}:{page.id}:{page.state.value}", incident, page
    )
    return (replace(stop, after=(ring_key(incident, page),)),)
