"""What the database refuses, named for the refusal. `str(error)` is one sentence with the next step."""


class StoreError(Exception):
    """A refusal by the store."""


class StoreUnavailable(StoreError):
    """The database cannot take this now (down, read-only, full, locked): nothing of the unit was saved."""


class StoreInUse(StoreError):
    """Another long-running process holds this SQLite file."""


class SchemaTooNew(StoreError):
    """A newer Meridian has already changed this database."""


class SchemaBehind(StoreError):
    """The database has not been migrated to this version."""


class Conflict(StoreError):
    """Another unit of work saved the same row in between. `write` runs the unit again."""
