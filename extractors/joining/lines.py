"""Texts of the parts of a cell put together, and which of the line breaks between them may be mere wraps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from extractors.joining.groups import squeeze
from extractors.model import Cell

#: What can't stand alone at the end of a line or at the beginning of one: it moves with its neighbour.
_FIRST_UNIT = re.compile(r"[（(〈《“‘\[【]*(?:[A-Za-z0-9.%+\-]+|.)[）)〉》”’\]】，。、；：！？,.;:!?]*")


def join_texts(cells: Sequence[Cell], capacity: Callable[[], int]) -> tuple[str, tuple[int, ...]]:
    """The text of a cell from those of its parts, and the offsets of the line breaks that may be wraps.

    A text that is repeated in the next part is said once. ``capacity`` gives how much a line of the column holds.
    """
    text, last = "", None
    wraps: list[int] = []
    for cell in cells:
        said = squeeze(cell.text)
        if not said or said == last:
            continue
        if last is None:
            text, wraps = cell.text, list(cell.wraps)
        else:
            if leaves_open(text, cell.text) or may_wrap(text, cell.text, capacity()):
                wraps.append(len(text))
            wraps += [len(text) + 1 + offset for offset in cell.wraps]
            text += "\n" + cell.text
        last = said
    return text or next((cell.text for cell in cells), ""), tuple(wraps)


def leaves_open(above: str, below: str) -> bool:
    """Whether a bracket opens in one text and closes in the next."""
    return _opens(above) > 0 and _opens(below) < 0


def _opens(text: str) -> int:
    """How many brackets a text opens more than it closes."""
    return sum(text.count(char) for char in "（(〔【《") - sum(text.count(char) for char in "）)〕】》")


def may_wrap(before: str, after: str, capacity: int) -> bool:
    """Whether the last line of a text is so full that what follows had no room in it."""
    unit = _FIRST_UNIT.match(after.strip())
    return last_line(before) + width(unit[0] if unit else "") > capacity


def last_line(text: str) -> int:
    """The width of the last line of a text."""
    return width(text.rsplit("\n", 1)[-1].strip())


def longest_line(cells: Iterable[Cell]) -> int:
    """The width of the longest line in cells, in half-width characters."""
    return max((width(line.strip()) for cell in cells for line in cell.text.split("\n")), default=0)


def width(text: str) -> int:
    """The width of a text in half-width characters; what UTF-8 writes with three bytes is a full one."""
    return (len(text.encode(errors="replace")) + len(text) + 1) // 2
