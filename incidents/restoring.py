"""After a restore from an older copy: what may have been done since then is not done again. Pure.

The copy does not know what left after it was made. What can be looked for in Slack is looked for; what cannot
is left to people, who are told. Nobody is paged or rung on the strength of an old copy alone."""

from datetime import datetime

from incidents import watch
from incidents.decision import Decision, stamp
from incidents.effects import EffectKind, Priority, TimerKind
from incidents.model import Entry, EntryKind, Incident

DOUBTED = "doubted"  # in an effect's args: it leaves only when Slack says that it is not there yet
NEVER_AGAIN = frozenset({EffectKind.RING, EffectKind.RINGS, EffectKind.READ_DND, EffectKind.MAIL})
"""Nothing can be looked for."""
LAPSED = frozenset(
    {
        TimerKind.CALL_LEVEL,
        TimerKind.RING,
        TimerKind.SILENCE,
        TimerKind.UPDATE_DUE,
        TimerKind.UPDATE_LATE,
    }
)


def is_doubted(priority: int) -> bool:
    """Pages, handoffs and openings, which otherwise leave twice rather than never."""
    return priority <= Priority.OPENING


def restored(incident: Incident, copy_at: datetime, now: datetime) -> Decision:
    """The timeline says that it may lack something, and from when on. Whoever has it is watched anew."""
    entry = Entry(EntryKind.RESTORED, now, data={"copy_at": stamp(copy_at)}, dedup=_name(incident, now))
    return Decision(incident, (entry,)).then(watch.anew(incident, now))


def waits_for_somebody(incident: Incident) -> bool:
    """By this copy nobody has taken it: people have to look, for it is not paged again."""
    call = incident.command_call
    return incident.status.is_open and not incident.manager and call is not None and call.is_open


def _name(incident: Incident, now: datetime) -> str:
    return f"restored:{incident.key}:{stamp(now)}"
