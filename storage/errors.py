"""What the database refuses, named for the refusal. `str(error)` is one sentence with the next step."""

from incidents.errors import StoreUnavailable

__all__ = ["Conflict", "SchemaTooNew", "StoreError", "StoreInUse", "StoreUnavailable"]


TOO_MANY_AT_ONCE = "The database cannot be used now: too many changes meet at once."


class StoreError(Exception):
    """A refusal by the store."""


class StoreInUse(StoreError):
    """Another long-running process holds this SQLite file."""


class SchemaTooNew(StoreError):
    """A newer Meridian has already changed this database."""


class Conflict(StoreError):
    """Another unit of work saved the same row in between. `write` runs the unit again."""
