"""`make bench [ROWS='open.*']`: measures, compares with a baseline of the same run, writes the results."""

import argparse
import fnmatch
import json
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from tests.bench import acking, bursting, chaos, feeds, ics_import, opening, resting, rota, throughput, timers
from tests.bench.rows import Row, table

RESULTS = Path(__file__).resolve().parents[2] / ".bench" / "results.json"
# The first words of a group's rows, and what measures them.
GROUPS: dict[tuple[str, ...], Callable[[str], Iterator[Row]]] = {
    ("open",): opening.rows,
    ("ack",): acking.rows,
    ("burst",): bursting.rows,
    ("outbox",): throughput.rows,
    ("chaos",): chaos.rows,
    ("timers",): timers.rows,
    ("start", "memory", "idle"): resting.rows,
    ("rota",): rota.rows,
    ("ics",): lambda run: chain(feeds.rows(run), ics_import.rows(run)),
}


def _is_wanted(group: tuple[str, ...], rows: str) -> bool:
    return any(fnmatch.fnmatch(word, rows.split(".")[0]) for word in group)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rows", default="*")
    wanted = parser.parse_args(words).rows
    run = opening.new_run()
    groups = [measured for firsts, measured in GROUPS.items() if _is_wanted(firsts, wanted)]
    rows = [row for group in groups for row in group(run) if fnmatch.fnmatch(row.name, wanted)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n", encoding="utf-8")
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
