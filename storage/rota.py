"""What is asked in chat of the rota: changes, asks for cover, offers of swaps, each as one row."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import RowMapping, select, update

from incidents.covering import CoverAsk, CoverState
from incidents.rota_changes import KEPT_FOR, Change, ChangeState, Verb
from incidents.rota_ports import RotaRequest
from incidents.swapping import SwapOffer
from rotations.newer import NotKnownHere
from storage import codec
from storage.bodies import body_over
from storage.tables import ROTA_REQUEST
from storage.transaction import Transaction

KINDS: Final[Mapping[str, type[RotaRequest]]] = {"change": Change, "cover": CoverAsk, "swap": SwapOffer}
NAMES: Final = {kind: name for name, kind in KINDS.items()}
UNDO_LOOKED_AT = 50


class SqlRotaRequests(Struct, frozen=True):
    tx: Transaction

    def add(self, request: RotaRequest) -> None:
        self.tx.insert_new(ROTA_REQUEST, [_columns(request, codec.written(request))])

    def get(self, request_id: str, lock: bool = False) -> RotaRequest | None:
        found = select(ROTA_REQUEST.c.kind, ROTA_REQUEST.c.body).where(ROTA_REQUEST.c.id == request_id)
        row = self.tx.one(found.with_for_update() if lock else found)
        return _read(row) if row else None

    def save(self, request: RotaRequest) -> None:
        mine = ROTA_REQUEST.c.id == request.id
        body = body_over(self.tx, ROTA_REQUEST, mine, request)
        self.tx.run(update(ROTA_REQUEST).where(mine).values(_columns(request, body)))

    def last_change(self, by: str) -> Change | None:
        """The newest change of this person that stands and is no undoing itself."""
        done = select(ROTA_REQUEST.c.body).where(
            ROTA_REQUEST.c.by == by,
            ROTA_REQUEST.c.kind == NAMES[Change],
            ROTA_REQUEST.c.state == ChangeState.DONE.value,
        )
        newest = done.order_by(ROTA_REQUEST.c.made_at.desc(), ROTA_REQUEST.c.id.desc())
        rows = self.tx.all(newest.limit(UNDO_LOOKED_AT))
        made = (codec.read(Change, row["body"]) for row in rows)
        return next((change for change in made if change.verb is not Verb.UNDO), None)

    def open_covers(self) -> Sequence[CoverAsk]:
        """Asks that nobody has taken yet, the soonest first."""
        waiting = ROTA_REQUEST.c.state.in_([CoverState.OPEN.value, CoverState.WITH_LEAD.value])
        found = select(ROTA_REQUEST.c.body).where(ROTA_REQUEST.c.kind == NAMES[CoverAsk], waiting)
        soonest = found.order_by(ROTA_REQUEST.c.due_at, ROTA_REQUEST.c.id)
        return codec.read_all(CoverAsk, self.tx.run(soonest).scalars())


def _read(row: RowMapping) -> RotaRequest:
    if row["kind"] not in KINDS:
        raise NotKnownHere(f"a request in chat: {row['kind']}")
    return codec.read(KINDS[row["kind"]], row["body"])


def _columns(request: RotaRequest, body: str) -> dict[str, Any]:
    made_at, due_at = _instants(request)
    return {
        "id": request.id,
        "kind": NAMES[type(request)],
        "state": request.state.value,
        "schedule": request.schedule,
        "by": request.by,
        "made_at": made_at,
        "due_at": due_at,
        "body": body,
    }


def _instants(request: RotaRequest) -> tuple[datetime, datetime]:
    """When it was asked, and when it lapses."""
    match request:
        case CoverAsk():
            return request.asked_at, request.over_at
        case SwapOffer():
            return request.offered_at, request.expires_at
        case Change():
            return request.made_at, request.made_at + KEPT_FOR
