"""Tables that place what stands in them, and tables that say something."""

from __future__ import annotations

from lxml import etree

from extractors.web.grid import Grid, sections_of
from extractors.web.walk import plain_text

#: A table within a cell belongs to the cell where so many other cells of the row have text: a page set in columns has
#: one on each side.
_FEWEST_BESIDE = 3


def layout_tables(root: etree._Element) -> set[etree._Element]:
    """The tables that only place other tables, and those of a single cell."""
    holders = {holder for table in root.iter("table") if (holder := _around(table)) is not None}
    return {table for table in root.iter("table") if _is_layout(table, table in holders)}


def _around(table: etree._Element) -> etree._Element | None:
    """The table in which a table stands."""
    return next(table.iterancestors("table"), None)


def _is_layout(table: etree._Element, holds: bool) -> bool:
    rows = [cells for section in sections_of(table, Grid()) for cells in section]
    if not holds:
        return sum(map(len, rows)) == 1
    return any(_holds_page(cells) for cells in rows)


def _holds_page(cells: list[etree._Element]) -> bool:
    """Whether a row of cells holds a table that is no part of one of many cells."""
    holding = [cell for cell in cells if cell.find(".//table") is not None]
    beside = sum(1 for cell in cells if cell not in holding and plain_text(cell))
    return bool(holding) and beside < _FEWEST_BESIDE
