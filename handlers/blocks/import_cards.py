"""An import as its leads are shown it: report, questions, ninety days, what it changes; and its end."""

from collections.abc import Mapping

from handlers.blocks import ids, kit
from handlers.blocks.import_forms import asked
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import count, literal
from incidents.proposals import (
    LINES_SHOWN,
    Beside,
    Found,
    Kind,
    Proposal,
    Shown,
    State,
    counts,
    in_words,
    most_telling,
)

QUESTIONS_SHOWN = 8
LINE_MAX = 220
_KIND = {
    Kind.CALENDAR: "a calendar",
    Kind.SHEET: "a sheet of shifts",
    Kind.PAGERDUTY: "an export of PagerDuty",
    Kind.OPSGENIE: "an export of Opsgenie",
    Kind.GRAFANA: "an export of Grafana OnCall",
}


def import_card(proposal: Proposal, reader: Reader, is_undone: bool = False) -> Message:
    match proposal.state:
        case State.OPEN:
            return _open(proposal, proposal.found or Found(()), proposal.shown)
        case State.READING:
            return _said(f"{_named(proposal)} is being read with your answers.")
        case State.REFUSED:
            again = kit.button("Try another file", ids.IMPORT_OPEN)
            return _said(
                f"{_named(proposal)} was not imported. {literal(proposal.fault, 900)}",
                *(() if proposal.origin else (again,)),
            )
        case State.LEFT:
            return _said(_left(proposal))
        case State.DONE:
            return _done(proposal, reader, is_undone)


def _said(text: str, *buttons: Json) -> Message:
    blocks = [kit.section(text)]
    return kit.message(text, [*blocks, kit.actions(*buttons)] if buttons else blocks)


def _named(proposal: Proposal) -> str:
    return f"*{literal(proposal.name, 120) or 'The file'}*"


def _left(proposal: Proposal) -> str:
    if not proposal.decided_by:
        return f"{_named(proposal)} does not propose this any more. Nothing was changed."
    return f"{_named(proposal)} was left. Nothing was changed."


def _done(proposal: Proposal, reader: Reader, is_undone: bool) -> Message:
    by = reader.name(proposal.decided_by)
    if not proposal.import_id:
        return _said(f"{_named(proposal)}: the schedule says so already. Nothing was changed.")
    if is_undone:
        return _said(f"{_named(proposal)} was imported by {by} and is taken back.")
    said = f"{_named(proposal)} is imported, by {by}. Everybody whose shift moves is told; /oncall shows it."
    return _said(said, kit.button("Take it back", ids.PLAN_TAKE_BACK))


def _open(proposal: Proposal, found: Found, shown: Shown) -> Message:
    told = counts(found.lines)
    questions = count(len(found.questions), "question") if found.questions else ""
    what = "followed" if proposal.origin else _KIND[proposal.kind]
    head = f"{_named(proposal)}, {what}{_place(proposal)}"
    blocks = [
        kit.section(f"{head}\n*{told}*{f' · *{questions}*' if questions else ''}. Nothing is changed yet."),
        *_questions(found, shown.names),
        *_changes(found, shown),
        kit.actions(*_buttons(proposal, found, shown)),
        *([] if proposal.origin else [*_ninety_days(shown), *_report(proposal, found)]),
    ]
    words = f"{proposal.name}: {told}{f', {questions}' if questions else ''}. Nothing is changed yet."
    return kit.message(literal(words, 300), blocks)


def _place(proposal: Proposal) -> str:
    place = proposal.place
    return f" for *{literal(f'{place.region} {place.seat}', 80)}*" if place.region else ""


def _buttons(proposal: Proposal, found: Found, shown: Shown) -> list[Json]:
    may_import = not found.is_empty and not shown.misfit
    confirm = kit.button("Import it", ids.IMPORT_CONFIRM, ids.pack(proposal.id, shown.seal))
    answer = kit.button("Answer the questions", ids.IMPORT_ANSWER, proposal.id)
    first, *rest = [
        *([answer] if found.questions else []),
        *([confirm] if may_import else []),
        kit.button("Not now" if proposal.origin else "Leave it", ids.IMPORT_LEAVE, proposal.id),
    ]
    return [kit.primary(first) if rest else first, *rest, *_stop_following(proposal)]


def _stop_following(proposal: Proposal) -> list[Json]:
    """On what a followed calendar brings: its origin names the source."""
    source = proposal.origin.removeprefix("source:")
    return [kit.button("Stop following", ids.FOLLOW_STOP, source)] if proposal.origin else []


def _questions(found: Found, names: Mapping[str, str]) -> list[Json]:
    if not found.questions:
        return []
    rows = [f"• {asked(question, names)}" for question in found.questions[:QUESTIONS_SHOWN]]
    more = len(found.questions) - len(rows)
    rows += [f"and {count(more, 'more question')}"] if more > 0 else []
    return kit.sections(["*Who or where is meant?* What nobody answers is left out.", *rows])


def _changes(found: Found, shown: Shown) -> list[Json]:
    if shown.misfit:
        return [kit.section(f"It does not fit the schedule as it stands: {literal(shown.misfit, 500)}")]
    if found.is_empty:
        return [kit.section("There is nothing to import yet.")]
    if not shown.is_change:
        return [kit.section("The schedule says so already: importing it changes nothing.")]
    if not shown.moved:
        return [kit.section("Nobody's shift of the next 8 weeks moves.")]
    rows = [f"• {literal(each, LINE_MAX)}" for each in shown.moved]
    rows += [f"and {count(shown.more_moved, 'more change')}"] if shown.more_moved else []
    soon = "Some of it is within 24 hours or leaves nobody: you are asked once more."
    return [
        *kit.sections(["*What changes in the next 8 weeks*; everybody concerned is told:", *rows]),
        *([kit.context(soon)] if shown.is_alarming else []),
    ]


def _ninety_days(shown: Shown) -> list[Json]:
    return [block for one in shown.beside for block in _beside(one)]


def _beside(one: Beside) -> list[Json]:
    rows = [literal(row, LINE_MAX) for row in one.rows]
    rows += [f"and {count(one.more, 'more row')}"] if one.more else []
    return kit.sections([f"*{literal(one.said, 200)}*", *rows])


def _report(proposal: Proposal, found: Found) -> list[Json]:
    rows = [literal(in_words(line), LINE_MAX) for line in most_telling(found.lines)[:LINES_SHOWN]]
    file = "; whole in the file below this message" if proposal.is_long else ""
    more = len(found.lines) - len(rows)
    rest = [f"and {count(more, 'more event')}"] if more > 0 else []
    return kit.sections([f"*Every event* ({len(found.lines)}{file})", *rows, *rest])
