"""Columns without horizontal rules inside: the text's own position against the rows tells which rows it belongs to.

Where several texts stand in one cell that covers several rows, clearly apart from each other, the cell was never
one: each text is given the rows around which it is centred, or at whose top it begins, whichever fits the column
better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from extractors.model import Doubt
from extractors.pdf.content import Page
from extractors.pdf.fit import Block, Part, fit
from extractors.pdf.grid import Grid, Slab, place
from extractors.pdf.lines import TextLine
from extractors.pdf.shares import share

#: Lines further apart than this many usual line steps are different texts.
_APART = 1.25
#: The widest line step, in heights of the type.
_WIDEST = 2.5
#: The same for labels set with one character a line, in steps of their own.
_APART_LETTERS = 1.8
#: A text fits its rows when its place is off by less than this many line steps.
_FITS = 0.75
#: Of the cells of a column that cover several rows, this share holds several texts where no rules are drawn.
_MOST = 0.6
#: So many texts, each off by less than this many line steps, are not set apart by chance.
_SEVERAL, _EXACT = 3, 0.35
#: What it costs, in line steps, to take a text for set in another way than most texts of the table are.
_UNLIKE = 0.15
#: A text with between these shares of its cell's free room above it is centred, one with less is at the top. A table
#: in which this share of the texts is set in one of these ways is set so.
_MIDDLE, _CLEARLY = (0.3, 0.7), 0.8


def split_unruled_columns(
    grid: Grid, lines: Mapping[int, Sequence[TextLine]], page: Page
) -> tuple[Grid, dict[int, list[TextLine]], list[Doubt]]:
    """The grid with the cells of columns without rules taken apart, the lines of its cells, and what is said of it."""
    apart = _columns_apart(grid, lines)
    if not apart:
        return grid, {index: list(own) for index, own in lines.items()}, []
    slabs: list[Slab] = []
    texts: list[Sequence[TextLine]] = []
    old: list[int] = []
    found: dict[int, list[tuple[int, Part]]] = {}
    for index, slab in enumerate(grid.slabs):
        own = lines.get(index, ())
        parts = apart.get(index)
        if parts is None:
            parts = [Part(slab.row, slab.row_span, Block(tuple(own)) if own else None, 0.0)]
        else:
            found.setdefault(slab.col, []).extend((len(slabs) + number, part) for number, part in enumerate(parts))
        for part in parts:
            slabs.append(Slab(part.row, slab.col, part.row_span, slab.col_span))
            texts.append(part.block.lines if part.block else ())
            old.append(index)
    order = sorted(range(len(slabs)), key=lambda number: (slabs[number].row, slabs[number].col))
    new = {number: position for position, number in enumerate(order)}
    taken = Grid(
        grid.rows,
        grid.cols,
        tuple(slabs[number] for number in order),
        _owner([slabs[number] for number in order], grid),
        frozenset(new[number] for number in range(len(slabs)) if old[number] in grid.repaired),
    )
    settled = {new[number]: list(own) for number, own in enumerate(texts) if own}
    return taken, settled, [*_said(taken, found, new, page), *_left_whole(taken, settled, set(found), page)]


def _left_whole(grid: Grid, lines: Mapping[int, Sequence[TextLine]], apart: set[int], page: Page) -> Iterator[Doubt]:
    """A word for each text alone in its column, beside columns without rules, that stands where it fits no rows."""
    step = _line_step(lines)
    bare = _bare_columns(grid) - apart
    for index, slab in enumerate(grid.slabs):
        if slab.row > 0 and slab.row_span > 1 and slab.col in bare and (own := lines.get(index)):
            top, bottom = float(grid.rows[slab.row]), float(grid.rows[slab.row + slab.row_span])
            block = Block(tuple(own))
            if min(abs(block.middle - (top + bottom) / 2), block.top - top) > _FITS * step:
                text = "".join(line.text for line in own)[:20]
                detail = f"{text} stands alone in a column without rules: it may belong to some of its rows only"
                yield Doubt("span_unsure", detail, (place(grid, index, page),))


def _columns_apart(grid: Grid, lines: Mapping[int, Sequence[TextLine]]) -> dict[int, list[Part]]:
    """The cells that are none, with their parts.

    They are in columns that have no rules of their own, or in which most high cells hold several texts. Where cells
    of one row, too, hold lines with room between them, that is how the column is set and says nothing.
    """
    step = _line_step(lines)
    spaced = {
        slab.col
        for index, slab in enumerate(grid.slabs)
        if slab.row > 0 and slab.row_span == 1 and len(_blocks(lines.get(index, ()), step)) > 1
    }
    high = {
        index: len(_blocks(lines[index], step))
        for index, slab in enumerate(grid.slabs)
        if slab.row_span > 1 and slab.col not in spaced and lines.get(index)
    }
    if all(count == 1 for count in high.values()):
        return {}
    usual = _is_centred(grid, lines, step)

    def taken_apart(indices: Iterable[int]) -> dict[int, list[Part]]:
        found = {index: _take_apart(grid, grid.slabs[index], lines[index], step, usual) for index in indices}
        return {index: parts for index, parts in found.items() if parts is not None}

    parts = taken_apart(index for index, count in high.items() if count > 1)
    in_column = Counter(grid.slabs[index].col for index in high if len(lines[index]) > 1)
    taken = Counter(grid.slabs[index].col for index in parts)
    bare = _bare_columns(grid) | {col for col in taken if taken[col] >= _MOST * in_column[col]}
    sure = {index: found for index, found in parts.items() if grid.slabs[index].col in bare or _is_plain(found)}
    # One text alone in a cell over many rows may stand anywhere; only beside others of its column does it say more.
    several = {grid.slabs[index].col for index in sure}
    return sure | taken_apart(i for i, count in high.items() if count == 1 and grid.slabs[i].col in several & bare)


def _is_plain(parts: Sequence[Part]) -> bool:
    """Whether several texts stand so exactly where those of different rows do that it can't be by chance."""
    offs = [part.off for part in parts if part.block]
    return len(offs) >= _SEVERAL and max(offs) <= _EXACT


