"""Incidents, people and rosters in few words, for the tests of the rules."""

from datetime import UTC, datetime

from msgspec.structs import replace

from incidents import ladder
from incidents.decision import Decision
from incidents.effects import Effect, EffectKind
from incidents.ladder import Candidate, Roster
from incidents.model import Call as CallOfLadder
from incidents.model import Entry, EntryKind, Harm, Incident, Page, Role, RoleHolding, Severity, Status
from incidents.paging import start_call
from incidents.people import Actor

NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
NAMES = {"UANA": "Ana Lima", "UBO": "Bo Chen", "UDANA": "Dana Ortiz", "UPRIYA": "Priya Nair"}
ANA, BO, DANA, PRIYA = NAMES
CY, KENJI, HARUKA, ELENA, NIAMH = "UCY", "UKENJI", "UHARUKA", "UELENA", "UNIAMH"
IRIS, JOY, RUTH = "UIRIS", "UJOY", "URUTH"
WAVE = "Account-takeover wave in EU"


def name_of(user: str) -> str:
    return NAMES.get(user, user)


def person(user: str, **marks: bool) -> Actor:
    """Somebody as the workspace and the schedules know them: `person(JOY, is_vendor=True)`."""
    return replace(Actor(user, name_of(user)), **marks)  # type: ignore[arg-type]


def incident(**fields: object) -> Incident:
    """An open SEV1 that Priya declared and nobody has yet."""
    made = Incident(
        key="INC-1",
        title=WAVE,
        severity=Severity.SEV1,
        status=Status.TRIAGE,
        harm=Harm.FRAUD,
        restricted=False,
        declared_by=PRIYA,
        declared_at=NOW,
        responders=(PRIYA,),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def managed(**fields: object) -> Incident:
    """The same in the hands of Ana."""
    held = (RoleHolding(Role.MANAGER, ANA, NOW),)
    return incident(**{"status": Status.ACTIVE, "roles": held, **fields})


def seat(*people: Actor, name: str = "AMER primary") -> tuple[Candidate, ...]:
    return tuple(Candidate(one, name, f"You are {name}.") for one in people)


def roster(
    primary: tuple[Actor, ...] = (person(ANA),),
    backup: tuple[Actor, ...] = (person(BO),),
    lead: tuple[Actor, ...] = (person(DANA),),
    leads: tuple[Actor, ...] | None = None,
    busy: tuple[str, ...] = (),
    legal: tuple[Actor, ...] | None = None,
    quiet_until: datetime | None = None,
) -> Roster:
    """Ana, Bo behind her, Dana as lead. `legal` None: there is no Legal schedule."""
    holders = {
        ladder.PRIMARY: seat(*primary),
        ladder.BACKUP: seat(*backup, name="AMER backup"),
        ladder.LEAD: seat(*lead, name="AMER lead"),
        ladder.ALL_LEADS: seat(*(lead if leads is None else leads), name="lead"),
    }
    names = {target: f"AMER {target.seat}" for target in holders}
    if legal is not None:
        holders[ladder.LEGAL] = seat(*legal, name="Legal primary")
        names[ladder.LEGAL] = "Legal primary"
    return Roster(True, holders, frozenset(busy), names, quiet_until)


def called(at: Incident, who: Roster, now: datetime = NOW) -> Decision:
    """The first call for an incident manager."""
    call = CallOfLadder(len(at.calls) + 1, Role.MANAGER, ladder.default(at.severity).rungs)
    return start_call(at, call, who, now)


def users(pages: tuple[Page, ...]) -> list[str]:
    return [page.user for page in pages]


def entries(decision: Decision, kind: EntryKind) -> list[Entry]:
    return [entry for entry in decision.entries if entry.kind is kind]


def effects(decision: Decision, kind: EffectKind) -> list[Effect]:
    return [effect for effect in decision.effects if effect.kind is kind]


def told(sent: list[Effect] | tuple[Effect, ...], about: str) -> set[str]:
    """Who is told this by direct message."""
    kinds = (effect for effect in sent if effect.args.get("about") == about)
    return {user for effect in kinds for user in effect.users}
