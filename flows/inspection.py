"""``fenjie inspect``: shows what was read from a file, on the terminal and as pictures of its pages."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from extractors.formats import PICTURES
from extractors.read import read_document
from flows.discover import UsageError
from flows.readings import Reading, page_ranges
from flows.report import report_elsewhere, report_joining, report_page

if TYPE_CHECKING:
    from PIL import Image
    from pypdfium2 import PdfDocument

    from extractors.scan.model import Picture
    from flows.pageview import PageView

#: Of a document with more pages than this only the first few are shown unless a page is named.
_LONG, _FEW = 10, 3
#: Where there is no terminal, lines are this wide.
_WIDTH = 100


def inspect_file(path: Path, pages: Sequence[int], pictures: Path | None, password: str | None = None) -> None:
    """Print what was read; with a folder for ``pictures``, draw the same pages there.

    ``pages`` count from 1; without any it is all of them, of a long document the first few. Raises
    :class:`extractors.errors.ReadError` and, for a page that there is not, :class:`flows.discover.UsageError`.
    """
    reading = Reading.of(read_document(path, password))
    total = reading.document.pages
    if pictures is not None and reading.document.format not in ("pdf", *PICTURES):
        raise UsageError(
            f"{path}: --png draws pages of PDF files and pictures, and this is a {reading.document.format} file"
        )
    if missing := [page for page in pages if page > total]:
        has = str(total) if total else f"no pages, since it is a {reading.document.format} file"
        raise UsageError(f"{path}: there is no page {missing[0]}, the document has {has}")
    shown = sorted(set(pages)) or list(range(min(1, total), (total if total <= _LONG else _FEW) + 1))
    console = _console()
    drawn = []
    with _opened(reading, path, password) as pdf:
        for number in shown:
            page = reading.page(number)
            readable = reading.may_be_read(page)
            scan = _scan(path, number, password) if readable and reading.is_recognised(page) else None
            view = None if not readable else _view(pdf, number, path) if scan is None else _recognised(scan)
            report_page(console, page, view, total)
            if view is not None and pictures is not None:
                from flows.pictures import draw_page  # noqa: PLC0415  Pillow is loaded for pictures only

                image = _image(scan, pdf, view)
                drawn.append(f"Picture: {draw_page(image, page, view, pictures / f'{path.stem}-p{number}.png')}")
            elif pictures is not None:
                drawn.append(f"No picture of page {number}: it could not be read")
    report_joining(console, reading, pages)
    report_elsewhere(console, reading, shown)
    if len(shown) < total and not pages:
        console.print(f"\nPages {page_ranges(shown)} of {total} are shown; name others with --page.")
    for line in drawn:
        console.print(line, soft_wrap=True)


@contextmanager
def _opened(reading: Reading, path: Path, password: str | None) -> Iterator[PdfDocument | None]:
    """The PDF itself, for what its pages look like; None for other formats."""
    if reading.document.format != "pdf":
        yield None
        return
    from extractors.pdf.pdfium import open_document  # noqa: PLC0415  pdfium is loaded for a PDF only

    with open_document(path, path, password) as pdf:
        yield pdf


def _view(pdf: PdfDocument | None, number: int, path: Path) -> PageView | None:
    """What stands on a page; None for a format without pictures, or a page that is damaged."""
    if pdf is None:
        return None
    from flows.pageview import view_page  # noqa: PLC0415  pdfium is loaded for a PDF only

    return view_page(pdf, number, path)


def _scan(path: Path, number: int, password: str | None) -> Picture:
    """The picture of a scanned page."""
    from extractors.scan.reader import picture_of  # noqa: PLC0415  for scans only

    return picture_of(path, path, number, password)


def _recognised(scan: Picture) -> PageView:
    """What was recognised on a page; reading the document left it in the cache."""
    from extractors.scan.pages import recognised  # noqa: PLC0415  an extra
    from flows.pageview import view_scan  # noqa: PLC0415  as above

    return view_scan(recognised(scan))


def _image(scan: Picture | None, pdf: PdfDocument | None, view: PageView) -> Image.Image:
    from flows.pictures import painted, scanned  # noqa: PLC0415  Pillow is loaded for pictures only

    if scan is not None:
        return scanned(scan)
    if pdf is None:
        raise TypeError("only pages of a PDF and scans have pictures")
    return painted(pdf, view)


def _console() -> Console:
    """The terminal; where there is none, plain lines of a fixed width."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a code page without box-drawing characters is no reason to fail
    width = None if sys.stdout.isatty() else _WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)
