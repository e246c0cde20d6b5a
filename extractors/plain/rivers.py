"""Columns of a text that blanks alone part: where no line has ink, one column ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SEGMENT = re.compile(r"\S+(?:\s\S+)*")
WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"[（(]?\d+[)）.、．]?")
#: A river of one column parts texts in so many lines at least.
_PARTED_LINES = 3
#: A river may have ink in one of so many lines: a text that reaches over its column.
_ONE_IN = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A text between two stretches of blanks, and the column of the font at which it begins."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the text."""

    number: int
    page: int
    content: str
    #: The column of the font at which each character begins, and the one behind the last.
    starts: Sequence[int]
    segments: tuple[Segment, ...]
    after_blank: bool

    @property
    def labels(self) -> tuple[str, ...]:
        """The segments without white space."""
        return tuple("".join(segment.text.split()) for segment in self.segments)


def find_columns(table: Sequence[Row], heading: Sequence[Row]) -> list[tuple[int, int]]:
    """The stretches of ink between the rivers: columns of the font in which no line has any.

    A river of one column counts where a heading begins behind it, or where texts stand at both of its sides.
    """
    lines = [row for row in table if len(row.segments) > 1]
    ink = Counter(place for row in lines for place in _ink(row))
    most = len(lines) // _ONE_IN
    labels = {row.starts[word.start()] for row in heading for word in WORD.finditer(row.content)}
    inked = [_ink(row) for row in lines]
    columns: list[tuple[int, int]] = []
    stretches: list[tuple[int, int]] = []
    for place in sorted(place for place, times in ink.items() if times > most):
        if stretches and stretches[-1][1] == place:
            stretches[-1] = (stretches[-1][0], place + 1)
        else:
            stretches.append((place, place + 1))
    for start, end in stretches:
        gap = start - columns[-1][1] if columns else 2
        if gap > 1 or start in labels or _parts_texts(columns[-1], (start, end), lines, inked):
            columns.append((start, end))
        else:
            columns[-1] = (columns[-1][0], end)
    return _without_spread_names(columns)


def _parts_texts(left: tuple[int, int], right: tuple[int, int], rows: Sequence[Row], inked: Sequence[set[int]]) -> bool:
    """Whether a river of one column parts texts at both of its sides in several lines, and not numbers from theirs."""
    both = [
        row
        for row, ink in zip(rows, inked, strict=True)
        if not ink.isdisjoint(range(*left)) and not ink.isdisjoint(range(*right))
    ]
    before = [
        "".join(c for c, at in zip(row.content, row.starts, strict=False) if left[0] <= at < left[1]) for row in both
    ]
    return len(both) >= _PARTED_LINES and not all(_NUMBER.fullmatch(text.strip()) for text in before)


def _ink(row: Row) -> set[int]:
    """The columns of the font in which a line has ink."""
    return {
        place
        for at, char in enumerate(row.content)
        if not char.isspace()
        for place in range(row.starts[at], row.starts[at + 1])
    }


def _without_spread_names(columns: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The columns; two of one character each are the parts of names with a blank between them."""
    found: list[tuple[int, int]] = []
    for start, end in columns:
        if found and end - start <= 2 and found[-1][1] - found[-1][0] <= 2 and start - found[-1][1] <= 2:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
