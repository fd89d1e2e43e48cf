"""`outbox list|retry|drop`: what Meridian gave up sending, for a person to decide about."""

from argparse import Namespace
from getpass import getuser

from msgspec.structs import asdict

from bot.cli.exits import Exit, clock_of, complain, counted, say, say_json, store_of, with_settings
from bot.settings import Settings
from incidents.decision import stamp
from storage.dead_letters import DeadLetter
from storage.unit_of_work import SqlUnit

WHY = {
    "dead": "given up after {attempts}",
    "failed": "never sent",
    "buried": "a timer, buried after {attempts}; it was due",
}


@with_settings
def show(settings: Settings, options: Namespace) -> Exit:
    """Everything that was given up, newest first."""
    with store_of(settings) as store:
        letters = store.read(lambda unit: unit.dead_letters.listed())
        waiting = store.read(lambda unit: unit.outbox.pending_count())
    if options.json:
        documents = [{**asdict(letter), "at": stamp(letter.at)} for letter in letters]
        say_json({"dead_letters": documents, "waiting": waiting})
        return Exit.DONE
    for letter in letters:
        say(letter.key, f"  {_told(letter)}")
    given_up = counted(len(letters), "dead letter") if letters else "Nothing was given up"
    say(f"{given_up}; {counted(waiting, 'effect')} on the way.")
    return Exit.DONE


@with_settings
def retry(settings: Settings, options: Namespace) -> Exit:
    """Try one again, with all that failed only because it did."""
    now = clock_of(settings).now()

    def work(unit: SqlUnit) -> int:
        letter = unit.dead_letters.get(options.key)
        if letter is None:
            return 0
        unit.audit.write(now, _whoever_types(), "outbox retry", letter.subject, {"effect": letter.key})
        return unit.dead_letters.retry(letter.key, now)

    with store_of(settings) as store:
        count = store.write(work)
        state = store.read(lambda unit: unit.outbox.state(options.key))
    if not count:
        return _refused(options.key, state)
    if options.json:
        say_json({"retried": options.key, "brought_back": count})
    else:
        say(f"{options.key} is tried again{f', with {count - 1} that waited for it' if count > 1 else ''}.")
    return Exit.DONE


@with_settings
def drop(settings: Settings, options: Namespace) -> Exit:
    """Send one never; who said so is on record."""
    now, by = clock_of(settings).now(), _whoever_types()

    def work(unit: SqlUnit) -> bool:
        letter = unit.dead_letters.get(options.key)
        if letter is None:
            return False
        unit.audit.write(now, by, "outbox drop", letter.subject, {"effect": letter.key})
        return unit.dead_letters.drop(letter.key, by)

    with store_of(settings) as store:
        is_dropped = store.write(work)
        state = store.read(lambda unit: unit.outbox.state(options.key))
    if not is_dropped:
        return _refused(options.key, state)
    if options.json:
        say_json({"dropped": options.key, "by": by})
    else:
        say(f"{options.key} is dropped.")
    return Exit.DONE


def _told(letter: DeadLetter) -> str:
    how = WHY[letter.state].format(attempts=counted(letter.attempts, "attempt"))
    return (
        f"{letter.kind} of {letter.subject}: {letter.error or 'no reason given'}; {how}, {stamp(letter.at)}"
    )


def _refused(key: str, state: str) -> Exit:
    known = f"{key} was not given up: it is {state}." if state else f"There is no {key}."
    complain([f"{known} `python -m bot outbox list` shows what was given up."])
    return Exit.REFUSED


def _whoever_types() -> str:
    try:
        return f"{getuser()} on the command line"
    except (KeyError, OSError):  # a container may have no names for its users
        return "the command line"
