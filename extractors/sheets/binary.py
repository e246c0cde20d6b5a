"""XLS, ET and XLSB by calamine: values and merged ranges. Hidden rows and number formats are not told."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.sheets.chains import runs_in_a_circle
from extractors.sheets.model import Sheet
from extractors.sheets.numbers import printed

_DAMAGED = "Open it in its own program and save it as XLSX"
_OLE = b"\xd0\xcf\x11\xe0"
#: calamine takes memory for every cell up to the farthest one; a sheet of XLS has 16 million.
_MOST_CELLS = 20_000_000
#: Records of XLSB ([MS-XLSB] 2.3.2): the beginning of a row; those of cells in it begin with their column.
_ROW, _LAST_CELL = 0, 11


def read_binary(data: bytes, path: Path) -> list[Sheet]:
    """The sheets of a workbook. Raises :class:`ReadError` when it is damaged or locked."""
    if data.startswith(_OLE) and runs_in_a_circle(data):
        raise ReadError(path, "the workbook is damaged", _DAMAGED)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                _sheet(book, at, entry.name, entry.visible != SheetVisibleEnum.Visible)
                for at, entry in enumerate(book.sheets_metadata)
                if entry.typ == SheetTypeEnum.WorkSheet
            ]
    except PasswordError as error:
        raise ReadError(path, "the file is encrypted", "Open it in its own program and save it unprotected") from error
    except (CalamineError, ValueError, OSError, OverflowError, MemoryError) as error:
        raise ReadError(path, f"the workbook can't be read ({error})", _DAMAGED) from error
    except BaseException as error:
        # A panic of the library is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError(path, "the workbook is damaged", _DAMAGED) from error


def guard_xlsb(package: Package) -> None:
    """Refuse a workbook in which a cell stands so far off that memory would not do."""
    for name in package.names:
        if name.startswith("xl/worksheets/") and name.endswith(".bin"):
            rows, cols = _extent(package.read(name))
            if rows * cols > _MOST_CELLS:
                raise ReadError(package.path, f"the part {name} has cells without end", _DAMAGED)


def _extent(data: bytes) -> tuple[int, int]:
    """The farthest row and column of a sheet."""
    at = rows = cols = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 128 and at < len(data):
            kind = kind & 127 | (data[at] & 127) << 7
            at += 1
        size = shift = 0
        while at < len(data) and shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if kind <= _LAST_CELL:
            number = int.from_bytes(data[at : at + 4], "little") + 1
            rows, cols = (max(rows, number), cols) if kind == _ROW else (rows, max(cols, number))
        at += size
    return rows, cols


def _sheet(book: CalamineWorkbook, at: int, name: str, is_hidden: bool) -> Sheet:
    sheet = Sheet(name, is_hidden)
    source = book.get_sheet_by_index(at)
    top, left = source.start or (0, 0)
    for row, values in enumerate(source.to_python(skip_empty_area=True), top):
        for col, value in enumerate(values, left):
            text = "" if value == "" else _text(sheet, (row, col), value)
            if text.strip():
                sheet.texts[row, col] = text
    for first, last in source.merged_cell_ranges or ():
        rows, cols = sorted((first[0], last[0])), sorted((first[1], last[1]))
        sheet.merged.append((rows[0], cols[0], rows[1], cols[1]))
    return sheet


def _text(sheet: Sheet, spot: tuple[int, int], value: float | str | bool | time | date | datetime | timedelta) -> str:
    """A value as it is printed in the format that is most common for it; what may be another is noted."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        # A whole number is printed alike in most formats; 0.05 may be 5%.
        if value != int(value):
            sheet.unsure.append(spot)
        return printed(value, "General")[0]
    sheet.unsure.append(spot)
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    return f"{value.year}/{value.month}/{value.day}" if type(value) is date else str(value)
