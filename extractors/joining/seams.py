"""Which cells and rows the page breaks of a table cut in two.

How the document prints the text of a cut cell (on the first page, at its top or in its middle, in the middle of the
whole, on every page) is learned from its breaks: they are judged twice, the second time with what the first showed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

from extractors.joining.bodies import Body, Placed
from extractors.joining.cutcells import MODES, Extent, Modes, fits
from extractors.joining.groups import squeeze
from extractors.joining.habits import Columns
from extractors.joining.rows import RowKeys
from extractors.joining.scales import Break, Scales
from extractors.joining.signs import Signs
from extractors.model import Doubt
from extractors.sentences import ends_sentence

#: Below these odds, either way, a careful reader is in doubt.
_SURE = 2.5
#: Below these odds two texts are in doubt that were read as two cells though the first fills its part down to the
#: break: each could stand alone, and nothing but habit tells.
_SURE_OF_TWO = 100.0
#: A text fills its part when less than this is left free below it, in lines.
_FILLED = 1.5
#: A text that a break cuts leaves no more than this free below its first part, in lines.
_ROOM = 4.0
#: Of columns with fewer empty cells than this, blanks at page breaks are parts of cells.
_HARDLY_EVER = 0.05
#: What is assumed of the modes before any break was seen, as a number of cells each.
_PRIOR = (1.0, 0.9, 0.9, 0.15, 0.3)
#: A cut cell tells as much more about the other cells of its own column.
_OWN_COLUMN = 2
#: Over so many breaks a blank cell is followed to find its text.
_AHEAD = 3

#: So many whole cells show that a column is never empty.
_ENOUGH = 12

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
    scales = Scales(columns, signs, [_shares(_PRIOR)] * n_cols)
    first = _Judge(bodies, scales, keys).judge()
    seams = _Judge(bodies, scales.with_modes(_learned(first.chains, columns, n_cols)), keys).judge()
    seams.doubts += _left_blank(bodies, seams.chains, columns)
    return seams


def _learned(chains: Sequence[Chain], columns: Columns, n_cols: int) -> list[Modes]:
    """For each column how likely it prints cut cells in each mode, from cells that are surely cut."""
    everywhere, own = list(_PRIOR), [[0.0] * MODES for _ in range(n_cols)]
    for chain in chains:
        col, whole = chain.cells[0].col, chain.extent
        if whole.text_at is None or whole.forced or (columns[col].blanks and columns[col].blank_share > _HARDLY_EVER):
            continue
        explained = [fit * prior for fit, prior in zip(fits(whole, columns.habit(col)), _PRIOR, strict=True)]
        for mode in range(MODES):
            vote = explained[mode] / (sum(explained) or 1)
            everywhere[mode] += vote
            own[col][mode] += _OWN_COLUMN * vote
    return [_shares([a + b for a, b in zip(everywhere, votes, strict=True)]) for votes in own]


def _left_blank(bodies: Sequence[Body], chains: Sequence[Chain], columns: Columns) -> Iterator[Doubt]:
    """Cells at page breaks in which nothing stands though no other cell of their column is empty."""
    chained = {id(placed): chain for chain in chains for placed in chain.cells}
    # A strip over columns that no whole cell covers together is a rest of the page, no cell.
    spans = {(placed.col, placed.end_col) for body in bodies for placed in body.cells if body.inner(placed)}
    for body in bodies:
        for placed in (*body.head.values(), *body.foot.values()):
            column, chain = columns[placed.col], chained.get(id(placed))
            first = placed if chain is None else chain.cells[0]
            said = bool(chain and chain.extent.text) or not placed.blank
            if said or placed is not first or body.inner(placed) or (placed.col, placed.end_col) not in spans:
                continue
            if column.blanks or column.cells < _ENOUGH:
                continue
            places = tuple(part.cell.provenance for part in (chain.cells if chain else [placed]))
            yield Doubt("uncertain_join", "nothing stands in a cell at the page break, and it joins no other", places)


def _shares(votes: Sequence[float]) -> Modes:
    return tuple(vote / sum(votes) for vote in votes)


class _Judge:
    """Goes through the breaks from the first to the last."""

    def __init__(self, bodies: Sequence[Body], scales: Scales, keys: RowKeys) -> None:
        self._bodies = bodies
        self._scales = scales
        self._keys = keys
        #: The cells of several parts that reach down to the foot of the piece.
        self._open: dict[Span, Chain] = {}
        self._seams = Seams()

    def judge(self) -> Seams:
        """What the breaks cut."""
        number: int | None = None
        for at in range(len(self._bodies) - 1):
            rows = self._bodies[at].n_rows
            own = self._keys.number(at, rows - 1)
            went_on = rows == 1 and at - 1 in self._seams.cut_rows
            number = own if own is not None else number if went_on else None
            self._take(at, number)
        return self._seams

    def _take(self, at: int, number: int | None) -> None:
        """Judge the break behind a piece; ``number`` is that of its last row."""
        foot, head = self._bodies[at].foot, self._bodies[at + 1].head
        cut = self._keys.cut(at, number)
        if cut.joined:
            self._seams.cut_rows.add(at)
        if cut.doubt:
            places = tuple(placed.cell.provenance for cells in (foot, head) for placed in list(cells.values())[:1])
            self._seams.doubts.append(Doubt("uncertain_join", cut.doubt, places))
        opened: dict[Span, Chain] = {}
        new: list[int] = []
        on: list[int] = []
        for span in sorted(foot):
            above, below = foot[span], head.get(span)
            chain = self._open.get(span) if above.row == 0 else None
            if below is None or not (cut.joined or self._joined(at, chain, above, below, new, on)):
                new += range(*span)
                continue
            on += range(*span)
            if chain is None:
                chain = Chain([above], [at], self._scales.extent(above))
                self._seams.chains.append(chain)
            self._add(chain, at + 1, below, cut.joined)
            if self._runs_on(at + 1, below):
                opened[span] = chain
        self._open = opened

    def _add(self, chain: Chain, piece: int, placed: Placed, forced: bool) -> None:
        """One more part of a cell; ``forced``: because a row is cut, whatever its texts look like."""
        texts, before, above = max(1, chain.extent.texts), chain.extent, chain.cells[-1]
        chain.cells.append(placed)
        chain.pieces.append(piece)
        chain.extent = self._scales.extend(chain.extent, placed)
        if forced and chain.extent.texts > texts:
            if before.below > _ROOM * before.line > 0 and placed.end_row > 1:
                said, places = squeeze(placed.cell.text)[:30], (above.cell.provenance, placed.cell.provenance)
                detail = f"{said} was read as the rest of the cell above, though there was room for it before the break"
                self._seams.doubts.append(Doubt("uncertain_join", detail, places))
            chain.extent.forced = chain.extent.texts
            chain.extent.loose = chain.extent.recentred = 0

    def _joined(
        self, at: int, chain: Chain | None, above: Placed, below: Placed, new: Sequence[int], on: Sequence[int]
    ) -> bool:
        """Whether a cell goes on behind the break; what hangs in the balance is noted."""
        if self._are_two_texts(at, above, below):
            return False
        before, after = chain.extent if chain else self._scales.extent(above), self._scales.extent(below)
        runs_on = self._runs_on(at + 1, below)
        later = self._later(at + 1, below) if runs_on and below.blank else 0.0
        one, two = self._scales.weigh(Break(before, after, above, below, new, on, runs_on, later))
        sure = _SURE_OF_TWO if two > one and self._could_be_halves(above, below, before) else _SURE
        if one > 0 and before.last_text != after.text and abs(log(one / two)) < log(sure):
            said, reading = (before.text or after.text)[:30], "one cell" if one > two else "two cells"
            detail = f"the cells at both sides of the page break, of which one says {said}, were read as {reading}"
            self._seams.doubts.append(Doubt("uncertain_join", detail, (above.cell.provenance, below.cell.provenance)))
        return one > two

    def _are_two_texts(self, at: int, above: Placed, below: Placed) -> bool:
        """Whether a sentence ends before the break and behind it another numbered row begins with a text of its own."""
        if above.blank or below.blank:
            return False
        numbers = self._keys.number(at, self._bodies[at].n_rows - 1), self._keys.number(at + 1, 0)
        own = above.row == self._bodies[at].n_rows - 1 and below.row == 0
        apart = (
            None not in numbers and numbers[0] != numbers[1] and squeeze(above.cell.text) != squeeze(below.cell.text)
        )
        return own and apart and ends_sentence(above.cell.text)

    def _could_be_halves(self, above: Placed, below: Placed, before: Extent) -> bool:
        """Whether two texts could be a list that the break cuts: no number begins the second, no sentence ends."""
        if above.blank or below.blank or above.col == self._keys.column or above.col in self._keys.sentences:
            return False
        return before.line > 0 and before.below < _FILLED * before.line

    def _runs_on(self, at: int, placed: Placed) -> bool:
        """Whether a cell reaches down to the next page break."""
        body = self._bodies[at]
        return placed.end_row == body.n_rows and not body.last

    def _later(self, at: int, placed: Placed) -> float:
        """How likely it is that the text of a blank cell comes behind a later break, against its being none of it."""
        blank, span = self._scales.extent(placed), (placed.col, placed.end_col)
        for ahead in range(at, at + _AHEAD):
            below = self._bodies[ahead + 1].head.get(span) if self._runs_on(ahead, placed) else None
            if below is None:
                return 0.0
            if not below.blank:
                return self._scales.belongs(blank, below, self._runs_on(ahead + 1, below))
            blank, placed = self._scales.extend(blank, below), below
        return 0.0
