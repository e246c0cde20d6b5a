"""Phrases: what stands together on a line, told from its neighbours by a gap wider than a blank.

Where a table has no rulings, its cells are phrases, and its columns the gaps that many lines have in common.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.pdf.content import Chars, Floats, Ints

#: A gap of this share of the type's height parts two phrases; a blank between words is about 0.3.
_GAP = 0.5
#: And it is wider than a letter: in type of one width every blank is as wide as one.
_LETTERS = 1.15
#: Baselines nearer than this share of the type's height are one line.
_SAME_LINE = 0.4
_VALUE = re.compile(r"[-+−–—~≈<>≤≥(（]*[\d.,:/%‰€$£¥)）–—-]*\d[\d.,:/%‰€$£¥)）–—-]*|[-–—/]{1,2}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Characters that stand together on one line; ``first`` is how wide the first word (or ideograph) is."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    first: float

    @property
    def middle(self) -> float:
        """The middle between its left and its right end."""
        return (self.x0 + self.x1) / 2

    @property
    def is_value(self) -> bool:
        """Whether it is a number, an amount, a date or a dash in place of one."""
        return bool(_VALUE.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class Band:
    """The phrases of one line, or of several that lie beside each other, from left to right, and their box.

    ``height`` is the height of the type.
    """

    phrases: tuple[Phrase, ...]
    height: float
    x0: float
    top: float
    x1: float
    bottom: float


def make_band(phrases: Sequence[Phrase], height: float) -> Band:
    """The band of these phrases."""
    return Band(
        tuple(phrases),
        height,
        min(phrase.x0 for phrase in phrases),
        min(phrase.top for phrase in phrases),
        max(phrase.x1 for phrase in phrases),
        max(phrase.bottom for phrase in phrases),
    )


def read_bands(chars: Chars) -> list[Band]:
    """The lines of the upright characters, from top to bottom, each as its phrases."""
    level = np.array([style.angle == 0 for style in chars.styles], np.bool_)[chars.style]
    if not level.all():
        chars = chars.take(level)
    if not len(chars):
        return []
    heights = chars.boxes[:, 3] - chars.boxes[:, 1]
    order, line = _lines(chars, heights)
    x0, x1 = chars.boxes[order, 0], chars.boxes[order, 2]
    starts = np.flatnonzero(np.append(True, np.diff(line) != 0))
    size = np.repeat(np.maximum.reduceat(heights[order], starts), np.diff(np.append(starts, len(order))))
    furthest = _running_maximum(x1, starts)
    wide = np.maximum(_GAP * size, _LETTERS * _letter_width(chars, order, starts))
    apart = np.append(True, x0[1:] - furthest[:-1] > wide[1:])
    apart[starts] = True
    return _bands(chars, order, line, np.flatnonzero(apart), heights)


def _lines(chars: Chars, heights: Floats) -> tuple[Ints, Ints]:
    """The characters in reading order and the number of the line of each."""
    by_line = np.argsort(chars.baseline, kind="stable")
    baseline = chars.baseline[by_line].tolist()
    room = (_SAME_LINE * np.maximum(heights[by_line], 2.0)).tolist()
    line = np.zeros(len(by_line), np.int64)
    number, first = 0, baseline[0]
    for index, (at, near) in enumerate(zip(baseline, room, strict=True)):
        if at - first > near:
            number, first = number + 1, at
        line[index] = number
    inside = np.lexsort((chars.boxes[by_line, 0], line))
    return by_line[inside], line[inside]


def _letter_width(chars: Chars, order: Ints, starts: Ints) -> Floats:
    """How wide the letters of each character's line are; 0 in lines of ideographs."""
    letter = np.frombuffer(chars.text.encode("utf-32-le"), np.uint32)[order] < 128
    width = np.where(letter, chars.boxes[order, 2] - chars.boxes[order, 0], 0.0)
    counts = np.diff(np.append(starts, len(order)))
    letters = np.add.reduceat(letter.astype(np.int64), starts)
    mean = np.add.reduceat(width, starts) / np.maximum(letters, 1)
    return np.repeat(np.where(2 * letters > counts, mean, 0.0), counts)


def _running_maximum(values: Floats, starts: Ints) -> Floats:
    """The largest value so far in each line."""
    result = values.copy()
    for start, end in pairwise([*starts.tolist(), len(values)]):
        result[start:end] = np.maximum.accumulate(values[start:end])
    return result


def _bands(chars: Chars, order: Ints, line: Ints, cuts: Ints, heights: Floats) -> list[Band]:
    boxes, text, numbers = chars.boxes[order], chars.text, line.tolist()
    spaced, furthest = chars.spaced[order].tolist(), boxes[:, 2].tolist()
    x0, top = np.minimum.reduceat(boxes[:, :2], cuts).T.tolist()
    x1, bottom = np.maximum.reduceat(boxes[:, 2:], cuts).T.tolist()
    tall = np.maximum.reduceat(heights[order], cuts).tolist()
    bands: list[Band] = []
    phrases: list[Phrase] = []
    height = 0.0
    ends = [*cuts.tolist()[1:], len(order)]
    indices = order.tolist()
    for number, (start, end) in enumerate(zip(cuts.tolist(), ends, strict=True)):
        own = "".join([text[i] for i in indices[start:end]])
        word = next((k for k in range(start + 1, end) if spaced[k] or not own[k - start - 1].isascii()), end)
        first = furthest[word - 1] - x0[number]
        phrases.append(Phrase(own, x0[number], top[number], x1[number], bottom[number], first))
        height = max(height, tall[number])
        if end == len(order) or numbers[end] != numbers[start]:
            bands.append(make_band(phrases, height))
            phrases, height = [], 0.0
    return bands


def merged(bands: Sequence[Band]) -> Band:
    """Several lines as one band."""
    phrases = sorted((phrase for band in bands for phrase in band.phrases), key=lambda phrase: (phrase.x0, phrase.top))
    return make_band(phrases, max(band.height for band in bands))
