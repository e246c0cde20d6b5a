"""Which cells a page break cuts in two.

At every break each cell at the foot of the page may go on in the cell below it at the head of the next page. Both
readings are weighed by what the whole cells of the table show: how often cells of the column are merged and how often
they are empty, whether merged cells end where those at their left end, where texts stand in their cells. How the
document prints the text of a cut cell (on the first page, at its top or in its middle, in the middle of the whole, on
every page) is learned from its breaks: they are judged twice, the second time with what the first time showed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from extractors.joining.bodies import Body, Placed
from extractors.joining.cutcells import MODES, Extent, Modes, extend, extent, fits
from extractors.joining.habits import Columns, Habit
from extractors.joining.rows import RowKeys
from extractors.joining.signs import Signs
from extractors.model import Doubt

#: Below these odds, either way, a careful reader is in doubt.
_SURE = 2.5
#: Of columns with fewer empty cells than this, blanks at page breaks are parts of cells.
_HARDLY_EVER = 0.05
#: What is assumed of the modes before any break was seen, as a number of breaks each.
_PRIOR = (1.0, 0.9, 0.9, 0.15, 0.3)
#: Over so many breaks a blank cell is followed to find its text.
_AHEAD = 3

#: The columns that a cell covers.
Span = tuple[int, int]


@dataclass(slots=True)
class Chain:
    """The parts of one cell, page by page, and what they look like together."""

    cells: list[Placed]
    pieces: list[int]
    extent: Extent


@dataclass(slots=True)
class Seams:
    """What page breaks cut: ``chains`` of two parts and more, ``cut_rows``: the pieces whose last row goes on."""

    chains: list[Chain] = field(default_factory=list)
    cut_rows: set[int] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)


def find_seams(bodies: Sequence[Body], signs: Signs, n_cols: int) -> Seams:
    """What the page breaks cut."""
    columns, keys = Columns(bodies, n_cols), RowKeys(bodies, n_cols)
    first = _Judge(bodies, columns, keys, signs, _PRIOR).judge()
    votes = list(_PRIOR)
    for chain in first.chains:
        if (
            columns[chain.cells[0].col].blank_share < _HARDLY_EVER
            and chain.extent.text_at is not None
            and not chain.extent.forced
        ):
            shares = fits(chain.extent, columns.habit(chain.cells[0].col))
            weighed = [share * prior for share, prior in zip(shares, _PRIOR, strict=True)]
            for mode in range(MODES):
                votes[mode] += weighed[mode] / (sum(weighed) or 1)
    return _Judge(bodies, columns, keys, signs, votes).judge()


class _Judge:
    """Goes through the breaks from the first to the last."""

    def __init__(
        self, bodies: Sequence[Body], columns: Columns, keys: RowKeys, signs: Signs, votes: Sequence[float]
    ) -> None:
        self._bodies = bodies
        self._columns = columns
        self._keys = keys
        self._signs = signs
        self._modes: Modes = tuple(vote / sum(votes) for vote in votes)
        self._open: dict[Span, Chain] = {}
        self._seams = Seams()

    def judge(self) -> Seams:
        number: int | None = None
        for at in range(len(self._bodies) - 1):
            foot = self._bodies[at]
            own = self._keys.number(at, foot.n_rows - 1)
            went_on = foot.n_rows == 1 and at - 1 in self._seams.cut_rows
            number = own if own is not None else number if went_on else None
            self._take(at, number)
        return self._seams

    def _take(self, at: int, number: int | None) -> None:
        """Judge the break behind a piece."""
        foot, head = self._bodies[at], self._bodies[at + 1]
        cut = self._keys.cut(at, number)
        if cut.joined:
            self._seams.cut_rows.add(at)
        if cut.doubt:
            places = tuple(p.cell.provenance for cells in (foot.foot, head.head) for p in list(cells.values())[:1])
            self._seams.doubts.append(Doubt("uncertain_join", cut.doubt, places))
        opened: dict[Span, Chain] = {}
        new: list[int] = []
        for span, above in sorted(foot.foot.items()):
            below = head.head.get(span)
            if below is None:
                new += range(*span)
                continue
            chain = self._open.get(span) if above.row == 0 else None
            before = chain.extent if chain else extent(above, self._columns.line)
            runs_on = self._runs_on(at + 1, below)
            later = self._later(at + 1, span, below) if runs_on and not cut.joined else 0.0
            if not (cut.joined or self._joined(before, above, below, new, runs_on, later)):
                new += range(*span)
                continue
            if chain is None:
                chain = Chain([above], [at], before)
                self._seams.chains.append(chain)
            chain.cells.append(below)
            chain.pieces.append(at + 1)
            chain.extent = extend(before, below, self._columns.line)
            if cut.joined and chain.extent.texts > max(1, before.texts):
                chain.extent.forced, chain.extent.loose = chain.extent.texts, 0
            if runs_on:
                opened[span] = chain
        self._open = opened

    def _runs_on(self, at: int, placed: Placed) -> bool:
        """Whether a cell reaches down to the next page break."""
        body = self._bodies[at]
        return placed.end_row == body.n_rows and not body.last

    def _later(self, at: int, span: Span, placed: Placed) -> float:
        """How likely it is that the text of a blank cell comes behind a later break, against its being none of it."""
        if not placed.blank:
            return 0.0
        whole = extent(placed, self._columns.line)
        merged = self._columns[span[0]].merge_share
        habit = self._columns.habit(span[0])
        for ahead in range(at, at + _AHEAD):
            below = self._bodies[ahead + 1].head.get(span) if self._runs_on(ahead, placed) else None
            if below is None:
                return 0.0
            whole = extend(whole, below, self._columns.line)
            if not below.blank:
                runs_on = self._runs_on(ahead + 1, below)
                alone = (1 - merged) * self._likely(extent(below, self._columns.line), habit, runs_on)
                return merged * self._likely(whole, habit, runs_on) / alone
            placed = below
        return 0.0

    def _joined(
        self, before: Extent, above: Placed, below: Placed, new: list[int], runs_on: bool, later: float
    ) -> bool:
        """Whether a cell goes on behind the break; what hangs in the balance is noted."""
        after = extent(below, self._columns.line)
        for_one, for_two = self._weights(before, after, above, below, new, runs_on, later)
        odds = for_one / for_two
        matters = before.last_text != after.text and for_one > 0
        if matters and abs(log(odds)) < log(_SURE):
            self._doubt(before, after, above, below, odds > 1)
        return odds > 1

    def _weights(
        self, before: Extent, after: Extent, above: Placed, below: Placed, new: list[int], runs_on: bool, later: float
    ) -> tuple[float, float]:
        """How likely what is seen at a break is, if it is one cell and if it is two."""
        column = self._columns[below.col]
        habit = self._columns.habit(below.col)
        merged = min(
            [column.merge_share, *(self._columns.merge_share_where_new(a, below.col) for a in new if a < below.col)]
        )
        alone = 1 - merged
        if before.text and before.last_text == after.text:
            seen = column.merges
            return (merged * self._modes[-1] if seen else 0.0), alone * self._columns.equal_share(below.col)
        one = merged * self._likely(extend(before, below, self._columns.line), habit, runs_on)
        if before.text and after.text:
            if not self._broken(above, below):
                return 0.0, 1.0
            one = one * self._signs.one_text(above, below)
            return one, alone * self._likely(before, habit, foot=True) * self._likely(after, habit, runs_on)
        if before.text:
            return one, alone * self._likely(before, habit, foot=True) * (self._empty(below) + later)
        if after.text:
            return one, alone * self._empty(above) * self._likely(after, habit, runs_on)
        return merged * (self._empty(below) + later), alone * self._empty(above) * (self._empty(below) + later)

    @staticmethod
    def _broken(above: Placed, below: Placed) -> bool:
        """Whether a page ends between two cells, not only a piece of the table."""
        return above.cell.provenance.page != below.cell.provenance.page

    def _empty(self, placed: Placed) -> float:
        """How likely a cell of the column is empty and as high as this one."""
        column = self._columns[placed.col]
        tall = placed.end_row - placed.row > 1
        return column.blank_share * (column.tall_share if tall else 1.0)

    def _likely(self, whole: Extent, habit: Habit, runs_on: bool = False, foot: bool = False) -> float:
        return sum(w * fit for w, fit in zip(self._modes, fits(whole, habit, runs_on, foot), strict=True))

    def _doubt(self, before: Extent, after: Extent, above: Placed, below: Placed, joined: bool) -> None:
        said = (before.text or after.text)[:30]
        reading = "one cell" if joined else "two cells"
        detail = f"the cells at both sides of the page break, of which one says {said}, were read as {reading}"
        self._seams.doubts.append(Doubt("uncertain_join", detail, (above.cell.provenance, below.cell.provenance)))
