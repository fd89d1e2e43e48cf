"""Imports that leads are asked about, as sent and as edited: worked out against the plan of that moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers.blocks.import_cards import Beside, Effect, import_card
from handlers.calls import Message, Rendered, Skip, Upload
from handlers.outbound.desk import Desk, edited, posted
from handlers.text import count
from incidents.operations.proposing import weighed
from incidents.operations.rota_editing import Weighed
from incidents.proposals import Found, Proposal, SeatShifts, State, id_in, in_words, seal
from incidents.rota_imports import ImportState
from rotations.comparing import AHEAD, compared, difference, served_on
from rotations.comparing import in_words as row_in_words
from rotations.model import Organisation
from rotations.refusals import DomainError
from rotations.shifts import resolver_of

ROWS_MOST = 200
_NO_PROPOSAL = Skip("there is no such import")


def send(desk: Desk) -> Rendered:
    proposal = _proposal(desk)
    return posted(desk.user, _message(desk, proposal)) if proposal else _NO_PROPOSAL


def edit(desk: Desk) -> Rendered:
    proposal = _proposal(desk)
    if proposal is None:
        return _NO_PROPOSAL
    ref = dict(proposal.messages).get(desk.user)
    return edited(ref, _message(desk, proposal)) if ref else Skip("it was never sent")


def send_report(desk: Desk) -> Rendered:
    """Every line of the file's report, below the card; skipped once it was read anew or decided."""
    proposal = _proposal(desk)
    ref = dict(proposal.messages).get(desk.user) if proposal else None
    if proposal is None or proposal.found is None or ref is None:
        return _NO_PROPOSAL
    if proposal.state is not State.OPEN or str(proposal.turn) != desk.effect.args["turn"]:
        return Skip("the report is another by now")
    lines = proposal.found.lines
    words = f"The whole report: {count(len(lines), 'event')}, each with its line in the file."
    content = "".join(f"{in_words(line)}\n" for line in lines)
    return Upload(ref.channel, "import-report.txt", "Import report", content, Message(words), ref.ts)


def _proposal(desk: Desk) -> Proposal | None:
    return desk.unit.proposals.get(id_in(desk.effect.subject))


def _message(desk: Desk, proposal: Proposal) -> Message:
    became = desk.unit.imports.get(proposal.import_id) if proposal.import_id else None
    is_undone = became is not None and became.state is ImportState.UNDONE
    return import_card(proposal, _effect(desk, proposal), desk.reader(desk.user), is_undone)


def _effect(desk: Desk, proposal: Proposal) -> Effect:
    if proposal.state is not State.OPEN or proposal.found is None:
        return Effect()
    standing = desk.unit.schedules.organisation()
    names = standing.names() if standing else {}
    try:
        found = weighed(desk.unit, proposal, desk.now)
    except DomainError as refusal:
        return Effect(misfit=str(refusal), names=names)
    return Effect(
        found.is_change,
        found.sentences(found.moved),
        bool(found.alarming),
        tuple(_ninety_days(proposal.found, found, desk.now)),
        seal(standing, proposal.found),
        names=found.names(),
    )


def _ninety_days(found: Found, weighed: Weighed, now: datetime) -> Iterator[Beside]:
    """Of each seat that the file has shifts for: theirs beside ours with the import in it."""
    for each in found.shifts:
        zone = _zone(weighed.after, found.schedule, each.region)
        if not zone:
            continue
        resolver, until = resolver_of(weighed.after, found.schedule), now + AHEAD
        start = _begins(each, now)
        ours = served_on(resolver, each.region, each.seat, start, until)
        rows = compared(each.shifts, ours, start, until)
        hours = difference(rows) / timedelta(hours=1)
        same = f"they differ for {hours:.1f} hours, which come first" if hours else "they are the same"
        said = f"90 days of {each.region} {each.seat}, theirs beside ours: {same}"
        names = weighed.names()
        yield Beside(said, tuple(row_in_words(row, names, zone) for row in rows[:ROWS_MOST]))


def _begins(each: SeatShifts, now: datetime) -> datetime:
    """From the first of their shifts that is ahead: before it the file says nothing."""
    ahead = [shift.start for shift in each.shifts if shift.end > now]
    return max(min(ahead, default=now), now)


def _zone(organisation: Organisation, schedule: str, region: str) -> str:
    found = organisation.schedule(schedule)
    place = found.region(region) if found else None
    return place.zone if place else ""
