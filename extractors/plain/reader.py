"""Text files: decoded, and read by the reader of their form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from extractors import decode, delimited
from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.plain import box, fixed, listing, markdown, values
from extractors.plain.beside import listed_lines, put_back, without
from extractors.textlines import Line, read_lines

#: What belongs to every PDF and stands in no text.
_PDF_END, _END = b"%%EOF", 1024
#: A text that has a table of some form has at least so many rows of it.
_FEWEST_ROWS = 2


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in a text file. Raises :class:`ReadError` when it is no text."""
    if _PDF_END in data[-_END:] and b"%PDF-" in data:
        problem = "this is a PDF behind other bytes, which hide its beginning"
        raise ReadError(path, problem, "Get the file again, or save it anew")
    text, _ = decode.decode(data, path)
    return parse(text, str(path))


def parse(text: str, path: str) -> SourceDocument:
    """The tables of a text and what stands around them, by the form whose marks the text is fullest of.

    Forms with marks of their own (tabs, pipes, ruled lines, commas) go first; where a text has none of them, the
    places of its words and then its lines alone have to tell. A list of tasks is text, whatever table stands beside it.
    A text without any table is all blocks.
    """
    best, rows = _fullest(text)
    if rows >= _FEWEST_ROWS and best not in _LIKE_PROSE:
        lines = _MARKED[best][1]
        return box.parse(text, path) if lines is None else _by_lines(lines, text, path, listed_lines(lines(text)))
    plain = markdown.plain_lines(text) if markdown.is_marked(text) else read_lines(text.replace("\t", " "))
    listed = listed_lines(plain)
    if listed:
        rest = without(text, listed)
        best, rows = _fullest(rest)
        lines = _MARKED[best][1]
        if rows >= _FEWEST_ROWS and lines is not None:
            return _by_lines(lines, text, path, listed)
        return fixed.parse(text, path, listed) or delimited.parse_lines(plain, delimited.has_form_feeds(text), path)
    if rows >= _FEWEST_ROWS:
        return _by_lines(values.lines, text, path)
    return fixed.parse(text, path) or listing.parse(text, path) or delimited.parse(text, path)


def _fullest(text: str) -> tuple[str, int]:
    """The form whose marks a text is fullest of, and how many rows of it there are."""
    marked = {form: count(text) for form, (count, _) in _MARKED.items()}
    best = max(marked, key=lambda form: marked[form])
    return best, marked[best]


def _tabbed_rows(text: str) -> int:
    """How many lines have a tab between two words: such a text is read as it always was, unless another is clearer."""
    return sum("\t" in line.strip() for line in text.splitlines())


def _by_lines(lines: Callable[[str], list[Line]], text: str, path: str, listed: Sequence[Line] = ()) -> SourceDocument:
    """A form whose lines are rows, read as tab-separated text is; the ``listed`` ones are no rows."""
    found = put_back(lines(without(text, listed)), listed)
    return delimited.parse_lines(found, delimited.has_form_feeds(text), path, listed)


#: Forms told by their marks: how many rows of it a text has, and its lines (None: it has a reader of its own). Of
#: equally good ones the first counts.
_MARKED: dict[str, tuple[Callable[[str], int], Callable[[str], list[Line]] | None]] = {
    "tabs": (_tabbed_rows, read_lines),
    "drawn": (box.rows, None),
    "markdown": (markdown.rows, markdown.lines),
    "values": (values.rows, values.lines),
}
#: Marks that sentences have as well.
_LIKE_PROSE = ("values",)
