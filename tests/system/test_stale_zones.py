"""A machine whose time zone files are stale: the command line reads those of the package alone."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.started import ended

FILE = Path(__file__).resolve().parents[1] / "corpus" / "schedules" / "good" / "section6.yaml"


@pytest.mark.system
def test_stale_time_zone_files_of_the_machine_are_not_read(tmp_path: Path) -> None:
    stale = tmp_path / "America" / "New_York"
    stale.parent.mkdir()
    stale.write_bytes(files("tzdata.zoneinfo.Asia").joinpath("Tokyo").read_bytes())
    asked = ["-m", "bot", "oncall", "--file", str(FILE), "--at", "2026-03-02T14:00:00Z", "--json"]
    told = ended([sys.executable, *asked], {"PYTHONTZPATH": str(tmp_path)})
    assert told.code == 0, told.err
    # Ana's week begins at 09:00 in New York, and not at 09:00 in Tokyo, fourteen hours before.
    assert json.loads(told.out)["on_call"][0]["from"] == "2026-03-02T14:00:00Z"
