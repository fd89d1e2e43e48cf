"""The forms that choose people: bringing somebody in, and roles."""

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.calls import Json
from handlers.text import literal
from incidents.model import Incident, Role


def bring_in_form(incident: Incident, next_region: str = "") -> Json:
    """One person by name, or who is on call for Legal, for Policy, or in the region after this one.

    Each button pages at once; the form pages the chosen person.
    """
    buttons = [
        _on_call("Legal", ids.BRING_LEGAL, incident),
        _on_call("Policy", ids.BRING_POLICY, incident),
    ]
    if next_region:
        buttons.append(_on_call(next_region, ids.BRING_NEXT_REGION, incident))
    blocks = [
        kit.ask("Who should come?", kit.person_select(ids.PERSON, "Choose a person")),
        kit.ask(
            "For what?",
            kit.text_input(ids.WHY, "", "Fraud rules, payouts"),
            is_optional=True,
            hint="They are paged now, and their backup and the lead if they do not answer.",
        ),
        kit.section("Or whoever is on call:"),
        kit.actions(*buttons),
    ]
    return kit.modal(ids.VIEW_BRING_IN, "Bring someone in", blocks, "Page them", incident.key)


def _on_call(whom: str, action_id: str, incident: Incident) -> Json:
    return kit.confirmed(
        kit.button(f"Page {whom}", action_id, incident.key),
        f"Page {whom} for {incident.key}?",
        f"Whoever is on call for {literal(whom, 60)} is paged now, day or night.",
        "Page them",
    )


def roles_form(incident: Incident, reader: Reader, chosen: Role | None = None) -> Json:
    """Who holds what, and one role to give; giving the manager's role hands over command."""
    held = [f"{each.role.label}: {reader.name(each.user)}" for each in incident.roles]
    offered = [kit.option(each.label, each.value) for each in Role]
    blocks = [
        kit.section("\n".join(held[:40]) or "Nobody holds a role yet."),
        kit.ask("Role", kit.select(ids.ROLE, "Choose a role", offered, chosen.value if chosen else "")),
        kit.ask("Who takes it?", kit.person_select(ids.PERSON, "Choose a person")),
        kit.context("They are told and invited. The role of incident manager hands over command."),
    ]
    return kit.modal(ids.VIEW_ROLES, f"{incident.key}: roles", blocks, "Give it", incident.key)
