"""What Slack answered to an effect, written into the state in the transaction that finishes the effect."""

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from incidents import storm
from incidents.bundles import is_together, parts
from incidents.decision import Decision, show_change, tell
from incidents.effects import Effect, EffectKind, Outcome, Tell
from incidents.handoff_effects import SUBJECT, id_in
from incidents.legs import dnd_read, ring
from incidents.model import Channel, Entry, EntryKind, Incident, MessageRef, PageState
from incidents.operations import history, rota_asks
from incidents.operations.notices import MAIL, note_account_refused, note_lost
from incidents.operations.proving import TEST
from incidents.operations.scene import roster_of, store
from incidents.operations.shift_notices import note_unreached
from incidents.paging import edit_page, no_longer
from incidents.people import Actor
from incidents.ports import House, Unit
from incidents.proposals import SUBJECT as IMPORT
from incidents.ringing import Ring, RingState
from incidents.rota_asks import SUBJECT as ROTA
from incidents.said import GONE

COSMETIC = frozenset(
    {EffectKind.SET_TOPIC, EffectKind.ADD_BOOKMARK, EffectKind.PIN_CARD, EffectKind.READ_DND}
)

ACCOUNT_REFUSED = frozenset({"ring_unauthorised", "mail_unauthorised"})  # by whoever rings or mails for us


