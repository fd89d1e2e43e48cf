"""The postmortem draft as a Markdown document, built from the record. Pure; every user text is made inert.

Names are shown as people know them; empty parts say that they are empty and who could fill them in."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidents.intake import one_line
from incidents.model import Entry, EntryKind, Incident, NameOf, PageState, Role
from incidents.postmortem import ACTIONS, PARTS, SUMMARY, Part, duration, is_empty, since_declared
from incidents.timeline import sentence, shown
from rotations.zones import city, rules_of
from runbooks.model import StepState, StepStatus

EMPTY = "_Still empty. Press “Fill in my part” in the channel._"
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_OPENING = re.compile(r"^(\d*)([-+=.)])")  # at the start of a line: a list, a heading, a rule
_LINKED = re.compile(r"(?i)\b(https?|ftp|javascript|data|mailto):")
_WORLD_WIDE = re.compile(r"(?i)\b(www)\.")


class Record(Struct, frozen=True):
    """What the document is built from. `entries` are the full record; `zone` is the incident manager's, for
    the local times."""

    incident: Incident
    entries: tuple[Entry, ...]
    name_of: NameOf
    zone: str = "UTC"

    def both(self, at: datetime) -> str:
        """`2026-11-30 19:00 UTC · Mon 14:00 New York`."""
        utc = f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        if self.zone == "UTC":
            return utc
        return f"{utc} · {at.astimezone(rules_of(self.zone)):%a %H:%M} {city(self.zone)}"

    def name(self, user: str) -> str:
        return inert(self.name_of(user))


def inert(text: str) -> str:
    """One line that no Markdown reader turns into markup, a link or an image, and no sign turns round."""
    quiet = _OPENING.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", one_line(text)))
    return _WORLD_WIDE.sub(r"\1\\.", _LINKED.sub(r"\1\\:", quiet))


def document(record: Record) -> str:
    """The whole draft, part by part, ending in one line feed. Messages stand in their newest words."""
    record = replace(record, entries=shown(record.entries))
    incident = record.incident
    lines = [f"# {incident.key}: {inert(incident.title)}", "", *_head(record), ""]
    for part in PARTS:
        lines += [f"## {part.title}", "", *_part(record, part), ""]
    if incident.run is not None and incident.run.runbook.disclaimer:
        lines += [f"_{inert(incident.run.runbook.disclaimer)}_", ""]
    return "\n".join(lines).rstrip() + "\n"


def _head(record: Record) -> list[str]:
    incident = record.incident
    private = (
        ["- Restricted: keep this document among the people of the incident."] if incident.restricted else []
    )
    return [
        f"- Severity: {incident.severity.label}",
        f"- Status: {incident.status.value}",
        f"- Harm area: {incident.harm.label.lower()}",
        f"- Declared: {record.both(incident.declared_at)} by {record.name(incident.declared_by)}",
        *private,
    ]


def _part(record: Record, part: Part) -> list[str]:
    if is_empty(record.incident, part):
        written = _actions(record) if part is ACTIONS else []
        return [*written, EMPTY]
    if part is SUMMARY:
        return [inert(record.incident.summary)]
    if part is ACTIONS:
        return _actions(record) + _written(record, part)
    if part.asked:
        return _written(record, part)
    return _BUILT[part.id](record) or ["Nothing was recorded."]


def _written(record: Record, part: Part) -> list[str]:
    text = record.incident.parts.get(part.id, "")
    return [inert(line) for line in text.splitlines() if line.strip()]


def _actions(record: Record) -> list[str]:
    rows = []
    for action in record.incident.actions:
        owner = record.name(action.owner) if action.owner else "no owner yet"
        due = action.due_on.isoformat() if action.due_on else "no date yet"
        rows.append(f"- {inert(action.text)} ({owner}, due {due})")
    return rows


def _times(record: Record) -> list[str]:
    incident = record.incident
    rows = [
        ("Acknowledged", incident.acknowledged_at),
        ("Contained", incident.contained_at),
        ("Resolved", incident.resolved_at),
        ("Closed", incident.closed_at),
    ]
    table = ["| | After | At |", "|---|---|---|"]
    for name, at in rows:
        table.append(f"| {name} | {since_declared(incident, at)} | {record.both(at) if at else '–'} |")
    return table


def _detection(record: Record) -> list[str]:
    incident = record.incident
    declared = next((e for e in record.entries if e.kind is EntryKind.DECLARED), None)
    asked = {
        "in_danger": "Somebody in danger",
        "growing": "Still growing",
        "authority": "Regulator, court or police waiting",
    }
    known = [
        f"- {words}: {declared.data[name]}"
        for name, words in asked.items()
        if declared and name in declared.data
    ]
    return [f"Declared by {record.name(incident.declared_by)}, {record.both(incident.declared_at)}.", *known]


def _roles(record: Record) -> list[str]:
    rows = [
        f"- {held.role.label}{f' ({inert(held.note)})' if held.note else ''}: "
        f"{record.name(held.user)}, since {record.both(held.since)}"
        for held in record.incident.roles
    ]
    rows += _earlier(record)
    return rows or [f"- Nobody acknowledged; {record.name(record.incident.declared_by)} held it."]


def _earlier(record: Record) -> list[str]:
    """Roles that have changed hands since: whoever had command is named, also after a shift change."""
    held = {(each.role, each.user) for each in record.incident.roles}
    given = {
        (Role(role), user): entry.at
        for entry in reversed(record.entries)
        for role, user in _given(entry)
        if (Role(role), user) not in held
    }
    ordered = sorted(given.items(), key=lambda each: each[1])
    return [
        f"- {role.label}, earlier: {record.name(user)}, from {record.both(at)}"
        for (role, user), at in ordered
    ]


def _given(entry: Entry) -> list[tuple[str, str]]:
    """(role, person) of an entry that gives a role; nothing for any other."""
    match entry.kind:
        case EntryKind.ACKNOWLEDGED:
            return [(entry.data.get("role", Role.MANAGER.value), entry.by)]
        case EntryKind.ROLE:
            return [(entry.data["role"], entry.data["user"])]
        case EntryKind.HANDOFF:
            return [(Role.MANAGER.value, entry.data["to"])]
        case _:
            return []


_ANSWERS = {
    PageState.WAITING: "no answer yet",
    PageState.ACKNOWLEDGED: "acknowledged",
    PageState.DECLINED: "could not come",
    PageState.PASSED: "no answer; passed on",
    PageState.STANDDOWN: "not needed any more",
    PageState.UNREACHABLE: "could not be reached",
}


def _pages(record: Record) -> list[str]:
    return [
        f"- {record.both(page.paged_at)}: {record.name(page.user)}, {_ANSWERS[page.state]}"
        + (f" after {_gap(page.paged_at, page.answered_at)}" if page.answered_at else "")
        for page in record.incident.pages
    ]


def _gap(since: datetime, until: datetime) -> str:
    length = until - since
    return duration(length) if length >= timedelta(minutes=1) else "less than a minute"


def _entries(*kinds: EntryKind) -> Callable[[Record], list[str]]:
    def lines(record: Record) -> list[str]:
        return [_line(record, entry) for entry in record.entries if entry.kind in kinds]

    return lines


def _line(record: Record, entry: Entry) -> str:
    return f"- {record.both(entry.at)}: {inert(sentence(entry, record.name_of))}"


def _runbook(record: Record) -> list[str]:
    run = record.incident.run
    if run is None:
        return []
    texts = {step.id: step.text for step in run.runbook.steps}
    lines = [f"{inert(run.runbook.title)} ({run.runbook_id}, version {run.version})", ""]
    return lines + [
        _step(record, state, texts[state.step_id]) for state in run.steps if state.because is None
    ]


def _step(record: Record, state: StepState, text: str) -> str:
    mark = "x" if state.status is StepStatus.DONE else " "
    by = f"{record.name(state.by)}, {record.both(state.at)}" if state.by and state.at else ""
    told = {
        StepStatus.DONE: f"done by {by}",
        StepStatus.SKIPPED: f"skipped by {by}: {inert(state.reason or '')}",
        StepStatus.PENDING: "not done",
    }[state.status]
    choice = f" → {inert(state.choice)}" if state.choice else ""
    return f"- [{mark}] {inert(text)}{choice} ({told})"


# Rest is care: who took it is nobody's to read afterwards.
_NOT_IN_A_DOCUMENT = (EntryKind.CARE, EntryKind.CARE_OVER)
_BUILT: dict[str, Callable[[Record], list[str]]] = {
    "times": _times,
    "detection": _detection,
    "roles": _roles,
    "pages": _pages,
    "severity": _entries(EntryKind.SEVERITY, EntryKind.STATUS, EntryKind.REOPENED, EntryKind.RESOLVED),
    "updates": _entries(EntryKind.UPDATE),
    "runbook": _runbook,
    "handoffs": _entries(EntryKind.HANDOFF),
    "timeline": _entries(*(kind for kind in EntryKind if kind not in _NOT_IN_A_DOCUMENT)),
}
