"""The postmortem draft: its parts, what is still empty, and the document, built from the record. Pure.

The facts come from the timeline; people write the meaning. An empty part is marked, never invented."""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.decision import Decision, show_change
from incidents.effects import Effect, EffectKind, Priority
from incidents.errors import NotAllowed, NothingToDo, NotInThisStatus, PartsMissing
from incidents.lifecycle import demand_step, end_calls
from incidents.model import ActionItem, Entry, EntryKind, Incident, Severity, Status
from incidents.people import Actor

DRAFT_WAITS = timedelta(seconds=15)  # at most, for the channel to be read back


class Part(Struct, frozen=True):
    """One part of the draft. `asked` is the question of its form; parts without one fill themselves.

    `required_from` is the mildest severity at which closing waits for it; None: never.
    """

    id: str
    title: str
    asked: str = ""
    required_from: Severity | None = None


SUMMARY = Part(
    "summary",
    "Summary",
    "What happened, in a few sentences, without anybody's personal details?",
    Severity.SEV4,
)
ACTIONS = Part("actions", "Action items", "What will be done, by whom, by when?", Severity.SEV2)
PARTS: tuple[Part, ...] = (
    SUMMARY,
    Part("harm", "Harm and who was affected", "Who was harmed, how, how many?", Severity.SEV2),
    Part("times", "Times"),
    Part("detection", "How it was noticed"),
    Part("roles", "Who did what"),
    Part("pages", "Pages and answers"),
    Part("severity", "Severity and status"),
    Part("updates", "Updates"),
    Part("runbook", "Runbook steps"),
    Part("handoffs", "Handoffs"),
    Part("timeline", "Timeline"),
    Part(
        "contributors",
        "What contributed",
        "Policy, product, detection, process, staffing, vendor, tooling?",
        Severity.SEV2,
    ),
    Part(
        "surprises",
        "What surprised us",
        "What went well, what was luck, what did nobody expect?",
        Severity.SEV1,
    ),
    ACTIONS,
)
BY_ID = {part.id: part for part in PARTS}


def is_empty(incident: Incident, part: Part) -> bool:
    """Whether a person still has to write this part."""
    if part is SUMMARY:
        return not incident.summary
    if part is ACTIONS:
        written = incident.parts.get(ACTIONS.id)
        return not written and not any(action.owner and action.due_on for action in incident.actions)
    return bool(part.asked) and not incident.parts.get(part.id)


def missing(incident: Incident) -> tuple[Part, ...]:
    """The empty parts, required or not."""
    return tuple(part for part in PARTS if is_empty(incident, part))


def required(incident: Incident) -> tuple[Part, ...]:
    """What closing waits for: SEV3 and SEV4 need one line; dismissed and duplicate their reason alone."""
    if incident.status in (Status.DISMISSED, Status.DUPLICATE):
        return ()
    return tuple(
        p for p in missing(incident) if p.required_from is not None and incident.severity <= p.required_from
    )


def resolve(incident: Incident, summary: str, by: Actor, now: datetime) -> Decision:
    """It is over: calls and reminders end. The draft is posted when the channel has been read back once more,
    and without that where it takes long."""
    demand_step(incident, Status.RESOLVED)
    changed = replace(
        incident,
        status=Status.RESOLVED,
        resolved_at=now,
        contained_at=incident.contained_at or now,
        summary=summary.strip() or incident.summary,
        next_update_at=None,
    )
    entry = Entry(EntryKind.RESOLVED, now, by.user, summary.strip())
    decision = end_calls(changed, now)
    draft = Effect(
        EffectKind.POST_DRAFT,
        f"draft:{incident.key}:{incident.version + 1}",
        incident.key,
        after=(f"post_card:{incident.key}",),
        priority=Priority.ANNOUNCE,
        not_before=now + DRAFT_WAITS,
    )
    shown = (draft, *show_change(decision.incident, topic=True))
    return decision.then(Decision(decision.incident, (entry,), shown))


def fill_in(incident: Incident, texts: dict[str, str], by: Actor, now: datetime) -> Decision:
    """Write parts of the draft; an empty text leaves its part as it is. `summary` is a part like others."""
    kept = {
        name: text.strip()
        for name, text in texts.items()
        if text.strip() and name in BY_ID and BY_ID[name].asked
    }
    if not kept:
        raise NothingToDo("Nothing was written. Fill in at least one part.")
    names = ", ".join(BY_ID[name].title for name in kept)
    summary = kept.pop(SUMMARY.id, incident.summary)
    changed = replace(incident, summary=summary, parts={**incident.parts, **kept})
    entry = Entry(EntryKind.PART, now, by.user, data={"parts": names})
    return Decision(changed, (entry,), show_change(changed, announce=False))


def add_action(incident: Incident, action: ActionItem, by: Actor, now: datetime) -> Decision:
    """A piece of work that outlives the incident."""
    changed = replace(incident, actions=(*incident.actions, action))
    due = action.due_on.isoformat() if action.due_on else ""
    entry = Entry(EntryKind.ACTION, now, by.user, action.text, {"owner": action.owner, "due": due})
    return Decision(changed, (entry,), show_change(changed, announce=False))


def close(incident: Incident, by: Actor, now: datetime, resolved_by: str = "") -> Decision:
    """Refused while required parts are empty; a SEV0 or SEV1 is closed by somebody who did not resolve it."""
    if incident.status.is_open:
        raise NotInThisStatus(
            f"{incident.key} is {incident.status.value}. Resolve it first: /incident resolve"
        )
    demand_step(incident, Status.CLOSED)
    if empty := required(incident):
        raise PartsMissing(incident.key, tuple(part.title for part in empty))
    if incident.severity <= Severity.SEV1 and incident.status is Status.RESOLVED and by.user == resolved_by:
        raise NotAllowed(
            f"{incident.key} is {incident.severity.label}: a second person has to close it. Ask a colleague."
        )
    changed = replace(incident, status=Status.CLOSED, closed_at=now)
    data = {"from": incident.status.value, "to": Status.CLOSED.value}
    entry = Entry(EntryKind.STATUS, now, by.user, data=data)
    return Decision(changed, (entry,), show_change(changed, topic=True))


def resolved_by(entries: tuple[Entry, ...]) -> str:
    """Who resolved it last."""
    return next((e.by for e in reversed(entries) if e.kind is EntryKind.RESOLVED), "")


def duration(length: timedelta | None) -> str:
    """`6 h 12 min`, `2 min`, `3 d 4 h`; `not reached` for None."""
    if length is None:
        return "not reached"
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


def since_declared(incident: Incident, at: datetime | None) -> str:
    """How long after the declaration an instant was."""
    return duration(at - incident.declared_at if at else None)
