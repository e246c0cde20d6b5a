"""The rows of a sheet in bands: the lines above a table, the table, the notes below it, and the next table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.headings import could_be_heading
from extractors.sheets.view import Seen

#: What the notes below a table begin with.
_NOTE = re.compile(
    r"[（(]?(备?注|说明|附注|填表|填报|联系|审核|制表|报送)[^，。]{0,8}[:：]|[※*＊★☆▲△]|(\d|[一二三])?、?[备附]?注\d?[、.．:：]"
)
#: Lines above a heading: an attachment's number, a title of some lines, who filled the table in and when. A notice,
#: which has a cell in each row, may be longer.
_MOST_LEAD = 8


@dataclass(slots=True)
class Row:
    """A visible row in which text begins: its cells in order, and whether a blank row stands above it."""

    number: int
    cells: list[Seen]
    after_blank: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """What its cells say, without white space."""
        return tuple("".join(cell.text.split()) for cell in self.cells)

    @property
    def is_heading(self) -> bool:
        """Whether it could be the heading of a table; a label with a colon says something of the whole table."""
        labels = self.labels
        return could_be_heading(labels) and not any(":" in label or "：" in label for label in labels)


@dataclass(slots=True)
class Band:
    """Lines above a table, its rows, and lines below it; without rows there is no table."""

    above: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    below: list[Row] = field(default_factory=list)


def bands_of(rows: Sequence[Row]) -> list[Band]:
    """The tables of a sheet: a new one begins at a heading behind a blank row, and where the heading is repeated."""
    headings = [at for at, row in enumerate(rows) if row.is_heading]
    starts = [0]
    known = rows[headings[0]].labels if headings else ()
    for at in headings[1:]:
        lead = _lead(rows, at, starts[-1])
        has_body = any(len(row.cells) > 1 for row in rows[starts[-1] : lead])
        is_apart = any(row.after_blank for row in rows[lead : at + 1])
        if has_body and (is_apart or rows[at].labels == known):
            starts.append(lead)
    ends = [*starts[1:], len(rows)]
    return [_band(rows[start:end]) for start, end in zip(starts, ends, strict=True) if start < end]


def _lead(rows: Sequence[Row], heading: int, least: int) -> int:
    """The first of the lines that stand above a heading: as far as the blank row, lines of one cell."""
    first = heading
    while first > least and heading - first < _MOST_LEAD and len(rows[first - 1].cells) == 1:
        first -= 1
    # Without a blank row they may be the end of the table above.
    apart = [at for at in range(first, heading + 1) if rows[at].after_blank]
    return apart[0] if apart else heading


def _band(rows: Sequence[Row]) -> Band:
    if not any(len(row.cells) > 1 for row in rows):
        return Band(above=list(rows))
    first = next((at for at, row in enumerate(rows) if row.is_heading), 0)
    notice = next(at for at, row in enumerate(rows) if len(row.cells) > 1)
    if first > max(notice, _MOST_LEAD) or any(len(row.cells) > 2 for row in rows[:first]):
        first = 0
    left = min(cell.cols[0] for row in rows[first:] for cell in row.cells)
    end = last = len(rows)
    while end > first + 1 and _is_note(rows[end - 1 : last], left):
        end -= 1
        if rows[end].after_blank or _NOTE.match(rows[end].labels[0]):
            last = end
    return Band(list(rows[:first]), list(rows[first:last]), list(rows[last:]))


def _is_note(rows: Sequence[Row], left: int) -> bool:
    """Whether the first of these rows may belong to the lines below a table: one cell at the left edge."""
    return len(rows[0].cells) == 1 and rows[0].cells[0].cols[0] == left
