"""Bytes of a calendar file → components with their properties and line numbers. It understands no value.

What cannot be read is passed over and remembered; only what is too large, or no calendar at all, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from rotations.imports import NotImportable

MOST_BYTES = 1 << 20
MOST_COMPONENTS = 2000
MOST_NESTED = 6000
DEEPEST = 6

_OUTERMOST = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE")
"""What stands in a calendar itself. Where one begins, whatever was not ended before ends, and is unclosed."""

_BREAK = re.compile(rb"\r\n|\r|\n")
_NAME = re.compile(r"[A-Za-z0-9-]+")
# A value ends at a colon; Exchange writes zones like tzone://Microsoft/Utc without the quotes they need.
_PARAM = re.compile(r';\s*([A-Za-z0-9-]+)=((?:tzone://)?[^";:]*+(?:"[^"]*"[^";:]*+)*+)')


class Property(NamedTuple):
    """`value` as it is written, unescaped by nobody yet; names in capitals; `line` counts from 1."""

    name: str
    params: Mapping[str, str]
    value: str
    line: int


class Component(Struct):
    """`VEVENT` and such, with its own properties in their order. `line` is where it begins."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    inside: list[Component] = field(default_factory=list)
    odd: list[int] = field(default_factory=list)
    is_closed: bool = False

    def all(self, name: str) -> list[Property]:
        return [one for one in self.properties if one.name == name]

    def first(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def text(self, name: str) -> str:
        """The first of these properties as text, "" where there is none."""
        found = self.first(name)
        return unescaped(found.value) if found else ""


def calendars(data: bytes) -> tuple[list[Component], list[Component]]:
    """Every VCALENDAR of the file, and what stands beside them. Raises NotImportable."""
    if len(data) > MOST_BYTES:
        raise NotImportable("The file is larger than 1 MiB. Export a shorter time, or without attachments.")
    top = Component("", 0)
    _Tree(top).grow(_lines(data))
    found = [one for one in top.inside if one.name == "VCALENDAR"]
    if not found:
        raise NotImportable("This is no calendar file: the line BEGIN:VCALENDAR is nowhere in it.")
    return found, [one for one in top.inside if one.name != "VCALENDAR"]


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: " " if found[1] in "nN" else found[1], text).strip()


class _Tree:
    """Puts lines into the component that is open."""

    def __init__(self, top: Component) -> None:
        self._open, self._components, self._nested = [top], 0, 0

    def grow(self, lines: Iterator[tuple[int, str]]) -> None:
        for number, line in lines:
            read = _property(line, number)
            if read is None:
                self._open[-1].odd.append(number)
            elif read.name == "BEGIN":
                self._begin(read)
            elif read.name == "END":
                self._end(read.value.strip().upper())
            else:
                self._open[-1].properties.append(read)

    def _begin(self, read: Property) -> None:
        name = read.value.strip().upper()
        self._count(name, read.line)
        if name == "VCALENDAR":  # one that was never ended ends here
            del self._open[1:]
        elif name in _OUTERMOST:
            del self._open[2 if self._open[1:] and self._open[1].name == "VCALENDAR" else 1 :]
        elif len(self._open) > DEEPEST:
            self._open[-1].odd.append(read.line)
            return
        begun = Component(name, read.line)
        self._open[-1].inside.append(begun)
        self._open.append(begun)

    def _count(self, name: str, line: int) -> None:
        is_small = name not in _OUTERMOST[:4] and (len(self._open) > 2 or name in ("VTIMEZONE", "VCALENDAR"))
        self._nested += is_small
        self._components += not is_small
        if self._components > MOST_COMPONENTS:
            raise NotImportable(
                f"By line {line} it has more than {MOST_COMPONENTS:,} events. Export a shorter time."
            )
        if self._nested > MOST_NESTED:
            raise NotImportable(
                f"By line {line} it has more than {MOST_NESTED:,} alarms and rules of time zones, "
                "which no roster has. Export it without alarms."
            )

    def _end(self, name: str) -> None:
        """Closes the nearest of that name; those inside it that were never ended stay unclosed."""
        depth = next((at for at in range(len(self._open) - 1, 0, -1) if self._open[at].name == name), 0)
        if depth:
            self._open[depth].is_closed = True
            del self._open[depth:]


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first physical line. They are unfolded before they are decoded,
    for producers fold inside a letter."""
    whole = _utf8(data)
    logical: list[bytes] = []
    first = 1
    for number, line in enumerate(_BREAK.split(whole), 1):
        if line[:1] in (b" ", b"\t") and logical:
            logical.append(line[1:])
            continue
        yield from _decoded(first, logical)
        first, logical = number, [line]
    yield from _decoded(first, logical)


def _utf8(data: bytes) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode()
    if data[:2] in (b"B\0", b"\0B"):  # without its mark
        return data.decode("utf-16-le" if data[:1] == b"B" else "utf-16-be", "replace").encode()
    return data.removeprefix(b"\xef\xbb\xbf")


def _decoded(number: int, logical: list[bytes]) -> Iterator[tuple[int, str]]:
    line = b"".join(logical)
    if line.strip():
        try:
            yield number, line.decode()
        except UnicodeDecodeError:
            yield number, line.decode("latin-1")


def _property(line: str, number: int) -> Property | None:
    """None where the line is none."""
    name = _NAME.match(line)
    if name is None:
        return None
    at, params = name.end(), {}
    while found := _PARAM.match(line, at):
        params[found[1].upper()] = found[2].replace('"', "")
        at = found.end()
    if line[at : at + 1] != ":":
        return None
    return Property(name[0].upper(), params, line[at + 1 :], number)
