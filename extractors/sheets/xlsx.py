"""XLSX by its own XML (ISO/IEC 29500-1): texts, number formats, merged ranges, and what is hidden.

Read here and not by calamine, which tells neither hidden rows and columns nor number formats nor formulas without a
result, and takes memory for every cell up to the farthest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from extractors.archive import Package, resolve
from extractors.errors import ReadError
from extractors.markup import parse_xml
from extractors.sheets.model import MAX_COLS, MAX_ROWS, Sheet, range_of, spot_of
from extractors.sheets.numbers import BUILT_IN, printed

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAMAGED = "It is damaged: open it in its own program and save it anew"


@dataclass(slots=True)
class _Book:
    """What the sheets share."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    since_1904: bool = False


def read_xlsx(package: Package) -> list[Sheet]:
    """The sheets of a workbook. Raises :class:`ReadError` when a part is missing or damaged."""
    main = _main_part(package)
    workbook = parse_xml(package.read(main), package.path, main)
    targets = _targets(package, main)
    book = _Book()
    for target, kind in targets.values():
        if target in package and kind == "sharedStrings":
            root = parse_xml(package.read(target), package.path, target)
            book.strings = [_rich(item) for item in root.iterchildren("{*}si")]
        elif target in package and kind == "styles":
            book.formats = _formats(parse_xml(package.read(target), package.path, target))
    properties = workbook.find("{*}workbookPr")
    book.since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    sheets = []
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        key = next((str(value) for name, value in entry.items() if str(name).endswith("}id")), "")
        target, kind = targets.get(key, ("", ""))
        if kind == "worksheet" or (not kind and target):
            sheet = Sheet(entry.get("name") or "", entry.get("state") in ("hidden", "veryHidden"))
            _fill(sheet, parse_xml(package.read(target), package.path, target), book)
            sheets.append(sheet)
        elif not target:
            raise ReadError(package.path, f"the sheet {entry.get('name')} is missing from the package", _DAMAGED)
    return sheets


def _main_part(package: Package) -> str:
    """The name of the workbook's part."""
    if "_rels/.rels" in package:
        for target, kind in _targets(package, "").values():
            if kind == "officeDocument" and target in package:
                return target
    return "xl/workbook.xml"


def _targets(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to, by key: name and kind."""
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/")
    if name not in package:
        return {}
    root = parse_xml(package.read(name), package.path, name)
    return {
        link.get("Id") or "": (resolve(part, link.get("Target") or ""), (link.get("Type") or "").rpartition("/")[2])
        for link in root.iterchildren("{*}Relationship")
        if link.get("TargetMode") != "External"
    }


def _formats(styles: etree._Element) -> list[str]:
    """The number format of each cell style."""
    own = {e.get("numFmtId"): e.get("formatCode") or "" for e in styles.iterfind("{*}numFmts/{*}numFmt")}
    ids = [style.get("numFmtId") or "0" for style in styles.iterfind("{*}cellXfs/{*}xf")]
    return [own.get(key) or BUILT_IN.get(int(key) if key.isdecimal() else 0, "?[?]") for key in ids]


def _rich(item: etree._Element) -> str:
    """The text of a string: its runs, without the phonetic ones."""
    texts = (piece.text or "" for piece in item.iterfind(".//{*}t") if not _is_phonetic(piece))
    return _decoded("".join(texts))


def _is_phonetic(piece: etree._Element) -> bool:
    parent = piece.getparent()
    return parent is not None and etree.QName(parent).localname == "rPh"


def _decoded(text: str) -> str:
    """A text with its escapes (ISO/IEC 29500-1, 22.9.2.19) and line ends."""
    if "_x" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
        # Half of a pair of surrogates is no character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _fill(sheet: Sheet, root: etree._Element, book: _Book) -> None:
    for column in root.iterfind("{*}cols/{*}col"):
        if column.get("hidden") in ("1", "true"):
            first, last = (_number(column.get(name), 0) for name in ("min", "max"))
            sheet.hidden_cols.update(range(max(first, 1) - 1, min(last, MAX_COLS)))
    for row, cells, is_hidden in _rows(root):
        if is_hidden:
            sheet.hidden_rows.add(row)
        col = -1
        for cell in cells:
            spot = spot_of(cell.get("r") or "")
            col = spot[1] if spot else col + 1
            _cell(sheet, (spot[0] if spot else row, col), cell, book)
    for entry in root.iterfind("{*}mergeCells/{*}mergeCell"):
        merged = range_of(entry.get("ref") or "")
        if merged:
            sheet.merged.append(merged)


def _rows(root: etree._Element) -> Iterator[tuple[int, Iterator[etree._Element], bool]]:
    row = -1
    default = root.find("{*}sheetFormatPr")
    unlisted_hidden = default is not None and default.get("zeroHeight") in ("1", "true")
    for element in root.iterfind("{*}sheetData/{*}row"):
        row = min(_number(element.get("r"), row + 2) - 1, MAX_ROWS - 1)
        hidden = element.get("hidden")
        yield max(row, 0), element.iterchildren("{*}c"), hidden in ("1", "true") if hidden else unlisted_hidden


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def _cell(sheet: Sheet, spot: tuple[int, int], cell: etree._Element, book: _Book) -> None:
    """Put the text of a cell into the sheet."""
    kind = cell.get("t") or "n"
    value = cell.find("{*}v")
    said = (value.text or "") if value is not None else ""
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        text = _rich(inline) if inline is not None else _decoded(said)
    elif kind == "s":
        at = _number(said.strip(), -1)
        # A string that is not there is lost, which has to be seen.
        text = book.strings[at] if 0 <= at < len(book.strings) else "\ufffd"
    elif kind == "b":
        text = {"1": "TRUE", "0": "FALSE"}.get(said.strip(), said)
    elif kind == "n":
        text = _numeric(sheet, spot, said, cell, book)
    else:
        text = _decoded(said)
    if not said and kind != "str" and cell.find("{*}f") is not None:
        sheet.without_value.append(spot)
    if text.strip():
        sheet.texts[spot] = text


def _numeric(sheet: Sheet, spot: tuple[int, int], said: str, cell: etree._Element, book: _Book) -> str:
    if not said.strip():
        return ""
    style = _number(cell.get("s"), 0)
    try:
        text, known = printed(
            float(said), book.formats[style] if style < len(book.formats) else "General", book.since_1904
        )
    except (ValueError, OverflowError):
        text, known = said, False
    if not known:
        sheet.unsure.append(spot)
    return text
