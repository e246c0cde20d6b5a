"""What the processes do that read documents for another one: whole ones, and portions of long PDFs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import ReadError, fault
from extractors.formats import HEAD, is_pdf, load, read_content, with_tables
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


def begin(path: Path, password: str | None, then: Then) -> Finished | Long | ReadError:
    """Read a document, unless it is a long PDF."""
    try:
        if not is_pdf(load(path, HEAD)):
            document = read_content(load(path), path)
            return Finished(then(document), document.pages)
        from extractors.pdf import reader  # noqa: PLC0415  only the processes that read load pdfium and numpy

        pages = reader.count_pages(path, path, password)
        if pages > SHORT:
            return Long(pages)
        return Finished(then(with_tables(reader.read(path, path, password))), pages)
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
        return reader.read_portion(path, path, password, start, stop, before)
    except ReadError as error:
        return error
    except MemoryError:
        raise
    except Exception as error:  # as above
        return fault(path, error)


def count_pages(path: Path, password: str | None) -> int | ReadError:
    """The number of a PDF's pages."""
    from extractors.pdf import reader  # noqa: PLC0415  as above

    try:
        return reader.count_pages(path, path, password)
    except ReadError as error:
        return error
