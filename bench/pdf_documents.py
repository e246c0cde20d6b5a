"""The documents that the PDF benchmark reads: a ruled responsibility table of as many pages as wanted.

The texts are those of the 2026 document, over and over, with the numbers going on. The category is one merged cell for
all its rows on a page; the heading stands on every page. Rulings are long lines, as reportlab's own tables have them,
or four to a cell, as browsers and word processors draw them. The font is embedded where the machine has a Chinese one
with TrueType outlines; otherwise, or if wanted, it is only named and every reader has to find a substitute.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal, NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "data" / "truth_320404_2026.json"
NAMED_FONT = "STSong-Light"
EMBEDDED_FONT = "Embedded"
SIZE = 10.5
LEADING = 15.0
PADDING = 4.0
HEADINGS = ("目标名称", "序号", "工作标准", "责任领导", "牵头单位", "完成时限")
WIDTHS = (110.0, 40.0, 330.0, 70.0, 130.0, 62.0)
MARGIN = 50.0
HEADING = LEADING + 2 * PADDING

#: ``long``: a line for each stretch of the grid; ``cells``: four lines for each cell.
Rulings = Literal["long", "cells"]
Line = tuple[float, float, float, float]


class Box(NamedTuple):
    """A cell on the page, in points from the foot, and its lines."""

    left: float
    top: float
    right: float
    bottom: float
    lines: list[str]


class Row(NamedTuple):
    """One task: its category and the wrapped lines of each other cell."""

    category: str
    cells: tuple[list[str], ...]

    @property
    def height(self) -> float:
        return max(len(lines) for lines in self.cells) * LEADING + 2 * PADDING


def typeset(path: Path, pages: int, rulings: Rulings = "long", embedded: bool = True) -> None:
    """Write a document of exactly so many pages."""
    font = EMBEDDED_FONT if embedded and embedded_font() else NAMED_FONT
    pdfmetrics.registerFont(UnicodeCIDFont(NAMED_FONT))
    width, height = landscape(A4)
    canvas = Canvas(str(path), pagesize=(width, height), invariant=1, pageCompression=1)
    rows = _rows()
    waiting = next(rows)
    for number in range(1, pages + 1):
        top = height - MARGIN
        canvas.setFont(font, SIZE)
        canvas.setLineWidth(0.5)
        if number == 1:
            canvas.drawCentredString(width / 2, top - SIZE, "主要目标任务责任分解表")
            top -= 2 * LEADING
        fitting: list[Row] = []
        while sum(row.height for row in fitting) + waiting.height <= top - HEADING - MARGIN:
            fitting.append(waiting)
            waiting = next(rows)
        boxes = [*_heading(top), *_body(top - HEADING, fitting)]
        for edge in _edges(boxes, rulings):
            canvas.line(*edge)
        for box in boxes:
            _text(canvas, box)
        canvas.drawCentredString(width / 2, MARGIN / 2, f"- {number} -")
        canvas.showPage()
    canvas.save()


@cache
def embedded_font() -> str | None:
    """Name of the Chinese font that can be embedded here, which is registered; None where there is none."""
    if shutil.which("fc-list") is None:
        return None
    command = ["fc-list", "--format", "%{file}\n", ":lang=zh-cn:fontformat=TrueType"]
    for file in sorted(set(subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n"))):
        try:
            pdfmetrics.registerFont(TTFont(EMBEDDED_FONT, file, subfontIndex=0))
        except (TTFError, OSError):
            continue
        return Path(file).stem
    return None


def _rows() -> Iterator[Row]:
    """The tasks of the 2026 document again and again, numbered from 1."""
    tasks = json.loads(TEXTS.read_text(encoding="utf-8"))
    number = 0
    while True:
        for task in tasks:
            number += 1
            lists = ["\n".join(task["leaders"]), "\n".join(task["lead_units"])]
            texts = (str(number), task["content"], *lists, "12月底")
            cells = tuple(_wrap(text, width) for text, width in zip(texts, WIDTHS[1:], strict=True))
            yield Row(task["category"] or "", cells)


def _wrap(text: str, width: float) -> list[str]:
    """The lines of a text in a cell: broken at any character, as Chinese is."""
    lines: list[str] = []
    for part in text.split("\n"):
        line, used = "", 0.0
        for character in part:
            advance = SIZE * (0.5 if character.isascii() else 1.0)
            if used + advance > width - 2 * PADDING:
                lines.append(line)
                line, used = "", 0.0
            line += character
            used += advance
        lines.append(line)
    return lines


def _heading(top: float) -> Iterator[Box]:
    left = MARGIN
    for text, width in zip(HEADINGS, WIDTHS, strict=True):
        yield Box(left, top, left + width, top - HEADING, [text])
        left += width


def _body(top: float, rows: list[Row]) -> Iterator[Box]:
    """The cells of the tasks on a page, from the top; one merged cell for each category."""
    for category, group in groupby(rows, key=lambda row: row.category):
        members = list(group)
        bottom = top - sum(row.height for row in members)
        yield Box(MARGIN, top, MARGIN + WIDTHS[0], bottom, _wrap(category, WIDTHS[0]))
        for row in members:
            left = MARGIN + WIDTHS[0]
            for lines, width in zip(row.cells, WIDTHS[1:], strict=True):
                yield Box(left, top, left + width, top - row.height, lines)
                left += width
            top -= row.height


def _text(canvas: Canvas, box: Box) -> None:
    """The lines of a cell, centred from top to bottom; what doesn't fit is left out."""
    lines = box.lines[: max(1, int((box.top - box.bottom - 2 * PADDING) / LEADING))]
    base = (box.top + box.bottom) / 2 + len(lines) * LEADING / 2 - SIZE
    for index, line in enumerate(lines):
        canvas.drawString(box.left + PADDING, base - index * LEADING, line)


def _edges(boxes: list[Box], rulings: Rulings) -> Iterator[Line]:
    """The four edges of every cell, or those in a row made one line."""
    edges: list[Line] = []
    for box in boxes:
        edges += [(x, box.bottom, x, box.top) for x in (box.left, box.right)]
        edges += [(box.left, y, box.right, y) for y in (box.bottom, box.top)]
    if rulings == "cells":
        yield from edges
        return
    upright = [edge for edge in edges if edge[0] == edge[2]]
    for x, ends in _by_place([(edge[0], edge[1], edge[3]) for edge in upright]).items():
        yield from ((x, low, x, high) for low, high in _joined(ends))
    level = [edge for edge in edges if edge[1] == edge[3]]
    for y, ends in _by_place([(edge[1], edge[0], edge[2]) for edge in level]).items():
        yield from ((low, y, high, y) for low, high in _joined(ends))


def _by_place(edges: list[tuple[float, float, float]]) -> dict[float, list[tuple[float, float]]]:
    places: dict[float, list[tuple[float, float]]] = {}
    for place, low, high in edges:
        places.setdefault(round(place, 2), []).append((low, high))
    return places


def _joined(ends: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches that touch, made one."""
    joined: list[tuple[float, float]] = []
    for low, high in sorted(ends):
        if joined and low <= joined[-1][1] + 0.01:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
