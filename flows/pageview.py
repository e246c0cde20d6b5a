"""What stands on a page of a PDF beside its tables: its size, its rulings, the characters that were left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from extractors.errors import ReadError
from extractors.model import Bbox, Table
from extractors.pdf.content import Floats, Page, Strokes
from extractors.pdf.limits import LimitError
from extractors.pdf.noise import without_noise
from extractors.pdf.pdfium import read_page
from extractors.pdf.rulings import join_pieces
from extractors.pdf.upright import displayed, upright


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as it is displayed; all boxes are points on it, origin at the top left.

    ``turn`` is by how many degrees clockwise it has to be turned so that its text stands upright. ``horizontal`` and
    ``vertical`` are its rulings, their pieces put together; ``struck`` are the characters that are no part of its text.
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
        return [displayed(box, self._upright) for box in across + [Bbox(x, top, x, bottom) for x in table.columns]]


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
