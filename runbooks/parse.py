"""A runbook file → a Runbook, or every fault in it with line and column. Pure: it is given the text.

The file is Markdown that people read as a document, with a YAML head. The form is in `library/`, any file.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from runbooks.faults import FaultList, Place, RunbookFaults, hint
from runbooks.front_matter import Fields, read_fields
from runbooks.head import read_head
from runbooks.markdown import Block, Form, Line, Section, blocks, cut
from runbooks.model import Runbook
from runbooks.steps import ReadStep, read_steps

SIZE_LIMIT = 65_536
TITLE_LIMIT = 150
SECTIONS = ("When to use", "Steps", "Do not", "Exit")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Reading(Struct, frozen=True):
    """A runbook and where its file says what other files may contradict.

    `places` has the keys `id`, `harm:<area>` and `target:<runbook id>`.
    """

    runbook: Runbook
    places: Mapping[str, Place]


def parse(text: str, name: str) -> Runbook:
    """The runbook in `text`; faults carry `name`, the file's. Raises RunbookFaults with all of them."""
    return read(text, name).runbook


def read(text: str, name: str) -> Reading:
    """As `parse`, with the places of what is checked across files. Raises RunbookFaults."""
    faults = FaultList(name)
    if len(text) > SIZE_LIMIT:
        faults.note(Place(1), f"The file is too long: a runbook has at most {SIZE_LIMIT:,} characters.")
        raise RunbookFaults(faults.found)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    _note_control_characters(lines, faults)
    fields, taken = read_fields(lines, faults)
    body = [Line(number, line) for number, line in enumerate([*lines[taken:], ""], taken + 1)]
    reading = _runbook(fields, body, faults)
    if faults.found:
        raise RunbookFaults(faults.found)
    return reading


def _note_control_characters(lines: list[str], faults: FaultList) -> None:
    for number, line in enumerate(lines, 1):
        if match := _CONTROL.search(line):
            faults.note(Place(number, match.start() + 1), "There is an invisible control character here.")


def _runbook(fields: Fields, body: list[Line], faults: FaultList) -> Reading:
    head = read_head(fields, faults)
    opening, sections = cut(body, "## ")
    named = _named(sections, faults)
    before, titles = cut(opening, "# ")
    top = Place(body[0].number)
    prose = blocks((*before, *(line for each in titles for line in each.lines)))
    steps = read_steps(named.get("Steps"), top, faults)
    runbook = Runbook(
        id=head.id,
        title=_title(titles, top, faults),
        version=head.version,
        owner=head.owner,
        review_by=head.review_by,
        harm=head.harm,
        floor=head.floor,
        compartment=head.compartment,
        steps=tuple(each.step for each in steps),
        triggers=_items(named.get("When to use"), faults),
        clocks=head.clocks,
        do_not=_items(named.get("Do not"), faults),
        exit=_items(named.get("Exit"), faults),
        disclaimer=_joined(prose, Form.QUOTE),
        about=_joined(prose, Form.TEXT, Form.ITEM),
    )
    return Reading(runbook, _places(fields, steps))


def _named(sections: tuple[Section, ...], faults: FaultList) -> dict[str, Section]:
    known = {title.casefold(): title for title in SECTIONS}
    named: dict[str, Section] = {}
    for section in sections:
        title = known.get(section.title.casefold())
        if title is None:
            way_on = hint(section.title, SECTIONS)
            faults.note(section.place, f"“{section.title}” is no part of a runbook. {way_on}")
        elif title in named:
            faults.note(section.place, f"“{title}” is there twice. Make it one.")
        else:
            named[title] = section
    return named


def _title(titles: tuple[Section, ...], top: Place, faults: FaultList) -> str:
    if not titles or not titles[0].title:
        faults.note(titles[0].place if titles else top, "The runbook has no title. Begin with “# Its title”.")
        return ""
    for extra in titles[1:]:
        faults.note(extra.place, "A runbook has one title. Make this a part, “## …”.")
    title = titles[0].title
    if len(title) > TITLE_LIMIT:
        faults.note(titles[0].place, f"The title has {len(title)} characters; at most {TITLE_LIMIT} fit.")
    return title


def _items(section: Section | None, faults: FaultList) -> tuple[str, ...]:
    found = blocks(section.lines) if section else ()
    for block in found:
        if block.form is not Form.ITEM:
            faults.note(block.place, "Write this as a list: each line begins with “- ”.")
    return tuple(block.text for block in found)


def _joined(prose: tuple[Block, ...], *forms: Form) -> str:
    return "\n".join(block.text for block in prose if block.form in forms)


def _places(fields: Fields, steps: tuple[ReadStep, ...]) -> dict[str, Place]:
    places = {f"harm:{word.text}": word.place for word in fields.get("harm", ())}
    if fields.get("id"):
        places["id"] = fields["id"][0].place
    for each in steps:
        places |= {f"target:{target}": place for target, place in each.targets}
    return places
