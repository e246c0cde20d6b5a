"""One page to its tables and the lines of text around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from extractors.model import Bbox, Cell, Doubt, LeftOut, Provenance, Table
from extractors.pdf.content import Chars, Ints, Page
from extractors.pdf.flow import settle_overflow
from extractors.pdf.grid import Grid, build_grid, place, point
from extractors.pdf.lines import TextLine, read_lines
from extractors.pdf.noise import without_noise
from extractors.pdf.overhang import overhanging
from extractors.pdf.phrases import Band, read_bands
from extractors.pdf.placing import inside as within
from extractors.pdf.placing import owners as owners_of
from extractors.pdf.rulings import find_frameworks
from extractors.pdf.spans import split_unruled_columns
from extractors.pdf.unruled_tables import with_unruled
from extractors.pdf.upright import displayed, upright

#: A ruled frame with text in fewer cells than this is no table: a boxed paragraph, a chart.
_MIN_FILLED = 2
#: But one row of so many cells may be the rest of a row that a page break cut, with text in one of them.
_ROW_OF_CELLS = 3
#: A line ends full when what is left of it could not have taken the next character, and this share of its height.
_SLACK = 0.6
#: Tables whose tops are no further apart than this, in points, stand beside each other.
_BESIDE = 8.0
#: What a page break cuts off a row has at most so many lines.
_HEAD_LINES = 20
#: So many lines above a table belong to it.
_CAPTION_LINES = 6


@dataclass(frozen=True, slots=True)
class PageContent:
    """What was read from a page: ``lines`` are those outside the tables, top to bottom, on the turned page.

    ``doubts`` are those that concern no table; ``head`` are the lines above a table without rulings, or the first ones
    of a page without tables, as phrases: on their own they may be the rest of a row.
    """

    page: Page
    tables: tuple[Table, ...]
    lines: tuple[TextLine, ...]
    left_out: tuple[LeftOut, ...]
    doubts: tuple[Doubt, ...] = ()
    head: tuple[Band, ...] = ()


def is_unruled(table: Table) -> bool:
    """Whether the cells of a table were found without rulings."""
    return any(doubt.rule == "unruled_table" for doubt in table.doubts)


def read_page_tables(page: Page) -> PageContent:
    """The ruled tables of a page, in reading order, and the text around them."""
    page = upright(page)
    chars, left_out = without_noise(page)
    grids = [grid for framework in find_frameworks(page.horizontal, page.vertical) if (grid := build_grid(framework))]
    free = np.ones(len(chars), np.bool_)
    tables: list[tuple[Grid, dict[int, list[TextLine]], list[Doubt]]] = []
    for grid in _outer_first(grids):
        inside = within(chars.boxes, grid) & free
        owners = owners_of(chars.boxes[inside], grid)
        if len(np.unique(owners)) >= _fewest(grid):
            cells = overhanging(chars, grid, inside, owners, _floor(grid, grids, page))
            hangs = cells >= 0
            cells[inside] = owners
            inside = cells >= 0
            free &= ~inside
            tables.append(_understood(grid, chars.take(inside), cells[inside], page))
            if hangs.any():
                tables[-1][2].append(_hanging(chars.take(hangs), grid, sorted(set(cells[hangs].tolist())), page))
    tables, free = with_unruled(tables, chars, free, page)
    return _content(page, tables, chars.take(free), left_out)


def with_tables(content: PageContent, grids: Sequence[tuple[Grid, Sequence[Doubt]]], chars: Chars) -> PageContent:
    """The content of a page with other grids in place of its tables, each with its doubts.

    ``chars`` are the characters of the page without its noise.
    """
    free = np.ones(len(chars), np.bool_)
    tables: list[tuple[Grid, dict[int, list[TextLine]], list[Doubt]]] = []
    for grid, doubts in grids:
        inside = within(chars.boxes, grid) & free
        own = chars.take(inside)
        free &= ~inside
        tables.append((grid, read_lines(own, owners_of(own.boxes, grid)), list(doubts)))
    return _content(content.page, tables, chars.take(free), content.left_out)


def _content(
    page: Page,
    tables: Sequence[tuple[Grid, dict[int, list[TextLine]], list[Doubt]]],
    rest: Chars,
    left_out: Sequence[LeftOut],
) -> PageContent:
    by_place = read_lines(rest, _places_beside(rest, [grid for grid, _, _ in tables])).values()
    outside = sorted((line for lines in by_place for line in lines), key=lambda line: (line.top, line.x0))
    by_height = sorted(tables, key=lambda found: (round(float(found[0].rows[0]) / _BESIDE), found[0].cols[0]))
    ordered = tuple(_with_captions(by_height, outside, page))
    return PageContent(page, ordered, tuple(outside), tuple(left_out), head=_head(ordered, outside, rest))


def _head(tables: Sequence[Table], outside: Sequence[TextLine], rest: Chars) -> tuple[Band, ...]:
    """The lines at the head of a page that the page before may show to be the rest of a row."""
    if not outside or (tables and not is_unruled(tables[0])):
        return ()
    few = outside[: _HEAD_LINES + 1]
    end = tables[0].rows[0] if tables else few[-1].bottom
    if tables and few[-1].bottom < end and len(outside) > _HEAD_LINES:
        return ()
    middles = (rest.boxes[:, 1] + rest.boxes[:, 3]) / 2
    return tuple(read_bands(rest.take(middles < end)))


def _places_beside(chars: Chars, grids: Sequence[Grid]) -> Ints:
    """A place for each character outside the tables: text at the left of a table and at its right is not one line."""
    places = np.zeros(len(chars), np.int64)
    x, y = (chars.boxes[:, 0] + chars.boxes[:, 2]) / 2, (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    for number, grid in enumerate(grids):
        beside = (y > grid.rows[0]) & (y < grid.rows[-1])
        places[beside & (x < grid.cols[0])] = 2 * number + 1
        places[beside & (x > grid.cols[-1])] = 2 * number + 2
    return places


def _fewest(grid: Grid) -> int:
    """In how many cells text has to stand for a grid to be a table."""
    return 1 if len(grid.rows) == 2 and len(grid.slabs) >= _ROW_OF_CELLS else _MIN_FILLED


def _floor(grid: Grid, grids: Sequence[Grid], page: Page) -> float:
    """How far down text below a table may belong to it, in points: to the next table or the page's end."""
    below = [float(other.rows[0]) for other in grids if other.rows[0] >= grid.rows[-1]]
    return min(below, default=page.height)


