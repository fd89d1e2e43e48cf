"""Every rule that the sandbox claims has a case that carries its id."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sandbox.rules import RULES

FAMILIES = sorted(path.stem for path in Path(__file__).parent.glob("test_slack_rules_*.py"))


def test_every_claimed_rule_has_a_case() -> None:
    modules = [import_module(f"tests.component.{family}") for family in FAMILIES]
    cases = [value for module in modules for name, value in vars(module).items() if name.startswith("test_")]
    shown = {rule_id for case in cases for rule_id in getattr(case, "rule_ids", ())}
    assert shown == set(RULES)
