"""The forms of an import in chat: which file, what it is, where it goes; and the questions it leaves open."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from handlers.blocks import ids, kit
from handlers.blocks.setup import zone_select
from handlers.calls import Json
from handlers.text import count, literal
from incidents.proposals import Kind, Proposal
from rotations.imports import Question, QuestionKind
from rotations.model import Organisation, Seat
from rotations.zones import city

FILETYPES = ("ics", "json", "csv")
KINDS = {
    Kind.CALENDAR: "A calendar (.ics)",
    Kind.SHEET: "A sheet of shifts (.csv)",
    Kind.PAGERDUTY: "An export of PagerDuty (.json)",
    Kind.OPSGENIE: "An export of Opsgenie (.json)",
    Kind.GRAFANA: "An export of Grafana OnCall (.json)",
}
INPUTS = {
    QuestionKind.PERSON: ids.IMPORT_WHO,
    QuestionKind.ZONE: ids.IMPORT_ZONE,
    QuestionKind.SEAT: ids.IMPORT_SEAT,
}
"""By what a question asks for: the input that takes the answer, then its number."""
_LABELS = {
    QuestionKind.PERSON: ("Who is it?", "Leave it out"),
    QuestionKind.ZONE: ("Which zone?", "Leave it out"),
    QuestionKind.SEAT: ("Which seat?", "It is a schedule of its own"),
}
WHOLE = "file"
QUESTIONS_SHOWN = 30
"""Each takes three blocks of the hundred that a form holds."""


def upload_form(organisation: Organisation) -> Json:
    """What is uploaded, and where it goes; times without a zone are asked for only where there are any."""
    kinds = [kit.option(label, kind.value) for kind, label in KINDS.items()]
    places = [kit.option(*each) for each in region_options(organisation)]
    seats = [kit.option(seat.value, seat.value) for seat in Seat]
    chosen = places[0]["value"] if len(places) == 1 else ""
    blocks = [
        kit.ask("The file", kit.file_input(ids.IMPORT_FILE, FILETYPES)),
        kit.ask("What is it?", kit.select(ids.IMPORT_KIND, "Choose", kinds, Kind.CALENDAR.value)),
        kit.ask(
            "Whose shifts are these?",
            kit.select(ids.PLACE, "Choose a region", places, chosen),
            is_optional=True,
            hint="For a calendar. Another tool's export brings its own schedules.",
        ),
        kit.ask("Seat", kit.select(ids.SEAT, "Choose", seats, Seat.PRIMARY.value)),
        kit.ask(
            "Zone of times that name none",
            zone_select(f"{ids.IMPORT_ZONE}{WHOLE}"),
            is_optional=True,
            hint="Left empty, it is asked where it matters.",
        ),
        kit.context("You are shown first what it would change. Nothing counts before you confirm it."),
    ]
    return kit.modal(ids.VIEW_IMPORT, "Import shifts", blocks, "Read it")


def region_options(organisation: Organisation) -> list[tuple[str, str]]:
    """Label and value of every region, those of the paged schedule first."""
    paged = organisation.paged_schedule()
    ordered = sorted(organisation.schedules, key=lambda one: one is not paged)
    several = len(ordered) > 1
    return [
        (f"{schedule.name}: {region.name}" if several else region.name, ids.pack(schedule.name, region.name))
        for schedule in ordered
        for region in schedule.regions
    ]


class Known(Struct, frozen=True):
    """Whom a question may mean: names and Slack ids by person key."""

    names: Mapping[str, str]
    users: Mapping[str, str]


def questions_form(proposal: Proposal, questions: Sequence[Question], known: Known) -> Json:
    """One person or zone for each; nothing is chosen beforehand, and what stays empty stays open."""
    shown = questions[:QUESTIONS_SHOWN]
    blocks = [block for at, question in enumerate(shown) for block in _question(at, question, known)]
    more = len(questions) - len(shown)
    if more > 0:
        blocks.append(kit.context(f"{count(more, 'more question')} come when these are answered."))
    meta = ids.pack(proposal.id, str(proposal.turn))
    return kit.modal(ids.VIEW_IMPORT_QUESTIONS, "Questions", blocks, "Read it again", meta)


def _question(at: int, question: Question, known: Known) -> list[Json]:
    label, otherwise = _LABELS[question.kind]
    choice = _choice(f"{INPUTS[question.kind]}{at}", question)
    leave = kit.checkboxes(f"{ids.IMPORT_SKIP}{at}", [kit.option(otherwise, ids.YES)])
    return [
        kit.section(asked(question, known.names)),
        *([kit.ask(label, choice, is_optional=True)] if choice.get("options") != [] else []),
        kit.ask("Or", leave, is_optional=True),
    ]


def _choice(action_id: str, question: Question) -> Json:
    match question.kind:
        case QuestionKind.PERSON:
            return kit.person_select(action_id, "Choose a person")
        case QuestionKind.ZONE:
            return zone_select(action_id)
        case QuestionKind.SEAT:
            return kit.select(action_id, "Choose", [kit.option(one, one) for one in question.proposals])


def _meant(kind: QuestionKind, proposed: str, names: Mapping[str, str]) -> str:
    if kind is QuestionKind.ZONE:
        return f"{city(proposed)} ({proposed})"
    return names.get(proposed, proposed) if kind is QuestionKind.PERSON else proposed


def asked(question: Question, names: Mapping[str, str]) -> str:
    """ "Who is “Anna”? Perhaps Ana Lima. (lines 12 and 40)", in mrkdwn."""
    meant = [_meant(question.kind, one, names) for one in question.proposals[:3]]
    perhaps = f" Perhaps {literal(' or '.join(meant), 150)}." if meant else ""
    lines = ", ".join(str(number) for number in question.lines[:5])
    more = f" and {len(question.lines) - 5} more" if len(question.lines) > 5 else ""
    where = f" ({'line' if len(question.lines) == 1 else 'lines'} {lines}{more})" if lines else ""
    return f"{literal(question.text, 300)}{perhaps}{where}"
