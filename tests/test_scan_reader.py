"""Scans as they are read: pictures and PDF pages that are pictures, what is kept, what is said of them."""

from __future__ import annotations

import io
import socket
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from scan_pages import Scanner
from scanned import scanned_pages

from extractors.errors import ReadError
from extractors.formats import detect
from extractors.model import SourceDocument
from extractors.pdf import reader as pdf
from extractors.pdf.tables import read_page_tables
from extractors.read import read_document
from extractors.scan import cache
from extractors.scan import reader as scans
from extractors.scan.decode import decode
from extractors.scan.images import read_picture
from extractors.scan.model import Glyph, Recognised, Ruling
from extractors.scan.page import page_of
from extractors.scan.pages import recognised
from extractors.scan.recognise import engine
from extractors.scan.textlines import lines_of
from extractors.scan.unsure import with_doubts
from normalizers.normalize import normalize

FONT = "STSong-Light"
WIDTH, HEIGHT = 420.0, 298.0
LEFTS, TOPS = (30.0, 60.0, 90.0, 270.0, 320.0, 400.0), (60.0, 90.0, 130.0, 170.0, 210.0)
HEADINGS = ("序号", "类别", "重点任务", "责任领导", "牵头单位")
TASKS = ("新增城镇就业2730人。", "改造社区食堂41个。", "建成停车位1500个。")
LEADERS = ("陈立琳", "季慧继", "司马成")
UNITS = ("区人社局", "区民政局", "区住建局")
PNG = Path("scan.png")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.FOLDER, str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """The scan of a table whose category stands one character a line, over three rows."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT))

    def text(x: float, y: float, said: str, size: float = 10) -> None:
        canvas.setFont(FONT, size)
        canvas.drawString(x, HEIGHT - y, said)

    text(110, 40, "常安区2026年重点工作任务", 14)
    for x, said in zip(LEFTS, HEADINGS, strict=False):
        text(x + 5, 79, said)
    for index, y in enumerate(TOPS[1:-1]):
        for column, said in ((0, str(index + 1)), (2, TASKS[index]), (3, LEADERS[index]), (4, UNITS[index])):
            text(LEFTS[column] + 5, y + 24, said)
    for index, said in enumerate("产业发展"):
        text(70, 125 + 20 * index, said)
    for y in TOPS:
        inner = y in TOPS[2:-1]
        for left, right in pairwise(LEFTS):
            if not (inner and left == LEFTS[1]):
                canvas.line(left, HEIGHT - y, right, HEIGHT - y)
    for x in LEFTS:
        canvas.line(x, HEIGHT - TOPS[0], x, HEIGHT - TOPS[-1])
    canvas.save()
    return next(scanned_pages(stream.getvalue(), Scanner(skew=0.4, noise=2.0)))


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, dpi=(200, 200), **options)
    return stream.getvalue()


def check(document: SourceDocument) -> None:
    """Whether all was read that stands on the page."""
    (table,) = document.tables
    texts = {(cell.row, cell.col, cell.row_span): cell.text for cell in table.cells}
    assert [texts[0, col, 1] for col in range(5)] == list(HEADINGS)
    assert "".join(texts[1, 1, 3].split()) == "产业发展"
    for row in range(3):
        assert [texts[row + 1, col, 1] for col in (0, 2, 3, 4)] == [str(row + 1), TASKS[row], LEADERS[row], UNITS[row]]
    assert {cell.provenance.engine for cell in table.cells} == {"rapidocr"}


def test_a_picture_is_read_without_any_network(page: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network is asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    engine.cache_clear()
    document = scans.read(saved(page, "PNG"), PNG)
    assert sys.modules.get("openvino_telemetry") is None  # it reports what it is used for
    assert document.format == "png"
    check(document)
    cell = next(cell for cell in document.tables[0].cells if cell.text == "区民政局")
    box = cell.provenance.bbox
    assert box is not None
    # Where it stands on the page, which lies crooked by 0.4 degrees.
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx((320, 130, 400, 170), abs=4)
    records = normalize(document, None).tasks
    assert [task.content.value for task in records] == list(TASKS)
    assert {task.content.method for task in records} == {"ocr"}


def test_pages_of_a_file_are_read_by_other_processes(
    page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scan.tif"
    path.write_bytes(saved(page, "TIFF", save_all=True, append_images=[page.transpose(Image.Transpose.ROTATE_180)]))
    told: list[tuple[int, int]] = []
    document = read_document(path, watch=lambda _, read, pages: told.append((read, pages)))
    assert (document.format, document.pages) == ("tiff", 2)
    assert told == [(0, 2), (1, 2), (2, 2)]
    for number in (1, 2):
        check(replace(document, tables=tuple(table for table in document.tables if table.page == number)))
    # A second reading is from the cache: nothing is recognised where the recogniser can't even start.
    (tmp_path / "rapidocr").mkdir()
    (tmp_path / "rapidocr" / "__init__.py").write_text("raise RuntimeError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert read_document(path) == document


def test_a_hidden_text_that_differs_is_said_and_the_picture_counts(page: Image.Image) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(WIDTH, HEIGHT))
    canvas.drawImage(ImageReader(page), 0, 0, WIDTH, HEIGHT)
    text = canvas.beginText(LEFTS[4] + 5, HEIGHT - TOPS[2] - 24)
    text.setFont(FONT, 10)
    text.setTextRenderMode(3)
    text.textOut("区氏政局")  # the second character is misread
    canvas.drawText(text)
    canvas.save()
    document = pdf.read(stream.getvalue(), Path("scan.pdf"))
    check(document)
    (doubt,) = [doubt for doubt in document.doubts if doubt.rule == "text_layer_differs"]
    assert "民 (氏)" in doubt.detail
    assert "in 1 characters" in doubt.detail
    assert [(out.kind, out.text) for out in document.left_out] == [("hidden", "区氏政局")]


def test_without_the_extra_it_is_said_what_to_install(page: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(ReadError, match="needs the extra scan") as raised:
        scans.read(saved(page, "JPEG"), Path("scan.jpg"))
    assert "make setup" in raised.value.advice
    stream = io.BytesIO()
    page.save(stream, "PDF")
    with pytest.raises(ReadError, match="the PDF is a scan") as raised:
        pdf.read(stream.getvalue(), Path("scan.pdf"))
    assert "make setup" in raised.value.advice


def test_what_was_recognised_is_kept(page: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = read_picture(saved(page, "PNG"), PNG, 1)
    key = cache.key_of(picture)
    assert cache.look_up(key) is None
    kept = Recognised(
        1, 1000, 800, 200.0, ((0.36, 0.0, 0.0), (0.0, 0.36, 0.0)), 360.0, 288.0, 0, 0.1,
        (Glyph("甲", 1.5, 2.0, 30.0, 30.0, 0.9, 3, True, "申"),), (Ruling(True, 5.0, 0.0, 90.0, 2.0),),
    )  # fmt: skip
    cache.keep(key, kept)
    assert recognised(picture) == kept
    other = picture.pixels.copy()
    other[0, 0] = 7
    assert cache.key_of(replace(picture, pixels=other)) != key
    (file,) = (tmp_path / "cache").iterdir()
    for damaged in (b"", file.read_bytes()[:-20], b"x" * 100):
        file.write_bytes(damaged)
        assert cache.look_up(key) is None
    cache.keep(key, kept)
    monkeypatch.setattr(cache, "_MOST", int(1.5 * file.stat().st_size))
    cache.keep("0" * 64, kept)
    assert cache.look_up("0" * 64) == kept
    assert cache.look_up(key) is None  # no room for both
    monkeypatch.setenv(cache.FOLDER, cache.OFF)
    cache.keep(key, kept)
    assert cache.look_up("0" * 64) is None
    monkeypatch.setenv(cache.FOLDER, str(file / "below a file"))
    cache.keep(key, kept)  # can't be: no harm


def glyph(text: str, x: float, y: float, confidence: float = 1.0, others: str = "") -> Glyph:
    return Glyph(text, x, y, x + 30, y + 30, confidence, int(y) + (x > 300), False, others)


def test_unsure_characters_are_doubts_of_their_cells() -> None:
    lines = [Ruling(True, y, 100, 500, 2) for y in (100, 200, 300)]
    lines += [Ruling(False, x, 100, 300, 2) for x in (100, 300, 500)]
    glyphs = (
        glyph("就", 120, 130), glyph("业", 150, 130, 0.4, "亚"), glyph("8", 320, 130, 0.5, "3"),
        glyph("（", 120, 230, 0.4, "(1"), glyph("局", 150, 230), glyph("，", 320, 230, 0.3, ","),
        glyph("乙", 350, 230, 0.4),
        glyph("末", 120, 330, 0.5, "未"),
    )  # fmt: skip
    found = Recognised(
        1, 600, 400, 72.0, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)), 600.0, 400.0, 0, 0.0, glyphs, tuple(lines)
    )
    content = with_doubts(read_page_tables(page_of(found)), found)
    (table,) = content.tables
    cells = {cell.provenance: (cell.row, cell.col) for cell in table.cells}
    said = {cells[doubt.places[0]]: (doubt.rule, doubt.detail) for doubt in table.doubts}
    assert set(said) == {(0, 0), (0, 1), (1, 0)}
    assert said[0, 0] == ("uncertain_character", "not surely recognised: 就[业] (40%; it may be 亚)")
    assert said[0, 1][0] == said[1, 0][0] == "uncertain_number"  # the bracket may be a digit
    (outside,) = content.doubts
    assert outside.rule == "uncertain_character"
    assert "[末]" in outside.detail


def test_lines_are_cut_at_rulings_and_freed_of_their_neighbours() -> None:
    grey = np.full((200, 300), 255, np.uint8)
    grey[50:80, 20:140] = grey[50:80, 160:280] = 0
    grey[90:120, 20:140] = 0
    upright = Ruling(False, 150, 0, 200, 2)
    boxes = np.array([[10.0, 40, 290, 92], [10, 82, 150, 130]])
    lines = lines_of(boxes, [upright], grey)
    assert [(line.left, line.right) for line in lines] == [(10, 150), (150, 290), (10, 150)]
    assert [(line.first, line.last) for line in lines] == [(50, 80), (50, 80), (90, 120)]
    assert lines[0].bottom == 90  # what is shown ends where the next line begins
    assert lines_of(np.array([[10.0, 140, 290, 190]]), [], grey) == []


def test_characters_one_below_the_other_are_told_from_one_that_is_high() -> None:
    grey = np.full((200, 100), 255, np.uint8)
    for top in (20, 60, 100):
        grey[top : top + 12, 30:60] = grey[top + 18 : top + 30, 30:60] = 0  # each of two parts
    grey[20:130, 80:84] = 0
    stacked, single = lines_of(np.array([[20.0, 10, 70, 140], [70, 10, 95, 140]]), [], grey)
    assert stacked.stacked == ((20, 50), (60, 90), (100, 130))
    assert single.stacked == ()


def test_neighbouring_columns_are_one_character_unless_a_blank_parts_them() -> None:
    characters = ("", "甲", "乙", " ")
    columns = [0, 1, 1, 0, 1, 3, 2, 0, 0, 0]
    probabilities = np.full((10, 4), 0.01, np.float32)
    probabilities[np.arange(10), columns] = 0.97
    probabilities[1, 1], probabilities[6] = 0.6, (0.0, 0.3, 0.7, 0.0)
    read = decode(probabilities, 0.8, characters)
    assert "".join(character.text for character in read) == "甲甲乙"
    assert [character.spaced for character in read] == [False, False, True]
    assert [character.confidence for character in read] == pytest.approx([0.97, 0.97, 0.7])
    assert read[2].others == "甲"
    assert read[1].at == pytest.approx(4.5 / 8)


@pytest.mark.parametrize("name", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_told_by_their_content(name: str) -> None:
    assert detect(saved(Image.new("L", (9, 9)), name)) == name.lower()
