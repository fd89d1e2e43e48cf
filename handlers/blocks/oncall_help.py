"""What can be asked after /oncall, and words that could not be read, with the place where reading stopped."""

from msgspec.structs import replace

from handlers.blocks import answers, ids, kit
from handlers.calls import Message
from handlers.text import literal, paragraph
from handlers.words_pieces import as_typed
from rotations.questions import Doubt
from rotations.refusals import Unclear

QUESTIONS = (
    "/oncall: who is on call now, until when and why",
    "/oncall sat 02:00 Tokyo: who is on at another time; also tomorrow 9am, in 3h, 2026-12-24 18:00 UTC",
    "/oncall next [region | @person]: who comes next",
    "/oncall week [region] [next | 24 dec]: seven days of shifts, with a picture",
    "/oncall @person: their shifts of the next 8 weeks; /oncall me: yours",
    "/oncall why [time]: the whole reason, seat by seat",
    "/oncall history 3h ago: who was on then, as known then and as known now",
    "/oncall holes [region]: open shifts and coverage of the next 52 weeks",
    "/oncall load: how evenly the last 90 days lie",
    "/oncall holidays [region | @person]: public holidays and absences on shifts",
    "/oncall ladder [sev1] [harm area]: who would be paged if it came now, and when",
    "/oncall test [@person]: a test page, to see that it rings",
    "/oncall notices: which notices of your shifts you get, and when not",
    "/oncall calendar: your shifts, or a schedule's, in your own calendar",
)
CHANGES = (
    "/oncall override [add | remove] @bo [region] [seat] now–18:00 [reason]: somebody else for a while",
    "/oncall cover me sat 09:00–17:00: ask who is free and rested; leads also cover @ana …",
    "/oncall swap @bo 7 dec 14 dec: your shift for theirs, when they accept",
    "/oncall absent 24 dec–2 jan: you are away; nobody is moved by it",
    "/oncall undo: take back your last change",
    "/oncall edit [AMER primary]: who takes turns, a new person, pasted shifts, with a preview (leads)",
    "/oncall import: shifts from a calendar, a sheet or another tool's export, with a preview (leads)",
    "/oncall follow [https://…]: a calendar that is read every hour; what differs is asked first (leads)",
)
BEFORE, AFTER = 14, 18
"""So much of a line is shown round the place: a phone breaks longer ones, and the mark would mislead."""


def on_call_help() -> Message:
    told = answers.help_answer((*QUESTIONS, *CHANGES), (PLACES,))
    return replace(told, text="How to use /oncall")


PLACES = (
    "Times without a place are read in your own zone. A place is a city, a zone, a region or a person: "
    "sat 02:00 @kenji. What reads in two ways is asked back."
)


def unclear_answer(line: str, unclear: Unclear) -> Message:
    """What cannot be read, where it stands, and the line that may have been meant."""
    shown = f"/oncall {as_typed(line)}".rstrip()
    at = len("/oncall ") + len(as_typed(f"{line[: unclear.position]}.")) - 1
    words = literal(str(unclear), 2000)
    blocks = [kit.section(words), kit.section(_pointed_at(shown, min(at, len(shown))))]
    if len(shown) > BEFORE + AFTER:
        blocks.append(kit.section(f"What you typed is kept:\n```{paragraph(shown, 2500)}```"))
    buttons = [kit.button("What can be asked", f"{ids.ON_CALL_WORDS}help", "help")]
    if unclear.instead:
        meant = f"oncall {unclear.instead}"[: ids.TYPED_MAX]
        buttons.insert(0, kit.primary(kit.button(f"/{meant}", ids.RUN_WORDS, meant)))
    return kit.message(words, [*blocks, kit.actions(*buttons)])


def with_doubt(message: Message, doubt: Doubt | None) -> Message:
    """The answer, and how else the time could have been read."""
    if doubt is None:
        return message
    other = f"oncall {doubt.other}"[: ids.TYPED_MAX]
    said = kit.section(f"{literal(doubt.sentence, 300)} The other reading:")
    button = kit.button(f"/{other}", ids.RUN_WORDS, other)
    return kit.message(message.text, [*message.blocks, said, kit.actions(button)])


def _pointed_at(shown: str, at: int) -> str:
    start = max(0, at - BEFORE) if len(shown) > BEFORE + AFTER else 0
    cut = "…" if start else ""
    words = f"{cut}{shown[start + len(cut) : start + BEFORE + AFTER]}"
    return f"```{paragraph(words, 200)}\n{' ' * (at - start)}^ here```"
