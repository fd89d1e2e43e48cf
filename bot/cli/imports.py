"""`import undo`: the last import taken back, whichever kind it was."""

from argparse import Namespace

from bot.cli.confirming import BY, confirmed, say_moved
from bot.cli.exits import Exit, say, with_settings
from bot.settings import Settings
from incidents.operations.importing import TakenBack, undo
from incidents.ports import House


@with_settings
def import_undo(settings: Settings, options: Namespace) -> Exit:
    """What was served meanwhile stays; refused where the plan was changed since."""

    def work(house: House, is_sure: bool) -> TakenBack:
        return undo(house, BY, is_sure=is_sure, dry_run=options.dry_run)

    taken = confirmed(settings, options, work)
    verb = "Would take back" if options.dry_run else "Took back"
    say(f"{verb} {taken.was.source}, imported {taken.was.made_at:%Y-%m-%d %H:%M} UTC by {taken.was.by}.")
    say_moved(taken.weighed, options)
    return Exit.DONE
