"""`run`, `serve`, `work`: the long-running processes. Beside the local workspace `run` brings it along."""

import logging
import os
import signal
import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.exits import Exit, complain, say
from bot.local_workspace import LocalWorkspace, WorkspaceFault, open_local_workspace

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.wiring import Bot

USABLE_WITHIN_S = 60.0
LOOK_EVERY_S = 0.02

log = logging.getLogger(__name__)


def run(_options: Namespace) -> Exit:
    """Everything in one process; without tokens the local workspace is started beside it."""
    if os.environ.get("SLACK_BOT_TOKEN"):
        return _live("run")
    home, port = (
        Path(os.environ.get("MERIDIAN_HOME") or ".meridian"),
        os.environ.get("MERIDIAN_PORT") or "3777",
    )
    if not port.isdigit():
        complain([f"MERIDIAN_PORT: {port} is no port number. Set it to one between 1 and 65535."])
        return Exit.ENVIRONMENT
    try:
        workspace = open_local_workspace(home.expanduser().absolute(), int(port), os.environ)
    except WorkspaceFault as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _beside(workspace)
    except KeyboardInterrupt:
        return Exit.DONE
    finally:
        workspace.stop()


def serve(_options: Namespace) -> Exit:
    """Takes Slack's deliveries in; another process does the work. PostgreSQL only."""
    return _live("serve")


def work(_options: Namespace) -> Exit:
    """Sends, keeps time, hands over. PostgreSQL only."""
    return _live("work")


def _beside(workspace: LocalWorkspace) -> Exit:
    os.environ.update(workspace.environment)
    from bot.settings import SettingsFault, read_settings

    try:
        settings = read_settings()
    except SettingsFault as fault:
        complain(fault.faults)
        return Exit.ENVIRONMENT
    from bot import wiring  # noqa: F401 – loaded while the workspace starts

    try:
        workspace.wait_until_usable()
    except WorkspaceFault as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    return _assembled(settings, "run", workspace)


def _live(command: str) -> Exit:
    from bot.settings import SettingsFault, read_settings

    try:
        settings = read_settings()
    except SettingsFault as fault:
        complain(fault.faults)
        return Exit.ENVIRONMENT
    if not settings.has_tokens:
        complain(
            [f"{command} talks to a real workspace: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or use run."]
        )
        return Exit.ENVIRONMENT
    if command != "run" and settings.database_url.startswith("sqlite"):
        complain(
            [f"{command} needs PostgreSQL: set DATABASE_URL, or use run, which does all in one process."]
        )
        return Exit.ENVIRONMENT
    return _assembled(settings, command, None)


def _assembled(settings: "Settings", command: str, workspace: LocalWorkspace | None) -> Exit:
    from bot.log import set_up_logging
    from bot.run import Ending, PidFile, live
    from bot.wiring import Task, assemble
    from incidents.errors import StoreUnavailable
    from storage.errors import StoreError
    from storage.migrating import migrate

    settings.home.mkdir(parents=True, exist_ok=True)
    set_up_logging(settings.home if command == "run" else None)
    tasks = {"run": Task.BOTH, "serve": Task.TAKE, "work": Task.WORK}
    ending = Ending()
    try:
        migrate(settings.database_url)
        bot = assemble(settings, ending.fail, tasks[command])
    except (StoreError, StoreUnavailable) as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    if workspace is not None:
        _seed(bot)
    ending.listen_to_signals()
    pid_file = PidFile(settings.home / "bot.pid")
    pid_file.write()
    try:
        return Exit(live(bot.parts, ending, lambda: _announce(bot, workspace)))
    finally:
        pid_file.remove()


def _seed(bot: "Bot") -> None:
    """The example organisation, once, and only beside the local workspace."""
    from bot.applying import EXAMPLE, apply_file

    if bot.store.read(lambda unit: unit.schedules.organisation()) is None:
        apply_file(bot.house, EXAMPLE, by="the example")


def _announce(bot: "Bot", workspace: LocalWorkspace | None) -> None:
    """One line when it is usable; with Slack away it says so and goes on trying."""
    give_up = time.monotonic() + USABLE_WITHIN_S
    while not bot.is_ready() and time.monotonic() < give_up:
        time.sleep(LOOK_EVERY_S)  # noqa: TID251 – waiting for threads that announce nothing, with a deadline
    if not bot.is_ready():
        say("Slack does not answer yet. Meridian goes on trying; what falls due is kept.")
    elif workspace is not None:
        say(f"Meridian is ready. Open {workspace.url} in a browser.")
    else:
        say("Meridian is ready.")
    log.info("ready")
