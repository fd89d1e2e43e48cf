"""The form in which a person says which notices of their shifts they want, and when none should come."""

from handlers.blocks import ids, kit
from handlers.blocks.shift_notices import LABELS
from handlers.calls import Json, Message
from handlers.text import city
from rotations.notices import NoticeKind, Preferences
from rotations.wording import listed


def choices_form(chosen: Preferences, zone: str) -> Json:
    """What stands in it is what holds now. `zone` is the person's own, by their Slack profile."""
    quiet = chosen.quiet
    where = city(zone)
    waits = "A notice waits until they are over, or comes before them. Pages come at any hour."
    blocks = [
        kit.ask(
            "Tell me of my shifts",
            kit.checkboxes(
                ids.NOTICE_KINDS, _options(), [kind for kind in NoticeKind if kind not in chosen.off]
            ),
            is_optional=True,
            hint="Leads are told of their region's public holidays and absences too.",
        ),
        kit.ask(
            "Quiet from",
            kit.time_picker(ids.QUIET_FROM, f"{quiet.starts:%H:%M}" if quiet else ""),
            is_optional=True,
            hint=f"Your own time, by your Slack profile: {where} now.",
        ),
        kit.ask(
            "Quiet until",
            kit.time_picker(ids.QUIET_UNTIL, f"{quiet.ends:%H:%M}" if quiet else ""),
            is_optional=True,
            hint=waits,
        ),
    ]
    return kit.modal(ids.VIEW_NOTICES, "My notices", blocks, "Keep")


def choices_kept(kept: Preferences, zone: str) -> Message:
    """What holds from now on, in words."""
    on = [_lowered(LABELS[kind]) for kind in NoticeKind if kind not in kept.off]
    told = f"You are told of your shifts {listed(on)}." if on else "You are told of no shift beforehand."
    quiet = kept.quiet
    hours = f" Quiet from {quiet.starts:%H:%M} until {quiet.ends:%H:%M} {city(zone)}." if quiet else ""
    words = f"{told}{hours} Pages reach you as before."
    return kit.message(words, [kit.section(words), kit.actions(kit.button("My notices", ids.NOTICES_OPEN))])


def _lowered(label: str) -> str:
    return f"{label[:1].lower()}{label[1:]}"


def _options() -> list[Json]:
    return [kit.option(label, kind.value) for kind, label in LABELS.items()]
