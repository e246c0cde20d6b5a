"""What the objects of an OFD page paint (GB/T 33190-2016, 7.7, 8.5 and clauses 9 to 13)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from lxml import etree

from extractors.ofd.clips import is_clipped
from extractors.ofd.letters import Glyph, Letters, around
from extractors.ofd.paths import extent, subpaths
from extractors.ofd.resources import BLACK, Resources
from extractors.ofd.text import set_text
from extractors.ofd.values import (
    POINTS,
    box,
    child,
    children,
    corner,
    is_true,
    name_of,
    number,
    place,
    said,
    said_of,
    transform,
)
from extractors.pdf.content import Colour, Page
from extractors.pdf.limits import LimitError, Limits
from extractors.pdf.painted import Box, Matrix, Painted, Point, at, box_of, multiply

#: Blocks and composite objects nested deeper than this are no document but an attack.
_MAX_DEPTH = 64
#: A line without a width, in millimetres (8.2).
_LINE_WIDTH = 0.353
#: Time is looked at once in so many objects.
_EVERY = 1024
#: From millimetres to points; OFD's y axis goes down as ours does.
TO_POINTS: Matrix = (POINTS, 0.0, 0.0, POINTS, 0.0, 0.0)


_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
#: Attributes and their values.
_Said = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Setting:
    """What objects take over from those that they stand in: matrix to the page, opacity, drawing parameters.

    ``looks`` are those of the objects in it that were met before, by their names and attributes.
    """

    matrix: Matrix
    alpha: float = 1.0
    shows: bool = True
    param: Mapping[str, etree._Element | str] = field(default_factory=dict)
    looks: dict[tuple[str, _Said], _Look] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """How texts or paths with the same attributes are painted; many files have an object for each character.

    ``ctm`` brings an object's own space to its Boundary; ``own`` is the setting in an object whose Boundary is at the
    origin. ``glyph`` is the index of a text's setting in the letters, which may not be ``sized``; ``width`` is that of
    a path's line in points. ``colours`` are those found so far, by the names of the elements that give them and what
    these say, and ``styles`` those of texts.
    """

    own: _Setting
    ctm: Matrix
    filled: bool
    stroked: bool
    glyph: int = -1
    sized: bool = True
    width: float = 0.0
    colours: dict[tuple[str, _Said | None], Colour | None] = field(default_factory=dict)
    styles: dict[_Said | None, int] = field(default_factory=dict)


class Painter:
    """Gathers what objects paint. ``lost`` says which of what they refer to was not found."""

    def __init__(self, resources: Resources, limits: Limits) -> None:
        self.resources = resources
        self.limits = limits
        self.painted = Painted()
        self.letters = Letters()
        self.lost: list[str] = []
        self._clipped: list[tuple[range, etree._Element, tuple[Matrix, ...]]] = []
        self._open: list[str] = []
        self._count = 0

    def paint(self, content: etree._Element | None, matrix: Matrix = TO_POINTS) -> None:
        """Paint the objects of a page, a template or an appearance; layers stand in ``Content`` (7.7)."""
        if content is not None:
            self._objects(content, _Setting(matrix), 0)

    def page(self, number_: int, width: float, height: float) -> Page:
        """Everything that was painted as a page of this size, in points."""
        self._hide_clipped()
        painted = self.painted
        chars = self.letters.chars(painted)
        horizontal, vertical = painted.strokes()
        return Page(
            number_, width, height, chars, horizontal, vertical, painted.boxes(), tuple(painted.area_colours),
            painted.share(width, height),
        )  # fmt: skip

    def _objects(self, owner: etree._Element, setting: _Setting, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise LimitError(f"its objects are nested more than {_MAX_DEPTH} deep")
        self.limits.count_objects(len(owner))
        for element in owner:
            name = name_of(element)
            self._count += 1
            if self._count % _EVERY == 0:
                self.limits.check_time()
            if name == "TextObject":
                self._text(element, setting)
            elif name == "PathObject":
                self._path(element, setting)
            elif name == "ImageObject":
                self._image(element, setting)
            elif name == "CompositeObject":
                self._composite(element, setting, depth)
            elif name == "Layer":
                param = self.resources.param(element.get("DrawParam"))
                self._objects(element, replace(setting, param=param, looks={}) if param else setting, depth + 1)
            elif name in ("PageBlock", "Content"):
                self._objects(element, setting, depth + 1)

    def _inside(self, element: etree._Element, setting: _Setting, matrix: Matrix) -> _Setting:
        """The setting in an object: its own matrix, opacity and drawing parameters put upon those around it."""
        alpha, key, shows = element.get("Alpha"), element.get("DrawParam"), setting.shows
        if element.get("Visible") is not None:
            shows = shows and is_true(element.get("Visible"), True)
        return _Setting(
            multiply(matrix, setting.matrix),
            setting.alpha if alpha is None else setting.alpha * max(0.0, min(1.0, number(alpha, 255.0) / 255)),
            shows,
            setting.param if key is None else {**setting.param, **self.resources.param(key)},
        )

    def _look(self, name: str, element: etree._Element, setting: _Setting) -> tuple[_Look, str | None]:
        """How a text or a path is painted, and its Boundary, which no two objects share."""
        boundary, shared = None, []
        for item in said_of(element):
            if item[0] == "Boundary":
                boundary = item[1]
            elif item[0] != "ID":
                shared.append(item)
        key = (name, tuple(shared))
        look = setting.looks.get(key)
        if look is None:
            ctm, is_text = transform(element), name == "TextObject"
            filled, stroked = is_true(element.get("Fill"), is_text), is_true(element.get("Stroke"), not is_text)
            look = setting.looks[key] = _Look(self._inside(element, setting, ctm), ctm, filled, stroked)
            if is_text:
                look.glyph = len(self.letters.glyphs)
                self.letters.glyphs.append(glyph := Glyph.of(element, look.own.matrix))
                look.sized = glyph.size > 0
            else:
                look.width = self._line_width(element, look.own)
        return look, boundary

    def _colour(self, element: etree._Element | None, name: str, look: _Look, default: Colour | None) -> Colour | None:
        """The colour that the element of that name in an object gives, or the object's drawing parameters."""
        key = (name, None if element is None else tuple(said_of(element)))
        if key in look.colours and (element is None or not len(element)):
            return look.colours[key]
        if element is None:
            inherited = look.own.param.get(name)
            element = None if isinstance(inherited, str) else inherited
        colour = None if default is None else (*default[:3], round(255 * look.own.alpha))
        if element is not None:
            colour = self.resources.colour(element, look.own.alpha)
        look.colours[key] = colour
        return colour

    def _text(self, element: etree._Element, setting: _Setting) -> None:
        look, boundary = self._look("TextObject", element, setting)
        x, y = corner(boundary)
        glyph = look.glyph if look.sized else self.letters.sized(look.glyph, (box(boundary) or _NOWHERE)[3])
        inner = children(element)
        found = dict(inner)
        a, b, c, d = setting.matrix[:4]
        first = len(self.letters.texts)
        set_text(inner, (glyph, a * x + c * y, b * x + d * y, self._style(look, found)), self.letters)
        if "Clips" in found and first < len(self.letters.texts):
            own = _moved(look.ctm, (x, y), setting)
            self._clipped.append((range(first, len(self.letters.texts)), found["Clips"], _spaces(own, setting)))

    def _style(self, look: _Look, found: Mapping[str, etree._Element]) -> int:
        """The style of a text of this look with these elements in it."""
        name = "FillColor" if look.filled else "StrokeColor"
        element = found.get(name)
        key = None if element is None else tuple(said_of(element))
        style = look.styles.get(key)
        if style is None or (element is not None and len(element)):
            colour = self._colour(element, name, look, BLACK) or BLACK
            hidden = not look.own.shows or not (look.filled or look.stroked) or colour[3] == 0
            style = look.styles[key] = self.painted.style(self.letters.glyphs[look.glyph].angle, colour, hidden)
        return style

    def _path(self, element: etree._Element, setting: _Setting) -> None:
        look, boundary = self._look("PathObject", element, setting)
        if not look.own.shows:
            return
        found = dict(children(element))
        data = said(found.get("AbbreviatedData"))
        self.limits.count_segments(len(data) // 4)
        own = _moved(look.ctm, corner(boundary), setting)
        parts = subpaths(data, own)
        bounds = extent(parts) if "Clips" in found else None
        if bounds is not None and is_clipped(found["Clips"], bounds, _spaces(own, setting)):
            return
        if look.filled:
            # No colour is no paint (9.1), but what is not stroked either was meant to be seen.
            colour = self._colour(found.get("FillColor"), "FillColor", look, None if look.stroked else BLACK)
            if colour is not None and colour[3] > 0:
                self.painted.fill(parts, colour)
        if look.stroked:
            colour = self._colour(found.get("StrokeColor"), "StrokeColor", look, BLACK)
            if colour is not None and colour[3] > 0:
                self.painted.stroke(parts, look.width, colour)

    def _line_width(self, element: etree._Element, own: _Setting) -> float:
        said_width = element.get("LineWidth")
        if said_width is None and isinstance(inherited := own.param.get("LineWidth"), str):
            said_width = inherited
        width = number(said_width, _LINE_WIDTH)
        a, b, c, d = own.matrix[:4]
        return abs(width) * math.sqrt(abs(a * d - b * c))

    def _image(self, element: etree._Element, setting: _Setting) -> None:
        """A picture fills its Boundary; its CTM brings the unit square there (clause 10)."""
        own = self._inside(element, setting, place(element))
        if not own.shows:
            return
        bounds = box(element.get("Boundary"))
        if bounds is not None and bounds[2] > 0 and bounds[3] > 0:
            corners = [(bounds[0], bounds[1]), (bounds[0] + bounds[2], bounds[1] + bounds[3])]
            self.painted.images.append(box_of([at(setting.matrix, x, y) for x, y in corners]))
        else:
            self.painted.images.append(box_of([at(own.matrix, x, y) for x in (0, 1) for y in (0, 1)]))

    def _composite(self, element: etree._Element, setting: _Setting, depth: int) -> None:
        """A composite object paints a unit of the resources (clause 13)."""
        key = (element.get("ResourceID") or "").strip()
        unit = self.resources.units.get(key)
        if unit is None:
            self.lost.append(f"the composite object {key} is missing")
        elif key in self._open:
            self.lost.append(f"the composite object {key} contains itself")
        elif (content := child(unit, "Content")) is not None:
            self._open.append(key)
            self._objects(content, self._inside(element, setting, place(element)), depth + 1)
            self._open.pop()

    def _hide_clipped(self) -> None:
        """Hide the texts that lie outside of their clips."""
        if not self._clipped:
            return
        boxes, blank, owner = self.letters.boxes()
        boxes, owner = boxes[~blank], owner[~blank]
        for texts, clips, spaces in self._clipped:
            own = boxes[np.searchsorted(owner, texts.start) : np.searchsorted(owner, texts.stop)]
            if len(own) and is_clipped(clips, around(own), spaces):
                self.letters.hide(texts, self.painted)


def _moved(ctm: Matrix, begin: Point, setting: _Setting) -> Matrix:
    """The matrix to the page of an object with this CTM whose Boundary begins at a point."""
    return multiply((*ctm[:4], ctm[4] + begin[0], ctm[5] + begin[1]), setting.matrix)


def _spaces(own: Matrix, setting: _Setting) -> tuple[Matrix, ...]:
    """The spaces in which producers measure clips (8.4): the object's, that around it, that without the CTM."""
    return own, setting.matrix, (*setting.matrix[:4], *own[4:])
