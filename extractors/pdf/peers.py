"""Other engines read a page: only where they see the cells of its tables, never what they take for their text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from extractors.pdf.content import Page
from extractors.pdf.grid import Grid, Slab
from extractors.pdf.limited import attempt

#: Seconds that an engine may take for a page; usually it takes tenths of one.
_SECONDS = 6.0
#: A page with more lines, areas or characters is a drawing: they would take minutes.
_MANY_LINES, _MANY_CHARS = 4000, 20_000
#: Edges of cells that are no farther apart, in points, are one.
_SAME = 2.0
#: The page of an engine has the size of ours, give or take so many points.
_SIZE = 2.0

#: x0, top, x1, bottom.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a page comes from: the content or the file of a PDF, and its password."""

    data: bytes | Path
    password: str | None


def ruled_opinions(source: Source, page: Page) -> dict[str, list[Grid]]:
    """The tables that other engines see on a page with rulings; an engine without an answer is left out."""
    return _ask(
        page,
        {"pdfplumber": lambda: _pdfplumber(source, page), "camelot": lambda: _camelot(source, page, ruled=True)},
    )


def unruled_opinions(source: Source, page: Page) -> dict[str, list[Grid]]:
    """The same for a page whose tables have no rulings."""
    return _ask(page, {"camelot": lambda: _camelot(source, page, ruled=False)})


def _ask(page: Page, engines: dict[str, Callable[[], list[Grid]]]) -> dict[str, list[Grid]]:
    lines = len(page.horizontal) + len(page.vertical) + len(page.areas)
    if lines > _MANY_LINES or len(page.chars) > _MANY_CHARS:
        return {}
    answers = {name: attempt(engine, _SECONDS) for name, engine in engines.items()}
    return {name: answer for name, answer in answers.items() if answer}


def _pdfplumber(source: Source, page: Page) -> list[Grid]:
    import pdfplumber  # noqa: PLC0415  only a page that is in doubt needs it

    if page.turn:
        return []
    data = BytesIO(source.data) if isinstance(source.data, bytes) else source.data
    with pdfplumber.open(data, pages=[page.number], password=source.password or "") as document:
        read = document.pages[0]
        if not _is_as_large(page, float(read.width), float(read.height)):
            return []
        left, top = read.bbox[:2]
        cells = [table.cells for table in read.find_tables()]
    return _grids([[(x0 - left, y0 - top, x1 - left, y1 - top) for x0, y0, x1, y1 in own] for own in cells])


def _camelot(source: Source, page: Page, *, ruled: bool) -> list[Grid]:
    from camelot.io import read_pdf  # noqa: PLC0415  as above

    # Both find the tables without painting the page.
    options: dict[str, Any] = {"flavor": "lattice", "engine": "vector"} if ruled else {"flavor": "network"}
    tables = read_pdf(source.data, pages=str(page.number), password=source.password, suppress_stdout=True, **options)
    return _grids([list(_camelot_boxes(table, page.height)) for table in tables if _is_as_large(page, *table.pdf_size)])


def _is_as_large(page: Page, width: float, height: float) -> bool:
    return abs(page.width - width) <= _SIZE and abs(page.height - height) <= _SIZE


def _camelot_boxes(table: Any, height: float) -> Iterable[Box]:
    """The cells of one of camelot's tables: slots without a border between them are one."""
    n_rows, n_cols = len(table.rows), len(table.cols)
    root = {(row, col): (row, col) for row in range(n_rows) for col in range(n_cols)}

    def find(slot: tuple[int, int]) -> tuple[int, int]:
        while root[slot] != slot:
            slot = root[slot]
        return slot

    for row, col in list(root):
        cell = table.cells[row][col]
        if col + 1 < n_cols and not cell.right and not table.cells[row][col + 1].left:
            root[find((row, col + 1))] = find((row, col))
        if row + 1 < n_rows and not cell.bottom and not table.cells[row + 1][col].top:
            root[find((row + 1, col))] = find((row, col))
    boxes: dict[tuple[int, int], Box] = {}
    for row, col in root:
        cell, name = table.cells[row][col], find((row, col))
        x0, top, x1, bottom = boxes.get(name, (cell.x1, height - cell.y2, cell.x2, height - cell.y1))
        boxes[name] = (min(x0, cell.x1), min(top, height - cell.y2), max(x1, cell.x2), max(bottom, height - cell.y1))
    return boxes.values()


def _grids(tables: Iterable[Sequence[Box]]) -> list[Grid]:
    return [grid for boxes in tables if (grid := grid_of_boxes(boxes)) is not None]


def grid_of_boxes(boxes: Sequence[Box]) -> Grid | None:
    """The grid that these cells make; None when they overlap, or are fewer than four."""
    boxes = [box for box in boxes if box[2] - box[0] > _SAME and box[3] - box[1] > _SAME]
    if len(boxes) < 4:
        return None
    cols = _edges([side for box in boxes for side in (box[0], box[2])])
    rows = _edges([side for box in boxes for side in (box[1], box[3])])
    owner = np.full((len(rows) - 1, len(cols) - 1), -1, np.int64)
    slabs = []
    for x0, top, x1, bottom in boxes:
        col, end_col = (int(np.abs(cols - side).argmin()) for side in (x0, x1))
        row, end_row = (int(np.abs(rows - side).argmin()) for side in (top, bottom))
        if end_col <= col or end_row <= row or (owner[row:end_row, col:end_col] >= 0).any():
            return None
        owner[row:end_row, col:end_col] = 0
        slabs.append(Slab(row, col, end_row - row, end_col - col))
    slabs += [Slab(row, col, 1, 1) for row, col in np.argwhere(owner < 0).tolist()]
    return grid_of_slabs(rows, cols, slabs)


def grid_of_slabs(rows: np.ndarray, cols: np.ndarray, slabs: Iterable[Slab]) -> Grid:
    """The grid of cells that tile it."""
    ordered = sorted(slabs, key=lambda slab: (slab.row, slab.col))
    owner = np.zeros((len(rows) - 1, len(cols) - 1), np.int64)
    for index, slab in enumerate(ordered):
        owner[slab.row : slab.row + slab.row_span, slab.col : slab.col + slab.col_span] = index
    return Grid(rows, cols, tuple(ordered), owner)


def _edges(sides: Sequence[float]) -> np.ndarray:
    """The distinct ones, each the middle of those that are nearly the same."""
    groups: list[list[float]] = []
    for side in sorted(sides):
        if groups and side - groups[-1][-1] <= _SAME:
            groups[-1].append(side)
        else:
            groups.append([side])
    return np.array([sum(group) / len(group) for group in groups])
