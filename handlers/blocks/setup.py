"""Setting Meridian up: the form, what is set up and what is missing, and what became of the test page."""

from collections.abc import Sequence
from datetime import time

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import literal
from incidents.first_schedule import MOST_REGIONS, USUAL
from incidents.ringing import Proof
from rotations.zones import city

USUAL_REGIONS = ("AMER", "EMEA", "APAC")


class RegionDraft(Struct, frozen=True):
    """What stands in the fields of one region; "" and () for what is still to be filled in."""

    name: str = ""
    people: tuple[str, ...] = ()
    zone: str = ""
    starts: str = "09:00"


class SetupDraft(Struct, frozen=True):
    """What stands in the form. Channels are ids."""

    regions: tuple[RegionDraft, ...]
    leads: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    announce: str = ""
    team: str = ""


def setup_form(draft: SetupDraft) -> Json:
    """Fields of a region are numbered from 0, each name behind its prefix: `setup.region:0`."""
    blocks: list[Json] = [
        kit.section(
            "Five minutes, no file. Each region is on call until the next one starts; people take turns "
            "weekly, in the order in which you pick them, and whoever comes next is backup."
        )
    ]
    for number, region in enumerate(draft.regions):
        blocks += [kit.divider(), *_region(number, region)]
    if len(draft.regions) < MOST_REGIONS:
        blocks.append(kit.actions(kit.button("Add a region", ids.SETUP_ADD_REGION)))
    blocks += [kit.divider(), *_everybody(draft)]
    return kit.modal(ids.VIEW_SETUP, "Set up Meridian", blocks, "Set it up", str(len(draft.regions)))


def _region(number: int, draft: RegionDraft) -> list[Json]:
    name = kit.text_input(f"{ids.SETUP_REGION}{number}", draft.name, "AMER, EMEA, APAC")
    people = kit.people_select(f"{ids.SETUP_PEOPLE}{number}", "Choose people", draft.people)
    starts = kit.time_picker(f"{ids.SETUP_STARTS}{number}", draft.starts)
    more = number > 0
    return [
        kit.ask("Region", name, more),
        kit.ask(
            "Who is on call there, in which order?",
            people,
            more,
            "Without anybody the region is left away." if more else "",
        ),
        kit.ask(
            "Time zone",
            zone_select(f"{ids.SETUP_ZONE}{number}", draft.zone),
            is_optional=True,
            hint="Type a city, like Dublin. Left empty: where most of these people are.",
        ),
        kit.ask("On call from", starts, hint="In that zone, until the next region starts."),
    ]


def zone_select(action_id: str, chosen: str = "") -> Json:
    """Offers zones for what is typed: `zone_options`."""
    made: Json = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": kit.plain_text("Type a city", 150),
        "min_query_length": 2,
    }
    return made | ({"initial_option": _zone_option(chosen)} if chosen else {})


def zone_options(zones: Sequence[str]) -> list[Json]:
    return [_zone_option(zone) for zone in zones[: kit.OPTIONS_MAX]]


def _zone_option(zone: str) -> Json:
    return kit.option(f"{city(zone)} ({zone})", zone)


def _everybody(draft: SetupDraft) -> list[Json]:
    return [
        kit.ask(
            "Leads",
            kit.people_select(ids.SETUP_LEADS, "Choose people", draft.leads),
            hint="Told when nobody answers; they change the schedule.",
        ),
        kit.ask(
            "Legal on call",
            kit.people_select(ids.SETUP_LEGAL, "Choose people", draft.legal),
            is_optional=True,
        ),
        kit.ask(
            "Channel for announcements",
            kit.channel_select(ids.SETUP_ANNOUNCE, "Choose a channel", draft.announce),
            is_optional=True,
            hint=f"One line for each incident. Left empty: #{USUAL.announce}, once it is there.",
        ),
        kit.ask(
            "Channel of the team",
            kit.channel_select(ids.SETUP_TEAM, "Choose a channel", draft.team),
            is_optional=True,
            hint=f"Where shifts are handed over. Left empty: #{USUAL.team}, once it is there.",
        ),
        kit.context(
            "When you send this, a test page goes to whoever is on call then. The set-up is finished when it "
            "is answered."
        ),
    ]


def set_up(regions: Sequence[tuple[str, str, time]], to: str, proof: Proof) -> Message:
    """What stands now in a sent form's place. `regions`: name, zone and start of each."""
    starts = [
        f"• {literal(name, 60)} from {at:%H:%M} {literal(city(zone), 60)}" for name, zone, at in regions
    ]
    legs = f"in Slack only: {proof.no_phone}" if proof.no_phone else "in Slack and by phone"
    head = f"*A test page is on its way to {literal(to, 80)}, {legs}.*"
    return kit.message(
        "Meridian is set up, but for one answer",
        [
            kit.section(f"{head}\nThe set-up is finished when it is answered; you are told when."),
            kit.section("\n".join(["On call, in turn:", *starts])),
            kit.context("/oncall shows who is on call. /incident setup shows what is still missing."),
        ],
    )


def begin_button() -> Json:
    return kit.primary(kit.button("Set up Meridian", ids.SETUP))


def setup_done(proof: Proof, reader: Reader) -> Message:
    """To whoever set it up: the test page was answered."""
    at = f" at {reader.own(proof.answered_at)}" if proof.answered_at else ""
    head = f"*The set-up is finished: {reader.name(proof.user)} answered the test page{at}.*"
    return kit.message(
        "Set-up finished",
        [
            kit.section(f"{head}\nA page reaches whoever is on call. /incident declares one."),
            kit.actions(
                kit.primary(kit.button("Who is on call", ids.ON_CALL)),
                kit.button("Change the schedule", ids.PLAN),
                kit.button("See the set-up", ids.SETUP),
            ),
        ],
    )


def setup_silent(proof: Proof, reader: Reader) -> Message:
    """To the same: five minutes have passed without an answer."""
    name = reader.name(proof.user)
    legs = f"It went out in Slack only: {literal(proof.no_phone, 100)}." if proof.no_phone else ""
    head = f"*{name} has not answered the test page of {reader.own(proof.asked_at)}.*"
    words = f"{head}\nUntil somebody on call answers one, nobody knows that a page reaches them. {legs}"
    again = kit.primary(kit.button("Send it again", ids.SETUP_TEST))
    return kit.message("The test page is not answered", [kit.section(words), kit.actions(again)])
