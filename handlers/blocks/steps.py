"""The steps of a runbook as an incident's card and private answer show them: now, then, and who does it."""

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.calls import Json
from handlers.text import literal
from incidents.model import Incident, Role
from runbooks.model import Run, Step, StepKind
from runbooks.stepping import due_at, number_of, pending_steps, present_step, progress, state_of

THEN_SHOWN = 2
STEP_TEXT = 200

_OWNER_ROLES = {
    "incident_manager": Role.MANAGER,
    "deputy": Role.DEPUTY,
    "scribe": Role.SCRIBE,
    "comms_lead": Role.COMMS,
    "approver": Role.APPROVER,
}


def now_step(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    """`Now, 1 of 9: … Ana, by {14:20}` with its button; one line when all steps are settled."""
    run = incident.run
    if run is None:
        return ()
    step = present_step(run)
    if step is None:
        return (kit.section(f"*Runbook*  all {progress(run).total} steps are done or skipped."),)
    place = f"{number_of(run, step.id)} of {progress(run).total}"
    text = f"*Now, {place}:* {literal(step.text, STEP_TEXT)} {_owner_and_time(incident, run, step, reader)}"
    return (kit.section(text.rstrip(), answer(incident.key, step), _block_id(step)),)


def then_steps(incident: Incident, reader: Reader) -> tuple[Json, ...]:
    """The steps after the present one; a question can be answered from here."""
    run = incident.run
    if run is None:
        return ()
    blocks = []
    for at, step in enumerate(pending_steps(run)[1 : 1 + THEN_SHOWN]):
        lead = "*Then*  " if at == 0 else ""
        text = f"{lead}{number_of(run, step.id)}  {literal(step.text, STEP_TEXT)}"
        chooser = answer(incident.key, step) if step.kind is StepKind.QUESTION else None
        blocks.append(kit.section(text, chooser, _block_id(step)))
    return tuple(blocks)


def answer(key: str, step: Step) -> Json:
    """How a step is settled: a button, or the answers to its question."""
    if step.kind is StepKind.QUESTION and step.options:
        options = [
            kit.option(each.label, ids.pack(key, step.id, each.id), each.note) for each in step.options
        ]
        return kit.select(ids.STEP_CHOOSE, "Choose", options)
    return kit.button("Done", ids.STEP_DONE, ids.pack(key, step.id))


def owner(incident: Incident, run: Run, step: Step, reader: Reader) -> str:
    """The person it was given to, else who holds the role it is for, else the role's name."""
    assignee = state_of(run, step.id).assignee
    if assignee:
        return reader.first_name(assignee)
    role = _OWNER_ROLES.get(step.owner)
    if role is Role.MANAGER and incident.manager:
        return reader.first_name(incident.manager)
    holders = incident.in_role(role) if role else ()
    if holders:
        return reader.first_name(holders[0])
    return literal(step.owner.replace("_", " ").capitalize(), 60)


def is_for(incident: Incident, run: Run, step: Step, user: str) -> bool:
    """Whether it was given to this person, or is for a role they hold."""
    assignee = state_of(run, step.id).assignee
    if assignee:
        return assignee == user
    role = _OWNER_ROLES.get(step.owner)
    return role is not None and user in incident.in_role(role)


def _owner_and_time(incident: Incident, run: Run, step: Step, reader: Reader) -> str:
    due = due_at(step, run)
    who = owner(incident, run, step, reader)
    return f"{who}, by {reader.shared_short(due)}" if due else who


def _block_id(step: Step) -> str:
    return f"step.{step.id}"[:255]
