"""Whatever the house imports of others is named in pyproject: nothing comes along with something else."""

import re
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "handlers", "incidents", "rotations", "runbooks", "storage", "sandbox", "tests")
IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.MULTILINE)

_projects_of = cache(packages_distributions)
"""Top-level module → the installed projects that bring it: only for what is not Python's own or ours."""


def _normal(name: str) -> str:
    """As PEP 503 compares names of projects."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _named(is_test: bool) -> set[str]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = told["project"]["dependencies"] + (told["dependency-groups"]["dev"] if is_test else [])
    return {_normal(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in wanted}


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_imported_is_named_in_pyproject(package: str) -> None:
    named, unnamed = _named(package == "tests"), []
    for path in sorted((ROOT / package).rglob("*.py")):
        for module in IMPORT.findall(path.read_text(encoding="utf-8")):
            projects = {_normal(project) for project in _projects_of().get(module, ())}
            if projects and not projects & named:
                unnamed.append(f"{path.relative_to(ROOT)} imports {module}, which {projects} bring")
    assert not unnamed, "\n".join(unnamed)
