"""A page on which tests write and rule by hand; all places are points from the top left."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from random_table import HELVETICA, SONG, width_of
from reportlab.pdfgen.canvas import Canvas

from extractors.model import SourceDocument, Table
from extractors.pdf.reader import read

Colour = tuple[float, float, float]
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (1, 1, 1)
RED: Colour = (0.85, 0.1, 0.1)
__all__ = ["BLACK", "HELVETICA", "RED", "SONG", "WHITE", "Paper", "texts", "width_of"]


class Paper:
    """Pages of one size; ``canvas`` is there for what has no word here."""

    def __init__(self, width: float = 595, height: float = 842) -> None:
        self.height = height
        self._stream = io.BytesIO()
        self.canvas: Any = Canvas(self._stream, pagesize=(width, height), invariant=1)

    def write(
        self, text: str, x: float, y: float, size: float = 10, colour: Colour = BLACK, font: str = SONG, mode: int = 0
    ) -> None:
        """Write one line that begins at x; y is its baseline."""
        line = self.canvas.beginText(x, self.height - y)
        line.setFont(font, size)
        line.setFillColorRGB(*colour)
        line.setTextRenderMode(mode)
        line.textOut(text)
        self.canvas.drawText(line)

    def lines(self, lines: Sequence[str], x: float, y: float, size: float = 10, step: float = 14) -> None:
        """Write lines below each other."""
        for number, line in enumerate(lines):
            self.write(line, x, y + number * step, size)

    def spread(self, text: str, x: float, y: float, step: float, size: float = 10) -> None:
        """Write characters one by one, so far from each other."""
        for number, char in enumerate(text):
            self.write(char, x + number * step, y, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """Draw a line."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeColorRGB(*BLACK)
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Rule a table without merged cells."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        """Paint an area."""
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)

    def turn_page(self) -> None:
        """Go on with a new page."""
        self.canvas.showPage()

    def read(self) -> SourceDocument:
        """What is read from these pages."""
        self.canvas.showPage()
        self.canvas.save()
        return read(self._stream.getvalue(), Path("paper.pdf"))


def texts(table: Table) -> list[list[str | None]]:
    """The texts by row and column; None where a cell from above or from the left goes on."""
    rows: list[list[str | None]] = [[None] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row][cell.col] = cell.text
    return rows
