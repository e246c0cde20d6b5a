"""Pieces of level lines in a picture: thin even ink that runs on for longer than the strokes of small characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.pdf.content import Bools, Floats
from extractors.scan.model import Pixels

#: A ruling is at most this thick, in points, with its blurred edges; what is thicker is an area.
_THICKEST = 4.5
#: The least length of a piece, in points: no row is lower and no column narrower.
_SHORTEST = 8.0
#: Ink is averaged over so many pixels along the line and across it: against noise, and over the gaps of dashes.
_ALONG, _ACROSS = 9, 3
#: So averaged a line is darker than this share of what is printed black, the faintest just so.
_FAINT = 0.06
#: What is darker than this share of black is ink beside a line; more than noise is.
_INK = 0.3
#: A column of a line is inked when it is so dark in comparison with the line's mean.
_HOLDS = 0.4
#: A ruling is inked for this share of its length; and it stands alone for that one, or else it has no gaps at all.
_INKED, _ALONE, _UNBROKEN = 0.45, 0.65, 0.96
#: Where a line is looked for, ink in this share of it shows it, if so much of it has none beside it.
_SHOWN, _APART = 0.4, 0.8
#: How far beside a line, in points, it is looked for other ink: less than text is away from a ruling.
_BESIDE = 1.5


@dataclass(frozen=True, slots=True)
class Pieces:
    """Level pieces of lines, as arrays, in pixels. ``at`` is their middle, ``start`` and ``end`` go along them.

    ``alone`` is the share of a piece with no ink right beside it, ``solid`` that with ink in it, both 0 to 1.
    """

    at: Floats
    start: Floats
    end: Floats
    thickness: Floats
    alone: Floats
    solid: Floats

    def __len__(self) -> int:
        return len(self.at)

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]]) -> Pieces:
        """The pieces of which each row says the six values in their order."""
        return cls(*np.array(rows, np.float64).reshape(-1, 6).T)

    def row(self, index: int) -> list[float]:
        """The six values of a piece."""
        return [float(getattr(self, name)[index]) for name in self.__slots__]

    def take(self, chosen: Bools) -> Pieces:
        """The pieces where the mask is true."""
        return Pieces(*(getattr(self, name)[chosen] for name in self.__slots__))

    def lengths(self) -> Floats:
        """How long each is."""
        return self.end - self.start


def pieces_of(grey: Pixels, dpi: float, black: float) -> Pieces:
    """The pieces of level lines of a picture; ``black`` is how dark print is on it."""
    point = dpi / 72
    ink = cv2.bitwise_not(grey)
    thin = cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, np.ones((round(_THICKEST * point) + 1, 1), np.uint8))
    even = cv2.threshold(cv2.boxFilter(thin, -1, (_ALONG, _ACROSS)), _FAINT * black, 255, cv2.THRESH_BINARY)[1]
    runs = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((1, round(_SHORTEST * point) + _ALONG), np.uint8))
    outlines = cv2.findContours(runs, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    found = [_measured(ink, cv2.boundingRect(outline), black, point) for outline in outlines]
    return Pieces.of([piece for piece in found if piece is not None])


def _measured(
    ink: NDArray[Any], box: Sequence[int], black: float, point: float
) -> tuple[float, float, float, float, float, float] | None:
    """The piece in a box (left, top, width, height); None where what is in it is no thin line."""
    left, top, width, height = box
    own = ink[top : top + height, left : left + width]
    darkest = own.max(axis=0)
    inked = (darkest >= _HOLDS * darkest.mean()).nonzero()[0]
    first, last = int(inked[0]), int(inked[-1]) + 1
    if last - first < _SHORTEST * point:
        return None
    solid = len(inked) / (last - first)
    alone = 1 - _beside(ink, (left + first, top, left + last, top + height), black, point)
    if solid < _INKED or (alone < _ALONE and solid < _UNBROKEN):
        return None
    profile = own[:, first:last].sum(axis=1, dtype=np.int64)
    rows = (profile >= profile.max() / 2).nonzero()[0]
    thickness = float(rows[-1] + 1 - rows[0])
    if thickness > _THICKEST * point + 1:
        return None
    return top + (rows[0] + rows[-1] + 1) / 2, float(left + first), float(left + last), thickness, alone, solid


class Evidence:
    """Tells whether a level line is there, though in pieces, on a picture of ink."""

    def __init__(self, grey: Pixels, black: float, point: float) -> None:
        self._ink = cv2.bitwise_not(grey).astype(np.uint8, copy=False)
        self._black = black
        self._point = point

    def shows(self, at: float, start: float, end: float) -> bool:
        """Whether thin ink goes along the stretch from ``start`` to ``end`` for the most part, and stands alone."""
        x0, x1 = int(start), int(end)
        half = 0.75 * self._point
        top, bottom = max(0, round(at - half - 0.5)), round(at + half + 0.5)
        own = self._ink[top:bottom, x0:x1]
        if not own.size:
            return False
        share = float(np.count_nonzero(own.max(axis=0) > _INK * self._black)) / (x1 - x0)
        if share < _SHOWN:
            return False
        return 1 - _beside(self._ink, (x0, top, x1, bottom), self._black, self._point) >= _APART


def _beside(ink: NDArray[Any], box: tuple[int, int, int, int], black: float, point: float) -> float:
    """The share of a line's length that has ink right above or below it, with a pixel between for blurred edges."""
    x0, top, x1, bottom = box
    reach = max(2, round(_BESIDE * point))
    dark = np.zeros(x1 - x0, np.uint8)
    for strip in (ink[max(0, top - 1 - reach) : max(0, top - 1), x0:x1], ink[bottom + 1 : bottom + 1 + reach, x0:x1]):
        if len(strip):
            np.maximum(dark, strip.max(axis=0), out=dark)
    return float(np.count_nonzero(dark > _INK * black)) / (x1 - x0)
