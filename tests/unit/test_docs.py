"""The pages name what exists: links, files, functions, settings, commands, and examples that can be read."""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.__main__ import _grammar
from bot.settings import Settings
from incidents.ladder import default
from incidents.model import Severity
from incidents.policy import policies
from rotations.file import parse
from rotations.refusals import ScheduleFaults
from rotations.shifts import resolver_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = "bot|handlers|incidents|rotations|runbooks|storage|sandbox|tests"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_FILE = re.compile(rf"`((?:{PACKAGES})/[\w./-]*)`")
NAMED_FUNCTION = re.compile(r"`(\w+)\(\)`")
FENCED = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHO_LINE = re.compile(r"^\| (\d{4}-\S+Z) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NOW = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)  # Monday in New York and in Tokyo


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def fenced(page: str, kind: str) -> list[str]:
    """The blocks of a page that begin with this word, or these words."""
    return [body for found, body in FENCED.findall(text_of(page)) if found == kind]


def without_blocks(text: str) -> str:
    return FENCED.sub("", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_this_repository_leads_somewhere(page: Path) -> None:
    targets = LINK.findall(without_blocks(page.read_text(encoding="utf-8")))
    near = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [target for target in near if target and not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = NAMED_FILE.findall(page.read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_function_that_is_named_exists() -> None:
    sources = (path for package in PACKAGES.split("|") for path in (ROOT / package).rglob("*.py"))
    defined = {
        name
        for path in sources
        for name in re.findall(r"^ *(?:async )?def (\w+)\(", path.read_text("utf-8"), re.M)
    }
    named = {name for page in PAGES for name in NAMED_FUNCTION.findall(page.read_text(encoding="utf-8"))}
    assert named - defined == set()


def test_every_setting_is_described() -> None:
    described = text_of("docs/operations.md")
    variables = [field.alias for field in Settings.model_fields.values()]
    assert [name for name in variables if f"| `{name}` |" not in described] == []


def test_every_command_is_described() -> None:
    described = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [words for words in _commands(_grammar()) if f"python -m bot {words}" not in described] == []


def _commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Each command of the grammar as it is typed: `run`, `audit verify`."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield before
    for action in inner:
        for word, below in action.choices.items():
            yield from _commands(below, f"{before} {word}".strip())


def test_every_example_of_a_schedules_file_can_be_applied() -> None:
    examples = fenced("docs/schedules.md", "yaml")
    assert [parse(example, "schedules.yaml").paged_schedule() is not None for example in examples] == [
        True
    ] * 5


def test_the_example_of_layers_and_rosters_answers_as_its_table_says() -> None:
    (example,) = (each for each in fenced("docs/schedules.md", "yaml") if "layers:" in each)
    resolver = resolver_of(parse(example, "schedules.yaml"))
    rows = WHO_LINE.findall(text_of("docs/schedules.md"))
    assert len(rows) == 4
    for at, *said in rows:
        on_call = resolver.at(datetime.fromisoformat(at))
        assert [", ".join(row.people) or "nobody" for row in on_call] == said


def test_the_default_ladder_that_is_written_out_is_the_one_that_is_climbed() -> None:
    [example] = fenced("docs/schedules.md", "yaml default")
    for policy in policies(parse(example, "schedules.yaml"), lambda _: None):
        (severity,) = policy.severities
        assert replace(policy, when="") == default(severity)
    assert len(Severity) == example.count("when:")


def test_the_faults_of_the_faulty_example_are_as_shown() -> None:
    [example], [shown] = fenced("docs/schedules.md", "yaml faulty"), fenced("docs/schedules.md", "text")
    with pytest.raises(ScheduleFaults) as refused:
        parse(example, "schedules.yaml")
    assert str(refused.value) == shown.rstrip("\n")
