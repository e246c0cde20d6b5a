"""What the whole cells of a table show of how its columns are filled, merged and printed.

Only cells away from the page breaks are asked: what stands at a break is what has to be judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Literal

from extractors.joining.bodies import Body, Placed
from extractors.joining.groups import squeeze

#: Where a text may be off its place and still count as being there, in points.
_OFF = 2.5
#: Less free height than this says nothing about where a text stands.
_SLACK = 8.0
_FEWEST = 3
#: What is assumed of a column before anything was seen: how often a cell is blank, goes on in the next row, says the
#: same as the one above it. Each counts as much as one cell.
_BLANK, _MERGED, _EQUAL = 0.1, 0.3, 0.05
#: How many texts off their place are assumed, of five times as many; a column is assumed to be like the others, which
#: counts as much as this many cells.
_STRAY = 0.2
_LIKE_OTHERS = 3

#: Where texts stand in their cells.
Place = Literal["middle", "top"]


@dataclass(slots=True)
class Spots:
    """Where texts stand that have room to stand elsewhere: how far below the middle and the top of their cells."""

    offsets: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)

    def add(self, placed: Placed) -> None:
        """Take in a cell; one without geometry and one that its text fills say nothing."""
        ink = placed.cell.ink
        if ink is None or placed.top is None or placed.bottom is None:
            return
        if (placed.bottom - placed.top) - (ink.bottom - ink.top) >= _SLACK:
            self.offsets.append((ink.top + ink.bottom - placed.top - placed.bottom) / 2)
            self.gaps.append(ink.top - placed.top)

    def __add__(self, other: Spots) -> Spots:
        return Spots(self.offsets + other.offsets, self.gaps + other.gaps)

    @property
    def gap(self) -> float:
        """How far below the top most of them stand."""
        return median(self.gaps)

    @property
    def place(self) -> Place | None:
        """Where they stand; None: here and there, or too few were seen."""
        if len(self.offsets) < _FEWEST:
            return None
        if median(map(abs, self.offsets)) <= _OFF:
            return "middle"
        return "top" if median(abs(gap - self.gap) for gap in self.gaps) <= _OFF else None

    def strays(self, place: Place) -> int:
        """How many are off the place where the others stand."""
        off = self.offsets if place == "middle" else [gap - self.gap for gap in self.gaps]
        return sum(abs(distance) > _OFF for distance in off)


@dataclass(frozen=True, slots=True)
class Habit:
    """How whole cells of a column are printed.

    ``place`` is where texts stand (None: not known), ``gap`` how far below the top where that is the place, ``stray``
    how likely one does not stand there, ``line`` the usual height of a line.
    """

    place: Place | None
    gap: float
    stray: float
    line: float


@dataclass(slots=True)
class Column:
    """What the whole cells of one column of the grid show."""

    index: int
    cells: int = 0
    blanks: int = 0
    tall_blanks: int = 0
    #: Of so many boundaries between two rows of a page, how many lie inside of a cell.
    boundaries: int = 0
    inside: int = 0
    merges: bool = False
    spots: Spots = field(default_factory=Spots)
    #: For each piece the rows in which a cell begins, as bits.
    starts: list[int] = field(default_factory=list)

    @property
    def blank_share(self) -> float:
        """How likely a cell of the column is empty."""
        return (self.blanks + _BLANK) / (self.cells + 1)

    @property
    def merge_share(self) -> float:
        """How likely a cell of the column goes on in the next row."""
        return (self.inside + _MERGED) / (self.boundaries + 1)

    @property
    def tall_share(self) -> float:
        """How likely an empty cell of the column is higher than one row."""
        return (self.tall_blanks + _MERGED) / (self.blanks + 1)


class Columns:
    """The columns of a logical table and how they hang together."""

    def __init__(self, bodies: Sequence[Body], n_cols: int) -> None:
        self._bodies = bodies
        self._columns = [Column(index) for index in range(n_cols)]
        self._nested: dict[tuple[int, int], float] = {}
        self._beginning: dict[tuple[int, int], float] = {}
        self._habits: dict[int, Habit] = {}
        self._equal: dict[int, float] = {}
        for body in bodies:
            self._see(body, n_cols)

    def __getitem__(self, index: int) -> Column:
        return self._columns[index]

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def _see(self, body: Body, n_cols: int) -> None:
        for column in self._columns:
            column.starts.append(0)
            column.boundaries += body.n_rows - 1
        for placed in body.cells:
            if placed.end_col - placed.col == n_cols > 1:
                continue  # a banner or a note says nothing about columns
            inner, rows = body.inner(placed), placed.end_row - placed.row
            for column in self._columns[placed.col : placed.end_col]:
                column.starts[-1] |= 1 << placed.row
                column.inside += rows - 1
                column.merges = column.merges or rows > 1
                if inner:
                    column.cells += 1
                    column.blanks += placed.blank
                    column.tall_blanks += placed.blank and rows > 1
                    column.spots.add(placed)

    @cached_property
    def line(self) -> float:
        """The usual height of a line of text; 0 without geometry."""
        cells = (placed.cell for body in self._bodies for placed in body.cells)
        heights = [(c.ink.bottom - c.ink.top) / (c.text.count("\n") + 1) for c in cells if c.ink is not None]
        return median(heights) if heights else 0.0

    @cached_property
    def _spots(self) -> Spots:
        """Where the texts of merged cells stand in the table as a whole; few of them: those of all cells."""
        single, merged = Spots(), Spots()
        for body in self._bodies:
            for placed in body.cells:
                if body.inner(placed):
                    (merged if placed.end_row - placed.row > 1 else single).add(placed)
        return merged if len(merged.offsets) >= _FEWEST else single + merged

    @cached_property
    def _stray_share(self) -> float:
        """How likely a text is off its place in any column whose texts have one."""
        known = [(column.spots, place) for column in self if (place := column.spots.place) is not None]
        strays = sum(spots.strays(place) for spots, place in known)
        return (strays + _STRAY) / (sum(len(spots.offsets) for spots, _ in known) + 5 * _STRAY)

    def habit(self, index: int) -> Habit:
        """How whole cells of a column are printed; a column with few of them is like the others."""
        if index not in self._habits:
            own = self[index].spots
            spots = own if len(own.offsets) >= _FEWEST else self._spots
            place = spots.place
            strays = own.strays(place) if place and own.offsets else 0
            stray = (strays + _LIKE_OTHERS * self._stray_share) / (len(own.offsets) + _LIKE_OTHERS)
            self._habits[index] = Habit(place, spots.gap if place == "top" else 0.0, stray, self.line)
        return self._habits[index]

    def merge_share_where_new(self, outer: int, index: int) -> float:
        """How likely a cell goes on in the next row where a new cell begins in another column at its left."""
        if (outer, index) not in self._nested:
            pairs = list(zip(self[outer].starts, self[index].starts, strict=True))
            new = sum((mask & ~1).bit_count() for mask, _ in pairs)
            both = sum((mask & own & ~1).bit_count() for mask, own in pairs)
            self._nested[outer, index] = (new - both + _MERGED) / (new + 1)
        return self._nested[outer, index]

    def begin_share_where_on(self, outer: int, index: int) -> float:
        """How likely a new cell begins in a row in which a cell of another column at its left goes on."""
        if (outer, index) not in self._beginning:
            pairs = list(zip(self[outer].starts, self[index].starts, strict=True))
            on = self[index].boundaries - sum((mask & ~1).bit_count() for mask, _ in pairs)
            both = sum((own & ~mask & ~1).bit_count() for mask, own in pairs)
            self._beginning[outer, index] = (both + 1 - _MERGED) / (on + 1)
        return self._beginning[outer, index]

    def equal_share(self, index: int) -> float:
        """How likely a cell of a column says the same as the one right above it on its page."""
        if index not in self._equal:
            pairs = equal = 0
            for body in self._bodies:
                column = sorted((p for p in body.cells if p.col == index), key=lambda p: p.row)
                for above, below in pairwise(column):
                    pairs += 1
                    equal += not above.blank and squeeze(above.cell.text) == squeeze(below.cell.text)
            self._equal[index] = (equal + _EQUAL) / (pairs + 1)
        return self._equal[index]
