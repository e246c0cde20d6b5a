"""Pictures of pages: what their files are like, how large the pages are, and what can't be read."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from pages import HEIGHT, WIDTH, Sheet
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractors.errors import ReadError
from extractors.pdf.pdfium import open_document
from extractors.scan.images import count_pages, page_picture, read_picture, read_pictures
from extractors.scan.model import Picture

PATH = Path("scan")


def drawing(mode: str = "RGB", size: tuple[int, int] = (1240, 1754)) -> Image.Image:
    """A white page with a black square, its upper left corner at (100, 200) and 300 wide."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((100, 200, 399, 499), fill="black")
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def square(picture: Picture) -> tuple[float, float, float, float]:
    """Where the black is, in points of the page."""
    rows, cols = np.nonzero(picture.pixels.max(axis=2) < 100)
    x0, top = picture.to_page @ (cols.min(), rows.min(), 1)
    x1, bottom = picture.to_page @ (cols.max() + 1, rows.max() + 1, 1)
    return float(x0), float(top), float(x1), float(bottom)


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    if mode == "I;16":
        data = saved(Image.fromarray(np.asarray(drawing("L")).astype(np.uint16) * 257), "PNG", dpi=(150, 150))
    else:
        data = saved(drawing(mode), "PNG", dpi=(150, 150))
    (picture,) = read_pictures(data, PATH)
    assert picture.pixels.shape == (1754, 1240, 3)
    assert picture.pixels[10, 10].tolist() == [255, 255, 255]
    assert picture.pixels[300, 300].tolist() == [0, 0, 0]
    assert picture.dpi == pytest.approx(150, abs=0.1)
    assert square(picture) == pytest.approx((48, 96, 192, 240), abs=0.1)


def test_what_can_be_seen_through_is_paper() -> None:
    clear = Image.new("RGBA", (1240, 1754), (0, 0, 0, 0))
    (picture,) = read_pictures(saved(clear, "PNG"), PATH)
    assert picture.pixels.min() == 255


def test_a_tiff_has_its_pages_in_order() -> None:
    pages = [Image.new("1", (1240 + 10 * number, 1754), 1) for number in range(3)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(150, 150))
    assert count_pages(data, PATH) == 3
    assert [(p.page, p.pixels.shape[1]) for p in read_pictures(data, PATH)] == [(1, 1240), (2, 1250), (3, 1260)]
    assert read_picture(data, PATH, 2).pixels.shape[1] == 1250
    with pytest.raises(ReadError, match="no such page"):
        read_picture(data, PATH, 4)


def test_a_fax_gets_square_pixels() -> None:
    data = saved(drawing(size=(1728, 1145)), "TIFF", dpi=(204, 98))
    (picture,) = read_pictures(data, PATH)
    assert picture.width == pytest.approx(1728 / 204 * 72, abs=0.5)
    assert picture.height == pytest.approx(1145 / 98 * 72, abs=0.5)
    height, width = picture.pixels.shape[:2]
    assert width / height == pytest.approx(picture.width / picture.height, rel=0.01)
    assert square(picture) == pytest.approx((100 / 204 * 72, 200 / 98 * 72, 400 / 204 * 72, 500 / 98 * 72), abs=1)


def test_a_photograph_that_says_nothing_of_its_size_is_a4() -> None:
    (picture,) = read_pictures(saved(drawing(size=(1654, 2339)), "JPEG"), PATH)
    assert (picture.width, picture.height) == pytest.approx((595, 842), abs=2)
    assert picture.dpi == pytest.approx(200, abs=1)


def test_a_size_that_no_page_has_is_not_believed() -> None:
    (picture,) = read_pictures(saved(drawing(size=(2480, 3508)), "JPEG", dpi=(72, 72)), PATH)
    assert (picture.width, picture.height) == pytest.approx((595, 842), abs=2)


def test_a_camera_says_how_it_was_held() -> None:
    image = drawing().rotate(90, expand=True)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    (picture,) = read_pictures(saved(image, "JPEG", exif=exif, dpi=(150, 150), quality=95), PATH)
    assert square(picture) == pytest.approx((48, 96, 192, 240), abs=0.6)


def test_more_dots_than_are_needed_are_put_together() -> None:
    (picture,) = read_pictures(saved(drawing(size=(2480, 3508)), "PNG", dpi=(600, 600)), PATH)
    assert picture.dpi == pytest.approx(300)
    assert picture.pixels.shape == (1754, 1240, 3)
    assert square(picture) == pytest.approx((12, 24, 48, 60), abs=0.1)


@pytest.mark.parametrize("cut", [20, 500])
def test_a_damaged_picture_is_said_to_be(cut: int) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8))
    with pytest.raises(ReadError) as error:
        list(read_pictures(saved(noise, "PNG")[:cut], PATH))
    assert "picture" in error.value.problem


def test_what_is_no_picture_is_said_to_be_none() -> None:
    with pytest.raises(ReadError, match="this is no picture"):
        list(read_pictures(b"GIF89a and nothing more", PATH))


@pytest.mark.parametrize("side", [9500, 30000])
def test_a_picture_that_unpacks_to_far_too_much_is_refused(side: int) -> None:
    data = saved(Image.new("1", (8, 8)), "PNG")
    head = b"IHDR" + struct.pack(">II", side, side) + data[24:29]
    data = data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]
    with pytest.raises(ReadError, match="more than 80,000,000 pixels"):
        list(read_pictures(data, PATH))


def pdf_of(image: Image.Image, turned: int = 0) -> bytes:
    stream = io.BytesIO()
    # reportlab is told the size as displayed.
    canvas = Canvas(stream, pagesize=(841.92, 595.2) if turned else (595.2, 841.92))
    canvas.setPageRotation(turned)
    canvas.drawImage(ImageReader(image), 0, 0, 595.2, 841.92)
    canvas.save()
    return stream.getvalue()


def test_a_picture_that_fills_a_page_comes_as_it_is() -> None:
    tile = np.random.default_rng(1).integers(0, 255, (2, 31, 3), np.uint8)
    image = Image.fromarray(np.tile(tile, (877, 40, 1)))
    with open_document(pdf_of(image), PATH) as document:
        picture = page_picture(document, 1, PATH)
    assert picture.dpi == pytest.approx(150, abs=0.1)
    assert picture.pixels.shape == (1754, 1240, 3)
    assert (picture.pixels == np.asarray(image)).all()


def test_a_page_is_painted_as_it_is_displayed() -> None:
    with open_document(pdf_of(drawing(), turned=90), PATH) as document:
        picture = page_picture(document, 1, PATH)
    assert (picture.width, picture.height) == pytest.approx((841.92, 595.2), abs=0.1)
    assert square(picture) == pytest.approx((841.92 - 240, 48, 841.92 - 96, 192), abs=0.6)


def test_a_page_without_a_picture_is_painted_with_200_dots() -> None:
    sheet = Sheet()
    sheet.fill(100, 200, 300, 400, grey=0)
    with open_document(sheet.pdf(), PATH) as document:
        picture = page_picture(document, 1, PATH)
    assert picture.dpi == 200
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert square(picture) == pytest.approx((100, 200, 300, 400), abs=0.4)
