"""The rows of a table, every value in its column, merged cells carried down.

Ruled and delimited tables come out alike: a ruled table knows its merged cells; in a delimited one a blank cell
continues the merged cell above it, after shifted cells have been put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.model import JoinedCell, LogicalTable, Provenance
from normalizers.align import AlignedRow, Layout, align
from normalizers.columns import body_rows, is_numbered_in_column, learn, spread
from normalizers.headings import Heading
from normalizers.records import Method
from normalizers.reference import ReadingRules, Reference
from normalizers.text import squeeze

#: The heading of a part of the table: 一、工业经济, （二）开放. It is short and no sentence.
BANNER = re.compile(r"\s*([一二三四五六七八九十百]+\s*、|[（(][一二三四五六七八九十百]+[)）])[^。；]+$")
CHINESE_NUMERAL = re.compile("[一二三四五六七八九十百]+")
_MAX_BANNER = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """What a column says in a row.

    ``fresh``: the cell begins in this row; ``wide``: it covers its neighbour too; ``doubt``: (rule, detail) when it
    is not sure that the text belongs here, which goes for every row that the cell is carried down to.
    """

    text: str
    provenance: tuple[Provenance, ...]
    method: Method
    fresh: bool
    wide: bool = False
    doubt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: ``entries`` by column, and what was in doubt when its cells were put into columns.

    ``lone`` is what the row says when only its first cell says anything.
    """

    page: int
    place: tuple[Provenance, ...]
    entries: dict[int, Entry]
    moved: frozenset[int] = frozenset()
    is_banner: bool = False
    unplaced: tuple[str, ...] = ()
    lone: str | None = None


def read_grid(
    table: LogicalTable, heading: Heading, reference: Reference, rules: ReadingRules
) -> tuple[Heading, list[GridRow]]:
    """The rows below the heading and the heading as it was understood."""
    rows = body_rows(table, heading)
    if table.form == "ruled":
        return heading, list(_ruled(table, heading, rules))
    heading = spread(heading, rows, reference)
    in_column = is_numbered_in_column(rows, heading)
    layout = Layout(heading.roles, in_column, reference, learn(rows, heading, reference))
    grid: list[GridRow] = []
    last: dict[int, Entry] = {}
    for index, cells in rows:
        filled = [cell for cell in cells if cell.text]
        if is_banner(filled, heading, in_column):
            grid.append(_banner_row(filled))
        elif filled:
            aligned = align(cells, table.surplus[index] if table.surplus else 0, layout)
            grid.append(_delimited(cells, aligned, heading, rules, last))
    return heading, grid


def is_banner(filled: Sequence[JoinedCell], heading: Heading, numbered_in_column: bool) -> bool:
    """Whether a row of a delimited table is the heading of a part of it: 一、工业经济 alone, or 一 and 工业经济."""
    texts = [cell.text for cell in filled]
    if len(texts) == 2 and numbered_in_column and heading.roles[filled[0].col] == "number":
        return bool(CHINESE_NUMERAL.fullmatch(squeeze(texts[0]))) and len(squeeze(texts[1])) <= _MAX_BANNER
    return len(texts) == 1 and bool(BANNER.match(texts[0])) and len(squeeze(texts[0])) <= _MAX_BANNER


def _banner_row(filled: Sequence[JoinedCell]) -> GridRow:
    """A banner as a row with one entry: 一 beside 工业经济 is 一、工业经济."""
    place = filled[0].provenance
    text = filled[0].text if len(filled) == 1 else f"{squeeze(filled[0].text)}、{filled[1].text}"
    return GridRow(place[0].page, place, {0: Entry(text, place, "read", True)}, is_banner=True)


def _delimited(
    cells: Sequence[JoinedCell],
    aligned: AlignedRow,
    heading: Heading,
    rules: ReadingRules,
    last: dict[int, Entry],
) -> GridRow:
    """One row of a delimited table; ``last`` holds the last entry of each column and is brought up to date."""
    place = cells[0].provenance
    page = place[0].page
    entries: dict[int, Entry] = {}
    for col, cell in aligned.cells.items():
        text = cell.text
        if squeeze(text) in rules.ditto_marks:
            continue
        method: Method = "realigned" if col in aligned.moved else "read"
        blank = squeeze(text) in rules.empty_marks
        covered = range(cell.col, cell.col + cell.col_span)
        wide = len(covered) > 1 and not any(other in aligned.cells for other in covered if other != col)
        entries[col] = Entry("" if blank else text, cell.provenance, method, True, wide)
    _carry_down(entries, heading, rules, last, page)
    for col, doubt in _doubts(aligned, heading).items():
        if col in entries:
            entries[col] = last[col] = replace(entries[col], doubt=doubt)
    placed = list(aligned.cells.values())
    unplaced = tuple(cell.text for cell in cells if cell.text and cell not in placed)
    lone = cells[0].text if sum(bool(cell.text) for cell in cells) == 1 and cells[0].text else None
    return GridRow(page, place, entries, aligned.moved, _is_lone(aligned, heading), unplaced, lone)


