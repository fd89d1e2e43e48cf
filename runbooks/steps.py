"""The steps of a runbook file: each a `###` heading "id · T+20 · owner", its text, and what belongs to it.

Knows the form of steps, options and conditions; the rest of the file is read elsewhere.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from msgspec import Struct
from msgspec.structs import replace

from runbooks.faults import FaultList, Place, hint
from runbooks.head import RUNBOOK_ID, slug
from runbooks.markdown import Block, Form, Section, blocks, cut
from runbooks.model import Condition, Option, Step, StepKind

STEPS_LIMIT = 40
TEXT_LIMIT = 150
LABEL_LIMIT = 75
NOTE_LIMIT = 150
KNOWN_OWNERS = (
    "incident_manager",
    "deputy",
    "scribe",
    "comms_lead",
    "specialist",
    "fraud_lead",
    "privacy",
    "legal",
    "policy",
    "product",
    "engineering",
    "detection",
    "vendor_liaison",
    "gtm",
    "le_response",
    "exposure_guardian",
    "approver",
    "duty_lead",
)

_EVIDENCE, _ONLY_IF = _MARKED = ("Evidence:", "Only if:")
_OFFSET = re.compile(r"T\+([0-9]{1,4}) ?(min|h|d)?")
_MINUTES = {None: 1, "min": 1, "h": 60, "d": 1440}
_ARROW = re.compile(r"\s*(?:→|->)\s*")


class ReadStep(Struct, frozen=True):
    """A step, and where it names other runbooks."""

    step: Step
    targets: tuple[tuple[str, Place], ...]


def read_steps(section: Section | None, top: Place, faults: FaultList) -> tuple[ReadStep, ...]:
    """The steps in order; notes every fault in them. `top` is the place for the fault of having none."""
    before, headings = cut(section.lines if section else (), "### ")
    for block in blocks(before):
        faults.note(block.place, "This belongs to no step. A step begins with “### id · T+20 · owner”.")
    if not headings:
        faults.note(section.place if section else top, "A runbook has steps: “## Steps”, then “### …” each.")
    if len(headings) > STEPS_LIMIT:
        faults.note(headings[STEPS_LIMIT].place, f"A runbook has at most {STEPS_LIMIT} steps.")
    read: list[ReadStep] = []
    for heading in headings:
        each = _step(heading, [known.step for known in read], faults)
        if each.step.id and any(each.step.id == known.step.id for known in read):
            faults.note(heading.place, f"There are two steps “{each.step.id}”. Rename one.")
        read.append(each)
    return tuple(read)


def _step(heading: Section, earlier: Sequence[Step], faults: FaultList) -> ReadStep:
    step = _headed(heading, faults)
    parts = blocks(heading.lines, starts=_MARKED)
    texts = [part for part in parts if part.form is not Form.ITEM and not part.text.startswith(_MARKED)]
    options, targets = _options([part for part in parts if part.form is Form.ITEM], faults)
    _note_options(heading, step, options, faults)
    _note_text(heading, texts, faults)
    whole = replace(
        step,
        text=texts[0].text if texts else "",
        detail="\n".join(part.text for part in texts[1:]),
        evidence=" ".join(part.text for part in _marked(_EVIDENCE, parts)),
        options=options,
        only_if=_condition(_marked(_ONLY_IF, parts), earlier, faults),
    )
    return ReadStep(whole, targets)


def _headed(heading: Section, faults: FaultList) -> Step:
    words = _heading_words(heading)
    is_question = words[-1].text == StepKind.QUESTION.value
    if is_question:
        words.pop()
    offset = None
    if len(words) > 1 and words[1].text.startswith("T+"):
        offset = _offset(words.pop(1), faults)
    if len(words) != 2:
        faults.note(heading.place, "A step's heading is “id · T+20 · owner”, a question's “… · question”.")
        return Step("", "", None, "")
    kind = StepKind.QUESTION if is_question else StepKind.DO
    return Step(_slug(words[0], faults), _owner(words[1], faults), offset, "", kind=kind)


def _heading_words(heading: Section) -> list[Block]:
    words: list[Block] = []
    column = heading.place.column
    for part in heading.title.split("·"):
        indent = len(part) - len(part.lstrip())
        words.append(Block(Form.TEXT, Place(heading.place.line, column + indent), part.strip()))
        column += len(part) + 1
    return words


def _offset(word: Block, faults: FaultList) -> int | None:
    match = _OFFSET.fullmatch(word.text)
    if match is None:
        faults.note(word.place, f"“{word.text}” is no time. Write T+20, T+4h or T+1d.")
        return None
    return int(match[1]) * _MINUTES[match[2]]


def _slug(word: Block, faults: FaultList) -> str:
    try:
        return slug(word.text)
    except ValueError as error:
        faults.note(word.place, str(error))
        return ""


def _owner(word: Block, faults: FaultList) -> str:
    # Teams have roles of their own; only what looks like a slip of the pen is a fault.
    owner = _slug(word, faults)
    close = [] if owner in KNOWN_OWNERS else get_close_matches(owner, KNOWN_OWNERS, n=1, cutoff=0.85)
    if close:
        faults.note(word.place, f"“{owner}” is not a known role. Did you mean “{close[0]}”?")
    return owner


def _note_text(heading: Section, texts: Sequence[Block], faults: FaultList) -> None:
    if not texts:
        faults.note(heading.place, "This step says nothing. Write what to do below its heading.")
    elif len(texts[0].text) > TEXT_LIMIT:
        size = len(texts[0].text)
        way_on = f"at most {TEXT_LIMIT} fit a phone. Leave an empty line before the detail."
        faults.note(texts[0].place, f"This step has {size} characters; {way_on}")


def _note_options(heading: Section, step: Step, options: Sequence[Option], faults: FaultList) -> None:
    if step.kind is StepKind.QUESTION and len(options) < 2:
        faults.note(heading.place, "A question has two answers or more, as list items: “- Yes”.")
    if step.kind is StepKind.DO and options:
        faults.note(heading.place, "Only a question has answers. End its heading with “ · question”.")


def _options(
    items: Sequence[Block], faults: FaultList
) -> tuple[tuple[Option, ...], tuple[tuple[str, Place], ...]]:
    options: list[Option] = []
    targets: list[tuple[str, Place]] = []
    for item in items:
        option = _option(item, faults)
        if option.id in [known.id for known in options]:
            faults.note(item.place, f"The answer “{option.label}” is there twice. Reword one.")
        options.append(option)
        if option.target is not None:
            targets.append((option.target, item.place))
    return tuple(options), tuple(targets)


def _option(item: Block, faults: FaultList) -> Option:
    says, *arrows = _ARROW.split(item.text)
    label, _, note = (part.strip() for part in says.partition(": "))
    target = arrows[0] if arrows else None
    if target is not None and (len(arrows) > 1 or not RUNBOOK_ID.fullmatch(target)):
        faults.note(item.place, "After the arrow stands one runbook's id, such as “→ RB-04”.")
    if not _option_id(label):
        faults.note(item.place, "An answer has words: “- Label: note → RB-04”.")
    for name, part, limit in (("answer", label, LABEL_LIMIT), ("note", note, NOTE_LIMIT)):
        if len(part) > limit:
            faults.note(item.place, f"The {name} has {len(part)} characters; at most {limit} fit.")
    return Option(_option_id(label), label, note, target)


def _option_id(label: str) -> str:
    return re.sub(r"\W+", "_", label.casefold()).strip("_")


def _marked(mark: str, parts: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(
        replace(part, text=part.text.removeprefix(mark).strip())
        for part in parts
        if part.form is Form.TEXT and part.text.startswith(mark)
    )


def _condition(marked: Sequence[Block], earlier: Sequence[Step], faults: FaultList) -> Condition | None:
    for extra in marked[1:]:
        faults.note(extra.place, "A step has one “Only if:”. Keep one.")
    for block in marked[:1]:
        question, _, answer = (part.strip() for part in block.text.partition("="))
        options = {step.id: step.options for step in earlier if step.kind is StepKind.QUESTION}
        if question not in options:
            way_on = "Write “Only if: question = answer” with the id of a question above."
            faults.note(block.place, f"“{question}” is no question above. {way_on}")
        elif _option_id(answer) not in (known := [option.id for option in options[question]]):
            faults.note(block.place, f"“{answer}” is no answer to “{question}”. {hint(answer, known)}")
        else:
            return Condition(question, _option_id(answer))
    return None
