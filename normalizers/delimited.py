"""The rows of a text layer: cells put back into their columns, merged cells carried down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractors.model import JoinedCell, LogicalTable
from normalizers.align import AlignedRow, Layout, align
from normalizers.columns import body_rows, is_numbered_in_column, learn, spread
from normalizers.grid import BANNER, CHINESE_NUMERAL, MAX_BANNER, Entry, Grid, GridRow, carried
from normalizers.headings import Heading
from normalizers.records import Method
from normalizers.reference import ReadingRules, Reference
from normalizers.text import squeeze


def read_delimited(
    table: LogicalTable,
    heading: Heading,
    reference: Reference,
    rules: ReadingRules,
    captions: Mapping[int, Sequence[GridRow]],
) -> Grid:
    """The rows of a table whose columns are separated by marks in a text, and ``captions`` before some of them."""
    rows = body_rows(table, heading)
    heading = spread(heading, rows, reference)
    in_column = is_numbered_in_column(rows, heading)
    layout = Layout(heading.roles, in_column, reference, learn(rows, heading, reference))
    grid: list[GridRow] = []
    last: dict[int, Entry] = {}
    for index, cells in rows:
        grid += captions.get(index, ())
        filled = [cell for cell in cells if cell.text]
        if is_banner(filled, heading, in_column):
            grid.append(_banner_row(filled))
        elif filled:
            aligned = align(cells, table.surplus[index] if table.surplus else 0, layout)
            grid.append(_row(cells, aligned, heading, rules, last))
    return Grid(heading, grid)


def is_banner(filled: Sequence[JoinedCell], heading: Heading, numbered_in_column: bool) -> bool:
    """Whether a row of a delimited table is the heading of a part of it: 一、工业经济 alone, or 一 and 工业经济."""
    texts = [cell.text for cell in filled]
    if len(texts) == 2 and numbered_in_column and heading.roles[filled[0].col] == "number":
        return bool(CHINESE_NUMERAL.fullmatch(squeeze(texts[0]))) and len(squeeze(texts[1])) <= MAX_BANNER
    return len(texts) == 1 and bool(BANNER.match(texts[0])) and len(squeeze(texts[0])) <= MAX_BANNER


def _banner_row(filled: Sequence[JoinedCell]) -> GridRow:
    """A banner as a row: 一 beside 工业经济 is 一、工业经济."""
    place = filled[0].provenance
    text = filled[0].text if len(filled) == 1 else f"{squeeze(filled[0].text)}、{filled[1].text}"
    return GridRow(place[0].page, place, {}, banner=Entry(text, place, "read", True))


def _row(
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
    banner = next(iter(entries.values()), None) if _is_lone(aligned, heading) else None
    return GridRow(page, place, entries, aligned.moved, banner, False, unplaced, lone)


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
            entries[col] = carried(last[col], page)


def _is_lone(aligned: AlignedRow, heading: Heading) -> bool:
    """Whether a delimited row has one cell only, at its beginning: a banner or a note."""
    return len(aligned.cells) == 1 and heading.roles[min(aligned.cells)] in ("number", "category", None)
