"""The rows below the heading, piece by piece, and what they show of how each column is filled and merged.

Only cells away from the page breaks are asked: what stands at a break is what has to be judged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from statistics import median

from extractors.joining.groups import squeeze
from extractors.joining.lines import last_line, longest_line
from extractors.model import Cell

#: Where text may be off the middle of its cell and still count as centred, in points.
CENTRED = 2.5
#: Less free height than this says nothing about where a text stands.
_SLACK = 8.0
_FEWEST = 3
#: What is assumed of a column before anything was seen: how often a cell is blank, goes on in the next row, says the
#: same as the one above it. Each counts as much as one cell.
_BLANK, _MERGED, _EQUAL = 0.1, 0.3, 0.05
#: How many texts off the middle are assumed, of five times as many; a column is assumed to be like the others, which
#: counts as much as this many cells.
_STRAY = 0.2
_LIKE_OTHERS = 3


@dataclass(slots=True, eq=False)
class Placed:
    """A cell below the heading: the columns of the joined grid that it covers, its rows counted from the heading.

    ``top`` and ``bottom`` are its edges on its page, None without geometry.
    """

    cell: Cell
    col: int
    end_col: int
    row: int
    end_row: int
    top: float | None = None
    bottom: float | None = None
    #: Whether nothing stands in the cell.
    blank: bool = field(init=False)

    def __post_init__(self) -> None:
        self.blank = not self.cell.text or self.cell.text.isspace()

    @property
    def offset(self) -> float | None:
        """How far below the middle of its cell a text stands; None without geometry and where it fills its cell."""
        ink = self.cell.ink
        if self.top is None or self.bottom is None or ink is None:
            return None
        if (self.bottom - self.top) - (ink.bottom - ink.top) < _SLACK:
            return None
        return (ink.top + ink.bottom - self.top - self.bottom) / 2


@dataclass(slots=True)
class Body:
    """The rows of one piece below its heading; ``first`` and ``last``: no piece stands before or behind it."""

    page: int
    n_rows: int
    cells: list[Placed]
    first: bool = False
    last: bool = False
    #: The cells at the page's head and foot by the columns that they cover.
    head: dict[tuple[int, int], Placed] = field(default_factory=dict)
    foot: dict[tuple[int, int], Placed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for placed in self.cells:
            if placed.row == 0:
                self.head[placed.col, placed.end_col] = placed
            if placed.end_row == self.n_rows:
                self.foot[placed.col, placed.end_col] = placed

    def inner(self, placed: Placed) -> bool:
        """Whether a cell is away from the page breaks, so that it is whole."""
        return (placed.row > 0 or self.first) and (placed.end_row < self.n_rows or self.last)


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
    #: How far below the middle of its cell each text stands that has room to stand elsewhere.
    offsets: list[float] = field(default_factory=list)
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

    @property
    def centred(self) -> bool | None:
        """Whether texts stand in the middle of their cells; None: too few were seen."""
        if len(self.offsets) < _FEWEST:
            return None
        return median(map(abs, self.offsets)) <= CENTRED


class Columns:
    """The columns of a logical table and how they hang together."""

    def __init__(self, bodies: Sequence[Body], n_cols: int) -> None:
        self._bodies = bodies
        self._columns = [Column(index) for index in range(n_cols)]
        self._nested: dict[tuple[int, int], float] = {}
        self._equal: dict[int, float] = {}
        self._last_lines: dict[tuple[int, int], list[int]] = {}
        self._capacity: dict[tuple[int, int], int] = {}
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
            blank, offset = placed.blank, placed.offset if inner else None
            for column in self._columns[placed.col : placed.end_col]:
                column.starts[-1] |= 1 << placed.row
                column.inside += rows - 1
                column.merges = column.merges or rows > 1
                if inner:
                    column.cells += 1
                    column.blanks += blank
                    column.tall_blanks += blank and rows > 1
                    if offset is not None:
                        column.offsets.append(offset)

    @cached_property
    def line(self) -> float:
        """The usual height of a line of text; 0 without geometry."""
        cells = (placed.cell for body in self._bodies for placed in body.cells)
        heights = [(c.ink.bottom - c.ink.top) / (c.text.count("\n") + 1) for c in cells if c.ink is not None]
        return median(heights) if heights else 0.0

    @cached_property
    def centred(self) -> bool:
        """Whether texts stand in the middle of merged cells in the table as a whole; few of them: of all cells."""
        found: tuple[list[float], list[float]] = ([], [])
        for body in self._bodies:
            for placed in body.cells:
                if body.inner(placed) and (offset := placed.offset) is not None:
                    found[placed.end_row - placed.row > 1].append(offset)
        offsets = found[1] if len(found[1]) >= _FEWEST else found[0] + found[1]
        return len(offsets) >= _FEWEST and median(map(abs, offsets)) <= CENTRED

    def stray_share(self, index: int) -> float | None:
        """How likely a text of a column is off the middle of its cell; None when they do not stand in the middle."""
        own = self[index]
        if not (self.centred if own.centred is None else own.centred):
            return None
        strays = sum(abs(offset) > CENTRED for offset in own.offsets)
        return (strays + _LIKE_OTHERS * self._stray_share) / (len(own.offsets) + _LIKE_OTHERS)

    @cached_property
    def _stray_share(self) -> float:
        """How likely a text is off the middle of its cell in any column whose texts stand there."""
        offsets = [offset for column in self if column.centred for offset in column.offsets]
        return (sum(abs(offset) > CENTRED for offset in offsets) + _STRAY) / (len(offsets) + 5 * _STRAY)

    def merge_share_where_new(self, outer: int, index: int) -> float:
        """How likely a cell goes on in the next row where a new cell begins in another column at its left."""
        if (outer, index) not in self._nested:
            pairs = list(zip(self[outer].starts, self[index].starts, strict=True))
            new = sum((mask & ~1).bit_count() for mask, _ in pairs)
            both = sum((mask & own & ~1).bit_count() for mask, own in pairs)
            self._nested[outer, index] = (new - both + self[index].merge_share) / (new + 1)
        return self._nested[outer, index]

    def capacity(self, placed: Placed) -> int:
        """How much a line of a cell holds: the longest line in cells over the same columns."""
        span = placed.col, placed.end_col
        if span not in self._capacity:
            own = (p.cell for body in self._bodies for p in body.cells if (p.col, p.end_col) == span)
            self._capacity[span] = longest_line(own)
        return self._capacity[span]

    def last_line_share(self, placed: Placed) -> float:
        """How likely the last line of a text over the same columns is at least as long as that of a cell."""
        span = placed.col, placed.end_col
        if span not in self._last_lines:
            texts = (p.cell.text for body in self._bodies for p in body.cells if (p.col, p.end_col) == span)
            self._last_lines[span] = sorted(last_line(text) for text in texts if text)
        lengths = self._last_lines[span]
        return (len(lengths) - bisect_left(lengths, last_line(placed.cell.text))) / max(1, len(lengths))

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
