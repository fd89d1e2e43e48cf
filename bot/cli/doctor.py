"""`doctor`: says in plain words what is missing and what to do about it. It changes nothing at Slack."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from bot.cli.exits import Exit, house_of, say, say_json, with_settings
from bot.local_workspace import ROOT
from bot.settings import Settings
from incidents.errors import StoreUnavailable
from incidents.ports import House
from rotations.model import Channels
from rotations.shifts import resolver_of
from rotations.zones import use_bundled_tzdata
from storage.errors import StoreError

AHEAD = timedelta(days=14)
FORGETFUL = frozenset({"tmpfs", "ramfs", "overlay", "aufs"})
MOUNTS = Path("/proc/mounts")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `advice` is empty when it is well."""

    what: str
    advice: str = ""


@with_settings
def doctor(settings: Settings, options: Namespace) -> Exit:
    """0: all is well. 1: something is missing."""
    use_bundled_tzdata()
    findings = [*_machine(settings), *_on_database(settings), *_at_slack(settings)]
    if options.json:
        say_json([asdict(finding) for finding in findings])
    else:
        say(
            *(
                f"{'missing' if f.advice else 'ok     '}  {f.what}{f'. {f.advice}' if f.advice else ''}"
                for f in findings
            )
        )
    return Exit.REFUSED if any(finding.advice for finding in findings) else Exit.DONE


def _machine(settings: Settings) -> Iterator[Finding]:
    ours, second = version("tzdata"), version("pytz")
    apart = ours.split(".")[:2] != second.split(".")[:2]
    yield Finding(
        f"time zones: tzdata {ours}, pytz {second}",
        "Install the two of one release, as the lock file has them" if apart else "",
    )
    if settings.database_url.startswith("sqlite"):
        kind = file_system_of(settings.home, MOUNTS.read_text() if MOUNTS.exists() else "")
        lost = kind in FORGETFUL
        yield Finding(
            f"SQLite in {settings.home}",
            f"That disk ({kind}) does not last: a restart would forget every incident."
            " Mount a volume for MERIDIAN_HOME, or set DATABASE_URL to PostgreSQL"
            if lost
            else "",
        )


def file_system_of(folder: Path, mounts: str) -> str:
    """The kind of file system that holds a folder, by the table of mounts; "" when that does not say."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) > 2 and len(parts[1]) >= len(best) and folder.is_relative_to(parts[1]):
            best, kind = parts[1], parts[2]
    return kind


def _on_database(settings: Settings) -> Iterator[Finding]:
    try:
        with house_of(settings) as house:
            yield Finding("the database answers and is up to date")
            yield from _schedules(house)
    except (StoreError, StoreUnavailable) as error:
        yield Finding("the database", str(error).rstrip("."))


def _schedules(house: House) -> Iterator[Finding]:
    organisation = house.store.read(lambda unit: unit.schedules.organisation())
    if organisation is None or organisation.paged_schedule() is None:
        yield Finding("a schedule", "Nobody can be paged yet. Run python -m bot apply schedules.yaml")
        return
    linked = house.store.read(lambda unit: unit.schedules.slack_ids())
    strangers = [person.name for person in organisation.people if person.key not in linked]
    yield Finding(
        f"{len(organisation.people)} people, all known to Slack"
        if not strangers
        else f"people: {', '.join(strangers)}",
        "Slack knows nobody by these addresses. Correct them in the schedules file" if strangers else "",
    )
    now = house.clock.now()
    _, gaps = resolver_of(organisation).between(now, now + AHEAD)
    empty = sorted(
        {f"{gap.region or 'no region'} {gap.seat.value if gap.seat else ''}".strip() for gap in gaps}
    )
    yield Finding(
        f"empty seats in the next 14 days: {', '.join(empty) or 'none'}",
        "Put somebody there with /oncall override, or in the schedules file" if empty else "",
    )


def _at_slack(settings: Settings) -> Iterator[Finding]:
    if settings.bot_token is None:
        yield Finding("no Slack tokens: make run brings a local workspace along")
        return
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError, SlackClientError

    client = WebClient(settings.bot_token.get_secret_value(), settings.slack_api_url, retry_handlers=[])
    try:
        answer = client.auth_test()
        yield Finding(f"Slack knows the bot as {answer['user']} in {answer['team']}")
        yield _scopes(str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or ""))
        yield from _channels(settings, client.users_conversations)
        if settings.app_token is not None:
            client.apps_connections_open(app_token=settings.app_token.get_secret_value())
            yield Finding("Socket Mode can be opened")
    except SlackApiError as error:
        yield Finding(
            "Slack", f"It refuses: {error.response['error']}. Copy the tokens again from the app's page"
        )
    except (SlackClientError, OSError) as error:
        yield Finding(
            "Slack", f"It does not answer ({type(error).__name__}). Check the network and SLACK_API_URL"
        )


def _scopes(granted: str) -> Finding:
    import yaml

    manifest = yaml.safe_load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    needed = set(manifest["oauth_config"]["scopes"]["bot"])
    missing = sorted(needed - {scope.strip() for scope in granted.split(",")}) if granted else []
    return Finding(
        f"scopes: {', '.join(missing) or 'all granted'}",
        "Add them on the app's page under OAuth & Permissions and install the app again" if missing else "",
    )


def _channels(settings: Settings, conversations: Callable[..., object]) -> Iterator[Finding]:
    with house_of(settings) as house:
        organisation = house.store.read(lambda unit: unit.schedules.organisation())
    wanted = organisation.channels if organisation else Channels()
    answer = conversations(types="public_channel,private_channel", exclude_archived=True, limit=900)
    ours = {channel["name"] for channel in answer["channels"]}  # type: ignore[index]
    for name in (wanted.announce, wanted.team, wanted.operations):
        yield Finding(
            f"channel #{name}",
            "" if name in ours else f"Make it, or invite the bot: /invite @meridian in #{name}",
        )
