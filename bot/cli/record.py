"""`export incident`: the record as Markdown, JSON, HTML or CSV. Nothing in it is run by whoever opens it."""

import csv
import io
import json
from argparse import Namespace
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from html import escape
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from bot.cli.exits import Exit, complain, house_of, say, with_settings
from bot.settings import Settings
from incidents.document import Record, document
from incidents.model import Entry, NameOf
from incidents.ports import Unit
from incidents.timeline import sentence


@with_settings
def export_incident(settings: Settings, options: Namespace) -> Exit:
    """The whole record of one incident; whoever can run this can read the database anyway."""
    with house_of(settings) as house:
        found = house.store.read(lambda unit: _record(unit, options.key))
    if found is None:
        complain([f"There is no incident {options.key}."])
        return Exit.REFUSED
    say(_FORMS[options.format](found).rstrip("\n"))
    return Exit.DONE


def _record(unit: Unit, key: str) -> Record | None:
    incident = unit.incidents.get(key)
    if incident is None:
        return None
    actors = {actor.user: actor for actor in unit.people.everybody()}

    def name_of(user: str) -> str:
        return actors[user].name if user in actors else user

    zone = actors[incident.holder].zone if incident.holder in actors else "UTC"
    return Record(incident, tuple(unit.timeline.of(incident.key)), name_of, zone)


def _as_json(record: Record) -> str:
    told = {
        "incident": _plain(record.incident),
        "timeline": [_entry(entry, record.name_of) for entry in record.entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _entry(entry: Entry, name_of: NameOf) -> dict[str, Any]:
    return {**_plain(entry), "sentence": sentence(entry, name_of)}


def _plain(value: Any) -> Any:
    """A value → JSON: instants in UTC with Z, enums by value, names for severities."""
    if isinstance(value, Struct):
        value = asdict(value)
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _as_html(record: Record) -> str:
    """One page without scripts, links or images: the document as plain text."""
    title = escape(f"{record.incident.key}: {record.incident.title}")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    return f'{head}<pre style="white-space: pre-wrap">{escape(document(record))}</pre></html>'


def _as_csv(record: Record) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["at", "kind", "by", "what"])
    for entry in record.entries:
        what = sentence(entry, record.name_of)
        by = record.name_of(entry.by) if entry.by else "Meridian"
        writer.writerow([_plain(entry.at), entry.kind.value, cell(by), cell(what)])
    return out.getvalue()


def cell(text: str) -> str:
    """A spreadsheet must not take a text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r", "＝") else text


_FORMS: dict[str, Callable[[Record], str]] = {
    "md": document,
    "json": _as_json,
    "html": _as_html,
    "csv": _as_csv,
}
