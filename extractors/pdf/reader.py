"""A PDF file to its tables and the text around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pypdfium2 as pdfium

from extractors.collection import paused
from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.pdf.assembly import PageResult, assemble, light, may_be_scan
from extractors.pdf.harmless import is_harmless
from extractors.pdf.limits import LimitError, limited_time
from extractors.pdf.opinions import Opinions
from extractors.pdf.pdfium import open_document, read_page
from extractors.pdf.tables import PageContent, read_page_tables
from extractors.scan import reader as scan
from extractors.scan.installed import is_installed


def read(source: bytes | Path, path: Path, password: str | None = None) -> SourceDocument:
    """Everything that stands in a PDF, its scanned pages recognised; ``source`` is its content or its file.

    A page that can't be read becomes a doubt. Raises :class:`ReadError` for a file that can't be opened, and where no
    page can be read or none has text.
    """
    results = read_results(source, path, password)
    for number in scans_of(results):
        results[number - 1] = scan.read_page(source, path, number, password)
    return assemble(results, path)


def read_results(source: bytes | Path, path: Path, password: str | None = None) -> list[PageResult]:
    """What stands on each page, those that are pictures as such. Raises :class:`ReadError` as :func:`read` does."""
    with open_document(source, path, password) as document:
        return list(read_pages(document, range(1, len(document) + 1), path, Opinions(source, password)))


def scans_of(results: Sequence[PageResult]) -> list[int]:
    """The numbers of the pages (all of a document, in order) that are scans and can be recognised."""
    found = [
        number for number, result in enumerate(results, 1) if isinstance(result, PageContent) and may_be_scan(result)
    ]
    return found if found and is_installed() else []


def read_short(data: bytes, path: Path, password: str | None, most: int) -> SourceDocument | None:
    """The same for a PDF of at most so many pages that hides no more than it shows; None for another one.

    None as well where pages have to be recognised, which takes long.
    """
    if not is_harmless(data):
        return None
    with open_document(data, path, password) as document:
        if len(document) > most:
            return None
        numbers = range(1, len(document) + 1)
        results = list(read_pages(document, numbers, path, Opinions(data, password)))
    return None if scans_of(results) else assemble(results, path)


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
            with limited_time(), paused():
                content = light(opinions.settle(read_page_tables(read_page(document, number, path))))
            yield content
        except ReadError as error:
            yield error
        except LimitError as error:
            yield ReadError(path, f"the page can't be read: {error}", "Check that it is no drawing", number)
