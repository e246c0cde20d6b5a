"""The rows of a table whose rulings give its cells and their spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractors.model import JoinedCell, LogicalTable, Provenance
from normalizers.blanks import Blanks, read_blanks
from normalizers.grid import BANNER, CHINESE_NUMERAL, MAX_BANNER, Entry, Grid, GridRow, carried
from normalizers.headings import Heading, Role
from normalizers.meaning import TASK_NUMBER, has_task_number
from normalizers.records import Method
from normalizers.reference import ReadingRules
from normalizers.text import numeral, squeeze
from normalizers.wide_headings import settle_columns

#: Columns that say where a task stands and what it is; the others say who carries it, and until when.
_TASK: frozenset[Role | None] = frozenset({"number", "category", "content", "measures", None})
#: A cell with a longer text is no mark for nothing or for the same as above.
_MAX_MARK = 12
#: A row of the grid: for each column the cell that covers it.
Cover = Sequence[JoinedCell]


def read_ruled(
    table: LogicalTable, heading: Heading, rules: ReadingRules, captions: Mapping[int, Sequence[GridRow]]
) -> Grid:
    """The rows of a table whose spans are known; ``captions`` are the rows to put before some of its own."""
    cover = _cover(table)
    heading = settle_columns(heading, cover)
    every = range(heading.rows, table.n_rows)
    in_text = not _numbered_in_column(cover[heading.rows :], heading)
    banners = {row: banner for row in every if (banner := _banner(cover[row], row, heading, in_text))}
    bodies = [row for row in every if row not in banners]
    listed = any(piece.listed for piece in table.tables)
    blanks = Blanks() if listed else read_blanks(cover, bodies, heading, rules)
    reader = _Reader(heading, rules, blanks)
    rows: list[GridRow] = []
    for row in every:
        own = reader.banner(cover[row], row, banners[row]) if row in banners else reader.row(cover[row], row)
        rows += [*captions.get(row, ()), own]
    return Grid(heading, rows, True, dict(blanks.same))


def _cover(table: LogicalTable) -> list[list[JoinedCell]]:
    """For each row and column the cell that covers it; a place that no cell covers is blank."""
    cover: list[list[JoinedCell | None]] = [[None] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row in cover[cell.row : cell.row + cell.row_span]:
            row[cell.col : cell.col + cell.col_span] = [cell] * cell.col_span
    return [
        [cell or JoinedCell("", row, col, 1, 1, _beside(cells)) for col, cell in enumerate(cells)]
        for row, cells in enumerate(cover)
    ]


def _numbered_in_column(cover: Sequence[Cover], heading: Heading) -> bool:
    """Whether the texts of the tasks carry no numbers of their own, so that the number column has them."""
    content = heading.roles.index("content")
    texts = [cells[content].text for row, cells in enumerate(cover, heading.rows) if cells[content].row == row]
    texts = [text for text in texts if text]
    return "number" in heading.roles and sum(map(has_task_number, texts)) * 2 < len(texts)


def _beside(cells: Sequence[JoinedCell | None]) -> tuple[Provenance, ...]:
    return next((cell.provenance for cell in cells if cell is not None), (Provenance(1),))


@dataclass(frozen=True, slots=True)
class _Banner:
    """A row that is the heading of a part of the table: its cell, its text, and whether labels stand beside it."""

    cell: JoinedCell
    text: str
    is_inner: bool


def _banner(cells: Cover, row: int, heading: Heading, in_text: bool) -> _Banner | None:
    """The banner that a row is: one cell over the task and those who carry it, or alone in its row and numbered.

    ``in_text``: tasks carry their numbers in their texts, so that one beside a banner is the banner's own.
    """
    content = cells[heading.roles.index("content")]
    if content.row != row:
        return None
    filled = [cell for col, cell in enumerate(cells) if cell.row == row and cell.col == col and cell.text]
    number = _number_of(filled, heading, in_text)
    rest = [cell for cell in filled if cell is not number]
    text = f"{_bare(number)}、{rest[0].text}" if number and rest else rest[0].text if rest else ""
    others = [cell for cell in rest if cell is not content and heading.roles[cell.col] != "category"]
    if content.text and not others and _is_wide(content, heading) and not _has_task_number(cells, row, heading, number):
        beside = [cells[c] for c, role in enumerate(heading.roles) if role == "category" and cells[c] is not content]
        text = f"{_bare(number)}、{content.text}" if number else content.text
        return _Banner(content, text, any(cell.text for cell in beside))
    if len(rest) != 1 or heading.roles[rest[0].col] not in _TASK or len(squeeze(text)) > MAX_BANNER:
        return None
    is_alone = BANNER.match(text) and (rest[0] is content or not content.text)
    return _Banner(rest[0], text, False) if is_alone else None


def _number_of(filled: Sequence[JoinedCell], heading: Heading, in_text: bool) -> JoinedCell | None:
    """The cell of the number column that numbers a banner: a Chinese numeral, or any where tasks have their own."""
    for cell in filled:
        if heading.roles[cell.col] == "number" and cell.col_span == 1:
            text = _bare(cell)
            if CHINESE_NUMERAL.fullmatch(text) or (in_text and numeral(text) is not None):
                return cell
    return None


def _bare(cell: JoinedCell) -> str:
    return squeeze(cell.text).strip("、.．（）()")


def _has_task_number(cells: Cover, row: int, heading: Heading, number: JoinedCell | None) -> bool:
    """Whether a number that is not the banner's own begins in the row."""
    own = [cells[c] for c, role in enumerate(heading.roles) if role == "number"]
    return any(c is not number and c.row == row and numeral(_bare(c)) is not None for c in own)


