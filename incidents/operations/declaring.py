"""Declaring: from what was typed to an incident with its room on the way and its first pages out."""

from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from incidents import intake, opening, storm
from incidents.access import Action, can_see, demand
from incidents.decision import Decision, create_key, tell
from incidents.effects import Effect, EffectKind, Tell
from incidents.errors import EmptyTitle
from incidents.model import Entry, EntryKind, Harm, Incident, Severity
from incidents.operations.handoff_following import tell_letters
from incidents.operations.history import WORKSPACE_URL, keep_words, whose
from incidents.operations.scene import found, known, put, roster_of
from incidents.people import Actor, Ask
from incidents.ports import House, Unit
from incidents.recording import Pinned
from incidents.said import permalink
from runbooks import stepping
from runbooks.model import Run

DUPLICATE_WITHIN = timedelta(minutes=10)
DRILL = Severity.SEV4
ANNOUNCE = "channel.announce"  # the fact that names the channel


class Request(Struct, frozen=True):
    """What somebody typed or chose. `severity` and `harm` None: proposed from the answers and the title.

    `message` is what it was declared from; `quote` is what else is said of it, and becomes a note;
    `restricted` True closes it whatever the title says.
    """

    title: str
    severity: Severity | None = None
    harm: Harm | None = None
    answers: intake.Answers = field(default_factory=intake.Answers)
    quote: str = ""
    message: Pinned | None = None
    restricted: bool = False


def declare(house: House, ask: Ask, request: Request) -> Incident:
    """Raises EmptyTitle, NotAllowed, NotKnownYet. A redelivery answers the same incident."""
    return declare_once(house, ask, request)[0]


def declare_once(house: House, ask: Ask, request: Request) -> tuple[Incident, bool]:
    """The incident, and whether it is this delivery that has declared it. Raises as `declare`."""

    def work(unit: Unit) -> tuple[Incident, bool]:
        now = house.clock.now()
        if ask.delivery and not unit.inbox.first(ask.delivery, now):
            return found(unit, unit.inbox.subject(ask.delivery)), False
        actor = known(unit, ask.user)
        demand(actor, Action.DECLARE)
        wish = _declaration(house, unit, request, actor, now)
        decision = opening.declare(wish, actor, roster_of(house, unit, now), now)
        decision = decision.with_effects(*_duplicates(unit, decision, actor, now))
        unit.incidents.add(decision.incident)
        if request.message is not None:
            decision = decision.then(_quoting(unit, decision.incident, request.message, actor, now))
        put(unit, replace(decision, cancel=()), now)  # a new incident has no timers yet
        tell_letters(unit, () if decision.incident.restricted else (decision.incident,), now)
        unit.audit.write(now, actor.user, Action.DECLARE.value, decision.incident.key, {})
        if ask.delivery:
            unit.inbox.answered(ask.delivery, decision.incident.key)
        return decision.incident, True

    return house.store.write(work)


def proposal(house: House, request: Request) -> intake.Proposal:
    """The severity for these answers, with its reason: what the form shows before it is sent."""
    harm = request.harm or intake.harm_of(request.title)
    return intake.propose(request.answers, harm, house.runbooks.for_harm(harm.value))


def _declaration(
    house: House, unit: Unit, request: Request, actor: Actor, now: datetime
) -> opening.Declaration:
    title, long_text = intake.clean_title(request.title)
    if not title:
        raise EmptyTitle
    harm = request.harm or intake.harm_of(request.title)
    runbook = house.runbooks.for_harm(harm.value)
    if request.severity is None:
        settled = intake.propose(request.answers, harm, runbook)
    else:
        settled = intake.lifted(request.severity, harm, runbook)
    why = intake.restricted_because(request.title, harm) or (
        "it was declared so" if request.restricted else ""
    )
    run: Run | None = (
        stepping.start(runbook, now, actor.user)[0] if runbook and settled.severity < DRILL else None
    )
    return opening.Declaration(
        key=_new_key(house, unit, bool(why)),
        title=title,
        severity=settled.severity,
        severity_why=settled.why,
        harm=harm,
        restricted_why=why,
        answers=request.answers,
        long_text=long_text,
        run=run,
        quote=request.quote,
        is_storm=_is_storm(unit, now),
        is_announced=bool(unit.facts.get(ANNOUNCE)),
    )


def _is_storm(unit: Unit, now: datetime) -> bool:
    return storm.is_one(unit.outbox.behind(EffectKind.CREATE_CHANNEL, now))


def _quoting(unit: Unit, incident: Incident, message: Pinned, actor: Actor, now: datetime) -> Decision:
    """The message on the record, which follows its edits and its deletion. What is another incident's follows
    only there: here it is linked to."""
    if whose(unit, message.ref) is None:
        return keep_words(unit, incident, message, actor.user)
    link = permalink(unit.facts.get(WORKSPACE_URL), message.ref, message.thread)
    note = Entry(EntryKind.NOTE, now, actor.user, f"Declared from a message: {link}")
    return Decision(incident, (note,) if link else ())


def _new_key(house: House, unit: Unit, restricted: bool) -> str:
    """Restricted keys are random and of their own series, so that nobody can count or guess them."""
    if not restricted:
        return f"INC-{unit.incidents.next_number()}"
    key = house.ids.restricted_key()
    while unit.incidents.get(key) is not None:
        key = house.ids.restricted_key()
    return key


def _duplicates(unit: Unit, decision: Decision, actor: Actor, now: datetime) -> tuple[Effect, ...]:
    """Offered after the page has left, never before; a restricted one only to its own manager."""
    incident = decision.incident
    pages = tuple(e.key for e in decision.effects if e.kind is EffectKind.SEND_PAGE)
    for key in unit.incidents.titled(incident.title, now - DUPLICATE_WITHIN):
        if _may_be_offered(unit, key, incident, actor):
            offers = tell(Tell.DUPLICATE, incident.key, (actor.user,), key, of=key)
            return tuple(replace(offer, after=pages or (create_key(incident),)) for offer in offers)
    return ()


def _may_be_offered(unit: Unit, key: str, incident: Incident, actor: Actor) -> bool:
    other = unit.incidents.get(key)
    if other is None or not can_see(actor, other):
        return False
    return not other.restricted or (incident.restricted and other.manager == actor.user)