def _doubts(aligned: AlignedRow, heading: Heading) -> dict[int, tuple[str, str]]:
    """The columns of a slipped row whose text is not sure to be theirs, with the rule and the reason."""
    labels = heading.labels
    doubts = {
        col: ("lost_cell", f"nothing is left of the cell under {labels[col]}: the row is damaged")
        for col in aligned.lost
    }
    if aligned.rival is not None:
        text, col, other = aligned.rival
        detail = f"{text[:30]} was read under {labels[col]}, but could as well stand under {labels[other]}"
        doubts |= {col: ("ambiguous_alignment", detail), other: ("ambiguous_alignment", detail)}
    return doubts


def _carry_down(
    entries: dict[int, Entry], heading: Heading, rules: ReadingRules, last: dict[int, Entry], page: int
) -> None:
    """Fill blank cells from the merged cells above them; a cell ends those of all columns under its heading."""
    fresh = {heading.labels[col] for col in entries}
    has_content = any(heading.roles[col] == "content" for col in entries)
    for col, role in enumerate(heading.roles):
        if col in entries:
            last[col] = entries[col]
        elif heading.labels[col] in fresh:
            last.pop(col, None)
        elif has_content and role in rules.blank_continues and role not in ("number", "category") and col in last:
            entries[col] = _carried(last[col], page)


def _carried(entry: Entry, page: int) -> Entry:
    """The entry of a merged cell in a later row."""
    other_page = entry.provenance[0].page != page
    return replace(entry, fresh=False, method="continued" if other_page else "inherited")


def _is_lone(aligned: AlignedRow, heading: Heading) -> bool:
    """Whether a delimited row has one cell only, at its beginning: a banner or a note."""
    return len(aligned.cells) == 1 and heading.roles[min(aligned.cells)] in ("number", "category", None)


def _ruled(table: LogicalTable, heading: Heading, rules: ReadingRules) -> Iterator[GridRow]:
    """The rows of a table whose spans are known."""
    cover: dict[tuple[int, int], JoinedCell] = {}
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                cover[row, col] = cell
    last: dict[int, Entry] = {}
    for row in range(heading.rows, table.n_rows):
        cells = [cover[row, col] for col in range(table.n_cols)]
        fresh = [cell for cell in cells if cell.row == row]
        own = (fresh or cells)[0].provenance
        page = own[0].page
        entries: dict[int, Entry] = {}
        for col, cell in enumerate(cells):
            if col > 0 and cells[col - 1] is cell and heading.roles[col] != heading.roles[col - 1]:
                continue  # a cell over several headings is read under the first of them
            entries[col] = _ruled_entry(cell, row, col, page, rules, last)
            last[col] = entries[col]
        filled = {cell for cell in fresh if cell.text}
        lone = cells[0].text if filled == {cells[0]} else None
        yield GridRow(page, own, entries, is_banner=_is_banner(cells, heading), lone=lone)


def _ruled_entry(cell: JoinedCell, row: int, col: int, page: int, rules: ReadingRules, last: dict[int, Entry]) -> Entry:
    mark = squeeze(cell.text)
    if mark in rules.ditto_marks and col in last:
        return _carried(last[col], page)
    text = "" if mark in rules.empty_marks else cell.text
    wide = cell.col_span > 1
    if cell.row == row:
        return Entry(text, cell.provenance, "read", True, wide)
    other_page = cell.provenance[0].page != page
    return Entry(text, cell.provenance, "continued" if other_page else "inherited", False, wide)


def _is_banner(cells: Sequence[JoinedCell], heading: Heading) -> bool:
    """Whether one cell covers the row from before the content to behind it."""
    content = heading.roles.index("content")
    return cells[content].text != "" and all(cell is cells[content] for cell in cells)
