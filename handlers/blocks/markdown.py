"""A Markdown document of ours where Markdown is not shown: headings apart, tables as lines, no escapes.

Reads what incidents.document writes, and no other Markdown."""

import re

_HEADING = re.compile(r"#{1,2} (.*)")
_RULE = re.compile(r"\|[-| ]+\|")
_CELL_ENDS = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([^A-Za-z0-9\s])")


def parts_of(document: str) -> list[tuple[str, str]]:
    """(heading, body) from the top; the first heading is empty where the document begins without one."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in document.splitlines():
        heading = _HEADING.fullmatch(line)
        body = parts[-1][1]
        if heading:
            parts.append((_plain(heading[1]), []))
        elif _RULE.fullmatch(line):
            del body[-1:]  # what stands above a table's rule only names its columns
        else:
            body.append(_row(line) if line.startswith("|") else _plain(line))
    texts = [(heading, "\n".join(body).strip("\n")) for heading, body in parts]
    return [part for part in texts if any(part)]


def _row(line: str) -> str:
    cells = [_plain(cell.strip()) for cell in _CELL_ENDS.split(line)]
    return " · ".join(cell for cell in cells if cell)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
