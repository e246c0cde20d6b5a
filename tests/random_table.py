"""Random tables with spans, as somebody would set them: cells that tile a grid, each with lines of text and a place.

Lengths are points from the top left of an upright page. Nothing here knows how a table is read.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

SONG, HELVETICA = "STSong-Light", "Helvetica"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))

Across = Literal["left", "centre", "right"]
Down = Literal["top", "middle", "bottom"]
Slot = tuple[int, int, int, int]
_DOWN: tuple[Down, ...] = ("top", "middle", "bottom")

_HAN = "区政府工作报告主要目标任务责任分解表牵头单位分管领导一二三十年月日推进建设完成亿元以上（），。、；：《》“”％"
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789.,%-+/()"


@dataclass(frozen=True)
class DrawnCell:
    """One cell: its place in the grid, its lines (none: an empty cell), and where they stand in it."""

    row: int
    col: int
    row_span: int
    col_span: int
    lines: tuple[str, ...]
    font: str
    across: Across
    down: Down

    @property
    def slot(self) -> Slot:
        return self.row, self.col, self.row_span, self.col_span

    @property
    def text(self) -> str:
        """What the cell says, without white space."""
        return "".join("".join(self.lines).split())


@dataclass(frozen=True)
class DrawnTable:
    """A table on an upright page: ``xs`` and ``ys`` are its grid lines, one more than columns and rows."""

    cells: tuple[DrawnCell, ...]
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    size: float
    leading: float
    padding: float

    @property
    def n_rows(self) -> int:
        return len(self.ys) - 1

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1

    def box(self, cell: DrawnCell) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell."""
        right, bottom = self.xs[cell.col + cell.col_span], self.ys[cell.row + cell.row_span]
        return self.xs[cell.col], self.ys[cell.row], right, bottom


@dataclass(frozen=True)
class Shape:
    """What a random table is like; the seed settles the rest."""

    n_rows: int
    n_cols: int
    merged: float
    empty: float
    most_lines: int
    size: float
    spacing: float
    #: Where texts stand in their cells; None: in each cell elsewhere.
    down: Down | None
    seed: int


shapes = st.builds(
    Shape,
    n_rows=st.integers(2, 14),
    n_cols=st.integers(2, 8),
    merged=st.sampled_from([0.0, 0.15, 0.4]),
    empty=st.sampled_from([0.0, 0.15, 0.5]),
    most_lines=st.integers(1, 4),
    size=st.sampled_from([6.0, 8.0, 9.0, 10.5, 12.0, 14.0]),
    spacing=st.sampled_from([1.15, 1.35, 1.6]),
    down=st.sampled_from(["middle", "middle", "top", "bottom", None]),
    seed=st.integers(0, 2**32 - 1),
)


def make_table(shape: Shape, left: float = 40, top: float = 50) -> DrawnTable:
    """The table of a shape; its top left corner stands at (left, top)."""
    rng = random.Random(shape.seed)
    slots = _compact(_tiling(shape, rng))
    empty = {slot for slot in slots if rng.random() < shape.empty} if shape.empty else set()
    if len(slots) - len(empty) < 3:
        empty = set()
    return _laid_out([_cell(slot, slot in empty, shape, rng) for slot in slots], shape, rng, left, top)


def numbered_table(shape: Shape, left: float = 40, top: float = 50) -> DrawnTable:
    """A table with a heading row and a number in each row, no cell empty and each text its own: it may be cut."""
    rng = random.Random(shape.seed)
    slots = _compact(_tiling(shape, rng))
    n_rows, n_cols = max(s[0] + s[2] for s in slots), max(s[1] + s[3] for s in slots)
    cells = [DrawnCell(0, col, 1, 1, (f"第{_sign(col)}栏",), SONG, "centre", "middle") for col in range(n_cols + 1)]
    for row in range(n_rows):
        cells.append(DrawnCell(row + 1, 0, 1, 1, (f"({row + 1})", f"{_word(rng)}。"), SONG, "left", "middle"))
    for number, (row, col, row_span, col_span) in enumerate(slots):
        lines = (f"{_sign(number)}{_word(rng)}", *(_word(rng) for _ in range(rng.randrange(shape.most_lines))))
        cells.append(DrawnCell(row + 1, col + 1, row_span, col_span, lines, SONG, "centre", "middle"))
    return _laid_out(cells, shape, rng, left, top)


def cut(table: DrawnTable, breaks: Iterable[int], repeat_heading: bool) -> list[DrawnTable]:
    """The table on pages: each begins with one of these rows; a cell that is cut says its text on each of its pages."""
    pages = []
    for first, end in pairwise([1, *sorted(breaks), table.n_rows]):
        shown = [cell for cell in table.cells if cell.row == 0] if first == 1 or repeat_heading else []
        offset = first - 1 if shown else first
        heights = [table.ys[1] - table.ys[0]] if shown else []
        heights += [low - high for high, low in pairwise(table.ys[first : end + 1])]
        for cell in table.cells:
            row, last = max(cell.row, first), min(cell.row + cell.row_span, end)
            if row < last:
                shown.append(replace(cell, row=row - offset, row_span=last - row))
                need = len(cell.lines) * table.leading + 2 * table.padding
                _make_room(heights, row - offset, last - row, need)
        pages.append(_visible(replace(table, cells=tuple(shown), ys=_edges(table.ys[0], heights))))
    return pages


