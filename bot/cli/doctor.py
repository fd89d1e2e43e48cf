"""`doctor`: says in plain words what is missing and what to do about it. It changes nothing anywhere."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bot.cli.exits import Exit, clock_of, say, say_json, with_settings
from bot.cli.findings import PROVEN_WITHIN, Finding, Roll, State, missing, ok
from bot.loopback import is_loopback
from bot.settings import Settings
from incidents.errors import StoreUnavailable
from incidents.ports import Unit
from rotations.zones import use_bundled_tzdata
from storage.errors import StoreError

FORGETFUL = frozenset({"tmpfs", "ramfs", "overlay", "aufs"})
MOUNTS = Path("/proc/mounts")
ENDS_WITH = {State.OK: Exit.DONE, State.MISSING: Exit.REFUSED, State.BROKEN: Exit.ENVIRONMENT}


@with_settings
def doctor(settings: Settings, options: Namespace) -> Exit:
    """0: all is well. 1: something is missing. 3: the database or Slack does not answer."""
    use_bundled_tzdata()
    findings = list(_findings(settings))
    if options.json:
        say_json([finding.document for finding in findings])
    else:
        say(*(finding.line for finding in findings))
    return max(ENDS_WITH[finding.state] for finding in findings)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield _zones()
    if settings.database_url.startswith("sqlite"):
        yield disk(settings.home, MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else "")
    found, roll = _database(settings)
    yield found
    if found.state is State.OK:
        from bot.cli.doctor_schedules import about_schedules
        from bot.cli.following import about_followed

        yield from about_schedules(roll, clock_of(settings).now())
        yield from about_followed(roll.followed)
    if settings.bot_token is None:
        yield ok("no Slack tokens: run brings a local workspace along")
        return
    from bot.cli.doctor_ring import about_ring
    from bot.cli.doctor_slack import about_slack
    from bot.cli.doctor_web import about_web

    yield heartbeat(settings)
    yield from about_web(settings, roll)
    yield from about_slack(settings, roll)
    yield from about_ring(settings, clock_of(settings), roll.organisation.people if roll.organisation else ())


def heartbeat(settings: Settings) -> Finding:
    """Whether somebody outside hears it when Meridian itself is down."""
    if settings.heartbeat is not None:
        return ok("a heartbeat is sent every minute while a page could get through")
    if is_loopback(settings.slack_api_url):
        return ok("no heartbeat, beside a workspace of this machine")
    return missing(
        "a heartbeat: when Meridian itself is down nobody hears of it",
        "Set HEARTBEAT_URL to an address of a dead man's service (docs/operations.md)",
    )


def _zones() -> Finding:
    ours, second = version("tzdata"), version("pytz")
    if ours.split(".")[:2] == second.split(".")[:2]:
        return ok(f"time zones: tzdata {ours}")
    return missing(
        f"time zones: tzdata {ours}, but pytz {second}",
        "Install the two of one release, as the lock has them",
    )


def disk(home: Path, mounts: str) -> Finding:
    """Whether a database in this folder outlives a restart. `mounts` is the machine's table of them."""
    kind = file_system_of(home.resolve(), mounts)
    if kind not in FORGETFUL:
        return ok(f"SQLite in {home}")
    return missing(
        f"a disk that lasts: {home} is on {kind}, and a restart would forget every incident",
        "Mount a volume and set MERIDIAN_HOME to it, or set DATABASE_URL to PostgreSQL",
    )


def file_system_of(folder: Path, mounts: str) -> str:
    """The kind of file system that holds a folder, by the table of mounts; "" when that does not say."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        place = parts[1].replace("\\040", " ") if len(parts) > 2 else ""
        if place and len(place) >= len(best) and folder.is_relative_to(place):
            best, kind = place, parts[2]
    return kind


def _database(settings: Settings) -> tuple[Finding, Roll]:
    from storage.migrating import head_matches
    from storage.opening import open_store

    command = "Run python -m bot migrate"
    if settings.database is None and not (settings.home / "meridian.sqlite").exists():
        return missing("the database: there is none yet", command), Roll()
    try:
        if not head_matches(settings.database_url):
            return missing("the database: it is not this version's", command), Roll()
        since = clock_of(settings).now() - PROVEN_WITHIN
        store = open_store(settings.database_url)
        try:
            return ok("the database answers"), store.read(partial(_roll, since))
        finally:
            store.close()
    except (StoreError, StoreUnavailable) as error:
        return Finding(State.BROKEN, "the database", str(error).rstrip(".")), Roll()


def _roll(since: datetime, unit: Unit) -> Roll:
    linked = unit.schedules.slack_ids()
    tests = {user: unit.proofs.answered(user, since) for user in linked.values()}
    actors, followed = unit.people.actors(linked.values()), tuple(unit.subscriptions.followed())
    return Roll(unit.schedules.organisation(), linked, actors, tests, followed)
