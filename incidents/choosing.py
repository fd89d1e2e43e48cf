"""Whom one level of a ladder pages, whom it passes over and why, who would be next. Pure.

Nobody is paged twice in one round of a ladder; in a further round all are, but for those who cannot come."""

from collections.abc import Sequence
from datetime import datetime

from incidents.ladder import Candidate, Roster, is_liaison
from incidents.model import Call, Entry, EntryKind, Incident, PageState, Role, Rung, Target, UserId

GONE = "is no longer in this workspace"
NO_ACCOUNT = "has no Slack account that Meridian knows"
SPARED = "runs another SEV0 or SEV1"
SPARED_DISCREETLY = "is not free now"  # restricted: that there is one is nobody else's to know

Chosen = tuple[Candidate, ...]


def first_reached(
    incident: Incident, call: Call, level: int, roster: Roster, now: datetime
) -> tuple[int, Chosen, tuple[Entry, ...]]:
    """The first level from `level` on that reaches somebody, whom, and who was passed over on the way, once.

    Where no level does, it is the one behind the last."""
    notes: list[Entry] = []
    for at in range(level, len(call.rungs)):
        chosen, skipped = _choose(incident, call, call.rungs[at], roster, now)
        for note in skipped:
            if note not in notes:
                notes.append(note)
        if chosen:
            return at, chosen, tuple(notes)
    return len(call.rungs), (), tuple(notes)


def gone_of(notes: Sequence[Entry]) -> list[dict[str, str]]:
    """Who of those passed over cannot be reached at all: each by `user`, without an account by `person`."""
    away = [{"user": note.data["user"]} for note in notes if note.data.get("why") == GONE]
    return away + [{"person": note.data["person"]} for note in notes if note.data.get("why") == NO_ACCOUNT]


def _choose(
    incident: Incident, call: Call, rung: Rung, roster: Roster, now: datetime
) -> tuple[Chosen, tuple[Entry, ...]]:
    chosen: dict[UserId, Candidate] = {}
    notes: list[Entry] = []
    for target in own_targets(call, rung):
        holders, unlinked = roster.find(target), roster.unlinked.get(target, ())
        if not holders and not unlinked and not target.person:
            notes.append(Entry(EntryKind.NOBODY, now, data={"seat": roster.name(target)}))
        for one in unlinked:
            data = {"person": one.person, "name": one.name, "why": NO_ACCOUNT}
            notes.append(Entry(EntryKind.SKIPPED, now, data=data))
        for candidate in holders:
            if why := _unfit(incident, call, candidate, target, roster):
                notes.append(Entry(EntryKind.SKIPPED, now, data={"user": candidate.actor.user, "why": why}))
            elif not _is_done(incident, call, rung, candidate.actor.user):
                chosen.setdefault(candidate.actor.user, candidate)
    return tuple(chosen.values()), tuple(notes)


def own_targets(call: Call, rung: Rung) -> tuple[Target, ...]:
    """Whom the call itself pages. Specialists that a ladder of command names come by calls of their own."""
    if call.role is not Role.MANAGER:
        return rung.targets
    return tuple(target for target in rung.targets if not is_liaison(target))


def _unfit(incident: Incident, call: Call, candidate: Candidate, target: Target, roster: Roster) -> str:
    """Why this holder of the seat is not paged, or ""."""
    actor = candidate.actor
    if actor.is_deactivated:
        return GONE
    if actor.is_bot or actor.is_stranger:
        return "is not a member of this workspace"
    if incident.restricted and actor.is_outside:
        return "is from outside, and this incident is restricted"
    if call.role is not Role.MANAGER and actor.user == incident.manager:
        return "is incident manager and holds only that role"
    is_asked_as_lead = target.seat == "lead" or (target.person and actor.is_lead)
    if actor.user in roster.busy and _spares(call) and not is_asked_as_lead:
        return SPARED_DISCREETLY if actor.user in roster.discreet else SPARED
    return ""


def _spares(call: Call) -> bool:
    """Whether it passes over who runs another grave incident: one for command, or for a deputy whom no
    person has asked for. The call behind somebody silent has left them out already, where others are free."""
    if call.asked_by or call.silence is not None:
        return False
    return call.role in (Role.MANAGER, Role.DEPUTY)


def _is_done(incident: Incident, call: Call, rung: Rung, user: UserId) -> bool:
    """They were paged in this round, or have said in an earlier one that they cannot come."""
    pages = (page for page in incident.pages if page.call == call.number and page.user == user)
    return any(
        page.state is PageState.DECLINED or call.rungs[page.level].round == rung.round for page in pages
    )


def following(incident: Incident, call: Call, level: int, chosen: Chosen, roster: Roster) -> UserId:
    """Who is paged next when none of the chosen of this level answers, or ""."""
    taken = {c.actor.user for c in chosen}
    for rung in call.rungs[level + 1 :]:
        for target in own_targets(call, rung):
            for candidate in roster.find(target):
                user = candidate.actor.user
                fit = user not in taken and not _unfit(incident, call, candidate, target, roster)
                if fit and not _is_done(incident, call, rung, user):
                    return user
    return ""