def _hanging(chars: Chars, grid: Grid, cells: Sequence[int], page: Page) -> Doubt:
    detail = f"{chars.text[:30]} stands below the table and was taken for the text of the cell above it"
    return Doubt("below_table", detail, tuple(place(grid, cell, page) for cell in cells))


def _understood(
    grid: Grid, chars: Chars, owners: Ints, page: Page
) -> tuple[Grid, dict[int, list[TextLine]], list[Doubt]]:
    """The grid and the lines of its cells after what the rulings leave open was settled, with the doubts."""
    lines = read_lines(chars, owners)
    settled, doubts = settle_overflow(chars, owners, lines, grid, page)
    if settled is not owners:  # some were moved
        lines = read_lines(chars, settled)
    open_cells = tuple(place(grid, index, page) for index in sorted(grid.repaired))
    if open_cells:
        doubts.append(Doubt("open_ruling", "the rulings enclose no rectangle here: a line is interrupted", open_cells))
    grid, lines, more = split_unruled_columns(grid, lines, page)
    return grid, lines, [*doubts, *more]


def _outer_first(grids: Sequence[Grid]) -> list[Grid]:
    """The smaller grids first, so that a table inside of a frame keeps its text."""
    return sorted(grids, key=lambda grid: (grid.rows[-1] - grid.rows[0]) * (grid.cols[-1] - grid.cols[0]))


def _with_captions(
    tables: Sequence[tuple[Grid, dict[int, list[TextLine]], list[Doubt]]], outside: Sequence[TextLine], page: Page
) -> Iterator[Table]:
    after = 0.0
    for grid, lines, doubts in tables:
        top, bottom = float(grid.rows[0]), float(grid.rows[-1])
        above = [line.text for line in outside if after <= (line.top + line.bottom) / 2 < top]
        yield _table(grid, lines, doubts, "\n".join(above[-_CAPTION_LINES:]), page)
        after = max(after, bottom)


def _table(
    grid: Grid, lines: Mapping[int, Sequence[TextLine]], doubts: Sequence[Doubt], caption: str, page: Page
) -> Table:
    margins = _margins(grid, lines, is_ruled=not any(doubt.rule == "unruled_table" for doubt in doubts))
    columns, rows = tuple(map(point, grid.cols.tolist())), tuple(map(point, grid.rows.tolist()))
    cells = []
    for index, slab in enumerate(grid.slabs):
        row, col, row_span, col_span = slab
        box = Bbox(columns[col], rows[row], columns[col + col_span], rows[row + row_span])
        own = lines.get(index, ())
        room = box.x1 - box.x0 - sum(margins.get((col, col_span), (0.0, 0.0)))
        text, wraps = _text(own, room)
        ink = _ink(own) if own else None
        where = Provenance(page.number, displayed(box, page), engine=page.engine)
        cells.append(Cell(text, row, col, row_span, col_span, where, wraps, ink))
    return Table(
        page.number, len(rows) - 1, len(columns) - 1, tuple(cells),
        caption=caption, columns=columns, rows=rows, doubts=tuple(doubts),
    )  # fmt: skip


def _ink(lines: Sequence[TextLine]) -> Bbox:
    _, x0, top, x1, bottom, *_ = lines[0]
    if len(lines) > 1:
        x0, top = min([line.x0 for line in lines]), min([line.top for line in lines])
        x1, bottom = max([line.x1 for line in lines]), max([line.bottom for line in lines])
    return Bbox(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


def _margins(
    grid: Grid, lines: Mapping[int, Sequence[TextLine]], *, is_ruled: bool
) -> dict[tuple[int, int], tuple[float, float]]:
    """How near the text comes to the borders in cells of the same columns: what is kept free at the left and the right.

    Rulings are as far from the text on either side, so that the nearer one tells; without them a border stands anywhere
    between the texts of two columns.
    """
    margins: dict[tuple[int, int], tuple[float, float]] = {}
    columns = grid.cols.tolist()
    for index, own in lines.items():
        _, col, _, col_span = grid.slabs[index]
        key = (col, col_span)
        left = max(min([line.x0 for line in own]) - columns[col], 0.0)
        right = max(columns[col + col_span] - max([line.x1 for line in own]), 0.0)
        if is_ruled:
            left = right = min(left, right)
        known = margins.get(key, (left, right))
        margins[key] = min(known[0], left), min(known[1], right)
    return margins


def _text(lines: Sequence[TextLine], room: float) -> tuple[str, tuple[int, ...]]:
    """The text of a cell and the offsets of line breaks that end a full line; ``room`` is what a line can take."""
    if len(lines) < 2:
        return lines[0].text if lines else "", ()
    text = ""
    wraps = []
    for line, following in zip_longest(lines, lines[1:]):
        text += line.text
        if following is not None:
            if room - (line.x1 - line.x0) < following.first + _SLACK * line.height:
                wraps.append(len(text))
            text += "\n"
    return text, tuple(wraps)
