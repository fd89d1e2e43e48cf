"""A change of the plan from the command line: confirmed where it is soon or leaves a seat empty, and told."""

import sys
from argparse import Namespace
from collections.abc import Callable
from typing import TypeVar

from bot.cli.exits import complain, house_of, say
from bot.settings import Settings
from incidents.errors import IncidentError
from incidents.moves import NeedsSecondLook
from incidents.operations.rota_editing import Weighed
from incidents.ports import House

BY = "the command line"
MOST_SAID = 60
T = TypeVar("T")


class NotConfirmed(IncidentError):
    def __init__(self) -> None:
        super().__init__("Nothing was changed. To do it all the same, say --yes.")


def confirmed(settings: Settings, options: Namespace, work: Callable[[House, bool], T]) -> T:
    """`work`, told whether it is sure: at a terminal it is asked back, elsewhere `--yes` has to say so
    beforehand. Raises NotConfirmed, and what `work` does."""
    with house_of(settings) as house:
        try:
            return work(house, options.yes)
        except NeedsSecondLook as second:
            complain(["It alters who is paged within 24 hours, or leaves a seat empty:", *second.sentences])
        if not _is_confirmed():
            raise NotConfirmed
        return work(house, True)


def _is_confirmed() -> bool:
    if not sys.stdin.isatty():
        return False
    print("Do it? [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        return sys.stdin.readline().strip().casefold() in ("y", "yes")
    except KeyboardInterrupt:  # Ctrl-C is a no as well
        complain([""])
        return False


def say_moved(weighed: Weighed, options: Namespace) -> None:
    """Whose shifts move; after a dry run also what would have to be confirmed."""
    if not weighed.moved:
        return
    verb = "would move" if options.dry_run else "move"
    say(f"Shifts that {verb} in the next 8 weeks:", *_listed(weighed.sentences(weighed.moved)))
    if options.dry_run and weighed.alarming:
        say("To be confirmed (--yes), within 24 hours or leaving a seat empty:")
        say(*_listed(weighed.sentences(weighed.alarming)))


def _listed(sentences: tuple[str, ...]) -> list[str]:
    more = len(sentences) - MOST_SAID
    return [f"  {each}" for each in sentences[:MOST_SAID]] + ([f"  and {more} more"] if more > 0 else [])
