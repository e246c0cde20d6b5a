"""Weighs at a page break whether two cells are parts of one.

Both readings are weighed by what the whole cells of the table show: how often cells of the column are merged and how
often they are empty, whether merged cells end where those at their left end, where texts stand in their cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.joining.bodies import Placed
from extractors.joining.cutcells import REPEAT, Extent, Modes, extend, extent, fits
from extractors.joining.habits import Columns
from extractors.joining.signs import Signs

#: No signs make one text out of two where it is less likely than this.
_STRONGEST_SIGNS = 1e6


@dataclass(frozen=True, slots=True)
class Break:
    """A cell at the foot of a page and the one below it at the head of the next.

    ``before`` is the first with its parts on earlier pages. ``new`` are the columns in which a new cell begins behind
    the break, ``on`` those in which the cell before it goes on. ``runs_on``: the second reaches down to the next break.
    ``later``: how likely it is that its text comes behind that, against that text's being none of it.
    """

    before: Extent
    after: Extent
    above: Placed
    below: Placed
    new: Sequence[int]
    on: Sequence[int] = ()
    runs_on: bool = False
    later: float = 0.0

    @property
    def ends_page(self) -> bool:
        """Whether a page ends between the cells, not only a piece of the table."""
        return self.above.cell.provenance.page != self.below.cell.provenance.page


class Scales:
    """How likely what is seen at a break is; ``modes``: for each column how likely it prints cut cells in each mode."""

    def __init__(self, columns: Columns, signs: Signs, modes: Sequence[Modes]) -> None:
        self._columns = columns
        self._signs = signs
        self._modes = modes
        self._extents: dict[int, Extent] = {}

    def with_modes(self, modes: Sequence[Modes]) -> Scales:
        """The same with what was learned about the modes."""
        scales = Scales(self._columns, self._signs, modes)
        scales._extents = self._extents
        return scales

    def extent(self, placed: Placed) -> Extent:
        """A single part of a cell."""
        if id(placed) not in self._extents:
            self._extents[id(placed)] = extent(placed, self._columns.line)
        return self._extents[id(placed)]

    def extend(self, before: Extent, placed: Placed) -> Extent:
        """A cell with one more part."""
        return extend(before, self.extent(placed))

    def weigh(self, seen: Break) -> tuple[float, float]:
        """How likely what is seen is, if it is one cell and if it is two."""
        col, before, after = seen.below.col, seen.before, seen.after
        merged = self._merged(col, seen.new)
        alone = self._begins(col, merged, seen.on)
        if before.text and before.last_text == after.text:
            repeats = merged * self._modes[col][REPEAT] if self._columns[col].merges else 0.0
            return repeats, alone * self._columns.equal_share(col)
        if before.text and after.text and not seen.ends_page:
            return 0.0, 1.0
        one = merged * self._likely(self.extend(before, seen.below), col, seen.runs_on)
        empty = self._empty(seen.below) + seen.later
        if before.text and after.text:
            two = alone * self._likely(before, col, foot=True) * self._likely(after, col, seen.runs_on)
            signs = self._signs.one_text(seen.above, seen.below) if one * _STRONGEST_SIGNS > two else 1.0
            return one * signs, two
        if before.text:
            return one, alone * self._likely(before, col, foot=True) * empty
        if after.text:
            return one, alone * self._empty(seen.above) * self._likely(after, col, seen.runs_on)
        return merged * empty, alone * self._empty(seen.above) * empty

    def belongs(self, blank: Extent, placed: Placed, runs_on: bool) -> float:
        """How likely it is that a text belongs to the blank parts before it, against its standing alone."""
        col = placed.col
        merged = self._columns[col].merge_share
        one = merged * self._likely(self.extend(blank, placed), col, runs_on)
        return one / ((1 - merged) * self._likely(self.extent(placed), col, runs_on))

    def _merged(self, col: int, new: Sequence[int]) -> float:
        """How likely a cell goes on where new cells begin in other columns."""
        nested = (self._columns.merge_share_where_new(outer, col) for outer in new if outer < col)
        return min((self._columns[col].merge_share, *nested))

    def _begins(self, col: int, merged: float, on: Sequence[int]) -> float:
        """How likely a new cell begins where cells of other columns go on: never where both always begin together."""
        nested = (self._columns.begin_share_where_on(outer, col) for outer in on if outer < col)
        return min((1 - merged, *nested))

    def _empty(self, placed: Placed) -> float:
        """How likely a cell of the column is empty and as high as this one."""
        column = self._columns[placed.col]
        tall = placed.end_row - placed.row > 1
        return column.blank_share * (column.tall_share if tall else 1.0)

    def _likely(self, whole: Extent, col: int, runs_on: bool = False, foot: bool = False) -> float:
        """How likely the text of a cell stands where it stands."""
        explained = fits(whole, self._columns.habit(col), runs_on, foot)
        return sum(mode * fit for mode, fit in zip(self._modes[col], explained, strict=True))
