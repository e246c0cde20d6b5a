"""What stands on a page of a fixed-layout document: characters, lines and areas, as arrays.

All coordinates are points, origin at the top left of the page as it is displayed, unless the page was turned
upright (``turn``). Readers of fixed-layout formats yield this; everything behind works on it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: What finds the cells of a page that has characters.
ENGINE = "fenjie"
#: What an inked thing looks like: red, green, blue and opacity, 0-255 each.
Colour = tuple[int, int, int, int]
WHITE: Colour = (255, 255, 255, 255)
#: Turns that bring the text of a page upright, in degrees clockwise.
Turn = Literal[0, 90, 180, 270]


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text: in this form characters are chosen and put into another order all at once."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def text_of(codes: NDArray[np.integer[Any]]) -> str:
    """The characters with these code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le")


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of characters is painted.

    ``angle``: direction of the text in degrees counter-clockwise on the displayed page, 0 for upright text.
    ``hidden``: painted in no way at all.
    """

    angle: float = 0.0
    colour: Colour = (0, 0, 0, 255)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Chars:
    """The characters of a page in the order of its content stream, white space left out.

    ``boxes`` is n x 4 (x0, top, x1, bottom), ``baseline`` n; ``spaced`` is true where the stream has white space
    before the character; ``style`` is the index into ``styles`` of each character.
    """

    text: str
    boxes: Floats
    baseline: Floats
    spaced: Bools
    style: Ints
    styles: tuple[Style, ...]

    def __len__(self) -> int:
        return len(self.text)

    def take(self, index: Ints | Bools) -> Chars:
        """The characters with these indices (or where the mask is true)."""
        chosen = index.nonzero()[0] if index.dtype == np.bool_ else index
        return Chars(
            text_of(codes_of(self.text)[chosen]),
            self.boxes[chosen],
            self.baseline[chosen],
            self.spaced[chosen],
            self.style[chosen],
            self.styles,
        )


NO_CHARS = Chars("", np.empty((0, 4)), np.empty(0), np.empty(0, np.bool_), np.empty(0, np.int64), (Style(),))


@dataclass(frozen=True, slots=True)
class Strokes:
    """Straight upright lines: ``at`` is the fixed coordinate of each, ``start`` and ``end`` the other one's range.

    ``width`` is how thick each is painted.
    """

    at: Floats
    start: Floats
    end: Floats
    width: Floats

    def __len__(self) -> int:
        return len(self.at)


NO_STROKES = Strokes(np.empty(0), np.empty(0), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Page:
    """One page: ``horizontal`` and ``vertical`` lines, painted ``areas`` (n x 4) with their ``area_colours``.

    ``image_share`` is how much of the page the largest picture covers (0 to 1). ``turn`` says by how many degrees
    clockwise the displayed page was turned so that its text stands upright; the coordinates are those of the turned
    page, which is ``width`` by ``height``. ``levelled`` (2 x 3) brings points of a page that was rotated to be level,
    as scans are, to the displayed page; there ``turn`` is 0. ``engine`` is what recognised its cells.
    """

    number: int
    width: float
    height: float
    chars: Chars
    horizontal: Strokes
    vertical: Strokes
    areas: Floats = field(default_factory=lambda: np.empty((0, 4)))
    area_colours: tuple[Colour, ...] = ()
    image_share: float = 0.0
    turn: Turn = 0
    levelled: Floats | None = None
    engine: str = ENGINE
