"""PDF pages through pdfium: what stands on each, as arrays.

pdfium is not safe in threads: one process reads one document at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.errors import ReadError
from extractors.pdf import raw
from extractors.pdf.codes import read_codes
from extractors.pdf.content import NO_CHARS, Chars, Floats, Ints, Page, Style, text_of
from extractors.pdf.limits import MAX_CHARS, LimitError, Limits
from extractors.pdf.objects import read_objects
from extractors.pdf.painted import Matrix, Painted
from extractors.pdf.shares import median
from extractors.pdf.upright import baselines

_NO_ERROR = pdfium_c.FPDF_ERR_SUCCESS
_PASSWORD = pdfium_c.FPDF_ERR_PASSWORD
_SECURITY = pdfium_c.FPDF_ERR_SECURITY
#: Boxes that are no lower than this share of the usual height are those of the type and not of the glyphs.
_EVEN = 0.8


@contextmanager
def open_document(source: bytes | Path, path: Path, password: str | None = None) -> Iterator[pdfium.PdfDocument]:
    """The opened document; ``source`` is its content or its file, ``path`` what to call it.

    A password is tried only on a document that needs one. Raises :class:`ReadError` when the document can't be
    opened: no PDF, damaged, a password, no pages.
    """
    try:
        document = _open(source, password)
    except pdfium.PdfiumError as error:
        raise _cannot_open(path, getattr(error, "err_code", None), password) from error
    try:
        yield document
    finally:
        document.close()


def _open(source: bytes | Path, password: str | None) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) != _PASSWORD or password is None:
            raise
        return pdfium.PdfDocument(source, password=password)


def _cannot_open(path: Path, code: int | None, password: str | None) -> ReadError:
    if code == _NO_ERROR:
        return ReadError(path, "the PDF has no pages", "It is damaged or empty: get the file again")
    if code == _PASSWORD:
        if password is None:
            return ReadError(path, "the PDF is encrypted and needs a password", "Give it with --password")
        return ReadError(path, "the PDF is encrypted and the password given does not open it", "Check --password")
    if code == _SECURITY:
        return ReadError(path, "the PDF is encrypted in a way that is not supported", "Save it without encryption")
    return ReadError(
        path,
        "the PDF is damaged: its structure can't be read",
        "Open it in a viewer, save it anew, or get the file again",
    )


def read_page(document: pdfium.PdfDocument, number: int, path: Path) -> Page:
    """What stands on a page; ``number`` counts from 1.

    Raises :class:`ReadError` when the page can't be loaded or asks for more than :mod:`extractors.pdf.limits` allows.
    """
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise ReadError(
            path, "the page can't be loaded: the PDF is damaged here", "Get the file again, or save it anew", number
        ) from error
    try:
        return _read(page, number)
    except LimitError as error:
        raise ReadError(
            path,
            f"the page can't be read: {error}",
            "Check that it is a document and no drawing; print it anew",
            number,
        ) from error
    finally:
        page.close()


def _read(page: pdfium.PdfPage, number: int) -> Page:
    limits = Limits.start()
    display, width, height = _display(page)
    painted = read_objects(raw.address(page.raw), display, limits)
    chars = _chars(page, display, painted, limits)
    horizontal, vertical = painted.strokes()
    return Page(
        number, width, height, chars, horizontal, vertical,
        painted.boxes(), tuple(painted.area_colours), painted.share(width, height),
    )  # fmt: skip


def _display(page: pdfium.PdfPage) -> tuple[Matrix, float, float]:
    """The matrix from the page's own points to displayed ones, and the displayed size."""
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page.raw, box)
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    width, height = right - left, top - bottom
    match pdfium_c.FPDFPage_GetRotation(page.raw):
        case 1:
            return (0.0, 1.0, 1.0, 0.0, -bottom, -left), height, width
        case 2:
            return (-1.0, 0.0, 0.0, 1.0, right, -bottom), width, height
        case 3:
            return (0.0, -1.0, -1.0, 0.0, top, right), height, width
        case _:
            return (1.0, 0.0, 0.0, -1.0, -left, top), width, height


def _chars(page: pdfium.PdfPage, display: Matrix, painted: Painted, limits: Limits) -> Chars:
    text_page = pdfium_c.FPDFText_LoadPage(page.raw)
    if not text_page:
        return NO_CHARS
    try:
        limits.check_time()
        handle = raw.reference(raw.address(text_page))
        count = pdfium_c.FPDFText_CountChars(text_page)
        if count <= 0:
            return NO_CHARS
        if count > MAX_CHARS:
            raise LimitError(f"it has more than {MAX_CHARS:,} characters")
        codes, keep, spaced = read_codes(text_page, handle, count)
        indices = keep.tolist()
        boxes, baseline = _places(handle, indices, display)
        styles, style = _styles(handle, indices, painted)
        return Chars(text_of(codes), boxes, baseline, spaced, style, styles)
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)


def _places(handle: Any, keep: list[int], display: Matrix) -> tuple[Floats, Floats]:
    """Boxes (n x 4) and baselines of the characters, displayed."""
    count = len(keep)
    own = _answers(raw.char_box, handle, keep, raw.BOXES)  # left, top, right, bottom
    corners = _apply(display, np.concatenate([own[:, [0, 1]], own[:, [2, 3]]]))
    first, second = corners[:count], corners[count:]
    boxes = np.concatenate([np.minimum(first, second), np.maximum(first, second)], axis=1)
    return boxes, _baselines(handle, keep, display, boxes)


def _answers(ask: Any, handle: Any, keep: list[int], room: raw.Room) -> Floats:
    """What pdfium answers of each of these characters, a row for each."""
    answers = [np.empty((0, room.answers(0).shape[1]))]
    for start in range(0, len(keep), raw.BATCH):
        batch = keep[start : start + raw.BATCH]
        raw.run(map(ask, repeat(handle), batch, *room.places))
        answers.append(room.answers(len(batch)).astype(np.float64))
    return np.concatenate(answers)


def _baselines(handle: Any, keep: list[int], display: Matrix, boxes: Floats) -> Floats:
    """The baselines of the characters.

    Where the box is that of the type, the baseline is in its lower part; where it is that of the glyph alone (Type 3
    fonts), only the origin tells.
    """
    lines = baselines(boxes)
    heights = boxes[:, 3] - boxes[:, 1]
    odd = np.flatnonzero(heights < _EVEN * median(heights)).tolist() if len(heights) else []
    if not odd:
        return lines
    origins = _answers(raw.char_origin, handle, [keep[index] for index in odd], raw.ORIGINS)
    lines[odd] = _apply(display, origins)[:, 1]
    return lines


def _apply(matrix: Matrix, points: Floats) -> Floats:
    a, b, c, d, e, f = matrix
    x, y = points[:, 0], points[:, 1]
    return np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)


def _styles(handle: Any, keep: list[int], painted: Painted) -> tuple[tuple[Style, ...], Ints]:
    """The styles of a page and, for each character, the index of its own."""
    styles = tuple(Style(*style) for style in painted.styles) or (Style(),)
    if len(styles) == 1:
        return styles, np.zeros(len(keep), np.int64)
    of, owner = painted.style_of, raw.char_object
    return styles, np.array([of.get(address, 0) for address in map(owner, repeat(handle), keep)], np.int64)
