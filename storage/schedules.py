"""The organisation as last applied and the overrides made in chat. Every applied version is kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, func, insert, select

from rotations import codec
from rotations.escalation import Policy
from rotations.model import Organisation, Override
from storage.people import LINKS, SqlPeople
from storage.tables import COUNTER, ORGANISATION, OVERRIDE
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SqlSchedules:
    """Parsing is remembered by (version, number of overrides, number of links made): they only ever grow."""

    tx: Transaction
    people: SqlPeople

    def organisation(self) -> Organisation | None:
        """The organisation as last applied, overrides included; None before the first apply.

        A person named by an address has the Slack id in its place, once that is known. The same object is
        returned until something changes."""
        mark = self.tx.one(_mark())
        if mark is None or mark["version"] is None:
            return None
        marked = (mark["version"], mark["made"], mark["links"] or 0)
        remembered = self.tx.memory.organisation
        if remembered is not None and remembered[0] == marked and not self.tx.has_replanned:
            return remembered[1]
        parsed = self._parsed(mark["version"])
        if not self.tx.has_replanned:
            self.tx.memory.organisation = (marked, parsed)
        return parsed

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
        body = json.dumps(codec.dump_override(override), ensure_ascii=False)
        row = {"id": override.id, "schedule": override.schedule, "made_at": now, "body": body}
        self.tx.insert_new(OVERRIDE, [row])
        self.tx.has_replanned = True

    def slack_ids(self) -> dict[str, str]:
        """Person key → Slack id, for those whose Slack id is known."""
        return self.people.slack_ids()

    def slack_id(self, person: str) -> str:
        """The Slack id of a person's key, or "" when Slack knows nobody by it."""
        return self.people.slack_id(person)

    def person_key(self, user: str) -> str:
        """The person's key in the schedules file, or ""."""
        return self.people.person_key(user)

    def _parsed(self, version: int) -> Organisation:
        body = self.tx.run(select(ORGANISATION.c.body).where(ORGANISATION.c.version == version)).scalar_one()
        applied = codec.load(json.loads(body))
        rows = self.tx.all(select(OVERRIDE.c.body).order_by(OVERRIDE.c.made_at, OVERRIDE.c.id))
        made = [codec.load_override(json.loads(row["body"])) for row in rows]
        named = {override.id for override in applied.overrides}
        added = tuple(override for override in made if override.id not in named)
        ids = self.people.slack_ids()
        people = tuple(replace(one, slack=ids.get(one.key, one.slack)) for one in applied.people)
        return replace(applied, people=people, overrides=(*applied.overrides, *added))


@cache
def _mark() -> Select[Any]:
    made = select(func.count()).select_from(OVERRIDE).scalar_subquery()
    links = select(COUNTER.c.value).where(COUNTER.c.name == LINKS).scalar_subquery()
    version = func.max(ORGANISATION.c.version)
    return select(version.label("version"), made.label("made"), links.label("links"))
