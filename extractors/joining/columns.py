"""Columns over pages: by position where a page has geometry, by heading where it has none."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

#: For each column of a physical table its (first column, number of columns) in the joined grid.
ColumnMap = tuple[tuple[int, int], ...]
#: Grid lines of two pages that are no farther apart are the same one, in points.
TOLERANCE = 4.0
#: Of the lines of a table whose heading is repeated, at least this share has to be where it was.
_MOST = 0.6


@dataclass(slots=True)
class Edges:
    """The vertical grid lines of all pieces of a table, from left to right."""

    positions: list[float] = field(default_factory=list)
    #: What was found for lines that came before; most pages have the same.
    _fitted: dict[tuple[float, ...], tuple[float, ...] | None] = field(default_factory=dict)

    def add(self, columns: Sequence[float]) -> None:
        """Take in the lines of one more piece: those that are not known yet."""
        if not self.positions:
            self.positions = list(columns)
            return
        for edge in self.fit(columns) or ():
            if self.find(edge) is None:
                insort(self.positions, edge)
                self._fitted.clear()

    def find(self, edge: float) -> int | None:
        """Which of the lines stands at a position."""
        at = bisect_left(self.positions, edge)
        near = [i for i in (at - 1, at) if 0 <= i < len(self.positions) and self._gap(i, edge) <= TOLERANCE]
        return min(near, key=lambda i: self._gap(i, edge), default=None)

    def _gap(self, index: int, edge: float) -> float:
        return abs(self.positions[index] - edge)

    def fit(self, columns: Sequence[float]) -> tuple[float, ...] | None:
        """The lines of a piece as they would stand on the first page, None when they have nothing to do with it.

        A page may be printed a little to the side of the first one, or a little larger. An outer column without a
        border may be missing on a page where nothing stands in it.
        """
        key = tuple(columns)
        if key not in self._fitted:
            self._fitted[key] = self._fit(key) if min(len(key), len(self.positions)) > 1 else None
        return self._fitted[key]

    def _fit(self, columns: tuple[float, ...]) -> tuple[float, ...] | None:
        best = max(self._candidates(columns), key=self._matches)
        found = self._matches(best)
        ends = self.find(best[0]) == 0 and self.find(best[-1]) == len(self.positions) - 1
        if ends:
            return best if found >= max(2, _MOST * min(len(columns), len(self.positions))) else None
        return best if found == min(len(columns), len(self.positions)) > 2 and best == columns else None

    def agrees(self, columns: Sequence[float]) -> bool:
        """Whether a piece without a heading has these columns: no line of its own, or all lines of the others."""
        fitted = self.fit(columns)
        if fitted is None:
            return False
        found = self._matches(fitted)
        return found == len(columns) or found == len(self.positions)

    def place(self, columns: Sequence[float]) -> ColumnMap | None:
        """Where the columns of a piece stand among these lines, None when they can't be told apart."""
        fitted = self.fit(columns)
        found = [self.find(edge) for edge in fitted] if fitted else []
        at = [index for index in found if index is not None]
        if len(at) < max(len(found), 2) or any(a >= b for a, b in pairwise(at)):
            return None
        return tuple((a, b - a) for a, b in pairwise(at))

    def _matches(self, columns: Sequence[float]) -> int:
        return sum(self.find(edge) is not None for edge in columns)

    def _candidates(self, columns: Sequence[float]) -> list[tuple[float, ...]]:
        """The lines as they are, moved to the left or right border, or stretched between both."""
        left, right = self.positions[0], self.positions[-1]
        moves = (0.0, left - columns[0], right - columns[-1])
        moved = [tuple(edge + move for edge in columns) for move in moves]
        if len(columns) == len(self.positions) and columns[-1] > columns[0]:
            scale = (right - left) / (columns[-1] - columns[0])
            moved.append(tuple(left + (edge - columns[0]) * scale for edge in columns))
        return moved


def by_labels(labels: Sequence[str], n_own: int, heading: Sequence[str], n_cols: int) -> ColumnMap:
    """Where the columns of a piece stand in the joined grid, told by its heading.

    A piece with fewer columns than the grid hides a column under a heading that spans it: its labels are found in the
    full heading, and each reaches to the next. Where that fails, its last column reaches to the end.
    """
    starts: list[int] = []
    for label in labels:
        after = starts[-1] + 1 if starts else 0
        starts.append(heading.index(label, after) if label and label in heading[after:] else after)
    starts += range(len(starts) and starts[-1] + 1, n_cols)[: n_own - len(starts)]
    if len(starts) < n_own or starts != sorted(set(starts)) or starts[-1] >= n_cols:
        return tuple((col, 1 if col < n_own - 1 else n_cols - col) for col in range(n_own))
    ends = [*starts[1:], n_cols]
    return tuple((start, end - start) for start, end in zip(starts, ends, strict=True))
