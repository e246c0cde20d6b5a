"""Texts of a column without rules to the rows that each belongs to, so that all fit best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.pdf.lines import TextLine

#: What it costs, in line steps, to leave rows at the foot or the head of a page without a text.
_BLANK_COST = 0.4
_NEVER = 1e9


@dataclass(frozen=True, slots=True)
class Block:
    """A text in a column: its lines and where they begin and end."""

    lines: tuple[TextLine, ...]

    @property
    def top(self) -> float:
        """Where the first line begins, in points."""
        return self.lines[0].top

    @property
    def bottom(self) -> float:
        """Where the last line ends."""
        return self.lines[-1].bottom

    @property
    def middle(self) -> float:
        """Half way between both."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a cell that was taken apart: the first, the number of them, their text and how far it is off."""

    row: int
    row_span: int
    block: Block | None
    off: float


def fit(blocks: Sequence[Block], edges: Sequence[float], step: float, centred: bool) -> list[Part] | None:
    """The rows of each text so that all fit best: a shortest path over the edges between rows.

    ``off`` of a part is in line steps. Rows before the first and behind the last text may stay without one.
    """
    count = len(edges)
    inset = 0.0 if centred else _inset(blocks, edges, step)
    cost = [0.0] + [_BLANK_COST + 0.001 * edge for edge in range(1, count)]
    back: list[list[int]] = []
    for block in blocks:
        reached = [_NEVER] * count
        source = [-1] * count
        for end in range(1, count):
            if edges[end] < block.bottom - step / 2:
                continue
            for start in range(end):
                if cost[start] >= _NEVER or edges[start] > block.top + step / 2:
                    continue
                off = _off(block, edges[start], edges[end], step, centred, inset)
                if cost[start] + off < reached[end]:
                    reached[end], source[end] = cost[start] + off, start
        back.append(source)
        cost = reached
    finals = [cost[end] + (0.0 if end == count - 1 else _BLANK_COST) for end in range(count)]
    end = min(range(count), key=lambda index: finals[index])
    if finals[end] >= _NEVER:
        return None
    return _path(blocks, edges, back, end, step, centred, inset)


def _inset(blocks: Sequence[Block], edges: Sequence[float], step: float) -> float:
    """How far below the top of their rows texts usually begin, in points."""
    return float(
        np.median([block.top - max(edge for edge in edges if edge <= block.top + step / 2) for block in blocks])
    )


def _off(block: Block, top: float, bottom: float, step: float, centred: bool, inset: float) -> float:
    """How far a text is from where it would stand in these rows, in line steps."""
    if centred:
        return abs(block.middle - (top + bottom) / 2) / step
    return abs(block.top - top - inset) / step


def _path(
    blocks: Sequence[Block],
    edges: Sequence[float],
    back: Sequence[Sequence[int]],
    end: int,
    step: float,
    centred: bool,
    inset: float,
) -> list[Part]:
    parts = [] if end == len(edges) - 1 else [Part(end, len(edges) - 1 - end, None, _BLANK_COST)]
    for block, source in zip(reversed(blocks), reversed(back), strict=True):
        start = source[end]
        parts.append(Part(start, end - start, block, _off(block, edges[start], edges[end], step, centred, inset)))
        end = start
    if end > 0:
        parts.append(Part(0, end, None, _BLANK_COST))
    return parts[::-1]
