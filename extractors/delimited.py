"""Tab-separated text: the text layer of a table, page after page.

A line with tabs is a row, a line without is text around the table or the rest of a wrapped cell. Nothing is
known here about what the table says; shifted cells stay where the separators put them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from extractors.headings import could_be_heading, is_repeat
from extractors.model import Cell, Provenance, SourceDocument, Table, TextBlock

_LINE_END = re.compile(r"\r\n|\r|\n|\v|\x85|\u2028|\u2029")
_BLANKS = re.compile(r"\s+")
#: A line that ends a page: 第 3 页 共 9 页, — 3 —, - 3 -, 3 / 9.
_PAGE_NUMBER = re.compile(r"第\d+页(共\d+页)?|[-—–－·]+\d+[-—–－·]+|\d+/\d+")
#: Lines below a table that are no wrapped cell.
_NOTE = re.compile(r"(注|说明|备注|备  注|附注)\s*\d?[:：]|附件|附表|附：|(联系|填报|制表|审核|签发|印发)\S{0,4}[:：]")
#: What opens a new row rather than going on with a wrapped one: 3, (12), （12）, 12., 12、, 一、.
_ROW_START = re.compile(r"[(（]?\s*\d+\s*[)）.．、]|\d+$|[一二三四五六七八九十]+、")
#: A quoted cell (as spreadsheet programs write it) may go on over this many lines at most.
_MAX_QUOTED_LINES = 40


@dataclass(slots=True)
class _Line:
    """A row of the text: the fields of one line, or of several when a cell was wrapped."""

    first: int
    last: int
    page: int
    fields: list[str]

    @property
    def place(self) -> Provenance:
        line = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return Provenance(self.page, None, line)

    @property
    def heading(self) -> tuple[str, ...]:
        """What stands in the row, without white space: repeated headings are equal in this."""
        return tuple(text for field in self.fields if (text := _BLANKS.sub("", field)))


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    width: int
    has_form_feeds: bool
    page: int = 1
    page_ended: bool = False
    rows: list[_Line] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)
    #: The task number that the last row carried.
    number: int | None = None
    pending: list[_Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)

    def close_table(self) -> None:
        if self.rows:
            self.tables.append(_table(self.rows))
            self.rows = []

    def keep_pending(self) -> None:
        """Put the lines of text seen since the last table where they belong: on the current page."""
        for line in self.pending:
            text = " ".join(part for part in line.fields if part.strip()).strip()
            self.blocks.append(TextBlock(text, Provenance(self.page, None, line.place.line)))
        self.pending = []

    def turn_page(self) -> None:
        self.close_table()
        self.page += 1
        self.page_ended = False


def parse(text: str, path: str) -> SourceDocument:
    """The tables and text blocks of a tab-separated text.

    Pages are told by form feeds; in a text without any, by repeated headings and by page numbers on lines of
    their own. The table's first row is its heading.
    """
    lines = list(_lines(text))
    reading = _Reading(_width(lines), "\f" in text.strip("\f"))
    previous_blank = True
    for line in lines:
        if not any(part.strip() for part in line.fields):
            previous_blank = True
            continue
        if reading.has_form_feeds and line.page != reading.page:
            reading.keep_pending()
            reading.close_table()
            reading.page = line.page
        _take(line, reading, previous_blank)
        previous_blank = False
    reading.close_table()
    reading.keep_pending()
    pages = max([reading.page, *(line.page for line in lines if any(map(str.strip, line.fields)))], default=1)
    return SourceDocument(path, "txt", pages, tuple(reading.tables), tuple(reading.blocks))


def _take(line: _Line, reading: _Reading, after_blank: bool) -> None:
    """Sort one line that is not blank: a row, the rest of a wrapped cell, or text outside the table."""
    joined = "".join(line.fields)
    if len(line.fields) > 1 and not _is_caption(line, reading):
        _take_row(line, reading)
    elif _PAGE_NUMBER.fullmatch(_BLANKS.sub("", joined)):
        reading.keep_pending()
        reading.blocks.append(TextBlock(joined.strip(), Provenance(reading.page, None, str(line.first))))
        reading.page_ended = not reading.has_form_feeds
    elif reading.rows and not after_blank and not reading.pending and not _NOTE.match(joined.strip()):
        if _is_next_row(line, reading):
            _take_row(line, reading)
        else:
            _append(reading.rows[-1], line)
    else:
        reading.pending.append(line)


def _take_row(line: _Line, reading: _Reading) -> None:
    repeated = any(is_repeat(line.heading, known) for known in reading.headings)
    going_on = reading.rows and not reading.pending and not repeated
    if going_on and _is_wrapped(reading.rows[-1], line, reading.width):
        _append(reading.rows[-1], line)
        return
    new_heading = not reading.rows and bool(reading.tables) and bool(reading.pending) and could_be_heading(line.heading)
    if not reading.has_form_feeds and (repeated or new_heading or reading.page_ended) and reading.tables + reading.rows:
        reading.turn_page()
    elif repeated or reading.pending:
        reading.close_table()
    reading.keep_pending()
    if not reading.headings or new_heading:
        reading.headings.append(line.heading)
    reading.rows.append(_Line(line.first, line.last, reading.page, line.fields))
    reading.number = next((found for part in line.fields if (found := _number(part))), reading.number)


def _is_caption(line: _Line, reading: _Reading) -> bool:
    """A title that a spreadsheet padded with tabs: one filled field, the first, before any heading."""
    filled = [index for index, part in enumerate(line.fields) if part.strip()]
    return filled == [0] and (not reading.headings or bool(_NOTE.match(line.fields[0].strip())))


def _is_wrapped(row: _Line, line: _Line, width: int) -> bool:
    """Whether a line goes on with the last cell of the row before: no number in it, and room for both in one row."""
    fits = len(row.fields) < width and len(row.fields) + len(line.fields) - 1 <= width
    start, end = line.fields[0].strip(), row.fields[-1].strip()
    return fits and bool(start) and bool(end) and not any(_ROW_START.match(part.strip()) for part in line.fields)


def _is_next_row(line: _Line, reading: _Reading) -> bool:
    """Whether a line without tabs is a row that lost them all: it carries the number after the last one."""
    number = _number(line.fields[0])
    return number is not None and number == (reading.number or 0) + 1


def _number(text: str) -> int | None:
    """The number that a text begins with: (12), （12）, 12. or 12、 but not 12.5."""
    match = re.match(r"\s*(?:[(（]\s*(\d{1,4})\s*[)）]|(\d{1,4})\s*(?:[、．]|\.(?!\d)))", text)
    return int(match[1] or match[2]) if match else None


def _append(row: _Line, line: _Line) -> None:
    row.fields[-1:] = [f"{row.fields[-1].rstrip()}\n{line.fields[0].lstrip()}", *line.fields[1:]]
    row.last = line.last


def _lines(text: str) -> Iterator[_Line]:
    """The lines with their numbers (from 1) and pages by form feed, quoted line breaks undone."""
    page, numbered = 1, []
    for number, line in enumerate(_LINE_END.split(text), 1):
        for part_no, part in enumerate(line.split("\f")):
            page += part_no > 0
            numbered.append((number, page, part))
    index = 0
    while index < len(numbered):
        number, page, content = numbered[index]
        count = _quoted_lines(numbered[index:])
        content = "\n".join(part for _, _, part in numbered[index : index + count])
        yield _Line(number, numbered[index + count - 1][0], page, _fields(content))
        index += count


def _quoted_lines(rest: Sequence[tuple[int, int, str]]) -> int:
    """How many lines the first one takes: a field that opens a quote runs on until a field closes it."""
    first = rest[0][2]
    if '"' not in first or not _opens_quote(first):
        return 1
    for count, (_, _, line) in enumerate(rest[1:_MAX_QUOTED_LINES], 2):
        if re.search(r'(?<!")"(\t|$)', line):
            return count
    return 1


def _opens_quote(line: str) -> bool:
    last = line.rsplit("\t", 1)[-1]
    return last.startswith('"') and last.count('"') % 2 == 1


def _fields(line: str) -> list[str]:
    fields = line.split("\t")
    return [_unquote(part) for part in fields]


def _unquote(part: str) -> str:
    if len(part) > 1 and part.startswith('"') and part.endswith('"') and part.count('"') % 2 == 0:
        inner = part[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return part


def _width(lines: Iterable[_Line]) -> int:
    """How many fields a whole row has: the most that at least one row in twenty has."""
    counts = Counter(len(line.fields) for line in lines if len(line.fields) > 1)
    enough = sum(counts.values()) / 20
    return max((count for count, times in counts.items() if times >= enough), default=0)


def _table(rows: Sequence[_Line]) -> Table:
    n_cols = max(len(row.fields) for row in rows)
    cells = tuple(
        Cell(row.fields[col].strip() if col < len(row.fields) else "", index, col, 1, 1, row.place)
        for index, row in enumerate(rows)
        for col in range(n_cols)
    )
    return Table(rows[0].page, len(rows), n_cols, cells, "delimited")
