"""Pieces of level lines in a picture: thin even ink that runs on for longer than the strokes of small characters."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

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
#: A column of a line is inked when it is so dark in comparison with the line's median.
_HOLDS = 0.4
#: How far beside a line, in points, it is looked for other ink: less than text is away from a ruling.
_BESIDE = 1.5
#: The least darkness that black print has, of 255: what is fainter can't be told from noise.
_LEAST_BLACK = 60.0


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

    def take(self, chosen: Bools) -> Pieces:
        """The pieces where the mask is true."""
        return Pieces(*(getattr(self, name)[chosen] for name in self.__slots__))

    def lengths(self) -> Floats:
        """How long each is."""
        return self.end - self.start


def black_of(grey: Pixels) -> float:
    """How dark what is printed black is, 0 to 255, on a picture with white paper."""
    sample = 255 - grey[::3, ::3]
    inked = sample[sample > _LEAST_BLACK / 2]
    return max(_LEAST_BLACK, float(np.quantile(inked, 0.8))) if len(inked) else 255.0


def pieces_of(grey: Pixels, dpi: float, black: float) -> Pieces:
    """The pieces of level lines of a picture; ``black`` is how dark print is on it."""
    point = dpi / 72
    ink = cv2.bitwise_not(grey)
    thin = cv2.morphologyEx(ink, cv2.MORPH_TOPHAT, np.ones((round(_THICKEST * point) + 1, 1), np.uint8))
    even = cv2.threshold(cv2.boxFilter(thin, -1, (_ALONG, _ACROSS)), _FAINT * black, 255, cv2.THRESH_BINARY)[1]
    runs = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((1, round(_SHORTEST * point) + _ALONG), np.uint8))
    boxes = cv2.connectedComponentsWithStats(runs, connectivity=8, ltype=cv2.CV_32S)[2][1:, :4]
    found = [_measured(ink, box, black, point) for box in boxes.tolist()]
    values = np.array([piece for piece in found if piece is not None], np.float64).reshape(-1, 6)
    return Pieces(*values.T)


def _measured(
    ink: Pixels, box: tuple[int, int, int, int], black: float, point: float
) -> tuple[float, float, float, float, float, float] | None:
    """The piece in a box (left, top, width, height); None where what is in it is no thin line."""
    left, top, width, height = box
    own = ink[top : top + height, left : left + width]
    darkest = own.max(axis=0)
    inked = np.flatnonzero(darkest >= _HOLDS * np.median(darkest))
    first, last = int(inked[0]), int(inked[-1]) + 1
    profile = own[:, first:last].mean(axis=1)
    rows = np.flatnonzero(profile >= profile.max() / 2)
    thickness = float(rows[-1] + 1 - rows[0])
    if thickness > _THICKEST * point + 1 or last - first < _SHORTEST * point:
        return None
    reach, room = max(2, round(_BESIDE * point)), 1
    columns = slice(left + first, left + last)
    above = ink[max(0, top - room - reach) : max(0, top - room), columns]
    below = ink[top + height + room : top + height + room + reach, columns]
    beside = np.zeros(last - first, np.bool_)
    for strip in (above, below):
        if len(strip):
            beside |= strip.max(axis=0) > _INK * black
    at = top + (rows[0] + rows[-1] + 1) / 2
    solid = len(inked) / (last - first)
    return at, float(left + first), float(left + last), thickness, 1 - float(beside.mean()), solid
