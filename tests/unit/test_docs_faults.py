"""docs/faults.md names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_proof_of_a_fault_exists() -> None:
    named = NAMED.findall((ROOT / "docs" / "faults.md").read_text(encoding="utf-8"))
    missing = [f"{path}::{name}" for path, name in named if not _is_there(ROOT / path, name)]
    assert named
    assert missing == []


def test_every_fault_has_a_proof() -> None:
    lines = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    faults = [line for line in lines if line.startswith("| ") and not line.startswith("| fault ")]
    assert [line for line in faults if "`tests/" not in line and "`make " not in line] == []


def _is_there(path: Path, name: str) -> bool:
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")
