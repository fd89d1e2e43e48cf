"""What an event or another component is called in a report: its title, or what kind of thing it is."""

from __future__ import annotations

import unicodedata

from rotations.ics.content import Component

LONGEST = 80


def title_of(component: Component) -> str:
    """Its words, clipped."""
    title = cleaned(component.text("SUMMARY")[: LONGEST * 4])
    if not title:
        return "event without a title" if component.name == "VEVENT" else component.name[:LONGEST]
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"


def cleaned(written: str) -> str:
    """Without control and direction characters: whoever wrote the file chose the words."""
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in written)
    return " ".join(visible.split())
