"""Characters that are no part of a page's text: watermarks, seals, hidden and doubled ones, and other directions.

What is taken out is told by how it is painted, never by what it says; but for page numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from extractors.model import Bbox, LeftOut, LeftOutKind, Provenance
from extractors.pdf.content import Bools, Chars, Floats, Page
from extractors.pdf.footing import number_at_foot
from extractors.pdf.lines import read_lines
from extractors.pdf.upright import displayed

#: Text that leans by more than this, in degrees, is stamped over the page.
_LEANS = 3.0
#: Paler than this (0 black, 1 white) or more transparent, big text is a watermark.
_PALE, _TRANSPARENT = 0.6, 0.75
#: Faint characters this much taller than the page's own are a watermark.
_HUGE = 1.7
#: Nearly invisible paint, whatever its size.
_FAINT = 0.45
#: The letters of a ligature (ffi) come right after each other, each with the box of the whole.
_LIGATURE = 2
#: Height of a band of lines, in points, in the quick look for doubled characters: more than they are ever off.
_BAND = 8.0
#: Characters smaller than this, in points, can't be read.
_TINY = 1.6
#: A character on top of the same one, by less than this share of its height (and, for narrow letters, of its width),
#: is the same one painted twice.
_DOUBLED, _DOUBLED_WIDTH = 0.3, 0.5


def without_noise(page: Page) -> tuple[Chars, list[LeftOut]]:
    """The characters that are the page's text, and what was left out of them."""
    chars = page.chars
    if not len(chars):
        return chars, []
    masks: list[tuple[LeftOutKind, Bools]] = []
    hidden = _off_page(page) | _tiny(chars)
    if len(chars.styles) > 1 or chars.styles[0].hidden:
        hidden |= _unseen(page)
        seal = _seal(chars) & ~hidden
        watermark = _watermark(chars) & ~hidden & ~seal
        masks += [("seal", seal), ("watermark", watermark)]
        rest = ~(hidden | seal | watermark)
    else:
        rest = ~hidden
    doubled = _doubled(chars, rest)
    numbered = number_at_foot(page) & rest & ~doubled
    masks += [("hidden", hidden), ("doubled", doubled), ("page_number", numbered)]
    out = [said for kind, mask in masks if mask.any() for said in _listed(page, mask, kind)]
    keep = rest & ~doubled & ~numbered
    return (chars if keep.all() else chars.take(keep)), out


def _of_style(chars: Chars, values: Iterator[bool] | list[bool]) -> Bools:
    """A mask of the characters by a flag for each style."""
    return np.array(list(values), np.bool_)[chars.style]


def _off_page(page: Page) -> Bools:
    boxes = page.chars.boxes
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return (x < 0) | (x > page.width) | (y < 0) | (y > page.height) | (boxes[:, 3] - boxes[:, 1] < 0)


def _tiny(chars: Chars) -> Bools:
    """Characters too small to be seen that stand in a row; a point alone may be a mark."""
    size = np.maximum(chars.boxes[:, 3] - chars.boxes[:, 1], chars.boxes[:, 2] - chars.boxes[:, 0])
    small: Bools = size < _TINY
    if small.any():
        small &= np.append(small[1:], False) | np.append(False, small[:-1])
    return small


def _unseen(page: Page) -> Bools:
    """Characters that are painted in no way, or white on white."""
    chars = page.chars
    unseen = _of_style(chars, [style.hidden for style in chars.styles])
    white = _of_style(chars, [min(style.colour[:3]) >= 250 for style in chars.styles]) & ~unseen
    if white.any():
        coloured = np.array([min(colour[:3]) < 250 for colour in page.area_colours], np.bool_)
        areas = page.areas[coloured] if len(page.areas) else page.areas
        unseen |= white & ~_inside(chars.boxes, areas)
    return unseen