def record(house: House, unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    """Called once for every effect that ended, well or for good badly."""
    if is_together(effect):
        together = replace(outcome, result={**outcome.result, "bundle": effect.args.get("pages", "")})
        for part in parts(effect):
            _record(house, unit, part, together, now)
        return
    _record(house, unit, effect, outcome, now)


def _record(house: House, unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    _note(house, unit, effect, outcome, now)
    if effect.kind is EffectKind.RING and outcome.ok:
        unit.rings.add(_rang(effect, outcome, now))
    if effect.kind is EffectKind.STOP_RING:
        return _hung_up(unit, effect, now)
    own = next((keep for about, keep in _ABOUT.items() if effect.subject.startswith(about)), None)
    if own is not None:
        return own(unit, effect, outcome, now)
    incident = unit.incidents.get(effect.subject, lock=True)
    if incident is None:
        return None
    decision = _decided(house, unit, incident, effect, outcome, now)
    for user, error in outcome.failed_users.items():
        data = {"what": effect.kind.value.replace("_", " "), "user": user, "error": error}
        entry = Entry(EntryKind.FAILED, now, data=data)
        decision = decision.then(Decision(decision.incident, (entry,)))
    store(unit, decision, incident, now)
    return None


def _note(house: House, unit: Unit, effect: Effect, outcome: Outcome, now: datetime) -> None:
    if effect.kind is EffectKind.SHIFT_NOTICE:
        return note_unreached(unit, effect, outcome, now)
    if outcome.error not in ACCOUNT_REFUSED:
        return note_lost(unit, effect, outcome, now)
    if effect.kind is EffectKind.MAIL:
        return note_account_refused(unit, MAIL, now)
    actor = unit.people.actor(effect.users[0]) or Actor(effect.users[0], "")
    return note_account_refused(unit, house.phone_of(actor).partition(":")[0], now)


def _decided(
    house: House, unit: Unit, incident: Incident, effect: Effect, outcome: Outcome, now: datetime
) -> Decision:
    if effect.kind is EffectKind.KEEP_MESSAGE and (outcome.ok or outcome.error in GONE):
        return history.fetched(unit, incident, effect, outcome, now)
    if outcome.ok:
        return _done(incident, effect, outcome, now)
    return _failed(house, unit, incident, effect, outcome, now)


def _record_handoff(unit: Unit, effect: Effect, outcome: Outcome, _now: datetime) -> None:
    """Where its post, its thread and its letters are, so that they can be edited."""
    if not outcome.ok or effect.kind not in (EffectKind.POST_HANDOFF, EffectKind.HANDOFF_LETTER):
        return
    handoff = unit.handoffs.get(id_in(effect.subject), lock=True)
    if handoff is None:
        return
    at = _ref(outcome)
    if effect.kind is EffectKind.HANDOFF_LETTER:
        kept = replace(handoff, letters={**handoff.letters, effect.users[0]: at})
    else:
        kept = replace(handoff, thread=at) if "part" in effect.args else replace(handoff, message=at)
    unit.handoffs.save(kept)


def _ref(outcome: Outcome) -> MessageRef:
    return MessageRef(outcome.result["channel"], outcome.result["ts"])


def _rang(effect: Effect, outcome: Outcome, now: datetime) -> Ring:
    handle = outcome.result.get("handle", "")
    return Ring(effect.key, effect.subject, effect.args.get("page", ""), effect.users[0], handle, now)


def _hung_up(unit: Unit, effect: Effect, now: datetime) -> None:
    """Well or badly: nobody is asked about it any more, and a phone stops by itself in the end."""
    for rung in unit.rings.of(effect.subject, effect.args.get("page", "")):
        unit.rings.end(rung.key, RingState.STOPPED, now)


def _record_test(unit: Unit, effect: Effect, outcome: Outcome, _now: datetime) -> None:
    proof = unit.proofs.get(effect.subject.removeprefix(TEST), lock=True)
    if proof is None:
        return
    if effect.kind is EffectKind.TEST_PAGE and outcome.ok:
        unit.proofs.save(replace(proof, message=_ref(outcome)))
    if effect.kind is EffectKind.RING and not outcome.ok:
        unit.proofs.save(replace(proof, rang_at=None, no_phone=f"it could not be rung ({outcome.error})"))


def _record_import(unit: Unit, effect: Effect, outcome: Outcome, _now: datetime) -> None:
    """Where a lead's card is, so that it can be edited."""
    proposal = unit.proposals.get(effect.subject.removeprefix(IMPORT), lock=True)
    if proposal is not None and effect.kind is EffectKind.SHOW_IMPORT and outcome.ok:
        card = (effect.users[0], _ref(outcome))
        unit.proposals.save(replace(proposal, messages=(*proposal.messages, card)))


_ABOUT: dict[str, Callable[[Unit, Effect, Outcome, datetime], None]] = {
    SUBJECT: _record_handoff,
    TEST: _record_test,
    ROTA: rota_asks.record,
    IMPORT: _record_import,
}
"""Effects that are of no incident, by what their subject begins with."""


def _done(incident: Incident, effect: Effect, outcome: Outcome, now: datetime) -> Decision:
    if effect.kind is EffectKind.READ_DND:
        page = incident.page(effect.args.get("page", ""))
        return dnd_read(incident, page, outcome.result, now) if page else Decision(incident)
    keep = _KEPT.get(effect.kind)
    return keep(incident, effect, outcome) if keep else Decision(incident)


def _channel(incident: Incident, _effect: Effect, outcome: Outcome) -> Decision:
    """The page left before there was a channel; now it gets its link."""
    changed = replace(incident, channel=Channel(outcome.result["channel"], outcome.result["name"]))
    waiting = (page for page in changed.pages if page.state is PageState.WAITING)
    return Decision(changed, effects=tuple(edit for page in waiting for edit in edit_page(changed, page)))


def _page(incident: Incident, effect: Effect, outcome: Outcome) -> Decision:
    page = incident.page(effect.args["page"])
    if page is None:
        return Decision(incident)
    bundle = tuple(outcome.result.get("bundle", "").split())
    return Decision(incident.with_page(replace(page, message=_ref(outcome), bundle=bundle)))


_KEPT: dict[EffectKind, Callable[[Incident, Effect, Outcome], Decision]] = {
    EffectKind.CREATE_CHANNEL: _channel,
    EffectKind.POST_CARD: lambda i, _, o: storm.card_in_channel(i, _ref(o)),
    EffectKind.POST_THREAD_CARD: lambda i, _, o: storm.card_in_thread(i, _ref(o)),
    EffectKind.ANNOUNCE: lambda i, e, o: storm.announced(i, e, _ref(o)),
    EffectKind.POST_UPDATE: lambda i, _, o: Decision(replace(i, update_post=_ref(o))),
    EffectKind.SEND_PAGE: _page,
}


def _failed(
    house: House, unit: Unit, incident: Incident, effect: Effect, outcome: Outcome, now: datetime
) -> Decision:
    """A permanent refusal is on the timeline; a page that cannot arrive climbs at once."""
    what = effect.kind.value.replace("_", " ")
    whom = {"user": effect.users[0]} if effect.kind is EffectKind.MAIL else {}
    entry = Entry(EntryKind.FAILED, now, data={"what": what, "error": outcome.error, **whom})
    noted = Decision(incident, () if effect.kind in COSMETIC else (entry,))
    if effect.kind is EffectKind.RING:
        return _no_ring(incident, effect, outcome, now)
    if effect.kind is EffectKind.ANNOUNCE:
        return noted.then(storm.unannounced(incident, effect))
    if effect.kind is EffectKind.CREATE_CHANNEL:
        return noted.then(_no_channel(house, unit, incident, outcome, now))
    if effect.kind is EffectKind.SEND_PAGE:
        return noted.then(_refused_by_slack(house, unit, incident, effect, now))
    return noted


def _refused_by_slack(
    house: House, unit: Unit, incident: Incident, effect: Effect, now: datetime
) -> Decision:
    """The other leg leaves at once, where there is one; a page that still waited climbs."""
    page = incident.page(effect.args["page"])
    if page is None:
        return Decision(incident)
    actor = unit.people.actor(page.user)
    rings = actor is not None and not actor.is_deactivated and house.phone_of(actor)
    decision = ring(incident, page, now, "Slack could not reach them") if rings else Decision(incident)
    page = decision.incident.page(page.id) or page
    if page.state is not PageState.WAITING:
        return decision
    roster = roster_of(house, unit, now, but=incident.key)
    return decision.then(no_longer(decision.incident, page, PageState.UNREACHABLE, roster, now))


def _no_ring(incident: Incident, effect: Effect, outcome: Outcome, now: datetime) -> Decision:
    """The page waits on in Slack and climbs at its time; the timeline says that no phone has rung."""
    data = {"user": effect.users[0], "error": outcome.error}
    return Decision(incident, (Entry(EntryKind.NO_PHONE, now, data=data),))


def _no_channel(house: House, unit: Unit, incident: Incident, outcome: Outcome, now: datetime) -> Decision:
    """Nothing public is made in the place of a private channel; pages are not touched; leads are told."""
    changed = replace(incident, channel_refused=outcome.error)
    about = Tell.NO_PRIVATE_CHANNEL if incident.restricted else Tell.FAILED
    leads = roster_of(house, unit, now, but=incident.key).leads
    inside = tuple(
        u for u in leads if (a := unit.people.actor(u)) and not (incident.restricted and a.is_outside)
    )
    told = tell(
        about,
        incident.key,
        (incident.declared_by, *inside),
        "channel",
        what="make the channel",
        error=outcome.error,
    )
    return Decision(changed, effects=(*told, *show_change(changed)))
