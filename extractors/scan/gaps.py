"""Marks so faint that the network rather sees nothing: a gap as wide as a character says that one stands there.

Chinese characters stand as far from each other as they are wide. Where two are further apart, and at the end of a line
that goes on, the network is asked once more, and only for marks: commas and stops are a few grey dots at 150 dpi.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: What the network says for each mark when it is hardly to be seen, and how often the marks stand in such texts in
#: comparison with the comma: two grey dots look like a colon.
_SEEN_AS: Mapping[str, str] = {"，": "，,._", "、": "、", "。": "。", "：": "：:", "；": "；;"}
_OFTEN: Mapping[str, float] = {"，": 1.0, "、": 0.7, "。": 0.5, "：": 0.05, "；": 0.05}
#: Characters further from each other than so many times the usual distance have something between them.
_GAP = 1.5
#: The sum over the columns between two characters, of all but these two, that shows a lost one: hardly ever does one
#: of a hundredth of it occur where nothing is.
_SEEN = 0.08
#: A line of fewer distances does not tell how far apart its characters stand.
_FEWEST = 4
#: A mark stands nearer to neither character than this share of the distance.
_BESIDE = 0.45
#: The sum over the columns that is enough for a mark, in a gap and at the end of a line, which may just be short; and
#: the confidence at most of what gaps tell.
_INSIDE, _AT_END, UNSURE = 0.005, 0.02, 0.49


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
            text, evidence, others = _mark(part, characters)
            if evidence >= (_INSIDE if index + 1 < len(columns) else _AT_END):
                yield Mark(index, text, (start + end) / 2, min(UNSURE, evidence), others)


def lost_characters(
    probabilities: NDArray[np.float32], filled: float, characters: Sequence[str]
) -> Iterator[tuple[int, str]]:
    """Where the network saw something between two characters, but rather nothing: (index of the second, what it saw).

    The index behind the last character stands for the end of the line. The arguments are as above.
    """
    best = [0 if not characters[at].strip() else at for at in probabilities.argmax(axis=1).tolist()]
    inked = [column for column in range(min(int(filled), len(best))) if best[column]]
    empty = [at for at, character in enumerate(characters) if at == 0 or not character.strip()]
    index = 0
    for before, column in pairwise([-1, *inked, min(int(filled), len(best))]):
        if column - before > 1:
            part = probabilities[before + 1 : column].copy()
            part[:, [*empty, *(best[at] for at in (before, column) if 0 <= at < len(best))]] = 0
            if part.sum() >= _SEEN:
                yield index, characters[int(part.max(axis=0).argmax())]
        if before < 0 or column - before > 1 or (column < len(best) and best[column] != best[before]):
            index += 1


def _usual(columns: Sequence[float], wide: Sequence[bool]) -> tuple[float, list[int]]:
    """How far apart wide characters stand (0: not known), and which are followed by another one."""
    pairs = [index for index in range(len(columns) - 1) if wide[index] and wide[index + 1]]
    if len(pairs) < _FEWEST:
        return 0.0, pairs
    return float(np.median([columns[index + 1] - columns[index] for index in pairs])), pairs


def _mark(part: NDArray[np.float32], characters: Sequence[str]) -> tuple[str, float, str]:
    """The likeliest mark in some columns, how likely any is, and the next ones."""
    sums = part.sum(axis=0)
    seen = {
        mark: float(sum(sums[characters.index(sign)] for sign in signs if sign in characters))
        for mark, signs in _SEEN_AS.items()
    }
    ranked = sorted(seen, key=lambda mark: -seen[mark] * _OFTEN[mark])
    return ranked[0], sum(seen.values()), "".join(ranked[1:3])
