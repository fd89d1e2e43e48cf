"""Answering a page, saying "I can't", bringing somebody in."""

from msgspec.structs import replace

from incidents import command, escalating, ladder
from incidents.access import Action
from incidents.command import demand_open
from incidents.decision import Decision, show_change, stamp, tell
from incidents.effects import Tell
from incidents.errors import NoOneOnCall, NothingToDo
from incidents.ladder import Candidate, Roster
from incidents.model import (
    Call,
    Entry,
    EntryKind,
    Incident,
    Page,
    PageState,
    Role,
    Status,
    Target,
    UserId,
)
from incidents.operations.scene import Scene, change, somebody_fit
from incidents.operations.watching import standing_by
from incidents.paging import no_longer, start_call
from incidents.people import Ask
from incidents.ports import House, Unit


def acknowledge(house: House, ask: Ask, key: str, page_id: str = "", on_behalf_of: UserId = "") -> Incident:
    """`on_behalf_of`: the person who has it now because the asker says so; they are told.

    Raises AlreadyAcknowledged, NothingToDo, NotInThisStatus, NotAPerson.
    """

    def decide(scene: Scene) -> Decision:
        if on_behalf_of not in ("", scene.actor.user):
            return _for_somebody(scene, on_behalf_of)
        page = scene.incident.page(page_id) if page_id else None
        if page is not None and page.user != scene.actor.user:
            page = None
        return command.acknowledge(scene.incident, scene.actor, scene.now, scene.name_of, page)

    return change(house, ask, key, Action.ACKNOWLEDGE, decide)


def pages_waiting(house: House, user: UserId) -> tuple[tuple[str, Page], ...]:
    """(key, page) of everything this person can still answer: what waits, else what was passed on and nobody
    has taken. The gravest first."""

    def work(unit: Unit) -> tuple[tuple[str, Page], ...]:
        live = unit.incidents.listing([status for status in Status if status.is_open], limit=200)
        live = sorted(live, key=lambda incident: incident.severity)
        mine = [(one, page) for one in live for page in one.pages if page.user == user]
        waiting = [(one.key, page) for one, page in mine if page.state is PageState.WAITING]
        passed = [(one.key, page) for one, page in mine if _is_untaken(one, page)]
        return tuple(waiting or passed)

    return house.store.read(work)


def _is_untaken(incident: Incident, page: Page) -> bool:
    call = incident.call(page.call)
    return page.state is PageState.PASSED and call is not None and call.is_open


def _for_somebody(scene: Scene, user: UserId) -> Decision:
    """The entry is theirs and says who did it; so does a message to them."""
    incident, by = scene.incident, scene.actor.user
    actor = somebody_fit(scene, user)
    decision = command.acknowledge(incident, actor, scene.now, scene.name_of, via=by)
    told = tell(Tell.ON_BEHALF, incident.key, (user,), str(incident.version), by=by, at=stamp(scene.now))
    return decision.with_effects(*told)


def escalate(house: House, ask: Ask, key: str, reason: str = "") -> Incident:
    """Page the next people at once. Raises NothingToDo, NoOneOnCall."""

    def decide(scene: Scene) -> Decision:
        roster = standing_by(scene.house, scene.unit, scene.incident, scene.roster())
        return escalating.escalate(scene.incident, scene.actor, reason, roster, scene.now, scene.name_of)

    return change(house, ask, key, Action.ESCALATE, decide)


def stop_paging(house: House, ask: Ask, key: str, reason: str = "") -> Incident:
    """Nobody is paged any more; the leads are told. Raises NothingToDo."""

    def decide(scene: Scene) -> Decision:
        return escalating.stop(scene.incident, scene.actor, reason, scene.roster(), scene.now)

    return change(house, ask, key, Action.STOP_PAGING, decide)


def decline(house: House, ask: Ask, key: str) -> Incident:
    """ "I can't": no reason is asked; the next person is paged at once, in every call that waits for them."""

    def decide(scene: Scene) -> Decision:
        mine = (p for p in scene.incident.pages if p.user == scene.actor.user)
        pages = [page for page in mine if page.state is PageState.WAITING]
        if not pages:
            raise NothingToDo(f"You are not being paged for {scene.incident.key} now. Nothing for you to do.")
        decision, roster = Decision(scene.incident), scene.roster()
        for page in pages:
            declined = no_longer(decision.incident, page, PageState.DECLINED, roster, scene.now)
            decision = decision.then(declined)
        return decision

    return change(house, ask, key, Action.ACKNOWLEDGE, decide)


def bring_in(house: House, ask: Ask, key: str, whom: Target, why: str = "") -> Incident:
    """Page one more person or seat, with the same ladder. Raises NoOneOnCall, NotAPerson, NothingToDo.

    `why` stands on the timeline and, unless the incident is restricted, in the page.
    """

    def decide(scene: Scene) -> Decision:
        demand_open(scene.incident)
        roster = _with_person(scene, whom, why.strip()) if whom.person else scene.roster()
        label = _label(scene, roster, whom)
        role = Role.LIAISON if whom.schedule else Role.SPECIALIST
        rungs = ladder.bring_in(scene.incident.severity, whom)
        note = "" if whom.person else label
        call = Call(len(scene.incident.calls) + 1, role, rungs, note=note, asked_by=scene.actor.user)
        asked = Entry(EntryKind.ASKED_IN, scene.now, scene.actor.user, why.strip(), {"whom": label})
        decision = Decision(scene.incident, (asked,))
        decision = decision.then(start_call(scene.incident, call, roster, scene.now))
        return decision.with_effects(*show_change(decision.incident, announce=False))

    return change(house, ask, key, Action.PAGE, decide)


def _with_person(scene: Scene, whom: Target, why: str) -> Roster:
    actor = somebody_fit(scene, whom.person)
    actor = replace(actor, ring=scene.house.phone_of(actor))
    asks = f"{scene.actor.name} asks you to come"
    said = f"{asks}: {why.rstrip('.')}." if why and not scene.incident.restricted else f"{asks}."
    roster = scene.roster()
    candidate = Candidate(actor, "asked for", said)
    return replace(roster, holders={**roster.holders, whom: (candidate,)})


def _label(scene: Scene, roster: Roster, whom: Target) -> str:
    if whom.person:
        waiting = [p for p in scene.incident.pages if p.user == whom.person and p.state is PageState.WAITING]
        if waiting:
            raise NothingToDo(
                f"{scene.name_of(whom.person)} is being paged for {scene.incident.key} already."
            )
        return scene.name_of(whom.person)
    if not roster.find(whom):
        raise NoOneOnCall(f"Nobody is scheduled for {roster.name(whom)}. Pick a person instead.")
    return whom.schedule.capitalize() or roster.name(whom)
