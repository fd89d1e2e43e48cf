"""Who rings when a short command has paged somebody: the bot that runs, or else this command itself."""

import threading
from functools import partial
from pathlib import Path

from bot.alive import is_at_work
from bot.cli.exits import Exit, clock_of, say, store_of
from bot.run import Ending, Part, live
from bot.settings import Settings
from incidents.model import Incident
from incidents.timeline import sentence
from storage.engine import database_url
from storage.errors import StoreInUse
from storage.lock_file import is_held
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit

LOOK_EVERY_S = 1.0


def ring_on(settings: Settings, key: str, is_wished: bool) -> Exit:
    """Until somebody has it, where no bot runs and it is wished; else say who will. A test has no key."""
    if _is_running(settings):
        say("Meridian is running and takes it from here.")
        return Exit.DONE
    if not is_wished:
        hint = f", or ring from here: python -m bot page {key} --ring" if key else ""
        say(f"No Meridian is running: nobody is paged before one starts. Start it{hint}.")
        return Exit.DONE
    say("No Meridian is running: pages leave from here until somebody has it. Ctrl-C ends it.")
    try:
        return _ring(settings, key)
    except StoreInUse:
        say("A Meridian has just been started and takes it from here.")
        return Exit.DONE


def _is_running(settings: Settings) -> bool:
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return is_held(Path(url.database or ""))
    now = clock_of(settings).now()
    with store_of(settings) as store:
        return store.read(lambda unit: is_at_work(unit, now))


def _ring(settings: Settings, key: str) -> Exit:
    """The part of a bot that sends and keeps time, until the incident has somebody. Raises StoreInUse."""
    from bot.log import set_up_logging
    from bot.wiring import Task, assemble

    set_up_logging(settings.home)
    ending = Ending()
    bot = assemble(settings, ending.fail, Task.WORK)
    ending.listen_to_signals()
    teller = Teller(bot.store, key, ending)
    code = live((*bot.parts, Part("teller", teller.start, teller.stop)), ending)
    say(*teller.last_words())
    return Exit(code)


class Teller:
    """Prints the incident's timeline as it is written, and asks for the end when somebody has it."""

    def __init__(self, store: SqlStore, key: str, ending: Ending) -> None:
        self._store = store
        self._key = key
        self._ending = ending
        self._told = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
        self._is_taken = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(LOOK_EVERY_S)

    def last_words(self) -> tuple[str, ...]:
        return () if self._is_taken else ("Nobody has it yet. What is left to do waits for the next start.",)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            incident, lines = self._store.read(self._look)
            say(*lines[self._told :])
            self._told = len(lines)
            if incident is None or not incident.status.is_open or incident.manager:
                self._is_taken = True
                self._ending.ask()
                return

    def _look(self, unit: SqlUnit) -> tuple[Incident | None, list[str]]:
        people = {actor.user: actor.name for actor in unit.people.everybody()}
        entries = sorted(unit.timeline.of(self._key), key=lambda entry: entry.seq)
        name_of = partial(_name, people)
        return unit.incidents.get(self._key), [f"{e.at:%H:%M} {sentence(e, name_of)}" for e in entries]


def _name(people: dict[str, str], user: str) -> str:
    return people.get(user, user)
