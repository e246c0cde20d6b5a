"""Lists of tasks beside a table of the same text: their lines are no wrapped cells of it."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.model import TextBlock
from extractors.plain.prose import read_prose
from extractors.textlines import Line, numbered_lines


def listed_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines that list tasks by themselves, and those between them; none where there is no list.

    Lines of several cells are rows and belong to no list. A line of one cell right below a row may be the rest of its
    last cell: it counts only where the list itself goes on with it.
    """
    single = [line for line in lines if len(line.fields) == 1 and line.filled]
    blocks = [TextBlock(" ".join(line.filled), line.place) for line in single]
    tables, left = read_prose(blocks)
    if not tables:
        return []
    untouched = {id(block) for block in left}
    own = [line.first for line, block in zip(single, blocks, strict=True) if id(block) not in untouched]
    found = set(own)
    before: int | None = None
    for line in lines:
        if line.filled:
            if len(line.fields) == 1 and before in found and line.first < own[-1]:
                found.add(line.first)
            before = line.first
    return [line for line in single if line.first in found]


def without(text: str, listed: Sequence[Line]) -> str:
    """The text, these lines blank; form feeds stay."""
    if not listed:
        return text
    numbers = {line.first for line in listed}
    lines: dict[int, list[str]] = {}
    for number, _, content in numbered_lines(text):
        lines.setdefault(number, []).append("" if number in numbers else content)
    return "\n".join("\f".join(parts) for parts in lines.values())


def put_back(lines: Sequence[Line], listed: Sequence[Line]) -> list[Line]:
    """The lines of a text without some, with these in their places."""
    own = {(line.first, line.page): line for line in listed}
    kept = [line for line in lines if (line.first, line.page) not in own]
    return sorted((*kept, *listed), key=lambda line: (line.page, line.first)) if listed else kept
