"""Rows of lines that all stand at one distance, where texts are in the middle of their cells.

No gap tells one row from the next, but the number of a row stands half way between its borders: where a row begins and
where its number stands gives where it ends, and so on down the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from extractors.headings import PART_NUMBER
from extractors.pdf.alignment import Column, spanned
from extractors.pdf.phrases import Band, Phrase, make_band

#: What is in the middle is off by no more than this share of the type's height.
_OFF = 0.6
#: Lines reach over the border of their row by no more than this share.
_OVER = 0.3
#: What is one line is no higher than this, in heights of the type.
_ONE_LINE = 1.5
#: Texts begin beside their numbers when this share of them does.
_MOST = 0.9


def centred_rows(
    bands: Sequence[Band], numbers: Sequence[Phrase], top: float, columns: Sequence[Column]
) -> list[list[Band]] | None:
    """The rows of lines below ``top``: one for each number, and the titles of parts between them.

    None where texts are not in the middle of the rows that this gives, or could as well begin beside their numbers.
    """
    height = bands[0].height
    rest = sorted((phrase for band in bands for phrase in band.phrases), key=_middle)
    if _begin_with_numbers(rest, numbers, columns, height):
        return None
    rows: list[list[Band]] = []
    for number in numbers:
        while _is_title(rest, height):
            rows.append([make_band(rest[:1], height)])
            top, rest = _border(rest[:1], rest[1:]), rest[1:]
        bottom = 2 * _middle(number) - top
        own = [phrase for phrase in rest if _middle(phrase) < bottom]
        if not _is_row(own, number, bottom, columns, height):
            if number is not numbers[-1] or not rows or not _is_cut(rest, number, columns, height):
                return None
            own = rest
        rest = rest[len(own) :]
        top = _border(own, rest)
        if abs(top - bottom) > _OFF * height and rest:
            return None
        rows.append([make_band(sorted(own, key=lambda phrase: (phrase.x0, phrase.top)), height)])
    while rest:  # titles at the foot, a total
        line = rest[:1] if _is_title(rest, height) else rest
        if max(phrase.bottom for phrase in line) - line[0].top > _ONE_LINE * height:
            return None
        rows.append([make_band(line, height)])
        rest = rest[len(line) :]
    return rows


def _begin_with_numbers(
    lines: Sequence[Phrase], numbers: Sequence[Phrase], columns: Sequence[Column], height: float
) -> bool:
    """Whether the texts between a number and the next one begin beside it."""
    beside = total = 0
    for number, end in zip(numbers, [*(other.top for other in numbers[1:]), inf], strict=True):
        own = [phrase for phrase in lines if number.top - _OVER * height <= phrase.top < end - _OVER * height]
        for col in range(len(columns)):
            first = min((p.top for p in own if spanned(columns, p) == (col, col) and p is not number), default=None)
            total += first is not None
            beside += first is not None and first - number.top <= _OVER * height
    return beside >= _MOST * total


def _is_title(lines: Sequence[Phrase], height: float) -> bool:
    """Whether the first line is the title of a part, with nothing beside it."""
    alone = len(lines) > 1 and lines[1].top > lines[0].bottom - _OVER * height
    return alone and bool(PART_NUMBER.match(lines[0].text))


def _border(above: Sequence[Phrase], below: Sequence[Phrase]) -> float:
    """The height half way between lines."""
    low = max(phrase.bottom for phrase in above)
    return (low + min((phrase.top for phrase in below), default=low)) / 2


def _is_row(own: Sequence[Phrase], number: Phrase, bottom: float, columns: Sequence[Column], height: float) -> bool:
    """Whether texts lie above the border of a row, and in each column as far above its number as below it."""
    if number not in own or any(phrase.bottom > bottom + _OVER * height for phrase in own):
        return False
    middle = _middle(number)
    place = spanned(columns, number)
    if any(spanned(columns, p) == place and abs(_middle(p) - middle) > _ONE_LINE * height for p in own):
        return False
    for col in range(len(columns)):
        lines = [phrase for phrase in own if spanned(columns, phrase) == (col, col)]
        if lines and abs((min(p.top for p in lines) + max(p.bottom for p in lines)) / 2 - middle) > _OFF * height:
            return False
    return True


def _is_cut(lines: Sequence[Phrase], number: Phrase, columns: Sequence[Column], height: float) -> bool:
    """Whether the last row is cut by the end of the page: its texts stand at its top then, and no number below."""
    first, last = spanned(columns, number)
    below = any(p.top > number.bottom and spanned(columns, p) == (first, last) for p in lines)
    return not below and _begin_with_numbers(lines, [number], columns, height)


def _middle(phrase: Phrase) -> float:
    return (phrase.top + phrase.bottom) / 2
