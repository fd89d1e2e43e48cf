"""Taking the last change back: what it made is withdrawn, what it asked is asked no more."""

from msgspec.structs import replace

from incidents import covering, swapping
from incidents.covering import CoverAsk
from incidents.errors import NothingToDo
from incidents.operations.rota_asks import end
from incidents.operations.rota_scene import RotaScene, changing, land
from incidents.people import Ask
from incidents.ports import House
from incidents.rota_changes import Change, ChangeState, Verb, confirmations
from incidents.rota_ports import RotaRequest
from incidents.swapping import OfferState, SwapOffer, TurnHasBegun
from rotations.edits import Edit
from rotations.model import Absence, Override


def undo(house: House, ask: Ask) -> Change:
    """Take back the last change of the one who asks; the past keeps what it answered.

    Kept until it is confirmed where it touches somebody else. Raises NothingToDo, TurnHasBegun.
    """

    def work(scene: RotaScene) -> Change:
        last = scene.unit.requests.last_change(scene.actor.user)
        if last is None:
            raise NothingToDo("You have changed nothing that could be taken back.")
        change = scene.change(Verb.UNDO, last.schedule, Edit(withdrawn=_standing(scene, last)), *last.asks)
        change = replace(change, undoes=last.id)
        if confirmations(change, scene.now):
            scene.unit.requests.add(change)
            return change
        return take_back(scene, change)

    return changing(house, ask, Change, work)


def take_back(scene: RotaScene, change: Change) -> Change:
    """Land an undoing. Raises NothingToDo where somebody was faster."""
    undone = scene.unit.requests.get(change.undoes, lock=True)
    if not isinstance(undone, Change) or undone.state is not ChangeState.DONE:
        raise NothingToDo("That has been taken back already.")
    scene.unit.requests.save(replace(undone, state=ChangeState.UNDONE))
    for name in change.asks:
        _ask_no_more(scene, scene.unit.requests.get(name, lock=True))
    return land(scene, change, "It was taken back.")


def _standing(scene: RotaScene, last: Change) -> tuple[str, ...]:
    """The ids of what a change, or what it asked, has brought about and is not over. Raises NothingToDo."""
    asked = [scene.unit.requests.get(name) for name in last.asks]
    made = (*last.edit.made, *(name for request in asked if (name := _made_of(scene, request))))
    dated: tuple[Override | Absence, ...] = (*scene.organisation.overrides, *scene.organisation.absences)
    standing = {one.id for one in dated if one.end > scene.now}
    standing |= {swap.id for swap in scene.organisation.swaps}
    left = tuple(name for name in dict.fromkeys(made) if name in standing)
    if not left and not any(_is_open(request) for request in asked):
        raise NothingToDo("Your last change is over, so there is nothing to take back.")
    return left


def _made_of(scene: RotaScene, request: RotaRequest | None) -> str:
    """The override or swap that came of an ask, "" while nothing has. Raises TurnHasBegun."""
    if isinstance(request, CoverAsk):
        return request.override
    if isinstance(request, SwapOffer) and request.state is OfferState.ACCEPTED:
        if min(request.mine_span[0], request.theirs_span[0]) <= scene.now:
            raise TurnHasBegun
        return request.id
    return ""


def _is_open(request: RotaRequest | None) -> bool:
    return isinstance(request, CoverAsk | SwapOffer) and request.is_open


def _ask_no_more(scene: RotaScene, request: RotaRequest | None) -> None:
    """What is open is withdrawn, what was taken is taken back; its messages say so."""
    if isinstance(request, CoverAsk):
        ended: CoverAsk | SwapOffer = covering.undo(request, scene.now)
    elif isinstance(request, SwapOffer):
        ended = swapping.undo(request, scene.now)
    else:
        return
    if ended != request:
        end(scene.unit, ended, scene.now)
