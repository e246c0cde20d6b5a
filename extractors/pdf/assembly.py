"""Pages that were read, put together to a document; the same for every fixed-layout format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import numpy as np

from extractors.errors import ReadError
from extractors.model import Bbox, Doubt, LeftOut, Provenance, SourceDocument, TextBlock
from extractors.pdf.common_columns import with_common_columns
from extractors.pdf.content import ENGINE, NO_CHARS, NO_STROKES
from extractors.pdf.margins import find_margins, left_out
from extractors.pdf.outer_columns import sticking_out, with_outer_columns
from extractors.pdf.remnants import with_cut_rows
from extractors.pdf.tables import PageContent
from extractors.pdf.upright import displayed

#: A page without text of which a picture covers this much is a scan.
_SCAN = 0.4
#: Lines of text that may have been put onto the picture of a scanned page.
_FEW_LINES = 5
_ORIGINAL = "Give the original document, or a PDF of it"
#: What reads the scans in a PDF.
HOW = "make setup, or pip install 'fenjie[scan]'"
_NO_AREAS = np.empty((0, 4))

#: What was read from a page, or why it could not be read.
PageResult = PageContent | ReadError


def light(content: PageContent) -> PageContent:
    """The content without the characters and lines that it was made from: a long document has millions.

    Lines that reach beyond the sides of a table are kept: other pages may show that it has a column there.
    """
    beyond = sticking_out(content.page.horizontal, content.tables)
    page = replace(
        content.page, chars=NO_CHARS, horizontal=beyond, vertical=NO_STROKES, areas=_NO_AREAS, area_colours=()
    )
    return replace(content, page=page)


def assemble(
    results: Sequence[PageResult],
    path: Path,
    format_name: str = "pdf",
    notes: Sequence[LeftOut] = (),
    doubts: Sequence[Doubt] = (),
) -> SourceDocument:
    """The pages of a document, all of them and in order, put together.

    ``notes`` and ``doubts`` are what else was left out or is in doubt, found outside of the pages' content. Raises
    :class:`ReadError` where no page can be read or none has text.
    """
    read = [result for result in results if isinstance(result, PageContent)]
    pages = with_cut_rows(with_outer_columns(with_common_columns(read)))
    failures = [result for result in results if isinstance(result, ReadError)]
    scans = [content.page.number for content in pages if is_scan(content)]
    _refuse_unread(pages, failures, scans, path, format_name)
    margins = find_margins(pages)
    outside = [(content, index) for content in pages for index in sorted(margins[content.page.number])]
    return SourceDocument(
        str(path),
        format_name,
        len(results),
        tuple(table for content in pages for table in content.tables),
        tuple(block for content in pages for block in _blocks(content, margins[content.page.number])),
        (*(item for content in pages for item in content.left_out), *(left_out(*found) for found in outside), *notes),
        (
            *_failure_doubts(failures),
            *(_scan_doubt(number) for number in scans),
            *(doubt for content in pages for doubt in content.doubts),
            *doubts,
        ),
    )


def _refuse_unread(
    pages: Sequence[PageContent], failures: Sequence[ReadError], scans: Sequence[int], path: Path, format_name: str
) -> None:
    """Raises :class:`ReadError` for a document of which nothing was read."""
    if not pages:
        raise failures[0]
    if len(scans) == len(pages):
        raise ReadError(
            path,
            f"the {format_name.upper()} is a scan: its pages are pictures without text",
            f"Give the original document, or have scans read: {HOW}" if format_name == "pdf" else _ORIGINAL,
            scans[0],
        )
    if not any(content.tables or content.lines or content.left_out for content in pages):
        raise ReadError(
            path,
            "no text was found on its pages: they are empty, or their letters are drawn as shapes",
            "Give the original document",
        )


def is_scan(content: PageContent) -> bool:
    """Whether a page is a picture without text, which only recognition can read."""
    return may_be_scan(content) and not content.lines


def may_be_scan(content: PageContent) -> bool:
    """Whether a page is a picture with a few lines of text at most, such as a stamp of the archive."""
    few = not content.tables and len(content.lines) <= _FEW_LINES
    return few and content.page.engine == ENGINE and content.page.image_share >= _SCAN


def _scan_doubt(number: int) -> Doubt:
    return Doubt(
        "scanned_page",
        f"page {number} is a picture without text: what it says is missing",
        (Provenance(number),),
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
            engine = None if content.page.engine == ENGINE else content.page.engine
            yield TextBlock(line.text, Provenance(content.page.number, where, engine=engine))
