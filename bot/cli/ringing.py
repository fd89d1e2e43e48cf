"""Who rings when a short command has paged somebody: the bot that runs, or else this command itself."""

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from bot.alive import is_at_work
from bot.cli.exits import Exit, clock_of, say, store_of
from bot.cli.waited_for import LOOK_EVERY_S, still_at_work, waited_for
from bot.run import Ending, Part, live
from bot.settings import Settings
from incidents.errors import StoreUnavailable
from incidents.ports import Clock
from incidents.timeline import sentence
from storage.engine import database_url
from storage.errors import StoreInUse
from storage.lock_file import is_held
from storage.opening import SqlStore
from storage.unit_of_work import SqlUnit


def ring_on(settings: Settings, key: str, is_wished: bool) -> Exit:
    """While anybody may still come, where no bot runs and it is wished; else say who will. A test has no
    key."""
    if _is_running(settings):
        say("Meridian is running and takes it from here.")
        return Exit.DONE
    if not is_wished:
        hint = f", or ring from here: python -m bot page {key} --ring" if key else ""
        say(f"No Meridian is running: nobody is paged before one starts. Start it{hint}.")
        return Exit.DONE
    say("No Meridian is running: it rings from here until nobody is waited for any more. Ctrl-C ends it.")
    try:
        return _ring(settings, key)
    except StoreInUse:
        say("A Meridian has just been started and takes it from here.")
        return Exit.DONE


def _is_running(settings: Settings) -> bool:
    url = database_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        return is_held(Path(url.database or ""))
    clock = clock_of(settings)
    with store_of(settings) as store:
        if store.read(lambda unit: is_at_work(unit, clock.now())):
            say("A Meridian was at work a moment ago. Looking whether it still is: half a minute at most.")
        return still_at_work(store, clock, threading.Event().wait)


def _ring(settings: Settings, key: str) -> Exit:
    """Raises StoreInUse. What another terminal has left to this one in the moment of its end is rung too."""
    from bot.log import set_up_logging

    set_up_logging(settings.home)
    while True:
        is_over, code = _ring_once(settings, key)
        left = _left(settings, key)
        if not (is_over and left):
            break
    if left:
        say(*left, "What is left to do waits for the next start.")
    return Exit(code)


def _left(settings: Settings, key: str) -> Sequence[str]:
    now = clock_of(settings).now()
    with store_of(settings) as store:
        return store.read(lambda unit: waited_for(unit, key, now))


def _ring_once(settings: Settings, key: str) -> tuple[bool, int]:
    """The part of a bot that sends and keeps time. Whether it ended because nobody was waited for, and its
    exit code."""
    from bot.wiring import Task, assemble

    ending = Ending()
    bot = assemble(settings, ending.fail, Task.WORK)
    ending.listen_to_signals()
    teller = Teller(bot.store, bot.house.clock, key, ending)
    code = live((*bot.parts, Part("teller", teller.start, teller.stop)), ending)
    return teller.is_over, code


class Teller:
    """Prints the incident's timeline as it is written, and who is waited for; nobody: asks for the end."""

    def __init__(self, store: SqlStore, clock: Clock, key: str, ending: Ending) -> None:
        self._store = store
        self._clock = clock
        self._key = key
        self._ending = ending
        self._told = 0
        self._waited: Sequence[str] = ()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
        self.is_over = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(LOOK_EVERY_S)

    def _run(self) -> None:
        while not self.is_over and not self._stopping.wait(LOOK_EVERY_S):
            try:
                self._tell(*self._store.read(self._look))
            except StoreUnavailable:
                continue  # what sends waits for it, too
        if self.is_over:
            self._ending.ask()

    def _tell(self, lines: Sequence[str], waited: Sequence[str]) -> None:
        say(*lines[self._told :])
        self._told = len(lines)
        if waited != self._waited:
            say(*waited)
        self._waited, self.is_over = waited, not waited

    def _look(self, unit: SqlUnit) -> tuple[Sequence[str], Sequence[str]]:
        people = {actor.user: actor.name for actor in unit.people.everybody()}
        entries = sorted(unit.timeline.of(self._key), key=lambda entry: entry.seq)
        name_of = partial(_name, people)
        told = [f"{e.at:%H:%M} {sentence(e, name_of)}" for e in entries]
        return told, waited_for(unit, self._key, self._clock.now())


def _name(people: dict[str, str], user: str) -> str:
    return people.get(user, user)
