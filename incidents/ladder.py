"""Who is paged at each severity and when the page climbs: DOMAIN section C as data. Pure.

Minutes count from the start of the call when all goes on time; a late level shifts all later ones. The first
phone of a SEV1 rings a minute after its page, those of later levels, who are late already, at once."""

from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from incidents.model import Harm, Rung, Severity, Target, UserId
from incidents.people import Actor

PRIMARY, BACKUP, LEAD = Target("primary"), Target("backup"), Target("lead")
ALL_LEADS = Target("lead", where="all")
LEGAL = Target("primary", schedule="legal")
EXECUTIVE = Target("primary", schedule="executive")

EMERGENCY_CLOCK = timedelta(hours=4)  # a duty due so soon is called for as a SEV1 is
ONE_LEVEL_WAIT_MIN = 15  # what the only level of a ladder is given: no other says how long one waits

_COMMAND: dict[Severity, tuple[Rung, ...]] = {
    Severity.SEV0: (
        Rung(0, (PRIMARY, BACKUP, LEGAL), 0),
        Rung(3, (LEAD,), 0),
        Rung(6, (ALL_LEADS, EXECUTIVE), 0),
    ),
    Severity.SEV1: (
        Rung(0, (PRIMARY,), 1),
        Rung(5, (BACKUP,), 0),
        Rung(10, (LEAD,), 0),
        Rung(15, (ALL_LEADS,), 0),
    ),
    Severity.SEV2: (Rung(0, (PRIMARY,)), Rung(15, (BACKUP,)), Rung(30, (LEAD,))),
    Severity.SEV3: (Rung(0, (PRIMARY,)),),
    Severity.SEV4: (),
}


class Policy(Struct, frozen=True):
    """A ladder and the calls for an incident manager that it is for; empty, or None, is any.

    `waits_for_morning`: where it is night for whom it pages first, nobody is paged before their morning.
    Without rungs nobody is paged. `when` says it in words; "" for the default of the trade.
    """

    rungs: tuple[Rung, ...]
    severities: frozenset[Severity] = frozenset()
    harms: frozenset[Harm] = frozenset()
    night: bool | None = None
    waits_for_morning: bool = False
    when: str = ""

    @property
    def first(self) -> Target:
        """Whom it pages first; where that is nobody, the primary."""
        targets = (target for rung in self.rungs[:1] for target in rung.targets)
        return next((target for target in targets if not is_liaison(target)), PRIMARY)

    def fits(self, severity: Severity, harm: Harm, is_night: bool) -> bool:
        return (
            (not self.severities or severity in self.severities)
            and (not self.harms or harm in self.harms)
            and self.night in (None, is_night)
        )


def default(severity: Severity) -> Policy:
    """The ladder of the trade, where the organisation has none of its own."""
    waits = severity is Severity.SEV3
    return Policy(_COMMAND[severity], frozenset({severity}), waits_for_morning=waits)


def is_liaison(target: Target) -> bool:
    """A specialist who comes beside whoever takes command and never takes it, as Legal does."""
    return bool(target.schedule) and target != EXECUTIVE


def bring_in(severity: Severity, first: Target) -> tuple[Rung, ...]:
    """The ladder of a call for one more person: the target, its backup seat, the lead.

    The gaps are those of the severity's own ladder (SEV3 and SEV4 as SEV2: somebody asked for a human).
    """
    model = _COMMAND[min(severity, Severity.SEV2)]
    targets = [first, *_behind(first), LEAD]
    return tuple(replace(rung, targets=(target,)) for rung, target in zip(model, targets, strict=False))


def _behind(first: Target) -> tuple[Target, ...]:
    if first.person or first.seat != "primary":
        return ()
    return (Target("backup", first.where, first.schedule),)


class Candidate(Struct, frozen=True):
    """Somebody who holds a seat now, and why, as a sentence in their own zone."""

    actor: Actor
    seat: str
    why: str


class Unlinked(Struct, frozen=True):
    """Somebody who holds a seat and has no Slack account that Meridian knows, by key of the file and name."""

    person: str
    name: str


class Roster(Struct, frozen=True):
    """Who holds what at one instant: the answer of the schedules, taken once per decision.

    `policies` are the organisation's own, in the order in which they are asked. `quiet_until` is the next
    morning where it is night for the region that holds, None by day; `mornings` the same of targets that are
    elsewhere. `is_set_up` is False until one region and one lead exist. `busy` are managers of an open
    SEV0/SEV1; `discreet` are those of them who run restricted ones alone, which is not said.
    `holders` is keyed by target, and so is `unlinked`: who holds it besides and cannot be paged; `names` says
    the seat in words for "Nobody is scheduled for …".
    """

    is_set_up: bool
    holders: dict[Target, tuple[Candidate, ...]] = field(default_factory=dict)
    busy: frozenset[UserId] = frozenset()
    names: dict[Target, str] = field(default_factory=dict)
    quiet_until: datetime | None = None
    discreet: frozenset[UserId] = frozenset()
    policies: tuple[Policy, ...] = ()
    unlinked: dict[Target, tuple[Unlinked, ...]] = field(default_factory=dict)
    mornings: dict[Target, datetime | None] = field(default_factory=dict)

    def policy(self, severity: Severity, harm: Harm, clock_due_in: timedelta | None = None) -> Policy:
        """What is climbed for such an incident now: the first of the organisation's own that is for it.

        `clock_due_in`: how soon the nearest legal or promised deadline is due; within four hours it is called
        as at SEV1 at least.
        """
        if clock_due_in is not None and clock_due_in <= EMERGENCY_CLOCK:
            severity = min(severity, Severity.SEV1)
        own = (
            policy
            for policy in self.policies
            if policy.fits(severity, harm, self.quiet_for(policy) is not None)
        )
        return next(own, default(severity))

    def quiet_for(self, policy: Policy) -> datetime | None:
        """The next morning of whom the policy pages first, where it is night for them; None by day."""
        return self.mornings.get(policy.first, self.quiet_until)

    def find(self, target: Target) -> tuple[Candidate, ...]:
        return self.holders.get(target, ())

    def name(self, target: Target) -> str:
        """The seat in words: `AMER primary`; of a schedule that is not kept, `Executive primary`."""
        return self.names.get(target, f"{target.schedule.capitalize()} {target.seat}".strip())

    @property
    def leads(self) -> tuple[UserId, ...]:
        """Every region's lead who can be written to, each once."""
        users = (c.actor.user for c in self.find(ALL_LEADS) if not c.actor.is_deactivated)
        return tuple(dict.fromkeys(users))
