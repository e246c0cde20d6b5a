"""The characters of an OFD text object and their places (GB/T 33190-2016, clause 11)."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from lxml import etree

from extractors.ofd.values import number, offsets
from extractors.pdf.content import NO_CHARS, Chars, Style
from extractors.pdf.limits import MAX_CHARS, LimitError
from extractors.pdf.painted import Box, Matrix, Painted
from extractors.pdf.upright import baselines

#: How far type reaches above and below its baseline, as shares of its size; `baselines` counts on the same.
_ABOVE, _BELOW = 0.88, 0.12
#: Type without a size, in millimetres.
_SIZE = 3.5
#: An offset below this share of the size says nothing of how wide the character is.
_TIGHT = 0.3
_WIDE = "MWmw@%&"
#: What takes no room, besides white space.
_ZERO_WIDTH = frozenset("\xad\ufeff" + "".join(map(chr, range(0x200B, 0x2010))))
#: Producers write this sign where an embedded font gives no code for a glyph.
_NO_CODE, _UNKNOWN = "¤", "\ufffd"
#: Characters are no further than this from the page, in points.
_FAR = 1e5
#: Unit vectors of the reading directions, clockwise (11.2).
_ACROSS = (1.0, 0.0)
_READ = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}


@dataclass(slots=True)
class Letters:
    """The characters of a page while they are gathered."""

    text: list[str] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    spaced: list[bool] = field(default_factory=list)
    style: list[int] = field(default_factory=list)

    def add(self, char: str, bounds: Box, spaced: bool, style: int) -> None:
        """Add a character; ``spaced`` as in :class:`extractors.pdf.content.Chars`."""
        self.text.append(char)
        self.boxes.append(bounds)
        self.spaced.append(spaced)
        self.style.append(style)

    def chars(self, painted: Painted) -> Chars:
        """All of them as arrays."""
        if not self.text:
            return NO_CHARS
        boxes = np.clip(np.nan_to_num(np.array(self.boxes)), -_FAR, _FAR)
        styles = tuple(Style(*style) for style in painted.styles)
        return Chars(
            "".join(self.text), boxes, baselines(boxes), np.array(self.spaced, np.bool_),
            np.array(self.style, np.int64), styles,
        )  # fmt: skip


@dataclass(slots=True)
class Glyph:
    """How one object sets its characters: size in its own space, matrix to the page, and the matrix of each glyph."""

    size: float
    stretch: float
    matrix: Matrix
    turned: Matrix

    @classmethod
    def of(cls, element: etree._Element, matrix: Matrix, bounds: Box) -> Glyph:
        """The setting of a text object with this Boundary."""
        size = number(element.get("Size"), 0.0)
        if size <= 0:
            size = bounds[3] if bounds[3] > 0 else _SIZE
        a, b, c, d = matrix[:4]
        direction = element.get("CharDirection")
        match 0 if direction is None else int(number(direction, 0.0)) % 360:
            case 90:
                turned = (c, d, -a, -b, 0.0, 0.0)
            case 180:
                turned = (-a, -b, -c, -d, 0.0, 0.0)
            case 270:
                turned = (-c, -d, a, b, 0.0, 0.0)
            case _:
                turned = (a, b, c, d, 0.0, 0.0)
        stretch = number(element.get("HScale"), 1.0)
        return cls(size, stretch if stretch > 0 else 1.0, matrix, turned)

    def moved(self, x: float, y: float) -> Glyph:
        """The same setting elsewhere on the page."""
        a, b, c, d, e, f = self.matrix
        return Glyph(self.size, self.stretch, (a, b, c, d, e + x, f + y), self.turned)

    @property
    def angle(self) -> float:
        """The direction of the text, degrees counter-clockwise as displayed; small leanings are none."""
        a, b = self.turned[:2]
        if abs(b) <= 0.01 * (abs(a) + abs(b)):
            return 0.0 if a >= 0 else 180.0
        return round(math.degrees(math.atan2(-b, a)), 1) % 360

    def bounds(self, x: float, y: float, width: float) -> Box:
        """The box of a character whose origin is at a point of the object's space."""
        a, b, c, d, e, f = self.matrix
        left, base = a * x + c * y + e, b * x + d * y + f
        a, b, c, d = self.turned[:4]
        up, down = -_ABOVE * self.size, _BELOW * self.size
        if b == 0.0 and c == 0.0 and a > 0 and d > 0:
            return (left, base + d * up, left + a * width, base + d * down)
        xs = (c * up, c * down, a * width + c * up, a * width + c * down)
        ys = (d * up, d * down, b * width + d * up, b * width + d * down)
        return (left + min(xs), base + min(ys), left + max(xs), base + max(ys))


def set_text(
    element: etree._Element, inner: Sequence[tuple[str, etree._Element]], glyph: Glyph, style: int, letters: Letters
) -> None:
    """Add the characters of a text object; ``inner`` are the elements in it, with their names.

    Raises :class:`LimitError` for more characters than a page may have.

    A TextCode without X or Y takes that of the one before (11.3); without both it goes on where that one ended.
    """
    codes = _codes(inner)
    turned = element.get("ReadDirection")
    direction = _ACROSS if turned is None else _READ.get(int(number(turned, 0.0)) % 360, _ACROSS)
    x = y = 0.0
    end: tuple[float, float] | None = None
    for code, text in codes:
        if len(letters.text) + len(text) > MAX_CHARS:
            raise LimitError(f"it has more than {MAX_CHARS:,} characters")
        own_x, own_y = code.get("X"), code.get("Y")
        if own_x is None and own_y is None and end is not None:
            x, y = end
        else:
            x, y = number(own_x, x), number(own_y, y)
        if len(text) == 1 and not text.isspace() and text not in _ZERO_WIDTH:
            width = _width(text, glyph)
            letters.add(text, glyph.bounds(x, y, width), False, style)
            end = (x + direction[0] * width, y + direction[1] * width)
        else:
            end = _set_code(text, (x, y), _steps(code, text, glyph, direction), glyph, style, letters)


