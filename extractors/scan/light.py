"""Ink on white paper: seals, shadows and the dirt along the edges of a scan taken away.

Seals are red, and print is black: the red channel shows the one and not the other. Print that is red is lost with them.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.pdf.content import Bools
from extractors.scan.model import Pixels

WHITE = 255
#: Paper is looked for within this distance, in inches: further than any stroke is thick, nearer than shadows change.
_PAPER_WITHIN = 0.09
#: Where no paper is near (a photograph, the dark beside the page), the light is at least this, of 255.
_DARKEST_PAPER = 90
#: Red is more than the other channels by so much before it counts as a colour: cameras and JPEG are that far off.
_COLOURED = 24
#: What is red by so much is the ink of a seal; how red it is has this quantile, and is at least so much, of 255.
_PLAINLY_RED, _PALEST, _LEAST_WHITE = 60, 0.35, 150.0
#: What is darker than this, of 255, is print below a seal and stays as it is.
_PRINTED = 90
#: So far, in pixels, colours run out in a JPEG.
_BLEEDS = 4
#: The least darkness that black print has, of 255: what is fainter can't be told from noise.
_LEAST_BLACK = 60.0
#: Darker than this, of 255, is ink.
_INK = 150
#: Near the edge of a picture, in inches, there may be the dark beside the paper, at least so wide, and dirt.
_EDGE, _LEAST_DARK = 0.6, 0.02
#: Dirt has specks in nearly all stretches of this length, in inches, and covers at most this share of the strip.
_STRETCH, _ALL_ALONG, _MOST_DIRT = 0.2, 0.9, 0.6
#: So far, in inches, the grey of an edge goes.
_BLUR = 0.012


def without_seals(pixels: Pixels) -> Pixels:
    """Grey from RGB, in which what is red is as white as paper; black under red stays dark."""
    red, green, blue = cv2.split(pixels)
    excess = cv2.subtract(red, cv2.max(green, blue))
    coloured = cv2.threshold(excess, _COLOURED, 255, cv2.THRESH_BINARY)[1]
    x, y, width, height = cv2.boundingRect(coloured)
    if not width:
        return red.astype(np.uint8, copy=False)
    # Colour is coarser than light in a JPEG: the red of thin strokes runs out into what is around them.
    part = (slice(max(0, y - _BLEEDS), y + height + _BLEEDS), slice(max(0, x - _BLEEDS), x + width + _BLEEDS))
    near = cv2.dilate(coloured[part], np.ones((2 * _BLEEDS + 1, 2 * _BLEEDS + 1), np.uint8)) > 0
    # As light as the seal's own ink is paper below it; black below it is far darker.
    inked = red[part][excess[part] > _PLAINLY_RED]
    white = max(float(np.quantile(inked, _PALEST)), _LEAST_WHITE) if len(inked) else float(WHITE)
    grey = red.astype(np.uint8)
    values = np.interp(np.arange(256), [0, _PRINTED, white, WHITE], [0, _PRINTED, WHITE, WHITE]).astype(np.uint8)
    np.copyto(grey[part], cv2.LUT(red[part], values), where=near)
    return grey


def evenly_lit(grey: Pixels, dpi: float) -> Pixels:
    """The picture as if the light on the paper were even: paper is white all over."""
    shrink = max(1, round(dpi / 50))
    height, width = grey.shape
    size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    reach = max(1, round(_PAPER_WITHIN * dpi / shrink))
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    # The brightest near a place is paper; the darkest of that, as far away, where its light begins to change.
    paper = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), 5)
    paper = np.maximum(cv2.GaussianBlur(paper, (0, 0), reach), _DARKEST_PAPER).astype(np.uint8)
    light = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(grey, light, scale=WHITE)  # type: ignore[return-value]


def clean_edges(grey: Pixels, dpi: float) -> Pixels:
    """The picture without the dark beside the paper and without the dirt of the scanner along its edges.

    The dark is what is dark from the edge on. Dirt is specks in a band near an edge, from one end of the picture to
    the other: print keeps clear of the ends of a page.
    """
    cleaned = grey.copy()
    for turned in (cleaned, cleaned.T):
        for side in (turned, turned[:, ::-1]):
            _clean_left(side[:, : round(_EDGE * dpi)], dpi)
    return cleaned


def _clean_left(edge: Pixels, dpi: float) -> None:
    """Whiten the dark and the dirt in the strip along the left edge, in place."""
    dark = edge < _INK
    if not dark.any():
        return
    specks = _specks(dark, dpi)
    # Row by row what is dark from the edge on: paper that lies crooked leaves a wedge.
    reach = np.where(dark.all(axis=1), edge.shape[1], np.argmin(dark, axis=1))
    reach[reach < _LEAST_DARK * dpi] = 0
    beside = np.arange(edge.shape[1]) < (reach + (reach > 0) * max(2, round(_BLUR * dpi)))[:, None]
    edge[beside] = WHITE
    edge[:, specks] = WHITE


def _specks(dark: Bools, dpi: float) -> Bools:
    """Which columns of a strip have specks from top to bottom."""
    high = max(4, round(_STRETCH * dpi))
    count = dark.shape[0] // high
    if count < 4:
        return np.zeros(dark.shape[1], np.bool_)
    changes = (dark[1 : count * high] != dark[: count * high - 1]).astype(np.uint8)
    stretches = np.vstack([changes, changes[-1:]]).reshape(count, high, -1).sum(axis=1, dtype=np.int64)
    found = ((stretches >= 2).mean(axis=0) >= _ALL_ALONG).astype(np.uint8)[None, :]
    room = 2 * max(1, round(_BLUR * dpi)) + 1
    specks: Bools = cv2.dilate(found, np.ones((1, room), np.uint8))[0] > 0
    return specks if specks.mean() <= _MOST_DIRT else np.zeros(dark.shape[1], np.bool_)


def black_of(grey: Pixels) -> float:
    """How dark what is printed black is, 0 to 255, on a picture with white paper."""
    sample = 255 - grey[::3, ::3]
    inked = sample[sample > _LEAST_BLACK / 2]
    return max(_LEAST_BLACK, float(np.quantile(inked, 0.8))) if len(inked) else 255.0
