"""Places of characters in a line of monospaced text: full-width ones take two columns (Unicode Annex 11)."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import combining, east_asian_width

#: Box-drawing characters (U+2500-257F) are of ambiguous width: one column in Western fonts, two in Chinese ones.
_BOX = range(0x2500, 0x2580)


@dataclass(frozen=True, slots=True)
class Widths:
    """How many columns a drawing character, another one of ambiguous width (“, —, …) and a full-width one take."""

    box: int = 1
    ambiguous: int = 2
    full: int = 2

    def of(self, char: str) -> int:
        """The columns that a character takes."""
        if ord(char) in _BOX:
            return self.box
        if combining(char) or char in "\u200b\u200c\u200d\ufeff\u2060":
            return 0
        kind = east_asian_width(char)
        return self.full if kind in "WF" else self.ambiguous if kind == "A" else 1

    def starts(self, line: str) -> list[int]:
        """The column at which each character begins, and the one behind the last."""
        at, found = 0, [0]
        for char in line:
            at += self.of(char)
            found.append(at)
        return found

    def length(self, text: str) -> int:
        """The columns that a text takes."""
        return sum(map(self.of, text))


#: The fonts that there are: drawing characters narrow or wide, other ambiguous ones narrow or wide.
FONTS = (Widths(1, 2), Widths(1, 1), Widths(2, 2), Widths(2, 1))
#: And a text in which each character is counted as one.
COUNTED = Widths(1, 1, 1)
