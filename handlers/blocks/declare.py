"""The declare form: what is happening, three questions anybody can answer, a severity that follows them."""

from msgspec import Struct, field

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge
from handlers.calls import Json
from handlers.text import literal
from incidents.intake import RESTRICTED_HARMS, Answers, Proposal
from incidents.model import Harm, Severity

AUTOMATIC = "auto"

TESTS = {
    Severity.SEV0: "Life at risk now",
    Severity.SEV1: "Data exposed, large losses, or an authority waiting",
    Severity.SEV2: "Abuse is growing, but contained",
    Severity.SEV3: "Needs several people; no harm is going on",
    Severity.SEV4: "Drill or near miss; nobody is paged",
}
_QUESTIONS = (
    (ids.IN_DANGER, "Is somebody in danger now?"),
    (ids.GROWING, "Is it still growing?"),
    (ids.AUTHORITY, "Is a regulator, court or police waiting?"),
)


class DeclareDraft(Struct, frozen=True):
    """What the form holds: typed, answered, proposed, and what was chosen instead of the proposal.

    `harm` None: taken from the title. `restricted_why` is the end of "Opens restricted because …".
    `source` comes back with the form: the message it is declared from, or the rest of a long title.
    """

    proposal: Proposal
    title: str = ""
    answers: Answers = field(default_factory=Answers)
    harm: Harm | None = None
    chosen: Severity | None = None
    restricted_why: str = ""
    source: str = ""


def declare_form(draft: DeclareDraft) -> Json:
    """Only the title is required. Each answer is sent at once, so that the proposal follows it."""
    title = kit.text_input(ids.TITLE, draft.title, "Account-takeover wave in EU")
    blocks = [
        kit.ask("What is happening?", title),
        *(
            _question(name, question, given)
            for (name, question), given in zip(_QUESTIONS, _given(draft.answers), strict=True)
        ),
        _severity(draft),
        _harm(draft),
        _restricted(draft),
    ]
    return kit.modal(ids.VIEW_DECLARE, "Declare incident", blocks, "Declare", draft.source)


def answers_in(values: dict[str, str]) -> Answers:
    """The three answers of a filled form."""
    told = {ids.YES: True, ids.NO: False}
    return Answers(*(told.get(values.get(name, "")) for name, _ in _QUESTIONS))


def severity_in(values: dict[str, str]) -> Severity | None:
    """The severity that was chosen instead of the proposed one, or None."""
    given = values.get(ids.CHOSEN_SEVERITY, AUTOMATIC)
    return Severity(int(given)) if given.isdigit() and int(given) <= Severity.SEV4 else None


def harm_in(values: dict[str, str]) -> Harm | None:
    """The harm area that was chosen, or None to take it from the title."""
    given = values.get(ids.HARM, AUTOMATIC)
    return Harm(given) if given in set(Harm) else None


def severity_options() -> tuple[Json, ...]:
    """`🔴 SEV0 Life at risk now`, each with its test."""
    return tuple(kit.option(f"{badge(each)} {TESTS[each]}", str(each.value)) for each in Severity)


def _given(answers: Answers) -> tuple[bool | None, ...]:
    return (answers.in_danger, answers.growing, answers.authority)


def _question(name: str, question: str, given: bool | None) -> Json:
    told = {True: ids.YES, False: ids.NO, None: ids.UNKNOWN}[given]
    options = (
        kit.option("Yes", ids.YES),
        kit.option("No", ids.NO),
        kit.option("I don't know", ids.UNKNOWN),
    )
    return kit.section(question, kit.select(name, "Choose", options, told), name)


def _severity(draft: DeclareDraft) -> Json:
    proposed = draft.proposal.severity
    said = f"*{badge(proposed)}* proposed: {literal(draft.proposal.why, 150)}"
    offered = (kit.option(f"{badge(proposed)} as proposed", AUTOMATIC), *severity_options())
    chosen = str(draft.chosen.value) if draft.chosen is not None else AUTOMATIC
    menu = kit.select(ids.CHOSEN_SEVERITY, "Severity", offered, chosen)
    # A new block_id for a new proposal: Slack keeps what stands in a block whose id it knows.
    return kit.section(said, menu, f"{ids.CHOSEN_SEVERITY}.{proposed.value}")


def _harm(draft: DeclareDraft) -> Json:
    offered = (
        kit.option("Harm area: from the title", AUTOMATIC),
        *(kit.option(each.label, each.value) for each in Harm),
    )
    chosen = draft.harm.value if draft.harm is not None else AUTOMATIC
    return kit.actions(kit.select(ids.HARM, "Harm area", offered, chosen), block_id=ids.HARM)


def _restricted(draft: DeclareDraft) -> Json:
    if draft.restricted_why:
        return kit.context(f"🔒 Opens restricted because {literal(draft.restricted_why, 150)}.")
    areas = ", ".join(sorted(each.label.lower() for each in RESTRICTED_HARMS))
    return kit.context(
        f"🔒 Restricted from the start: {areas}, and titles with a sensitive word, an e-mail address, "
        "a phone number or a link."
    )
