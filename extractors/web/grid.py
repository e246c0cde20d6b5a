"""A table of a page as a grid: spans expanded as browsers do (WHATWG HTML, 4.9.12), and clamped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from extractors.tiling import Area, bare_slots, without_bare_rows
from extractors.web.elements import is_gone, span_of, tag_of

#: What browsers allow (WHATWG HTML, 4.9.11).
_MOST_COLS, _MOST_ROWS = 1000, 65534
#: Slots of a grid that are read in a second or so; a table of a thousand tasks has ten thousand.
MOST_SLOTS = 2_000_000
_SECTIONS = ("thead", "tbody", "tfoot")


@dataclass(slots=True)
class Grid:
    """Areas that tile the grid. ``key`` is the index of the area's element, -1 where a row has no cell.

    ``uneven`` are the rows that have fewer or more cells than most, ``cut`` the indices of cells that were narrowed
    because another one reaches into their place; ``gone`` are rows and cells that are not shown, ``loose`` what stands
    between the cells.
    """

    n_rows: int = 0
    n_cols: int = 0
    areas: list[Area] = field(default_factory=list)
    elements: list[etree._Element] = field(default_factory=list)
    uneven: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    gone: list[etree._Element] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def sections_of(table: etree._Element, grid: Grid) -> list[list[list[etree._Element]]]:
    """The cells of a table by section and row, in the order in which they are shown: the first thead, the bodies, the
    first tfoot. Elements that have no place between rows (form, center) are looked through.
    """
    heads: list[list[list[etree._Element]]] = []
    bodies: list[list[list[etree._Element]]] = []
    feet: list[list[list[etree._Element]]] = []
    stray: list[etree._Element] | None = None
    current: tuple[str, etree._Element | None] = ("", None)
    for kind, element, section in _parts(table, grid):
        name = tag_of(section) if section is not None else "tbody"
        target = heads if name == "thead" and (not heads or section is current[1]) else bodies
        target = feet if name == "tfoot" and (not feet or section is current[1]) else target
        if not target or section is not current[1]:
            target.append([])
            stray = None
        current = (name, section)
        if kind == "row":
            target[-1].append([])
            stray = target[-1][-1]
        else:
            if stray is None:
                target[-1].append(stray := [])
            stray.append(element)
    return [*heads, *bodies, *feet]


def _parts(table: etree._Element, grid: Grid) -> Iterator[tuple[str, etree._Element, etree._Element | None]]:
    """Rows and cells in order, each with its section; cells are not looked into."""
    section: etree._Element | None = None
    walker = etree.iterwalk(table, events=("start", "end"))
    for event, element in walker:
        tag = tag_of(element)
        if event == "end":
            section = None if element is section else section
            if element is not table and (element.tail or "").strip():
                grid.loose.append((element.tail or "").strip())
            continue
        if element is table:
            grid.loose += [text] if (text := (element.text or "").strip()) else []
            continue
        is_other = tag in ("caption", "table", "script", "style", "template", "colgroup", "")
        if is_other or is_gone(element):
            walker.skip_subtree()
            grid.gone += [] if is_other else [element]
            continue
        if tag in ("td", "th"):
            walker.skip_subtree()
            yield "cell", element, section
            continue
        section = element if tag in _SECTIONS else section
        if (element.text or "").strip():
            grid.loose.append((element.text or "").strip())
        if tag == "tr":
            yield "row", element, section


def grid_of(table: etree._Element) -> Grid:
    """The grid of a table."""
    grid = Grid()
    areas: list[Area] = []
    widths: list[int] = []
    top = 0
    for rows in sections_of(table, grid):
        #: For each column the row before which it is taken by a cell from above.
        taken: dict[int, int] = {}
        for at, cells in enumerate(rows):
            col = 0
            for element in cells:
                while taken.get(col, 0) > at:
                    col += 1
                area = _area(element, at, col, len(rows), len(grid.elements), taken, grid)
                taken.update(dict.fromkeys(range(col, col + area.col_span), at + area.row_span))
                areas.append(Area(top + at, col, area.row_span, area.col_span, area.key))
                grid.elements.append(element)
                col += area.col_span
            widths.append(max((c + 1 for c, end in taken.items() if end > at), default=0) if len(cells) > 1 else 0)
        top += len(rows)
    return _filled(grid, areas, widths)


def _area(
    element: etree._Element, row: int, col: int, n_rows: int, key: int, taken: dict[int, int], grid: Grid
) -> Area:
    """The place of a cell: no further than its section, and not over a cell that reaches down from above."""
    rows = span_of(element, "rowspan", _MOST_ROWS) or n_rows
    wanted = span_of(element, "colspan", _MOST_COLS)
    cols = next((width for width in range(1, wanted) if taken.get(col + width, 0) > row), wanted)
    if cols < wanted:
        grid.cut.append(key)
    return Area(row, col, min(rows, n_rows - row), cols, key)


def _filled(grid: Grid, areas: list[Area], widths: list[int]) -> Grid:
    """The grid with its areas: no wider than its rows are, without bare rows, bare slots filled up."""
    usual = Counter(width for width in widths if width).most_common(1)
    widest = max((width for width, _ in usual), default=0)
    # A title over 99 columns is as wide as the table.
    grid.n_cols = max([widest, *(area.col + 1 for area in areas)]) if areas else 0
    kept = [replace(area, col_span=min(area.col_span, grid.n_cols - area.col)) for area in areas]
    grid.areas, rows = without_bare_rows(kept)
    grid.n_rows = len(rows)
    if grid.n_rows * grid.n_cols > MOST_SLOTS:
        return grid
    bare = bare_slots(grid.areas, grid.n_rows, grid.n_cols)
    grid.areas += [Area(row, col, 1, 1, -1) for row, col in bare]
    ragged = {row for row, _ in bare}
    for at, row in enumerate(rows):
        if widths[row] and widths[row] != widest and (at in ragged or widths[row] > widest):
            grid.uneven.append(at)
    grid.areas.sort(key=lambda area: (area.row, area.col))
    return grid
