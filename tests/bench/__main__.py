"""`make bench [ROWS='open.*']`: measures, compares with a baseline of the same run, writes the results."""

import argparse
import fnmatch
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import opening
from tests.bench.rows import Row, table

RESULTS = Path(__file__).resolve().parents[2] / ".bench" / "results.json"
GROUPS: dict[str, Callable[[str], Iterator[Row]]] = {"open": opening.rows}


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--rows", default="*")
    wanted = parser.parse_args(words).rows
    run = opening.new_run()
    rows = [row for group in GROUPS.values() for row in group(run) if fnmatch.fnmatch(row.name, wanted)]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n", encoding="utf-8")
    print(table(rows))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
