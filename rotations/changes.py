"""What applying a file would change, as sentences: a line for each thing that is new, gone or different."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rotations.codec_schedules import stamp
from rotations.escalation import Policy
from rotations.model import Organisation, Override, Schedule


def changes(before: Organisation, after: Organisation) -> tuple[str, ...]:
    """Nothing where nothing differs. Of policies made in chat it says that they go on counting first."""
    return (
        *_differences("Person", _people(before), _people(after)),
        *_schedules(before, after),
        *_differences("Override", _overrides(before), _overrides(after)),
        *_escalation(before, after),
        *_settings(before, after),
    )


def _people(organisation: Organisation) -> dict[str, object]:
    return {person.key: person for person in organisation.people}


def _overrides(organisation: Organisation) -> dict[str, Override]:
    return {f"{_where(one)} from {stamp(one.start)}": one for one in organisation.overrides}


def _where(override: Override) -> str:
    return f"{override.schedule} {override.region} {override.seat.value}"


def _schedules(before: Organisation, after: Organisation) -> Iterator[str]:
    yield from _differences("Schedule", _plain(before), _plain(after))
    for new in after.schedules:
        old = before.schedule(new.name)
        if old is not None:
            yield from _differences(f"Schedule {new.name}:", _seats(old), _seats(new))


def _plain(organisation: Organisation) -> dict[str, object]:
    """A schedule without its rotations: its mode, and the hours of its regions."""
    return {
        schedule.name: (schedule.mode, [(r.name, r.zone, r.starts, r.ends, r.days) for r in schedule.regions])
        for schedule in organisation.schedules
    }


def _seats(schedule: Schedule) -> dict[str, object]:
    return {
        f"{region.name} {seat.value}": rotation.versions
        for region in schedule.regions
        for seat, rotation in region.seats.items()
    }


def _escalation(before: Organisation, after: Organisation) -> Iterator[str]:
    old, new = _ladders(before, ""), _ladders(after, "")
    for when in dict.fromkeys((*old, *new)):
        was, is_ = old.get(when), new.get(when)
        if was is None and is_ is not None:
            yield f"Escalation of {when}: new: {is_.words}."
        elif is_ is None:
            yield f"Escalation of {when}: gone."
        elif was is not None and was.words != is_.words:
            yield f"Escalation of {when}: {was.words} → {is_.words}."
    yield from (
        f"Escalation of {when}: the change made in chat goes on counting." for when in _ladders(after)
    )
    gone = [when for when in _ladders(before) if when not in _ladders(after)]
    yield from (f"Escalation of {when}: the file says what was changed in chat." for when in gone)
    if list(old) != list(new) and set(old) == set(new):
        yield "Escalation: the policies are asked in another order."


def _ladders(organisation: Organisation, by: str | None = None) -> dict[str, Policy]:
    """By the words of their `when`: those of the file (`by` ""), or those made in chat."""
    wanted = (policy for policy in organisation.escalation if (policy.by == "") == (by == ""))
    return {policy.when.words: policy for policy in wanted}


def _settings(before: Organisation, after: Organisation) -> Iterator[str]:
    old = {"schedule": before.paged, "specialists": dict(before.specialists), "channels": before.channels}
    new = {"schedule": after.paged, "specialists": dict(after.specialists), "channels": after.channels}
    yield from _differences("Meridian:", old, new)


def _differences(what: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*old, *new)):
        if name not in old:
            yield f"{what} {name}: new."
        elif name not in new:
            yield f"{what} {name}: gone."
        elif old[name] != new[name]:
            yield f"{what} {name}: changed."
