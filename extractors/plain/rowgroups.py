"""Printed lines to rows, where nothing but a number says that a row begins: the lines up to the next are its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.textlines import Line

#: Numbers with which rows begin: (12), 12. or 12、, and the number alone.
_STYLES = (
    re.compile(r"[（(]\s*(\d{1,4})\s*[)）]"),
    re.compile(r"(\d{1,4})\s*(?:[、．]|\.(?!\d))"),
    re.compile(r"(\d{1,4})$"),
)
#: Numbers in a column that go up by no more than this are those of rows.
_MAX_STEP = 3
_FEWEST = 2


@dataclass(slots=True)
class Printed:
    """One line of a table: what stands in each column. ``full`` are columns in which nothing more had room.

    ``unsure`` are texts that reach over the column's edge.
    """

    number: int
    page: int
    parts: Mapping[int, str]
    after_blank: bool = False
    full: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()


@dataclass(slots=True)
class Groups:
    """The rows, and the numbers of the first lines of those about which something is in doubt, with what."""

    rows: list[Line] = field(default_factory=list)
    unsure: dict[int, str] = field(default_factory=dict)


def find_starts(lines: Sequence[Printed], n_cols: int) -> tuple[list[int], int]:
    """The lines in which rows begin, and the column that numbers them; no lines: nothing numbers them.

    Numbers in brackets or with a dot go before numbers alone, which may count categories.
    """
    best: tuple[list[int], int] = ([], 0)
    for style in _STYLES:
        for col in range(n_cols):
            starts, last = [], None
            found = [(at, int(m[1])) for at, line in enumerate(lines) if (m := style.match(line.parts.get(col, "")))]
            for at, number in found:
                if last is None or last < number <= last + _MAX_STEP:
                    starts.append(at)
                    last = number
            if len(starts) >= _FEWEST and len(starts) * 2 >= len(found) and len(starts) > len(best[0]):
                best = (starts, col)
        if best[0]:
            return best
    return best


def group(lines: Sequence[Printed], n_cols: int, starts: Sequence[int], key: int) -> Groups:
    """The lines as rows; what stands before the first start is a row of its own."""
    grouping = _Grouping(lines, n_cols, key, _merged_columns(lines, n_cols, starts, key))
    begins = set(starts)
    for at, line in enumerate(lines):
        if at in begins or not grouping.cells:
            parts = grouping.begin(at)
        else:
            parts = dict(line.parts)
            grouping.note_low(parts)
        grouping.fill(line, parts)
    grouping.close()
    found = grouping.found
    if grouping.low >= _FEWEST:  # cells are centred: where those of the other rows begin is not known, either
        for row in found.rows:
            found.unsure.setdefault(
                row.first, "texts stand in the middle of merged cells: how far they reach is not known"
            )
    return found


@dataclass(slots=True)
class _Grouping:
    """Rows in the making: ``cells`` are theirs, ``began`` says in which of them the last text of a column began.

    ``merged`` are the columns whose cells may go on over several rows; ``low`` counts texts below the first line.
    """

    lines: Sequence[Printed]
    n_cols: int
    key: int
    merged: frozenset[int]
    found: Groups = field(default_factory=Groups)
    cells: list[list[list[str]]] = field(default_factory=list)
    began: dict[int, int] = field(default_factory=dict)
    low: int = 0

    def begin(self, at: int) -> dict[int, str]:
        """Begin a row at a line; its texts but for those that go on with the row above."""
        line, rows, unsure = self.lines[at], self.found.rows, self.found.unsure
        carried = _carried(self.lines[at - 1], line, self.key) if self.cells and not line.after_blank else {}
        for col, text in carried.items():
            self.cells[self.began[col]][col].append(text)
            detail = "it was read as the rest of the label above, whose line is full"
            unsure[rows[self.began[col]].first] = f"{text[:20]} stands in the first line of a row; {detail}"
        for col in self._level(at) - set(carried):
            detail = (
                f"{line.parts[col][:20]} stands right below {self.lines[at - 1].parts[col][:20]}, where a row begins:"
            )
            detail += " it may be the rest of that cell, which then goes for both rows"
            unsure.setdefault(rows[self.began[col]].first, detail)
            unsure.setdefault(line.number, detail)
        rows.append(Line(line.number, line.number, line.page, []))
        self.cells.append([[] for _ in range(self.n_cols)])
        return {col: text for col, text in line.parts.items() if col not in carried}

    def close(self) -> None:
        """All rows have their lines."""
        for row, cells in zip(self.found.rows, self.cells, strict=True):
            row.fields = ["\n".join(cell) for cell in cells]

    def note_low(self, parts: Mapping[int, str]) -> None:
        """Note a text below the first line of its row."""
        cells = self.cells[-1]
        lower = [col for col in parts if not cells[col] and col != self.key and cells[self.key]]
        if lower:
            self.low += 1
            detail = "stands below the first line of its row: how far merged cells reach is not known"
            self.found.unsure.setdefault(self.found.rows[-1].first, f"{parts[lower[0]][:20]} {detail}")

    def fill(self, line: Printed, parts: Mapping[int, str]) -> None:
        """Put a line's texts into the cells of the last row."""
        row = self.found.rows[-1]
        row.last = line.number
        for col, text in parts.items():
            if not self.cells[-1][col]:
                self.began[col] = len(self.cells) - 1
            self.cells[-1][col].append(text)
        if line.unsure:
            said = line.parts[min(line.unsure)]
            self.found.unsure[row.first] = f"{said[:20]} reaches over the edge of its column"

    def _level(self, at: int) -> set[int]:
        """The columns in which the first line of a row stands right below a text that it may be the rest of.

        Where rows are no higher than their own cells, the lines of a merged cell stand beside the next rows. A row
        that begins in all columns of those who carry it is one of its own.
        """
        line = self.lines[at]
        if not at or line.after_blank:
            return set()
        carriers = {col for col in self.merged if col > self.key}
        labels = self.merged - carriers
        open_ones = labels | (carriers if len(carriers) == 1 or carriers - set(line.parts) else set())
        return {col for col in open_ones & set(self.began) if col in line.parts and col in self.lines[at - 1].parts}


def _merged_columns(lines: Sequence[Printed], n_cols: int, starts: Sequence[int], key: int) -> frozenset[int]:
    """The columns that some rows have nothing in: their cells may go on over several rows."""
    blank: Counter[int] = Counter()
    for start, end in pairwise((*starts, len(lines))):
        filled = {col for line in lines[start:end] for col in line.parts}
        blank.update(set(range(n_cols)) - filled - {key})
    return frozenset(col for col, times in blank.items() if times >= _FEWEST)


def _carried(above: Printed, line: Printed, key: int) -> dict[int, str]:
    """The texts in the first line of a row that go on with a label above whose line is full."""
    return {
        col: text
        for col, text in line.parts.items()
        if col < key and col in above.parts and col in above.full and not text.strip().isdecimal()
    }
