"""The head of a runbook file: YAML between two `---` lines, read as plain words with their positions.

No value is coerced (NO stays a word, 17:00 stays a time) and nothing is constructed: only nodes are composed.
"""

from collections.abc import Sequence

import yaml
from msgspec import Struct

from runbooks.faults import FaultList, Place, hint

REQUIRED = ("id", "version", "owner", "review_by", "harm", "floor")
KEYS = (*REQUIRED, "compartment", "clocks")

_FENCE = "---"


class Word(Struct, frozen=True):
    """One value as it was written, and where."""

    text: str
    place: Place


Fields = dict[str, tuple[Word, ...]]


def read_fields(lines: Sequence[str], faults: FaultList) -> tuple[Fields, int]:
    """Key → its words, and how many lines the head takes with both fences.

    Notes a missing head, bad YAML, and unknown, repeated and missing keys.
    """
    end = _end_of_head(lines)
    if end == 0:
        faults.note(Place(1), "Begin the file with its head: a line “---”, the keys, a line “---”.")
        return {}, 0
    root = _compose("\n".join(lines[1:end]), faults)
    fields: Fields = {}
    if root is not None:
        for key, value in root.value:
            _take(key, value, fields, faults)
        for name in REQUIRED:
            if name not in fields:
                faults.note(Place(1), f"The head has no “{name}”. Add it.")
    return fields, end + 1


def _end_of_head(lines: Sequence[str]) -> int:
    if lines[0].rstrip() != _FENCE:
        return 0
    return next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), 0)


def _compose(source: str, faults: FaultList) -> yaml.MappingNode | None:
    try:
        root = yaml.compose(source, Loader=yaml.BaseLoader)
    except RecursionError:
        faults.note(Place(2), "The head is nested too deeply. Write “key: value” lines.")
        return None
    except yaml.YAMLError as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        faults.note(_place(mark), "From here on the head is not YAML. Write “key: value” lines.")
        return None
    if not isinstance(root, yaml.MappingNode):
        faults.note(Place(2), "The head has no keys. Write “key: value” lines.")
        return None
    return root


def _take(key: yaml.Node, value: yaml.Node, fields: Fields, faults: FaultList) -> None:
    place = _place(key.start_mark)
    if not isinstance(key, yaml.ScalarNode):
        faults.note(place, "A key is one word.")
    elif key.value not in KEYS:
        faults.note(place, f"“{key.value}” is no key of a runbook. {hint(key.value, KEYS)}")
    elif key.value in fields:
        faults.note(place, f"“{key.value}” is there twice. Keep one.")
    else:
        fields[key.value] = _words(value, faults)


def _words(node: yaml.Node, faults: FaultList) -> tuple[Word, ...]:
    words = []
    for part in node.value if isinstance(node, yaml.SequenceNode) and node.value else (node,):
        if isinstance(part, yaml.ScalarNode):
            words.append(Word(part.value.strip(), _place(part.start_mark)))
        else:
            faults.note(_place(part.start_mark), "Write a word here, or a list of words.")
    return tuple(words)


def _place(mark: yaml.Mark | None) -> Place:
    # YAML counts lines from 0 and does not see the first fence.
    return Place(2) if mark is None else Place(mark.line + 2, mark.column + 1)