def _is_wide(cell: JoinedCell, heading: Heading) -> bool:
    """Whether a cell covers the task and a column of those who carry it."""
    return any(role not in _TASK for role in heading.roles[cell.col : cell.col + cell.col_span])


@dataclass(slots=True)
class _Reader:
    """Reads row by row; ``last`` holds the last entry of each column."""

    heading: Heading
    rules: ReadingRules
    blanks: Blanks
    page: int = 0
    last: dict[int, Entry] = field(default_factory=dict)
    #: What each column's cell says in its later rows, with the cell.
    later: dict[int, tuple[JoinedCell, Entry]] = field(default_factory=dict)

    def row(self, cells: Cover, row: int) -> GridRow:
        """A row of a task."""
        fresh = [cell for col, cell in enumerate(cells) if cell.row == row and cell.col == col]
        own = (fresh or cells)[0].provenance
        self.page = own[0].page if fresh else self.page or own[0].page
        entries = {}
        for col, cell in enumerate(cells):
            entries[col] = self.last[col] = self._entry(cell, row, col)
        filled = [cell for cell in fresh if cell.text]
        lone = filled[0].text if len(filled) == 1 and filled[0].col == 0 else None
        return GridRow(self.page, own, entries, lone=lone)

    def banner(self, cells: Cover, row: int, banner: _Banner) -> GridRow:
        """The heading of a part of the table, with the labels that stand beside it."""
        cell = banner.cell
        self.page = cell.provenance[0].page
        entries = {}
        for col, other in enumerate(cells):
            is_label = other is not cell and self.heading.roles[col] in ("category", "number")
            if is_label and other.text and banner.is_inner:
                entries[col] = self.last[col] = self._entry(other, row, col)
        said = Entry(banner.text, cell.provenance, _method(cell, row, self.page), True, True, None, cell.wraps)
        lone = cell.text if not entries else None
        return GridRow(self.page, cell.provenance, entries, banner=said, is_inner=banner.is_inner, lone=lone)

    def _entry(self, cell: JoinedCell, row: int, col: int) -> Entry:
        if cell.row == row:
            return self._read(cell, row, col)
        known = self.later.get(col)
        if known is None or known[0] is not cell:
            known = self.later[col] = (cell, self._read(cell, row, col))
        return known[1]

    def _read(self, cell: JoinedCell, row: int, col: int) -> Entry:
        mark = squeeze(cell.text) if len(cell.text) <= _MAX_MARK else cell.text
        before = self.last.get(col)
        if before is not None and (mark in self.rules.ditto_marks or (row, col) in self.blanks.places):
            return carried(before, self.page)
        blank = not mark or mark in self.rules.empty_marks
        doubt = None
        if cell.col_span > 1 and not blank:
            place = self._place(cell)
            if self.heading.roles[col] != self.heading.roles[place]:
                return Entry("", cell.provenance, "read", cell.row == row)
            doubt = self._doubt(cell, place)
        method = _method(cell, row, self.page)
        text = "" if blank else cell.text
        return Entry(text, cell.provenance, method, cell.row == row, cell.col_span > 1, doubt, cell.wraps)

    def _place(self, cell: JoinedCell) -> int:
        """The column under which a cell over several headings is read: the first one, unless it says what it is."""
        columns = range(cell.col, cell.col + cell.col_span)
        roles = self.heading.roles
        is_number = numeral(cell.text.strip("()（）.、 ")) is not None
        for wanted, fits in (("number", is_number), ("content", bool(TASK_NUMBER.match(cell.text)) and not is_number)):
            if fits and (own := next((c for c in columns if roles[c] == wanted), None)) is not None:
                return own
        return next((c for c in columns if roles[c] != "number" or is_number), cell.col)

    def _doubt(self, cell: JoinedCell, place: int) -> tuple[str, str] | None:
        """What is in doubt about a cell over several headings."""
        columns = range(cell.col, cell.col + cell.col_span)
        others = {self.heading.labels[col] for col in columns if self.heading.roles[col] not in _TASK}
        if len(others | {self.heading.labels[place]}) < 2:
            return None
        names = "、".join(dict.fromkeys(self.heading.labels[col] for col in columns))
        detail = f"{squeeze(cell.text)[:30]} stands under {names}; it was read under {self.heading.labels[place]} only"
        return "spanning_cell", detail


def _method(cell: JoinedCell, row: int, page: int) -> Method:
    pages = {place.page for place in cell.provenance}
    if len(pages) > 1 or (cell.row != row and page not in pages):
        return "continued"
    return "read" if cell.row == row else "inherited"
