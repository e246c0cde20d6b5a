"""Which way up a page lies: along which direction its lines of text run, and whether they stand on their heads.

The characters of a line stand nearer to each other than lines do. Which end is up can be told only by reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.light import black_of
from extractors.scan.model import Pixels

#: How well pictures of lines of text can be read, 0 to 1 in the mean.
Judge = Callable[[Sequence[Pixels]], float]
#: Text is looked at with so many dots to the inch: its characters are some dots apart.
_DPI = 110.0
#: What is darker than this share of black is ink.
_INK = 0.4
#: What is longer, in inches, is a ruling.
_RULING = 0.4
#: How far a ruling of that length falls to each side on a page that leans as much as pages do, in inches.
_LEANING = 0.016
#: Characters are at most this large, in inches.
_MOST = 0.5
#: Parts nearer than this share of a character's size belong to neighbours in a line.
_NEAR = 0.3
#: So many times fewer pieces in one direction than in the other tell where lines run.
_CLEAR = 1.1
#: Lines that can be read so well don't stand on their heads.
_READ = 0.9
#: How many lines are given to be judged, the longest ones up to so many times as long as high.
_LINES, _LONG = 4, 12.0


def lines_stand(grey: Pixels, dpi: float) -> bool:
    """Whether the lines of text run from top to bottom or from bottom to top."""
    ink = _ink(grey, dpi)
    size = _size(ink, _MOST * dpi / _shrink(dpi))
    if not size:
        return False
    level, standing = (len(_parts(_closed(ink, size, upright))) for upright in (False, True))
    return standing * _CLEAR < level


def upside_down(grey: Pixels, dpi: float, judge: Judge) -> bool:
    """Whether a page whose lines are level stands on its head: whether its lines are read better that way."""
    ink = _ink(grey, dpi)
    size = _size(ink, _MOST * dpi / _shrink(dpi))
    if not size:
        return False
    pictures = _pictures(grey, _lines(ink, size), dpi)
    if not pictures or (standing := judge(pictures)) >= _READ:
        return False
    return judge([np.ascontiguousarray(line[::-1, ::-1]) for line in pictures]) > standing


def _ink(grey: Pixels, dpi: float) -> Pixels:
    """The ink of a page without its rulings: 255 on 0, reduced."""
    shrink = _shrink(dpi)
    height, width = (max(1, side // shrink) for side in grey.shape)
    small = grey
    if shrink > 1:
        own = grey[: height * shrink, : width * shrink]
        small = cv2.resize(own, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    ink = cv2.threshold(small, 255 - _INK * black_of(small), 255, cv2.THRESH_BINARY_INV)[1]
    reach = round(_RULING * dpi / shrink)
    # A ruling that leans a little is thick enough, made thicker, to hold a level run.
    thicker = 2 * int(_LEANING * dpi / shrink) + 1
    for wide, high in ((reach, 1), (1, reach)):
        thick = cv2.dilate(ink, np.ones((thicker, 1) if high == 1 else (1, thicker), np.uint8))
        found = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((high, wide), np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(found, np.ones((3, 3), np.uint8)))
    return ink  # type: ignore[return-value]


def _shrink(dpi: float) -> int:
    """How many times smaller the picture is on which text is looked at."""
    return max(1, round(dpi / _DPI))


def _parts(ink: NDArray[Any]) -> NDArray[np.int64]:
    """Left, top, width and height of each piece of connected ink, n x 4, without specks."""
    outlines = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    boxes = np.array([cv2.boundingRect(outline) for outline in outlines], np.int64).reshape(-1, 4)
    return boxes[boxes[:, 2:].max(axis=1) >= 2] if len(boxes) else boxes


def _size(ink: Pixels, most: float) -> float:
    """The usual size of the pieces of characters, in pixels; 0 where there are none."""
    sizes = _parts(ink)[:, 2:].max(axis=1)
    sizes = sizes[sizes <= most]
    return float(np.quantile(sizes, 0.7)) if len(sizes) >= 4 else 0.0


def _closed(ink: Pixels, size: float, upright: bool) -> Pixels:
    reach = max(2, round(_NEAR * size)) + 1
    kernel = np.ones((reach, 1) if upright else (1, reach), np.uint8)
    return cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel)  # type: ignore[return-value]


def _lines(ink: Pixels, size: float) -> NDArray[np.int64]:
    """The boxes of lines of text: longer than three characters, no higher than two."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(2, round(0.8 * size)) + 1), np.uint8))
    parts = _parts(closed)
    return parts[(parts[:, 2] >= 3 * parts[:, 3]) & (parts[:, 3] >= 0.7 * size) & (parts[:, 3] <= 2 * size)]


def _pictures(grey: Pixels, lines: NDArray[np.int64], dpi: float) -> list[Pixels]:
    """Pictures of some lines, the longest first, cut where they are longer than they need be."""
    scale = _shrink(dpi)
    chosen = sorted(lines.tolist(), key=lambda line: -line[2] / line[3])[:_LINES]
    pictures = []
    for left, top, width, height in chosen:
        room, wide = 0.2 * height, min(width, _LONG * height)
        rows = slice(max(0, int((top - room) * scale)), int((top + height + room) * scale) + 1)
        cols = slice(max(0, int((left - room) * scale)), int((left + wide + room) * scale) + 1)
        pictures.append(np.ascontiguousarray(grey[rows, cols]))
    return pictures
