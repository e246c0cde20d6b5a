"""Pictures of pages with what was read drawn in: cells, spans, headings, rulings, doubts, what was left out.

Labels are plain ASCII, so that no font with Chinese characters is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from extractors.model import Bbox, Cell
from extractors.scan.model import Picture
from flows.pageview import PageView
from flows.readings import PageReading, TableReading, span_of

#: Pixels per point, and the longest side that a picture may have.
_SCALE, _LONGEST = 2.0, 4000
_FONT = 12
#: Of the legend: what is kept free at its left, from line to line, width of a sample of colour.
_MARGIN, _STEP, _SWATCH = 8, 20, 26
Colour = tuple[int, int, int, int]
_BORDER: Colour = (0, 70, 200, 255)
_GRID: Colour = (0, 70, 200, 110)
_RULING: Colour = (0, 190, 80, 110)
_TINTS: dict[str, Colour] = {
    "heading": (150, 90, 220, 60),
    "row span": (30, 140, 255, 50),
    "column span": (255, 170, 0, 60),
    "row and column span": (0, 170, 150, 60),
}
_DOUBT: Colour = (220, 0, 0, 255)
_HATCH: Colour = (220, 0, 0, 70)
_STRUCK: Colour = (110, 110, 110, 255)
_OUTSIDE: Colour = (0, 150, 160, 255)
_PAPER: Colour = (255, 255, 255, 210)


class _Sheet:
    """A picture of a page that takes points of the page."""

    def __init__(self, image: Image.Image, view: PageView) -> None:
        self.x, self.y = image.width / max(view.width, 1.0), image.height / max(view.height, 1.0)
        self.image = image.convert("RGBA")
        self._ink = image.convert("L").point(lambda value: 255 if value < 128 else 0)
        self.layer = Image.new("RGBA", image.size)
        self.draw = ImageDraw.Draw(self.layer)
        self.font = ImageFont.load_default(_FONT)

    def pixels(self, box: Bbox) -> tuple[int, int, int, int]:
        """A box in pixels."""
        return round(box.x0 * self.x), round(box.top * self.y), round(box.x1 * self.x), round(box.bottom * self.y)

    def flush(self) -> None:
        """Lay what was drawn over the picture, so that what follows is drawn on top of it."""
        self.image.alpha_composite(self.layer)
        self.layer.paste((0, 0, 0, 0), (0, 0, *self.layer.size))

    def label(self, x: int, y: int, text: str, ink: Colour, paper: Colour = _PAPER) -> None:
        """A small text with its top left corner here, moved so that it stays on the page."""
        width, height = self._size(text)
        x, y = max(0, min(x, self.layer.width - width)), max(0, min(y, self.layer.height - height))
        self.draw.rectangle((x, y, x + width - 1, y + height - 1), fill=paper)
        self.draw.text((x + 1, y + height - 2), text, fill=ink, font=self.font, anchor="ls")

    def corner_label(self, box: tuple[int, int, int, int], text: str, ink: Colour) -> None:
        """A small text in that corner of a box where it hides the least of the page."""
        width, height = self._size(text)
        lefts, tops = (box[0] + 2, box[2] - width - 1), (box[1] + 2, box[3] - height - 1)
        corners = [(x, y) for y in tops for x in lefts]
        hidden = [self._ink.crop((x, y, x + width, y + height)).histogram()[255] for x, y in corners]
        self.label(*corners[hidden.index(min(hidden))], text, ink)

    def _size(self, text: str) -> tuple[int, int]:
        return round(self.font.getlength(text)) + 3, _FONT - 1


def draw_page(image: Image.Image, page: PageReading, view: PageView, file: Path) -> Path:
    """Draw what was read from a page onto its picture, a legend below; give the file's path."""
    sheet = _Sheet(image, view)
    for reading in page.tables:
        _tint(sheet, reading)
    sheet.flush()
    for box in (*view.horizontal, *view.vertical):
        sheet.draw.line(sheet.pixels(box), fill=_RULING, width=7)
    sheet.flush()
    for reading in page.tables:
        _grid(sheet, reading, view)
    sheet.flush()
    _left_out(sheet, page, view)
    for reading in page.tables:
        _doubts(sheet, reading)
    for number, doubt in enumerate(page.doubts):
        sheet.label(4, 4 + 18 * number, doubt.rule, _PAPER, _DOUBT)
    sheet.flush()
    file.parent.mkdir(parents=True, exist_ok=True)
    _with_legend(sheet.image.convert("RGB"), _facts(page, view)).save(file)
    return file


