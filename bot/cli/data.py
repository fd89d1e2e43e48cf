"""Commands on the database: `migrate`, `audit verify`. Each is short and ends by itself."""

from argparse import Namespace

from msgspec.structs import asdict

from bot.cli.exits import Exit, complain, counted, make_home, say, say_json, store_of, with_settings
from bot.settings import Settings


@with_settings
def migrate(settings: Settings, _options: Namespace) -> Exit:
    """Create the database or bring it up to date."""
    from storage import migrating

    make_home(settings.home)
    was_behind = migrating.migrate(settings.database_url)
    say("The database was brought up to date." if was_behind else "The database is up to date.")
    return Exit.DONE


@with_settings
def audit_verify(settings: Settings, options: Namespace) -> Exit:
    """Recompute every timeline's hash chain. Words taken out with their message in Slack break none."""
    with store_of(settings) as store:
        breaks, erased = store.read(lambda u: (u.timeline.verify_all(), u.timeline.erased_count()))
    if options.json:
        say_json({"breaks": [asdict(found) for found in breaks], "erased": erased})
    elif breaks:
        complain([f"{found.incident}, entry {found.seq}: {found.what}." for found in breaks])
    else:
        say("Every timeline is whole.")
    if erased and not options.json:
        gone = counted(erased, "entry", "entries")
        say(f"Without words, because the message was deleted in Slack: {gone}.")
    return Exit.REFUSED if breaks else Exit.DONE
