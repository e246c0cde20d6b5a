"""Marks so faint that the network rather sees nothing: a gap as wide as a character says that one stands there.

Chinese characters stand as far from each other as they are wide. Where two are further apart, and at the end of a line
that goes on, the network is asked once more, and only for marks: commas and stops are a few grey dots at 150 dpi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: What the network says for each mark when it is hardly to be seen, and how often the marks stand in such texts in
#: comparison with the comma: two grey dots look like a colon.
_SEEN_AS: Mapping[str, str] = {"，": "，,._", "、": "、", "。": "。", "：": "：:", "；": "；;"}
_OFTEN: Mapping[str, float] = {"，": 1.0, "、": 0.7, "。": 0.5, "：": 0.05, "；": 0.05}
#: Characters further from each other than so many times the usual distance have something between them.
_GAP = 1.5
#: Digits are half as wide: where they are further apart than this, a point may be lost between them.
_DIGITS = 0.68
#: A line of fewer distances does not tell how far apart its characters stand.
_FEWEST = 4
#: A mark stands nearer to neither character than this share of the distance.
_BESIDE = 0.45
#: The sum over the columns of a gap that is enough for a mark, and the confidence at most of what gaps tell.
_EVIDENCE, UNSURE = 0.02, 0.49


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark behind the character with this index: ``at`` is its column, ``others`` are what else it may be."""

    after: int
    text: str
    at: float
    confidence: float
    others: str


def marks_in_gaps(
    probabilities: NDArray[np.float32],
    filled: float,
    characters: Sequence[str],
    columns: Sequence[float],
    wide: Sequence[bool],
) -> Iterator[Mark]:
    """The marks that stand in gaps of a line, in order.

    ``probabilities`` is columns x ``characters``, of which the first ``filled`` show the line; ``columns`` are where
    the characters that were read stand, and ``wide`` says which of them are as wide as Chinese ones.
    """
    usual, pairs = _usual(columns, wide)
    if not usual:
        return
    gaps = [(index, columns[index + 1] - _BESIDE * usual) for index in pairs]
    if wide[-1]:
        gaps.append((len(columns) - 1, min(filled, len(probabilities) - 1.0)))
    for index, end in gaps:
        following = columns[index + 1] if index + 1 < len(columns) else filled + usual / 2
        start = columns[index] + _BESIDE * usual
        if following - columns[index] > _GAP * usual and int(end) > int(start):
            part = probabilities[int(start) : int(end) + 1]
            if (found := _mark(part, characters)) is not None:
                text, evidence, others = found
                yield Mark(index, text, (start + end) / 2, min(UNSURE, evidence), others)


def behind_lost_points(columns: Sequence[float], wide: Sequence[bool], digits: Sequence[bool]) -> Iterator[int]:
    """The digits of a line that stand so far from the digit before that a point may be lost between them.

    The arguments are as above; ``digits`` says which characters are digits.
    """
    usual, _ = _usual(columns, wide)
    for index in range(1, len(columns) if usual else 0):
        if digits[index - 1] and digits[index] and columns[index] - columns[index - 1] > _DIGITS * usual:
            yield index


def _usual(columns: Sequence[float], wide: Sequence[bool]) -> tuple[float, list[int]]:
    """How far apart wide characters stand (0: not known), and which are followed by another one."""
    pairs = [index for index in range(len(columns) - 1) if wide[index] and wide[index + 1]]
    if len(pairs) < _FEWEST:
        return 0.0, pairs
    return float(np.median([columns[index + 1] - columns[index] for index in pairs])), pairs


def _mark(part: NDArray[np.float32], characters: Sequence[str]) -> tuple[str, float, str] | None:
    """The likeliest mark in some columns, how likely it is, and the other ones; None where hardly any is."""
    sums = part.sum(axis=0)
    places = {
        mark: [characters.index(sign) for sign in signs if sign in characters] for mark, signs in _SEEN_AS.items()
    }
    seen = {mark: float(sums[own].sum()) for mark, own in places.items() if own}
    ranked = sorted(seen, key=lambda mark: -seen[mark] * _OFTEN[mark])
    if sum(seen.values()) < _EVIDENCE:
        return None
    return ranked[0], seen[ranked[0]], "".join(ranked[1:3])
