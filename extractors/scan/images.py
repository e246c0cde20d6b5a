"""Pictures of pages: of the files that scanners write, and of the pages of a PDF.

Coordinates of a page are points as it is displayed, whatever the picture on it is like.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from extractors.errors import ReadError
from extractors.scan.model import Picture, Pixels

#: More pixels than A3 has at 600 dots to the inch are no scan but an attack, or a map.
MAX_PIXELS = 80_000_000
#: More pages than this are no document.
_MAX_PAGES = 5000
#: Formats of Pillow that scanners write; the others are not even tried.
_FORMATS = ("PNG", "JPEG", "TIFF")
#: A picture is read with at most so many dots to the inch, and a page painted with at least so many.
_MOST_DPI, _LEAST_DPI = 300.0, 150.0
#: A page is painted with so many when nothing on it says more.
_USUAL_DPI = 200.0
#: A picture that covers this share of a page is the page.
_COVERS = 0.4
#: The picture that is the whole page is off its edges by at most this share of it.
_WHOLE = 0.005
#: Colours that need no looking up.
_PLAIN = (
    pdfium_c.FPDF_COLORSPACE_DEVICEGRAY, pdfium_c.FPDF_COLORSPACE_DEVICERGB, pdfium_c.FPDF_COLORSPACE_CALGRAY,
    pdfium_c.FPDF_COLORSPACE_CALRGB, pdfium_c.FPDF_COLORSPACE_ICCBASED,
)  # fmt: skip
#: What a file says of its dots to the inch is believed when the page is then of such a size, in inches.
_LEAST_SIDE, _MOST_SIDE = 3.0, 24.0
#: Otherwise the page is taken to be A4: its shorter side, in inches.
_A4 = 8.27
_POINTS = 72.0
_ADVICE = "Open it in a viewer and save it anew, or scan the page again"


def count_pages(data: bytes, path: Path) -> int:
    """How many pages a picture file has. Raises :class:`ReadError` when it can't be read."""
    with _opened(data, path) as image:
        return _pages(image, path)


def read_pictures(data: bytes, path: Path) -> Iterator[Picture]:
    """The pages of a PNG, JPEG or TIFF file, one after the other.

    Raises :class:`ReadError` for a file that is damaged, none of these, or far too large, when its turn comes.
    """
    with _opened(data, path) as image:
        for index in range(_pages(image, path)):
            with _readable(path, index + 1):
                image.seek(index)
                yield _picture(image, index + 1, path)


def read_picture(data: bytes, path: Path, number: int) -> Picture:
    """One page of a PNG, JPEG or TIFF file, from 1. Raises :class:`ReadError`, also where there is no such page."""
    with _opened(data, path) as image:
        if not 1 <= number <= _pages(image, path):
            raise ReadError(path, "it has no such page", "Check the number of the page", number)
        with _readable(path, number):
            image.seek(number - 1)
            return _picture(image, number, path)
    raise AssertionError("unreachable")


def page_picture(document: pdfium.PdfDocument, number: int, path: Path) -> Picture:
    """A page of a PDF as it is displayed, painted with as many dots to the inch as the picture on it has.

    Text that is painted is on it, a hidden text layer is not. Raises :class:`ReadError` when the page can't be painted.
    """
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise ReadError(path, "the page can't be loaded: the PDF is damaged here", _ADVICE, number) from error
    try:
        width, height = page.get_size()
        whole = _whole_page(page, width, height)
        if whole is not None:
            rows, columns = whole.shape[:2]
            dpi = _POINTS * (rows * columns / (width * height)) ** 0.5
            return Picture(number, whole, dpi, _scaling(width / columns, height / rows), width, height)
        dpi = _own_dpi(page, width * height, path, number)
        pixels = (width * height) * (dpi / _POINTS) ** 2
        if pixels > MAX_PIXELS:
            # A page that large is one whose size in points is nonsense: what counts is that its text can be seen.
            dpi *= (MAX_PIXELS / pixels) ** 0.5 * 0.99
        # A page is painted on whole pixels, rounded up: those of a picture that fills it are to be painted as they are.
        painted = page.render(scale=dpi / _POINTS * (1 - 1e-4), rev_byteorder=True, may_draw_forms=False).to_numpy()
    except (pdfium.PdfiumError, MemoryError) as error:
        raise ReadError(path, "the picture on the page can't be painted", _ADVICE, number) from error
    finally:
        page.close()
    rgb = painted[:, :, :3] if painted.ndim == 3 and painted.shape[2] >= 3 else np.repeat(_plane(painted), 3, axis=2)
    to_page = _scaling(width / rgb.shape[1], height / rgb.shape[0])
    return Picture(number, np.ascontiguousarray(rgb), dpi, to_page, width, height)


