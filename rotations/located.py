"""YAML text → a tree that knows where everything stands. Every scalar stays the text that was written.

Nothing is coerced (`17:00` is a time, `NO` is Norway), tags and merge keys are refused, and size, depth and
aliases are bounded before the tree is built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from msgspec import Struct

from rotations.refusals import Fault, ScheduleFaults

MAX_BYTES = 1_000_000
MAX_NODES = 100_000
MAX_DEPTH = 40
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class Scalar(Struct, frozen=True):
    line: int
    column: int
    text: str


class Sequence(Struct, frozen=True):
    line: int
    column: int
    items: tuple[Located, ...]


class Mapping(Struct, frozen=True):
    """Entries in file order; a key may stand twice, which is for the reader to refuse."""

    line: int
    column: int
    entries: tuple[tuple[Scalar, Located], ...]


Located = Scalar | Sequence | Mapping


def located(text: str, file: str) -> Located:
    """The tree of one YAML document. Raises ScheduleFaults with the one fault that stopped the reading."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _stop(file, 1, 1, f"The file is larger than {MAX_BYTES:,} bytes.")
    try:
        _refuse_deep(text, file)
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _stop(file, line, column, f"This is not YAML: {error.problem or error.context}.") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _stop(file, line, 1, f"The file holds a character that YAML forbids: {error.reason}.") from None
    if node is None:
        raise _stop(file, 1, 1, "The file is empty.")
    return _Growing(file).grow(node, 0)


class _PlainLoader(yaml.SafeLoader):
    """Resolves no scalar: the readers of fields know what they expect."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 — the library's own way to say "none"


class _Growing:
    """Turns nodes into the tree and counts them: an alias costs as much as what it repeats."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0

    def grow(self, node: yaml.Node, depth: int) -> Located:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise _stop(self._file, line, column, "Aliases repeat too much here; write it out.")
        if isinstance(node, yaml.ScalarNode):
            self._refuse_tag(node, "str")
            if _NO_TEXT.search(node.value):
                raise _stop(
                    self._file, line, column, "An escape here names a character that no text can hold."
                )
            return Scalar(line, column, node.value)
        if isinstance(node, yaml.SequenceNode):
            self._refuse_tag(node, "seq")
            return Sequence(line, column, tuple(self.grow(item, depth + 1) for item in node.value))
        self._refuse_tag(node, "map")
        return Mapping(line, column, tuple(self._entries(node, depth)))

    def _entries(self, node: yaml.Node, depth: int) -> Iterator[tuple[Scalar, Located]]:
        for key, value in node.value:
            grown = self.grow(key, depth + 1)
            if not isinstance(grown, Scalar):
                raise _stop(self._file, grown.line, grown.column, "A key must be a word.")
            yield grown, self.grow(value, depth + 1)

    def _refuse_tag(self, node: yaml.Node, plain: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{plain}":
            line, column = node.start_mark.line + 1, node.start_mark.column + 1
            raise _stop(self._file, line, column, f"Tags have no place here: {node.tag}.")


def _refuse_deep(text: str, file: str) -> None:
    """Bound the nesting while the text is still a flat run of tokens: the composer recurses."""
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _stop(file, 1, 1, f"The file is nested deeper than {MAX_DEPTH} levels.")


def _stop(file: str, line: int, column: int, text: str) -> ScheduleFaults:
    return ScheduleFaults((Fault(file, line, column, text),))
