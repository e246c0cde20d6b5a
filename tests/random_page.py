"""Draws a random table on a page that may lie sideways, in any order of the stream."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import strategies as st
from random_rulings import Painter, Style, fills, rulings
from random_table import DrawnCell, DrawnTable, width_of
from reportlab.pdfgen.canvas import Canvas

#: How text is shown: a string for each line, for each character, or one text object for each cell.
Writing = Literal["lines", "characters", "cells"]
Box = tuple[float, float, float, float]
_SIZES = ((595.0, 842.0), (842.0, 1191.0), (612.0, 792.0), (1191.0, 842.0), (1400.0, 900.0))


@dataclass(frozen=True)
class Sheet:
    """The page: ``turn`` is by how many degrees clockwise its content lies turned as displayed, ``rotate`` is /Rotate.

    ``margin`` is what the CropBox cuts off on each side. The least size is A4 or the like; a larger table widens it.
    """

    size: tuple[float, float] = _SIZES[0]
    rotate: int = 0
    turn: int = 0
    margin: float = 0.0
    writing: Writing = "lines"
    shuffle: int | None = None


sheets = st.builds(
    Sheet,
    size=st.sampled_from(_SIZES),
    rotate=st.sampled_from([0, 0, 90, 180, 270]),
    turn=st.sampled_from([0, 0, 90, 180, 270]),
    margin=st.sampled_from([0.0, 0.0, 36.5]),
    writing=st.sampled_from(["lines", "characters", "cells"]),
    shuffle=st.none() | st.integers(0, 2**32 - 1),
)


def fit(sheet: Sheet, tables: Sequence[DrawnTable]) -> Sheet:
    """The sheet, made as large as the tables need."""
    right, bottom = max(t.xs[-1] for t in tables) + 40, max(t.ys[-1] for t in tables) + 40
    return replace(sheet, size=(max(sheet.size[0], right), max(sheet.size[1], bottom)))


def draw_pages(pages: Sequence[Sequence[DrawnTable]], style: Style, sheet: Sheet) -> bytes:
    """A PDF with these tables on its pages."""
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=1)
    for tables in pages:
        _draw(canvas, tables, style, sheet)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def displayed(box: Box, sheet: Sheet) -> Box:
    """Where a box of the upright page lies on the displayed one."""
    corners = [_turned(x, y, sheet.size, sheet.turn) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _turned(x: float, y: float, size: tuple[float, float], turn: int) -> tuple[float, float]:
    """A point after its page of this size was turned clockwise."""
    width, height = size
    return {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[turn]


def _sides(size: tuple[float, float], turn: int) -> tuple[float, float]:
    return size if turn % 180 == 0 else (size[1], size[0])


def _draw(canvas: Any, tables: Sequence[DrawnTable], style: Style, sheet: Sheet) -> None:
    shown = _sides(sheet.size, sheet.turn)
    # A page is turned clockwise by /Rotate when it is displayed: its own content is turned back.
    back = (360 - sheet.rotate) % 360
    media = _sides(shown, back)
    margin = sheet.margin
    # reportlab is told the size as displayed.
    canvas.setPageSize(_sides((media[0] + 2 * margin, media[1] + 2 * margin), sheet.rotate))
    canvas.setPageRotation(sheet.rotate)
    if margin:
        canvas.setCropBox((margin, margin, margin + media[0], margin + media[1]))

    def own(x: float, up: float) -> tuple[float, float]:
        """A point of the upright page, from its bottom left, in the page's own space."""
        u, v = _turned(*_turned(x, sheet.size[1] - up, sheet.size, sheet.turn), shown, back)
        return u + margin, media[1] - v + margin

    (e, f), (ax, ay), (cx, cy) = own(0, 0), own(1, 0), own(0, 1)
    canvas.transform(ax - e, ay - f, cx - e, cy - f, e, f)
    painters = [paint for table in tables for paint in rulings(table, style)]
    painters += [paint for table in tables for cell in table.cells for paint in _text(table, cell, sheet.writing)]
    if sheet.shuffle is not None:
        random.Random(sheet.shuffle).shuffle(painters)
    for paint in (*(paint for table in tables for paint in fills(table, style)), *painters):
        paint(canvas, sheet.size[1])


def _text(table: DrawnTable, cell: DrawnCell, writing: Writing) -> Iterator[Painter]:
    lines = list(_placed(table, cell))
    if writing == "cells" and lines:
        yield lambda canvas, height: _text_object(canvas, height, table, cell, lines)
        return
    for x, baseline, line in lines:
        if writing == "lines":
            yield _string(line, x, baseline, cell.font, table.size)
            continue
        for index, char in enumerate(line):
            yield _string(char, x + width_of(line[:index], cell.font, table.size), baseline, cell.font, table.size)


def _placed(table: DrawnTable, cell: DrawnCell) -> Iterator[tuple[float, float, str]]:
    """Where each line begins: x and the baseline, from the top left."""
    left, top, right, bottom = table.box(cell)
    spare = bottom - top - 2 * table.padding - len(cell.lines) * table.leading
    y = top + table.padding + {"top": 0, "middle": spare / 2, "bottom": spare}[cell.down]
    for line in cell.lines:
        room = right - left - 2 * table.padding - width_of(line, cell.font, table.size)
        x = left + table.padding + {"left": 0, "centre": room / 2, "right": room}[cell.across]
        yield x, y + (table.leading - table.size) / 2 + 0.85 * table.size, line
        y += table.leading


def _string(text: str, x: float, baseline: float, font: str, size: float) -> Painter:
    def paint(canvas: Any, height: float) -> None:
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFont(font, size)
        canvas.drawString(x, height - baseline, text)

    return paint


def _text_object(
    canvas: Any, height: float, table: DrawnTable, cell: DrawnCell, lines: list[tuple[float, float, str]]
) -> None:
    canvas.setFillColorRGB(0, 0, 0)
    text = canvas.beginText()
    text.setFont(cell.font, table.size)
    for x, baseline, line in lines:
        text.setTextOrigin(x, height - baseline)
        text.textOut(line)
    canvas.drawText(text)
