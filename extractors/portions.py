"""What the processes do that read documents for another one: whole ones, and portions of long PDFs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import ReadError, fault
from extractors.formats import HEAD, PICTURES, detect, is_pdf, load, read_content, with_tables
from extractors.model import SourceDocument

#: A PDF of at most so many pages is read by one process.
SHORT = 40
#: So many pages of a longer one are read at a time: few enough for an even share, and for little memory.
PORTION = 30

Then = Callable[[SourceDocument], Any]


@dataclass(frozen=True, slots=True)
class Finished:
    """A document that was read to its end: what was made of it, and its number of pages."""

    value: Any
    pages: int


@dataclass(frozen=True, slots=True)
class Long:
    """A PDF that is too long for one process: its number of pages."""

    pages: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """A document with pages to be recognised, each a job of its own.

    ``results`` is what was read of each page, None for those that are pictures; ``format`` is that of the file.
    """

    format: str
    results: list[Any]


def begin(path: Path, password: str | None, then: Then) -> Finished | Long | Scanned | ReadError:
    """Read a document, unless it is a long PDF or has pages to be recognised."""
    try:
        head = load(path, HEAD)
        if detect(head) in PICTURES:
            from extractors.scan import reader as scan  # noqa: PLC0415  as below

            return Scanned(detect(head), [None] * scan.count_pages(load(path), path))
        if not is_pdf(head):
            document = read_content(load(path), path)
            return Finished(then(document), document.pages)
        from extractors.pdf import reader  # noqa: PLC0415  only the processes that read load pdfium and numpy
        from extractors.pdf.assembly import assemble  # noqa: PLC0415

        pages = reader.count_pages(path, path, password)
        if pages > SHORT:
            return Long(pages)
        results = reader.read_results(path, path, password)
        if scans := reader.scans_of(results):
            return Scanned("pdf", [None if number in scans else result for number, result in enumerate(results, 1)])
        return Finished(then(with_tables(assemble(results, path))), pages)
    except ReadError as error:
        return error
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours in one document must not stop the others
        return fault(path, error)


def go_on(path: Path, password: str | None, start: int, stop: int, before: bool) -> list[Any] | ReadError:
    """Read the pages from ``start`` (from 1) to before ``stop``: page contents or errors.

    ``before`` as in :func:`extractors.pdf.reader.read_portion`.
    """
    from extractors.pdf import reader  # noqa: PLC0415  as above

    try:
        part = reader.read_portion(path, path, password, start, stop, before)
        # Those that are pictures are recognised later, each by itself.
        scans = reader.scans_of(part)
        return [None if number in scans else result for number, result in enumerate(part, 1)]
    except ReadError as error:
        return error
    except MemoryError:
        raise
    except Exception as error:  # as above
        return fault(path, error)


def recognise(path: Path, password: str | None, number: int) -> list[Any] | ReadError:
    """Recognise a page, from 1: its content or an error, as the only one of a list."""
    from extractors.scan import reader as scan  # noqa: PLC0415  as above

    try:
        return [scan.read_page(path, path, number, password)]
    except MemoryError:
        raise
    except Exception as error:  # as above
        return [fault(path, error)]


def count_pages(path: Path, password: str | None) -> int | ReadError:
    """The number of a PDF's pages."""
    from extractors.pdf import reader  # noqa: PLC0415  as above

    try:
        return reader.count_pages(path, path, password)
    except ReadError as error:
        return error
