"""Medians and other shares of a few hundred numbers, as numpy gives them but without what its own functions cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from extractors.pdf.content import Floats


def median(values: Floats) -> float:
    """The number in the middle of at least one; NaN where one is NaN."""
    ordered = np.sort(values)
    if math.isnan(ordered[-1]):
        return math.nan
    half = len(ordered) // 2
    return float(ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2)


def share(values: Sequence[float], part: float) -> float:
    """The number below which so much (0 to 1) of at least one number lies; between two numbers in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    before = math.floor(place)
    low, high = ordered[before], ordered[min(before + 1, len(ordered) - 1)]
    rest = place - before
    return low + (high - low) * rest if rest < 0.5 else high - (high - low) * (1 - rest)
