"""A PDF file to its tables and the text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium

from extractors.errors import ReadError
from extractors.model import Bbox, Doubt, Provenance, SourceDocument, TextBlock
from extractors.pdf.common_columns import with_common_columns
from extractors.pdf.content import NO_CHARS, NO_STROKES
from extractors.pdf.harmless import is_harmless
from extractors.pdf.limits import LimitError, limited_time
from extractors.pdf.margins import find_margins, left_out
from extractors.pdf.opinions import Opinions
from extractors.pdf.outer_columns import with_outer_columns
from extractors.pdf.pdfium import open_document, read_page
from extractors.pdf.tables import PageContent, read_page_tables
from extractors.pdf.upright import displayed

#: A page without text of which a picture covers this much is a scan.
_SCAN = 0.4
_NO_AREAS = np.empty((0, 4))

#: What was read from a page, or why it could not be read.
PageResult = PageContent | ReadError


def read(source: bytes | Path, path: Path, password: str | None = None) -> SourceDocument:
    """Everything that stands in a PDF with a text layer; ``source`` is its content or its file.

    A page that can't be read becomes a doubt. Raises :class:`ReadError` for a file that can't be opened, and where no
    page can be read or none has text.
    """
    with open_document(source, path, password) as document:
        numbers = range(1, len(document) + 1)
        return assemble(list(read_pages(document, numbers, path, Opinions(source, password))), path)


def read_short(data: bytes, path: Path, password: str | None, most: int) -> SourceDocument | None:
    """The same for a PDF of at most so many pages that hides no more than it shows; None for another one."""
    if not is_harmless(data):
        return None
    with open_document(data, path, password) as document:
        if len(document) > most:
            return None
        numbers = range(1, len(document) + 1)
        return assemble(list(read_pages(document, numbers, path, Opinions(data, password))), path)


def count_pages(source: bytes | Path, path: Path, password: str | None) -> int:
    """The number of pages. Raises :class:`ReadError` for a file that can't be opened."""
    with open_document(source, path, password) as document:
        return len(document)


def read_portion(
    source: bytes | Path, path: Path, password: str | None, start: int, stop: int, before: bool
) -> list[PageResult]:
    """What stands on the pages from ``start`` (from 1) to before ``stop``.

    With ``before`` the page before them is looked at, too: whether a page is unsure depends on it.
    """
    with open_document(source, path, password) as document:
        opinions = Opinions(source, password)
        if before and start > 1:
            list(read_pages(document, [start - 1], path, opinions))
        return list(read_pages(document, range(start, stop), path, opinions))


def read_pages(
    document: pdfium.PdfDocument, numbers: Iterable[int], path: Path, opinions: Opinions
) -> Iterator[PageResult]:
    """What stands on these pages, as much of it as :func:`assemble` needs; ``opinions`` are asked about unsure ones."""
    for number in numbers:
        try:
            with limited_time():
                content = _light(opinions.settle(read_page_tables(read_page(document, number, path))))
            yield content
        except ReadError as error:
            yield error
        except LimitError as error:
            yield ReadError(path, f"the page can't be read: {error}", "Check that it is no drawing", number)


def _light(content: PageContent) -> PageContent:
    """The content without the characters and lines that it was made from: a long document has millions."""
    page = replace(
        content.page, chars=NO_CHARS, horizontal=NO_STROKES, vertical=NO_STROKES, areas=_NO_AREAS, area_colours=()
    )
    return replace(content, page=page)


def assemble(results: Sequence[PageResult], path: Path) -> SourceDocument:
    """The pages of a document, all of them and in order, put together."""
    pages = with_outer_columns(with_common_columns([result for result in results if isinstance(result, PageContent)]))
    failures = [result for result in results if isinstance(result, ReadError)]
    scans = [content.page.number for content in pages if _is_scan(content)]
    _refuse_unread(pages, failures, scans, path)
    margins = find_margins(pages)
    outside = [(content, index) for content in pages for index in sorted(margins[content.page.number])]
    return SourceDocument(
        str(path),
        "pdf",
        len(results),
        tuple(table for content in pages for table in content.tables),
        tuple(block for content in pages for block in _blocks(content, margins[content.page.number])),
        (*(item for content in pages for item in content.left_out), *(left_out(*found) for found in outside)),
        (*_failure_doubts(failures), *(_scan_doubt(number) for number in scans)),
    )


def _refuse_unread(
    pages: Sequence[PageContent], failures: Sequence[ReadError], scans: Sequence[int], path: Path
) -> None:
    """Raises :class:`ReadError` for a document of which nothing was read."""
    if not pages:
        raise failures[0]
    if len(scans) == len(pages):
        raise ReadError(
            path, "the PDF is a scan: its pages are pictures without text", "Give the original document", scans[0]
        )
    if not any(content.tables or content.lines or content.left_out for content in pages):
        raise ReadError(
            path,
            "no text was found on its pages: they are empty, or their letters are drawn as shapes",
            "Give the original document",
        )


def _is_scan(content: PageContent) -> bool:
    return not content.tables and not content.lines and content.page.image_share >= _SCAN


def _scan_doubt(number: int) -> Doubt:
    return Doubt(
        "scanned_page", f"page {number} is a picture without text: what it says is missing", (Provenance(number),)
    )


def _failure_doubts(failures: Sequence[ReadError]) -> Iterator[Doubt]:
    """One doubt for each run of pages that fail for the same reason."""
    numbered = enumerate((failure.page or 0, failure.problem) for failure in failures)
    for (_, problem), run in groupby(numbered, lambda entry: (entry[1][0] - entry[0], entry[1][1])):
        numbers = [number for _, (number, _) in run]
        which = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]} to {numbers[-1]}"
        yield Doubt("unreadable_page", f"{which}: {problem}; what it says is missing", (Provenance(numbers[0]),))


def _blocks(content: PageContent, margins: set[int]) -> Iterator[TextBlock]:
    """The lines of a page outside its tables, page numbers and running heads left out."""
    for index, line in enumerate(content.lines):
        if index not in margins:
            where = displayed(Bbox(line.x0, line.top, line.x1, line.bottom), content.page)
            yield TextBlock(line.text, Provenance(content.page.number, where))
