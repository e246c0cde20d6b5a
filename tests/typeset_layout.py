"""Lays a grid of cells out on pages: lines, heights of rows, page breaks, and where each line of each cell stands.

Lengths are points from the top left of the page; pages count from 0 here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from typeset_table import Grid, GridCell

#: Where the text of a merged cell stands that a page break cuts: in its first part, in each, in the middle of all.
Merge = Literal["first", "every", "centred"]
_NO_START = "，。；：、！？）》”"
_NO_END = "（《“"


@dataclass(frozen=True)
class Measures:
    """What the layout has to know of page and type; `lefts` are the columns' edges, one more than columns."""

    top: float
    bottom: float
    lefts: tuple[float, ...]
    leading: float
    padding: float
    width: Callable[[str], float]
    merge: Merge = "first"
    break_rows: bool = True
    #: Height of the heading of the first page and of later pages, 0 where it is not printed.
    heading: float = 0
    repeated: float = 0


@dataclass(frozen=True)
class Part:
    """The part of a row on one page, and which lines of the row's own cells stand in it."""

    page: int
    row: int
    top: float
    bottom: float
    first: int = 0
    last: int | None = None


@dataclass(frozen=True)
class Placed:
    """The part of a cell on one page with the lines in it; the first line's top is `text_top`."""

    cell: GridCell
    page: int
    top: float
    bottom: float
    lines: tuple[str, ...]
    text_top: float


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Lines no wider than the width; no closing sign begins a line, no opening one ends it."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and measure(line + char) > width:
                keep = 1 if len(line) > 1 and (char in _NO_START or line[-1] in _NO_END) else 0
                lines.append(line[: len(line) - keep])
                line = line[len(line) - keep :]
            line += char
        if line:
            lines.append(line)
    return lines


