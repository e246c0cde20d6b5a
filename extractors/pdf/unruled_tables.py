"""What the rulings of a page leave over: tables without rulings, and ruled frames that are only a part of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from extractors.headings import PART_NUMBER
from extractors.model import Doubt
from extractors.pdf.content import Bools, Chars, Page
from extractors.pdf.fills import find_filled
from extractors.pdf.grid import Grid, place
from extractors.pdf.lines import TextLine, read_lines
from extractors.pdf.placing import inside, owners
from extractors.pdf.unruled import find_unruled
from extractors.sentences import ends_sentence

#: A table on its way: its grid, the lines of its cells, its doubts.
Found = tuple[Grid, dict[int, list[TextLine]], list[Doubt]]

#: A frame whose rulings miss rows has at most so many, and one in which every cell has at least so many lines.
_FEW_ROWS, _MANY_LINES = 3, 3
#: And this share of the lines of the longest one stands beside lines of all others.
_MOST_LINES = 0.6
#: A line with an amount ends where it is meant to.
_VALUE = re.compile(r"\d[\d.,]*\s*%?$")
#: A column of sentences has so many texts at least, of which this share ends like one.
_FEW_SENTENCES, _MOST_SENTENCES = 3, 0.5
#: What begins a text of its own: the title of a part, a number.
_BEGINS = re.compile(rf"{PART_NUMBER.pattern}|[（(]?\d+[.、)）]|[①-⑳]")
#: Lines at the same height differ by less than this share of it.
_SAME = 0.3


def with_unruled(found: Sequence[Found], chars: Chars, free: Bools, page: Page) -> tuple[list[Found], Bools]:
    """The tables of a page together with those that no rulings show, and which characters then stand in none.

    ``free`` are the characters that stand in none of the tables ``found`` by their rulings.
    """
    hollow = [table for table in found if _is_hollow(*table[:2])]
    mask = free.copy()
    for grid, _, _ in hollow:
        mask |= inside(chars.boxes, grid)
    new: list[Found] = []
    for grid, detail in _unruled(chars, mask, page):
        over = [table for table in hollow if _overlap(grid, table[0])]
        if all(len(grid.slabs) > len(table[0].slabs) and _overlap(table[0], grid) for table in over):
            new.append(_table(grid, chars, mask, f"the table on page {page.number} {detail}", page))
    if not new:
        return list(found), free
    replaced = {id(table) for table in hollow}
    kept = [
        table for table in found if not (id(table) in replaced and any(_overlap(table[0], grid) for grid, _, _ in new))
    ]
    return [*kept, *new], _left(chars, mask, kept, new)


def _unruled(chars: Chars, mask: Bools, page: Page) -> Iterator[tuple[Grid, str]]:
    """The grids among these characters, and how each was found."""
    own = chars.take(mask)
    filled, aligned = find_filled(own, page), find_unruled(own, page)
    # Where only some rows of a table are painted, the painted cells are not the whole table.
    filled = [
        grid for grid in filled if not any(_overlap(grid, whole) and _is_higher(whole, grid) for whole in aligned)
    ]
    for grid in filled:
        yield grid, "has no rulings: its cells are painted areas"
    for grid in aligned:
        if not any(_overlap(grid, cells) or _overlap(cells, grid) for cells in filled):
            yield grid, "has no rulings that show all of its cells: they were found from how its text is aligned"


def _table(grid: Grid, chars: Chars, mask: Bools, detail: str, page: Page) -> Found:
    own = chars.take(mask & inside(chars.boxes, grid))
    lines = read_lines(own, owners(own.boxes, grid))
    return grid, lines, [Doubt("unruled_table", detail), *_torn(grid, lines, page)]


def _torn(grid: Grid, lines: Mapping[int, Sequence[TextLine]], page: Page) -> Iterator[Doubt]:
    """Rows that may be parted at the wrong line: where sentences stand, a text ends amid one, in a full line."""
    for col in range(len(grid.cols) - 1):
        cells = [
            (index, lines[index])
            for index, slab in enumerate(grid.slabs)
            if slab.col == col and slab.col_span == 1 and lines.get(index)
        ]
        ends = sum(ends_sentence(own[-1].text) for _, own in cells)
        if len(cells) < _FEW_SENTENCES or ends < _MOST_SENTENCES * len(cells):
            continue
        right = max(line.x1 for _, own in cells for line in own)
        for (above, own), (below, following) in pairwise(cells):
            last, first = own[-1], following[0]
            if not ends_sentence(last.text) and last.x1 + first.first > right and not _BEGINS.match(first.text):
                places = (place(grid, above, page), place(grid, below, page))
                yield Doubt("row_edge", f"{last.text[-12:]} ends amid a sentence, and the row behind begins with "
                            f"{first.text[:12]}", places)  # fmt: skip


def _left(chars: Chars, free: Bools, kept: Sequence[Found], new: Sequence[Found]) -> Bools:
    left = free.copy()
    for grid, _, _ in (*kept, *new):
        left &= ~inside(chars.boxes, grid)
    return left


def _is_higher(one: Grid, other: Grid) -> bool:
    """Whether the first grid reaches a row above or below the second."""
    row = float(np.median(np.diff(other.rows))) / 2
    return bool(one.rows[0] < other.rows[0] - row or one.rows[-1] > other.rows[-1] + row)


def _overlap(one: Grid, other: Grid) -> bool:
    """Whether at least half of the first grid lies in the second."""
    width = min(one.cols[-1], other.cols[-1]) - max(one.cols[0], other.cols[0])
    height = min(one.rows[-1], other.rows[-1]) - max(one.rows[0], other.rows[0])
    area = (one.cols[-1] - one.cols[0]) * (one.rows[-1] - one.rows[0])
    return bool(width > 0 and height > 0 and width * height >= area / 2)


def _is_hollow(grid: Grid, lines: Mapping[int, Sequence[TextLine]]) -> bool:
    """Whether one row of a few has several lines in every cell, at the same heights: rows without rulings."""
    if len(grid.rows) - 1 > _FEW_ROWS:
        return False
    for row in range(len(grid.rows) - 1):
        cells = [lines.get(i, ()) for i, slab in enumerate(grid.slabs) if slab.row == row]
        if len(cells) < 2 or min(len(own) for own in cells) < _MANY_LINES:
            continue
        longest = max(len(own) for own in cells)
        heights = [np.array([line.bottom for line in own]) for own in cells]
        near = _SAME * cells[0][0].height
        if np.ptp([own[0] for own in heights]) > near:
            continue
        shared = sum(all(np.abs(other - at).min() <= near for other in heights[1:]) for at in heights[0].tolist())
        if shared >= max(_MANY_LINES, _MOST_LINES * longest) and any(_is_loose(own) for own in cells):
            return True
    return False


def _is_loose(lines: Sequence[TextLine]) -> bool:
    """Whether most lines of a cell leave room for the first word of the next: their ends are meant."""
    if all(_VALUE.search(line.text) for line in lines):
        return True
    right = max(line.x1 for line in lines)
    return 2 * sum(above.x1 + below.first <= right for above, below in pairwise(lines)) >= len(lines) - 1
