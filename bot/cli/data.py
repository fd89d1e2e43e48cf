"""Commands on the database: `migrate`, `apply`, `audit verify`. Each is short and ends by itself."""

from argparse import Namespace
from dataclasses import asdict

from bot.applying import UnreadableFile, apply_file
from bot.cli.exits import Exit, complain, counted, house_of, make_home, say, say_json, store_of, with_settings
from bot.settings import Settings
from rotations.refusals import OverlappingOverride, ScheduleFaults


@with_settings
def migrate(settings: Settings, _options: Namespace) -> Exit:
    """Create the database or bring it up to date."""
    from storage import migrating

    make_home(settings.home)
    was_behind = migrating.migrate(settings.database_url)
    say("The database was brought up to date." if was_behind else "The database is up to date.")
    return Exit.DONE


@with_settings
def apply(settings: Settings, options: Namespace) -> Exit:
    """A faulty file changes nothing; every fault is said with its line and column."""
    try:
        with house_of(settings) as house:
            applied = apply_file(house, options.file, by="the command line", dry_run=options.dry_run)
    except UnreadableFile as fault:
        complain([str(fault)])
        return Exit.ENVIRONMENT
    except ScheduleFaults as faults:
        complain([str(fault) for fault in faults.faults])
        return Exit.REFUSED
    except OverlappingOverride as refusal:
        complain([str(refusal)])
        return Exit.REFUSED
    schedules, overrides = counted(applied.schedules, "schedule"), counted(applied.overrides, "override")
    counts = f"{counted(applied.people, 'person', 'people')}, {schedules}, {overrides}"
    if not applied.is_change:
        say(f"Nothing to change: {counts}, as before.")
    else:
        say(f"{'Would apply' if options.dry_run else 'Applied'}: {counts}.")
        if options.dry_run:
            say(*(f"  {line}" for line in applied.changes))
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
