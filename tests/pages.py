"""Small pages for tests, written word by word: text at places, lines and filled rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
SIZE = 10.0
CHINESE = "STSong-Light"
LATIN = "Helvetica"

PROSE = (
    "The following overview was prepared by the secretariat on the basis of the reports",
    "received from the regional offices by the end of March. Figures may not add up",
    "because of rounding, and earlier years were revised where better data became known.",
)


class Sheet:
    """A document that is written from the top left, in points; y is the top of a line."""

    def __init__(self, font: str = LATIN, password: str | None = None) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        self._file = BytesIO()
        self._canvas: Any = Canvas(self._file, pagesize=(WIDTH, HEIGHT), invariant=1, encrypt=password)
        self.font = font
        self._canvas.setFont(font, SIZE)

    def text(self, x: float, y: float, text: str, align: str = "left") -> None:
        """A line of text; ``x`` is its left end, its right end or its middle."""
        draw = {"left": "drawString", "right": "drawRightString", "centre": "drawCentredString"}[align]
        getattr(self._canvas, draw)(x, HEIGHT - y - 0.86 * SIZE, text)

    def row(self, y: float, places: Sequence[tuple[float, str]], texts: Sequence[str]) -> None:
        """The texts of a row at the places of its columns, each with its alignment; line breaks begin new lines."""
        for (x, align), text in zip(places, texts, strict=True):
            for number, line in enumerate(text.split("\n")):
                self.text(x, y + 12 * number, line, align)

    def prose(self, y: float, lines: Sequence[str] = PROSE, x: float = 60) -> float:
        """A paragraph; gives where the next line would stand."""
        for number, line in enumerate(lines):
            self.text(x, y + 12 * number, line)
        return y + 12 * len(lines)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line."""
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.9) -> None:
        """A filled rectangle without a border."""
        self._canvas.setFillGray(grey)
        self._canvas.rect(x0, HEIGHT - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self._canvas.setFillGray(0)

    def next_page(self) -> None:
        """Begin a page."""
        self._canvas.showPage()
        self._canvas.setFont(self.font, SIZE)

    def pdf(self) -> bytes:
        """The document."""
        self._canvas.save()
        return self._file.getvalue()
