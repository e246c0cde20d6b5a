"""What tests of tables without rulings share: how such a table is written and what was read of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pages import Sheet

from extractors.model import SourceDocument, Table, tiles
from extractors.pdf.reader import read


def document(sheet: Sheet) -> SourceDocument:
    return read(sheet.pdf(), Path("drawn.pdf"))


def rows(table: Table) -> list[list[str]]:
    """The texts of each row; ``*3`` behind one that covers three slots."""
    assert tiles(table.cells, table.n_rows, table.n_cols)
    return [
        [
            cell.text.replace("\n", "|")
            + (f"*{cell.row_span * cell.col_span}" if cell.row_span * cell.col_span > 1 else "")
            for cell in table.cells
            if cell.row == row
        ]
        for row in range(table.n_rows)
    ]


def centred(sheet: Sheet, y: float, places: Sequence[tuple[float, str]], texts: Sequence[str]) -> float:
    """A row whose texts stand in the middle of its height; gives where it ends."""
    height = 15 * max(text.count("\n") + 1 for text in texts)
    for (x, align), text in zip(places, texts, strict=True):
        lines = text.split("\n")
        for number, line in enumerate(lines):
            sheet.text(x, y + (height - 15 * len(lines)) / 2 + 15 * number, line, align)
    return y + height
