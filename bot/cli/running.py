"""`run`, `serve`, `work`: the long-running processes. Beside the local workspace `run` brings it along."""

import gc
import logging
import os
import signal
import sys
import time
from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.exits import EnvironmentFault, Exit, make_home, say, told
from bot.local_workspace import LocalWorkspace, open_local_workspace

if TYPE_CHECKING:
    from bot.run import Ending
    from bot.settings import Settings
    from bot.wiring import Bot

USABLE_WITHIN_S = 60.0
LOOK_EVERY_S = 0.005
SWITCH_S = 0.001  # who holds a person's answer must not wait five milliseconds for its turn
MOST_PORT = 65535

log = logging.getLogger(__name__)


def run(_options: Namespace) -> Exit:
    """Everything in one process; without tokens the local workspace is started beside it."""
    gc.disable()  # until all is loaded: nothing of it is ever garbage, and looking through it takes its time
    return told(partial(_live, "run") if os.environ.get("SLACK_BOT_TOKEN") else _beside)


def serve(_options: Namespace) -> Exit:
    """Takes Slack's deliveries in; another process does the work. PostgreSQL only."""
    gc.disable()
    return told(partial(_live, "serve"))


def work(_options: Namespace) -> Exit:
    """Sends, keeps time, hands over. PostgreSQL only."""
    gc.disable()
    return told(partial(_live, "work"))


def _beside() -> Exit:
    """The workspace is started first: the bot is loaded meanwhile."""
    home = Path(os.environ.get("MERIDIAN_HOME") or ".meridian").expanduser().absolute()
    make_home(home)
    workspace = open_local_workspace(home, _port(), os.environ)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _with(workspace)
    except KeyboardInterrupt:
        return Exit.DONE
    finally:
        workspace.stop()


def _port() -> int:
    port = os.environ.get("MERIDIAN_PORT") or "3777"
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= MOST_PORT):
        raise EnvironmentFault(f"MERIDIAN_PORT: {port} is no port. Set it to one between 1 and {MOST_PORT}.")
    return int(port)


def _with(workspace: LocalWorkspace) -> Exit:
    os.environ.update(workspace.environment)
    from bot.settings import read_settings

    settings = read_settings()
    from bot import wiring  # noqa: F401 – loaded while the workspace starts

    workspace.wait_until_usable()
    return _assembled(settings, "run", workspace)


def _live(command: str) -> Exit:
    from bot.settings import read_settings

    settings = read_settings()
    if not settings.has_tokens:
        raise EnvironmentFault(
            f"{command} talks to a real workspace: set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode)"
            " or SLACK_SIGNING_SECRET (HTTP), or use run."
        )
    if command != "run" and settings.database_url.startswith("sqlite"):
        raise EnvironmentFault(
            f"{command} needs PostgreSQL: set DATABASE_URL, or use run, which does all in one process."
        )
    return _assembled(settings, command, None)


def _assembled(settings: "Settings", command: str, workspace: LocalWorkspace | None) -> Exit:
    from bot.log import set_up_logging
    from bot.memory import end_when_it_runs_out
    from bot.run import Ending, PidFile, live
    from bot.wiring import Task, assemble

    make_home(settings.home)
    set_up_logging(settings.home if command == "run" else None)
    sys.setswitchinterval(SWITCH_S)
    tasks = {"run": Task.BOTH, "serve": Task.TAKE, "work": Task.WORK}
    ending = Ending()
    end_when_it_runs_out(ending.fail)
    bot = assemble(settings, ending.fail, tasks[command])
    gc.freeze()
    gc.enable()
    if workspace is not None:
        _seed(bot)
    ending.listen_to_signals()
    pid_file = PidFile(settings.home / ("bot.pid" if command == "run" else f"{command}.pid"))
    pid_file.write()
    try:
        return Exit(live(bot.parts, ending, lambda: _announce(bot, workspace, ending)))
    finally:
        pid_file.remove()


def _seed(bot: "Bot") -> None:
    """The example organisation, once, and only beside the local workspace."""
    from bot.applying import EXAMPLE, apply_file

    if bot.store.read(lambda unit: unit.schedules.organisation()) is None:
        apply_file(bot.house, EXAMPLE, by="the example")


def _announce(bot: "Bot", workspace: LocalWorkspace | None, ending: "Ending") -> None:
    """One line when it is usable; with Slack away it says so and goes on trying."""
    give_up = time.monotonic() + USABLE_WITHIN_S
    while not (bot.is_ready() or ending.is_asked) and time.monotonic() < give_up:
        time.sleep(LOOK_EVERY_S)  # noqa: TID251 – waiting for threads that announce nothing, with a deadline
    if ending.is_asked:
        return
    if not bot.is_ready():
        say("Slack does not answer yet. Meridian goes on trying; what falls due is kept.")
    elif workspace is not None:
        say(f"Meridian is ready. Open {workspace.url} in a browser.")
    elif bot.settings.is_socket_mode or bot.web is None:
        say("Meridian is ready.")
    else:
        from bot.web.routes import SLACK_PATH

        say(f"Meridian is ready. Slack reaches it on port {bot.web.port}, path {SLACK_PATH}.")
    log.info("ready")
