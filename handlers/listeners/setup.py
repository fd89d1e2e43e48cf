"""`/incident setup`: the form on an empty workspace, afterwards what is set up and what a lead can change."""

from collections.abc import Mapping, Sequence
from datetime import time

from handlers.blocks import answers, ids, kit, setup
from handlers.blocks.filled import filled
from handlers.blocks.setup import USUAL_REGIONS, RegionDraft, SetupDraft
from handlers.calls import Json, Message
from handlers.listeners.edge import (
    Asked,
    Edge,
    OnPress,
    OnSubmission,
    Opens,
    Press,
    Reply,
    Submission,
    Submitted,
)
from handlers.outbound.desk import ANNOUNCE_CHANNEL, TEAM_CHANNEL
from incidents.first_schedule import USUAL, RegionWish, SetupWish, usual_region
from incidents.operations import setting_up
from incidents.operations.setting_up import SetUp, Standing
from incidents.ports import Unit
from rotations.zones import zones_like

SAID = "No schedule is set up yet, so nobody can be paged. It takes five minutes and no file."


def answer(edge: Edge, asked: Asked) -> Reply:
    """The form where nothing is set up, the checklist where something is. Raises NotKnownYet, NotAllowed."""
    found = setting_up.standing(edge.house, asked.user)
    if found.may_set_up:
        return _opens(setup.setup_form(_first_draft(found)))
    return _checklist(edge, found)


def _opens(view: Json) -> Opens:
    return Opens(view, SAID, "Set up Meridian", ids.SETUP)


def _first_draft(found: Standing) -> SetupDraft:
    """The asker leads, and begins with their own region."""
    return SetupDraft((RegionDraft(usual_region(found.actor.zone)),), (found.actor.user,))


def _checklist(edge: Edge, found: Standing) -> Message:
    def places(unit: Unit) -> tuple[bool, bool]:
        return bool(unit.facts.get(ANNOUNCE_CHANNEL)), bool(unit.facts.get(TEAM_CHANNEL))

    announce, team = edge.house.store.read(places)
    people = found.organisation.people if found.organisation else ()
    proof = found.proof
    is_led = any(person.lead for person in people)
    make = "make it, and invite Meridian if it is private"
    items = [
        _item(found.is_set_up, "schedules", "/incident setup, or python -m bot apply schedules.yaml"),
        _item(is_led, "a lead, who is told when nobody answers", "in the schedules file, lead: true"),
        _item(announce, "the channel of announcements", make),
        _item(team, "the team's channel, where shifts are handed over", make),
    ]
    if proof is not None and proof.answered_at is not None:
        items.append((True, f"a test page, answered by {found.proven}"))
    elif proof is not None:
        items.append((False, f"an answer to the test page: {found.proven} has not given one"))
    return answers.checklist("Setup", items, _buttons(found))


def _item(is_done: bool, what: str, how: str) -> tuple[bool, str]:
    """What is done needs no instruction."""
    return is_done, what if is_done else f"{what}: {how}"


def _buttons(found: Standing) -> list[Json]:
    if not found.actor.is_lead:
        return []
    waits = found.proof is not None and found.proof.answered_at is None
    again = [kit.primary(kit.button("Send the test page again", ids.SETUP_TEST))] if waits else []
    return [*again, kit.button("Change the schedule", ids.PLAN)] if found.is_set_up else again


def _pressed_setup(edge: Edge, press: Press) -> Reply:
    return answer(edge, press.asked)


def _pressed_add(edge: Edge, press: Press) -> Reply:
    """The same form with fields for one region more; what was filled in stays."""
    draft = _draft_in(press.view)
    named = [region.name for region in draft.regions]
    following = next((name for name in USUAL_REGIONS if name not in named), "")
    more = SetupDraft(
        (*draft.regions, RegionDraft(following)), draft.leads, draft.legal, draft.announce, draft.team
    )
    edge.front.update_view(press.view["id"], setup.setup_form(more), press.asked.user)
    return None


def _draft_in(view: Json) -> SetupDraft:
    values = filled(view)
    count = int(view.get("private_metadata") or 1)
    return SetupDraft(
        tuple(_region_in(values, number) for number in range(count)),
        _several(values, ids.SETUP_LEADS),
        _several(values, ids.SETUP_LEGAL),
        values.get(ids.SETUP_ANNOUNCE, ""),
        values.get(ids.SETUP_TEAM, ""),
    )


def _region_in(values: Mapping[str, str], number: int) -> RegionDraft:
    return RegionDraft(
        " ".join(values.get(f"{ids.SETUP_REGION}{number}", "").split())[:40],
        _several(values, f"{ids.SETUP_PEOPLE}{number}"),
        values.get(f"{ids.SETUP_ZONE}{number}", ""),
        values.get(f"{ids.SETUP_STARTS}{number}", "09:00"),
    )


def _several(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    return ids.unpack(values[name]) if values.get(name) else ()


def _sent_setup(edge: Edge, sent: Submission) -> Submitted:
    draft = _draft_in(sent.view)
    wish = SetupWish(
        tuple(_wish(region) for number, region in enumerate(draft.regions) if region.people or not number),
        draft.leads,
        draft.legal,
        draft.announce or USUAL.announce,
        draft.team or USUAL.team,
    )
    done = setting_up.set_up(edge.house, sent.asked.ask(), wish)
    edge.learn()
    return _done(done)


def _wish(draft: RegionDraft) -> RegionWish:
    return RegionWish(draft.name, draft.people, draft.zone, time.fromisoformat(draft.starts))


def _done(done: SetUp) -> Message:
    paged = done.organisation.paged_schedule()
    regions = [(r.name, r.zone, r.starts) for r in paged.regions] if paged else []
    return setup.set_up(regions, done.to.name, done.proof)


def _pressed_test(edge: Edge, press: Press) -> Reply:
    return _done(setting_up.test_again(edge.house, press.asked.ask()))


def zone_offers(typed: str) -> Sequence[Json]:
    """Time zones for what is typed into a zone's field."""
    return setup.zone_options(zones_like(typed))


PRESSES: dict[str, OnPress] = {
    ids.SETUP: _pressed_setup,
    ids.SETUP_TEST: _pressed_test,
    ids.SETUP_ADD_REGION: _pressed_add,
}
SUBMISSIONS: dict[str, OnSubmission] = {ids.VIEW_SETUP: _sent_setup}
