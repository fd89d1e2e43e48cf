"""Private answers: errors with the way on, confirmations, help, and lists. One person reads each of them."""

from collections.abc import Sequence

from handlers.blocks import ids, kit
from handlers.blocks.facts import badge, status_words, title_outside
from handlers.blocks.reader import Reader
from handlers.calls import Json, Message
from handlers.text import channel_link, count, literal, paragraph
from incidents.model import Incident, Severity

SHOWN_AT_ONCE = 15
SAID_MAX = 2000
LINES_MAX = 40


def said(text: str, *buttons: Json) -> Message:
    """What was done, or what went wrong and what was kept, with buttons for the way on."""
    words = paragraph(text, SAID_MAX) or "Done."
    blocks = [kit.section(words)]
    return kit.message(words, [*blocks, kit.actions(*buttons)] if buttons else blocks)


def wrong_severity(typed: str, title: str) -> Message:
    """`There is no SEV5. Your title is kept. [SEV0] [SEV1] [SEV2] [SEV3]`."""
    kept = f" Your title is kept: “{literal(title, 150)}”." if title else ""
    words = f"There is no SEV{literal(typed, 10)}.{kept}"
    offered = (Severity.SEV0, Severity.SEV1, Severity.SEV2, Severity.SEV3)
    return kit.message(
        words, [kit.section(words), kit.actions(*(_declare_as(each, title) for each in offered))]
    )


def near(typed: str, meant: str) -> Message:
    """Words close to a verb: run what was meant, or declare what was typed."""
    words = f"“{literal(typed, 60)}” is no command. Did you mean /incident {literal(meant, 60)}?"
    buttons = (
        kit.primary(kit.button(f"/incident {meant}", ids.RUN_WORDS, meant[: ids.TYPED_MAX])),
        kit.button("Declare with this title", ids.DECLARE_TYPED, typed[: ids.TYPED_MAX]),
    )
    return kit.message(words, [kit.section(words), kit.actions(*buttons)])


def help_answer(lines: Sequence[str], also: Sequence[str] = ()) -> Message:
    """The usage lines of the one table, with buttons for those who would rather press."""
    listed = "\n".join(_usage(line) for line in lines[:LINES_MAX])
    buttons = (
        kit.primary(kit.button("Declare incident", ids.DECLARE)),
        kit.button("Open incidents", ids.LIST),
        kit.button("Who is on call", ids.ON_CALL),
    )
    notes = [kit.context(*(literal(each, 400) for each in also))] if also else []
    return kit.message("How to use /incident", [kit.section(listed), kit.actions(*buttons), *notes])


def checklist(head: str, items: Sequence[tuple[bool, str]], buttons: Sequence[Json] = ()) -> Message:
    """What is set up and what is missing, the word beside the mark, and what can be done about it."""
    lines = [f"{'✓ set up' if ok else '✗ missing'}  {literal(item, 300)}" for ok, item in items[:LINES_MAX]]
    words = literal(head, 200)
    blocks = [kit.section(f"*{words}*"), kit.section("\n".join(lines) or "Nothing to check.")]
    return kit.message(words, [*blocks, *([kit.actions(*buttons)] if buttons else [])])


def listing(live: Sequence[Incident], ended: Sequence[Incident], reader: Reader, offset: int = 0) -> Message:
    """Open incidents first, by gravity, a page at a time, then the ones that ended lately."""
    head = f"{count(len(live), 'open incident')}" if live else "No open incident that you can see."
    blocks = [kit.section(f"*{head}*")]
    blocks += _lines(live[offset : offset + SHOWN_AT_ONCE], reader)
    blocks += _turn(len(live), offset)
    if ended and offset == 0:
        blocks += [kit.divider(), kit.section("*Ended lately*"), *_lines(ended[:5], reader)]
    if not live:
        blocks.append(kit.actions(kit.button("Declare incident", ids.DECLARE)))
    return kit.message(head, blocks)


def incident_line(incident: Incident, reader: Reader) -> str:
    """`🟠 SEV1 INC-142 Account-takeover wave in EU · Active · Ana Lima · #inc-142-fraud`."""
    manager = reader.name(incident.manager) if incident.manager else "nobody yet"
    where = f" · {channel_link(incident.channel.id)}" if incident.channel else ""
    named = "🔒 Restricted" if incident.restricted else title_outside(incident)
    return (
        f"{badge(incident.severity)} *{incident.key}* {named} · {status_words(incident)} · {manager}{where}"
    )


def _lines(incidents: Sequence[Incident], reader: Reader) -> list[Json]:
    return [
        kit.section(incident_line(each, reader), kit.button("Show", ids.SHOW, each.key), f"list.{each.key}")
        for each in incidents
    ]


def _turn(total: int, offset: int) -> list[Json]:
    buttons = []
    if offset > 0:
        earlier = str(max(0, offset - SHOWN_AT_ONCE))
        buttons.append(kit.button("Previous", f"{ids.LIST_PAGE}previous", earlier))
    if offset + SHOWN_AT_ONCE < total:
        buttons.append(kit.button("Next", f"{ids.LIST_PAGE}next", str(offset + SHOWN_AT_ONCE)))
    return [kit.actions(*buttons)] if buttons else []


def _declare_as(severity: Severity, title: str) -> Json:
    value = ids.pack_typed(str(severity.value), title)
    return kit.button(severity.label, f"{ids.DECLARE_AS}{severity.value}", value)


def _usage(line: str) -> str:
    form, _, meaning = line.partition(": ")
    return f"`{literal(form, 200)}`  {literal(meaning, 200)}" if meaning else literal(line, 400)
