"""`audit list`: who did what, newest first. Ids are in `--json`; the lines are for people."""

import re
from argparse import Namespace

from msgspec.structs import asdict

from bot.cli.exits import Exit, counted, say, say_json, store_of, with_settings
from bot.settings import Settings
from incidents.decision import stamp
from storage.audit import AuditEntry

_ID = re.compile(r"\b[0-9a-f]{20,}\b")


@with_settings
def audit_list(settings: Settings, options: Namespace) -> Exit:
    """What was done lately, to one subject where `--of` names it, like INC-12 or schedules."""
    with store_of(settings) as store:
        rows, people = store.read(
            lambda unit: (unit.audit.newest(options.last, options.of), unit.people.everybody())
        )
    names = {actor.user: actor.name for actor in people}
    if options.json:
        say_json([{**asdict(row), "at": stamp(row.at), "name": names.get(row.by, "")} for row in rows])
        return Exit.DONE
    say(*(_line(row, names.get(row.by, row.by) or "Meridian") for row in rows))
    say("Nothing was done yet." if not rows else f"{counted(len(rows), 'entry', 'entries')}, newest first.")
    return Exit.DONE


def _line(row: AuditEntry, who: str) -> str:
    """`2026-12-07 01:00 UTC  Dana Ortiz: rota override, schedule safety`."""
    subject = "" if _ID.search(row.subject) else f" {row.subject}"
    told = ((name, _ID.sub("", value).strip()) for name, value in row.detail.items())
    detail = "".join(f", {name} {value}" for name, value in told if value)
    return f"{row.at:%Y-%m-%d %H:%M} UTC  {who}: {row.action}{subject}{detail}"
