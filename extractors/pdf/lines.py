"""Characters to lines of text, by their places and not by their order in the file."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from extractors.pdf.content import Bools, Chars, Floats, Ints, Turn, codes_of, text_of
from extractors.pdf.radicals import fold
from extractors.pdf.shares import median
from extractors.pdf.upright import baselines, turn_boxes

#: Baselines nearer than this share of the type's height are one line. Raised and lowered signs (m²) are smaller, but
#: not so many times smaller.
_SAME_LINE, _RAISED = 0.45, 1.8
#: A gap of this share of the type's height is a blank; where the file has one, a smaller gap shows it.
_BLANK, _SAID_BLANK = 0.3, 0.1
#: A line in which this share of the gaps are blanks is spread out: only what is wider still is a blank.
_SPREAD = 0.7
#: Characters that overlap by more than this share of the type's height lie on top of each other; a few pairs of
#: punctuation marks in a line are set that tight.
_CROWDED, _MIN_CROWDED, _MANY_CROWDED = 0.2, 3, 0.3
#: What moves to the next line as one: a word or a character, with the marks that no line ends or begins with.
_WORD = re.compile(r"[（“《【〔]*(?:[A-Za-z0-9.,%+/-]+|.)[，。、；：！？）”》】〕]*")


class TextLine(NamedTuple):
    """One line of text in one place: its box (x0, top, x1, bottom), and its type's height.

    ``crowded``: characters lie on top of each other. ``first`` is how wide the line's first word or character is, with
    the marks that stay with it.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    height: float
    first: float
    crowded: bool = False


def read_lines(chars: Chars, place: Ints) -> dict[int, list[TextLine]]:
    """The lines in each place (a cell), from top to bottom; ``place`` gives the place of each character.

    Lines that stand at right angles to the others (sideways headings) are read in their own direction.
    """
    if all(style.angle == 0 for style in chars.styles):
        return _level_lines(chars, place)
    found: dict[int, list[TextLine]] = {}
    angles = np.round(np.array([style.angle for style in chars.styles]) / 90).astype(np.int64) % 4 * 90
    for turn in sorted(set(angles.tolist())):
        mask = angles[chars.style] == turn
        turned = _turned(chars.take(mask), turn)
        for owner, lines in _level_lines(turned, place[mask]).items():
            found.setdefault(owner, []).extend(_turned_back(line, turn) for line in lines)
    return found


def _turned(chars: Chars, turn: Turn) -> Chars:
    if turn == 0:
        return chars
    boxes = turn_boxes(chars.boxes, turn)
    return replace(chars, boxes=boxes, baseline=baselines(boxes))


def _turned_back(line: TextLine, turn: Turn) -> TextLine:
    if turn == 0:
        return line
    back: dict[Turn, Turn] = {90: 270, 180: 180, 270: 90}
    x0, top, x1, bottom = turn_boxes(np.array([[line.x0, line.top, line.x1, line.bottom]]), back[turn])[0].tolist()
    return line._replace(x0=x0, top=top, x1=x1, bottom=bottom)


def _level_lines(chars: Chars, place: Ints) -> dict[int, list[TextLine]]:
    """The lines of upright characters."""
    if not len(chars):
        return {}
    heights = chars.boxes[:, 3] - chars.boxes[:, 1]
    usual = max(median(heights), 1.0)
    order, starts = _line_breaks(chars, place, heights, usual)
    sizes = np.maximum.reduceat(heights[order], starts)
    counts = np.empty_like(starts)
    counts[:-1], counts[-1] = starts[1:] - starts[:-1], len(order) - starts[-1]
    boxes, size = chars.boxes[order], np.repeat(sizes, counts)
    gap = _gaps(boxes, starts)
    blanks = _blanks(chars, order, starts, counts, size, gap)
    crowded = _crowded(order, starts, counts, size, gap)
    tops = np.minimum.reduceat(boxes[:, 1], starts).tolist()
    bottoms = np.maximum.reduceat(boxes[:, 3], starts).tolist()
    lefts, rights = boxes[starts, 0].tolist(), np.maximum.reduceat(boxes[:, 2], starts).tolist()
    x1 = boxes[:, 2].tolist()
    texts = _texts(codes_of(chars.text)[order], starts, blanks)
    has_radicals = fold(chars.text) != chars.text
    found: dict[int, list[TextLine]] = {}
    values = zip(
        place[order[starts]].tolist(), texts, starts.tolist(), counts.tolist(),
        lefts, tops, rights, bottoms, sizes.tolist(), crowded, strict=True,
    )  # fmt: skip
    for owner, text, start, count, x0, top, right, bottom, height, is_crowded in values:
        word = _WORD.match(text)
        first = x1[start + min(word.end() if word else 1, count) - 1] - x0
        line = TextLine(fold(text) if has_radicals else text, x0, top, right, bottom, height, first, is_crowded)
        if owner in found:
            found[owner].append(line)
        else:
            found[owner] = [line]
    return found