def scanned(picture: Picture) -> Image.Image:
    """The picture of a scanned page, no larger than others are drawn."""
    image = Image.fromarray(picture.pixels)
    scale = min(_SCALE * 72 / picture.dpi, _LONGEST / max(image.size), 1.0)
    return image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))))


def painted(document: pdfium.PdfDocument, view: PageView) -> Image.Image:
    """The page of a PDF as a viewer shows it; an empty sheet where it can't be drawn."""
    scale = min(_SCALE, _LONGEST / max(view.width, view.height, 1.0))
    try:
        page = document[view.number - 1]
        try:
            image: Image.Image = page.render(scale=scale).to_pil()
            return image
        finally:
            page.close()
    except (pdfium.PdfiumError, ValueError, MemoryError):
        size = max(round(view.width * scale), 1), max(round(view.height * scale), 1)
        return Image.new("RGB", size, "white")


def _kind(cell: Cell, heading: int) -> str | None:
    """Which tint a cell gets."""
    if cell.row_span > 1 and cell.col_span > 1:
        return "row and column span"
    if cell.row_span > 1:
        return "row span"
    if cell.col_span > 1:
        return "column span"
    return "heading" if cell.row < heading else None


def _tint(sheet: _Sheet, reading: TableReading) -> None:
    for cell in reading.table.cells:
        kind = _kind(cell, reading.heading)
        if kind and cell.provenance.bbox:
            sheet.draw.rectangle(sheet.pixels(cell.provenance.bbox), fill=_TINTS[kind])


def _grid(sheet: _Sheet, reading: TableReading, view: PageView) -> None:
    """The borders of the cells, their rows and columns; dotted, the grid's lines where they cross a merged cell."""
    for line in view.grid_lines(reading.table):
        _dotted(sheet.draw, sheet.pixels(line))
    for cell in reading.table.cells:
        if cell.provenance.bbox:
            x0, y0, x1, y1 = sheet.pixels(cell.provenance.bbox)
            if corners := view.outline(reading.table, cell):
                sheet.draw.polygon([(x * sheet.x, y * sheet.y) for x, y in corners], outline=_BORDER)
            else:
                sheet.draw.rectangle((x0, y0, x1, y1), outline=_BORDER)
            where = f"{span_of(cell.row, cell.row_span)},{span_of(cell.col, cell.col_span)}"
            sheet.corner_label((x0, y0, x1, y1), where, _BORDER)
    heading = [c.provenance.bbox for c in reading.table.cells if c.row < reading.heading and c.provenance.bbox]
    if heading:
        x0, y0, x1, y1 = sheet.pixels(_around(heading))
        sheet.draw.rectangle((x0, y0, x1, y1), outline=(*_TINTS["heading"][:3], 255), width=3)


