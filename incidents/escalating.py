"""By hand: paging the next people at once, and stopping the paging. Pure."""

from datetime import datetime

from incidents.access import can_see
from incidents.command import demand_open
from incidents.decision import Decision, show_change, tell
from incidents.effects import Tell
from incidents.errors import NoOneOnCall, NothingToDo
from incidents.ladder import ALL_LEADS, Roster
from incidents.model import Call, Entry, EntryKind, Incident, NameOf, PageState, UserId
from incidents.paging import call_for_command, climb, stand_down
from incidents.people import Actor


def escalate(
    incident: Incident, by: Actor, reason: str, roster: Roster, now: datetime, name_of: NameOf
) -> Decision:
    """The next level is paged now. Where the paging was stopped, or waits for the morning, it begins.

    Raises NothingToDo where somebody has it or everybody has been paged, NoOneOnCall where nobody is.
    """
    demand_open(incident)
    entry = Entry(EntryKind.ESCALATED, now, by.user, reason.strip())
    wished = Decision(incident, (entry,))
    call = _climbing(incident)
    if call is None:
        if incident.manager:
            raise NothingToDo(
                f"{name_of(incident.manager)} has {incident.key}, and nobody is being paged. Bring someone "
                "in instead."
            )
        decision = wished.then(call_for_command(incident, roster, now, at_once=True))
        if decision.incident.pages == incident.pages:
            raise NoOneOnCall(
                f"Nobody is on call for {incident.severity.label}. Bring someone in, or raise the severity."
            )
        return decision
    if call.level >= len(call.rungs):
        raise NothingToDo(
            f"Everybody on the ladder of {incident.key} has been paged already. Bring someone in by name."
        )
    return wished.then(climb(incident, call.number, call.level + 1, roster, now))


def _climbing(incident: Incident) -> Call | None:
    """The call for command while nobody has it, else the newest that somebody still has to answer."""
    command = incident.command_call
    if command is not None and command.is_open and not incident.manager:
        return command
    waiting = {page.call for page in incident.pages if page.state is PageState.WAITING}
    return next((c for c in reversed(incident.calls) if c.is_open and c.number in waiting), None)


def stop(incident: Incident, by: Actor, reason: str, roster: Roster, now: datetime) -> Decision:
    """Every call ends and nobody is paged any more; the leads are told by whom and why.

    Raises NothingToDo.
    """
    demand_open(incident)
    if not any(call.is_open for call in incident.calls):
        raise NothingToDo(f"Nobody is being paged for {incident.key} now.")
    decision = Decision(incident, (Entry(EntryKind.STOPPED, now, by.user, reason.strip()),))
    for call in incident.calls:
        if call.is_open:
            decision = decision.then(stand_down(decision.incident, call, now))
    leads = _leads(incident, by, roster)
    told = tell(Tell.STOPPED, incident.key, leads, str(incident.version), by=by.user, why=reason.strip())
    return decision.with_effects(*told, *show_change(decision.incident, announce=False))


def _leads(incident: Incident, but: Actor, roster: Roster) -> tuple[UserId, ...]:
    leads = (each.actor for each in roster.find(ALL_LEADS) if each.actor.user != but.user)
    return tuple(lead.user for lead in leads if can_see(lead, incident))
