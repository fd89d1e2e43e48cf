"""Who is on call, until when and why: the answers of /oncall, each for the one who asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.blocks import ids, kit
from handlers.blocks.open_shifts import open_shifts
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import date_token, day, literal, sentence, span, zone_of
from incidents.ringing import Proof
from rotations.answers import OnCallAnswer, RegionAnswer, SeatLine, Upcoming
from rotations.outlook import repeated
from rotations.shifts import Gap
from rotations.wording import clocks, listed
from rotations.zones import city

NEXT_SHOWN = 6
GAPS_SHOWN = 3
REASONS_SHOWN = 3


MORE = (
    ("My shifts", "me"),
    ("Who comes next", "next"),
    ("Why they are on call", "why"),
    ("Open shifts and coverage", "holes"),
    ("How the load lies", "load"),
    ("Holidays and absences", "holidays"),
    ("Who would be paged now", "ladder"),
    ("Test my page", "test"),
    ("My notices", "notices"),
    ("What can be asked", "help"),
)
FOR_LEADS = (("Change the schedule", "edit"),)
"""Label and what is typed for it: what a phone's keyboard is slow at."""
_NOBODY = "*Nobody is on call now.* No region holds at this hour."

Proofs = Mapping[str, Proof | None]
"""Person key → the newest test page that was answered."""


def on_call_now(
    answer: OnCallAnswer,
    zones: Mapping[str, str],
    reader: Reader,
    proofs: Proofs | None = None,
    schedule: str = "",
) -> Message:
    """Who is on now, who follows, which shifts are open, and whose pages are known to ring.

    `zones`: region → its zone. `proofs` None: nothing is said of them. `schedule`: its name to
    a lead, who can ask for cover of its open shifts; "" to others.
    """
    blocks: list[Json] = [_region(region, reader) for region in answer.regions]
    if not blocks:
        blocks = [kit.section(_NOBODY)]
    blocks += _by_rotation(answer, reader)
    blocks += _rings(answer, proofs or {}, reader)
    blocks += _next(answer.next, reader)
    if answer.open_shifts:
        blocks += open_shifts(repeated(answer.open_shifts), zones, reader, schedule)
    declare = kit.button("Declare incident", ids.DECLARE)
    week = kit.button("Week", f"{ids.ON_CALL_WORDS}week", "week")
    change = kit.button("Change who is on call", ids.OVERRIDE_OPEN)
    share = kit.button("Post here", ids.ON_CALL_SHARE)
    blocks.append(kit.actions(declare, week, change, share))
    if proofs is not None:
        blocks.append(kit.section("Something else?", _more(bool(schedule))))
    return kit.message(_in_one_line(answer), blocks)


def on_call_shared(answer: OnCallAnswer, zones: Mapping[str, str], reader: Reader, asker: str) -> Message:
    """The same for a channel: every time in each reader's own zone and UTC, nothing to press."""
    blocks = [_region(region, reader) for region in answer.regions] or [kit.section(_NOBODY)]
    blocks += [*_next(answer.next, reader), *_open_shifts(answer.open_shifts, zones)]
    blocks.append(kit.context(f"Posted by {literal(asker, 60)}. Ask for yourself: /oncall"))
    return kit.message(_in_one_line(answer), blocks)


def _more(is_lead: bool) -> Json:
    options = [kit.option(label, words) for label, words in (*MORE, *(FOR_LEADS if is_lead else ()))]
    return kit.select(f"{ids.ON_CALL_WORDS}menu", "Choose", options)


def next_up(upcoming: Sequence[Upcoming], reader: Reader) -> Message:
    """The regions that take over next, with their people and why."""
    blocks = [
        kit.lines(f"*{literal(each.region, 60)}*  from {reader.shared(each.at)}", *_seats(each.seats))
        for each in upcoming[:NEXT_SHOWN]
    ]
    head = "*Next on call*" if blocks else "*Nobody follows.* The schedule ends here."
    return kit.message("Next on call", [kit.section(head), *blocks])


def next_of_person(upcoming: Upcoming | None, name: str, reader: Reader) -> Message:
    """When somebody is on next."""
    who = literal(name, 60)
    if upcoming is None:
        words = f"{who} is on no shift in the next 400 days."
        return kit.message(words, [kit.section(words)])
    seats = ", ".join(f"{literal(line.region, 40)} {line.seat.value}" for line in upcoming.seats)
    words = f"{who} is on next from {reader.shared(upcoming.at)}: {seats}."
    return kit.message(f"{who}: next shift", [kit.lines(words, *_reasons(upcoming.seats))])


def on_call_at(answer: OnCallAnswer, zone: str, reader: Reader) -> Message:
    """Another time, in three zones and with its reason. `zone` is the one that was named, "" for none."""
    own = zone_of(reader.zone).key
    held = [region.zone for region in answer.regions[:1]]
    shown = list(dict.fromkeys(each for each in (zone, own, *held) if each and each != "UTC"))[:2]
    when = literal(clocks(answer.at, shown), 200)
    if not answer.regions:
        words = f"{when}: nobody. No region holds then."
        return kit.message(words, [kit.section(words), _on_your_clock(answer.at)])
    lines = [f"*{when}*: {_who(region)}" for region in answer.regions[:1]]
    lines += [f"Also {_who(region)}" for region in answer.regions[1:]]
    seats = [line for region in answer.regions for line in region.seats]
    said = kit.lines(*lines, *_others(seats), *_reasons(seats))
    return kit.message(f"On call at {when}", [said, _on_your_clock(answer.at)])


