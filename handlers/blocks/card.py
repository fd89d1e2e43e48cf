"""The card: the first message of an incident's channel. One message that stays true by being edited.

Fact, deadline and first button stand within its first eight lines on a phone."""

from handlers.blocks import ids, kit
from handlers.blocks.facts import TITLE_ON_CARD, headline, lasted_words, title
from handlers.blocks.reader import Reader
from handlers.blocks.steps import now_step, then_steps
from handlers.calls import Json, Message
from handlers.text import literal, paragraph
from incidents.model import Incident, Page, PageState, Role, Status

UPDATE_SHOWN = 700
_ENDED = (Status.DISMISSED, Status.DUPLICATE, Status.CLOSED)


def card(incident: Incident, reader: Reader) -> Message:
    if incident.status.is_open:
        blocks = [_facts(incident, reader), *_work(incident, reader), kit.divider()]
        blocks += [*then_steps(incident, reader), *_roles(incident, reader)]
    else:
        blocks = [_facts(incident, reader), _ended_buttons(incident), kit.divider()]
    blocks += [*_latest_update(incident, reader), *_footer(incident, reader)]
    return kit.message(_in_one_line(incident, reader), blocks)


def manager_line(incident: Incident, reader: Reader) -> str:
    """`Ana Lima, acknowledged`, until then `nobody yet: Ana Lima paged {14:00}; Priya Nair holds it`."""
    if incident.manager:
        kept = incident.care
        until = (
            f"; {reader.name(kept.stand_in)} answers until {reader.shared_short(kept.until)}" if kept else ""
        )
        return f"{reader.name(incident.manager)}, acknowledged{until}"
    return f"nobody yet: {_sought(incident, reader)}; {reader.name(incident.declared_by)} holds it"


def _sought(incident: Incident, reader: Reader) -> str:
    call = incident.command_call
    pages = [page for page in incident.pages if call is not None and page.call == call.number]
    if call is None or not pages:
        return "nobody was paged"
    if not call.is_open:
        return "the paging was stopped"
    if call.level >= len(call.rungs):
        first = reader.shared_short(min(page.paged_at for page in pages))
        return f"nobody who was paged since {first} has answered, and the leads were told"
    waiting = [page for page in pages if page.state is PageState.WAITING]
    if waiting:
        since = reader.shared_short(min(page.paged_at for page in waiting))
        return f"{reader.people(tuple(page.user for page in waiting))} paged {since}"
    return "nobody who was paged has answered"


def _facts(incident: Incident, reader: Reader) -> Json:
    return kit.lines(
        f"*{headline(incident)}*",
        title(incident, TITLE_ON_CARD),
        *(_open_facts(incident, reader) if incident.status.is_open else _end_facts(incident, reader)),
    )


def _open_facts(incident: Incident, reader: Reader) -> tuple[str, ...]:
    due = incident.next_update_at
    return (
        f"*Incident manager*  {manager_line(incident, reader)}",
        f"*Next update*  {reader.shared(due)}" if due else "",
    )


def _end_facts(incident: Incident, reader: Reader) -> tuple[str, ...]:
    at = incident.closed_at or incident.resolved_at
    ended = f"*{incident.status.value.capitalize()}*  {reader.shared(at)}" if at else ""
    after = f", after {lasted_words(incident)}" if at else ""
    manager = f"*Incident manager*  {reader.name(incident.manager)}" if incident.manager else ""
    if incident.ended_why:
        return (ended + after, manager, f"*Why*  {paragraph(incident.ended_why, UPDATE_SHOWN)}")
    return (ended + after, manager, paragraph(incident.summary, UPDATE_SHOWN))


def _work(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    """Until somebody has it the buttons come before the step: to answer is the first thing to do."""
    step, buttons = now_step(incident, reader), _open_buttons(incident)
    return (*step, buttons) if incident.manager else (buttons, *step)


def _open_buttons(incident: Incident) -> Json:
    update = kit.button("Update", ids.WRITE_UPDATE, incident.key)
    bring_in = kit.button("Bring someone in", ids.BRING_IN, incident.key)
    more = kit.button("More ▾", ids.MORE, incident.key)
    if incident.manager:
        return kit.actions(kit.primary(update), bring_in, more, block_id="card.actions")
    acknowledge = kit.button("Acknowledge", ids.ACKNOWLEDGE, ids.pack(incident.key, ""))
    return kit.actions(kit.primary(acknowledge), update, bring_in, more, block_id="card.actions")


def _ended_buttons(incident: Incident) -> Json:
    more = kit.button("More ▾", ids.MORE, incident.key)
    if incident.status in _ENDED:
        return kit.actions(more, block_id="card.actions")
    fill_in = kit.primary(kit.button("Fill in my part", ids.FILL_IN, incident.key))
    return kit.actions(fill_in, more, block_id="card.actions")


def _roles(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    """Only roles that are filled, and people who have been asked in and have not answered."""
    held = [
        f"{literal(each.note, 40) or each.role.label} {reader.name(each.user)}"
        for each in incident.roles
        if each.role is not Role.MANAGER
    ]
    asked = [_asked(page, incident, reader) for page in incident.pages if _is_asked_in(page, incident)]
    people = [*held, *asked][:20]
    return (kit.context(f"*Roles*  {' · '.join(people)}"),) if people else ()


def _is_asked_in(page: Page, incident: Incident) -> bool:
    call = incident.call(page.call)
    is_command = call is None or call.role is Role.MANAGER
    return not is_command and page.state is PageState.WAITING


def _asked(page: Page, incident: Incident, reader: Reader) -> str:
    call = incident.call(page.call)
    note = literal(call.note, 40) if call else ""
    return f"{note or 'Asked in:'} {reader.name(page.user)}, paged {reader.shared_short(page.paged_at)}"


def _latest_update(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    if not incident.updates:
        return ()
    last = incident.updates[-1]
    text = paragraph(last.text, UPDATE_SHOWN)
    return (kit.section(f"*Latest update*  {reader.shared(last.at)}, {reader.name(last.by)}\n{text}"),)


def _footer(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    declared = f"declared by {reader.name(incident.declared_by)} {reader.shared_short(incident.declared_at)}"
    hint = "react 📌 to put a message on the timeline · /incident here shows what is due now"
    closed = f"Opened restricted because {literal(incident.restricted_why, 150)}."
    notes = [f"{incident.harm.label} · {declared} · {hint}"]
    if incident.restricted and incident.restricted_why:
        notes.append(closed)
    if incident.run is not None and incident.status.is_open:
        book = incident.run.runbook
        notes.append(
            f"Runbook {book.id} v{book.version}: have your own counsel review it before you rely on it."
        )
    return (kit.context(*notes),)


def _in_one_line(incident: Incident, reader: Reader) -> str:
    """The message's `text`: its meaning in one line; restricted, the key alone."""
    if incident.restricted:
        return incident.key
    manager = reader.name(incident.manager) if incident.manager else "no incident manager yet"
    return f"{headline(incident)} · {title(incident)} · {manager}"
