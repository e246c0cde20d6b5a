"""Tables without rulings: the columns from how the text is aligned, the rows from its lines.

What rulings and background fills there are help: a line or the edge of a fill across the table ends a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.headings import CONTINUED, PART_NUMBER, could_be_heading
from extractors.pdf.alignment import Column, borders, filled, find_columns, is_column, spanned, with_one_level
from extractors.pdf.blocks import find_blocks
from extractors.pdf.content import Chars, Page
from extractors.pdf.grid import Grid, Slab
from extractors.pdf.groups import Label, heading_levels, with_levels_parted
from extractors.pdf.numbered_rows import is_part
from extractors.pdf.phrases import Band, read_bands
from extractors.pdf.rowbands import beside_each_other, find_rows

#: A line or a row of fills crosses the table when it covers this share of its width.
_ACROSS = 0.6
#: What is no table: fewer columns or rows, more blanks, fewer aligned columns.
_MIN_COLUMNS, _MIN_ROWS, _MIN_FILLED, _MIN_ALIGNED = 3, 3, 0.5, 0.66
#: A heading and one numbered row are one.
_FEW_ROWS = 2
#: Characters: fewer are no table, more are no page of text.
_FEWEST, _MANY = 9, 20_000
#: A form: this share of the phrases ends with a colon or is a line to write on.
_FORM = 0.3
#: Prose: columns of lines longer than this, in characters, that fill this share of their width.
_LONG, _FULL = 15, 0.75
#: A title is set in type that is so many times as high; under it stands （共85项）, 单位：万元, a date.
_LARGER = 1.15
_SAID = re.compile(r"[（(].*[)）]|.*[:：].*|.*\d{4}年.*")
#: Room above the first and below the last row, as a share of the type's height.
_MARGIN = 0.3
#: A last line this much farther away than others, as a share of the type's height, is a note.
_NEAR = 0.15


@dataclass(frozen=True, slots=True)
class _Rules:
    """The heights of lines across a block, and of those and of edges of fills."""

    lines: tuple[float, ...]
    edges: tuple[float, ...]


def find_unruled(chars: Chars, page: Page) -> list[Grid]:
    """The tables in these characters of a page, which are in no ruled table."""
    if not _FEWEST <= len(chars) <= _MANY:
        return []
    blocks = find_blocks(read_bands(chars))
    lines = [with_levels_parted(beside_each_other(block.bands)) for block in blocks]
    return [grid for bands in lines if (grid := _grid(bands, page))]


def _grid(bands: Sequence[Band], page: Page) -> Grid | None:
    """The grid of a block, None when it is no table."""
    columns = find_columns(bands)
    bands = _trimmed(bands, columns)
    if len(columns) < _MIN_COLUMNS or len(bands) < _FEW_ROWS:
        return None
    columns = find_columns(bands)
    height = float(np.median([band.height for band in bands]))
    least = _FEW_ROWS if _is_numbered_rest(bands, columns) else _MIN_ROWS
    if len(columns) < _MIN_COLUMNS or not _is_table(bands, columns, height, least):
        return None
    rules = _rules(bands, page)
    levels = heading_levels(bands, columns, _first_rule(bands, rules.lines), page.horizontal)
    head = len(levels) if levels else 0
    rows = find_rows(bands[head:], columns, rules.edges)
    if head + len(rows) < least or not _is_full(rows, columns):
        return None
    cells = _heading_cells(levels, len(columns)) if levels else []
    for number, texts in enumerate(_with_totals([_row_cells(row, columns) for row in rows]), head):
        cells += [Slab(number, first, 1, last - first + 1) for first, last in texts]
    groups = [[band] for band in bands[:head]] + rows
    wide = [(*span, p) for band in bands for p in band.phrases if len(set(span := spanned(columns, p))) > 1]
    cols = borders(columns, wide, _upright(page, bands), height)
    # A title may begin to the left of all numbers.
    cols[0] = min(cols[0], min(band.x0 for band in bands) - _MARGIN * height)
    cols[-1] = max(cols[-1], max(band.x1 for band in bands) + _MARGIN * height)
    return _built(cells, _row_edges(groups, rules.edges, height), cols)


def _trimmed(bands: Sequence[Band], columns: Sequence[Column]) -> list[Band]:
    """The lines without captions before and notes behind: few phrases, the first of which begins at the left edge."""
    kept = _without_title(bands)
    while kept and _is_caption(kept[0], columns):
        kept.pop(0)
    usual = min((below.top - above.bottom for above, below in pairwise(kept)), default=0.0)
    while len(kept) > 1 and len(kept[-1].phrases) == 1:
        first, last = spanned(columns, kept[-1].phrases[0])
        near = kept[-1].top - kept[-2].bottom <= usual + _NEAR * kept[-1].height
        alike = abs(kept[-1].height - kept[-2].height) < 0.1 * kept[-1].height
        if first > 0 or (last == first and near and alike) or PART_NUMBER.match(kept[-1].phrases[0].text):
            break
        kept.pop()
    return kept


def _without_title(bands: Sequence[Band]) -> list[Band]:
    """The lines below the title of the table, which is set in larger type, and below what is said under it."""
    heading = next((at for at, band in enumerate(bands) if len(band.phrases) >= _MIN_COLUMNS), 0)
    usual = float(np.median([band.height for band in bands]))
    title = [at for at in range(heading) if bands[at].height > _LARGER * usual]
    start = title[-1] + 1 if title else 0
    while start < heading and all(_is_said(phrase.text) for phrase in bands[start].phrases):
        start += 1
    return list(bands[start:])


def _is_said(text: str) -> bool:
    return bool(_SAID.fullmatch(text) or CONTINUED.fullmatch(text))


def _is_caption(band: Band, columns: Sequence[Column]) -> bool:
    spans = [spanned(columns, phrase) for phrase in band.phrases]
    if spans[0][0] > 0 or len(spans) > 2 or 2 * len(spans) > len(columns):
        return False
    return len(spans) == 1 or any(last > first for first, last in spans)


def _is_numbered_rest(bands: Sequence[Band], columns: Sequence[Column]) -> bool:
    """Whether there is a heading over all columns and below it a row with a number in the first one.

    The last page of a table may have no more than one row.
    """
    bands = with_one_level(bands)
    labels = [phrase.text for phrase in bands[0].phrases]
    if len(filled(bands[0], columns)) < len(columns) or not could_be_heading(labels):
        return False
    firsts = [phrase.text for band in bands[1:] for phrase in band.phrases if spanned(columns, phrase)[1] == 0]
    return bool(firsts) and all(text.isdecimal() for text in firsts)


def _is_table(bands: Sequence[Band], columns: Sequence[Column], height: float, least: int) -> bool:
    """Whether lines are a table and not a form, prose in columns or a chance; ``least`` is how many rows it has."""
    phrases = [phrase for band in bands for phrase in band.phrases]
    blanks = sum(phrase.text.endswith((":", "：")) or not phrase.text.strip("_.…") for phrase in phrases)
    dotted = sum("...." in phrase.text or "……" in phrase.text for phrase in phrases)  # a table of contents
    if blanks > _FORM * len(phrases) or dotted > _FORM * len(bands):
        return False
    if sum(len(filled(band, columns)) >= _MIN_COLUMNS for band in bands) < least:
        return False
    if sum(is_column(column, height) for column in columns) < _MIN_ALIGNED * len(columns):
        return False
    return not all(_is_prose(column) for column in columns)


def _is_prose(column: Column) -> bool:
    width = column.x1 - column.x0
    full = sum(len(p.text) > _LONG and p.x1 - p.x0 >= _FULL * width for p in column.phrases)
    return full >= 0.5 * len(column.phrases)


def _is_full(rows: Sequence[Sequence[Band]], columns: Sequence[Column]) -> bool:
    """Whether enough cells of the rows have text."""
    texts = [len(set().union(*(filled(band, columns) for band in row))) for row in rows]
    used = sum(len(column.phrases) > 1 for column in columns)  # not those of which there is but the heading
    return used >= _MIN_COLUMNS and sum(texts) >= _MIN_FILLED * len(rows) * used


def _rules(bands: Sequence[Band], page: Page) -> _Rules:
    """Where lines and fills begin or end a row."""
    x0, x1 = min(band.x0 for band in bands), max(band.x1 for band in bands)
    top, bottom = bands[0].top - bands[0].height, bands[-1].bottom + bands[-1].height
    found: dict[int, float] = {}
    lines = page.horizontal
    for at, start, end in zip(lines.at.tolist(), lines.start.tolist(), lines.end.tolist(), strict=True):
        if top <= at <= bottom:
            found[round(at)] = found.get(round(at), 0.0) + max(min(end, x1) - max(start, x0), 0.0)
    across = tuple(sorted(float(at) for at, length in found.items() if length >= _ACROSS * (x1 - x0)))
    fills: dict[tuple[int, int], float] = {}
    for (left, high, right, low), colour in zip(page.areas.tolist(), page.area_colours, strict=True):
        if min(colour[:3]) < 252 and colour[3] > 8 and high >= top and low <= bottom:
            key = (round(high), round(low))
            fills[key] = fills.get(key, 0.0) + max(min(right, x1) - max(left, x0), 0.0)
    edges = {float(edge) for key, length in fills.items() if length >= _ACROSS * (x1 - x0) for edge in key}
    return _Rules(across, tuple(sorted(edges | set(across))))


def _first_rule(bands: Sequence[Band], rules: Sequence[float]) -> float | None:
    """The first line across the table with text above it."""
    return next((at for at in rules if at > (bands[0].top + bands[0].bottom) / 2), None)


def _upright(page: Page, bands: Sequence[Band]) -> list[float]:
    """Where vertical lines and the sides of fills stand beside the text."""
    top, bottom = bands[0].top, bands[-1].bottom
    lines = page.vertical
    sides: list[float] = lines.at[(lines.start < bottom) & (lines.end > top)].tolist()
    across = page.horizontal
    own = (across.at > top - bands[0].height) & (across.at < bottom + bands[0].height)
    sides += [*across.start[own].tolist(), *across.end[own].tolist()]
    areas = page.areas
    if len(areas):
        near = areas[(areas[:, 1] < bottom) & (areas[:, 3] > top)]
        sides += [*near[:, 0].tolist(), *near[:, 2].tolist()]
    return sides


def _heading_cells(levels: Sequence[Sequence[Label]], n_cols: int) -> list[Slab]:
    """The cells of a heading of several levels: each reaches over the blanks below it, and above it."""
    owner = np.full((len(levels), n_cols), -1)
    for number, (level, first, last) in enumerate(
        (level, first, last) for level, labels in enumerate(levels) for first, last, _ in labels
    ):
        owner[level, first : last + 1] = number
    for order in (range(1, len(levels)), range(len(levels) - 2, -1, -1)):
        for level in order:
            other = level - 1 if order.step > 0 else level + 1
            for number in np.unique(owner[other]).tolist():
                under = owner[other] == number
                if number >= 0 and (owner[level][under] < 0).all():
                    owner[level][under] = number
    cells = []
    for number in np.unique(owner[owner >= 0]).tolist():
        places = np.argwhere(owner == number)
        (row, col), (last_row, last_col) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        cells.append(Slab(row, col, last_row - row + 1, last_col - col + 1))
    return cells


def _row_cells(row: Sequence[Band], columns: Sequence[Column]) -> list[tuple[int, int]]:
    """The columns of each text of a row: texts that run over several take them together, titles of parts all."""
    if is_part(row):
        return [(0, len(columns) - 1)]
    runs: list[tuple[int, int]] = []
    for first, last in sorted(spanned(columns, phrase) for band in row for phrase in band.phrases):
        if runs and first <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def _with_totals(rows: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """The cells of the rows after labels over several columns were given the blanks up to the next text.

    Where one label of a total runs over its column, the rows beside it that have text in the same columns are alike.
    """

    def rest(row: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...] | None:
        return tuple(row[1:]) if len(row) > 1 and row[0][0] == 0 and row[1][0] > 1 else None

    wide = {index for index, row in enumerate(rows) if row and row[0][0] == 0 and row[0][1] > 0 and rest(row)}
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        for index in order:
            before = index - order.step
            if before in wide and rest(rows[index]) == rest(rows[before]):
                wide.add(index)
    return [[(0, row[1][0] - 1), *row[1:]] if index in wide else row for index, row in enumerate(rows)]


def _row_edges(rows: Sequence[Sequence[Band]], rules: Sequence[float], height: float) -> list[float]:
    """The borders of the rows: a line or the edge of a fill where there is one, else the middle of the gap."""
    edges = [min(band.top for band in rows[0]) - _MARGIN * height]
    for above, below in pairwise(rows):
        low, high = max(band.bottom for band in above), min(band.top for band in below)
        between = [at for at in rules if min(low, high) - 2 <= at <= max(low, high) + 2]
        edges.append(between[0] if between else (low + high) / 2)
    edges.append(max(band.bottom for band in rows[-1]) + _MARGIN * height)
    return [max(edges[: index + 1]) for index in range(len(edges))]


def _built(cells: list[Slab], rows: Sequence[float], cols: Sequence[float]) -> Grid:
    """The grid of these cells; slots without one are cells of their own."""
    owner = np.full((len(rows) - 1, len(cols) - 1), -1, np.int64)
    for slab in cells:
        owner[slab.row : slab.row + slab.row_span, slab.col : slab.col + slab.col_span] = 0
    slabs = sorted(
        [*cells, *(Slab(row, col, 1, 1) for row, col in np.argwhere(owner < 0).tolist())],
        key=lambda slab: (slab.row, slab.col),
    )
    for index, slab in enumerate(slabs):
        owner[slab.row : slab.row + slab.row_span, slab.col : slab.col + slab.col_span] = index
    return Grid(np.array(rows), np.array(cols), tuple(slabs), owner)