def _around(boxes: Sequence[Bbox]) -> Bbox:
    return Bbox(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


def _dotted(draw: ImageDraw.ImageDraw, line: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = line
    length = max(x1 - x0, y1 - y0)
    for at in range(0, length, 8):
        first, last = at / length, min(at + 2, length) / length
        start = (round(x0 + (x1 - x0) * first), round(y0 + (y1 - y0) * first))
        end = (round(x0 + (x1 - x0) * last), round(y0 + (y1 - y0) * last))
        draw.line((start, end), fill=_GRID)


def _left_out(sheet: _Sheet, page: PageReading, view: PageView) -> None:
    """Struck characters, and what each group of them was taken for; a line below the text outside the tables."""
    for block in page.blocks:
        if block.provenance.bbox:
            x0, y0, x1, y1 = sheet.pixels(block.provenance.bbox)
            level = x1 - x0 >= y1 - y0
            sheet.draw.line((x0, y1 + 2, x1, y1 + 2) if level else (x1 + 2, y0, x1 + 2, y1), fill=_OUTSIDE, width=2)
    for box in view.struck:
        x0, y0, x1, y1 = sheet.pixels(box)
        sheet.draw.line((x0, y1, x1, y0), fill=_STRUCK, width=2)
    for item in page.left_out:
        if item.provenance.bbox:
            x0, y0, x1, y1 = sheet.pixels(item.provenance.bbox)
            if item.kind in ("page_number", "running_head"):
                sheet.draw.line((x0, y1, x1, y0), fill=_STRUCK, width=2)
            sheet.draw.rectangle((x0, y0, x1, y1), outline=_STRUCK)
            sheet.label(x0, y0 - _FONT - 4, item.kind, _STRUCK)


def _doubts(sheet: _Sheet, reading: TableReading) -> None:
    boxes = [cell.provenance.bbox for cell in reading.table.cells]
    known = [box for box in boxes if box]
    for place, doubtful in enumerate(reading.doubts):
        marked = [box for index in doubtful.cells if (box := boxes[index])]
        for box in marked:
            _hatch(sheet.draw, sheet.pixels(box))
            x0, _, _, y1 = sheet.pixels(box)
            sheet.label(x0 + 3, y1 - _FONT - 5 - 14 * (place % 4), doubtful.doubt.rule, _PAPER, _DOUBT)
        if not doubtful.cells and known:
            x0, y0, x1, y1 = sheet.pixels(_around(known))
            sheet.draw.rectangle((x0 - 3, y0 - 3, x1 + 3, y1 + 3), outline=_DOUBT, width=2)
            sheet.label(x1 - 110, y0 - 18 * (place + 1), doubtful.doubt.rule, _PAPER, _DOUBT)


def _hatch(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    """Slanting lines over a box, and a thick border."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    for at in range(0, width + height, 12):
        start = (x0 + min(at, width), y0 + max(at - width, 0))
        end = (x0 + max(at - height, 0), y0 + min(at, height))
        draw.line((start, end), fill=_HATCH, width=2)
    draw.rectangle(box, outline=_DOUBT, width=3)


def _facts(page: PageReading, view: PageView) -> str:
    doubts = len(page.doubts) + sum(len(reading.doubts) for reading in page.tables)
    turn = f", upright after a turn of {view.turn} degrees" if view.turn else ""
    return (
        f"page {page.number}: {view.width:.0f} x {view.height:.0f} pt{turn}, characters: {view.characters}, "
        f"rulings: {len(view.horizontal)} + {len(view.vertical)}, tables: {len(page.tables)}, doubts: {doubts}"
    )


def _with_legend(image: Image.Image, facts: str) -> Image.Image:
    """The page and, below it, what the colours mean."""
    entries = [*_TINTS.items(), ("ruling", _RULING), ("cell (row,column)", _BORDER), ("grid", _GRID)]
    entries += [("text outside", _OUTSIDE), ("left out", _STRUCK), ("doubt", _DOUBT)]
    font = ImageFont.load_default(_FONT)
    places, x, y = [], _MARGIN, _MARGIN + _STEP
    for name, _ in entries:
        size = _SWATCH + 18 + int(font.getlength(name))
        if x > _MARGIN and x + size > image.width:
            x, y = _MARGIN, y + _STEP
        places.append((x, y))
        x += size
    whole = Image.new("RGB", (image.width, image.height + y + _STEP), "white")
    whole.paste(image, (0, 0))
    strip = Image.new("RGBA", (image.width, y + _STEP), (246, 246, 246, 255))
    tinted = Image.new("RGBA", strip.size)
    draw = ImageDraw.Draw(tinted)
    draw.line((0, 0, image.width, 0), fill="black")
    draw.text((_MARGIN, _MARGIN), facts, fill="black", font=font)
    for (name, colour), (left, top) in zip(entries, places, strict=True):
        _swatch(draw, (left, top, left + _SWATCH, top + _FONT), name, colour)
        draw.text((left + _SWATCH + 5, top - 1), name, fill="black", font=font)
    strip.alpha_composite(tinted)
    whole.paste(strip.convert("RGB"), (0, image.height))
    return whole


def _swatch(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], name: str, colour: Colour) -> None:
    """A piece of what the legend explains, as it looks on the page."""
    x0, y0, x1, y1 = box
    middle = (y0 + y1) // 2
    if name in _TINTS:
        draw.rectangle(box, fill=colour, outline=(*_TINTS["heading"][:3], 255) if name == "heading" else _BORDER)
    elif name == "doubt":
        _hatch(draw, box)
    elif name == "grid":
        _dotted(draw, (x0, middle, x1, middle))
    elif name.startswith("cell"):
        draw.rectangle(box, outline=colour)
    else:
        draw.line((x0, middle, x1, middle), fill=colour, width=7 if name == "ruling" else 2)
