"""The lines of a tab-separated text as rows of fields: form feeds, quoted cells, blank columns at the edges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.model import Provenance

_LINE_END = re.compile(r"\r\n|\r|\n|\v|\x85|\u2028|\u2029")
_BLANKS = re.compile(r"\s+")
#: A quoted cell (as spreadsheet programs write it) may go on over this many lines at most.
_MAX_QUOTED_LINES = 40


@dataclass(slots=True)
class Line:
    """The fields of one line, or of several when a cell was wrapped. Lines and pages count from 1."""

    first: int
    last: int
    page: int
    fields: list[str]

    @property
    def place(self) -> Provenance:
        """Where the line stands."""
        line = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return Provenance(self.page, None, line)

    @property
    def filled(self) -> list[str]:
        """The fields that are not blank, stripped."""
        return [text for part in self.fields if (text := part.strip())]

    @property
    def labels(self) -> tuple[str, ...]:
        """The filled fields without white space: repeated headings are equal in this."""
        return tuple(_BLANKS.sub("", text) for text in self.filled)

    def absorb(self, other: Line) -> None:
        """Go on with another line: its first field is the rest of the last one here."""
        self.fields[-1:] = [f"{self.fields[-1].rstrip()}\n{other.fields[0].lstrip()}", *other.fields[1:]]
        self.last = other.last


def read_lines(text: str) -> list[Line]:
    """The lines of the text with their pages by form feed; blank columns at either edge of all of them are cut off."""
    lines = list(_lines(text))
    rows = [line.fields for line in lines if len(line.fields) > 1 and line.filled]
    first = min((_first_filled(fields) for fields in rows), default=0)
    width = max((_last_filled(fields) + 1 for fields in rows), default=0)
    for line in lines:
        if len(line.fields) > 1:
            line.fields = line.fields[first:width] or [""]
    return lines


def _first_filled(fields: Sequence[str]) -> int:
    return next(index for index, part in enumerate(fields) if part.strip())


def _last_filled(fields: Sequence[str]) -> int:
    return max(index for index, part in enumerate(fields) if part.strip())


def numbered_lines(text: str) -> list[tuple[int, int, str]]:
    """The lines of a text, each with its number and its page by form feed, both from 1."""
    page, numbered = 1, []
    for number, line in enumerate(_LINE_END.split(text), 1):
        for part_no, part in enumerate(line.split("\f")):
            page += part_no > 0
            numbered.append((number, page, part))
    return numbered


def _lines(text: str) -> Iterator[Line]:
    numbered = numbered_lines(text)
    index = 0
    while index < len(numbered):
        number, page, content = numbered[index]
        count = _quoted_lines([part for _, _, part in numbered[index : index + _MAX_QUOTED_LINES]])
        content = "\n".join(part for _, _, part in numbered[index : index + count])
        yield Line(number, numbered[index + count - 1][0], page, [_unquote(part) for part in content.split("\t")])
        index += count


def _quoted_lines(rest: Sequence[str]) -> int:
    """How many lines the first one takes: a field that opens a quote runs on until a line closes it."""
    content = rest[0]
    for count in range(1, len(rest) + 1):
        if not _opens_quote(content):
            return count
        if count < len(rest):
            content += "\n" + rest[count]
    return 1


def _opens_quote(line: str) -> bool:
    last = line.rsplit("\t", 1)[-1]
    return last.startswith('"') and last.count('"') % 2 == 1


def _unquote(part: str) -> str:
    if len(part) > 1 and part.startswith('"') and part.endswith('"') and part.count('"') % 2 == 0:
        inner = part[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return part
