"""Imports that were carried out, in SQL: the whole value as JSON, the newest by its state and instant."""

from typing import Any

from msgspec import Struct
from sqlalchemy import select, update

from incidents.rota_imports import ImportState, RotaImport
from storage import codec
from storage.bodies import body_over
from storage.tables import ROTA_IMPORT
from storage.transaction import Transaction


class SqlRotaImports(Struct, frozen=True):
    tx: Transaction

    def add(self, made: RotaImport) -> None:
        self.tx.insert_new(ROTA_IMPORT, [_columns(made, codec.written(made))])

    def get(self, import_id: str) -> RotaImport | None:
        row = self.tx.one(select(ROTA_IMPORT.c.body).where(ROTA_IMPORT.c.id == import_id))
        return codec.read(RotaImport, row["body"]) if row else None

    def last(self) -> RotaImport | None:
        """The newest that stands."""
        done = select(ROTA_IMPORT.c.body).where(ROTA_IMPORT.c.state == ImportState.DONE.value)
        row = self.tx.one(done.order_by(ROTA_IMPORT.c.made_at.desc(), ROTA_IMPORT.c.id.desc()).limit(1))
        return codec.read(RotaImport, row["body"]) if row else None

    def save(self, made: RotaImport) -> None:
        mine = ROTA_IMPORT.c.id == made.id
        body = body_over(self.tx, ROTA_IMPORT, mine, made)
        self.tx.run(update(ROTA_IMPORT).where(mine).values(_columns(made, body)))


def _columns(made: RotaImport, body: str) -> dict[str, Any]:
    return {
        "id": made.id,
        "by": made.by,
        "state": made.state.value,
        "made_at": made.made_at,
        "body": body,
    }
