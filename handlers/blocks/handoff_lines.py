"""The lines of an incident in a handoff, as people read them; the thread that holds them; and the plain form
in which whoever leaves edits them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.blocks import kit
from handlers.blocks.facts import badge, title
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import count, literal
from incidents.handoff import Part
from incidents.handoff_lines import Brief, Changes, Line
from incidents.model import Incident
from incidents.operations.handoff_papers import Papers

SHOWN = 12
LABELS: Mapping[Part, str] = {
    Part.DECIDE: "Decide",
    Part.CLOCKS: "Clocks",
    Part.DO: "Do next",
    Part.IF: "If",
    Part.PICTURE: "Picture",
    Part.TRIED: "Tried, noted",
}
_MISSING = {Part.DO: "what is next", Part.IF: "what to do if it gets worse", Part.PICTURE: "the picture"}
_LINE_MAX = 300
_WRITTEN_MAX = 900


def handoff_thread(briefs: Sequence[Brief], reader: Reader) -> Message:
    """One block an incident, the soonest deadline first; a quiet shift is said to be one."""
    if not briefs:
        return kit.message("Quiet shift: nothing is open.", [kit.section("Quiet shift: nothing is open.")])
    blocks = [in_full(each, reader) for each in briefs[:SHOWN]]
    if len(briefs) > SHOWN:
        blocks.append(kit.context(f"and {len(briefs) - SHOWN} more: /incident list"))
    return kit.message(f"{count(len(briefs), 'open incident')} to take over", blocks)


def in_private(brief: Brief, papers: Papers, reader: Reader) -> Json:
    """As one reader sees it: what changed since they left, and who keeps what does not move."""
    incident = brief.incident
    stays = incident.manager and incident.manager not in papers.handoff.handing_over
    keeper = f"{reader.name(incident.manager)} keeps it." if stays else ""
    changes = papers.changes.get(incident.key)
    changed = _changed(incident, changes, reader) if changes else ""
    return in_full(brief, reader, False, (changed, keeper))


def in_full(brief: Brief, reader: Reader, is_shared: bool = True, first: tuple[str, ...] = ()) -> Json:
    """`INC-142 · SEV1 rising · fraud`, what comes first, then the lines."""
    incident = brief.incident
    head = f"*{badge(incident.severity)} · {incident.key} · {brief.trend}* · {incident.harm.label.lower()}"
    parts = list(dict.fromkeys(line.part for line in brief.lines))
    return kit.lines(
        head,
        title(incident),
        *first,
        *(f"*{LABELS[part]}*  {_said(brief.of(part), reader, is_shared)}" for part in parts),
        f"_Not on the record: {', '.join(_MISSING[part] for part in brief.missing)}._"
        if brief.missing
        else "",
    )


def _said(lines: Sequence[Line], reader: Reader, is_shared: bool) -> str:
    return " · ".join(_line(line, reader, is_shared) for line in lines)


def _line(line: Line, reader: Reader, is_shared: bool) -> str:
    """What is due says when, in front of what a person wrote by hand and behind what the record holds."""
    text = literal(line.text, _WRITTEN_MAX if line.by else _LINE_MAX)
    when = _when(line.due, reader, is_shared) if line.due else ""
    if line.by:
        return text
    owner = reader.name(line.owner) if line.owner else literal(line.role, 40)
    what = f"{_open(text)} by {when}" if when else text
    return f"{what}{f' ({owner})' if owner else ''}"


def _open(text: str) -> str:
    """A sentence that goes on: its full stop becomes a comma, a question stays one."""
    return text if text.endswith(("?", "!", "…")) else f"{text.removesuffix('.')},"


def _when(due: datetime, reader: Reader, is_shared: bool) -> str:
    at = reader.shared(due) if is_shared else reader.own(due)
    return f"{at}, overdue" if due < reader.now else at


def _changed(incident: Incident, changes: Changes, reader: Reader) -> str:
    """For whoever comes back, before anything else."""
    since = f"Since you handed over {reader.own(changes.since)}"
    if changes.is_new:
        return f"_{since}: new._"
    severity = f"{changes.severity_from} → {incident.severity.label}" if changes.severity_from else ""
    counted = (
        count(changes.updates, "update") if changes.updates else "",
        f"{count(changes.steps, 'step')} done" if changes.steps else "",
        count(changes.notes, "note") if changes.notes else "",
        severity or "severity unchanged",
    )
    return f"_{since}: {', '.join(words for words in counted if words)}._"


def plain_lines(brief: Brief, part: Part, reader: Reader) -> str:
    """The lines of a part as text to edit: names and UTC, no markup."""
    return "\n".join(_plain(line, reader) for line in brief.of(part))


def _plain(line: Line, reader: Reader) -> str:
    if line.by:
        return line.text
    owner = reader.names(line.owner) if line.owner else line.role
    what = f"{_open(line.text)} by {reader.utc(line.due)}" if line.due else line.text
    return f"{what}{f' ({owner})' if owner else ''}"