def _whole_page(page: pdfium.PdfPage, width: float, height: float) -> Pixels | None:
    """The picture of a page of which nothing else stands on it, as it is: painting it would blur it.

    None where it is not as plain as that: masks, palettes, turned pages and several pictures are left to the painter.
    """
    items = list(page.get_objects(max_depth=1))
    if len(items) != 1 or items[0].type != pdfium_c.FPDF_PAGEOBJ_IMAGE or page.get_rotation():
        return None
    item = items[0]
    (a, b, c, d, e, f), (left, bottom, right, top) = item.get_matrix().get(), page.get_bbox()
    about = _WHOLE * max(width, height)
    if b or c or a <= 0 or d <= 0 or max(abs(e - left), abs(f - bottom), abs(e + a - right), abs(f + d - top)) > about:
        return None
    said = item.get_metadata()
    columns, rows = item.get_px_size()
    dpi = columns * _POINTS / width
    if (
        said.bits_per_pixel not in (8, 24) or said.colorspace not in _PLAIN or columns * rows > MAX_PIXELS
        or not 0.9 * _LEAST_DPI <= dpi <= 1.1 * _MOST_DPI or abs(rows * _POINTS / height / dpi - 1) > _WHOLE
    ):  # fmt: skip
        return None
    pixels = _plane(item.get_bitmap().to_numpy()) if said.bits_per_pixel == 8 else item.get_bitmap().to_numpy()
    return np.ascontiguousarray(np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, 2::-1])


def _plane(painted: Pixels) -> Pixels:
    return painted.reshape(*painted.shape[:2], -1)[:, :, :1]


def _own_dpi(page: pdfium.PdfPage, area: float, path: Path, number: int) -> float:
    """The dots to the inch of the largest picture on a page, within what is read."""
    best, dpi = 0.0, _USUAL_DPI
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        a, b, c, d = item.get_matrix().get()[:4]
        covered = abs(a * d - b * c)
        columns, rows = item.get_px_size()
        if columns * rows > MAX_PIXELS:
            raise ReadError(path, f"the picture on the page has more than {MAX_PIXELS:,} pixels", _ADVICE, number)
        if covered >= _COVERS * area and covered > best and area > 0:
            best, dpi = covered, _POINTS * (columns * rows / covered) ** 0.5
    return min(max(dpi, _LEAST_DPI), _MOST_DPI)


@contextmanager
def _opened(data: bytes, path: Path) -> Iterator[Image.Image]:
    """The picture file, opened; its pixels are not yet read."""
    with _readable(path, None), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    with image:
        yield image


@contextmanager
def _readable(path: Path, page: int | None) -> Iterator[None]:
    """Says what Pillow's errors mean."""
    try:
        yield
    except ReadError:
        raise
    except UnidentifiedImageError as error:
        raise ReadError(path, "this is no picture of a kind that is read", "Give PNG, JPEG or TIFF", page) from error
    except Image.DecompressionBombError as error:
        raise _too_large(path, page) from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, MemoryError) as error:
        raise ReadError(path, f"the picture is damaged ({error})", _ADVICE, page) from error


def _pages(image: Image.Image, path: Path) -> int:
    with _readable(path, None):
        # A JPEG with several pictures in it is one of a camera, with the same page smaller.
        count = int(getattr(image, "n_frames", 1)) if isinstance(image, TiffImagePlugin.TiffImageFile) else 1
    if count > _MAX_PAGES:
        raise ReadError(path, f"it has more than {_MAX_PAGES:,} pages", "Split it")
    return count


def _too_large(path: Path, page: int | None) -> ReadError:
    return ReadError(path, f"the picture has more than {MAX_PIXELS:,} pixels", "Scan it at 200 or 300 dpi", page)


def _picture(image: Image.Image, number: int, path: Path) -> Picture:
    if image.width * image.height > MAX_PIXELS:
        raise _too_large(path, number)
    upright = ImageOps.exif_transpose(image)
    across, down = _dpi(upright)
    upright = _rgb(upright)
    width, height = upright.width / across * _POINTS, upright.height / down * _POINTS
    dpi = min(max(across, down), _MOST_DPI)
    size = (max(1, round(width / _POINTS * dpi)), max(1, round(height / _POINTS * dpi)))
    if size != upright.size:
        # Faxes have pixels that are not square; and more than is needed only takes time.
        reducing = size[0] <= upright.width and size[1] <= upright.height
        upright = upright.resize(size, Image.Resampling.BOX if reducing else Image.Resampling.BICUBIC)
    pixels = np.array(upright, np.uint8)
    return Picture(number, pixels, dpi, _scaling(width / size[0], height / size[1]), width, height)


def _dpi(image: Image.Image) -> tuple[float, float]:
    """Dots to the inch, across and down, as the file says where that can be."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = 0.0
    if across > 0 and down > 0:
        sides = (image.width / across, image.height / down)
        if min(sides) >= _LEAST_SIDE and max(sides) <= _MOST_SIDE and 0.4 <= across / down <= 2.5:
            return across, down
    guess = max(min(image.size) / _A4, 1.0)
    return guess, guess


def _rgb(image: Image.Image) -> Image.Image:
    """The picture as RGB; what can be seen through it is white paper, more than 8 bits are reduced."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        most = 65535.0 if image.mode.startswith("I") or values.max(initial=0) > 255 else 255.0
        return Image.fromarray(np.clip(values * (255 / most), 0, 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        paper = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, clear).convert("RGB")
    return image.convert("RGB")


def _scaling(across: float, down: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([[across, 0.0, 0.0], [0.0, down, 0.0]])