def _bare_columns(grid: Grid) -> set[int]:
    """The columns in which every horizontal rule goes across the whole table."""
    begins = np.ones((len(grid.rows) - 1, len(grid.cols) - 1), np.bool_)
    begins[1:] = grid.owner[1:] != grid.owner[:-1]
    across = begins.all(axis=1, keepdims=True)
    return set(np.flatnonzero(~(begins & ~across).any(axis=0)).tolist())


def _line_step(lines: Mapping[int, Sequence[TextLine]]) -> float:
    """The usual distance from line to line inside a cell, in points."""
    # Labels that are set with one character a line say nothing of the other cells.
    several = [own for own in lines.values() if len(own) > 1]
    steps = [step for own in several if max([len(line.text) for line in own]) > 1 for step in _steps(own)]
    heights = [line.height for own in lines.values() for line in own]
    usual = median(heights) if heights else 10.0
    # No text is set wider: what is further apart are different texts.
    return min(share(steps, 0.3), _WIDEST * usual) if steps else 1.5 * usual


def _steps(lines: Sequence[TextLine]) -> list[float]:
    return [below.top - above.top for above, below in pairwise(lines)]


def _blocks(lines: Sequence[TextLine], step: float) -> list[list[TextLine]]:
    """The lines in groups that stand apart from each other."""
    blocks: list[list[TextLine]] = []
    if len(lines) < 2:
        return [[*lines]] if lines else []
    # Upright labels, one character a line, are often set with more room between the characters.
    letters = sum(len(line.text) == 1 for line in lines) > len(lines) / 2
    apart = _APART_LETTERS * median(_steps(lines)) if letters else _APART * step
    for line in lines:
        if blocks and line.top - blocks[-1][-1].top <= apart:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _is_centred(grid: Grid, lines: Mapping[int, Sequence[TextLine]], step: float) -> bool | None:
    """Whether texts usually stand in the middle of their cells (or else at the top); None where it can't be told."""
    places = []
    for index, own in lines.items():
        slab = grid.slabs[index]
        room = float(grid.rows[slab.row + slab.row_span] - grid.rows[slab.row]) - (own[-1].bottom - own[0].top)
        if slab.row > 0 and room > step and len(_blocks(own, step)) == 1:
            places.append((own[0].top - float(grid.rows[slab.row])) / room)
    if not places:
        return None
    centred = sum(_MIDDLE[0] < place <= _MIDDLE[1] for place in places) / len(places)
    at_top = sum(place <= _MIDDLE[0] for place in places) / len(places)
    return centred > at_top if max(centred, at_top) >= _CLEARLY else None


def _take_apart(
    grid: Grid, slab: Slab, lines: Sequence[TextLine], step: float, usual: bool | None
) -> list[Part] | None:
    """The parts of a cell that holds several texts, None when it holds one.

    ``usual`` says whether the texts of this table are centred, as far as is known.
    """
    blocks = _blocks(lines, step)
    whole_column = slab.row <= 2 and slab.row + slab.row_span == len(grid.rows) - 1
    if len(blocks) > slab.row_span or (len(blocks) < 2 and usual is None):
        return None
    edges = [float(grid.rows[row]) for row in range(slab.row, slab.row + slab.row_span + 1)]
    texts = [Block(tuple(block)) for block in blocks]
    ways = {centred: way for centred in (True, False) if (way := fit(texts, edges, step, centred)) is not None}
    if not ways:
        return None
    unlike = {centred: 0.0 if usual in (None, centred) else _UNLIKE * len(texts) for centred in ways}
    best = ways[min(ways, key=lambda centred: unlike[centred] + sum(part.off for part in ways[centred]))]
    if len(best) == 1:
        return None
    if not whole_column and max(part.off for part in best if part.block) > _FITS:
        return None  # a cell of its own after all, with room between its lines
    return [Part(part.row + slab.row, part.row_span, part.block, part.off) for part in best]


def _owner(slabs: Sequence[Slab], grid: Grid) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    owner = np.zeros((len(grid.rows) - 1, len(grid.cols) - 1), np.int64)
    for index, slab in enumerate(slabs):
        owner[slab.row : slab.row + slab.row_span, slab.col : slab.col + slab.col_span] = index
    return owner


def _said(
    grid: Grid, found: Mapping[int, Sequence[tuple[int, Part]]], new: Mapping[int, int], page: Page
) -> list[Doubt]:
    """One word for the columns without rules, and one for each text whose rows are not sure."""
    columns = "、".join(str(col + 1) for col in sorted(found))
    doubts = [
        Doubt(
            "span_inferred",
            f"column {columns} on page {page.number} has no horizontal rules inside: the place of each text decides "
            "which rows it belongs to",
        )
    ]
    for parts in found.values():
        for number, part in parts:
            if part.block is not None and part.off > _FITS:
                text = "".join(line.text for line in part.block.lines)[:20]
                detail = f"{text} stands {part.off:.1f} lines from where the text of its rows would be"
                doubts.append(Doubt("span_unsure", detail, (place(grid, new[number], page),)))
    return doubts
