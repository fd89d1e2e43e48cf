"""A change of who is on call, to whoever makes it: what it would do to whom, and what was done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from handlers.blocks import ids, kit
from handlers.blocks.cast import Cast
from handlers.calls import Json, Message
from handlers.text import literal, sentence
from incidents.covering import CoverAsk
from incidents.decision import stamp
from incidents.moves import alarming, concerned
from incidents.rota_changes import Change, Verb, confirmations
from rotations.changes import Moved
from rotations.model import Absence
from rotations.own_shifts import OwnShift
from rotations.wording import listed

ROWS_SHOWN = 8


def proposed(
    change: Change, cast: Cast, objections: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Message:
    """What it would do to whom, and the button that does it; the second time, why it is asked again.

    `objections`: person key → what speaks against putting them there, as sentences without their name.
    """
    now = cast.reader.now
    grave = alarming(change.moved, now)
    is_last = change.confirmed + 1 >= confirmations(change, now)
    again = change.confirmed > 0
    head = "*Please confirm once more.*" if again else "*Nothing is changed yet.* This is what it would do:"
    rows = grave if again else change.moved
    blocks = [kit.section(head), kit.section(_rows(rows, cast))]
    if grave:
        blocks.append(kit.section("\n".join(_warnings(grave))))
    if objections:
        blocks.append(kit.section("\n".join(_objections(objections, cast))))
    others = [person for person in concerned(change.moved) if person != change.me]
    told = [name for name in (cast.people(others) if others else "", "the lead" if grave else "") if name]
    if told:
        blocks.append(kit.context(sentence(f"{' and '.join(told)} will be told")))
    value = ids.pack(change.id, str(change.confirmed))
    label = "Yes, change it" if is_last else "Go on"
    blocks.append(kit.actions(kit.primary(kit.button(label, ids.CHANGE_CONFIRM, value))))
    return kit.message("Nothing is changed yet: please confirm.", blocks)


def changed(change: Change, cast: Cast) -> Message:
    """What is true now."""
    words = "Taken back." if change.verb is Verb.UNDO else "Done."
    rows = [kit.section(_rows(change.moved, cast))] if change.moved else []
    others = [person for person in concerned(change.moved) if person != change.me]
    told = f"{cast.people(others)} {'is' if len(others) == 1 else 'are'} told. " if others else ""
    undo = "" if change.verb is Verb.UNDO else " /oncall undo takes it back."
    tail = f"{told}Pages, handoffs and /oncall follow this at once.{undo}" if change.moved else undo.strip()
    return kit.message(words, [kit.section(f"*{words}*"), *rows, *([kit.context(tail)] if tail else [])])


def asked_for_cover(asks: Sequence[CoverAsk], leads_at: Mapping[str, datetime], cast: Cast) -> Message:
    """Who was asked, and what happens if nobody answers. `leads_at`: ask → when it becomes the lead's."""
    blocks = [kit.section("*Cover is asked for.* Nothing changes until somebody has said yes.")]
    for ask in asks[:ROWS_SHOWN]:
        asked = [cast.reader.names(user) for user in ask.asked]
        whom = f"Asked: {literal(listed(asked), 300)}." if asked else "Nobody is free, rested and able then."
        lead = leads_at.get(ask.id)
        then = "The lead is asked now." if lead is None else _lead_asked(lead, cast)
        where = f"{literal(ask.region, 60)} {ask.seat.value}"
        blocks.append(kit.lines(f"• {where}, {cast.when(ask.start, ask.end)}", whom, then))
    blocks.append(kit.context("Whoever is asleep is asked when they wake. /oncall undo takes the ask back."))
    return kit.message("Cover is asked for.", blocks)


def _lead_asked(at: datetime, cast: Cast) -> str:
    if at <= cast.reader.now:
        return "The lead is asked now."
    return f"If nobody has taken it by {cast.reader.own(at)}, the lead is asked."


def noted_absence(absence: Absence, shifts: Sequence[OwnShift], schedule: str, cast: Cast) -> Message:
    """An absence takes nobody off: the shifts in it are named, with the button that asks for cover."""
    who = cast.name(absence.person)
    head = f"*{who} is away* {cast.when(absence.start, absence.end, absence.person)}."
    if not shifts:
        words = "No shift lies in that time. Nobody will be asked to cover."
        return kit.message("Noted.", [kit.lines(head, words), kit.context("/oncall undo takes it back.")])
    rows = [
        f"• {literal(each.region, 60)} {each.seat.value}, {cast.when(each.start, each.end)}"
        for each in shifts[:ROWS_SHOWN]
    ]
    if len(shifts) > ROWS_SHOWN:
        rows.append(f"and {len(shifts) - ROWS_SHOWN} more")
    button = ask_for_cover_button(schedule, absence.person, (absence.start, absence.end))
    return kit.message(
        "Noted. Shifts lie in that time.",
        [
            kit.section(head),
            kit.lines("On call in that time, and so it stays until somebody covers:", *rows),
            kit.actions(kit.primary(button)),
            kit.context("/oncall undo takes the absence back."),
        ],
    )


def ask_for_cover_button(
    schedule: str, person: str, span: tuple[datetime, datetime], region: str = "", seat: str = ""
) -> Json:
    """Asks who could cover this person (or, with "", a shift that is nobody's) in that time.

    It writes to others at once, so it says so first."""
    value = ids.pack(schedule, region, seat, person, stamp(span[0]), stamp(span[1]))
    return kit.confirmed(
        kit.button("Ask for cover", ids.ASK_COVER, value),
        "Ask for cover?",
        "Whoever is free and rested is asked by direct message, as soon as they are awake. Nothing changes"
        " until somebody says yes.",
        "Ask them",
    )


def _rows(rows: Sequence[Moved], cast: Cast) -> str:
    lines = [f"• {cast.row(row)}" for row in rows[:ROWS_SHOWN]]
    if len(rows) > ROWS_SHOWN:
        lines.append(f"and {len(rows) - ROWS_SHOWN} more")
    return "\n".join(lines) or "No shift moves."


def _objections(objections: Mapping[str, Sequence[str]], cast: Cast) -> list[str]:
    return [
        f"{cast.name(person)}: {literal(' '.join(sentences), 300)}"
        for person, sentences in objections.items()
    ]


def _warnings(rows: Sequence[Moved]) -> list[str]:
    empty = [f"{literal(row.region, 60)} {row.seat.value}" for row in rows if not row.after]
    words = []
    if any(row.after for row in rows) or not empty:
        words.append("This changes who is paged in the next 24 hours.")
    if empty:
        words.append(sentence(f"Nobody would be on {listed(dict.fromkeys(empty))}"))
    return words
