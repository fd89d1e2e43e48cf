"""Small facts by name, and duties that one process alone takes."""

from msgspec import Struct
from sqlalchemy import bindparam, select

from storage.tables import DUTY, FACT
from storage.transaction import Transaction

NAMED = select(FACT.c.value).where(FACT.c.name == bindparam("named"))


class SqlFacts(Struct, frozen=True):
    tx: Transaction

    def get(self, name: str) -> str:
        """The fact, or "" while nobody has put it."""
        row = self.tx.one(NAMED, named=name)
        return str(row["value"]) if row else ""

    def put(self, name: str, value: str) -> None:
        self.tx.upsert(FACT, [{"name": name, "value": value}])


class SqlDuties(Struct, frozen=True):
    tx: Transaction

    def claim(self, kind: str, subject: str, slot: str) -> bool:
        """True for exactly one caller: the duty of this slot (a local date, an instant) is theirs to do."""
        return self.tx.insert_new(DUTY, [{"kind": kind, "subject": subject, "slot": slot}]) == 1
