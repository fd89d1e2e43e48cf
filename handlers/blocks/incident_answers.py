"""Private answers about one incident: what is due now, all of it, its timeline, its runbook."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.blocks.card import manager_line
from handlers.blocks.facts import headline, lasted_words, title
from handlers.blocks.reader import Reader
from handlers.blocks.steps import answer, is_for, owner
from handlers.calls import Json, Message
from handlers.text import channel_link, count, left, literal, span
from incidents.model import Entry, Incident, PageState
from incidents.timeline import sentence
from runbooks.model import Run, Step, StepState, StepStatus
from runbooks.stepping import due_at, number_of, pending_steps, present_step, progress, state_of

ENTRIES_SHOWN = 20
ENTRY_MAX = 350
DUE_SHOWN = 5


def due_now(incident: Incident, user: str, reader: Reader) -> Message:
    """What is due next, your step, and three buttons: the card scrolls away, this does not."""
    blocks = [
        kit.lines(f"*{headline(incident)}*", title(incident), *_holding(incident, reader)),
        *_due(incident, reader),
        *_your_step(incident, user, reader),
        _buttons(incident),
        *_do_not(incident),
    ]
    return kit.message(_lock(incident, "what is due now"), blocks)


def whole(incident: Incident, entries: Sequence[Entry], reader: Reader) -> Message:
    """One incident as `/incident show` answers it."""
    facts = [
        f"*{headline(incident)}*",
        title(incident),
        *_holding(incident, reader),
        f"*Declared*  {reader.shared(incident.declared_at)} by {reader.name(incident.declared_by)}",
        f"*Took*  {lasted_words(incident)}" if lasted_words(incident) else "",
        f"*Next update*  {reader.shared(incident.next_update_at)}" if incident.next_update_at else "",
        f"*Channel*  {channel_link(incident.channel.id)}" if incident.channel else "",
        _roles(incident, reader),
        f"*Runbook*  {progress(incident.run)}" if incident.run else "",
        _latest(incident, reader),
    ]
    buttons = [
        kit.button("Timeline", ids.TIMELINE, incident.key),
        kit.button("More ▾", ids.MORE, incident.key),
    ]
    lines = [kit.lines(*facts), kit.actions(*buttons)]
    return kit.message(_lock(incident, count(len(entries), "entry").replace("entrys", "entries")), lines)


def timeline_answer(page: "TimelinePage", reader: Reader) -> Message:
    """The timeline in UTC, a page of it, the newest page first."""
    return kit.message(_lock(page.incident, "timeline"), timeline_blocks(page, reader))


class TimelinePage(Struct, frozen=True):
    """A timeline and which page of it: `offset` counts entries from the newest."""

    incident: Incident
    entries: Sequence[Entry]
    offset: int = 0


def timeline_view(page: TimelinePage, reader: Reader) -> Json:
    """The same in a window, where it is opened from the menu."""
    key = page.incident.key
    return kit.modal(ids.VIEW_ANSWER, f"{key}: timeline", timeline_blocks(page, reader), metadata=key)


def timeline_blocks(page: TimelinePage, reader: Reader) -> list[Json]:
    total = len(page.entries)
    end = max(0, total - max(0, page.offset))
    shown = page.entries[max(0, end - ENTRIES_SHOWN) : end]
    head = f"*{page.incident.key} timeline*  {len(shown)} of {total} entries, times in UTC"
    lines = [_entry(each, reader) for each in shown]
    texts = ["\n".join(lines[at : at + 5]) for at in range(0, len(lines), 5)]
    return [kit.section(head), *(kit.section(text) for text in texts), *_turn(page, total)]


def runbook_answer(incident: Incident, reader: Reader) -> Message:
    """Every step with what became of it; questions and open steps can be settled here."""
    run = incident.run
    if run is None:
        return kit.message(incident.key, [kit.section(f"{incident.key} follows no runbook.")])
    book = run.runbook
    head = f"*{book.id} {literal(book.title, 100)}*, version {book.version}: {progress(run)}"
    blocks = [kit.section(head)]
    blocks += [_step(incident, run, step, reader) for step in book.steps]
    notes = [literal(book.disclaimer, 300)] if book.disclaimer else []
    blocks += [*_do_not(incident), *([kit.context(*notes)] if notes else [])]
    return kit.message(_lock(incident, str(progress(run))), blocks)


def _lock(incident: Incident, rest: str) -> str:
    return incident.key if incident.restricted else f"{incident.key}: {rest}"


def _holding(incident: Incident, reader: Reader) -> tuple[str, ...]:
    return (f"*Incident manager*  {manager_line(incident, reader)}",) if incident.status.is_open else ()


def _due(incident: Incident, reader: Reader) -> list[Json]:
    """Everything with a time, soonest first; what has passed says how late it is."""
    due: list[tuple[datetime, str]] = []
    if incident.next_update_at:
        due.append((incident.next_update_at, f"update, {reader.name(incident.answering)}"))
    for page in incident.pages:
        if page.state is PageState.WAITING and page.answer_by:
            due.append((page.answer_by, f"{reader.name(page.user)} acknowledges"))
    run = incident.run
    for step in pending_steps(run) if run else ():
        at = due_at(step, run) if run else None
        if run and at:
            due.append((at, f"step {number_of(run, step.id)}, {owner(incident, run, step, reader)}"))
    due.sort(key=lambda each: each[0])
    lines = [f"{_when(at, reader)}: {what}" for at, what in due[:DUE_SHOWN]]
    return [kit.section("*Due*\n" + "\n".join(lines))] if lines else [kit.section("*Due*  nothing now")]


def _when(at: datetime, reader: Reader) -> str:
    if at < reader.now:
        return f"{reader.shared(at)}, *{span(reader.now - at)} late*"
    return f"{reader.shared(at)}, {left(at - reader.now)}"


def _your_step(incident: Incident, user: str, reader: Reader) -> list[Json]:
    """The first open step that is this person's, else the present one."""
    run = incident.run
    if run is None or not incident.status.is_open:
        return []
    mine = next((step for step in pending_steps(run) if is_for(incident, run, step, user)), None)
    step = mine or present_step(run)
    if step is None:
        return []
    whose = "Your step" if mine else "Now"
    place = f"{number_of(run, step.id)} of {progress(run).total}"
    detail = literal(step.detail, 600)
    text = f"*{whose}, {place}:* {literal(step.text, 200)}"
    return [kit.section(f"{text}\n{detail}" if detail else text, answer(incident.key, step))]


