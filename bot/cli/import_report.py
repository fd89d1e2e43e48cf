"""What has become of another tool's file, as lines on a terminal and as a document. It decides nothing."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.cli.exits import say
from rotations.imports import Line, Outcome, Question, QuestionKind

MOST_LINES = 5
"""So many lines are named that wait for an answer."""

_KEYS = {QuestionKind.PERSON: "people", QuestionKind.ZONE: "zones", QuestionKind.SEAT: "seats"}


def in_words(line: Line) -> str:
    """`line 3: what it is: dropped: why`."""
    number = f"line {line.number}: " if line.number else ""
    return f"{number}{line.what}: {line.outcome}{f': {line.why}' if line.why else ''}"


def counted_outcomes(report: Iterable[Line]) -> str:
    """`2 taken, 1 dropped`; "" for an empty report."""
    counts = Counter(line.outcome for line in report)
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome if counts[outcome])


def say_report(report: Iterable[Line], questions: Sequence[Question]) -> None:
    say(*map(in_words, report))
    if not questions:
        return
    say("To be answered:", *(f"  {asking(question)}" for question in questions))
    say('Import it again with --map FILE. The file, as it may be ("" leaves somebody or something out):')
    say(*(f"  {line}" for line in mapping(questions)))


def mapping(questions: Iterable[Question]) -> Iterator[str]:
    """A file for `--map`, to be mended: each answer is the likeliest, "" where none is near."""
    asked: dict[str, list[Question]] = {}
    for question in questions:
        asked.setdefault(_KEYS[question.kind], []).append(question)
    for key, mine in asked.items():
        yield f"{key}:"
        for one in mine:
            answer = one.proposals[0] if one.proposals else ""
            yield f"  {json.dumps(one.asked, ensure_ascii=False)}: {json.dumps(answer, ensure_ascii=False)}"


def asking(question: Question) -> str:
    """The question, what may be meant, and which lines wait for it."""
    meant = f" Perhaps {' or '.join(question.proposals)}." if question.proposals else ""
    lines = ", ".join(map(str, question.lines[:MOST_LINES]))
    more = len(question.lines) - MOST_LINES
    where = f" (line {lines}{f' and {more} more' if more > 0 else ''})" if lines else ""
    return f"{question.text}{meant}{where}"


def report_document(report: Iterable[Line], questions: Iterable[Question]) -> dict[str, object]:
    """The lines and questions of an import's document."""
    return {
        "lines": [
            {"line": one.number, "what": one.what, "outcome": one.outcome.value, "why": one.why}
            for one in report
        ],
        "questions": [
            {
                "kind": one.kind.value,
                "asked": one.asked,
                "text": one.text,
                "proposals": [*one.proposals],
                "lines": [*one.lines],
            }
            for one in questions
        ],
    }
