"""`python -m bot …` in this process: its exit code and what it printed, in an environment of its own."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from bot.__main__ import main
from rotations.model import Organisation, Seat
from rotations.shifts import resolver_of
from storage.opening import open_store

CLEARED = ("SLACK_", "MERIDIAN_", "DATABASE_URL")


class Told(Struct, frozen=True):
    """How a command ended."""

    code: int
    out: str
    err: str

    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


class CommandLine:
    """Commands with one home and one database. `given` adds variables to the environment."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], home: Path) -> None:
        self._patch, self._capture, self.home = patch, capture, home

    def given(self, **variables: str) -> "CommandLine":
        for name, value in variables.items():
            self._patch.setenv(name, value)
        return self

    def __call__(self, *words: object) -> Told:
        self._capture.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as usage:
            code = int(usage.code or 0)
        out, err = self._capture.readouterr()
        return Told(code, out, err)


@pytest.fixture
def commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> CommandLine:
    """With a home of their own, and nothing of the machine's own settings."""
    for name in list(os.environ):
        if name.startswith(CLEARED):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    return CommandLine(monkeypatch, capsys, home).given(MERIDIAN_HOME=str(home))


def stored(url: str) -> Organisation | None:
    """The plan as the database has it after a command."""
    store = open_store(url)
    try:
        return store.read(lambda unit: unit.schedules.organisation())
    finally:
        store.close()


def primary_at(url: str, at: datetime) -> tuple[str, ...]:
    """Who is primary in the plan as the database has it."""
    organisation = stored(url)
    assert organisation is not None
    return next(row.people for row in resolver_of(organisation).at(at) if row.seat is Seat.PRIMARY)
