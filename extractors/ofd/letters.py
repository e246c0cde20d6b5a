"""The characters of an OFD page while they are gathered, and their boxes, which are made of all of them at once."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from lxml import etree

from extractors.ofd.values import number
from extractors.pdf.content import NO_CHARS, Bools, Chars, Floats, Ints, Style
from extractors.pdf.limits import MAX_CHARS, LimitError
from extractors.pdf.painted import Box, Matrix, Painted
from extractors.pdf.upright import baselines

#: How far type reaches above and below its baseline, as shares of its size; `baselines` counts on the same.
_ABOVE, _BELOW = 0.88, 0.12
#: Type without a size, in millimetres.
_SIZE = 3.5
#: An offset below this share of the size says nothing of how wide an ideograph is; of another character less.
_TIGHT, _TIGHT_LETTER = 0.3, 0.1
_WIDE = "MWmw@%&"
#: What takes no room, besides white space.
_ZERO_WIDTH = frozenset("\xad\ufeff" + "".join(map(chr, range(0x200B, 0x2010))))
#: Characters are no further than this from the page, in points.
_FAR = 1e5
#: Unit vectors of the reading directions, clockwise (11.2).
_ACROSS = (1.0, 0.0)
_READ = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
#: What a character is; capitals and wide letters are wider than other letters.
_LETTER, _CAPITAL, _WIDE_LETTER, _IDEOGRAPH, _BLANK = range(5)
#: How wide each kind is at most, as a share of an em, and below which share an offset says nothing of that.
_MOST = np.array([0.62, 0.8, 1.0, 1.0, 0.0])
_UNSAID = np.array([_TIGHT_LETTER, _TIGHT_LETTER, _TIGHT_LETTER, _TIGHT, 0.0])
#: How wide each kind is where nothing is said.
_USUAL = np.array([0.5, 0.5, 0.5, 1.0, 0.0])


@lru_cache(1 << 14)
def advance(char: str) -> float:
    """The usual advance of a character, as a share of an em: all of it, or half."""
    # Signs that are ambiguous (“ ” …) are full in Chinese type.
    return 1.0 if char > "\x7f" and unicodedata.east_asian_width(char) in "WFA" else 0.5


@lru_cache(1 << 14)
def _kind(char: str) -> int:
    if char.isspace() or char in _ZERO_WIDTH:
        return _BLANK
    if advance(char) == 1.0:
        return _IDEOGRAPH
    return _WIDE_LETTER if char in _WIDE else _CAPITAL if char.isupper() else _LETTER


@dataclass(frozen=True, slots=True)
class Glyph:
    """How text objects set their characters.

    ``size`` and ``em`` (how wide an ideograph is) are in the object's space, ``stretch`` how many times as wide the
    type is; ``matrix`` brings that space to the page for an object whose Boundary is at the origin, ``turned`` is the
    matrix of each glyph, ``direction`` that in which texts run.
    """

    size: float
    em: float
    stretch: float
    matrix: Matrix
    turned: Matrix
    direction: tuple[float, float]

    @classmethod
    def of(cls, element: etree._Element, matrix: Matrix) -> Glyph:
        """The setting of a text object; one without a size has the size 0."""
        size = max(0.0, number(element.get("Size"), 0.0))
        a, b, c, d = matrix[:4]
        match int(number(element.get("CharDirection"), 0.0)) % 360:
            case 90:
                turned = (c, d, -a, -b, 0.0, 0.0)
            case 180:
                turned = (-a, -b, -c, -d, 0.0, 0.0)
            case 270:
                turned = (-c, -d, a, b, 0.0, 0.0)
            case _:
                turned = (a, b, c, d, 0.0, 0.0)
        stretch = number(element.get("HScale"), 1.0)
        direction = _READ.get(int(number(element.get("ReadDirection"), 0.0)) % 360, _ACROSS)
        stretch = stretch if stretch > 0 else 1.0
        return cls(size, size * stretch, stretch, matrix, turned, direction)

    @property
    def angle(self) -> float:
        """The direction of the text, degrees counter-clockwise as displayed; small leanings are none."""
        a, b = self.turned[:2]
        if abs(b) <= 0.01 * (abs(a) + abs(b)):
            return 0.0 if a >= 0 else 180.0
        return round(math.degrees(math.atan2(-b, a)), 1) % 360


#: Where a text stands: the index of its :class:`Glyph`, what its Boundary adds to places on the page, in points (x and
#: y), and its style.
Where = tuple[int, float, float, int]


@dataclass(slots=True)
class Letters:
    """The characters of a page while they are gathered, white space included.

    ``texts`` are those of TextCodes and ``where`` where each of them stands. ``xs`` and ``ys`` are the origins of all
    characters in the spaces of their objects, ``steps`` how far each moves on along x.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    where: list[Where] = field(default_factory=list)
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)

    def sized(self, index: int, height: float) -> int:
        """The index of a setting without a size for a text with a Boundary of this height: it is as large as that."""
        own, size = self.glyphs[index], height if height > 0 else _SIZE
        self.glyphs.append(replace(own, size=size, em=size * own.stretch))
        return len(self.glyphs) - 1

    def expect(self, more: int) -> None:
        """Raises :class:`LimitError` when so many more characters are more than a page may have."""
        if len(self.xs) + more > MAX_CHARS:
            raise LimitError(f"it has more than {MAX_CHARS:,} characters")

    def hide(self, texts: range, painted: Painted) -> None:
        """Say of texts that they don't show."""
        styles = list(painted.styles)
        for index in texts:
            glyph, x, y, style = self.where[index]
            angle, colour, _ = styles[style]
            self.where[index] = (glyph, x, y, painted.style(angle, colour, True))

    def boxes(self) -> tuple[Floats, Bools, Ints]:
        """The box of each character, white space included, whether it is that, and the index of its text."""
        text = "".join(self.texts)
        kinds = np.fromiter(map(_kind, text), np.int64, len(text))
        owner = np.repeat(np.arange(len(self.texts)), [len(text) for text in self.texts])
        glyph, shift_x, shift_y = (np.array(values)[owner] for values in [*zip(*self.where, strict=True)][:3])
        known = np.array([(own.size, own.em, *own.matrix, *own.turned[:4]) for own in self.glyphs])
        size, em, a, b, c, d, e, f, across, slant, lean, down = known[glyph].T
        x, y = np.array(self.xs), np.array(self.ys)
        left, base = a * x + c * y + (e + shift_x), b * x + d * y + (f + shift_y)
        width = _widths(kinds, np.array(self.steps), em)
        corners = [(on, rise) for on in (0.0, width) for rise in (-_ABOVE * size, _BELOW * size)]
        beside = np.array([across * on + lean * rise for on, rise in corners])
        above = np.array([slant * on + down * rise for on, rise in corners])
        boxes = np.stack([left + beside.min(0), base + above.min(0), left + beside.max(0), base + above.max(0)], axis=1)
        return np.clip(np.nan_to_num(boxes), -_FAR, _FAR), kinds == _BLANK, owner

    def chars(self, painted: Painted) -> Chars:
        """All characters but white space, as arrays."""
        if not self.texts:
            return NO_CHARS
        boxes, blank, owner = self.boxes()
        keep = np.flatnonzero(~blank)
        if not len(keep):
            return NO_CHARS
        text = "".join(self.texts)
        if len(keep) < len(text):
            text = "".join([text[index] for index in keep.tolist()])
        before = np.append(False, blank[:-1] & (owner[1:] == owner[:-1]))
        style = np.array([where[-1] for where in self.where])[owner]
        styles = tuple(Style(*found) for found in painted.styles)
        boxes = boxes[keep]
        return Chars(text, boxes, baselines(boxes), before[keep], style[keep], styles)


def around(boxes: Floats) -> Box:
    """The box around boxes (n x 4, n > 0)."""
    x0, top = boxes[:, :2].min(0).tolist()
    x1, bottom = boxes[:, 2:].max(0).tolist()
    return (x0, top, x1, bottom)


def _widths(kinds: Ints, steps: Floats, em: Floats) -> Floats:
    """How wide the characters themselves are: what each moves on, as far as its kind may be that wide."""
    unsaid = steps <= _UNSAID[kinds] * em
    return np.where(unsaid, _USUAL[kinds] * em, np.minimum(steps, _MOST[kinds] * em))