def _visible(table: DrawnTable) -> DrawnTable:
    """The same without vertical grid lines that no cell on this page shows."""
    starts = sorted({cell.col for cell in table.cells})
    cells = []
    for cell in table.cells:
        span = sum(cell.col <= start < cell.col + cell.col_span for start in starts)
        cells.append(replace(cell, col=starts.index(cell.col), col_span=span))
    return replace(table, cells=tuple(cells), xs=(*(table.xs[start] for start in starts), table.xs[-1]))


def _laid_out(cells: Sequence[DrawnCell], shape: Shape, rng: random.Random, left: float, top: float) -> DrawnTable:
    """Columns wide and rows high enough for what stands in them."""
    padding = rng.uniform(2, 5)
    leading = shape.size * shape.spacing
    slots = [cell.slot for cell in cells]
    n_rows, n_cols = max(s[0] + s[2] for s in slots), max(s[1] + s[3] for s in slots)
    widths = [rng.uniform(18, 60) for _ in range(n_cols)]
    heights = [rng.uniform(max(9.0, shape.size), 2.5 * shape.size) for _ in range(n_rows)]
    for cell in cells:
        need = max((width_of(line, cell.font, shape.size) for line in cell.lines), default=0) + 2 * padding
        _make_room(widths, cell.col, cell.col_span, need)
        _make_room(heights, cell.row, cell.row_span, len(cell.lines) * leading + 2 * padding if cell.lines else 0)
    return DrawnTable(tuple(cells), _edges(left, widths), _edges(top, heights), shape.size, leading, padding)


def width_of(text: str, font: str, size: float) -> float:
    """How wide a text is set."""
    return float(pdfmetrics.stringWidth(text, font, size))


def _tiling(shape: Shape, rng: random.Random) -> list[Slot]:
    """Rectangles that tile the grid, row by row."""
    taken: set[tuple[int, int]] = set()
    slots = []
    for row in range(shape.n_rows):
        for col in range(shape.n_cols):
            if (row, col) in taken:
                continue
            row_span = col_span = 1
            if rng.random() < shape.merged:
                row_span = min(rng.choice([1, 2, 2, 3, 5]), shape.n_rows - row)
                wide = min(rng.choice([1, 1, 2, 3]), shape.n_cols - col)
                while col_span < wide and (row, col + col_span) not in taken:
                    col_span += 1
            slots.append((row, col, row_span, col_span))
            taken |= {(r, c) for r in range(row, row + row_span) for c in range(col, col + col_span)}
    # One cell alone is no table but a box.
    return slots if len(slots) > 1 else [(0, col, 1, 1) for col in range(shape.n_cols)]


def _compact(slots: Sequence[Slot]) -> list[Slot]:
    """The same without grid lines at which no cell begins: nobody could see them."""
    rows = {old: new for new, old in enumerate(sorted({slot[0] for slot in slots}))}
    cols = {old: new for new, old in enumerate(sorted({slot[1] for slot in slots}))}
    return [
        (
            rows[row],
            cols[col],
            sum(row <= other < row + row_span for other in rows),
            sum(col <= other < col + col_span for other in cols),
        )
        for row, col, row_span, col_span in slots
    ]


def _cell(slot: Slot, empty: bool, shape: Shape, rng: random.Random) -> DrawnCell:
    font = rng.choice([SONG, SONG, HELVETICA])
    # Three lines in each cell of a table with few rows could as well be three rows without rules between them.
    count = 0 if empty else rng.randint(1, shape.most_lines if shape.n_rows > 3 else min(shape.most_lines, 2))
    lines = tuple(_line(font, rng) for _ in range(count))
    down = rng.choice(_DOWN) if shape.down is None else shape.down
    return DrawnCell(*slot, lines, font, rng.choice(["left", "centre", "right"]), down)


def _line(font: str, rng: random.Random) -> str:
    words = []
    for _ in range(rng.randint(1, 2)):
        pool = rng.choice([_HAN, _HAN, _LATIN, _DIGITS] if font == SONG else [_LATIN, _LATIN, _DIGITS])
        words.append("".join(rng.choices(pool, k=rng.randint(1, 5))))
    return rng.choice(["", " "]).join(words)


def _sign(number: int) -> str:
    """One of the 3,755 most usual ideographs (the first level of GB 2312)."""
    return bytes((0xB0 + number // 94, 0xA1 + number % 94)).decode("gb2312")


def _word(rng: random.Random) -> str:
    return "".join(rng.choices("春夏秋冬东西南北山水", k=rng.randint(2, 5)))


def _make_room(lengths: list[float], first: int, count: int, need: float) -> None:
    """Widen columns (or rows) together until what stands in them has room."""
    short = need - sum(lengths[first : first + count])
    for index in range(first, first + count):
        lengths[index] += max(short, 0) / count


def _edges(start: float, lengths: Iterable[float]) -> tuple[float, ...]:
    edges = [start]
    for length in lengths:
        edges.append(edges[-1] + length)
    return tuple(edges)
