"""Places of characters in a line of monospaced text: full-width ones take two columns (Unicode Annex 11)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from unicodedata import combining, east_asian_width

#: Box-drawing characters (U+2500-257F) are of ambiguous width: one column in Western fonts, two in Chinese ones.
_BOX = range(0x2500, 0x2580)


@lru_cache(maxsize=1 << 16)
def _kind(char: str) -> int:
    """Which of the widths a character has: 0 none, 1 one column, 2 a drawing character's, 3 ambiguous, 4 full."""
    if ord(char) in _BOX:
        return 2
    if combining(char) or char in "\u200b\u200c\u200d\ufeff\u2060":
        return 0
    kind = east_asian_width(char)
    return 4 if kind in "WF" else 3 if kind == "A" else 1


@dataclass(frozen=True, slots=True)
class Widths:
    """How many columns a drawing character, another one of ambiguous width (“, —, …) and a full-width one take."""

    box: int = 1
    ambiguous: int = 2
    full: int = 2

    def of(self, char: str) -> int:
        """The columns that a character takes."""
        return (0, 1, self.box, self.ambiguous, self.full)[_kind(char)]

    def starts(self, line: str) -> list[int]:
        """The column at which each character begins, and the one behind the last."""
        columns = (0, 1, self.box, self.ambiguous, self.full)
        return list(accumulate((columns[_kind(char)] for char in line), initial=0))

    def length(self, text: str) -> int:
        """The columns that a text takes."""
        return sum(map(self.of, text))


#: The fonts that there are: drawing characters narrow or wide, other ambiguous ones narrow or wide.
FONTS = (Widths(1, 2), Widths(1, 1), Widths(2, 2), Widths(2, 1))
#: And a text in which each character is counted as one.
COUNTED = Widths(1, 1, 1)
