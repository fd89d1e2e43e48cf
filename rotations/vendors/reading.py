"""The one door: bytes of an export and the tool it is from → what can be taken of it."""

from __future__ import annotations

from rotations.imports import Imported, NotImportable
from rotations.vendors.grafana import read_grafana
from rotations.vendors.opsgenie import read_opsgenie
from rotations.vendors.pagerduty import read_pagerduty
from rotations.vendors.tree import read_tree
from rotations.vendors.wish import Book, VendorWish

READERS = {"pagerduty": read_pagerduty, "opsgenie": read_opsgenie, "grafana": read_grafana}


def read(kind: str, data: bytes, wish: VendorWish) -> Imported:
    """`kind` is one of READERS. Raises NotImportable where nothing can be taken of the file."""
    tree = read_tree(data)
    book = Book(data.decode("utf-8-sig"), wish)
    imported = READERS[kind](tree, book)
    if not imported.report:
        raise NotImportable(
            "There is no object of this tool in the file. See docs/importing.md for what it needs."
        )
    return imported
