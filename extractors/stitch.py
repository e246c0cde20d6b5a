"""Joins physical tables over pages into logical ones.

Nothing is known here about responsibility tables: a table goes on on the next page when its heading is
repeated there, or when there is no heading and the columns agree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.headings import could_be_heading, is_repeat
from extractors.model import Cell, JoinedCell, LogicalTable, Table

_BLANKS = re.compile(r"\s+")
#: Captions that name a table, and what they add where the table goes on.
_NAMES_TABLE = re.compile(r"(表|清单|一览)([（(].*[)）])?$|^附[件表]\d*")
_CONTINUED = re.compile(r"[（(]?续(表|上表)?\d*[)）]?$")
#: For each column of a physical table its (first column, number of columns) in the joined grid.
ColumnMap = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One physical table of a group and how many of its first rows repeat the heading."""

    table: Table
    repeated: int


def stitch(tables: Sequence[Table]) -> list[LogicalTable]:
    """The logical tables, in the order in which they begin. Every cell is in one, as a cell or as dropped."""
    groups: list[list[_Part]] = []
    for table in tables:
        repeated = _repeated_rows(groups[-1][0].table, table) if groups else 0
        if groups and not _is_new(groups[-1], table) and (repeated or _goes_on(groups[-1][0].table, table)):
            groups[-1].append(_Part(table, repeated))
        else:
            groups.append([_Part(table, 0)])
    return [_join(group) for group in groups]


def _is_new(group: Sequence[_Part], table: Table) -> bool:
    """Whether a table has a title of its own, so that it is another one though its heading is the same."""
    titles = _titles(table.caption)
    return bool(titles) and not any(titles & _titles(part.table.caption) for part in group)


def _titles(caption: str) -> set[str]:
    """The lines of a caption that name a table or an attachment, without white space and 续."""
    lines = {_CONTINUED.sub("", _BLANKS.sub("", line)) for line in caption.splitlines()}
    return {line for line in lines if _NAMES_TABLE.search(line)}


def _repeated_rows(first: Table, table: Table) -> int:
    """How many rows at the top of ``table`` repeat the top rows of ``first``.

    Below the first row only what could be a heading counts: rows of the table may well be alike.
    """
    count = 0
    limit = min(first.n_rows, table.n_rows)
    while count < limit and is_repeat(_labels(table, count), _labels(first, count)):
        if count and not could_be_heading(_labels(first, count)):
            break
        count += 1
    return count


def _goes_on(first: Table, table: Table) -> bool:
    """Whether a table without a repeated heading continues ``first``: it has no heading and no other columns."""
    if could_be_heading(_labels(table, 0)) and could_be_heading(_labels(first, 0)):
        return False
    return table.form == first.form and (
        table.n_cols <= first.n_cols if table.form == "delimited" else table.n_cols == first.n_cols
    )


def _labels(table: Table, row: int) -> tuple[str, ...]:
    """What stands in cells that begin in a row, without white space, blanks left out."""
    cells = sorted((cell for cell in table.cells if cell.row == row), key=lambda cell: cell.col)
    return tuple(text for cell in cells if (text := _BLANKS.sub("", cell.text)))


def _join(parts: Sequence[_Part]) -> LogicalTable:
    n_cols = max(part.table.n_cols for part in parts)
    fullest = max(parts, key=_heading_width)
    heading = _heading_texts(fullest.table)
    # The first heading stands at the top, unless a repeat of it shows more columns.
    heading_rows = fullest.repeated if fullest is not parts[0] else 0
    cells: list[JoinedCell] = []
    dropped: list[JoinedCell] = []
    offset = 0
    for part in parts:
        columns = _columns(part, heading, n_cols)
        repeated = max(part.repeated, heading_rows) if part is parts[0] else part.repeated
        for cell in part.table.cells:
            if part is fullest and cell.row + cell.row_span <= heading_rows:
                cells.append(_place(cell, columns, 0))
            elif cell.row + cell.row_span <= repeated:
                dropped.append(_place(cell, columns, 0))
            else:
                cells.append(_place(cell, columns, offset + (heading_rows if part is parts[0] else 0) - repeated))
        offset += part.table.n_rows - repeated + (heading_rows if part is parts[0] else 0)
    tables = tuple(part.table for part in parts)
    surplus = _surplus(parts, heading_rows)
    return LogicalTable(tables, offset, n_cols, tuple(cells), tables[0].form, tuple(dropped), surplus)


