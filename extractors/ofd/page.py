"""What the objects of an OFD page paint (GB/T 33190-2016, 7.7, 8.5 and clauses 9 to 13)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from extractors.ofd.paths import extent, subpaths
from extractors.ofd.resources import BLACK, Resources
from extractors.ofd.text import Glyph, Letters, set_text
from extractors.ofd.values import POINTS, box, child, children, is_true, number, place, said, said_of
from extractors.pdf.content import Colour, Page
from extractors.pdf.limits import LimitError, Limits
from extractors.pdf.painted import Box, Matrix, Painted, at, box_of, multiply

#: Blocks and composite objects nested deeper than this are no document but an attack.
_MAX_DEPTH = 64
#: A line without a width, in millimetres (8.2).
_LINE_WIDTH = 0.353
#: Time is looked at once in so many objects.
_EVERY = 1024
#: What lies outside of its clip by more than this, in points, does not show.
_CLIP_ROOM = 2.0
#: From millimetres to points; OFD's y axis goes down as ours does.
TO_POINTS: Matrix = (POINTS, 0.0, 0.0, POINTS, 0.0, 0.0)


@dataclass(slots=True)
class _Setting:
    """What objects take over from those that they stand in: matrix to the page, opacity, drawing parameters."""

    matrix: Matrix
    alpha: float = 1.0
    shows: bool = True
    param: Mapping[str, etree._Element | str] = field(default_factory=dict)
    looks: dict[tuple[tuple[str, str], ...], _Look] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """How texts with the same attributes are set; many files have an object for each character.

    ``glyph`` is for a text whose Boundary is at the origin, ``colour`` the element that gives its colour, ``styles``
    are those found so far, by what that element says.
    """

    own: _Setting
    glyph: Glyph
    colour: str
    shows: bool
    styles: dict[tuple[tuple[str, str], ...] | None, int] = field(default_factory=dict)


class Painter:
    """Gathers what objects paint. ``lost`` says which of what they refer to was not found."""

    def __init__(self, resources: Resources, limits: Limits) -> None:
        self.resources = resources
        self.limits = limits
        self.painted = Painted()
        self.letters = Letters()
        self.lost: list[str] = []
        self._open: list[str] = []
        self._count = 0

    def paint(self, content: etree._Element | None, matrix: Matrix = TO_POINTS) -> None:
        """Paint the objects of a page, a template or an appearance; layers stand in ``Content`` (7.7)."""
        if content is not None:
            self._objects(content, _Setting(matrix), 0)

    def page(self, number_: int, width: float, height: float) -> Page:
        """Everything that was painted as a page of this size, in points."""
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
        for name, element in children(owner):
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

    def _inside(self, element: etree._Element, setting: _Setting) -> _Setting:
        """The setting in an object: its place, opacity and drawing parameters put upon those around it."""
        alpha, key, shows = element.get("Alpha"), element.get("DrawParam"), setting.shows
        if element.get("Visible") is not None:
            shows = shows and is_true(element.get("Visible"), True)
        return _Setting(
            multiply(place(element), setting.matrix),
            setting.alpha if alpha is None else setting.alpha * max(0.0, min(1.0, number(alpha, 255.0) / 255)),
            shows,
            setting.param if key is None else {**setting.param, **self.resources.param(key)},
        )

    def _colour(
        self, found: Mapping[str, etree._Element], name: str, own: _Setting, default: Colour | None
    ) -> Colour | None:
        element = found.get(name)
        if element is None:
            inherited = own.param.get(name)
            element = None if isinstance(inherited, str) else inherited
        if element is not None:
            return self.resources.colour(element, own.alpha)
        return None if default is None else (*default[:3], round(255 * own.alpha))

    def _text(self, element: etree._Element, setting: _Setting) -> None:
        attributes = dict(said_of(element))
        corner = box(attributes.pop("Boundary", None)) or (0.0, 0.0, 0.0, 0.0)
        attributes.pop("ID", None)
        if number(attributes.get("Size"), 0.0) <= 0:
            attributes["Size"] = f"as high as {corner[3]}"  # what has no size is as large as its Boundary
        key = tuple(attributes.items())
        look = setting.looks.get(key)
        if look is None:
            look = setting.looks[key] = self._look(element, corner, setting)
        inner = list(children(element))
        style = self._style(look, inner)
        matrix = setting.matrix
        glyph = look.glyph.moved(
            matrix[0] * corner[0] + matrix[2] * corner[1], matrix[1] * corner[0] + matrix[3] * corner[1]
        )
        first = len(self.letters.text)
        set_text(element, inner, glyph, style, self.letters)
        for name, clips in inner:
            if name == "Clips" and first < len(self.letters.text):
                boxes = self.letters.boxes[first:]
                bounds = box_of([point for x0, top, x1, bottom in boxes for point in ((x0, top), (x1, bottom))])
                own = replace(look.own, matrix=glyph.matrix)
                if self._is_clipped(clips, bounds, own, setting):
                    angle, colour, _ = list(self.painted.styles)[style]
                    self.letters.style[first:] = [self.painted.style(angle, colour, True)] * len(boxes)

    def _look(self, element: etree._Element, corner: Box, setting: _Setting) -> _Look:
        """How a text is set, apart from where."""
        own = self._inside(element, setting)
        matrix, (x, y) = setting.matrix, corner[:2]
        glyph = Glyph.of(element, own.matrix, corner).moved(
            -(matrix[0] * x + matrix[2] * y), -(matrix[1] * x + matrix[3] * y)
        )
        filled = is_true(element.get("Fill"), True)
        shows = own.shows and (filled or is_true(element.get("Stroke"), False))
        return _Look(own, glyph, "FillColor" if filled else "StrokeColor", shows)

    def _style(self, look: _Look, inner: Sequence[tuple[str, etree._Element]]) -> int:
        """The style of a text of this look with these elements in it; plain colours are known by what they say."""
        element, key = None, None
        for name, found in inner:
            if name == look.colour:
                element, key = found, tuple(said_of(found))
                break
        style = look.styles.get(key)
        if style is None or (element is not None and len(element)):
            own = {} if element is None else {look.colour: element}
            colour = self._colour(own, look.colour, look.own, BLACK) or BLACK
            hidden = not look.shows or colour[3] == 0
            style = look.styles[key] = self.painted.style(look.glyph.angle, colour, hidden)
        return style

    def _path(self, element: etree._Element, setting: _Setting) -> None:
        own = self._inside(element, setting)
        if not own.shows:
            return
        found = dict(children(element))
        data = said(found.get("AbbreviatedData"))
        self.limits.count_segments(len(data) // 4)
        parts = subpaths(data, own.matrix)
        bounds = extent(parts)
        if bounds is None or ("Clips" in found and self._is_clipped(found["Clips"], bounds, own, setting)):
            return
        stroked, filled = is_true(element.get("Stroke"), True), is_true(element.get("Fill"), False)
        if filled:
            # No colour is no paint (9.1), but what is not stroked either was meant to be seen.
            colour = self._colour(found, "FillColor", own, None if stroked else BLACK)
            if colour is not None and colour[3] > 0:
                self.painted.fill(parts, colour)
        if stroked:
            colour = self._colour(found, "StrokeColor", own, BLACK)
            if colour is not None and colour[3] > 0:
                self.painted.stroke(parts, self._line_width(element, own), colour)

    def _line_width(self, element: etree._Element, own: _Setting) -> float:
        said_width = element.get("LineWidth")
        if said_width is None and isinstance(inherited := own.param.get("LineWidth"), str):
            said_width = inherited
        width = number(said_width, _LINE_WIDTH)
        a, b, c, d = own.matrix[:4]
        return abs(width) * math.sqrt(abs(a * d - b * c))

    def _image(self, element: etree._Element, setting: _Setting) -> None:
        """A picture fills its Boundary; its CTM brings the unit square there (clause 10)."""
        own = self._inside(element, setting)
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
            self._objects(content, self._inside(element, setting), depth + 1)
            self._open.pop()

    def _is_clipped(self, clips: etree._Element, bounds: Box, own: _Setting, setting: _Setting) -> bool:
        """Whether something lies outside of one of its clips (8.4).

        The standard measures clips in the object's space, producers also in the one around it: both must agree.
        """
        for _, clip in children(clips):
            areas = [
                inner for name, area in children(clip) if name == "Area" for inner in [(area, child(area, "Path"))]
            ]
            shown = [
                _touches(area, path, matrix, bounds)
                for area, path in areas
                if path is not None
                for matrix in (own.matrix, setting.matrix, _shifted(own, setting))
            ]
            if shown and not any(shown):
                return True
        return False


def _shifted(own: _Setting, setting: _Setting) -> Matrix:
    """The matrix around an object with the object's corner: its space without its CTM."""
    return (*setting.matrix[:4], *own.matrix[4:])


def _touches(area: etree._Element, path: etree._Element, matrix: Matrix, bounds: Box) -> bool:
    """Whether an area to clip to, in the space of the matrix, reaches a box on the page."""
    inner = multiply(place(path), multiply(place(area), matrix))
    clip = extent(subpaths(said(child(path, "AbbreviatedData")), inner))
    if clip is None:
        return True
    return (
        clip[0] - _CLIP_ROOM <= bounds[2] and bounds[0] <= clip[2] + _CLIP_ROOM
        and clip[1] - _CLIP_ROOM <= bounds[3] and bounds[1] <= clip[3] + _CLIP_ROOM
    )  # fmt: skip
