"""People as one Actor each: what Slack says of them (profile) and what the schedules file says (member)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct
from sqlalchemy import RowMapping, Select, bindparam, delete, func, insert, or_, select, update

from incidents.people import Actor
from rotations.model import Person
from storage.tables import MEMBER, PROFILE
from storage.transaction import Transaction

LINKS = "links"
LINKED = select(MEMBER.c.key, MEMBER.c.user).where(MEMBER.c.user != "")
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,}")


class SqlPeople(Struct, frozen=True):
    tx: Transaction

    def actor(self, user: str) -> Actor | None:
        """The person behind a Slack id, or None while Slack has not been asked."""
        row = self.tx.one(_actor_of(), user=user)
        return _actor(row) if row else None

    def actors(self, users: Iterable[str]) -> dict[str, Actor]:
        """Those of these people who are known."""
        wanted = sorted(set(users))
        rows = self.tx.all(_actors_of(), users=wanted) if wanted else ()
        return {row["user"]: _actor(row) for row in rows}

    def everybody(self) -> Sequence[Actor]:
        """Everybody who is known, by name."""
        return [_actor(row) for row in self.tx.all(_everybody())]

    def put_profiles(self, profiles: Sequence[Actor], now: datetime) -> None:
        """Store what Slack says of people; the schedules file's part (lead, vendor, phone) is kept."""
        rows = {actor.user: _profile(actor, now) for actor in profiles}
        self.tx.upsert(PROFILE, list(rows.values()))

    def seen_at(self, user: str) -> datetime | None:
        """When Slack was last asked about this person; None for never."""
        row = self.tx.one(select(PROFILE.c.seen_at).where(PROFILE.c.user == user))
        return row["seen_at"] if row else None

    def unlinked(self) -> dict[str, str]:
        """Person key → e-mail address, for those whose Slack id is still to be asked for."""
        found = select(MEMBER.c.key, MEMBER.c.slack).where(MEMBER.c.user == "", MEMBER.c.slack != "")
        return {row["key"]: row["slack"] for row in self.tx.all(found.order_by(MEMBER.c.key))}

    def link_addresses(self, users: Mapping[str, str]) -> None:
        """Slack has told whose addresses these are (address → Slack id). Others than awaited do no harm."""
        by_address = {address.casefold(): user for address, user in users.items()}
        found = {key: by_address.get(address.casefold()) for key, address in self.unlinked().items()}
        for key, user in found.items():
            if user:
                self.tx.run(update(MEMBER).where(MEMBER.c.key == key).values(user=user))
                self.tx.counted(LINKS)
                self.tx.has_replanned = True

    def slack_id(self, person: str) -> str:
        """The Slack id of a person's key, or "" when Slack knows nobody by it."""
        row = self.tx.one(select(MEMBER.c.user).where(MEMBER.c.key == person))
        return str(row["user"]) if row else ""

    def slack_ids(self) -> dict[str, str]:
        """Person key → Slack id, for those whose Slack id is known."""
        return {row["key"]: row["user"] for row in self.tx.all(LINKED)}

    def person_key(self, user: str) -> str:
        """The person's key in the schedules file, or ""."""
        row = self.tx.one(select(MEMBER.c.key).where(MEMBER.c.user == user).order_by(MEMBER.c.key))
        return str(row["key"]) if row and user else ""

    def named(self, word: str) -> Sequence[str]:
        """Slack ids of those whom the schedules file knows by this key or address, whatever the case."""
        names = (MEMBER.c.key, MEMBER.c.slack, MEMBER.c.mail)
        called = or_(*(func.lower(name) == word.lower() for name in names))
        found = select(MEMBER.c.user).where(called, MEMBER.c.user != "").order_by(MEMBER.c.user).distinct()
        return [row["user"] for row in self.tx.all(found)]

    def replace_members(self, people: Sequence[Person]) -> None:
        """Take over the schedules file's part; an address that stays the same keeps its Slack id."""
        known = {row["slack"]: row["user"] for row in self.tx.all(select(MEMBER.c.slack, MEMBER.c.user))}
        self.tx.run(delete(MEMBER))
        if people:
            self.tx.run(insert(MEMBER), [_member(person, known) for person in people])


def _actors() -> Select[Any]:
    theirs = (MEMBER.c.lead, MEMBER.c.vendor, MEMBER.c.phone, MEMBER.c.ring, MEMBER.c.mail)
    return select(PROFILE, *theirs).select_from(PROFILE.outerjoin(MEMBER, MEMBER.c.user == PROFILE.c.user))


@cache
def _actor_of() -> Select[Any]:
    return _actors().where(PROFILE.c.user == bindparam("user"))


@cache
def _actors_of() -> Select[Any]:
    return _actors().where(PROFILE.c.user.in_(bindparam("users", expanding=True)))


@cache
def _everybody() -> Select[Any]:
    return _actors().order_by(PROFILE.c.name, PROFILE.c.user)


def _actor(row: RowMapping) -> Actor:
    return Actor(
        user=row["user"],
        name=row["name"],
        zone=row["zone"],
        is_lead=bool(row["lead"]),
        is_vendor=bool(row["vendor"]),
        is_guest=row["guest"],
        is_stranger=row["stranger"],
        is_deactivated=row["deleted"],
        is_bot=row["bot"],
        phone=row["phone"] or "",
        ring=row["ring"] or "",
        mail=row["mail"] or "",
    )


def _profile(actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "user": actor.user,
        "name": actor.name,
        "zone": actor.zone,
        "deleted": actor.is_deactivated,
        "guest": actor.is_guest,
        "stranger": actor.is_stranger,
        "bot": actor.is_bot,
        "seen_at": now,
    }


def _member(person: Person, known: dict[str, str]) -> dict[str, Any]:
    slack = person.slack or ""
    return {
        "key": person.key,
        "slack": slack,
        "user": slack if SLACK_ID.fullmatch(slack) else known.get(slack, "") if slack else "",
        "lead": person.lead,
        "vendor": person.vendor,
        "phone": person.phone or "",
        "region": person.region or "",
        "ring": person.ring or "",
        "mail": person.mail or "",
    }
