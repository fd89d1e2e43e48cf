"""docs/oncall.md says what is understood: every line of its tables is read, or asked back, as it is told."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.blocks.oncall_help import CHANGES, QUESTIONS
from rotations.file import parse
from rotations.query import read, verbs
from rotations.questions import Asking, At, Clarify
from rotations.refusals import Unclear

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "oncall.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "bot" / "example" / "organisation.yaml"
NOW = datetime(2026, 11, 30, 19, 0, tzinfo=UTC)
READ_ELSEWHERE = ("ladder", "test", "notices", "calendar", "edit")


@pytest.fixture(scope="module")
def asking() -> Asking:
    return Asking(parse(EXAMPLE.read_text(encoding="utf-8"), "x"), NOW, "America/New_York", "ana")


def section(title: str) -> str:
    """What stands under a heading, to the next one."""
    return PAGE.split(f"# {title}\n")[1].split("\n#")[0]


def rows(title: str) -> list[str]:
    """The first cells of a section's table, as they are written."""
    cells = re.findall(r"^\| (`.*?) \|", section(title), re.MULTILINE)
    assert len(cells) > 5
    return cells


def typed(cell: str) -> list[str]:
    return re.findall(r"`(?:/oncall ?)?([^`]*)`", cell)


def test_every_question_and_change_is_understood(asking: Asking) -> None:
    lines = [line for title in ("Questions", "Changes") for cell in rows(title) for line in typed(cell)]
    assert [line for line in lines if isinstance(read(line, asking), Clarify)] == []


def test_every_time_is_read_as_a_time(asking: Asking) -> None:
    times = [time for cell in rows("Times") for time in typed(cell)]
    asked = {time: read(f"at {'2026-12-05 ' if time == '24:00' else ''}{time}", asking) for time in times}
    assert [time for time, question in asked.items() if not isinstance(question, At)] == []


def test_everything_that_is_asked_back_is(asking: Asking) -> None:
    lines = [line for cell in rows("Asked back, not guessed") for line in typed(cell)[:1]]
    assert [line for line in lines if not isinstance(read(line, asking), Clarify)] == []


def test_the_line_that_cannot_be_read_is_pointed_at_as_shown(asking: Asking) -> None:
    sentence, line, mark = PAGE.split("one press away:\n\n```\n")[1].split("\n```")[0].splitlines()
    with pytest.raises(Unclear) as refused:
        read(line.removeprefix("/oncall "), asking)
    assert str(refused.value).startswith(sentence.rstrip("."))
    assert mark.index("^") == len("/oncall ") + refused.value.position


def test_the_page_and_the_help_know_every_verb() -> None:
    helped = " ".join((*QUESTIONS, *CHANGES))
    named = set(verbs()) - {"now", "at", "help"}
    assert {verb for verb in named if f"/oncall {verb}" not in helped} == set()
    assert {verb for verb in named if f"/oncall {verb}" not in PAGE} == set()
    assert set(READ_ELSEWHERE) <= named
