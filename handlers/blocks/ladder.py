"""Who would be paged and when: a ladder in words, the form that changes it, and what it would do first."""

from datetime import timedelta

from handlers.blocks import ids, kit
from handlers.calls import Json, Message
from handlers.text import literal, paragraph
from incidents.operations.ladders import Ladder, Ladders
from incidents.rehearsal import Step
from incidents.timeline import sentence
from rotations.escalation import MOST_REPEATS, Policy, level_words
from rotations.wording import listed

STEPS_SHOWN = 24
NOTES_SHOWN = 4
TARGETS_SHOWN = 40
META_MAX = 3000


def ladders(seen: Ladders) -> Message:
    """One part for each severity; a lead can change it from here."""
    blocks: list[Json] = []
    for ladder in seen.ladders:
        blocks += [*_ladder(ladder, seen), kit.divider()]
    blocks.append(
        kit.context("Nothing was sent. Calls that climb already stay on the ladder they began with.")
    )
    return kit.message("Who would be paged now", blocks)


def _ladder(ladder: Ladder, seen: Ladders) -> list[Json]:
    head = f"*{ladder.severity.label}*  {_origin(ladder, seen)}"
    blocks = [kit.section(f"{head}\n{if_it_came_now(ladder, seen)}")]
    blocks.append(kit.context(f"{literal(ladder.policy.when.words, 200)}: {_in_words(ladder.policy)}"))
    if seen.actor.is_lead:
        blocks.append(kit.actions(*_buttons(ladder)))
    return blocks


def _origin(ladder: Ladder, seen: Ladders) -> str:
    if ladder.is_default:
        return "the default ladder"
    if ladder.policy.by:
        return f"changed in chat by {literal(seen.name_of(ladder.policy.by), 60)}"
    return "from the schedules file"


def _in_words(policy: Policy) -> str:
    return literal(policy.words, 2000)


def _buttons(ladder: Ladder) -> list[Json]:
    at = f"{ladder.severity.value}"
    change = kit.button("Change", f"{ids.LADDER_CHANGE}{at}", ids.pack(at, ladder.harm.value))
    if not ladder.policy.by:
        return [change]
    back = kit.confirmed(
        kit.button("Take the change back", f"{ids.LADDER_TAKE_BACK}{at}", packed_when(ladder.policy)),
        "Take the change back?",
        "The schedules file counts again, or the default ladder where it has none.",
        "Take it back",
    )
    return [change, back]


def packed_when(policy: Policy) -> str:
    when = policy.when
    night = {None: "", True: "yes", False: "no"}[when.night]
    return ids.pack(",".join(map(str, when.severities)), ",".join(when.harms), night)


def if_it_came_now(ladder: Ladder, seen: Ladders) -> str:
    """`If it came now: Ana Lima 0:00 and by phone 1:00, Bo Chen 5:00 …`."""
    walked = ladder.rehearsal
    if not walked.steps:
        return "If it came now, nobody would be paged."
    steps = [_step(step, seen) for step in walked.steps[:STEPS_SHOWN]]
    more = len(walked.steps) - len(steps)
    said = "If it came now" + (", from the next morning on" if walked.waits_until else "")
    lines = [f"{said}: {', '.join(steps)}{f' and {more} more' if more else ''}."]
    lines += [literal(sentence(note, seen.name_of), 200) for note in walked.passed_over[:NOTES_SHOWN]]
    if seen.no_phone:
        names = listed(seen.name_of(user) for user in sorted(seen.no_phone))
        lines.append(f"No phone leg is known for {literal(names, 500)}.")
    return "\n".join(lines)


def _step(step: Step, seen: Ladders) -> str:
    said = f"{literal(seen.name_of(step.user), 60)} {_clock(step.after)}"
    if step.as_liaison:
        said += " (liaison)"
    if step.phone_after is None or step.user in seen.no_phone:
        return said
    return f"{said} and by phone {_clock(step.after + step.phone_after)}"


def _clock(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    return f"{minutes}:00"


def ladder_form(ladder: Ladder, seen: Ladders) -> Json:
    """Levels as lines, in the words in which they are shown."""
    policy = ladder.policy
    lines = "\n".join(level_words(level) for level in policy.levels)
    repeats = [kit.option(_times(number), str(number)) for number in range(MOST_REPEATS + 1)]
    waits = [kit.option("Page at night too", "no"), kit.option("Wait for the morning", "yes")]
    targets = ", ".join(seen.targets.options()[:TARGETS_SHOWN])
    blocks = [
        kit.section(f"*{literal(policy.when.words, 300)}*"),
        kit.ask(
            "Levels, one a line",
            kit.text_input(ids.LEVELS, lines, "5 min backup and team fraud, phone at once", True),
            hint="Minutes from the beginning, whom, and: phone at once, phone after 3 min, or no phone.",
        ),
        kit.ask("If nobody answers", kit.select(ids.REPEATS, "How often", repeats, str(policy.repeats))),
        kit.ask("At night", kit.radio(ids.WAITS, waits, "yes" if policy.waits_for_morning else "no")),
        kit.context(f"Whom: {literal(targets, 2500)}"),
    ]
    meta = ids.pack(str(ladder.severity.value), ladder.harm.value, packed_when(policy))
    return kit.modal(ids.VIEW_LADDER, f"{ladder.severity.label}: ladder", blocks, "See what it does", meta)


def _times(number: int) -> str:
    return {0: "The ladder ends", 1: "Begin anew, once"}.get(number, f"Begin anew, {number} times")


def sure_form(ladder: Ladder, seen: Ladders, meta: str) -> Json:
    """What it would do now, before it is saved. `meta` is the ladder itself, for the sending."""
    blocks = [
        kit.section(
            f"*{literal(ladder.policy.when.words, 300)}*\n{paragraph(if_it_came_now(ladder, seen), 2500)}"
        ),
        kit.context(_in_words(ladder.policy)),
        kit.context(
            "It counts from the next call on. Nobody is paged now, and the audit says who changed it."
        ),
    ]
    return kit.modal(ids.VIEW_LADDER_SURE, f"{ladder.severity.label}: ladder", blocks, "Save it", meta)
