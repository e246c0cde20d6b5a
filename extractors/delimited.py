"""Tab-separated text: the text layer of a table, page after page.

A line with tabs is a row, a line without is text around the table or the rest of a wrapped cell. Nothing is
known here about what the table says; shifted cells stay where the separators put them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.headings import CONTINUED, PART_NUMBER, could_be_heading, is_repeat
from extractors.model import Cell, Provenance, SourceDocument, Table, TextBlock
from extractors.textlines import Line, read_lines

_BLANKS = re.compile(r"\s+")
#: A line that ends a page: 第 3 页 共 9 页, — 3 —, - 3 -, 3 / 9, 3.
_PAGE_NUMBER = re.compile(r"第\d+页([,，/]?共\d+页)?|[-—–－·]+\d+[-—–－·]+|\d+/\d+|\d{1,4}")
#: Lines below a table that are no wrapped cell.
_NOTE = re.compile(
    r"(注|说明|备注|备  注|附注)\s*\d?\s*[:：]|附件|附表|附：|(联系|填报|制表|审核|签发|印发)\S{0,4}[:：]"
)
#: A line that is a heading of a part of the table: 一、工业经济, （二）开放.
_BANNER = re.compile(rf"({PART_NUMBER.pattern})[^。；]{{1,40}}")
_BRACKETED = re.compile(r"\s*[(（]\s*(\d{1,4})\s*[)）]")
_DOTTED = re.compile(r"\s*(\d{1,4})\s*(?:[、．]|\.(?!\d))")
_INTEGER = re.compile(r"\d{1,4}")


@dataclass(slots=True)
class _Reading:
    """What was read so far."""

    width: int
    numbering: re.Pattern[str]
    has_form_feeds: bool
    page: int = 1
    page_ended: bool = False
    rows: list[Line] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)
    #: The task number that the last row carried.
    number: int | None = None
    #: The lines of text above the table that is being read, and those whose table is still to come.
    caption: str = ""
    pending: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)

    def close_table(self) -> None:
        """The rows so far are a table; the next row begins another."""
        if self.rows:
            self.tables.append(_table(self.rows, self.caption))
        self.rows, self.caption = [], ""

    def keep(self, line: Line) -> None:
        """Note a line of text on the current page."""
        self.blocks.append(TextBlock(" ".join(line.filled), Provenance(self.page, None, line.place.line)))

    def keep_pending(self) -> None:
        """Put the lines of text seen since the last table where they belong: on the current page."""
        for line in self.pending:
            self.keep(line)
        self.caption = "\n".join(" ".join(line.filled) for line in self.pending) or self.caption
        self.pending = []

    def turn_page(self) -> None:
        """The page ends here."""
        self.close_table()
        self.page += 1
        self.page_ended = False


def parse(text: str, path: str) -> SourceDocument:
    """The tables and text blocks of a tab-separated text.

    Pages are told by form feeds; in a text without any, by repeated headings and by page numbers on lines of
    their own. The table's first row is its heading.
    """
    return parse_lines(read_lines(text), has_form_feeds(text), path)


def has_form_feeds(text: str) -> bool:
    """Whether form feeds part the pages of a text."""
    return "\f" in text.strip("\f")


def is_page_number(text: str) -> bool:
    """Whether a line is nothing but the number of a page."""
    return bool(_PAGE_NUMBER.fullmatch(_BLANKS.sub("", text)))


def parse_lines(lines: Sequence[Line], form_feeds: bool, path: str, texts: Sequence[Line] = ()) -> SourceDocument:
    """The tables and text blocks of lines whose fields are known; ``form_feeds``: their pages are, too.

    ``texts`` are those lines that are known to be text around the tables.
    """
    reading = _Reading(_width(lines), _numbering(lines), form_feeds)
    known = {id(line) for line in texts}
    after_blank = True
    for line in lines:
        if not line.filled:
            after_blank = True
            continue
        if reading.has_form_feeds and line.page != reading.page:
            reading.keep_pending()
            reading.close_table()
            reading.page = line.page
        if id(line) in known:
            reading.pending.append(line)
        else:
            _take(line, reading, after_blank)
        after_blank = False
    reading.close_table()
    reading.keep_pending()
    pages = max([reading.page, *(line.page for line in lines if line.filled)], default=1)
    return SourceDocument(path, "txt", pages, tuple(reading.tables), tuple(reading.blocks))


def _take(line: Line, reading: _Reading, after_blank: bool) -> None:
    """Sort one line that is not blank: a row, the rest of a wrapped cell, or text outside the table."""
    said = _BLANKS.sub("", "".join(line.fields))
    if len(line.fields) > 1 and not _is_caption(line, reading):
        _take_row(line, reading)
    elif len(line.fields) == 1 and (_PAGE_NUMBER.fullmatch(said) or CONTINUED.fullmatch(said)):
        reading.keep_pending()
        reading.keep(line)
        reading.page_ended = reading.page_ended or (not reading.has_form_feeds and bool(_PAGE_NUMBER.fullmatch(said)))
    elif reading.headings and _BANNER.fullmatch(said) and reading.rows:
        _take_row(line, reading)
    elif reading.rows and not after_blank and not reading.pending and not _is_text(said, reading):
        if _is_next_row(line, reading):
            _take_row(line, reading)
        else:
            reading.rows[-1].absorb(line)
    else:
        reading.pending.append(line)


def _is_text(said: str, reading: _Reading) -> bool:
    """Whether a line right below a row is text of its own: a note, or the running title."""
    return bool(_NOTE.match(said)) or any(_BLANKS.sub("", block.text) == said for block in reading.blocks)


def _is_caption(line: Line, reading: _Reading) -> bool:
    """A title or 填报单位：… row that a spreadsheet padded with tabs, above any heading; or a note below the table."""
    if not reading.headings:
        return len(line.filled) <= 2 and not could_be_heading(line.labels)
    in_notes = bool(reading.pending) and bool(_NOTE.match(reading.pending[0].filled[0]))
    return line.fields[0].strip() != "" and len(line.filled) == 1 and (in_notes or bool(_NOTE.match(line.filled[0])))


def _take_row(line: Line, reading: _Reading) -> None:
    repeated = any(is_repeat(line.labels, known) for known in reading.headings)
    if reading.rows and not reading.pending and not repeated and _is_wrapped(reading.rows[-1], line, reading):
        reading.rows[-1].absorb(line)
        return
    new_heading = not reading.rows and bool(reading.tables) and bool(reading.pending) and could_be_heading(line.labels)
    new_page = repeated or new_heading or reading.page_ended
    if new_page and not reading.has_form_feeds and (reading.tables or reading.rows):
        reading.turn_page()
    elif repeated or reading.pending:
        reading.close_table()
    banner = _banner_above(reading) if repeated or not reading.headings or new_heading else None
    reading.keep_pending()
    if not reading.headings or new_heading:
        reading.headings.append(line.labels)
    for row in (line, banner):
        if row is not None:
            reading.rows.append(Line(row.first, row.last, reading.page, row.fields))
    reading.number = next((found for part in line.fields if (found := _number(part, reading))), reading.number)


def _banner_above(reading: _Reading) -> Line | None:
    """The line right above a heading when it is the heading of a part (一、工业经济): it belongs to the rows below."""
    if reading.pending and _BANNER.fullmatch(_BLANKS.sub("", reading.pending[-1].fields[0])):
        return reading.pending.pop()
    return None


def _is_wrapped(row: Line, line: Line, reading: _Reading) -> bool:
    """Whether a line goes on with the last cell of the row before: there is room for both in one row.

    A line with a number in it is another row, unless the row before has none and both make exactly one row.
    """
    start, end = line.fields[0].strip(), row.fields[-1].strip()
    width = len(row.fields) + len(line.fields) - 1
    if not start or not end or len(row.fields) >= reading.width or width > reading.width:
        return False
    if _opens_row(start, reading):
        return False
    if any(_number(part, reading) for part in line.fields[1:]):
        is_heading = any(is_repeat(row.labels, known) for known in reading.headings)
        return width == reading.width and not is_heading and not any(_number(part, reading) for part in row.fields)
    return not any(_INTEGER.fullmatch(part.strip()) for part in line.fields)


def _opens_row(text: str, reading: _Reading) -> bool:
    """Whether a text begins a row: a number in the style of this table, a whole number alone, 一、 or （一）."""
    return bool(reading.numbering.match(text) or _INTEGER.fullmatch(text) or PART_NUMBER.match(text))


def _is_next_row(line: Line, reading: _Reading) -> bool:
    """Whether a line without tabs is a row that lost them all: it carries the number after the last one."""
    number = _number(line.fields[0], reading)
    return number is not None and number == (reading.number or 0) + 1


def _number(text: str, reading: _Reading) -> int | None:
    """The task number that a text begins with, in the style of this table."""
    match = reading.numbering.match(text)
    return int(match[1]) if match else None


def _numbering(lines: Sequence[Line]) -> re.Pattern[str]:
    """The style in which the table numbers its tasks: in brackets or with a dot, whichever more cells begin with."""
    parts = [part for line in lines if len(line.fields) > 1 for part in line.fields]
    counts = {style: sum(bool(style.match(part)) for part in parts) for style in (_BRACKETED, _DOTTED)}
    return max(counts, key=lambda style: counts[style])


def _width(lines: Sequence[Line]) -> int:
    """How many fields a whole row has: the most that at least one row in twenty has."""
    counts = Counter(len(line.fields) for line in lines if len(line.fields) > 1)
    enough = sum(counts.values()) / 20
    return max((count for count, times in counts.items() if times >= enough), default=0)


def _table(rows: Sequence[Line], caption: str) -> Table:
    n_cols = max(len(row.fields) for row in rows)
    cells = tuple(
        Cell(row.fields[col].strip() if col < len(row.fields) else "", index, col, 1, 1, row.place)
        for index, row in enumerate(rows)
        for col in range(n_cols)
    )
    return Table(rows[0].page, len(rows), n_cols, cells, "delimited", tuple(len(row.fields) for row in rows), caption)
