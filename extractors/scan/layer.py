"""The text layer of a scanned page beside what was recognised on its picture.

A hidden layer is what the scanner's own programme recognised, well or badly: where it says the same, a character is
sure; where it says something else, the picture counts. Text that is painted over the picture is what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from extractors.model import Doubt, Provenance
from extractors.pdf.content import Chars, Floats
from extractors.scan.model import Recognised

#: A character of the layer is at the place of a recognised one when their middles are no further apart, as a share of
#: its height.
_NEAR = 0.4
#: So many characters that differ are shown.
_SHOWN = 12


def beside_layer(found: Recognised, layer: Chars) -> tuple[Recognised, list[Doubt]]:
    """What was recognised, surer where the layer agrees, and what is to be said of it; ``layer`` as displayed."""
    if not len(layer) or not found.glyphs:
        return found, []
    nearest = _nearest(found, layer)
    glyphs, differing = [], []
    hidden = [style.hidden for style in layer.styles]
    for glyph, index in zip(found.glyphs, nearest.tolist(), strict=True):
        said = layer.text[index] if index >= 0 else ""
        if said and _plain(said) == _plain(glyph.text):
            glyphs.append(replace(glyph, confidence=1.0))
        elif said and not hidden[layer.style[index]]:
            glyphs.append(replace(glyph, text=said, confidence=1.0))
        else:
            glyphs.append(glyph)
            if said and glyph.text.isalnum():
                differing.append(f"{glyph.text} ({said})")
    return replace(found, glyphs=tuple(glyphs)), _doubts(found.page, differing)


def _doubts(page: int, differing: Sequence[str]) -> list[Doubt]:
    if not differing:
        return []
    shown = "、".join(differing[:_SHOWN]) + ("…" if len(differing) > _SHOWN else "")
    detail = f"the hidden text of page {page} differs from its picture in {len(differing)} characters: {shown}"
    return [Doubt("text_layer_differs", detail, (Provenance(page),))]


def _nearest(found: Recognised, layer: Chars) -> NDArray[np.int64]:
    """The index of the layer's character at the place of each recognised one; -1 for none."""
    matrix: Floats = np.array(found.to_page)
    boxes = np.array([(glyph.x0, glyph.top, glyph.x1, glyph.bottom) for glyph in found.glyphs], np.float64)
    middles = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1), np.ones(len(boxes))])
    places = middles @ matrix.T
    others = np.column_stack([layer.boxes[:, [0, 2]].mean(axis=1), layer.boxes[:, [1, 3]].mean(axis=1)])
    near = _NEAR * (boxes[:, 3] - boxes[:, 1]) * 72 / found.dpi
    result = np.full(len(boxes), -1, np.int64)
    for index, place in enumerate(places):
        away: Any = np.abs(others - place).max(axis=1)
        best = int(away.argmin())
        if away[best] <= near[index]:
            result[index] = best
    return result


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()
