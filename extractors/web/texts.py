"""Text as a browser shows it: white space collapsed, breaks where elements break."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import east_asian_width

#: A break that an element makes, and one that is only in the source; neither occurs in a page's text.
BREAK, _SOFT = "\u2028", "\v"
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANK = " \t\u00a0\u3000"


@dataclass(slots=True)
class Collected:
    """Pieces of text in the order of the page."""

    pieces: list[str] = field(default_factory=list)

    def add(self, text: str | None, preformatted: bool = False) -> None:
        """Take a piece of text; the line breaks of a preformatted one are shown."""
        if text:
            clean = text.replace("\0", "").replace(BREAK, "\n")
            self.pieces.append(clean.replace("\r\n", "\n").replace("\n", BREAK) if preformatted else clean)

    def break_line(self) -> None:
        """End the line."""
        self.pieces.append(BREAK)

    def lines(self) -> list[str]:
        """The lines with something in them. A break of the source between two Chinese characters is ``\\v``."""
        lines = "".join(self.pieces).split(BREAK)
        return [line for line in (_SPACE.sub(_shown, line).strip(" \v") for line in lines) if line.strip(_BLANK)]


def _shown(match: re.Match[str]) -> str:
    """What is shown of white space: a blank; nothing, perhaps, of a line end between Chinese characters.

    CSS Text 3 (4.1.3) takes it away there, but not all browsers do.
    """
    if "\n" not in match[0]:
        return " "
    text = match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return _SOFT if before and after and _is_wide(before) and _is_wide(after) else " "


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"


def in_cell(lines: list[str]) -> tuple[str, tuple[int, ...]]:
    """The text of a cell, and the offsets of line breaks that may be none (see ``Cell.wraps``)."""
    text = "\n".join(lines)
    wraps = tuple(at for at, char in enumerate(text) if char == _SOFT)
    return text.replace(_SOFT, "\n"), wraps


def in_block(line: str) -> str:
    """A line of running text."""
    return line.replace(_SOFT, "").strip(_BLANK)
