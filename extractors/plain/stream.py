"""The lines outside of tables as one text, and for every stretch of it the place that it was read from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.model import Bbox, Provenance, TextBlock

#: Stretches of the text, each from its first character up to the one behind its last.
Span = tuple[int, int]

_LINE_END = re.compile(r"\r\n|\r|\n|\v|\f|\x85|\u2028|\u2029")
_BLANKS = re.compile(r"\s+")
#: A line that says nothing but the number of its page.
_PAGE_NUMBER = re.compile(r"第\d+页([,，/]?共\d+页)?|[-—–－·]+\d+[-—–－·]+|\d+/\d+|\d{1,4}")
#: A bullet before a line is a mark and no text, as it is in Word.
_BULLET = re.compile(r"(?:[•●■◆▪◦‣⁃➢►▶]\s*|[-–—*+]\s+)(?=\S)")
_COUNTED = re.compile(r"(.*?)(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Stream:
    """The text of all blocks, a line break between lines; numbers of pages are no part of it.

    ``starts`` are the offsets of its lines, ``owners`` the blocks that they stand in.
    """

    blocks: Sequence[TextBlock]
    text: str
    starts: tuple[int, ...]
    owners: tuple[int, ...]

    def line_end(self, at: int) -> int:
        """Where the line ends that an offset stands in."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def trimmed(self, start: int, end: int) -> Span:
        """A stretch without the white space around it."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return start, end

    def place(self, spans: Iterable[Span]) -> Provenance:
        """Where stretches stand: from the first of their blocks to the last one on its page."""
        owners: list[int] = []
        for start, end in spans:
            first, last = (bisect_right(self.starts, at) - 1 for at in (start, max(start, end - 1)))
            owners += self.owners[first : last + 1]
        places = [self.blocks[owner].provenance for owner in sorted(set(owners))]
        return _joined([place for place in places if place.page == places[0].page])

    def left_over(self, taken: Iterable[Span]) -> tuple[TextBlock, ...]:
        """The blocks without what was taken; one of which nothing was taken is given back as it is."""
        touched: set[int] = set()
        rest: dict[int, list[str]] = {}
        merged = _merged(taken)
        next_span = 0
        for (start, end), owner in zip(pairwise((*self.starts, len(self.text) + 1)), self.owners, strict=True):
            while next_span < len(merged) and merged[next_span][1] <= start:
                next_span += 1
            parts, at, index = [], start, next_span
            while index < len(merged) and merged[index][0] < end:
                touched.add(owner)
                parts.append(self.text[at : max(at, merged[index][0])])
                at = max(at, min(merged[index][1], end))
                index += 1
            parts.append(self.text[at : end - 1])
            rest.setdefault(owner, []).extend(filter(None, (part.strip() for part in parts)))
        blocks = []
        for index, block in enumerate(self.blocks):
            if index not in touched:
                blocks.append(block)
            elif rest.get(index):
                blocks.append(TextBlock("\n".join(rest[index]), block.provenance))
        return tuple(blocks)


def stream_of(blocks: Sequence[TextBlock]) -> Stream:
    """The text of blocks."""
    lines, starts, owners, at = [], [], [], 0
    for index, block in enumerate(blocks):
        for part in _LINE_END.split(block.text):
            line = part.strip()
            if line and not _PAGE_NUMBER.fullmatch(_BLANKS.sub("", line)):
                line = _BULLET.sub("", line, count=1) if _BULLET.match(line) else line
                lines.append(line)
                starts.append(at)
                owners.append(index)
                at += len(line) + 1
    return Stream(blocks, "\n".join(lines), tuple(starts), tuple(owners))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Stretches in order, those that touch put together."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _joined(places: Sequence[Provenance]) -> Provenance:
    """One place for several on a page."""
    first, last = places[0], places[-1]
    if first == last:
        return first
    boxes = [place.bbox for place in places if place.bbox]
    box = None
    if boxes:
        box = Bbox(
            min(b.x0 for b in boxes), min(b.top for b in boxes), max(b.x1 for b in boxes), max(b.bottom for b in boxes)
        )
    return Provenance(first.page, box, _lines(first.line, last.line), first.engine)


def _lines(first: str | None, last: str | None) -> str | None:
    """``12`` and ``14`` as ``12-14``, ``paragraph 3`` and ``paragraph 4`` as ``paragraph 3-4``."""
    one, other = _COUNTED.fullmatch(first or ""), _COUNTED.fullmatch(last or "")
    if one is None or other is None or one[1] != other[1] or not (one[1] or first):
        return first
    return f"{one[1]}{one[2]}-{other[3] or other[2]}"
