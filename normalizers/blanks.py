"""What a blank cell of a ruled table means: nothing, or the same as the cell above it.

Where every row has its own cell and many of them are blank, publishers leave out what is the same as above. Where the
same is said by merging cells, a blank cell says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.model import JoinedCell
from normalizers.headings import Heading
from normalizers.reference import ReadingRules

#: Fewer blank cells than these (in all, and as a share of the rows) were rather forgotten.
_FEWEST, _SHARE = 3, 0.1


@dataclass(frozen=True, slots=True)
class Blanks:
    """The blank cells (row, column) that say the same as above, and how many there are in each column."""

    places: frozenset[tuple[int, int]] = frozenset()
    same: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Column:
    """What was seen of a column: its blank rows, and whether any cell with text covers several rows."""

    blank: list[int] = field(default_factory=list)
    merges: bool = False


def read_blanks(
    cover: Sequence[Sequence[JoinedCell]], rows: Sequence[int], heading: Heading, rules: ReadingRules
) -> Blanks:
    """The blank cells that say the same as above, in rows that are no banners."""
    # Rows in which nothing stands at all were left over when the table was made.
    rows = [row for row in rows if any(cell.text.strip() for cell in cover[row] if cell.row == row)]
    columns = [_look(cover, rows, col) for col in range(len(heading.roles))]
    blank = {
        col: set(column.blank)
        for col, column in enumerate(columns)
        if heading.roles[col] in (*rules.ruled_blank_continues, "category") and _says_the_same(column, len(rows))
    }
    carriers = {col for col in blank if heading.roles[col] != "category"}
    for col, column in enumerate(columns if carriers else ()):
        if heading.roles[col] in rules.ruled_blank_follows and _says_the_same(column, len(rows)):
            blank[col] = set(column.blank)
        if heading.roles[col] in rules.ruled_blank_together and not column.merges:
            left_out = set.intersection(*(blank[carrier] for carrier in carriers))
            if len(left_out) >= _FEWEST and left_out <= set(column.blank):
                blank[col] = left_out
    places = frozenset((row, col) for col, own in blank.items() for row in own)
    return Blanks(places, {col: len(own) for col, own in blank.items() if heading.roles[col] != "category"})


def _look(cover: Sequence[Sequence[JoinedCell]], rows: Sequence[int], col: int) -> _Column:
    column = _Column()
    begun = False
    for row in rows:
        cell = cover[row][col]
        if cell.row != row:
            continue
        if cell.text.strip():
            begun = True
            column.merges = column.merges or cell.row_span > 1
        elif begun:
            column.blank.append(row)
            column.merges = column.merges or cell.row_span > 1
    return column


def _says_the_same(column: _Column, n_rows: int) -> bool:
    return not column.merges and len(column.blank) >= max(_FEWEST, _SHARE * n_rows)
