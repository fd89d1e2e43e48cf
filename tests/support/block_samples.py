"""One story's values for the tests of messages: INC-142, declared in London, answered in New York.

Mon 30 Nov 2026, 19:00 UTC. The names are those of the example organisation."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from handlers.blocks.reader import Reader
from incidents.handoff import Handoff, Summary
from incidents.handoff_lines import Brief, brief
from incidents.handoff_steps import plan
from incidents.model import (
    Call,
    Channel,
    Harm,
    Incident,
    MessageRef,
    Page,
    PageState,
    Role,
    RoleHolding,
    Rung,
    Severity,
    Status,
    Target,
    Update,
)
from runbooks.model import HarmArea, Option, Run, Runbook, Step, StepKind, StepState

DECLARED = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
NOW = DECLARED
ACKNOWLEDGED = DECLARED + timedelta(minutes=2)

PEOPLE = {
    "UANA": "Ana Lima",
    "UBO": "Bo Chen",
    "UPRIYA": "Priya Nair",
    "UDANA": "Dana Ortiz",
    "UKENJI": "Kenji Mori",
    "ULENA": "Lena Wong",
    "UIRIS": "Iris Novak",
}
NEW_YORK = "America/New_York"
WORKSPACE = "https://safety.slack.example/"


def name_of(user: str) -> str:
    return PEOPLE.get(user, user)


def reader(minutes: int = 0, zone: str = "UTC") -> Reader:
    """Somebody who reads so many minutes after the declaration."""
    return Reader(name_of, NOW + timedelta(minutes=minutes), zone, WORKSPACE)


RUNBOOK = Runbook(
    id="RB-03",
    title="Account takeover and fraud wave",
    version=1,
    owner="Fraud",
    review_by=date(2027, 5, 1),
    harm=(HarmArea.FRAUD,),
    floor=2,
    compartment=None,
    steps=(
        Step(
            "scope",
            "incident_manager",
            20,
            "How many accounts, since when?",
            evidence="a number with its interval",
        ),
        Step(
            "way-in",
            "fraud_lead",
            25,
            "Which way in?",
            kind=StepKind.QUESTION,
            options=(
                Option("stuffing", "Credential stuffing"),
                Option("session", "Session theft"),
                Option("sim", "SIM swap"),
                Option("insider", "Insider"),
                Option("unknown", "Not known yet"),
            ),
        ),
        Step("contain", "fraud_lead", 30, "Choose containment, with the false positives it costs"),
        Step("approve", "approver", 45, "Have the containment approved"),
    ),
    do_not=("Mass-ban without sampled precision", "Publish the rule"),
    disclaimer="A default: have counsel read it before you rely on it.",
)
RUN = Run(RUNBOOK, DECLARED, "UPRIYA", tuple(StepState(step.id) for step in RUNBOOK.steps))
LADDER = (
    Rung(0, (Target("primary"),)),
    Rung(5, (Target("backup"),)),
    Rung(10, (Target("lead"),)),
    Rung(15, (Target("lead", where="all"),)),
)
CALL = Call(1, Role.MANAGER, LADDER, level=0)
PAGE = Page(
    call=1,
    level=0,
    user="UANA",
    why="You are AMER primary until Mon 7 Dec 12:00 New York.",
    paged_at=DECLARED,
    answer_by=DECLARED + timedelta(minutes=5),
    next_user="UBO",
)
CHANNEL = Channel("C0INC142", "inc-142-fraud")

DECLARED_INCIDENT = Incident(
    key="INC-142",
    title="Account-takeover wave in EU",
    severity=Severity.SEV1,
    status=Status.TRIAGE,
    harm=Harm.FRAUD,
    restricted=False,
    declared_by="UPRIYA",
    declared_at=DECLARED,
    channel=CHANNEL,
    responders=("UPRIYA", "UANA"),
    calls=(CALL,),
    pages=(PAGE,),
    run=RUN,
    next_update_at=DECLARED + timedelta(minutes=30),
)
ACTIVE = replace(
    DECLARED_INCIDENT,
    status=Status.ACTIVE,
    roles=(RoleHolding(Role.MANAGER, "UANA", ACKNOWLEDGED),),
    calls=(replace(CALL, is_open=False, answered_by="UANA", answered_at=ACKNOWLEDGED),),
    pages=(replace(PAGE, state=PageState.ACKNOWLEDGED, answered_at=ACKNOWLEDGED),),
    acknowledged_at=ACKNOWLEDGED,
    card=MessageRef(CHANNEL.id, "1796068801.000100"),
)
UPDATED = replace(
    ACTIVE,
    updates=(
        Update(
            "About 4,100 accounts since 06:00 UTC. Payouts are held.",
            "UANA",
            DECLARED + timedelta(minutes=20),
        ),
    ),
    next_update_at=DECLARED + timedelta(minutes=50),
)
RESTRICTED = replace(
    DECLARED_INCIDENT,
    key="R-7KQ2",
    title="Threat against a named person",
    harm=Harm.THREAT_TO_LIFE,
    restricted=True,
    restricted_why="threat to life always starts restricted",
    channel=Channel("G0R7KQ2", "r-7kq2"),
)
RESOLVED = replace(
    UPDATED,
    status=Status.RESOLVED,
    contained_at=DECLARED + timedelta(hours=1, minutes=40),
    resolved_at=DECLARED + timedelta(hours=6, minutes=12),
    summary="Sessions were stolen through a browser extension; all were revoked.",
    next_update_at=None,
)
HANDOFF_AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HANDOFF = Handoff(
    id="safety:2026-12-01T01:00:00Z",
    schedule="safety",
    at=HANDOFF_AT,
    from_region="AMER",
    to_region="APAC",
    outgoing=("UANA",),
    incoming=("UKENJI",),
    backup_out=("UBO",),
    backup_in=("ULENA",),
    why="APAC holds from 10:00 Tokyo",
    posted_at=HANDOFF_AT,
    incidents=("INC-142",),
    leads=("UDANA",),
    asked=("UKENJI",),
    plan=plan(HANDOFF_AT),
    summary=Summary(HANDOFF_AT - timedelta(hours=8), declared=1),
)


def brief_of(incident: Incident) -> Brief:
    """As it is handed over, with nothing on its timeline but itself."""
    return brief(incident, (), HANDOFF_AT - timedelta(hours=8))
