"""The forms of one incident: update, note, severity, status, steps, resolving, closing, and the menu of more.

A form's `private_metadata` is the incident's key, or key and step packed."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.blocks.declare import severity_options
from handlers.blocks.facts import badge, status_words
from handlers.blocks.tells import open_up_button, restrict_button
from handlers.calls import Json
from handlers.text import literal, span
from incidents.cadence import every
from incidents.model import Incident, Severity, Status
from runbooks.model import Step
from runbooks.stepping import present_step

TYPED_MAX = 3000


def update_form(incident: Incident, typed: str = "") -> Json:
    step = every(incident.severity)
    cadence = f"The next is due {span(step)} after this one ({incident.severity.label})." if step else ""
    element = kit.text_input(ids.TEXT, typed, "Now · impact · done since last · next and owner · need", True)
    blocks = [kit.ask("Where does it stand?", element, hint=cadence)]
    return kit.modal(ids.VIEW_UPDATE, f"{incident.key}: update", blocks, "Tell everybody", incident.key)


def note_form(incident: Incident, typed: str = "") -> Json:
    blocks = [
        kit.ask("What happened?", kit.text_input(ids.TEXT, typed, "Payouts held", True)),
        kit.ask(
            "When?",
            kit.text_input(ids.AT, "", "14:05"),
            is_optional=True,
            hint="Your own time today; left empty, now. It goes on the timeline, nobody is told.",
        ),
    ]
    return kit.modal(ids.VIEW_NOTE, f"{incident.key}: note", blocks, "Write it down", incident.key)


def severity_form(incident: Incident, typed: str = "") -> Json:
    """Raising pages whom the graver ladder reaches; lowering asks why."""
    menu = kit.radio(ids.CHOSEN_SEVERITY, severity_options(), str(incident.severity.value))
    blocks = [
        kit.section(f"*{incident.key}* is {badge(incident.severity)} now."),
        kit.ask("Severity", menu),
        kit.ask(
            "Why?",
            kit.text_input(ids.WHY, typed, "Payouts are held, no new accounts since 18:40", True),
            is_optional=True,
            hint="Needed when it is lowered. When it is raised, whom the graver severity pages is paged now.",
        ),
    ]
    return kit.modal(ids.VIEW_SEVERITY, f"{incident.key}: severity", blocks, "Change it", incident.key)


_STATUS_TESTS = {
    Status.TRIAGE: "Not yet known what it is",
    Status.ACTIVE: "Harm is going on",
    Status.CONTAINED: "The harm has stopped; work goes on",
    Status.DISMISSED: "Not an incident; say why",
    Status.DUPLICATE: "The same as another; say which",
}


def status_form(incident: Incident, choices: Sequence[Status], typed: str = "") -> Json:
    """`choices` are the statuses it can take from here; resolving and closing have forms of their own."""
    offered = [
        kit.option(each.value.capitalize(), each.value, _STATUS_TESTS[each])
        for each in choices
        if each in _STATUS_TESTS
    ]
    blocks = [
        kit.section(f"*{incident.key}* is {status_words(incident).lower()} now."),
        kit.ask("Status", kit.radio(ids.CHOSEN_STATUS, offered)),
        kit.ask(
            "Why?",
            kit.text_input(ids.WHY, typed, is_long=True),
            is_optional=True,
            hint="Needed to dismiss it.",
        ),
        kit.ask(
            "Duplicate of",
            kit.text_input(ids.DUPLICATE_OF, "", "INC-141"),
            is_optional=True,
            hint="Needed for a duplicate: the key of the incident that goes on.",
        ),
    ]
    return kit.modal(ids.VIEW_STATUS, f"{incident.key}: status", blocks, "Change it", incident.key)


def step_skip_form(incident: Incident, step: Step, typed: str = "") -> Json:
    why = kit.text_input(ids.WHY, typed, is_long=True)
    blocks = [kit.section(f"*Skip:* {literal(step.text, 200)}"), kit.ask("Why is it skipped?", why)]
    packed = ids.pack(incident.key, step.id)
    return kit.modal(ids.VIEW_STEP_SKIP, f"{incident.key}: skip step", blocks, "Skip it", packed)


def step_assign_form(incident: Incident, step: Step) -> Json:
    person = kit.person_select(ids.PERSON, "Choose a person")
    blocks = [kit.section(f"*Give to somebody:* {literal(step.text, 200)}"), kit.ask("Who does it?", person)]
    packed = ids.pack(incident.key, step.id)
    return kit.modal(ids.VIEW_STEP_ASSIGN, f"{incident.key}: give step", blocks, "Give it", packed)


def resolve_form(incident: Incident, typed: str = "") -> Json:
    summary = kit.text_input(ids.TEXT, typed or incident.summary, is_long=True)
    blocks = [
        kit.ask(
            "What happened, in a few sentences?",
            summary,
            hint="No personal details. It begins the postmortem draft, which is posted at once.",
        ),
        kit.context("Pages and reminders end. It can be reopened."),
    ]
    return kit.modal(ids.VIEW_RESOLVE, f"{incident.key}: resolve", blocks, "Resolve", incident.key)


def close_form(incident: Incident, missing: Sequence[str]) -> Json:
    """Asks before closing; with required parts empty it only says which, and how to fill them."""
    if missing:
        named = "\n".join(f"• {literal(each, 100)}" for each in missing)
        fill_in = kit.primary(kit.button("Fill in my part", ids.FILL_IN, incident.key))
        blocks = [
            kit.section(f"*{incident.key} stays {status_words(incident).lower()}.* Still empty:\n{named}"),
            kit.actions(fill_in),
        ]
        return kit.modal(ids.VIEW_ANSWER, f"{incident.key}: close", blocks, metadata=incident.key)
    second = " SEV0 and SEV1 are closed by somebody who did not resolve them."
    said = f"*{incident.key}* is complete and is closed for everybody."
    blocks = [kit.section(said + (second if incident.severity <= Severity.SEV1 else ""))]
    return kit.modal(ids.VIEW_CLOSE, f"{incident.key}: close", blocks, "Close incident", incident.key)


def more_menu(incident: Incident) -> Json:
    """Everything else that can be done to an incident, one button each, in the order of need."""
    blocks = [kit.section(f"*{badge(incident.severity)} · {incident.key} · {status_words(incident)}*")]
    blocks += _open_choices(incident) if incident.status.is_open else _ended_choices(incident)
    return kit.modal(ids.VIEW_MORE, f"{incident.key}: more", blocks, metadata=incident.key)


def _open_choices(incident: Incident) -> list[Json]:
    key = incident.key
    choices = [
        _choice("Severity, with a reason when it is lowered", "Severity", ids.SEVERITY, key),
        _choice("Status: contained, dismissed, a duplicate", "Status", ids.STATUS, key),
        _choice("Roles: hand over, deputy, scribe and others", "Roles", ids.ROLES, key),
        *_paging_choices(incident),
        *_rest_choices(incident),
        _choice("A note on the timeline", "Note", ids.NOTE, key),
        *_step_choices(incident),
        _choice("The timeline so far", "Timeline", ids.TIMELINE, key),
        _choice("It is over: closing summary and postmortem draft", "Resolve", ids.RESOLVE, key),
    ]
    if incident.restricted:
        said = "Let everybody see it (incident manager only)"
        choices.append(kit.section(said, open_up_button(incident)))
    else:
        choices.append(kit.section("Only its own people see it from now on", restrict_button(incident)))
    return choices


def _paging_choices(incident: Incident) -> list[Json]:
    """While somebody is sought: the next people at once, or nobody any more."""
    key = incident.key
    is_sought = any(call.is_open for call in incident.calls)
    escalate = _choice("Page the next people now, without waiting", "Escalate now", ids.ESCALATE, key)
    if not is_sought:
        return [] if incident.manager else [escalate]
    stop = kit.confirmed(
        kit.danger(kit.button("Stop paging", ids.STOP_PAGING, key)),
        f"Stop paging for {key}?",
        "Nobody is paged any more; whoever was paged reads that there is nothing to do. The leads are told.",
        "Stop paging",
    )
    return [escalate, kit.section("Nobody is needed any more", stop)]


def _rest_choices(incident: Incident) -> list[Json]:
    if incident.care is not None:
        return [_choice("Your twenty minutes are over", "I am back", ids.BACK, incident.key)]
    if not incident.manager:
        return []
    said = "Rest for twenty minutes; somebody else answers (incident manager only)"
    return [_choice(said, "Take 20", ids.TAKE_20, incident.key)]


def _step_choices(incident: Incident) -> list[Json]:
    step = present_step(incident.run) if incident.run else None
    if step is None:
        return []
    packed = ids.pack(incident.key, step.id)
    return [
        _choice(f"Skip the present step: {literal(step.text, 120)}", "Skip step", ids.SKIP_STEP, packed),
        _choice("Give the present step to somebody", "Give step", ids.ASSIGN_STEP, packed),
    ]


def _ended_choices(incident: Incident) -> list[Json]:
    key = incident.key
    timeline = _choice("The timeline", "Timeline", ids.TIMELINE, key)
    reopen = kit.confirmed(
        kit.button("Reopen", ids.REOPEN, key),
        f"Reopen {key}?",
        "It becomes active again and updates are due again. Nobody is paged.",
        "Reopen",
    )
    again = kit.section("It goes on after all", reopen)
    if incident.status is Status.CLOSED:
        return [timeline, again]
    fill_in = _choice("The parts of the postmortem that are still empty", "Fill in my part", ids.FILL_IN, key)
    close = _choice("Everything is written: nothing is left to do", "Close incident", ids.CLOSE, key)
    return [fill_in, timeline, close, again]


def _choice(said: str, label: str, action_id: str, value: str) -> Json:
    return kit.section(said, kit.button(label, action_id, value))
