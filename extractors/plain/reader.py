"""Text files: decoded, and read by the reader of their form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extractors import decode, delimited
from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.plain import box, fixed, listing, markdown, values
from extractors.plain.prose import read_prose
from extractors.textlines import Line

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
    places of its words and then its lines alone have to tell. A text without any table is all blocks.
    """
    marked = {form: count(text) for form, (count, _) in _MARKED.items()}
    best = max(marked, key=lambda form: marked[form])
    if marked[best] < _FEWEST_ROWS or best in _LIKE_PROSE:
        lines = delimited.parse(text.replace("\t", " "), path)
        if read_prose(lines.blocks)[0]:
            return lines  # a list of tasks, which is read as one whatever the format
    if marked[best] >= _FEWEST_ROWS:
        return _MARKED[best][1](text, path)
    for unmarked in _UNMARKED:
        document = unmarked(text, path)
        if document is not None:
            return document
    return delimited.parse(text, path)


def _tabbed_rows(text: str) -> int:
    """How many lines have a tab between two words: such a text is read as it always was, unless another is clearer."""
    return sum("\t" in line.strip() for line in text.splitlines())


def _by_lines(lines: Callable[[str], list[Line]]) -> Callable[[str, str], SourceDocument]:
    """A form whose lines are rows: read as tab-separated text is."""

    def parse_form(text: str, path: str) -> SourceDocument:
        return delimited.parse_lines(lines(text), delimited.has_form_feeds(text), path)

    return parse_form


#: Forms told by their marks: how many rows of it a text has, and its reader. Of equally good ones the first counts.
_MARKED: dict[str, tuple[Callable[[str], int], Callable[[str, str], SourceDocument]]] = {
    "tabs": (_tabbed_rows, delimited.parse),
    "drawn": (box.rows, box.parse),
    "markdown": (markdown.rows, _by_lines(markdown.lines)),
    "values": (values.rows, _by_lines(values.lines)),
}
#: Marks that sentences have as well.
_LIKE_PROSE = ("values",)
#: Forms told by where words stand, then those without any table (prose, label lines, lists): each gives None when the
#: text is of another one.
_UNMARKED: tuple[Callable[[str, str], SourceDocument | None], ...] = (fixed.parse, listing.parse)
