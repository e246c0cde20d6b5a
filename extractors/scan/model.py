"""What is made of a scanned page on its way to a page of characters and lines.

A :class:`Picture` is what was scanned, a :class:`Straight` the same page upright and level; :class:`Glyph` and
:class:`Ruling` are what was found on it. Glyphs and rulings are measured in pixels of the straightened picture, origin
at its top left; its ``to_page`` brings them to points of the page as it is displayed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Grey or RGB pixels: h x w or h x w x 3.
Pixels = NDArray[np.uint8]
#: 2 x 3: (x', y') = matrix @ (x, y, 1). Pixel coordinates are those of edges: the first pixel goes from 0 to 1.
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a page: ``pixels`` are h x w x 3 (RGB), square, ``dpi`` of them to the inch.

    ``to_page`` brings pixels to points of the page as it is displayed, which is ``width`` by ``height`` points.
    """

    page: int
    pixels: Pixels
    dpi: float
    to_page: Matrix
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Straight:
    """A page upright and level: ``pixels`` are h x w grey, paper white and seals gone, ``dpi`` of them to the inch.

    ``to_page`` brings pixels to points of the page as it is displayed (``width`` by ``height`` points). ``turned`` is
    by how many degrees clockwise the displayed page was turned so that its text stands upright (0, 90, 180, 270), and
    ``skew`` by how many more, clockwise, it was rotated to be level.
    """

    page: int
    pixels: Pixels
    dpi: float
    to_page: Matrix
    width: float
    height: float
    turned: int
    skew: float


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character that was recognised, with its box in pixels; ``confidence`` goes from 0 to 1.

    ``line`` numbers the lines of text of the page; ``spaced``: a blank stands before it. ``others`` are the characters
    that it may be instead, the likeliest first.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    confidence: float
    line: int = 0
    spaced: bool = False
    others: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A level or upright line in pixels: ``at`` is its middle, ``start`` and ``end`` are along it."""

    horizontal: bool
    at: float
    start: float
    end: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was found on a page: its size in pixels and how it lies (as :class:`Straight`), characters and rulings."""

    page: int
    wide: int
    high: int
    dpi: float
    to_page: tuple[tuple[float, ...], ...]
    width: float
    height: float
    turned: int
    skew: float
    glyphs: tuple[Glyph, ...]
    rulings: tuple[Ruling, ...]

    @classmethod
    def of(cls, straight: Straight, glyphs: Sequence[Glyph], rulings: Sequence[Ruling]) -> Recognised:
        """What was found on a straightened page."""
        high, wide = straight.pixels.shape[:2]
        matrix = tuple(tuple(row) for row in straight.to_page[:2].tolist())
        return cls(
            straight.page, wide, high, straight.dpi, matrix, straight.width, straight.height,
            straight.turned, straight.skew, tuple(glyphs), tuple(rulings),
        )  # fmt: skip