def _set_code(
    text: str, start: tuple[float, float], steps: Sequence[tuple[float, float]], glyph: Glyph, style: int,
    letters: Letters,
) -> tuple[float, float]:  # fmt: skip
    x, y = start
    spaced = False
    for char, (step_x, step_y) in zip(text, steps, strict=True):
        if char.isspace() or char in _ZERO_WIDTH:
            spaced = True
        else:
            letters.add(char, glyph.bounds(x, y, _box_width(char, step_x, glyph)), spaced, style)
            spaced = False
        x += step_x
        y += step_y
    return x, y


def _codes(inner: Sequence[tuple[str, etree._Element]]) -> list[tuple[etree._Element, str]]:
    """The TextCodes of an object with their texts; what a glyph stands for that has no code is U+FFFD.

    A CGTransform changes the shapes of characters, not what they say (11.4); it counts through all TextCodes.
    """
    codes, changed = [], []
    for name, element in inner:
        if name == "TextCode":
            codes.append((element, _without_controls(element.text or "")))
        elif name == "CGTransform":
            first = int(number(element.get("CodePosition"), 0.0))
            changed.append((first, first + max(1, int(number(element.get("CodeCount"), 1.0)))))
    if not changed or not codes:
        return codes
    # Many files have an object with its own glyph for each character.
    if len(codes) == 1 and len(codes[0][1]) == 1 and codes[0][1] != _NO_CODE and changed == [(0, 1)]:
        return codes
    length = sum(len(text) for _, text in codes)
    missing = min(max(end for _, end in changed), MAX_CHARS + 1) - length
    if missing > 0:
        codes[-1] = (codes[-1][0], codes[-1][1] + _UNKNOWN * missing)
    if not any(_NO_CODE in text for _, text in codes):
        return codes
    found, at = [], 0
    for code, text in codes:
        known = [
            _UNKNOWN if char == _NO_CODE and any(first <= at + index < end for first, end in changed) else char
            for index, char in enumerate(text)
        ]
        found.append((code, "".join(known)))
        at += len(text)
    return found


def _without_controls(text: str) -> str:
    """The text without line breaks, which only come from printing the XML nicely: no glyph is set for them."""
    if text.isprintable():
        return text
    return "".join(" " if char == "\t" else char for char in text if char == "\t" or unicodedata.category(char) != "Cc")


def _steps(code: etree._Element, text: str, glyph: Glyph, direction: tuple[float, float]) -> list[tuple[float, float]]:
    """How far it is from each character to the next one, the last one's own width at the end.

    Where no offsets are given, or fewer than characters, type goes on by its width: viewers do so, though the standard
    says that such characters are not moved.
    """
    if not text:
        return []
    width = _width(text[-1], glyph)
    last = (direction[0] * width, direction[1] * width)
    if len(text) == 1:
        return [last]
    across = _by_char(offsets(code.get("DeltaX"), 2 * len(text)), text)
    down = _by_char(offsets(code.get("DeltaY"), 2 * len(text)), text)
    if direction[1] and not down:  # some producers measure DeltaX along the lines, which run down or up here
        across, down = [], [direction[1] * step for step in across]
    if len(across) >= len(text) - 1 and not down:
        steps = [(step, 0.0) for step in across[: len(text) - 1]]
    else:
        steps = []
        for index in range(len(text) - 1):
            if index < len(across) or index < len(down):
                steps.append((_at(across, index), _at(down, index)))
            else:
                width = _width(text[index], glyph)
                steps.append((direction[0] * width, direction[1] * width))
    steps.append(last)
    return steps


def _at(values: Sequence[float], index: int) -> float:
    return values[index] if index < len(values) else 0.0


def _by_char(values: list[float], text: str) -> list[float]:
    """The offsets by character; some producers count those beyond 16 bits as two."""
    if not values or text.isascii() or max(text) <= "\uffff":
        return values
    if len(values) != sum(2 if char > "\uffff" else 1 for char in text) - 1:
        return values
    rest = iter(values)
    return [next(rest, 0.0) + (next(rest, 0.0) if char > "\uffff" else 0.0) for char in text][: len(text) - 1]


def _width(char: str, glyph: Glyph) -> float:
    """The usual width of a character: an em, or half of one."""
    return glyph.size * glyph.stretch * (1.0 if _is_full(char) else 0.5)


def _is_full(char: str) -> bool:
    # Signs that are ambiguous (“ ” …) are full in Chinese type.
    return char > "\x7f" and unicodedata.east_asian_width(char) in "WFA"


def _box_width(char: str, step: float, glyph: Glyph) -> float:
    """How wide a character itself is: what it moves on, as far as its kind may be that wide."""
    size = glyph.size * glyph.stretch
    most = size if _is_full(char) or char in _WIDE else (0.8 if char.isupper() else 0.62) * size
    if step <= _TIGHT * size and _is_full(char):
        return most
    return min(step, most) if step > 0.1 * size else min(most, 0.5 * size)
