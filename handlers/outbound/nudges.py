"""The words of `blocks.nudges`, each rendered for its one reader and skipped where it is no longer true."""

from collections.abc import Callable, Mapping
from datetime import datetime

from handlers.blocks import nudges
from handlers.blocks.nudges import CareOver, Gone
from handlers.calls import Message, Skip
from handlers.outbound.desk import Desk
from incidents.access import can_see
from incidents.choosing import GONE, NO_ACCOUNT
from incidents.decision import stamp
from incidents.effects import Tell
from incidents.model import Incident, Role
from rotations.model import Organisation
from rotations.shifts import Resolver, resolver_of


def _silent(desk: Desk, incident: Incident) -> Message | Skip:
    watch, args = incident.watch, desk.effect.args
    is_asked = watch is not None and watch.asked_at is not None and stamp(watch.asked_at) == args["asked"]
    if watch is None or not is_asked or watch.user != desk.user or watch.paged_at is not None:
        return Skip("they have been heard of, or somebody else answers for it now")
    return nudges.silent(incident, watch, datetime.fromisoformat(args["last"]), desk.reader(desk.user))


def _update_late(desk: Desk, incident: Incident) -> Message | Skip:
    due = incident.next_update_at
    if due is None or not incident.status.is_open or stamp(due) != desk.effect.args["due"]:
        return Skip("an update has come since")
    stands_in = desk.effect.args["to"] != "lead" and desk.user not in incident.in_role(Role.DEPUTY)
    as_whom = "backup" if stands_in else desk.effect.args["to"]
    return nudges.update_late(incident, due, as_whom, desk.reader(desk.user))


def _care(desk: Desk, incident: Incident) -> Message | Skip:
    kept = incident.care
    if kept is None or stamp(kept.since) != desk.effect.args["since"]:
        return Skip("the twenty minutes are over")
    return nudges.care_begins(incident, kept, desk.reader(desk.user))


def _care_over(desk: Desk, incident: Incident) -> Message | Skip:
    args = desk.effect.args
    over = CareOver(args["user"], args["stand_in"], args["how"])
    return nudges.care_over(incident, over, desk.user, desk.reader(desk.user))


def _stopped(desk: Desk, incident: Incident) -> Message | Skip:
    if not incident.status.is_open:
        return Skip("it is over")
    args = desk.effect.args
    return nudges.stopped(incident, args["by"], args["why"], desk.reader(desk.user))


def _on_behalf(desk: Desk, incident: Incident) -> Message | Skip:
    held = [each.role for each in incident.roles if each.user == desk.user]
    if not held or not incident.status.is_open:
        return Skip("they hold it no longer")
    args = desk.effect.args
    at = datetime.fromisoformat(args["at"])
    return nudges.on_behalf(incident, held[-1], args["by"], at, desk.reader(desk.user))


def _gone(desk: Desk, incident: Incident) -> Message | Skip:
    """Who they are concerns every lead; which incident it was, only those who may see it."""
    user, number = desk.effect.args.get("user", ""), desk.effect.args.get("call", "")
    person = desk.effect.args.get("person", "") or desk.unit.schedules.person_key(user)
    lead = desk.unit.people.actor(desk.user)
    sees = lead is not None and can_see(lead, incident)
    of_call = [page for page in incident.pages if str(page.call) == number and page.user != user]
    last = max((page.level for page in of_call), default=0)
    instead = tuple(page.user for page in of_call if page.level == last) if sees else ()
    who = Gone(user or _name(desk, person), _why_gone(desk, user), _named(desk, person), instead)
    return nudges.gone(incident if sees else None, who, desk.reader(desk.user))


def _why_gone(desk: Desk, user: str) -> str:
    if not user:
        return NO_ACCOUNT
    gone_one = desk.unit.people.actor(user)
    return GONE if gone_one is None or gone_one.is_deactivated else "could not be reached in Slack"


def _name(desk: Desk, person: str) -> str:
    """By the schedules, of somebody whom Slack does not know."""
    organisation = desk.unit.schedules.organisation()
    return organisation.names().get(person, person) if organisation else person


def _named(desk: Desk, person: str) -> str:
    """When the schedules name this person: `until …` where it is now, else `from …`; "" where they do not."""
    organisation = desk.unit.schedules.organisation()
    if organisation is None or not person:
        return ""
    said = (_turn(desk, resolver, person) for resolver in _resolvers(organisation))
    return next((words for words in said if words), "")


def _resolvers(organisation: Organisation) -> list[Resolver]:
    return [resolver_of(organisation, schedule.name) for schedule in organisation.schedules]


def _turn(desk: Desk, resolver: Resolver, person: str) -> str:
    reader = desk.reader(desk.user)
    for row in resolver.at(desk.now):
        if person in row.people:
            until = row.turn_until or row.end
            return f"until {reader.own(until)}" if until else "now"
    for change in resolver.next_transitions(desk.now, 60):
        if any(person in row.people for row in change.after):
            return f"from {reader.own(change.at)}"
    return ""


ABOUT: Mapping[Tell, Callable[[Desk, Incident], Message | Skip]] = {
    Tell.SILENT: _silent,
    Tell.UPDATE_LATE: _update_late,
    Tell.CARE: _care,
    Tell.CARE_OVER: _care_over,
    Tell.STOPPED: _stopped,
    Tell.GONE: _gone,
    Tell.ON_BEHALF: _on_behalf,
}