def _surplus(parts: Sequence[_Part], heading_rows: int) -> tuple[int, ...]:
    """For each row of the joined grid how many cells it has more than most rows of its page.

    Where rows end at their last filled cell, being shorter says nothing: no row of the table ends with a blank and
    several are shorter, or on this page one in five is.
    """
    surplus: list[int] = []
    blank_ends = sum(_blank_ends(part.table) for part in parts)
    short = sum(count < max(part.table.fields, default=0) for part in parts for count in part.table.fields)
    cut_all = blank_ends == 0 and short > 1
    for part in parts:
        fields = part.table.fields
        if not fields:
            return ()
        usual = Counter(fields).most_common(1)[0][0]
        ragged = cut_all or sum(count < usual for count in fields) * 5 > len(fields)
        first = max(part.repeated, heading_rows) if part is parts[0] else part.repeated
        rows = [0 if ragged and count < usual else count - usual for count in fields[first:]]
        surplus += [0] * (heading_rows if part is parts[0] else 0) + rows
    return tuple(surplus)


def _blank_ends(table: Table) -> int:
    """How many rows of a delimited table end with a blank cell that the source has."""
    texts = {(cell.row, cell.col): cell.text for cell in table.cells}
    return sum(not texts[row, count - 1] for row, count in enumerate(table.fields))


def _place(cell: Cell, columns: ColumnMap, offset: int) -> JoinedCell:
    col, last = columns[cell.col][0], columns[cell.col + cell.col_span - 1]
    return JoinedCell(cell.text, cell.row + offset, col, cell.row_span, last[0] + last[1] - col, (cell.provenance,))


def _heading_texts(table: Table) -> list[str]:
    """The first row's texts by column, without white space; trailing blanks are no columns of a delimited heading."""
    texts = [""] * table.n_cols
    for cell in table.cells:
        if cell.row == 0:
            texts[cell.col] = _BLANKS.sub("", cell.text)
    while table.form == "delimited" and texts and not texts[-1]:
        texts.pop()
    return texts


def _heading_width(part: _Part) -> int:
    """How many columns a part's heading shows; none when no row below has as many cells: it is damaged itself."""
    if not part.repeated and part.table.form != "delimited":
        return part.table.n_cols
    width = len(_heading_texts(part.table))
    return width if width <= max(part.table.fields[1:], default=width) else 0


def _columns(part: _Part, heading: Sequence[str], n_cols: int) -> ColumnMap:
    """Where the columns of a part stand in the joined grid.

    A part with as many columns as the grid keeps them. One with fewer hides a column under a heading that spans
    it: its labels are found in the full heading, and each reaches to the next.
    """
    table = part.table
    if table.n_cols == n_cols or (not part.repeated and table.form == "ruled"):
        return tuple((col, 1) for col in range(table.n_cols))
    labels = _heading_texts(table)
    starts: list[int] = []
    for label in labels:
        after = starts[-1] + 1 if starts else 0
        starts.append(heading.index(label, after) if label and label in heading[after:] else after)
    starts += range(len(starts) and starts[-1] + 1, n_cols)[: table.n_cols - len(starts)]
    if len(starts) < table.n_cols or starts != sorted(set(starts)) or starts[-1] >= n_cols:
        return tuple((col, 1 if col < table.n_cols - 1 else n_cols - col) for col in range(table.n_cols))
    ends = [*starts[1:], n_cols]
    return tuple((start, end - start) for start, end in zip(starts, ends, strict=True))
