"""Boxes, lines and words on a white sheet, measured in pixels, and the PNG of it. Knows no schedule.

matplotlib is imported when something is drawn, never at start: most processes never draw.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from matplotlib.artist import Artist

_DPI = 72
"""At 72 dots to the inch a point is a pixel: type is measured as everything else."""
_RIGHT_TO_LEFT = ("R", "AL", "AN")


class Ink(Struct, frozen=True):
    """How words are set: the size in pixels, the colour, bold or not."""

    size: float
    colour: str = "#16191d"
    is_bold: bool = False


class Canvas:
    """`width` by `height` pixels, the origin at the top left. What is drawn later lies over the earlier."""

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
        self._agg: Any = FigureCanvasAgg(figure)  # half of it has no types
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()
        self._drawn = 0

    def box(self, left: float, top: float, size: tuple[float, float], fill: str, edge: str = "") -> None:
        """A filled box of `size` (width, height). With an `edge` it is hatched in that colour, too."""
        from matplotlib.patches import Rectangle

        shape = Rectangle((left, top), *size, facecolor=fill, linewidth=2.0 if edge else 0.0)
        if edge:
            shape.set(edgecolor=edge, hatch="//")
        self._over(shape)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, wide: float = 2
    ) -> None:
        from matplotlib.lines import Line2D

        self._over(Line2D(*zip(start, end, strict=True), color=colour, linewidth=wide))

    def text(self, left: float, baseline: float, words: str, ink: Ink) -> float:
        """Write the words as they are; returns where they end."""
        from matplotlib.text import Text

        written = Text(left, baseline, words, color=ink.colour, fontsize=ink.size, parse_math=False)
        written.set_fontweight("bold" if ink.is_bold else "normal")
        self._over(written)
        return left + self.width(words, ink)

    def width(self, words: str, ink: Ink) -> float:
        """How wide the words are when set so."""
        from matplotlib.font_manager import FontProperties

        font = FontProperties(size=ink.size, weight="bold" if ink.is_bold else "normal")
        width, _, _ = self._agg.get_renderer().get_text_width_height_descent(words, font, ismath=False)
        return float(width)

    def fitting(self, choices: Sequence[str], room: float, ink: Ink) -> str:
        """The first of the choices that fits into so much room; "" where none does."""
        return next((each for each in choices if self.width(each, ink) <= room), "")

    def drawable(self, words: str, instead: str) -> str:
        """The words, or `instead` where the type has not all their signs or would set them the wrong way."""
        from matplotlib.font_manager import findfont, get_font

        type_ = get_font(findfont("DejaVu Sans"))
        is_set = all(
            type_.get_char_index(ord(sign)) and unicodedata.bidirectional(sign) not in _RIGHT_TO_LEFT
            for sign in words
        )
        return words if is_set else instead

    def _over(self, artist: Artist) -> None:
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)

    def png(self) -> bytes:
        out = io.BytesIO()
        self._agg.print_png(out)
        return out.getvalue()