def _inside(boxes: Floats, areas: Floats) -> Bools:
    """Whether the middle of each box lies in one of the areas."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    found = np.zeros(len(boxes), np.bool_)
    for x0, top, x1, bottom in areas.tolist():
        found |= (x >= x0) & (x <= x1) & (y >= top) & (y <= bottom)
    return found


def _leaning(chars: Chars) -> Bools:
    """Characters whose text runs neither upright nor at right angles to that."""
    return _of_style(chars, [abs((style.angle + 45) % 90 - 45) > _LEANS for style in chars.styles])


def _is_red(colour: tuple[int, int, int, int]) -> bool:
    red, green, blue, _ = colour
    return red >= 120 and red - max(green, blue) >= 60


def _seal(chars: Chars) -> Bools:
    """Red characters that run around, and the upright red ones between them."""
    red = _of_style(chars, [_is_red(style.colour) for style in chars.styles])
    around = red & _leaning(chars)
    if around.sum() < 2:
        return np.zeros(len(chars), np.bool_)
    boxes = chars.boxes[around]
    # Characters at the very top or at a side of the circle may stand upright: the seal reaches one of them further.
    reach = float((boxes[:, 3] - boxes[:, 1]).max())
    x0, top = (boxes[:, :2].min(axis=0) - reach).tolist()
    x1, bottom = (boxes[:, 2:].max(axis=0) + reach).tolist()
    seal = np.array([[x0, top, x1, bottom]])
    return red & (around | _inside(chars.boxes, seal))


def _watermark(chars: Chars) -> Bools:
    """Characters that lean, are faint, or are both pale and big."""
    faint = _of_style(chars, [style.colour[3] / 255 < _FAINT for style in chars.styles])
    pale = _of_style(
        chars, [_paleness(style.colour) > _PALE or style.colour[3] / 255 < _TRANSPARENT for style in chars.styles]
    )
    size = np.maximum(chars.boxes[:, 3] - chars.boxes[:, 1], chars.boxes[:, 2] - chars.boxes[:, 0])
    plain = ~(pale | faint)
    usual = float(np.median(size[plain])) if plain.any() else float(np.median(size))
    return _leaning(chars) | faint | (pale & (size > _HUGE * usual))


def _paleness(colour: tuple[int, int, int, int]) -> float:
    red, green, blue, _ = colour
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255


def _doubled(chars: Chars, rest: Bools) -> Bools:
    """Characters on top of the same character: bold type made by painting it twice."""
    doubled = np.zeros(len(chars), np.bool_)
    places: dict[tuple[str, int, int], list[int]] = {}
    boxes = chars.boxes
    # Two l side by side are nearer to each other than the shift of bold type in wide characters.
    tolerance = _DOUBLED * np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    tolerance = np.minimum(tolerance, _DOUBLED_WIDTH * (boxes[:, 2] - boxes[:, 0]))
    if not _may_be_doubled(chars, tolerance):
        return doubled
    cell_x = np.round(boxes[:, 0] / 4).astype(np.int64)
    cell_y = np.round(chars.baseline / 4).astype(np.int64)
    for index in np.flatnonzero(rest).tolist():
        char, x, y = chars.text[index], int(cell_x[index]), int(cell_y[index])
        near = [
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in places.get((char, x + dx, y + dy), ())
            if abs(boxes[other, 0] - boxes[index, 0]) <= tolerance[index]
            and abs(chars.baseline[other] - chars.baseline[index]) <= tolerance[index]
            and not (char.isascii() and index - other <= _LIGATURE and (boxes[other] == boxes[index]).all())
        ]
        doubled[index] = bool(near)
        if not near:
            places.setdefault((char, x, y), []).append(index)
    return doubled


def _may_be_doubled(chars: Chars, tolerance: Floats) -> bool:
    """Whether some character has the same one near it: a quick look before the exact one.

    Character, band of lines and place across are put into one number each, so that sorting brings equals together.
    """
    codes = np.frombuffer(chars.text.encode("utf-32-le"), np.uint32).astype(np.int64) << 40
    across = np.clip(chars.boxes[:, 0] * 4, 0, 0xFFFFF).astype(np.int64)
    near = 4 * float(tolerance.max()) + 1
    for shift in (0.0, _BAND / 2):
        band = np.clip((chars.baseline + shift) / _BAND, 0, 0xFFFFF).astype(np.int64) << 20
        if (np.diff(np.sort(codes | band | across)) <= near).any():
            return True
    return False


def _listed(page: Page, mask: Bools, kind: LeftOutKind) -> list[LeftOut]:
    """What was left out, a line each; leaning text as it stands in the stream."""
    chars = page.chars.take(mask)
    if kind in ("seal", "watermark"):
        x0, top = chars.boxes[:, :2].min(axis=0).tolist()
        x1, bottom = chars.boxes[:, 2:].max(axis=0).tolist()
        return [LeftOut(chars.text, kind, Provenance(page.number, displayed(Bbox(x0, top, x1, bottom), page)))]
    lines = read_lines(chars, np.zeros(len(chars), np.int64)).get(0, [])
    return [
        LeftOut(
            line.text, kind, Provenance(page.number, displayed(Bbox(line.x0, line.top, line.x1, line.bottom), page))
        )
        for line in lines
    ]
