"""What the words at a page break tell about whether a text goes on behind it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from extractors.joining.bodies import Body, Placed
from extractors.joining.lines import last_line, leaves_open, longest_line, may_wrap, width

#: How much likelier a bracket that stays open makes it that a text goes on, and that two halves make a known item.
_BRACKET, _KNOWN = 1000.0, 50.0
#: How much likelier it is that two texts are two when each of the items at the break is known by itself.
_BOTH_KNOWN = 0.2
#: How much likelier it is when both texts name the same item: one list would name it once.
_TWICE = 0.01
#: A text that stands closer to the top of its part than this, in points, lacks the padding of the others.
_CLOSER = 1.5
#: Of so many texts one may stand closer to the top of its cell than the padding allows.
_PADDED = 20
_SEPARATORS = re.compile(r"[\s、，,；;。]+")
#: A list that ends like this names something more.
_MORE = re.compile(r"[、，,]\s*$")

Span = tuple[int, int]


class _Words:
    """The texts of all cells over the same columns."""

    def __init__(self, cells: Sequence[Placed], whole: Sequence[Placed]) -> None:
        self._cells = cells
        self._whole = whole

    @cached_property
    def capacity(self) -> int:
        """How much a line holds: the longest line."""
        return longest_line(placed.cell for placed in self._cells)

    @cached_property
    def last_lines(self) -> list[int]:
        """The lengths of the last lines."""
        return sorted(last_line(placed.cell.text) for placed in self._cells if not placed.blank)

    @cached_property
    def lengths(self) -> list[int]:
        """The lengths of the items in whole cells."""
        return [width(item) for placed in self._whole for item in items(placed)]

    @cached_property
    def shortest(self) -> int:
        """The length of the shortest item in whole cells."""
        return min(self.lengths, default=0)

    @cached_property
    def items(self) -> Counter[str]:
        """What stands between separators, wraps undone, and how often."""
        return Counter(item for placed in self._cells for item in items(placed))


class Signs:
    """What stands right at the page breaks of a table."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self._bodies = bodies
        self._words: dict[Span, _Words] = {}

    def capacity(self, placed: Placed) -> int:
        """How much a line of a cell holds."""
        return self._of(placed).capacity

    def one_text(self, above: Placed, below: Placed) -> float:
        """How much likelier two texts are one because of what stands right at the break.

        A bracket stays open or a list ends with a comma, the halves of an item make one that stands elsewhere too, the
        first text ends with a full line (which says the more the fewer others do, and the second begins with
        less than any item), the second lacks the padding above it. Against it: both texts name the same item.
        """
        if above.blank or below.blank:
            return 1.0
        if leaves_open(above.cell.text, below.cell.text) or _MORE.search(above.cell.text):
            return _BRACKET
        words = self._of(above)
        sign = self._known_items(words, above, below) * self._unpadded(below)
        if may_wrap(above.cell.text, below.cell.text, words.capacity):
            shorter = bisect_left(words.last_lines, last_line(above.cell.text))
            sign *= len(words.last_lines) / (len(words.last_lines) - shorter)
            first = next(iter(items(below)), "")  # a cell may hold nothing but a mark
            sign *= len(words.lengths) + 1 if width(first) < words.shortest else 1
        return sign

    def _of(self, placed: Placed) -> _Words:
        span = placed.col, placed.end_col
        if span not in self._words:
            pairs = [(b.inner(p), p) for b in self._bodies for p in b.cells if (p.col, p.end_col) == span]
            self._words[span] = _Words([p for _, p in pairs], [p for whole, p in pairs if whole])
        return self._words[span]

    @staticmethod
    def _known_items(words: _Words, above: Placed, below: Placed) -> float:
        left, right = items(above), items(below)
        if not left or not right:
            return 1.0
        twice = 1.0 if set(left).isdisjoint(right) else _TWICE
        known = words.items[left[-1]] > 1, words.items[right[0]] > 1
        if all(known):
            return _BOTH_KNOWN * twice
        return _KNOWN if words.items[left[-1] + right[0]] else twice

    def _unpadded(self, placed: Placed) -> float:
        gap = gap_of(placed)
        if gap is None or not self._gaps or gap >= self._gaps[len(self._gaps) // _PADDED] - _CLOSER:
            return 1.0
        return len(self._gaps) / (bisect_right(self._gaps, gap) + 0.5)

    @cached_property
    def _gaps(self) -> list[float]:
        """What is left free above the texts of whole cells."""
        gaps = (gap_of(placed) for body in self._bodies for placed in body.cells if body.inner(placed))
        return sorted(gap for gap in gaps if gap is not None)


def items(placed: Placed) -> list[str]:
    """What stands between separators in a cell, wraps undone."""
    text = placed.cell.text
    for at in reversed(placed.cell.wraps):
        text = text[:at] + text[at + 1 :]
    return [item for item in _SEPARATORS.split(text) if item]


def gap_of(placed: Placed) -> float | None:
    """What is left free above the text of a cell."""
    ink = placed.cell.ink
    return None if ink is None or placed.top is None else ink.top - placed.top
