"""Pages whose content lies sideways: turned so that the text stands upright."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from extractors.model import Bbox
from extractors.pdf.content import Floats, Page, Strokes, Style, Turn


def upright(page: Page) -> Page:
    """The page turned so that most of its text stands upright; the page itself when it does already."""
    if not len(page.chars) or all(style.angle == 0 for style in page.chars.styles):
        return page
    angles = np.array([style.angle for style in page.chars.styles])[page.chars.style]
    counts = {turn: int(np.sum(np.abs((angles - turn + 180) % 360 - 180) < 2)) for turn in (0, 90, 180, 270)}
    # Text that runs upwards (90 degrees counter-clockwise) comes upright by a turn of 90 degrees clockwise.
    best = max(counts, key=lambda turn: counts[turn])
    return _turned(page, best) if best and counts[best] > len(page.chars) / 2 else page  # type: ignore[arg-type]


def displayed(box: Bbox, page: Page) -> Bbox:
    """A box of the turned page as it lies on the displayed one."""
    if page.levelled is not None:
        corners = np.array([[box.x0, box.top, 1.0], [box.x1, box.top, 1.0], [box.x0, box.bottom, 1.0],
                            [box.x1, box.bottom, 1.0]]) @ page.levelled.T  # fmt: skip
        (x0, top), (x1, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        return Bbox(x0, top, x1, bottom)
    width, height = page.width, page.height
    match page.turn:
        case 90:
            return Bbox(box.top, width - box.x1, box.bottom, width - box.x0)
        case 180:
            return Bbox(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
        case 270:
            return Bbox(height - box.bottom, box.x0, height - box.top, box.x1)
        case _:
            return box


def _turned(page: Page, turn: Turn) -> Page:
    """The page turned clockwise."""
    width, height = page.width, page.height
    chars = page.chars
    styles = tuple(Style((style.angle - turn) % 360, style.colour, style.hidden) for style in chars.styles)
    boxes = turn_boxes(chars.boxes, turn, width, height)
    baseline = baselines(boxes)
    horizontal, vertical = page.horizontal, page.vertical
    if turn == 180:
        horizontal, vertical = _mirrored(horizontal, height, width), _mirrored(vertical, width, height)
    elif turn == 90:
        # (x, top) goes to (height - top, x).
        horizontal, vertical = vertical_to_flat(vertical, height), flat_to_vertical(horizontal, height)
    else:
        # (x, top) goes to (top, width - x).
        horizontal, vertical = (
            Strokes(width - vertical.at, vertical.start, vertical.end, vertical.width),
            Strokes(horizontal.at, width - horizontal.end, width - horizontal.start, horizontal.width),
        )
    sides = (width, height) if turn == 180 else (height, width)
    return replace(
        page,
        width=sides[0],
        height=sides[1],
        chars=replace(chars, boxes=boxes, baseline=baseline, styles=styles),
        horizontal=horizontal,
        vertical=vertical,
        areas=turn_boxes(page.areas, turn, width, height),
        turn=turn,
    )


def vertical_to_flat(lines: Strokes, height: float) -> Strokes:
    """Vertical lines after a turn by 90 degrees clockwise."""
    return Strokes(lines.at, height - lines.end, height - lines.start, lines.width)


def flat_to_vertical(lines: Strokes, height: float) -> Strokes:
    """Horizontal lines after a turn by 90 degrees clockwise."""
    return Strokes(height - lines.at, lines.start, lines.end, lines.width)


def baselines(boxes: Floats) -> Floats:
    """About where the baselines of turned characters are: above the bottom by the descent of usual type."""
    return boxes[:, 3] - 0.12 * (boxes[:, 3] - boxes[:, 1])


def _mirrored(lines: Strokes, across: float, along: float) -> Strokes:
    return Strokes(across - lines.at, along - lines.end, along - lines.start, lines.width)


def turn_boxes(boxes: Floats, turn: Turn, width: float = 0.0, height: float = 0.0) -> Floats:
    """Boxes (n x 4) on a page of this size after it was turned clockwise; of no size: turned around the origin."""
    x0, top, x1, bottom = boxes.T
    if turn == 90:
        return np.stack([height - bottom, x0, height - top, x1], axis=1)
    if turn == 180:
        return np.stack([width - x1, height - bottom, width - x0, height - top], axis=1)
    if turn == 0:
        return boxes
    return np.stack([top, width - x1, bottom, width - x0], axis=1)
