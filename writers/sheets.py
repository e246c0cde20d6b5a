"""How one sheet of the workbook looks: styles, widths, the frozen heading and its filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from normalizers.records import Severity

_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_BORDER = {"border": 1, "border_color": "#D9D9D9"}
_FILLS: dict[Severity | None, dict[str, Any]] = {
    "critical": {"bg_color": "#FBE5E1"},
    "warning": {"bg_color": "#FFF8E1"},
}

#: In characters of the default font; a Chinese character counts as two.
_MIN_WIDTH, _MAX_WIDTH = 6, 60
#: Room for the filter's arrow beside a heading, and for the margins of a cell.
_ARROW, _MARGIN = 3, 2
#: The tenth of a column's cells that is longest wraps rather than widens the column.
_UNWRAPPED = 0.9
#: Heights in points; Excel's highest row.
_LINE_HEIGHT, _PADDING, _MAX_HEIGHT = 14.5, 3, 409
_HEADING_HEIGHT = 22
#: A cell of Excel holds that many UTF-16 units at most.
_CELL_LIMIT = 32767
_CUT = "…（单元格放不下，全文见 CSV）"
#: Excel shows a longer text as ##### in a cell whose number format is text.
_TEXT_FORMAT_LIMIT = 255
#: What Excel would take for a formula when somebody edits a cell whose number format is not text.
_FORMULA_SIGNS = ("=", "+", "-", "@")

#: ``text`` stays a text also when somebody edits the cell: by its number format, or where it is too long for that and
#: looks like a formula (``quoted``), by Excel's mark for a leading apostrophe. Neither changes the value.
Kind = Literal["text", "long", "quoted", "number"]
_LAYOUTS: dict[Kind, dict[str, Any]] = {
    "text": {"text_wrap": True, "num_format": "@"},
    "long": {"text_wrap": True},
    "quoted": {"text_wrap": True, "quote_prefix": True},
    "number": {"align": "center"},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading row, rows of values, and the severity that tints each row."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    tones: Sequence[Severity | None]
    frozen_columns: int = 0


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._cells: dict[tuple[Severity | None, Kind], Any] = {}

    def cell(self, tone: Severity | None = None, kind: Kind = "text") -> Any:
        """A cell of a table."""
        key = (tone, kind)
        if key not in self._cells:
            self._cells[key] = self._format(_BORDER | _LAYOUTS[kind] | _FILLS.get(tone, {}))
        return self._cells[key]

    @cached_property
    def heading(self) -> Any:
        """A cell of the heading row."""
        look = {"bold": True, "bg_color": "#DCE6EF", "text_wrap": True, "align": "center", "valign": "vcenter"}
        return self._format(_BORDER | look)

    @cached_property
    def title(self) -> Any:
        """The title of the notes."""
        return self._format({"bold": True, "font_size": 14})

    @cached_property
    def label(self) -> Any:
        """The name of a value in the notes."""
        return self._format({"font_color": "#595959"})

    @cached_property
    def plain(self) -> Any:
        """A text of the notes."""
        return self._format({})

    def _format(self, properties: dict[str, Any]) -> Any:
        return self._book.add_format(_FONT | properties)


def write_sheet(book: Any, styles: Styles, content: Sheet) -> None:
    """Add the sheet to the workbook, with frozen heading, filter, widths, and a layout for printing."""
    sheet = book.add_worksheet(content.name)
    for index, heading in enumerate(content.headings):
        sheet.write_string(0, index, heading, styles.heading)
    lines = [[line_lengths(value) for value in row] for row in content.rows]
    widths = [width(heading, [row[index] for row in lines]) for index, heading in enumerate(content.headings)]
    for index, value in enumerate(widths):
        sheet.set_column(index, index, value)
    for number, (values, tone) in enumerate(zip(content.rows, content.tones, strict=True), 1):
        sheet.set_row(number, height(lines[number - 1], widths))
        for index, value in enumerate(values):
            _write_cell(sheet, styles, number, index, value, tone)
    last_row, last_column = len(content.rows), len(content.headings) - 1
    sheet.set_row(0, _HEADING_HEIGHT)
    sheet.freeze_panes(1, content.frozen_columns)
    sheet.autofilter(0, 0, last_row, last_column)
    # Codes such as 320404 are texts on purpose: no green corners.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.repeat_rows(0)
    set_up_page(sheet)


def set_up_page(sheet: Any) -> None:
    """Print on A4, landscape, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def width(heading: str, cells: Sequence[Sequence[int]]) -> int:
    """The width of a column, from the lengths of the lines in each of its cells."""
    lengths = sorted(max(lines) for lines in cells if lines)
    usual = lengths[int((len(lengths) - 1) * _UNWRAPPED)] if lengths else 0
    return min(max(usual + _MARGIN, _display_length(heading) + _ARROW, _MIN_WIDTH), _MAX_WIDTH)


def height(cells: Sequence[Sequence[int]], widths: Sequence[int]) -> float:
    """The height that shows every line of a row when it wraps; not every program finds it by itself."""
    wrapped = max(
        sum(-(-length // (column - 1)) or 1 for length in lines) if lines else 1
        for lines, column in zip(cells, widths, strict=True)
    )
    return min(wrapped * _LINE_HEIGHT + _PADDING, _MAX_HEIGHT)


def line_lengths(value: Any) -> list[int]:
    """The length of every line of a cell; none for an empty one."""
    return [] if value is None else [_display_length(line) for line in str(value).splitlines()]


def _display_length(text: str) -> int:
    """About how many letters wide a text is: in UTF-8 a letter has one byte, a hanzi, twice as wide, has three."""
    return (len(text.encode()) + len(text)) // 2


def _write_cell(sheet: Any, styles: Styles, line: int, index: int, value: Any, tone: Severity | None) -> None:
    if value is None:
        sheet.write_blank(line, index, None, styles.cell(tone))
    elif isinstance(value, str):
        _write_text(sheet, styles, (line, index), _fitted(value), styles.cell(tone, _kind(value)))
    else:
        sheet.write_number(line, index, value, styles.cell(tone, "number"))


def _write_text(sheet: Any, styles: Styles, place: tuple[int, int], text: str, style: Any) -> None:
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take it for its own mark-up; in two pieces it is a text again.
        sheet.write_rich_string(*place, text[:3], styles.plain, text[3:], style)
    else:
        sheet.write_string(*place, text, style)


def _kind(text: str) -> Kind:
    if len(text) <= _TEXT_FORMAT_LIMIT:
        return "text"
    return "quoted" if text.startswith(_FORMULA_SIGNS) else "long"


def _fitted(text: str) -> str:
    """The text, cut visibly where a cell can't hold it."""
    if len(text.encode("utf-16-le")) // 2 <= _CELL_LIMIT:
        return text
    room = (_CELL_LIMIT - len(_CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + _CUT