def _on_your_clock(at: datetime) -> Json:
    """The zone of a profile is not always that of the phone in the hand."""
    return kit.context(f"On your own clock: {date_token(at, '{date_short_pretty} {time}')}")


def _region(region: RegionAnswer, reader: Reader) -> Json:
    until = f" until {reader.shared(region.until)}" if region.until else ""
    return kit.lines(f"*On call now: {literal(region.region, 60)}*{until}", *_seats(region.seats))


def _seats(seats: Sequence[SeatLine]) -> list[str]:
    """One line a seat: `*Backup*  Bo Chen (for Cy, swap of 3 Nov)`."""
    return [f"*{line.label}*  {_named(line)}{changed(line)}" for line in seats]


def _by_rotation(answer: OnCallAnswer, reader: Reader) -> list[Json]:
    """Why those whom nobody changed, and when each one's turn really ends, in the asker's zone."""
    lines = [
        line for region in answer.regions for line in region.seats if line.people and not line.is_changed
    ]
    turns: dict[str, list[str]] = {}
    for line in lines:
        if line.turn_until:
            turns.setdefault(reader.own(line.turn_until), []).append(_named(line))
    said = [f"{listed(dict.fromkeys(names))} until {until}" for until, names in turns.items()]
    return [kit.context(f"By rotation: {' · '.join(said)}")] if said else []


def _rings(answer: OnCallAnswer, proofs: Proofs, reader: Reader) -> list[Json]:
    """`Pages: Ana Lima rang 3 d ago · Bo Chen never tested`: for each person on call now, once."""
    named = {
        person: name
        for region in answer.regions
        for line in region.seats
        for person, name in zip(line.people, line.names, strict=False)
        if person in proofs
    }
    said = [f"{literal(name, 60)} {_proof(proofs[person], reader)}" for person, name in named.items()]
    return [kit.context(f"Pages: {' · '.join(said)}")] if said else []


def _proof(proof: Proof | None, reader: Reader) -> str:
    if proof is None:
        return "never tested"
    if proof.phone_at is not None:
        return f"rang {span(reader.now - proof.phone_at)} ago"
    at = proof.slack_at or proof.asked_at
    return f"answered in Slack {span(reader.now - at)} ago, phone not proven"


def _named(line: SeatLine) -> str:
    return literal(line.text, 200)


def changed(line: SeatLine) -> str:
    """` (covers for Cy Okafor: dentist)` where it is not the rotation; the name stands before it already."""
    if not line.is_changed:
        return ""
    why = line.why[0].rstrip(".").removeprefix(f"{line.text} ")
    return f" ({literal(why, 150)})"


def _next(upcoming: Sequence[Upcoming], reader: Reader) -> list[Json]:
    """`Next: APAC {20:00} Kenji Mori · EMEA {04:00} Niamh Byrne`."""
    said = [
        f"{literal(each.region, 60)} {reader.shared_short(each.at)} {_named(each.seats[0])}"
        for each in upcoming[:NEXT_SHOWN]
        if each.seats
    ]
    return [kit.section(f"*Next*  {' · '.join(said)}")] if said else []


def _open_shifts(gaps: Sequence[Gap], zones: Mapping[str, str]) -> list[Json]:
    """`Open shift: EMEA backup Thu 3 Dec 09:00–17:00 Dublin`, in the region's own zone."""
    lines = [f"*Open shift*  {_gap(gap, zones)}" for gap in gaps[:GAPS_SHOWN]]
    if len(gaps) > GAPS_SHOWN:
        lines.append(f"and {len(gaps) - GAPS_SHOWN} more in the next 7 days")
    return [kit.section("\n".join(lines))] if lines else []


def _gap(gap: Gap, zones: Mapping[str, str]) -> str:
    zone = zone_of(zones.get(gap.region or "", "UTC"))
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    seat = f"{literal(gap.region, 60)} {gap.seat.value}" if gap.region and gap.seat else "no region holds"
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{day(end)} {end:%H:%M}"
    return f"{seat} {day(start)} {start:%H:%M}–{until} {city(zone.key)}"


def _who(region: RegionAnswer) -> str:
    first = region.seats[0] if region.seats else None
    return f"{literal(region.region, 60)}, {_named(first) if first else 'nobody'}."


def _others(seats: Sequence[SeatLine]) -> list[str]:
    rest = [f"{line.label} {_named(line)}" for line in seats[1:]]
    return [" · ".join(rest)] if rest else []


def _reasons(seats: Sequence[SeatLine]) -> list[str]:
    """Why the first seat is as it is, when it is not simply the rotation's turn."""
    first = next(iter(seats), None)
    if first is None or not first.why:
        return []
    return [" ".join(sentence(literal(each, 200)) for each in first.why[:REASONS_SHOWN])]


def _in_one_line(answer: OnCallAnswer) -> str:
    on = [_who(region) for region in answer.regions]
    return f"On call now: {' '.join(on)}" if on else "Nobody is on call now."
