"""Ruled tables written down in tests: rows of texts, merged cells as marks; what the normalizers make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

from extractors.model import Bbox, Cell, Doubt, JoinedCell, LogicalTable, Provenance, SourceDocument, Table, TextBlock
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

#: In a row: the place is covered by the cell above, or by the cell at its left.
UP, LEFT = "^", "<"
#: In a text: a line break that ends a full line; a plain one is meant.
WRAP = "⏎"
HEADING = ["序号", "目标名称", LEFT, "工作标准", "区政府\n分管领导", "牵头单位"]
#: No labels: tasks numbered in a column.
SHORT = ["序号", "工作任务", "责任领导", "牵头单位", "配合单位"]
_WIDTH, _HEIGHT = 80.0, 20.0


def place(row: int, col: int, page: int = 1, rows: int = 1, cols: int = 1) -> Provenance:
    """Where a cell stands."""
    box = Bbox(col * _WIDTH, 100 + row * _HEIGHT, (col + cols) * _WIDTH, 100 + (row + rows) * _HEIGHT)
    return Provenance(page, box, engine="fenjie")


def ruled(
    *rows: Sequence[str],
    pages: Sequence[int | tuple[int, ...]] | None = None,
    doubts: Sequence[Doubt] = (),
    captions: Sequence[tuple[int, str]] = (),
) -> LogicalTable:
    """A ruled table; ``pages`` are those that each row stands on, ``captions`` (row, text) begin pieces of it."""
    on = [(page,) if isinstance(page, int) else tuple(page) for page in pages or [1] * len(rows)]
    cells = tuple(_cell(rows, row, col, on) for row, texts in enumerate(rows) for col, text in enumerate(texts)
                  if text not in (UP, LEFT))  # fmt: skip
    starts = [row for row, _ in captions] or [0]
    pieces = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        own = tuple(
            Cell(c.text, c.row - start, c.col, c.row_span, c.col_span, c.provenance[0], c.wraps)
            for c in cells
            if start <= c.row < end
        )
        caption = dict(captions).get(start, "")
        pieces.append(Table(on[start][0], end - start, len(rows[0]), own, caption=caption))
    return LogicalTable(tuple(pieces), len(rows), len(rows[0]), cells, doubts=tuple(doubts))


def _cell(rows: Sequence[Sequence[str]], row: int, col: int, pages: Sequence[tuple[int, ...]]) -> JoinedCell:
    height = width = 1
    while col + width < len(rows[row]) and rows[row][col + width] == LEFT:
        width += 1
    while row + height < len(rows) and rows[row + height][col] == UP:
        height += 1
    text = rows[row][col]
    wraps = tuple(index for index, char in enumerate(text) if char == WRAP)
    on = sorted({page for own in pages[row : row + height] for page in own})
    places = tuple(place(row, col, page, height, width) for page in on)
    return JoinedCell(text.replace(WRAP, "\n"), row, col, height, width, places, wraps)


def read(*tables: LogicalTable, blocks: Sequence[TextBlock] = (), doubts: Sequence[Doubt] = ()) -> NormalizedDocument:
    """What a document with these tables says, without an identity."""
    pieces = tuple(piece for table in tables for piece in table.tables)
    document = SourceDocument("x.pdf", "pdf", 9, pieces, tuple(blocks), doubts=tuple(doubts))
    with patch("normalizers.normalize.stitch", return_value=list(tables)):
        return normalize(document, None)


def records(*rows: Sequence[str], heading: Sequence[str] = HEADING) -> list[dict[str, Any]]:
    """The records of a table with a heading of one row."""
    return nested(read(ruled(heading, *rows)))


def banner(text: str) -> list[str]:
    """A row of one cell over a table with the columns of SHORT."""
    return [text, LEFT, LEFT, LEFT, LEFT]


def labels(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Number, category and subcategory of each record."""
    return [(record["category_no"], record["category"], record["subcategory"]) for record in found]
