"""Printed lines to rows, where nothing but a number says that a row begins: the lines up to the next are its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    found = Groups()
    begins = set(starts)
    cells: list[list[str]] = []
    low = 0
    for at, line in enumerate(lines):
        if at in begins or not cells:
            if cells:
                found.rows[-1].fields = ["\n".join(cell) for cell in cells]
            carried = _carried(lines[at - 1], line, key) if cells and not line.after_blank else {}
            for col, text in carried.items():
                cells[col].append(text)
                detail = "it was read as the rest of the label above, whose line is full"
                found.unsure[found.rows[-1].first] = f"{text[:20]} stands in the first line of a row; {detail}"
            if carried:
                found.rows[-1].fields = ["\n".join(cell) for cell in cells]
            found.rows.append(Line(line.number, line.number, line.page, []))
            cells = [[] for _ in range(n_cols)]
            parts = {col: text for col, text in line.parts.items() if col not in carried}
        else:
            parts = dict(line.parts)
            lower = [col for col in parts if not cells[col] and col != key and cells[key]]
            if lower:
                low += 1
                found.unsure.setdefault(
                    found.rows[-1].first,
                    f"{parts[lower[0]][:20]} stands below the first line of its row: how far merged cells reach is not "
                    "known",
                )
        found.rows[-1].last = line.number
        for col, text in parts.items():
            cells[col].append(text)
        if line.unsure:
            said = line.parts[min(line.unsure)]
            found.unsure[found.rows[-1].first] = f"{said[:20]} reaches over the edge of its column"
    if cells:
        found.rows[-1].fields = ["\n".join(cell) for cell in cells]
    if low >= _FEWEST:  # cells are centred: where those of the other rows begin is not known, either
        for row in found.rows:
            found.unsure.setdefault(
                row.first, "texts stand in the middle of merged cells: how far they reach is not known"
            )
    return found


def _carried(above: Printed, line: Printed, key: int) -> dict[int, str]:
    """The texts in the first line of a row that go on with a label above whose line is full."""
    return {
        col: text
        for col, text in line.parts.items()
        if col < key and col in above.parts and col in above.full and not text.strip().isdecimal()
    }
