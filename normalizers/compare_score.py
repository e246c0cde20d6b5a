"""How alike the tasks of two documents are, and which belong together."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from normalizers.compare_words import Name, TaskText

Scores = npt.NDArray[np.float64]

#: From this score on two tasks may be the same: docs/compare.md has what other limits would give.
LIMIT = 0.2
#: Below this score a pair is doubtful.
WEAK = 0.3
#: So many tasks are added when it is counted how rare a bit of a word is: in a short document nothing is rare yet.
_SMOOTHING = 20
#: What tasks keep of their score that name different things of the same kind.
_OTHER_NAME = 0.2
#: The most that the same organisations, the same leaders and the same category add.
_UNITS, _LEADERS, _CATEGORY = 0.08, 0.02, 0.04
#: Scores are rounded before they decide anything, so that every machine decides alike.
_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A task as it is compared. ``units`` and ``leaders`` are their ids, or names where they have none."""

    text: TaskText
    units: frozenset[Hashable] = frozenset()
    leaders: frozenset[Hashable] = frozenset()
    category: frozenset[str] = frozenset()


def scores(earlier: Sequence[Subject], later: Sequence[Subject]) -> Scores:
    """How alike each earlier task is with each later one: a matrix of numbers from 0 to 1."""
    found = _shared(earlier, later)
    for row, before in enumerate(earlier):
        for column, after in enumerate(later):
            value = float(found[row, column])
            if value <= 0:
                continue
            if _differ(before.text.names, after.text.names):
                value *= _OTHER_NAME
            else:
                value += _UNITS * _overlap(before.units, after.units)
                value += _LEADERS * _overlap(before.leaders, after.leaders)
                value += _CATEGORY * _overlap(before.category, after.category)
            found[row, column] = min(value, 1.0)
    return np.round(found, _DIGITS)


def likely(matrix: Scores) -> Scores:
    """The matrix without low scores of tasks that fit another one at least twice as well.

    When two tasks are merged into one, the second of them is left over; it must not be paired with something else for
    want of better.
    """
    if not matrix.size:
        return matrix
    best = np.maximum(matrix.max(axis=1, keepdims=True), matrix.max(axis=0, keepdims=True))
    return np.where((matrix < WEAK) & (matrix * 2 < best), 0.0, matrix)


def pairs(matrix: Scores, limit: float = LIMIT) -> list[tuple[int, int]]:
    """The pairs (row, column) that together exceed the limit by most, each row and column in one pair at most."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415  slow to import, and only needed here

    if not matrix.size:
        return []
    gains = np.where(matrix >= limit, matrix - limit + 10.0**-_DIGITS, 0.0)
    rows, columns = linear_sum_assignment(gains, maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if gains[row, column] > 0]


def _shared(earlier: Sequence[Subject], later: Sequence[Subject]) -> Scores:
    """What two texts share of their weight: half by the mean of both, half by the lighter one.

    A short text that is wholly in a long one is a task that was put in other words, or one of several that were merged.
    """
    texts = [subject.text.bits for subject in (*earlier, *later)]
    counts = Counter(bit for bits in texts for bit in bits)
    total = len(texts) + _SMOOTHING
    # A bit in one task of each year is as rare as can be.
    rarity = {bit: math.log(total / max(count, 2)) for bit, count in counts.items()}
    weights = np.array([sum(weight * rarity[bit] for bit, weight in bits.items()) for bits in texts])
    shared = np.zeros((len(earlier), len(later)))
    places = (_places(earlier), _places(later))
    for bit, (rows, row_weights) in places[0].items():
        if bit in places[1]:
            columns, column_weights = places[1][bit]
            shared[np.ix_(rows, columns)] += np.minimum.outer(row_weights, column_weights) * rarity[bit]
    before, after = weights[: len(earlier), None], weights[None, len(earlier) :]
    mean, lighter = np.sqrt(before * after), np.minimum(before, after)
    result: Scores = np.where(shared > 0, (shared / np.maximum(mean, 1e-9) + shared / np.maximum(lighter, 1e-9)) / 2, 0)
    return result


def _places(subjects: Sequence[Subject]) -> dict[str, tuple[list[int], list[float]]]:
    places: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for index, subject in enumerate(subjects):
        for bit, weight in subject.text.bits.items():
            places[bit][0].append(index)
            places[bit][1].append(weight)
    return places


def _differ(before: Sequence[Name], after: Sequence[Name]) -> bool:
    """Whether both name things of one kind, and none of them is the same."""
    if not {name.kind for name in before} & {name.kind for name in after}:
        return False
    return not any(one.text in other.text or other.text in one.text for one in before for other in after)


def _overlap(before: frozenset[Hashable] | frozenset[str], after: frozenset[Hashable] | frozenset[str]) -> float:
    return len(before & after) / min(len(before), len(after)) if before and after else 0.0
