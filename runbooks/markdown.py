"""The body of a runbook file, cut into what a runbook is made of: headings, paragraphs, list items, quotes.

Only the few forms of Markdown that runbooks use; it knows their places and nothing of their meaning.
"""

from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from runbooks.faults import Place


class Form(Enum):
    """How a block is written."""

    TEXT = "text"
    ITEM = "item"
    QUOTE = "quote"


class Line(Struct, frozen=True):
    """One line and its number, from 1."""

    number: int
    text: str


class Block(Struct, frozen=True):
    """A paragraph, list item or quote, its lines joined; `place` is where its own words begin."""

    form: Form
    place: Place
    text: str


class Section(Struct, frozen=True):
    """A heading and the lines below it, up to the next heading of its rank."""

    title: str
    place: Place
    lines: tuple[Line, ...]


def cut(lines: Iterable[Line], mark: str) -> tuple[tuple[Line, ...], tuple[Section, ...]]:
    """The lines before the first heading written with `mark` ("## "), and a section for each such heading."""
    before: list[Line] = []
    heads: list[Line] = []
    bodies: list[list[Line]] = []
    for line in lines:
        if line.text.startswith(mark):
            heads.append(line)
            bodies.append([])
        else:
            (bodies[-1] if bodies else before).append(line)
    sections = (
        Section(head.text[len(mark) :].strip(), Place(head.number, len(mark) + 1), tuple(body))
        for head, body in zip(heads, bodies, strict=True)
    )
    return tuple(before), tuple(sections)


def blocks(lines: Iterable[Line], starts: Sequence[str] = ()) -> tuple[Block, ...]:
    """The paragraphs, items and quotes in `lines`; a line beginning with one of `starts` opens its own."""
    found: list[Block] = []
    is_open = False
    for line in lines:
        words = line.text.strip()
        if not words:
            is_open = False
            continue
        form, text = _form(words)
        opens = form is Form.ITEM or text.startswith(tuple(starts))
        joins = is_open and not opens and (form is found[-1].form or form is Form.TEXT)
        if joins:
            last = found[-1]
            found[-1] = Block(last.form, last.place, f"{last.text} {text}".strip())
        else:
            found.append(Block(form, Place(line.number, line.text.index(text) + 1), text))
        is_open = True
    return tuple(found)


def _form(words: str) -> tuple[Form, str]:
    if words.startswith(("- ", "* ")):
        return Form.ITEM, words[2:].strip()
    if words.startswith(">"):
        return Form.QUOTE, words[1:].strip()
    return Form.TEXT, words
