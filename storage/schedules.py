"""The organisation as last applied and what was changed in chat. Every applied version is kept."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import RowMapping, Select, Table, func, insert, select, update

from rotations import codec
from rotations.escalation import Policy
from rotations.model import Absence, Organisation, Override, Swap
from rotations.withdrawn import without
from storage.people import LINKS, SqlPeople
from storage.tables import ABSENCE, COUNTER, ORGANISATION, OVERRIDE, SWAP
from storage.transaction import Transaction

CHANGES: Final = "rota.changes"
CHANGED_IN_CHAT: Final = (OVERRIDE, SWAP, ABSENCE)

C = TypeVar("C", Override, Swap, Absence)


class SqlSchedules(Struct, frozen=True):
    """Parsing is remembered by (version, number of changes, number of links made): they only ever grow."""

    tx: Transaction
    people: SqlPeople

    def organisation(self) -> Organisation | None:
        """The organisation as last applied, with what was changed in chat; None before the first apply.

        A person named by an address has the Slack id in its place, once that is known. The same object is
        returned until something changes. An override that was withdrawn ends at that instant."""
        mark = self.tx.one(_mark())
        if mark is None or mark["version"] is None:
            return None
        marked = (mark["version"], mark["changes"] or 0, mark["links"] or 0)
        remembered = self.tx.memory.organisation
        if remembered is not None and remembered[0] == marked and not self.tx.has_replanned:
            return remembered[1]
        parsed = self._parsed(mark["version"])
        if not self.tx.has_replanned:
            self.tx.memory.organisation = (marked, parsed)
        return parsed

    def organisation_at(self, at: datetime) -> Organisation | None:
        """As it stood at an instant: what was applied, made and not yet withdrawn by then."""
        newest = select(func.max(ORGANISATION.c.version)).where(ORGANISATION.c.applied_at <= at)
        version = self.tx.run(newest).scalar()
        return None if version is None else self._parsed(version, at)

    def hold(self) -> None:
        """No other change of the schedules begins until this unit of work ends. Asked before reading them."""
        self.tx.counted(CHANGES)
        self.tx.has_replanned = True

    def apply(self, organisation: Organisation, now: datetime, by: str) -> None:
        body = json.dumps(codec.dump(organisation), ensure_ascii=False)
        row: dict[str, Any] = {"applied_at": now, "applied_by": by, "body": body}
        self.tx.run(insert(ORGANISATION), [row])
        self.tx.has_replanned = True
        self.people.replace_members(organisation.people)

    def set_escalation(self, policies: Sequence[Policy], now: datetime, by: str) -> None:
        """A version that differs from the last in its escalation policies alone; nothing before the first."""
        newest = select(ORGANISATION.c.body).order_by(ORGANISATION.c.version.desc()).limit(1)
        body = self.tx.run(newest).scalar()
        if body is None:
            return
        changed = {**json.loads(body), "escalation": codec.dump_escalation(policies)}
        row: dict[str, Any] = {
            "applied_at": now,
            "applied_by": by,
            "body": json.dumps(changed, ensure_ascii=False),
        }
        self.tx.run(insert(ORGANISATION), [row])
        self.tx.has_replanned = True

    def add_override(self, override: Override, now: datetime) -> None:
        """Keep an override made in chat; one that is there already is left as it is."""
        self._add(OVERRIDE, {"schedule": override.schedule}, codec.dump_override(override), now)

    def add_swap(self, swap: Swap, now: datetime) -> None:
        """Keep a swap that both have agreed to."""
        self._add(SWAP, {"schedule": swap.schedule}, codec.dump_swap(swap), now)

    def add_absence(self, absence: Absence, now: datetime) -> None:
        """Keep when somebody is away."""
        when = {"person": absence.person, "starts_at": absence.start, "ends_at": absence.end}
        self._add(ABSENCE, when, codec.dump_absence(absence), now)

    def withdraw(self, ids: Collection[str], now: datetime) -> None:
        """What was made in chat, by its ids; once withdrawn is withdrawn."""
        for table in CHANGED_IN_CHAT:
            mine = update(table).where(table.c.id.in_(sorted(ids)), table.c.withdrawn_at.is_(None))
            self.tx.run(mine.values(withdrawn_at=now))
        self.hold()

    def _add(self, table: Table, columns: dict[str, Any], body: codec.Json, now: datetime) -> None:
        row = {"id": body["id"], "made_at": now, "body": json.dumps(body, ensure_ascii=False), **columns}
        self.tx.insert_new(table, [row])
        self.hold()

    def slack_ids(self) -> dict[str, str]:
        """Person key → Slack id, for those whose Slack id is known."""
        return self.people.slack_ids()

    def slack_id(self, person: str) -> str:
        """The Slack id of a person's key, or "" when Slack knows nobody by it."""
        return self.people.slack_id(person)

    def person_key(self, user: str) -> str:
        """The person's key in the schedules file, or ""."""
        return self.people.person_key(user)

    def _parsed(self, version: int, at: datetime | None = None) -> Organisation:
        """A version with what was changed in chat: all of it, or what was known at an instant.

        A version holds copies of the changes that stood when it was applied: they are withdrawn too.
        """
        body = self.tx.run(select(ORGANISATION.c.body).where(ORGANISATION.c.version == version)).scalar_one()
        applied = codec.load(json.loads(body))
        rows = {table: self.tx.all(_made(table, at)) for table in CHANGED_IN_CHAT}
        withdrawn = _withdrawn(chain.from_iterable(rows.values()), at)
        overrides = _together(applied.overrides, map(codec.load_override, _bodies(rows[OVERRIDE])))
        swaps = _together(applied.swaps, map(codec.load_swap, _bodies(rows[SWAP])))
        absences = _together(applied.absences, map(codec.load_absence, _bodies(rows[ABSENCE])))
        ids = self.people.slack_ids()
        return replace(
            applied,
            people=tuple(replace(one, slack=ids.get(one.key, one.slack)) for one in applied.people),
            overrides=without(overrides, withdrawn),
            swaps=tuple(swap for swap in swaps if swap.id not in withdrawn),
            absences=tuple(absence for absence in absences if absence.id not in withdrawn),
        )


def _made(table: Table, at: datetime | None) -> Select[Any]:
    found = select(table.c.id, table.c.body, table.c.withdrawn_at).order_by(table.c.made_at, table.c.id)
    return found if at is None else found.where(table.c.made_at <= at)


def _withdrawn(rows: Iterable[RowMapping], at: datetime | None) -> dict[str, datetime]:
    ends = ((row["id"], row["withdrawn_at"]) for row in rows)
    return {name: end for name, end in ends if end is not None and (at is None or end <= at)}


def _bodies(rows: Sequence[RowMapping]) -> Iterable[codec.Json]:
    return (json.loads(row["body"]) for row in rows)


def _together(applied: Sequence[C], made: Iterable[C]) -> tuple[C, ...]:
    """What the version holds, and what was made in chat since."""
    named = {one.id for one in applied}
    return tuple(chain(applied, (one for one in made if one.id not in named)))


@cache
def _mark() -> Select[Any]:
    version = func.max(ORGANISATION.c.version)
    changes, links = (
        select(COUNTER.c.value).where(COUNTER.c.name == name).scalar_subquery() for name in (CHANGES, LINKS)
    )
    return select(version.label("version"), changes.label("changes"), links.label("links"))
