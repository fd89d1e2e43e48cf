"""What people want to be told of their shifts, in SQL: the whole value as JSON by Slack id."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import select

from rotations.notices import Preferences
from storage import codec
from storage.bodies import body_over
from storage.tables import PREFERENCE
from storage.transaction import Transaction


class SqlPreferences(Struct, frozen=True):
    tx: Transaction

    def of(self, users: Collection[str]) -> dict[str, Preferences]:
        """Slack id → what they chose, for those of these who have chosen anything."""
        named = select(PREFERENCE).where(PREFERENCE.c.user.in_(users))
        return {row["user"]: codec.read(Preferences, row["body"]) for row in self.tx.all(named)}

    def put(self, user: str, preferences: Preferences) -> None:
        body = body_over(self.tx, PREFERENCE, PREFERENCE.c.user == user, preferences)
        self.tx.upsert(PREFERENCE, [{"user": user, "body": body}])
