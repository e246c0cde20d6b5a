"""Pictures of the pages that a task was read from, with the places of its fields boxed."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from extractors.pictures import DRAWN, PagePicture, draw_pages
from flows.task_view import TaskView

_FONT, _PAD = 12, 2
Colour = tuple[int, int, int]
_Corners = tuple[float, float, float, float]
#: One colour after the other for the fields, dark enough for white letters.
_COLOURS: tuple[Colour, ...] = (
    (0, 92, 175), (170, 50, 20), (0, 120, 60), (130, 40, 150), (150, 100, 0), (0, 120, 130), (190, 20, 90),
)  # fmt: skip


def draw_task(view: TaskView, raw: Path, folder: Path, password: str | None = None) -> list[Path]:
    """Draw each page with a place of the task to ``<folder>/<task_id>-p<page>.png``; the files.

    Raises ValueError with the reason where nothing can be drawn, and :class:`extractors.errors.ReadError` for a source
    that can't be opened. ``raw`` is the folder that source_file is relative to.
    """
    source = raw / view.document["source_file"]
    fmt = view.document["source_format"]
    if fmt not in DRAWN:
        raise ValueError(f"a {fmt} file has no pages that could be drawn")
    if not source.is_file():
        raise ValueError(f"{source} is not there any more")
    if hashlib.sha256(source.read_bytes()).hexdigest() != view.document["source_sha256"]:
        raise ValueError(f"{source} has changed since it was read: its places would be wrong")
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for number in view.pages:
        for picture in draw_pages(source, password, number, number + 1):
            file = folder / f"{view.task['task_id']}-p{number}.png"
            _boxed(picture, view).save(file)
            drawn.append(file)
    if not drawn:
        raise ValueError(f"no page of {source} with a place of this task could be drawn")
    return drawn


def _boxed(picture: PagePicture, view: TaskView) -> Image.Image:
    """The page with a box and a label for each field; several fields of one place share a label."""
    image = Image.open(io.BytesIO(picture.jpeg)).convert("RGB")
    across, down = image.width / max(picture.width, 1.0), image.height / max(picture.height, 1.0)
    named: dict[tuple[float, float, float, float], list[str]] = {}
    for item in view.fields:
        for place in item.places:
            if place.page == picture.page and place.box:
                named.setdefault(place.box, []).append(item.name)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_FONT)
    taken: list[_Corners] = []
    for at, (box, names) in enumerate(named.items()):
        colour = _COLOURS[at % len(_COLOURS)]
        x0, top, x1, bottom = box[0] * across, box[1] * down, box[2] * across, box[3] * down
        draw.rectangle((x0 - 1, top - 1, x1 + 1, bottom + 1), outline=colour, width=3)
        _label(draw, font, (x0, top), " ".join(names), colour, taken)
    return image


def _label(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    corner: tuple[float, float],
    text: str,
    colour: Colour,
    taken: list[_Corners],
) -> None:
    """White letters on the colour of the box, above its left corner; higher where another label stands there."""
    left, above, right, below = draw.textbbox((0, 0), text, font=font)
    width, height = right - left + 2 * _PAD, below - above + 2 * _PAD
    x, y = corner[0], corner[1] - height
    while y > height and any(x < b[2] and b[0] < x + width and y < b[3] and b[1] < y + height for b in taken):
        y -= height
    y = max(y, 0.0)
    taken.append((x, y, x + width, y + height))
    draw.rectangle(taken[-1], fill=colour)
    draw.text((x + _PAD - left, y + _PAD - above), text, fill="white", font=font)
