"""A recognised page as a page of characters and lines, from which tables are made as from any other.

Its coordinates are points of the straightened picture; :attr:`Page.levelled` brings them to the displayed page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.pdf.content import Chars, Floats, Page, Strokes, Style
from extractors.pdf.upright import baselines
from extractors.scan.model import Glyph, Pixels, Ruling, Straight

#: What recognised the text of a scanned page, as provenance names it.
ENGINE = "rapidocr"
#: A rule is painted over with this many pixels more on each side: its edges are grey.
_RIM = 1
#: Paper, and what is darker than this is ink.
_PAPER, _INK = 255, 160
#: Characters are as high as the ink of their line, but at least this share of the box that the engine gives.
_LEAST_HEIGHT = 0.5


def without_rulings(straight: Straight, rulings: Sequence[Ruling]) -> Pixels:
    """The pixels of a page with its rulings painted over, which are read as | and 一 otherwise."""
    pixels = straight.pixels.copy()
    for ruling in rulings:
        half = ruling.thickness / 2 + _RIM
        across = slice(max(0, int(ruling.at - half)), int(np.ceil(ruling.at + half)))
        along = slice(max(0, int(ruling.start)), int(np.ceil(ruling.end)))
        pixels[(across, along) if ruling.horizontal else (along, across)] = _PAPER
    return pixels


def page_of(straight: Straight, glyphs: Sequence[Glyph], rulings: Sequence[Ruling], ink: Pixels) -> Page:
    """The page; ``ink`` are the pixels that were recognised (h x w, grey), which say how high the characters are."""
    scale = 72 / straight.dpi
    height, width = straight.pixels.shape[:2]
    boxes = _boxes(glyphs, ink) * scale
    chars = Chars(
        "".join(glyph.text[0] for glyph in glyphs),
        boxes,
        baselines(boxes),
        np.zeros(len(glyphs), np.bool_),
        np.zeros(len(glyphs), np.int64),
        (Style(),),
    )
    # Pixels to points of the displayed page, by way of points of the straightened one.
    levelled = straight.to_page @ np.diag([1 / scale, 1 / scale, 1.0])
    return Page(
        straight.page,
        width * scale,
        height * scale,
        chars,
        _strokes([ruling for ruling in rulings if ruling.horizontal], scale),
        _strokes([ruling for ruling in rulings if not ruling.horizontal], scale),
        levelled=levelled,
        engine=ENGINE,
    )


def _boxes(glyphs: Sequence[Glyph], ink: Pixels) -> Floats:
    """The boxes of the characters in pixels, n x 4, as high as the ink of what stands beside them."""
    boxes = np.array([(g.x0, g.top, g.x1, g.bottom) for g in glyphs], np.float64).reshape(-1, 4)
    dark = ink < _INK
    for first, last in _runs(glyphs):
        x0, x1 = boxes[first:last, 0].min(), boxes[first:last, 2].max()
        top, bottom = boxes[first:last, 1].min(), boxes[first:last, 3].max()
        part = dark[max(0, int(top)) : int(np.ceil(bottom)), max(0, int(x0)) : int(np.ceil(x1))]
        rows = np.flatnonzero(np.any(part, axis=1))
        if len(rows) and rows[-1] + 1 - rows[0] >= _LEAST_HEIGHT * (bottom - top):
            boxes[first:last, 1] = max(0, int(top)) + rows[0]
            boxes[first:last, 3] = max(0, int(top)) + rows[-1] + 1
    return boxes


def _runs(glyphs: Sequence[Glyph]) -> list[tuple[int, int]]:
    """From where to where characters follow each other in one line."""
    runs: list[tuple[int, int]] = []
    for index, glyph in enumerate(glyphs):
        before = glyphs[index - 1] if index else None
        if before and glyph.x0 >= before.x0 and min(glyph.bottom, before.bottom) > max(glyph.top, before.top):
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def _strokes(rulings: Sequence[Ruling], scale: float) -> Strokes:
    values = np.array([(r.at, r.start, r.end, r.thickness) for r in rulings], np.float64).reshape(-1, 4) * scale
    return Strokes(*values.T)
