"""Workbooks (XLSX, XLS, ET, XLSB, ODS): the tables of their sheets, and the lines around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractors.archive import Package
from extractors.model import Cell, Doubt, LeftOut, Provenance, SourceDocument, Table, TextBlock
from extractors.sheets.bands import Band, Row, bands_of
from extractors.sheets.binary import guard_xlsb, read_binary
from extractors.sheets.model import Sheet, Spot
from extractors.sheets.ods import read_ods
from extractors.sheets.view import Seen, View, view_of
from extractors.sheets.xlsx import read_xlsx
from extractors.tiling import Area, bare_slots

#: Hidden cells that are named in a doubt.
_FEW = 5


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in a workbook. Raises :class:`ReadError` when it is damaged, locked or larger than any document."""
    sheets, name = _sheets(data, path)
    book = _Book()
    for sheet in sheets:
        book.add(sheet)
    return SourceDocument(
        str(path), name, 0, tuple(book.tables), tuple(book.blocks), tuple(book.left_out), tuple(book.doubts)
    )


def _sheets(data: bytes, path: Path) -> tuple[list[Sheet], str]:
    """The sheets of a workbook and its format."""
    if not data.startswith(b"PK"):
        return read_binary(data, path), "xls"
    package = Package(data, path)
    if "content.xml" in package:
        return read_ods(package), "ods"
    if "xl/workbook.bin" in package:
        guard_xlsb(package)
        return read_binary(data, path), "xlsx"
    return read_xlsx(package), "xlsx"


@dataclass(slots=True)
class _Book:
    """What was read so far; ``cols`` are the columns of the last table, in which a table without a heading goes on."""

    tables: list[Table] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    cols: tuple[int, ...] = ()

    def add(self, sheet: Sheet) -> None:
        """Read a sheet. A hidden one is left out, which is said when it may hold a table."""
        view = view_of(sheet)
        self.left_out += view.left_out
        rows = _rows(view)
        if sheet.hidden:
            places = [Provenance(0, line=sheet.reference(cell.spot)) for row in rows for cell in row.cells]
            texts = [cell.text for row in rows for cell in row.cells]
            self.left_out += [LeftOut(text, "hidden", place) for text, place in zip(texts, places, strict=True)]
            if any(row.is_heading for row in rows):
                self.doubts.append(Doubt("hidden_rows", f"the sheet {sheet.name} is hidden and was left out"))
            return
        if view.hidden:
            named = "、".join(view.hidden[:_FEW]) + (" …" if len(view.hidden) > _FEW else "")
            detail = f"{len(view.hidden)} cells with text are in hidden rows or columns and were left out: {named}"
            self.doubts.append(Doubt("hidden_rows", detail))
        for band in bands_of(rows):
            self._band(view, band)

    def _band(self, view: View, band: Band) -> None:
        above = self._lines(view.sheet, band.above)
        if band.rows:
            own = _columns(band.rows)
            if not band.rows[0].is_heading and self.cols and set(own) <= set(self.cols):
                own = self.cols
            self.cols = own
            self.tables.append(_table(view, band.rows, own, "\n".join(above)))
        self._lines(view.sheet, band.below)

    def _lines(self, sheet: Sheet, rows: Sequence[Row]) -> list[str]:
        """Rows outside a table as blocks; their texts."""
        said = []
        for row in rows:
            for cell in row.cells:
                place = Provenance(0, line=sheet.reference(cell.spot))
                lines = [line.strip() for line in cell.text.split("\n") if line.strip()]
                self.blocks += [TextBlock(line, place) for line in lines]
                said += lines
        return said


def _rows(view: View) -> list[Row]:
    """The visible rows in which text begins. A row that a cell from above covers is not blank."""
    by_row: dict[int, list[Seen]] = {}
    covered: set[int] = set()
    for (row, _), cell in sorted(view.cells.items()):
        if cell.text:
            by_row.setdefault(row, []).append(cell)
            covered.update(cell.rows)
    rows = []
    before: int | None = None
    for number in sorted(by_row):
        between = range(number if before is None else before + 1, number)
        blank = any(row not in covered and row not in view.sheet.hidden_rows for row in between)
        rows.append(Row(number, by_row[number], blank))
        before = number
    return rows


def _columns(rows: Sequence[Row]) -> tuple[int, ...]:
    """The columns that the cells of a table cover, as far to the right as one begins."""
    last = max(cell.cols[0] for row in rows for cell in row.cells)
    return tuple(sorted({col for row in rows for cell in row.cells for col in cell.cols if col <= last}))


def _table(view: View, rows: Sequence[Row], cols: tuple[int, ...], caption: str) -> Table:
    """The table in these rows and columns; its blank cells have places, too."""
    row_at = {row.number: at for at, row in enumerate(rows)}
    col_at = {col: at for at, col in enumerate(cols)}
    seen: list[Seen] = []
    areas: list[Area] = []
    for cell in (cell for _, cell in sorted(view.cells.items())):
        # A cell that begins in a row of another table, or in a blank one, is none of this one.
        own_rows = [row_at[row] for row in cell.rows if row in row_at]
        own_cols = [col_at[col] for col in cell.cols if col in col_at]
        if own_rows and own_cols and (not cell.text or (cell.rows[0] in row_at)):
            areas.append(Area(own_rows[0], own_cols[0], len(own_rows), len(own_cols), len(seen)))
            seen.append(cell)
    areas += [Area(row, col, 1, 1, -1) for row, col in bare_slots(areas, len(rows), len(cols))]
    cells = []
    for area in sorted(areas, key=lambda area: (area.row, area.col)):
        spot = seen[area.key].spot if area.key >= 0 else (rows[area.row].number, cols[area.col])
        text = "\n".join(line.strip() for line in seen[area.key].text.split("\n")).strip() if area.key >= 0 else ""
        place = Provenance(0, line=view.sheet.reference(spot))
        cells.append(Cell(text, area.row, area.col, area.row_span, area.col_span, place))
    return Table(0, len(rows), len(cols), tuple(cells), caption=caption, doubts=_doubts(view, set(row_at)))


def _doubts(view: View, rows: set[int]) -> tuple[Doubt, ...]:
    """What is in doubt about the cells in these rows of a sheet."""
    sheet = view.sheet
    said: list[tuple[str, str, list[Spot]]] = [
        ("damaged_spans", "cells are merged that are part of another merged cell", view.overlapping),
        ("formula_without_value", "the cell holds a formula whose result is not in the file", sheet.without_value),
        ("number_format", "the file does not tell how this number is printed", sheet.unsure),
    ]
    return tuple(
        Doubt(rule, detail, (Provenance(0, line=sheet.reference(spot)),))
        for rule, detail, spots in said
        for spot in spots
        if spot[0] in rows
    )
