"""A PDF file to its tables and the text around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from extractors.errors import ReadError
from extractors.model import Bbox, Doubt, Provenance, SourceDocument, TextBlock
from extractors.pdf.margins import find_margins, left_out
from extractors.pdf.opinions import Opinions
from extractors.pdf.pdfium import open_document, read_page
from extractors.pdf.tables import PageContent, read_page_tables
from extractors.pdf.upright import displayed

#: A page without text of which a picture covers this much is a scan.
_SCAN = 0.4


def read(data: bytes, path: Path, password: str | None = None) -> SourceDocument:
    """Everything that stands in a PDF with a text layer.

    Raises :class:`ReadError` for a file that can't be opened or holds no text at all.
    """
    with open_document(data, path, password) as document:
        opinions = Opinions(data, password)
        numbers = range(1, len(document) + 1)
        pages = [opinions.settle(read_page_tables(read_page(document, number, path))) for number in numbers]
    return assemble(pages, path)


def assemble(pages: Sequence[PageContent], path: Path) -> SourceDocument:
    """The pages of a document, in order, put together."""
    margins = find_margins(pages)
    scans = [content.page.number for content in pages if _is_scan(content)]
    if len(scans) == len(pages):
        raise ReadError(
            path, "the PDF is a scan: its pages are pictures without text", "Give the original document", scans[0]
        )
    outside = [(content, index) for content in pages for index in sorted(margins[content.page.number])]
    return SourceDocument(
        str(path),
        "pdf",
        len(pages),
        tuple(table for content in pages for table in content.tables),
        tuple(block for content in pages for block in _blocks(content, margins[content.page.number])),
        (*(item for content in pages for item in content.left_out), *(left_out(*found) for found in outside)),
        tuple(_scan_doubt(number) for number in scans),
    )


def _is_scan(content: PageContent) -> bool:
    return not content.tables and not content.lines and content.page.image_share >= _SCAN


def _scan_doubt(number: int) -> Doubt:
    return Doubt(
        "scanned_page", f"page {number} is a picture without text: what it says is missing", (Provenance(number),)
    )


def _blocks(content: PageContent, margins: set[int]) -> Iterator[TextBlock]:
    """The lines of a page outside its tables, page numbers and running heads left out."""
    for index, line in enumerate(content.lines):
        if index not in margins:
            where = displayed(Bbox(line.x0, line.top, line.x1, line.bottom), content.page)
            yield TextBlock(line.text, Provenance(content.page.number, where))
