"""The hash chain of a timeline, as functions of values: each entry's hash covers the one before it.

The body enters as a salted digest, so that erasing a body and its salt later keeps the chain whole: an entry
without them holds where a later one says that its message was deleted."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from msgspec import Struct

from storage.columns import instant_text

GENESIS = ""


class Break(Struct, frozen=True):
    """The first place where a chain does not hold; `seq` is the entry's number, from 1."""

    incident: str
    seq: int
    what: str


def digest(salt: str, body: str) -> str:
    return sha256(f"{salt}\n{body}".encode()).hexdigest()


def link(prev_hash: str, row: Mapping[Any, Any]) -> str:
    """The hash of a row: of the hash before it, its columns in a fixed order, and its body's digest."""
    at, recorded_at = instant_text(row["at"]), instant_text(row["recorded_at"])
    plain = (row["incident"], str(row["seq"]), row["dedup"] or "", at, recorded_at, row["kind"], row["by"])
    told = "".join(f"{len(part)}:{part}" for part in (prev_hash, *plain, row["digest"]))
    return sha256(told.encode()).hexdigest()


def first_break(incident: str, rows: Iterable[Mapping[Any, Any]], head: str) -> Break | None:
    """The first fault of one incident's rows in the order of `seq`, or None; `head` is the last hash."""
    seq, prev = 0, GENESIS
    erased: dict[str, int] = {}
    for row in rows:
        seq += 1
        if fault := _fault(row, seq, prev):
            return Break(incident, seq, fault)
        prev = row["hash"]
        if is_erased(row):
            erased[_place(row)] = seq
        elif row["kind"] == "erased":
            erased.pop(_place(row), None)
    if prev != head:
        return Break(incident, seq + 1, "entries are missing at the end")
    return next(
        (Break(incident, at, "the text was taken out without a reason") for at in erased.values()), None
    )


def is_erased(row: Mapping[Any, Any]) -> bool:
    """Whether the words were taken out: who, when and the digest are left."""
    return not row["salt"] and not row["body"]


def _place(row: Mapping[Any, Any]) -> str:
    """Channel and `ts` of the message that an entry came from."""
    return ":".join((row["dedup"] or "").split(":")[1:3])


def _fault(row: Mapping[Any, Any], seq: int, prev: str) -> str:
    if row["seq"] != seq:
        return "an entry is missing or out of order"
    if row["prev_hash"] != prev:
        return "the entry does not follow the one before it"
    if not is_erased(row) and digest(row["salt"], row["body"]) != row["digest"]:
        return "the text was changed"
    return "" if link(prev, row) == row["hash"] else "the entry was changed"