def _texts(codes: NDArray[np.uint32], starts: Ints, blanks: Bools) -> list[str]:
    """The text of each line; ``blanks`` says before which characters (in reading order) a blank stands."""
    at = blanks.nonzero()[0]
    if len(at):
        codes, starts = np.insert(codes, at, ord(" ")), starts + at.searchsorted(starts)
    text = text_of(codes)
    return [text[start:end] for start, end in pairwise([*starts.tolist(), len(text)])]


def _line_breaks(chars: Chars, place: Ints, heights: Floats, usual: float) -> tuple[Ints, Ints]:
    """The characters in reading order, and where in that order each line starts."""
    by_line = np.lexsort((chars.baseline, place))
    baseline, owner, height = chars.baseline[by_line], place[by_line], np.maximum(heights[by_line], usual * 0.5)
    new = np.ones(len(by_line), np.bool_)
    step = baseline[1:] - baseline[:-1]
    tall, low = np.maximum(height[1:], height[:-1]), np.minimum(height[1:], height[:-1])
    new[1:] = (owner[1:] != owner[:-1]) | (step > _SAME_LINE * np.minimum(tall, _RAISED * low))
    order = by_line[np.lexsort((chars.boxes[by_line, 0], new.cumsum()))]
    return order, new.nonzero()[0]  # inside of the lines alone the order is another one now


def _crowded(order: Ints, starts: Ints, counts: Ints, size: Floats, gap: Floats) -> list[bool]:
    """Whether the characters of each line lie on top of each other; the arrays are those of :func:`_blanks`."""
    tight = gap < -_CROWDED * size
    if not tight.any():
        return [False] * len(starts)
    # Two texts on top of each other take turns; what the stream writes in one go is only set tight.
    tight[1:] &= np.abs(order[1:] - order[:-1]) != 1
    crowded: list[bool] = (np.add.reduceat(tight, starts) >= np.maximum(_MIN_CROWDED, _MANY_CROWDED * counts)).tolist()
    return crowded


def _gaps(boxes: Floats, starts: Ints) -> Floats:
    """The room between each character (in reading order) and the one before it in its line, in points."""
    gap = np.zeros(len(boxes))
    gap[1:] = boxes[1:, 0] - boxes[:-1, 2]
    gap[starts] = 0.0
    return gap


def _blanks(chars: Chars, order: Ints, starts: Ints, counts: Ints, size: Floats, gap: Floats) -> Bools:
    """Whether a blank stands before each character (in reading order); none at the start of a line.

    ``starts`` and ``counts`` are where each line begins and how many characters it has, ``size`` and ``gap`` are how
    high the line of each character is and the room before the character.
    """
    blank = (gap > _BLANK * size) | (chars.spaced[order] & (gap > _SAID_BLANK * size))
    blank[starts] = False
    if not blank.any():
        return blank
    gaps = counts - 1
    many = ((gaps >= 3) & (np.add.reduceat(blank, starts) >= _SPREAD * gaps)).nonzero()[0]
    for number in many.tolist():
        run = slice(int(starts[number]) + 1, int(starts[number] + counts[number]))
        letters = sum(chars.text[i].isascii() for i in order[run].tolist())
        if letters * 2 < gaps[number]:
            blank[run] = gap[run] > np.median(gap[run]) + _BLANK * size[run]
    return blank
