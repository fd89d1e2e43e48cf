"""What `doctor` says of the web: how Slack comes in, and in whose name others declare. It asks nobody."""

from collections.abc import Iterator

from bot.cli.findings import Finding, Roll, missing, ok
from bot.settings import Settings
from bot.web.routes import SLACK_PATH
from incidents.access import Action, may


def about_web(settings: Settings, roll: Roll) -> Iterator[Finding]:
    if settings.takes_http:
        yield ok(f"deliveries over HTTP: port {settings.web_port}, path {SLACK_PATH}")
    if settings.incidents_secret is not None:
        yield _stand_in(settings.incidents_by, roll)


def _stand_in(who: str, roll: Roll) -> Finding:
    actor = roll.actors.get(who) or roll.actors.get(roll.linked.get(who, ""))
    if actor is not None and may(actor, Action.DECLARE):
        return ok(f"POST /incidents: {actor.name} declares for those whom nobody knows")
    return missing(
        f"POST /incidents: INCIDENTS_BY names {who}, who is not in the schedules or may not declare",
        "Set it to the key, or the Slack id, of somebody in the schedules file who may",
    )