def _buttons(incident: Incident) -> Json:
    more = kit.button("More ▾", ids.MORE, incident.key)
    if not incident.status.is_open:
        return kit.actions(kit.primary(kit.button("Fill in my part", ids.FILL_IN, incident.key)), more)
    update = kit.button("Update", ids.WRITE_UPDATE, incident.key)
    bring_in = kit.button("Bring someone in", ids.BRING_IN, incident.key)
    if incident.manager:
        return kit.actions(kit.primary(update), bring_in, more)
    acknowledge = kit.button("Acknowledge", ids.ACKNOWLEDGE, ids.pack(incident.key, ""))
    return kit.actions(kit.primary(acknowledge), update, more)


def _do_not(incident: Incident) -> list[Json]:
    if incident.run is None or not incident.run.runbook.do_not:
        return []
    said = " · ".join(literal(_after_do_not(each), 200) for each in incident.run.runbook.do_not[:8])
    return [kit.context(f"*Do not*  {said}")]


def _after_do_not(sentence: str) -> str:
    """`ban in mass` of `Do not ban in mass.`: the words stand once, before all of them."""
    return sentence.removeprefix("Do not ").rstrip(".")


def _roles(incident: Incident, reader: Reader) -> str:
    held = [f"{each.role.label} {reader.name(each.user)}" for each in incident.roles[:12]]
    return f"*Roles*  {' · '.join(held)}" if held else ""


def _latest(incident: Incident, reader: Reader) -> str:
    if not incident.updates:
        return ""
    last = incident.updates[-1]
    return f"*Latest update*  {reader.shared(last.at)}, {reader.name(last.by)}: {literal(last.text, 600)}"


def _entry(entry: Entry, reader: Reader) -> str:
    link = f" <{entry.permalink}|message>" if _is_link(entry.permalink) else ""
    return f"`{reader.utc(entry.at)}`  {literal(sentence(entry, reader.names), ENTRY_MAX)}{link}"


def _is_link(address: str) -> bool:
    """A permalink that Slack gave: an address without the signs that end a link."""
    return address.startswith(("https://", "http://")) and not set(address) & set("<>| \n")


def _turn(page: TimelinePage, total: int) -> list[Json]:
    key, offset = page.incident.key, max(0, page.offset)
    buttons = []
    if offset + ENTRIES_SHOWN < total:
        value = ids.pack(key, str(offset + ENTRIES_SHOWN))
        buttons.append(kit.button("Earlier", f"{ids.TIMELINE_PAGE}earlier", value))
    if offset > 0:
        value = ids.pack(key, str(max(0, offset - ENTRIES_SHOWN)))
        buttons.append(kit.button("Later", f"{ids.TIMELINE_PAGE}later", value))
    return [kit.actions(*buttons)] if buttons else []


_STEP_WORDS = {StepStatus.DONE: "done", StepStatus.SKIPPED: "skipped"}


def _step(incident: Incident, run: Run, step: Step, reader: Reader) -> Json:
    state = state_of(run, step.id)
    text = f"{number_of(run, step.id)}  {literal(step.text, 150)}"
    if state.status is StepStatus.PENDING:
        return kit.section(f"{text}  _{owner(incident, run, step, reader)}_", answer(incident.key, step))
    return kit.section(f"{text}  {_settled(step, state, reader)}")


def _settled(step: Step, state: StepState, reader: Reader) -> str:
    """`done by Ana Lima 19:20 UTC: Session theft`, `not needed: …`."""
    if state.because:
        return "_not needed after an answer above_"
    choice = next((each.label for each in step.options if each.id == state.choice), "")
    extra = literal(choice or state.reason or "", 100)
    by = f" by {reader.name(state.by)}" if state.by else ""
    at = f" {reader.utc(state.at)}" if state.at else ""
    return f"*{_STEP_WORDS[state.status]}*{by}{at}" + (f": {extra}" if extra else "")
