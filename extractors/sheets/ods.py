"""OpenDocument tables by their own XML (OASIS OpenDocument 1.3): each cell holds its text as it is printed.

Read here and not by calamine, which tells no merged cells of this format.
"""

from __future__ import annotations

from lxml import etree

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.markup import parse_xml
from extractors.sheets.model import MAX_COLS, MAX_ROWS, Sheet

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
#: Texts that repeated cells may amount to.
_MOST = 1_000_000
_HIDDEN = ("collapse", "filter")


def read_ods(package: Package) -> list[Sheet]:
    """The sheets of a workbook. Raises :class:`ReadError` when it is damaged."""
    root = parse_xml(package.read("content.xml"), package.path, "content.xml")
    unseen = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for look in style.iterchildren(f"{_STYLE}table-properties")
        if look.get(f"{_TABLE}display") == "false"
    }
    sheets = []
    for table in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        sheet = Sheet(table.get(f"{_TABLE}name") or "", table.get(f"{_TABLE}style-name") in unseen)
        _fill(sheet, table, package)
        sheets.append(sheet)
    return sheets


def _fill(sheet: Sheet, table: etree._Element, package: Package) -> None:
    at = 0
    for column in table.iter(f"{_TABLE}table-column"):
        count = _count(column, "number-columns-repeated", MAX_COLS)
        if column.get(f"{_TABLE}visibility") in _HIDDEN:
            sheet.hidden_cols.update(range(at, min(at + count, MAX_COLS)))
        at += count
    row = 0
    for element in table.iter(f"{_TABLE}table-row"):
        count = _count(element, "number-rows-repeated", MAX_ROWS)
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            sheet.hidden_rows.update(range(row, min(row + count, MAX_ROWS)))
        _row(sheet, element, row, count)
        if len(sheet.texts) > _MOST:
            raise ReadError(package.path, f"the sheet {sheet.name} has over {_MOST:,} cells", "Give the table alone")
        row = min(row + count, MAX_ROWS)


def _row(sheet: Sheet, element: etree._Element, row: int, count: int) -> None:
    col = 0
    for cell in element.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        repeated = _count(cell, "number-columns-repeated", MAX_COLS)
        text = "\n".join(_paragraph(part) for part in cell.iterchildren(f"{_TEXT}p", f"{_TEXT}h"))
        rows = _count(cell, "number-rows-spanned", MAX_ROWS)
        cols = _count(cell, "number-columns-spanned", MAX_COLS)
        if text.strip():
            # A text said for a million repeated cells is one too many for _MOST, which is enough to know.
            spots = (
                (r, c)
                for r in range(row, min(row + count, MAX_ROWS))
                for c in range(col, min(col + repeated, MAX_COLS))
            )
            for spot in spots:
                sheet.texts[spot] = text
                if len(sheet.texts) > _MOST:
                    return
        if rows > 1 or cols > 1:
            sheet.merged.append((row, col, min(row + rows, MAX_ROWS) - 1, min(col + cols, MAX_COLS) - 1))
        col += repeated


def _paragraph(part: etree._Element) -> str:
    """The text of a paragraph; notes of readers and phonetic texts are none of it."""
    pieces = [part.text or ""]
    for child in part:
        if child.tag == f"{_TEXT}s":
            pieces.append(" " * min(_number(child.get(f"{_TEXT}c")), 1000))
        elif child.tag == f"{_TEXT}line-break":
            pieces.append("\n")
        elif child.tag == f"{_TEXT}tab":
            pieces.append("\t")
        elif child.tag in (f"{_TEXT}span", f"{_TEXT}a", f"{_TEXT}ruby", f"{_TEXT}ruby-base"):
            pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _count(element: etree._Element, name: str, most: int) -> int:
    return min(_number(element.get(f"{_TABLE}{name}")), most)


def _number(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else 1
