"""Medians and shares: by hand, and as numpy gives them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pdf.shares import median, share

_LENGTHS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "middle"),
    [([7.0], 7.0), ([3.0, 1.0, 2.0], 2.0), ([4.0, 1.0, 2.0, 100.0], 3.0)],
)
def test_the_middle(values: list[float], middle: float) -> None:
    assert median(np.array(values)) == middle


def test_nothing_is_in_the_middle_of_what_is_no_number() -> None:
    assert math.isnan(median(np.array([1.0, math.nan, 3.0])))


@pytest.mark.parametrize(("part", "below"), [(0.0, 10.0), (0.3, 13.0), (0.25, 12.5), (1.0, 20.0)])
def test_between_two_numbers_in_proportion(part: float, below: float) -> None:
    assert share([20.0, 10.0], part) == below


@given(_LENGTHS)
def test_the_same_as_numpy(values: list[float]) -> None:
    assert median(np.array(values)) == np.median(values)
    assert share(values, 0.3) == np.percentile(values, 30)
