"""Typesets records as a ruled table in a PDF, with a font that needs no file; says on which page each record stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from typeset_layout import Layout, Measures, Merge, Placed, wrap
from typeset_table import COLUMNS, TITLE, Grid, Record, grid

FONT = "STSong-Light"
#: Strokes per edge, one stroked rectangle per cell, thin filled rectangles, dashed strokes.
Ruling = Literal["strokes", "rectangles", "fills", "dashes"]
_SIDE, _ABOVE, _BELOW = 40.0, 50.0, 50.0
_PADDING = 3.0


@dataclass(frozen=True)
class PdfSetting:
    """How the table is set; lengths are points."""

    landscape: bool = False
    merge: Merge = "first"
    font_size: float = 10
    ruling: Ruling = "strokes"
    rule_width: float = 0.5
    break_rows: bool = True
    repeat_heading: bool = True
    columns: tuple[str, ...] = COLUMNS
    number: str = "({}) "
    separator: str = "\n"
    title: str = TITLE


def typeset_pdf(records: Sequence[Record], path: Path, setting: PdfSetting | None = None) -> tuple[Path, list[Record]]:
    """Write the PDF; give its path and the records with page_start and page_end (from 1) as they are to be read."""
    setting = setting or PdfSetting()
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    table = grid(records, setting.columns, setting.number, setting.separator)
    measures = _measures(table, setting)
    layout = Layout(table, measures)
    _draw(layout, path, setting)
    expected = []
    for row, record in enumerate(records):
        first, last = layout.pages_of(row)
        expected.append({**record, "page_start": first + 1, "page_end": last + 1})
    return path, expected


def _page_size(setting: PdfSetting) -> tuple[float, float]:
    width, height = landscape(A4) if setting.landscape else A4
    return float(width), float(height)


def _measures(table: Grid, setting: PdfSetting) -> Measures:
    width, height = _page_size(setting)
    lefts = [_SIDE]
    for share in table.shares:
        lefts.append(lefts[-1] + share * (width - 2 * _SIDE))
    leading = setting.font_size * 1.35
    measure = partial(pdfmetrics.stringWidth, fontName=FONT, fontSize=setting.font_size)
    lines = [
        len(wrap(cell.text, lefts[cell.col + cell.col_span] - lefts[cell.col] - 2 * _PADDING, measure))
        for cell in table.heading
    ]
    heading = max(lines) * leading + 2 * _PADDING
    return Measures(
        top=_ABOVE,
        bottom=height - _BELOW,
        lefts=tuple(lefts),
        leading=leading,
        padding=_PADDING,
        width=measure,
        merge=setting.merge,
        break_rows=setting.break_rows,
        heading=_title_height(setting) + heading,
        repeated=heading if setting.repeat_heading else 0,
    )


def _title_height(setting: PdfSetting) -> float:
    return setting.font_size * 3.5


def _draw(layout: Layout, path: Path, setting: PdfSetting) -> None:
    width, height = _page_size(setting)
    canvas = Canvas(str(path), pagesize=(width, height), invariant=1)
    pages: list[list[Placed]] = [[] for _ in range(layout.parts[-1].page + 1)]
    for placed in layout.placed():
        pages[placed.page].append(placed)
    for number, cells in enumerate(pages):
        if number == 0:
            canvas.setFont(FONT, setting.font_size * 1.7)
            canvas.drawCentredString(width / 2, height - _ABOVE - setting.font_size * 1.7, setting.title)
        heading = _heading(layout, setting, number) if number == 0 or setting.repeat_heading else []
        canvas.setFont(FONT, setting.font_size)
        for placed in heading:
            _write(canvas, layout.measures, setting, placed, flush=False)
        for placed in cells:
            _write(canvas, layout.measures, setting, placed, flush=placed.cell.column == "content")
        _rule(canvas, layout.measures, setting, [*heading, *cells])
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(width / 2, 25, f"- {number + 1} -")
        canvas.showPage()
    canvas.save()


def _heading(layout: Layout, setting: PdfSetting, page: int) -> list[Placed]:
    measures = layout.measures
    top = measures.top + (_title_height(setting) if page == 0 else 0)
    bottom = measures.top + (measures.heading if page == 0 else measures.repeated)
    placed = []
    for cell in layout.table.heading:
        width = measures.lefts[cell.col + cell.col_span] - measures.lefts[cell.col] - 2 * measures.padding
        lines = wrap(cell.text, width, measures.width)
        text_top = (top + bottom - len(lines) * measures.leading) / 2
        placed.append(Placed(cell, page, top, bottom, tuple(lines), text_top))
    return placed


def _write(canvas: Any, measures: Measures, setting: PdfSetting, placed: Placed, flush: bool) -> None:
    """Write the lines of a cell, centred or flush left."""
    left, right = _sides(measures, placed)
    baseline = _page_size(setting)[1] - placed.text_top - (measures.leading - setting.font_size) / 2
    for line in placed.lines:
        start = left + measures.padding if flush else (left + right - measures.width(line)) / 2
        canvas.drawString(start, baseline - setting.font_size * 0.86, line)
        baseline -= measures.leading


def _sides(measures: Measures, placed: Placed) -> tuple[float, float]:
    cell = placed.cell
    return measures.lefts[cell.col], measures.lefts[cell.col + cell.col_span]


def _rule(canvas: Any, measures: Measures, setting: PdfSetting, cells: list[Placed]) -> None:
    """Rule the cells, each for itself: what two cells share is drawn twice."""
    canvas.setLineWidth(setting.rule_width)
    if setting.ruling == "dashes":
        canvas.setDash(3, 2)
    height, half = _page_size(setting)[1], setting.rule_width / 2
    for placed in cells:
        left, right = _sides(measures, placed)
        bottom, top = height - placed.bottom, height - placed.top
        if setting.ruling == "rectangles":
            canvas.rect(left, bottom, right - left, top - bottom, stroke=1, fill=0)
            continue
        across = [(left, y, right, y) for y in (top, bottom)]
        for x0, y0, x1, y1 in [*across, *((x, bottom, x, top) for x in (left, right))]:
            if setting.ruling == "fills":
                canvas.rect(x0 - half, y0 - half, x1 - x0 + 2 * half, y1 - y0 + 2 * half, stroke=0, fill=1)
            else:
                canvas.line(x0, y0, x1, y1)
