"""A recognised page as a page of characters and lines, from which tables are made as from any other.

Its coordinates are points of the straightened picture; :attr:`Page.levelled` brings them to the displayed page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.pdf.content import Chars, Page, Strokes, Style
from extractors.pdf.upright import baselines
from extractors.scan.model import Pixels, Recognised, Ruling, Straight

#: What recognised the text of a scanned page, as provenance names it.
ENGINE = "rapidocr"
#: A rule is painted over with this many pixels more on each side: its edges are grey.
_RIM = 1
_PAPER = 255


def without_rulings(straight: Straight, rulings: Sequence[Ruling]) -> Pixels:
    """The pixels of a page with its rulings painted over, which are read as | and 一 otherwise."""
    pixels = straight.pixels.copy()
    for ruling in rulings:
        half = ruling.thickness / 2 + _RIM
        across = slice(max(0, int(ruling.at - half)), int(np.ceil(ruling.at + half)))
        along = slice(max(0, int(ruling.start)), int(np.ceil(ruling.end)))
        pixels[(across, along) if ruling.horizontal else (along, across)] = _PAPER
    return pixels


def page_of(found: Recognised) -> Page:
    """The page with what was recognised on it."""
    scale = 72 / found.dpi
    glyphs, rulings = found.glyphs, found.rulings
    boxes = np.array([(g.x0, g.top, g.x1, g.bottom) for g in glyphs], np.float64).reshape(-1, 4) * scale
    chars = Chars(
        "".join(glyph.text for glyph in glyphs),
        boxes,
        baselines(boxes),
        np.array([glyph.spaced for glyph in glyphs], np.bool_),
        np.zeros(len(glyphs), np.int64),
        (Style(),),
    )
    # Pixels to points of the displayed page, by way of points of the straightened one.
    levelled = np.array(found.to_page) @ np.diag([1 / scale, 1 / scale, 1.0])
    return Page(
        found.page,
        found.wide * scale,
        found.high * scale,
        chars,
        _strokes([ruling for ruling in rulings if ruling.horizontal], scale),
        _strokes([ruling for ruling in rulings if not ruling.horizontal], scale),
        levelled=levelled,
        engine=ENGINE,
    )


def _strokes(rulings: Sequence[Ruling], scale: float) -> Strokes:
    values = np.array([(r.at, r.start, r.end, r.thickness) for r in rulings], np.float64).reshape(-1, 4) * scale
    return Strokes(*values.T)
