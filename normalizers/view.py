"""What a person sees of a source document: its pages with their tables, texts, what was left out, and doubtful places.

The review page is drawn from it. It is made of the :class:`extractors.model.SourceDocument` before that is dropped, and
holds no more than is shown: a document on its way through many steps and processes has to stay small.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.model import Cell, Provenance, SourceDocument, Table
from normalizers.records import Issue

#: Points: x0, top, x1, bottom on the page as it is displayed, origin at the top left.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ViewPlace:
    """A place of the source: the page (from 1; 0 in formats without pages), its box or its line, as in Provenance."""

    page: int
    box: Box | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class ViewCell:
    """One cell of a physical table; rows and columns count from 0."""

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    place: ViewPlace


@dataclass(frozen=True, slots=True)
class ViewTable:
    """One physical table. ``delimited``: separators of a text gave the columns, as in :class:`extractors.model.Table`.

    Its cells tile the ``n_rows`` x ``n_cols`` grid; those that a row of a delimited table lacks are left out.
    """

    n_rows: int
    n_cols: int
    cells: tuple[ViewCell, ...]
    delimited: bool = False


@dataclass(frozen=True, slots=True)
class ViewText:
    """A text outside of every table; ``kind`` says why it was left out (watermark, seal ...), None for a text."""

    text: str
    place: ViewPlace
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ViewPage:
    """A page: ``number`` from 1, or 0 for all of a document without pages.

    ``width`` and ``height`` are points as displayed, 0 where the format has none or nobody has looked yet (the reader
    of a picture of the page does). ``texts`` are what stands outside of the tables, ``left_out`` what was not read.
    """

    number: int
    tables: tuple[ViewTable, ...] = ()
    texts: tuple[ViewText, ...] = ()
    left_out: tuple[ViewText, ...] = ()
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class DocumentView:
    """All pages of a document in order, and the places of its doubts in the order of its issues."""

    format: str
    pages: tuple[ViewPage, ...]
    doubts: tuple[tuple[ViewPlace, ...], ...] = ()

    def with_doubts(self, issues: Sequence[Issue]) -> DocumentView:
        """The same view with the places of these issues; validation adds to those of reading, so it comes late."""
        return replace(self, doubts=tuple(tuple(map(place_of, issue.provenance)) for issue in issues))


def view_of(document: SourceDocument) -> DocumentView:
    """What is to be seen of a document, page by page."""
    numbers = {table.page for table in document.tables} | set(range(1, document.pages + 1))
    numbers |= {block.provenance.page for block in document.blocks}
    texts: dict[int, list[ViewText]] = {number: [] for number in numbers}
    left_out: dict[int, list[ViewText]] = {number: [] for number in numbers}
    tables: dict[int, list[ViewTable]] = {number: [] for number in numbers}
    for block in document.blocks:
        texts[block.provenance.page].append(ViewText(block.text, place_of(block.provenance)))
    for item in document.left_out:
        left_out.setdefault(item.provenance.page, []).append(ViewText(item.text, place_of(item.provenance), item.kind))
    for table in document.tables:
        tables[table.page].append(_table(table))
    pages = (
        ViewPage(number, tuple(tables.get(number, ())), tuple(texts.get(number, ())), tuple(left_out.get(number, ())))
        for number in sorted({*numbers, *left_out})
    )
    return DocumentView(document.format, tuple(pages))


def place_of(place: Provenance) -> ViewPlace:
    """A place, with its box in tenths of a point: finer than anybody sees."""
    box = place.bbox
    return ViewPlace(place.page, rounded((box.x0, box.top, box.x1, box.bottom)) if box else None, place.line)


def rounded(box: Iterable[float]) -> Box:
    """A box in tenths of a point."""
    x0, top, x1, bottom = (round(value, 1) + 0.0 for value in box)
    return x0, top, x1, bottom


def _table(table: Table) -> ViewTable:
    cells = tuple(
        ViewCell(cell.text, cell.row, cell.col, cell.row_span, cell.col_span, place_of(cell.provenance))
        for cell in table.cells
        if not _is_filling(cell, table)
    )
    return ViewTable(table.n_rows, table.n_cols, cells, table.form == "delimited")


def _is_filling(cell: Cell, table: Table) -> bool:
    """Whether a cell only fills up a row of a delimited table that has fewer cells than others."""
    return not cell.text and cell.row < len(table.fields) and cell.col >= table.fields[cell.row]
