"""By how much a page lies crooked: the angle at which its lines of text and its rulings are the most distinct.

A projection profile of lines that are level is a row of sharp peaks; of lines that lean it is flat. The page is cut
into narrow strips, whose profiles are shifted against each other as a rotation would shift them: so each angle costs
thousands of additions and not millions.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.scan.model import Pixels

#: A page lies crooked by at most this, in degrees: nobody lays it worse on a scanner.
MAX_SKEW = 6.0
#: Steps of the angle in degrees: of the first look, and of the last, between which the peak is interpolated.
_COARSE, _FINE = 0.2, 0.04
#: How many strips a page is cut into.
_STRIPS = 64
#: How much lower the first look's pictures are.
_REDUCED = 2
#: Profiles are smoothed by so many pixels, since what is put between two rows is blurred; and all strips are shifted
#: by this part of a row more, which blurs those of a level page as others are in the mean (p (1 - p) = 1/6). Otherwise
#: the angle that needs no shift would seem the most distinct.
_SMOOTH, _PART = 1.0, 0.2113
#: What is brighter than this, of 255, is ink; a page with less of it, as a share of its area, is blank.
_INK, _LEAST = 80, 1e-4
#: A score below this says that the strips have nothing in common.
_DISTINCT = 0.5


def skew_of(ink: Pixels) -> float:
    """The angle in degrees by which a picture (ink bright on black) is to be rotated clockwise to be level.

    0 where nothing on the page tells. Exact to about 0.02 degrees.
    """
    height, width = ink.shape
    # Narrower than a strip the profiles would say nothing; a page is never so small.
    if height < 4 * _REDUCED or width < _STRIPS:
        return 0.0
    if cv2.countNonZero(cv2.threshold(ink, _INK, 255, cv2.THRESH_BINARY)[1]) < _LEAST * ink.size:
        return 0.0
    wide, high = width // _STRIPS, height // _REDUCED
    strips = cv2.resize(
        ink[: high * _REDUCED, : wide * _STRIPS], (_STRIPS, high * _REDUCED), interpolation=cv2.INTER_AREA
    )
    low = cv2.resize(strips, (_STRIPS, high), interpolation=cv2.INTER_AREA)
    angles = np.arange(-MAX_SKEW, MAX_SKEW + _COARSE / 2, _COARSE)
    scores = _scores(low, angles, wide / _REDUCED)
    best = int(np.argmax(scores))
    if scores[best] < _DISTINCT:
        return 0.0
    near = angles[best] + np.arange(-2 * _COARSE, 2 * _COARSE + _FINE / 2, _FINE)
    fine = _scores(strips, near, wide)
    return float(-_peak(near, fine))


def _scores(strips: NDArray[Any], angles: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """How well the edges of lines agree after each strip was shifted as it falls when the page leans by an angle.

    That is the energy of the edges of all strips together without that of each by itself, in shares of the latter.
    ``strips`` are rows x strips of mean ink, each ``width`` pixels wide.
    """
    height, count = strips.shape
    middles = (np.arange(count) - (count - 1) / 2) * width
    slopes = np.tan(np.radians(angles))
    reach = int(np.ceil(np.abs(slopes).max() * middles[-1])) + 2
    smooth = cv2.GaussianBlur(strips.astype(np.float32), (1, 7), sigmaX=1, sigmaY=_SMOOTH)
    edges = np.diff(np.pad(smooth, ((reach, reach + 1), (0, 0)), mode="edge"), axis=0).T
    alone = max(float(np.square(edges).sum()), 1e-6)
    rows = np.arange(height)
    scores = np.empty(len(angles))
    for index, slope in enumerate(slopes.tolist()):
        shifts = slope * middles + _PART
        whole = np.floor(shifts).astype(np.int64)
        part = (shifts - whole).astype(np.float32)[:, None]
        # Between two rows the ink is theirs, by how near each is.
        nearest = np.take_along_axis(edges, (whole + reach)[:, None] + rows, axis=1)
        moved = nearest[:, :-1] * (1 - part) + nearest[:, 1:] * part
        scores[index] = (float(np.square(moved.sum(axis=0)).sum()) - float(np.square(moved).sum())) / alone
    return scores


def _peak(angles: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """Where the parabola through the highest score and its neighbours has its top."""
    best = int(np.clip(np.argmax(scores), 1, len(scores) - 2))
    left, top, right = scores[best - 1 : best + 2].tolist()
    bend = left - 2 * top + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(angles[best] + np.clip(shift, -1, 1) * (angles[1] - angles[0]))
