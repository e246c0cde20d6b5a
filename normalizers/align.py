"""Puts the cells of a text layer's rows back into their columns.

Separators give each cell a column; where a row was shifted or lost separators, meaning and order tell the
column that a reader would put each cell in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from extractors.model import JoinedCell
from normalizers.meaning import FITS, Vocabulary, score
from normalizers.reference import Reference

#: What each column of distance, and each change of distance along a row, takes off a reading's score: decides only
#: between readings that mean the same.
_SHIFT_COST = 0.02
_UNEVEN_COST = 0.03
#: Another reading has to be better than the printed one by this much before cells are moved.
_MOVE_GAIN = 0.3
#: Two readings whose cells fit their columns equally well, but for this much, are equally good.
_TIE = 0.005


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """A row's cells by column.

    ``moved`` are the columns whose cell stood elsewhere, ``lost`` the unfilled columns between cells for which not
    even a blank is left, ``rival`` another reading that is as good: (cell text, column read, other column).
    """

    cells: dict[int, JoinedCell]
    moved: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()
    rival: tuple[str, int, int] | None = None


def align(
    row: Sequence[JoinedCell], roles: Sequence[str | None], reference: Reference, vocabulary: Vocabulary
) -> AlignedRow:
    """The row's filled cells by column; ``row`` holds all its cells, blank ones too, from left to right."""
    filled = [cell for cell in row if cell.text]
    printed = {_own_column(cell, roles, reference, vocabulary): cell for cell in filled}
    fits = [_fit(cell, col, roles, reference, vocabulary) for col, cell in printed.items()]
    if len(printed) == len(filled) and all(fit >= FITS for fit in fits):
        return AlignedRow(printed)
    readings = _readings(filled, roles, reference, vocabulary)
    if not readings:
        return AlignedRow(printed)
    best = readings[0]
    if len(printed) == len(filled) and best.score < sum(fits) + _MOVE_GAIN:
        return AlignedRow(printed)
    cells = dict(zip(best.columns, filled, strict=True))
    moved = frozenset(col for col, cell in cells.items() if not cell.col <= col < cell.col + cell.col_span)
    return AlignedRow(cells, moved, _lost(row, cells, moved), _rival(readings, filled, roles))


def _own_column(cell: JoinedCell, roles: Sequence[str | None], reference: Reference, vocabulary: Vocabulary) -> int:
    """The column that the separators gave the cell; of several under one heading the one that fits best."""
    columns = range(cell.col, cell.col + cell.col_span)
    return max(columns, key=lambda col: (_fit(cell, col, roles, reference, vocabulary), -col))


def _fit(
    cell: JoinedCell, col: int, roles: Sequence[str | None], reference: Reference, vocabulary: Vocabulary
) -> float:
    role = roles[col]
    return FITS if role is None else score(role, cell.text, reference, vocabulary)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to put the cells into columns: how well they fit, and how far and how unevenly they were moved."""

    columns: tuple[int, ...]
    meaning: float
    shifts: tuple[int, ...]

    @property
    def score(self) -> float:
        """The fit, less a little for moving: nearness decides only between readings that mean the same."""
        uneven = sum(abs(a - b) for a, b in pairwise(self.shifts))
        return self.meaning - _SHIFT_COST * sum(map(abs, self.shifts)) - _UNEVEN_COST * uneven


def _readings(
    filled: Sequence[JoinedCell], roles: Sequence[str | None], reference: Reference, vocabulary: Vocabulary
) -> list[_Reading]:
    """Every way to put the cells into columns in their order, the best first."""
    if len(filled) > len(roles):
        return []
    fit = [[_fit(cell, col, roles, reference, vocabulary) for col in range(len(roles))] for cell in filled]
    readings = [
        _Reading(
            columns,
            sum(fit[index][col] for index, col in enumerate(columns)),
            tuple(_distance(cell, col) for cell, col in zip(filled, columns, strict=True)),
        )
        for columns in combinations(range(len(roles)), len(filled))
    ]
    return sorted(readings, key=lambda reading: (-reading.score, reading.columns))


def _distance(cell: JoinedCell, col: int) -> int:
    """How many columns to the right of its printed place a cell is read."""
    if col < cell.col:
        return col - cell.col
    return max(0, col - (cell.col + cell.col_span - 1))


def _lost(row: Sequence[JoinedCell], cells: dict[int, JoinedCell], moved: frozenset[int]) -> frozenset[int]:
    """Unfilled columns between two cells for which fewer blanks are left than there are columns."""
    lost: set[int] = set()
    columns = sorted(cells)
    for left, right in pairwise(columns):
        between = range(left + 1, right)
        start, end = row.index(cells[left]), row.index(cells[right])
        if end - start - 1 < len(between) and (left in moved or right in moved):
            lost.update(between)
    return frozenset(lost)


def _rival(
    readings: Sequence[_Reading], filled: Sequence[JoinedCell], roles: Sequence[str | None]
) -> tuple[str, int, int] | None:
    """A reading as good as the best that puts a cell under another heading.

    A row that only lost its beginning, so that all its cells moved alike, can be read in one way only.
    """
    best = readings[0]
    if len(set(best.shifts)) == 1:
        return None
    for other in readings[1:]:
        if best.meaning - other.meaning <= _TIE:
            for cell, col, other_col in zip(filled, best.columns, other.columns, strict=True):
                if roles[col] != roles[other_col]:
                    return cell.text, col, other_col
    return None
