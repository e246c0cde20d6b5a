"""The answer of the recognition network to characters with places and confidences.

The network says for each of some columns of a line which character stands there (connectionist temporal
classification): neighbouring columns with the same character are one, the blank parts two that are alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

from extractors.scan.gaps import UNSURE, lost_characters, marks_in_gaps
from extractors.scan.model import Glyph
from extractors.scan.textlines import Line

#: Nothing: what the network says between characters.
_BLANK = 0
#: How many other characters are kept, and how likely each of them has to be.
_OTHERS, _LIKELY = 3, 0.01
#: A wide character is as wide as it is from one to the next, but no wider or narrower than this share of its height.
_WIDEST, _NARROWEST = 1.2, 0.7
#: A narrow one (a digit, a Latin letter) in comparison with a wide one.
_NARROW = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """A character that the network read; ``at`` is its middle as a share of the width of what was shown.

    ``spaced``: a blank stands before it. ``others`` are what it may be instead, the likeliest first.
    """

    text: str
    at: float
    confidence: float
    spaced: bool
    others: str


def decode(probabilities: NDArray[np.float32], filled: float, characters: Sequence[str]) -> list[Read]:
    """The characters of a line; ``probabilities`` is columns x characters, ``filled`` the share that is not padding.

    A character's confidence is the highest of its columns.
    """
    best = probabilities.argmax(axis=1)
    sure = probabilities[np.arange(len(best)), best]
    found: list[Read] = []
    spaced = False
    for start, end in _same(best):
        if best[start] == _BLANK:
            continue
        text = characters[int(best[start])]
        if not text.strip():
            spaced = bool(found)
            continue
        weight = sure[start:end]
        at = float(np.average(np.arange(start, end), weights=weight)) + 0.5
        top = start + int(weight.argmax())
        others = _others(probabilities[top], characters)
        found.append(Read(text, min(1.0, at / (len(best) * filled)), float(weight.max()), spaced, others))
        spaced = False
    return _with_marks(found, probabilities, len(best) * filled, characters)


def placed(read: Sequence[Read], line: Line, number: int) -> Iterator[Glyph]:
    """The characters of a line at their places on the page; ``number`` is that of the line."""
    if line.stacked:
        yield from _stacked(read, line, number)
        return
    width = line.right - line.left
    middles = line.left + np.array([character.at for character in read]) * width
    half = _widths(read, middles, line.last - line.first) / 2
    lefts, rights = middles - half, middles + half
    over = rights[:-1] > lefts[1:]
    between = (middles[:-1] + middles[1:]) / 2
    rights[:-1][over], lefts[1:][over] = between[over], between[over]
    for character, left, right in zip(read, lefts.tolist(), rights.tolist(), strict=True):
        yield Glyph(
            character.text, left, line.first, right, line.last,
            character.confidence, number, character.spaced, character.others,
        )  # fmt: skip


def _with_marks(
    found: list[Read], probabilities: NDArray[np.float32], columns: float, characters: Sequence[str]
) -> list[Read]:
    """The characters with the marks that stand in gaps between them; ``columns`` are those that are not padding.

    A character behind a gap in which another one may be lost becomes unsure.
    """
    places = [character.at * columns for character in found]
    wide = [_is_wide(character.text) for character in found]
    marks = {mark.after: mark for mark in marks_in_gaps(probabilities, columns, characters, places, wide)}
    lost = {min(at, len(found) - 1): text for at, text in lost_characters(probabilities, columns, characters)}
    result = []
    for index, character in enumerate(found):
        seen = "" if index - 1 in marks or index in marks else lost.get(index, "")
        confidence = min(UNSURE, character.confidence) if seen else character.confidence
        spaced = character.spaced and index - 1 not in marks
        others = f"{seen}{character.others}"
        result.append(replace(character, confidence=confidence, spaced=spaced, others=others))
        if mark := marks.get(index):
            result.append(Read(mark.text, min(1.0, mark.at / columns), mark.confidence, False, mark.others))
    return result


def _is_wide(text: str) -> bool:
    return east_asian_width(text[0]) in "WFA"


def _same(best: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """From where to before where columns hold the same character."""
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    return pairwise(edges) if len(best) else iter(())


def _others(column: NDArray[np.float32], characters: Sequence[str]) -> str:
    few = min(_OTHERS + 2, len(column))  # with the character itself and the blank
    order = np.argpartition(column, -few)[-few:]
    order = order[np.argsort(-column[order])][1:]
    likely = [characters[index] for index in order.tolist() if index != _BLANK and column[index] >= _LIKELY]
    return "".join(text for text in likely if text.strip())[:_OTHERS]


def _widths(read: Sequence[Read], middles: NDArray[np.float64], height: float) -> NDArray[np.float64]:
    """How wide each character is: wide ones as far as they are apart, the others by half."""
    wide = np.array([_is_wide(character.text) for character in read])
    apart = np.diff(middles)[wide[:-1] & wide[1:]]
    usual = float(np.median(apart)) if len(apart) else height
    full = float(np.clip(usual, _NARROWEST * height, _WIDEST * height))
    return np.where(wide, full, _NARROW * full)


def _stacked(read: Sequence[Read], line: Line, number: int) -> Iterator[Glyph]:
    """Characters one below the other: each where the part of the picture stood in which it was read."""
    slots: dict[int, list[Read]] = {}
    for character in read:
        slots.setdefault(min(int(character.at * len(line.stacked)), len(line.stacked) - 1), []).append(character)
    for slot, own in sorted(slots.items()):
        top, bottom = line.stacked[slot]
        step = (line.right - line.left) / len(own)
        for index, character in enumerate(own):
            left = line.left + index * step
            yield Glyph(
                character.text, left, top, left + step, bottom, character.confidence, number, False, character.others
            )
