"""The rules of the house that no linter knows: how long files and functions may be, what is never written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "handlers", "incidents", "rotations", "runbooks", "storage", "sandbox", "tests")
FILE_LINES, TEST_FILE_LINES, FUNCTION_LINES = 320, 400, 45
BAD_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|base|manager)\.py$")


def _sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_every_file_is_one_room_and_every_function_fits_a_screen() -> None:
    faults = [fault for path in _sources() for fault in _faults(path)]
    assert not faults, "\n".join(faults)


def _faults(path: Path) -> Iterator[str]:
    name = path.relative_to(ROOT)
    limit = TEST_FILE_LINES if path.is_relative_to(ROOT / "tests") else FILE_LINES
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > limit:
        yield f"{name} has {lines} lines: two rooms in one"
    if BAD_NAMES.search(path.name):
        yield f"{name}: name it for what it holds"
    for function, length in _functions(path):
        if length > FUNCTION_LINES:
            yield f"{name}: {function} has {length} lines"


def test_locks_hold_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "index-url" not in text