class Layout:
    """The pages of one table: its rows in parts, and its cells with their lines."""

    def __init__(self, table: Grid, measures: Measures) -> None:
        self.table, self.measures = table, measures
        lefts = measures.lefts
        self._lines = {
            cell: wrap(
                cell.text, lefts[cell.col + cell.col_span] - lefts[cell.col] - 2 * measures.padding, measures.width
            )
            for cell in table.cells
        }
        self._heights = self._row_heights()
        self._breaks: set[int] = set()
        self.parts = self._paginate()
        while measures.merge == "every" and self._make_room():
            self.parts = self._paginate()

    def pages_of(self, row: int) -> tuple[int, int]:
        """The first and the last page on which the row stands."""
        pages = [part.page for part in self.parts if part.row == row]
        return pages[0], pages[-1]

    def placed(self) -> list[Placed]:
        """Every part of every cell, with its lines."""
        return [placed for cell in self.table.cells for placed in self._place(cell)]

    def need(self, cell: GridCell) -> float:
        """The height that the cell's lines and padding take."""
        return len(self._lines[cell]) * self.measures.leading + 2 * self.measures.padding

    def _row_heights(self) -> list[float]:
        heights = [self.measures.leading + 2 * self.measures.padding] * self.table.n_rows
        for cell in sorted(self.table.cells, key=lambda c: c.row_span):
            rows = slice(cell.row, cell.row + cell.row_span)
            heights[rows.stop - 1] += max(0.0, self.need(cell) - sum(heights[rows]))
        return heights

    def _paginate(self) -> list[Part]:
        m = self.measures
        parts: list[Part] = []
        page, y = 0, m.top + m.heading
        for row in range(self.table.n_rows):
            height, first = self._heights[row], 0
            keep = self._heights[row + 1] if self._keep_with_next(row) else 0
            if parts and parts[-1].page == page and (row in self._breaks or (keep and y + height + keep > m.bottom)):
                page, y = page + 1, m.top + m.repeated
            while y + height > m.bottom + 0.01:
                fit = int((m.bottom - y - 2 * m.padding) / m.leading)
                rest = self._own_lines(row) - first - fit
                at_top = not parts or parts[-1].page != page
                if fit >= 2 and rest >= 1 and (m.break_rows or at_top):
                    parts.append(Part(page, row, y, m.bottom, first, first + fit))
                    height = max(height - (m.bottom - y), rest * m.leading + 2 * m.padding)
                    first += fit
                elif at_top:
                    raise ValueError(f"row {row} is taller than a page")
                page, y = page + 1, m.top + m.repeated
            parts.append(Part(page, row, y, y + height, first))
            y += height
        return parts

    def _own_lines(self, row: int) -> int:
        return max(len(self._lines[cell]) for cell in self.table.cells if cell.row == row and cell.row_span == 1)

    def _keep_with_next(self, row: int) -> bool:
        """Whether a blank label ends here: at a page's foot it could be taken for the head of the next label."""
        return row + 1 < self.table.n_rows and any(
            not cell.text and cell.row + cell.row_span == row + 1 for cell in self.table.cells
        )

    def _make_room(self) -> bool:
        """One step towards a layout in which each part of a merged cell has room for the whole text."""
        for cell in self.table.cells:
            for place, (_, top, bottom, last_row) in enumerate(self._segments(cell)):
                short = self.need(cell) - (bottom - top)
                if cell.row_span == 1 or not cell.text or short <= 0.01:
                    continue
                if place == 0 and cell.row not in self._breaks:
                    self._breaks.add(cell.row)
                else:
                    self._heights[last_row] += short + 0.5
                return True
        return False

    def _segments(self, cell: GridCell) -> list[tuple[int, float, float, int]]:
        """The cell's parts: page, top, bottom, last row."""
        segments: list[tuple[int, float, float, int]] = []
        for part in self.parts:
            if cell.row <= part.row < cell.row + cell.row_span:
                top = part.top
                if segments and segments[-1][0] == part.page:
                    top = segments.pop()[1]
                segments.append((part.page, top, part.bottom, part.row))
        return segments

    def _place(self, cell: GridCell) -> list[Placed]:
        segments = self._segments(cell)
        lines = self._lines[cell]
        if cell.row_span == 1:
            own = [part for part in self.parts if part.row == cell.row]
            shares = [lines[part.first : part.last] for part in own]
        elif self.measures.merge == "every":
            shares = [lines] * len(segments)
        else:
            shares = self._share(segments, lines)
        placed = []
        for (page, top, bottom, _), share in zip(segments, shares, strict=True):
            middle = (top + bottom) / 2
            if self.measures.merge == "centred" and cell.row_span > 1:
                middle = self._middle(segments, page)
            half = len(share) * self.measures.leading / 2
            low, high = top + self.measures.padding + half, bottom - self.measures.padding - half
            placed.append(Placed(cell, page, top, bottom, tuple(share), min(max(middle, low), high) - half))
        return placed

    def _share(self, segments: list[tuple[int, float, float, int]], lines: list[str]) -> list[list[str]]:
        """Which lines stand in which part: from the first part on, or around the middle of the whole span."""
        m = self.measures
        room = [max(0, int((bottom - top - 2 * m.padding + 0.01) / m.leading)) for _, top, bottom, _ in segments]
        begin = 0
        if m.merge == "centred":
            begin = next(i for i, (page, *_) in enumerate(segments) if self._middle(segments, page) <= segments[i][2])
            while begin and sum(room[begin:]) < len(lines):
                begin -= 1
        shares: list[list[str]] = [[] for _ in segments]
        for i in range(begin, len(segments)):
            shares[i], lines = lines[: room[i]], lines[room[i] :]
        shares[-1] += lines
        return shares

    @staticmethod
    def _middle(segments: list[tuple[int, float, float, int]], page: int) -> float:
        """The middle of the whole span, as seen from a page."""
        before = sum(bottom - top for p, top, bottom, _ in segments if p < page)
        top = next(top for p, top, _, _ in segments if p == page)
        return top + sum(bottom - top for _, top, bottom, _ in segments) / 2 - before
