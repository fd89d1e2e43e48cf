"""The forms that change who is on call: an override, somebody to cover, two shifts to swap."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.blocks.cast import Cast
from handlers.calls import Json
from handlers.text import literal
from incidents.covering import CoverAsk
from rotations.eligibility import Candidate
from rotations.model import OverrideKind, Seat, TurnRef
from rotations.own_turns import OwnTurn

_KINDS = {
    OverrideKind.REPLACE: "instead of who is on",
    OverrideKind.ADD: "as well as who is on",
    OverrideKind.REMOVE: "is taken off",
}


class OverrideDraft(Struct, frozen=True):
    """Where an override can sit, and what stands in the form when it opens. Instants are aware UTC."""

    regions: Sequence[str]
    starts: datetime
    ends: datetime
    region: str = ""
    seat: Seat = Seat.PRIMARY
    person: str = ""


def override_form(draft: OverrideDraft) -> Json:
    """Somebody on or off one seat of one region for a time; times are chosen in the reader's own zone."""
    regions = [kit.option(each, each) for each in draft.regions]
    seats = [kit.option(each.value.capitalize(), each.value) for each in Seat]
    kinds = [kit.option(words, kind.value) for kind, words in _KINDS.items()]
    blocks = [
        kit.ask("Who?", kit.person_select(ids.PERSON, "Choose a person", draft.person)),
        kit.ask("How?", kit.select(ids.KIND, "Choose", kinds, OverrideKind.REPLACE.value)),
        kit.ask("Region", kit.select(ids.REGION, "Choose a region", regions, draft.region)),
        kit.ask("Seat", kit.select(ids.SEAT, "Choose a seat", seats, draft.seat.value)),
        kit.ask("From", _instant(ids.STARTS, draft.starts)),
        kit.ask("Until", _instant(ids.ENDS, draft.ends), hint="Both in your own time."),
        kit.ask("Why?", kit.text_input(ids.WHY, "", "Dentist"), is_optional=True),
    ]
    return kit.modal(ids.VIEW_OVERRIDE, "Change who is on call", blocks, "Change it")


def choose_cover_form(ask: CoverAsk, candidates: Sequence[Candidate], cast: Cast) -> Json:
    """For a lead: everybody, the eligible first, each with what speaks against them."""
    options = [
        kit.option(cast.names.get(one.person, one.person), one.person, _note(one)) for one in candidates
    ]
    where = f"{literal(ask.region, 60)} {ask.seat.value}, {cast.when(ask.start, ask.end)}"
    blocks = [
        kit.section(where),
        kit.ask("Who covers?", kit.select(ids.PERSON, "Choose a person", options)),
        kit.context("They are told and on call for that time; Meridian does not ask them first."),
    ]
    return kit.modal(ids.VIEW_COVER_CHOOSE, "Who covers?", blocks, "Put them there", ask.id)


def swap_form(schedule: str, mine: Sequence[OwnTurn], theirs: Sequence[OwnTurn], cast: Cast) -> Json:
    """One of my turns for one of theirs; nothing changes before they accept."""
    other = cast.names.get(theirs[0].ref.person, "them") if theirs else "them"
    blocks = [
        kit.ask("Your shift", kit.select(ids.MY_SHIFT, "Choose a shift", _turns(mine, cast))),
        kit.ask(f"For this shift of {other}", kit.select(ids.THEIR_SHIFT, "Choose", _turns(theirs, cast))),
        kit.ask("Why?", kit.text_input(ids.WHY, "", "Wedding"), is_optional=True),
        kit.context("They are asked. Nothing changes until they accept."),
    ]
    return kit.modal(ids.VIEW_SWAP, "Offer a swap", blocks, "Offer it", schedule)


def turn_in(value: str) -> TurnRef:
    """The turn that an option of the swap form stands for."""
    region, seat, number, person, layer = ids.unpack(value)
    return TurnRef(region, Seat(seat), int(number), person, layer)


def _turns(turns: Sequence[OwnTurn], cast: Cast) -> list[Json]:
    return [
        kit.option(
            f"{turn.ref.region} {turn.ref.seat.value} {cast.short(turn.start, turn.end)}", _value(turn.ref)
        )
        for turn in turns
    ]


def _value(ref: TurnRef) -> str:
    return ids.pack(ref.region, ref.seat.value, str(ref.number), ref.person, ref.layer)


def _note(one: Candidate) -> str:
    if not one.is_eligible:
        return one.reasons[0]
    return next(iter(one.warnings), "Free and rested" if one.is_awake else "Free and rested, asleep now")


def _instant(action_id: str, at: datetime) -> Json:
    return {"type": "datetimepicker", "action_id": action_id, "initial_date_time": int(at.timestamp())}
