"""What stands on a page beside its tables: its size, its rulings, the characters that were left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from extractors.errors import ReadError
from extractors.model import Bbox, Cell, Table
from extractors.pdf.content import Floats, Page, Strokes
from extractors.pdf.limits import LimitError
from extractors.pdf.noise import without_noise
from extractors.pdf.pdfium import read_page
from extractors.pdf.rulings import join_pieces
from extractors.pdf.upright import displayed, upright
from extractors.scan.model import Recognised
from extractors.scan.page import page_of


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as it is displayed; all boxes are points on it, origin at the top left.

    ``turn`` is by how many degrees clockwise it has to be turned so that its text stands upright. ``horizontal`` and
    ``vertical`` are its rulings, their pieces put together, each from (x0, top) to (x1, bottom), which is above the
    other where it leans; ``struck`` are the characters that are no part of its text.
    """

    number: int
    width: float
    height: float
    turn: int
    characters: int
    horizontal: tuple[Bbox, ...]
    vertical: tuple[Bbox, ...]
    struck: tuple[Bbox, ...]
    _upright: Page

    def grid_lines(self, table: Table) -> list[Bbox]:
        """The lines between the rows and columns of a table, from border to border; none without geometry."""
        if not table.rows or not table.columns:
            return []
        (left, *_, right), (top, *_, bottom) = table.columns, table.rows
        across = [Bbox(left, y, right, y) for y in table.rows]
        return [_line(box, self._upright) for box in across + [Bbox(x, top, x, bottom) for x in table.columns]]

    def outline(self, table: Table, cell: Cell) -> list[tuple[float, float]]:
        """The corners of a cell on a page that lies crooked, clockwise; none on any other page."""
        if self._upright.levelled is None or not table.rows or not table.columns:
            return []
        left, right = table.columns[cell.col], table.columns[cell.col + cell.col_span]
        above, below = (
            _line(Bbox(left, y, right, y), self._upright)
            for y in (table.rows[cell.row], table.rows[cell.row + cell.row_span])
        )
        return [(above.x0, above.top), (above.x1, above.bottom), (below.x1, below.bottom), (below.x0, below.top)]


def view_page(document: pdfium.PdfDocument, number: int, path: Path) -> PageView | None:
    """What stands on a page, counted from 1; None when it can't be read."""
    try:
        page = read_page(document, number, path)
    except ReadError:
        return None
    turned = upright(page)
    kept, _ = without_noise(turned)
    return PageView(
        number, page.width, page.height, turned.turn, len(page.chars),
        tuple(Bbox(start, at, end, at) for at, start, end in _rulings(page.horizontal)),
        tuple(Bbox(at, start, at, end) for at, start, end in _rulings(page.vertical)),
        tuple(displayed(Bbox(*box), turned) for box in _missing(turned.chars.boxes, kept.boxes).tolist()),
        turned,
    )  # fmt: skip


def view_scan(found: Recognised) -> PageView:
    """What was recognised on a page."""
    page = page_of(found)
    return PageView(
        found.page, found.width, found.height, found.turned, len(found.glyphs),
        tuple(_line(Bbox(start, at, end, at), page) for at, start, end in _rulings(page.horizontal)),
        tuple(_line(Bbox(at, start, at, end), page) for at, start, end in _rulings(page.vertical)),
        (), page,
    )  # fmt: skip


def _line(line: Bbox, page: Page) -> Bbox:
    """A line of the turned page as it lies on the displayed one, from its first end to the other."""
    if page.levelled is None:
        return displayed(line, page)
    ends = np.array([[line.x0, line.top, 1.0], [line.x1, line.bottom, 1.0]]) @ page.levelled.T
    return Bbox(*ends.ravel().tolist())


def _rulings(strokes: Strokes) -> list[tuple[float, float, float]]:
    try:
        return [(line.at, line.start, line.end) for line in join_pieces(strokes)]
    except LimitError:
        return []  # a drawing: nothing was read from them either


def _missing(boxes: Floats, kept: Floats) -> Floats:
    """The boxes that are not among those kept, which stand in the same order."""
    left = np.ones(len(boxes), np.bool_)
    at = 0
    for index, box in enumerate(boxes.tolist()):
        if at < len(kept) and box == kept[at].tolist():
            left[index] = False
            at += 1
    return boxes[left] if at == len(kept) else boxes[:0]
