"""The schedules file → an Organisation, or every fault at once with line and column. Never touches a disk."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from rotations.fields import Faults, Fields, choice_of, entries_of, flag_of, text_of, texts_of, zone_of
from rotations.file_absences import absences_of
from rotations.file_escalation import escalation_of
from rotations.file_overrides import overrides_of
from rotations.file_schedules import schedules_of
from rotations.located import Located, located
from rotations.model import Channels, Organisation, Person, Schedule
from rotations.policies import known
from rotations.refusals import ScheduleFaults
from rotations.zones import is_country

_SECTIONS = ("people", "schedules", "overrides", "absences", "escalation", "meridian")
_PERSON_KEYS = (
    "name",
    "slack",
    "zone",
    "country",
    "region",
    "team",
    "skills",
    "vendor",
    "lead",
    "phone",
    "ring",
    "mail",
)


def parse(text: str, name: str) -> Organisation:
    """The organisation a file describes; `name` stands in its faults. Raises ScheduleFaults."""
    faults = Faults(name)
    top = Fields(located(text, name), "The file", _SECTIONS, faults)
    people = _people(top.get("people"), faults)
    keys = tuple(person.key for person in people)
    schedules = schedules_of(top.get("schedules"), keys, faults)
    overrides = overrides_of(top.get("overrides"), schedules, keys, faults)
    absences = absences_of(top.get("absences"), people, faults)
    paged, specialists, channels = _meridian(top.get("meridian"), schedules, faults)
    whole = Organisation(people, schedules, overrides, paged, specialists, channels, absences=absences)
    escalation = escalation_of(top.get("escalation"), known(whole), faults)
    found = faults.in_order()
    if found:
        raise ScheduleFaults(found)
    return replace(whole, escalation=escalation)


def _people(node: Located | None, faults: Faults) -> tuple[Person, ...]:
    entries = [] if node is None else entries_of(node, "People", faults)
    return tuple(_person(key.text, value, faults) for key, value in entries)


def _person(key: str, node: Located, faults: Faults) -> Person:
    fields = Fields(node, f"The person {key}", _PERSON_KEYS, faults)
    return Person(
        key=key,
        name=fields.read("name", text_of, key),
        slack=fields.read("slack", text_of, None),
        zone=fields.read("zone", zone_of, "UTC"),
        country=fields.read("country", _country_of, None),
        region=fields.read("region", text_of, None),
        team=fields.read("team", text_of, None),
        skills=fields.read("skills", texts_of, ()),
        vendor=fields.read("vendor", flag_of, False),
        lead=fields.read("lead", flag_of, False),
        phone=fields.read("phone", text_of, None),
        ring=fields.read("ring", _ring_of, None),
        mail=fields.read("mail", text_of, None),
    )


def _ring_of(node: Located, faults: Faults) -> str | None:
    text = text_of(node, faults)
    if text is None or all(text.partition(":")):
        return text
    faults.note(node, "Say who rings and where, as provider:where, for example twilio:+15550100.")
    return None


def _country_of(node: Located, faults: Faults) -> str | None:
    text = text_of(node, faults)
    if text is None or is_country(text):
        return text
    faults.note(
        node, f'There is no country "{text}"; write its two letters, like NO, or US-CA for a part of it.'
    )
    return None


def _meridian(
    node: Located | None, schedules: tuple[Schedule, ...], faults: Faults
) -> tuple[str | None, Mapping[str, str], Channels]:
    if node is None:
        return None, {}, Channels()
    fields = Fields(node, "The section meridian", ("schedule", "specialists", "channels"), faults)
    names = tuple(schedule.name for schedule in schedules)

    def schedule_of(entry: Located, faults: Faults) -> str | None:
        return choice_of(entry, names, "schedule", faults)

    specialists: dict[str, str] = {}
    kinds = fields.get("specialists")
    for kind, entry in entries_of(kinds, "Specialists", faults) if kinds is not None else ():
        named = schedule_of(entry, faults)
        if named is not None:
            specialists[kind.text] = named
    return fields.read("schedule", schedule_of, None), specialists, _channels(fields.get("channels"), faults)


def _channels(node: Located | None, faults: Faults) -> Channels:
    usual = Channels()
    if node is None:
        return usual
    fields = Fields(node, "Channels", ("announce", "team", "operations"), faults)
    return Channels(
        fields.read("announce", _channel_of, usual.announce),
        fields.read("team", _channel_of, usual.team),
        fields.read("operations", _channel_of, usual.operations),
    )


def _channel_of(node: Located, faults: Faults) -> str | None:
    text = text_of(node, faults)
    return text and text.removeprefix("#")
