"""Pictures of pages for people to look at: small ones, drawn by processes of their own.

A page can be made so that drawing it takes for ever or brings the programme down. So each document has limits of time
and memory as in reading it (:mod:`extractors.supervised`); a page that can't be drawn has no picture, the others do.
Formats without pages that look the same everywhere (text, Word, Excel, HTML) and OFD have none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.errors import ReadError
from extractors.formats import HEAD, PICTURES, is_pdf, load
from extractors.workers import Crew, Death, Job, cores

if TYPE_CHECKING:
    from PIL import Image

#: What pages are drawn of.
DRAWN = ("pdf", *PICTURES)
#: Dots to the inch: small print can be read. JPEG takes a fifth of the time of WebP and half as many bytes again.
_DPI, _QUALITY = 110, 60
#: No side of a picture is longer, whatever size the page says it has.
_LONGEST = 3000
#: So many pages are drawn at a time by one process.
_PORTION = 20
#: Seconds for a portion, and for each of its pages. A page takes hundredths of a second.
_SECONDS, _SECONDS_A_PAGE = 20.0, 2.0
#: After so many pages on which drawing crashed or hung the rest of a document is not drawn.
_MOST_DEATHS = 3


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page as it is displayed: its number (from 1), its size in points, and a JPEG file."""

    page: int
    width: float
    height: float
    jpeg: bytes


@dataclass(slots=True)
class _Drawing:
    """A document that is being drawn: the pages still to come, those drawn, and how many killed a process."""

    path: Path
    waiting: set[int]
    drawn: dict[int, PagePicture] = field(default_factory=dict)
    deaths: int = 0


def draw(
    documents: Sequence[tuple[Path, int]], password: str | None = None
) -> Iterator[tuple[Path, tuple[PagePicture, ...]]]:
    """Pictures of the pages of PDFs and picture files, in the order given; a page that can't be drawn has none.

    A document is its file and its number of pages. ``password`` opens encrypted PDFs. What can't be opened has no
    pictures: that is no error here, since reading it has said so.
    """
    drawings = [_Drawing(path, set(range(1, pages + 1))) for path, pages in documents]
    with Crew(cores()) as crew:
        for number, drawing in enumerate(drawings):
            for start in range(1, len(drawing.waiting) + 1, _PORTION):
                stop = min(start + _PORTION, len(drawing.waiting) + 1)
                crew.submit(_job(number, drawing.path, password, start, stop))
        for number, drawing in enumerate(drawings):
            while drawing.waiting:
                job, outcome = crew.finished()
                _take(crew, drawings[job.rank[0]], job, outcome)
            yield drawing.path, tuple(picture for _, picture in sorted(drawing.drawn.items()))
            drawings[number] = _Drawing(drawing.path, set())  # pictures are large: what was handed out is not kept


def _job(number: int, path: Path, password: str | None, start: int, stop: int) -> Job:
    seconds = _SECONDS + _SECONDS_A_PAGE * (stop - start)
    return Job((number, start), draw_pages, (path, password, start, stop), seconds)


def _take(crew: Crew, drawing: _Drawing, job: Job, outcome: Any) -> None:
    """Note what became of some pages; where a process died at several, each of them is tried alone."""
    path, password, start, stop = job.arguments
    if not drawing.waiting:
        return  # it was given up meanwhile
    if not isinstance(outcome, Death):
        pictures = outcome if isinstance(outcome, list) else []  # anything else is why none could be drawn
        drawing.drawn.update((picture.page, picture) for picture in pictures)
        drawing.waiting -= set(range(start, stop))
        return
    if stop - start > 1 and drawing.deaths < _MOST_DEATHS:
        for page in range(start, stop):
            crew.submit(_job(job.rank[0], path, password, page, page + 1))
        return
    drawing.deaths += 1
    drawing.waiting -= set(range(start, stop))
    if drawing.deaths >= _MOST_DEATHS:
        crew.drop(lambda other: other.rank[0] == job.rank[0])
        drawing.waiting.clear()


def draw_pages(path: Path, password: str | None, start: int, stop: int) -> list[PagePicture]:
    """The pictures of the pages from ``start`` (from 1) to before ``stop`` that can be drawn.

    For one of :func:`draw`'s processes: a page may take it down. Raises :class:`extractors.errors.ReadError` where the
    file can't be opened.
    """
    found = _pdf_pages(path, password, start, stop) if is_pdf(load(path, HEAD)) else _scans(path, start, stop)
    return list(found)


def _pdf_pages(path: Path, password: str | None, start: int, stop: int) -> Iterator[PagePicture]:
    import pypdfium2 as pdfium  # noqa: PLC0415  only the processes that draw load it

    from extractors.pdf.pdfium import open_document  # noqa: PLC0415  as above

    with open_document(path, path, password) as document:
        for number in range(start, min(stop, len(document) + 1)):
            try:
                page = document[number - 1]
                try:
                    width, height = page.get_size()
                    scale = min(_DPI / 72, _LONGEST / max(width, height, 1.0))
                    yield PagePicture(number, width, height, _jpeg(page.render(scale=scale).to_pil()))
                finally:
                    page.close()
            except (pdfium.PdfiumError, ValueError, OSError):
                continue  # damaged here: reading it has said so


def _scans(path: Path, start: int, stop: int) -> Iterator[PagePicture]:
    from PIL import Image  # noqa: PLC0415  as above

    from extractors.scan.images import read_picture  # noqa: PLC0415  as above

    data = load(path)
    for number in range(start, stop):
        try:
            scan = read_picture(data, path, number)
        except ReadError:
            continue  # as above
        scale = min(_DPI / scan.dpi, _LONGEST / max(scan.pixels.shape[:2]), 1.0)
        rows, columns = (max(1, round(side * scale)) for side in scan.pixels.shape[:2])
        # The box filter alone is fast, and good enough for so small a picture.
        small = Image.fromarray(scan.pixels).resize((columns, rows), Image.Resampling.BOX)
        yield PagePicture(number, scan.width, scan.height, _jpeg(small))


def _jpeg(image: Image.Image) -> bytes:
    """The picture as a file, on white paper."""
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()
