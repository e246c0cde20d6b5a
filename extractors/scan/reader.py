"""Scanned pages to their tables and the text around them: pages of a PDF that are pictures, and files of pictures.

What does the work is an extra and loaded when there is a scan.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from extractors.errors import ReadError
from extractors.formats import HEAD, detect, is_pdf, load
from extractors.model import SourceDocument
from extractors.pdf.assembly import PageResult, assemble
from extractors.scan.installed import require

if TYPE_CHECKING:
    from extractors.pdf.content import Page
    from extractors.scan.model import Picture


def read(data: bytes, path: Path) -> SourceDocument:
    """Everything that stands on the pictures of a file (PNG, JPEG, TIFF).

    Raises :class:`ReadError` for a damaged file, and where the recogniser is not installed.
    """
    pages = range(1, count_pages(data, path) + 1)
    return assemble([read_page(data, path, number) for number in pages], path, detect(data))


def count_pages(data: bytes, path: Path) -> int:
    """How many pictures a file has. Raises :class:`ReadError` as :func:`read` does."""
    require(path)
    from extractors.scan import images  # noqa: PLC0415  needs the extra

    return images.count_pages(data, path)


def read_page(source: bytes | Path, path: Path, number: int, password: str | None = None) -> PageResult:
    """What is recognised on a page (from 1) of a PDF or of a file of pictures, or why it can't be.

    ``source`` is the file or its content. Raises :class:`ReadError` where the recogniser is not installed.
    """
    require(path)
    from extractors.scan.pages import content_of  # noqa: PLC0415  as above

    try:
        return content_of(picture_of(source, path, number, password), _layer(source, path, number, password))
    except ReadError as error:
        return error


def _layer(source: bytes | Path, path: Path, number: int, password: str | None) -> Page | None:
    """The page as its PDF has it; None for pictures and where it can't be read."""
    if not is_pdf(load(source, HEAD) if isinstance(source, Path) else source):
        return None
    from extractors.pdf import pdfium  # noqa: PLC0415  for a PDF only

    try:
        with pdfium.open_document(source, path, password) as document:
            return pdfium.read_page(document, number, path)
    except ReadError:
        return None  # its picture can be read all the same


def picture_of(source: bytes | Path, path: Path, number: int, password: str | None = None) -> Picture:
    """The picture of a page (from 1); arguments and errors as those of :func:`read_page`."""
    from extractors.scan import images  # noqa: PLC0415  as above

    if not is_pdf(load(source, HEAD) if isinstance(source, Path) else source):
        return images.read_picture(load(source) if isinstance(source, Path) else source, path, number)
    from extractors.pdf.pdfium import open_document  # noqa: PLC0415  for a PDF only

    with open_document(source, path, password) as document:
        return images.page_picture(document, number, path)
