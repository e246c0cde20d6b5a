"""Puts the cells of a text layer's rows back into their columns.

Separators give each cell a column; where a row was shifted or lost separators, meaning and order tell the
column that a reader would put each cell in.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.model import JoinedCell
from normalizers.meaning import FITS, Vocabulary, has_task_number, score
from normalizers.reference import Reference
from normalizers.text import numeral

#: What each column of distance, and each change of distance along a row, takes off a reading's score: decides only
#: between readings that mean the same.
_SHIFT_COST = 0.02
_UNEVEN_COST = 0.03
#: Another reading has to be better than the printed one by this much before cells are moved; by more where the
#: row has all its cells and its task stands where it belongs, so that only a cell or two could be wrong.
_MOVE_GAIN, _MOVE_GAIN_WHOLE = 0.3, 0.6
#: Two readings whose cells fit their columns equally well, but for this much, are equally good.
_TIE = 0.005
_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a row is held against: the columns' roles, and whether tasks are numbered in the number column."""

    roles: tuple[str | None, ...]
    numbered_in_column: bool
    reference: Reference
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """A row's cells by column.

    ``moved`` are the columns whose cell stood elsewhere, ``lost`` the unfilled columns for which not even a blank
    is left, ``rival`` another reading that is as good: (cell text, column read, other column).
    """

    cells: dict[int, JoinedCell]
    moved: frozenset[int] = frozenset()
    lost: frozenset[int] = frozenset()
    rival: tuple[str, int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to put the cells into columns: how well they fit, and how far each was moved."""

    columns: tuple[int, ...]
    score: float
    meaning: float
    shifts: tuple[int, ...]


def align(row: Sequence[JoinedCell], surplus: int, layout: Layout) -> AlignedRow:
    """The row's filled cells by column.

    ``row`` holds all its cells, blank ones too, from left to right; ``surplus`` says how many cells it has more
    (or fewer: negative) than the rows around it.
    """
    filled = [cell for cell in row if cell.text]
    printed = {_own_column(cell, layout): cell for cell in filled}
    in_place = len(printed) == len(filled)
    fits = [_fit(cell, col, layout) for col, cell in printed.items()]
    as_printed = AlignedRow(printed, lost=_cut_off(printed, surplus, layout))
    if in_place and surplus <= 0 and all(fit >= FITS for fit in fits):
        return as_printed
    anchors = _anchors(printed, layout) if in_place and surplus >= 0 else {}
    fit = [_fits(cell, anchors.get(index), layout) for index, cell in enumerate(filled)]
    best = _best(filled, fit, len(layout.roles))
    if best is None:
        return as_printed
    whole = surplus == 0 and bool(anchors)
    if in_place and best.score < sum(fits) + (_MOVE_GAIN_WHOLE if whole else _MOVE_GAIN):
        best = _Reading(tuple(printed), sum(fits), sum(fits), (0,) * len(printed))
        if surplus <= 0:
            return as_printed
    cells = dict(zip(best.columns, filled, strict=True))
    moved = frozenset(col for col, cell in cells.items() if not cell.col <= col < cell.col + cell.col_span)
    lost = _squeezed_out(row, cells, moved) | (frozenset() if moved else _cut_off(cells, surplus, layout))
    return AlignedRow(cells, moved, lost, _rival(best, fit, filled, surplus, layout))


def _own_column(cell: JoinedCell, layout: Layout) -> int:
    """The column that the separators gave the cell; of several under one heading the one that fits best."""
    columns = range(cell.col, cell.col + cell.col_span)
    return max(columns, key=lambda col: (_fit(cell, col, layout), -col))


def _fit(cell: JoinedCell, col: int, layout: Layout) -> float:
    role = layout.roles[col]
    if role is None:
        return FITS
    return score(role, cell.text, layout.reference, layout.vocabulary)


def _fits(cell: JoinedCell, anchor: int | None, layout: Layout) -> list[float]:
    """How well a cell fits each column; a cell that is surely in place fits no other."""
    return [_fit(cell, col, layout) if anchor in (None, col) else _NEVER for col in range(len(layout.roles))]


def _anchors(printed: dict[int, JoinedCell], layout: Layout) -> dict[int, int]:
    """The cells, by their order, that are surely in their column: the task's number and its text."""
    roles = layout.roles
    anchored = set()
    for col, cell in printed.items():
        if roles[col] == "content" and has_task_number(cell.text) and not layout.numbered_in_column:
            anchored.add(col)
        if roles[col] == "number" and layout.numbered_in_column and numeral(cell.text.strip("()（）.、 ")) is not None:
            anchored |= {col, *(other for other in printed if roles[other] == "content")}
    return {index: col for index, col in enumerate(printed) if col in anchored}


def _best(filled: Sequence[JoinedCell], fit: Sequence[Sequence[float]], n_cols: int) -> _Reading | None:
    """The best way to put the cells into columns in their order, by dynamic programming over cells and columns.

    Of each cell and column the best reading up to there is kept; the cost of moving unevenly looks one cell back.
    """
    states: dict[int, _Reading] = {-1: _Reading((), 0.0, 0.0, ())}
    for index, cell in enumerate(filled):
        following: dict[int, _Reading] = {}
        for col in range(index, n_cols):
            if fit[index][col] == _NEVER:
                continue
            options = [_extend(state, cell, col, fit[index][col]) for last, state in states.items() if last < col]
            if options:
                following[col] = max(options, key=lambda reading: (reading.score, [-c for c in reading.columns]))
        states = following
    return max(states.values(), key=lambda reading: (reading.score, [-c for c in reading.columns]), default=None)


def _extend(reading: _Reading, cell: JoinedCell, col: int, fit: float) -> _Reading:
    shift = _distance(cell, col)
    uneven = abs(shift - reading.shifts[-1]) if reading.shifts else 0
    cost = _SHIFT_COST * abs(shift) + _UNEVEN_COST * uneven
    return _Reading(
        (*reading.columns, col), reading.score + fit - cost, reading.meaning + fit, (*reading.shifts, shift)
    )


def _distance(cell: JoinedCell, col: int) -> int:
    """How many columns to the right of its printed place a cell is read."""
    if col < cell.col:
        return col - cell.col
    return max(0, col - (cell.col + cell.col_span - 1))


def _squeezed_out(row: Sequence[JoinedCell], cells: dict[int, JoinedCell], moved: frozenset[int]) -> frozenset[int]:
    """Unfilled columns between two cells for which fewer blanks are left than there are columns."""
    lost: set[int] = set()
    columns = sorted(cells)
    for left, right in itertools.pairwise(columns):
        between = range(left + 1, right)
        start, end = row.index(cells[left]), row.index(cells[right])
        if end - start - 1 < len(between) and (left in moved or right in moved):
            lost.update(between)
    return frozenset(lost)


def _cut_off(cells: dict[int, JoinedCell], surplus: int, layout: Layout) -> frozenset[int]:
    """The unfilled columns of a row that is shorter than those around it: one of them may have had a text."""
    if surplus >= 0 or not cells:
        return frozenset()
    first = min(cells)
    return frozenset(col for col in range(first + 1, len(layout.roles)) if col not in cells)


def _rival(
    best: _Reading, fit: Sequence[Sequence[float]], filled: Sequence[JoinedCell], surplus: int, layout: Layout
) -> tuple[str, int, int] | None:
    """A reading as good as the best that puts a cell under another heading.

    A row that only lost its beginning, so that all its cells moved alike, can be read in one way only; but not one
    with a tab too many.
    """
    if len(set(best.shifts)) == 1 and surplus <= 0:
        return None
    n_cols = len(layout.roles)
    before, behind = _means(fit, n_cols), _means([row[::-1] for row in fit[::-1]], n_cols)
    for index, (cell, col) in enumerate(zip(filled, best.columns, strict=True)):
        for other in range(n_cols):
            if layout.roles[other] == layout.roles[col] or fit[index][other] == _NEVER:
                continue
            left = before[index][other]
            right = behind[len(filled) - 1 - index][n_cols - 1 - other]
            if best.meaning - (left + right - fit[index][other]) <= _TIE:
                return cell.text, col, other
    return None


def _means(fit: Sequence[Sequence[float]], n_cols: int) -> list[list[float]]:
    """For each cell and column the best sum of fits of the cells up to it when it is read in that column."""
    table: list[list[float]] = []
    for index, row in enumerate(fit):
        best_so_far, sums = (0.0 if index == 0 else _NEVER), []
        for col in range(n_cols):
            sums.append(best_so_far + row[col])
            if index:
                best_so_far = max(best_so_far, table[index - 1][col])
        table.append(sums)
    return table
