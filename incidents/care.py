"""Take 20: the incident manager rests for twenty minutes while somebody else answers. Pure.

It is care and never a measure of anybody: it stands on the timeline and in no document or number."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from incidents.command import demand_open, join
from incidents.decision import Decision, show_change, stamp, tell
from incidents.effects import Tell, Timer, TimerKind
from incidents.errors import NotAllowed, NothingToDo
from incidents.ladder import Candidate, Roster
from incidents.model import Care, Entry, EntryKind, Incident, UserId

LASTS = timedelta(minutes=20)
PREFIX = "care:"

# How it ended, as data of its entry and of what both are told.
TIME, BACK, CANNOT, SILENT, MOVED = "time", "back", "cannot", "silent", "moved"


class NobodyToHold(NothingToDo):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"Nobody is there to hold {key} for you: it has no deputy, and no backup is free. Nothing has "
            "changed. Bring someone in first."
        )


def take(
    incident: Incident, user: UserId, candidates: Sequence[Candidate], roster: Roster, now: datetime
) -> Decision:
    """The first fit of the candidates holds it. Raises NotAllowed, NothingToDo, NobodyToHold."""
    demand_open(incident)
    if incident.manager != user:
        raise NotAllowed(f"Only the incident manager of {incident.key} can take 20 minutes. Ask them.")
    if incident.care is not None:
        raise NothingToDo("You are taking 20 minutes already. Press “I am back” to end them.")
    stand_in = next((one.actor.user for one in candidates if _is_fit(one, incident, roster)), "")
    if not stand_in:
        raise NobodyToHold(incident.key)
    kept = Care(user, stand_in, now, now + LASTS)
    decision = join(replace(incident, care=kept), (stand_in,), f"care.{incident.version}")
    entry = Entry(EntryKind.CARE, now, user, data={"user": user, "stand_in": stand_in})
    timer = Timer(TimerKind.CARE_ENDS, _key(incident, kept), incident.key, kept.until, _args(kept))
    told = tell(Tell.CARE, incident.key, (stand_in,), stamp(now), since=stamp(now))
    shown = show_change(decision.incident, announce=False)
    return decision.then(Decision(decision.incident, (entry,), (*told, *shown), (timer,)))


def _is_fit(candidate: Candidate, incident: Incident, roster: Roster) -> bool:
    actor = candidate.actor
    if actor.user == incident.manager or actor.user in roster.busy:
        return False
    if actor.is_deactivated or actor.is_bot or actor.is_stranger:
        return False
    return not (incident.restricted and actor.is_outside)


def back(incident: Incident, user: UserId, now: datetime) -> Decision:
    """ "I am back", before the time is over. Raises NothingToDo."""
    if incident.care is None or incident.care.user != user:
        raise NothingToDo(f"You are not taking 20 minutes from {incident.key}. Nothing for you to do.")
    return end(incident, now, BACK)


def cannot(incident: Incident, user: UserId, now: datetime) -> Decision:
    """The stand-in's "I can't": it goes back at once, and no reason is asked. Raises NothingToDo."""
    if incident.care is None or incident.care.stand_in != user:
        raise NothingToDo(f"You are not holding {incident.key} for anybody now. Nothing for you to do.")
    return end(incident, now, CANNOT)


def time_over(incident: Incident, timer: Timer, now: datetime) -> Decision:
    """The twenty minutes are over; a timer of earlier ones changes nothing."""
    if incident.care is None or timer.args != _args(incident.care):
        return Decision(incident)
    return end(incident, now, TIME)


def follow(incident: Incident, now: datetime) -> Decision:
    """It ends with command of the incident, with the incident, and when the stand-in is given command."""
    kept = incident.care
    if kept is None or (incident.status.is_open and incident.manager == kept.user):
        return Decision(incident)
    return end(incident, now, MOVED)


def end(incident: Incident, now: datetime, how: str) -> Decision:
    """It is with the incident manager again, and both are told; whoever ended it knows already."""
    kept = incident.care
    if kept is None:
        return Decision(incident)
    told = {BACK: (kept.stand_in,), CANNOT: (kept.user,), MOVED: (kept.stand_in,)}
    users = told.get(how, (kept.user, kept.stand_in))
    data = {"user": kept.user, "stand_in": kept.stand_in, "how": how}
    effects = tell(
        Tell.CARE_OVER,
        incident.key,
        users,
        stamp(kept.since),
        user=kept.user,
        stand_in=kept.stand_in,
        how=how,
    )
    changed = replace(incident, care=None)
    shown = show_change(changed, announce=False)
    entry = Entry(EntryKind.CARE_OVER, now, data=data)
    return Decision(changed, (entry,), (*effects, *shown), cancel=(PREFIX,))


def _key(incident: Incident, kept: Care) -> str:
    return f"{PREFIX}{incident.key}:{stamp(kept.since)}:{incident.version}"


def _args(kept: Care) -> dict[str, str]:
    return {"since": stamp(kept.since)}
