"""Separated values (RFC 4180): cells between commas, semicolons or bars, those with a separator in quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from extractors.headings import could_be_heading
from extractors.textlines import Line, numbered_lines

_SEPARATORS = (",", ";", "|")
#: A quoted cell may go on over this many lines at most: what is longer is a stray quote.
_MAX_QUOTED_LINES = 40
#: A table has at least so many columns and rows, and this share of its lines has as many cells as most of them.
_FEWEST_COLUMNS, _FEWEST_ROWS, _MOST = 3, 3, 0.6


def rows(text: str) -> int:
    """How many rows of separated values the text has; 0 when it has no such table."""
    separator = _separator(text)
    return sum(len(line.fields) > 1 for line in _lines(text, separator)) if separator else 0


def lines(text: str) -> list[Line]:
    """The lines of the text with their cells as fields."""
    separator = _separator(text)
    found = list(_lines(text, separator)) if separator else []
    width = _width(found)
    # A sentence above or below the table may have a comma, too.
    return [line if len(line.fields) * 2 > width else _whole(line, separator or "") for line in found]


def _whole(line: Line, separator: str) -> Line:
    return Line(line.first, line.last, line.page, [separator.join(line.fields)])


def _separator(text: str) -> str | None:
    """The separator by which most lines have the same number of cells, the more the better."""
    best: tuple[int, str] | None = None
    for separator in _SEPARATORS:
        if separator not in text:
            continue
        found = list(_lines(text, separator))
        width = _width(found)
        parted = sum(len(line.fields) > 1 for line in found)
        alike = sum(len(line.fields) == width for line in found)
        if width >= _FEWEST_COLUMNS and alike >= max(_FEWEST_ROWS, _MOST * parted) and _has_heading(found, width):
            best = max(best or (0, ""), (alike * width, separator), key=lambda found: found[0])
    return best[1] if best else None


def _has_heading(found: Sequence[Line], width: int) -> bool:
    """Whether the first row with most of its cells filled could be a heading: sentences with commas have none."""
    full = (line for line in found if len(line.fields) > 1 and len(line.filled) * 2 > width)
    return any(could_be_heading(line.labels) and len(line.filled) > 2 for line in list(full)[:1])


def _width(found: Sequence[Line]) -> int:
    counts = Counter(len(line.fields) for line in found if len(line.fields) > 1)
    return max(counts, key=lambda count: (counts[count], count), default=0)


def _lines(text: str, separator: str) -> Iterator[Line]:
    numbered = numbered_lines(text)
    index = 0
    while index < len(numbered):
        number, page, content = numbered[index]
        end = index
        while (fields := _fields(content, separator)) is None and end + 1 < min(
            len(numbered), index + _MAX_QUOTED_LINES
        ):
            end += 1
            content += "\n" + numbered[end][2]
        if fields is None:  # a quote that nothing closes is a mark of its own
            end, fields = index, numbered[index][2].split(separator)
        yield Line(number, numbered[end][0], page, fields)
        index = end + 1


def _fields(content: str, separator: str) -> list[str] | None:
    """The cells of a line; None when a quoted one is still open."""
    fields, at = [], 0
    while True:
        start = at + len(content[at:]) - len(content[at:].lstrip(" "))
        if content[start : start + 1] == '"':
            end = _closing(content, start + 1)
            if end is None:
                return None
            behind = content.find(separator, end + 1)
            behind = len(content) if behind < 0 else behind
            rest = content[end + 1 : behind]
            quoted = content[start + 1 : end].replace('""', '"')
            # Behind a closed quote nothing follows; else the quotes are part of the text.
            fields.append(quoted if not rest.strip() else content[at:behind])
        else:
            behind = content.find(separator, at)
            behind = len(content) if behind < 0 else behind
            fields.append(content[at:behind])
        if behind >= len(content):
            return fields
        at = behind + 1


def _closing(content: str, at: int) -> int | None:
    """Where the quote closes: the next one that is not doubled."""
    while (found := content.find('"', at)) >= 0:
        if content[found + 1 : found + 2] != '"':
            return found
        at = found + 2
    return None
