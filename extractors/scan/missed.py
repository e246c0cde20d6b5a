"""Ink that the detector of lines passed over: a single digit in a wide cell is too small for it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from extractors.pdf.content import Bools, Floats
from extractors.scan.model import Pixels, Ruling

#: Darker than this, of 255, is ink.
_INK = 160
#: Ink is that of characters when it is as high as the lines that were found: between these shares of their height.
_LOWEST, _HIGHEST = 0.5, 1.6
#: Characters nearer than this share of a line's height stand in one line.
_NEAR = 0.8
#: The engine's boxes have so much room around their ink, as a share of its height.
_ROOM = 0.35
#: The usual share of a box's height that is ink.
_INKED = 0.62
#: What is as near to the line of a ruling, in pixels, is a rest of it.
_RULED = 3.0


def missed(boxes: Floats, rulings: Sequence[Ruling], grey: Pixels) -> Floats:
    """More boxes (n x 4: x0, top, x1, bottom), as the detector gives them, of ink as high as the lines in ``boxes``.

    ``grey`` is the page without its rulings.
    """
    if not len(boxes):
        return boxes
    usual = _INKED * float(np.median(boxes[:, 3] - boxes[:, 1]))
    ink = (grey < _INK).astype(np.uint8)
    for x0, top, x1, bottom in boxes.astype(np.int64).tolist():
        ink[max(0, top) : bottom + 1, max(0, x0) : x1 + 1] = 0
    reach = max(1, round(_NEAR * usual))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:].astype(np.float64)
    left, top, width, height = stats[:, :4].T
    fits: Bools = (height >= _LOWEST * usual) & (height <= _HIGHEST * usual)
    for ruling in rulings:
        low, size = (top, height) if ruling.horizontal else (left, width)
        fits &= ~((low - _RULED <= ruling.at) & (ruling.at <= low + size + _RULED) & (size <= 2 * _RULED))
    room = _ROOM * height
    found = np.stack([left - room, top - room, left + width + room, top + height + room], axis=1)[fits]
    limits = np.array([grey.shape[1], grey.shape[0]] * 2, np.float64)
    kept: Floats = np.clip(found, 0.0, limits)
    return kept
