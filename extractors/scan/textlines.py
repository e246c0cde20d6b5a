"""Where the lines of text of a page stand: the engine's boxes, cut at rulings and freed of their neighbours' ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.pdf.content import Bools, Floats
from extractors.scan.model import Pixels, Ruling

#: Darker than this, of 255, is ink; columns with fewer such pixels have only specks.
_INK, _SPECKS = 140, 2
#: A ruling further inside a box than this, in pixels, cuts it: the engine's boxes are wider than their text.
_INSIDE = 4.0
#: Ink no further in than this share of a line's height, and parted from the rest, is that of the next line.
_FOREIGN = 0.25
#: Ink lower than this share of its box is a dash or a point: its line is as high as the other share.
_LOW, _USUAL = 0.35, 0.6
#: A box whose ink is so many times higher than wide holds characters one below the other, if the ink fills this share
#: of its width: a single narrow character does not.
_STANDS, _FILLS = 1.5, 0.4
#: A character is at most this much higher than the widest of its line, where they stand one below the other.
_SQUARE = 1.2

_Box = tuple[float, float, float, float]
_Runs = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, in pixels: ``left``, ``top``, ``right`` and ``bottom`` are what the recogniser is shown.

    Its ink stands from row ``first`` to before ``last``. ``stacked`` are from where to before where each character
    stands, when they stand one below the other.
    """

    left: int
    top: int
    right: int
    bottom: int
    first: int
    last: int
    stacked: tuple[tuple[int, int], ...] = ()


def lines_of(boxes: Floats, rulings: Sequence[Ruling], grey: Pixels) -> list[Line]:
    """The lines in the boxes of the detector (n x 4: x0, top, x1, bottom); ``grey`` is the page without rulings."""
    dark: Bools = grey < _INK
    parts = [part for x0, top, x1, bottom in boxes.tolist() for part in _cut((x0, top, x1, bottom), rulings)]
    return [line for part in parts if (line := _line(part, dark)) is not None]


def _cut(box: _Box, rulings: Sequence[Ruling]) -> Iterator[_Box]:
    """The parts of a box between the rulings that run through its middle: text in two cells is two lines."""
    x0, top, x1, bottom = box
    for ruling in rulings:
        low, high, across = (top, bottom, (x0 + x1) / 2) if ruling.horizontal else (x0, x1, (top + bottom) / 2)
        if low + _INSIDE < ruling.at < high - _INSIDE and ruling.start <= across <= ruling.end:
            halves = ((x0, top, x1, ruling.at), (x0, ruling.at, x1, bottom))
            if not ruling.horizontal:
                halves = ((x0, top, ruling.at, bottom), (ruling.at, top, x1, bottom))
            for half in halves:
                yield from _cut(half, rulings)
            return
    yield box


def _line(box: _Box, dark: Bools) -> Line | None:
    """The line in a box; None where there is no ink."""
    height, width = dark.shape
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(width, int(np.ceil(box[2]))), min(height, int(np.ceil(box[3])))
    part = dark[top:bottom, left:right]
    runs = _runs(np.any(part, axis=1)) if part.size else []
    above, below = _foreign(runs, bottom - top, min(bottom - top, right - left))
    own = runs[above : len(runs) - below]
    if not own:
        return None
    # What is shown ends before the ink of another line begins.
    shown = top + (runs[above - 1][1] if above else 0), top + (runs[-below][0] if below else bottom - top)
    first, last = own[0][0], own[-1][1]
    columns = np.flatnonzero(np.count_nonzero(part[first:last], axis=0) >= _SPECKS)
    wide = int(columns[-1] - columns[0]) + 1 if len(columns) else right - left
    stacked = _stacked(own, wide) if last - first >= _STANDS * wide >= _STANDS * _FILLS * (right - left) else []
    if last - first < _LOW * (bottom - top):
        room = _USUAL * (bottom - top) / 2
        middle = (bottom - top) / 2
        first, last = min(first, int(middle - room)), max(last, int(middle + room))
    return Line(
        left, shown[0], right, shown[1], top + first, top + last,
        tuple((top + start, top + end) for start, end in stacked) if len(stacked) > 1 else (),
    )  # fmt: skip


def _runs(inked: NDArray[np.bool_]) -> _Runs:
    """From where to before where there is ink."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _foreign(runs: _Runs, height: int, line: int) -> tuple[int, int]:
    """How many runs at the top and at the bottom are the edges of other lines; a line is about so high."""
    above = sum(end <= _FOREIGN * line for _, end in runs)
    below = sum(start >= height - _FOREIGN * line for start, _ in runs)
    return (above, below) if above + below < len(runs) else (0, 0)


def _stacked(runs: _Runs, wide: int) -> _Runs:
    """Where each character stands, one below the other: its parts are together no higher than a character is wide."""
    found: _Runs = []
    for start, end in runs:
        if found and end - found[-1][0] <= _SQUARE * wide:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
