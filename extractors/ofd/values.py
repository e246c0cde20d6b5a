"""The values in an OFD file's attributes: numbers, boxes, matrices, offsets (GB/T 33190-2016, 7.3: basic types)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import cast

from lxml import etree

from extractors.pdf.painted import IDENTITY, Box, Matrix, Point

#: Points in a millimetre, OFD's unit.
POINTS = 72 / 25.4
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
#: No page is a kilometre wide; larger numbers would end as infinities.
_MOST = 1e6


class _Names(dict[str, str]):
    """Names of elements without the namespace."""

    def __missing__(self, tag: str) -> str:
        return tag.rpartition("}")[2]


#: The elements that pages are full of, by the names that they have in the standard's namespace.
_NAMES = _Names(
    {
        f"{{http://www.ofdspec.org/2016}}{name}": name
        for name in (
            "TextObject", "PathObject", "FillColor", "CGTransform", "Glyphs", "TextCode", "AbbreviatedData",
            "StrokeColor",
        )
    }
)  # fmt: skip


def name_of(element: etree._Element) -> str:
    """The name of an element without the namespace; none of what is no element."""
    tag = element.tag
    return _NAMES[tag] if tag.__class__ is str else ""


def children(element: etree._Element) -> list[tuple[str, etree._Element]]:
    """The elements in an element, each with its name without the namespace: drafts of the standard had others."""
    return [(_NAMES[tag], child) for child in element if (tag := child.tag).__class__ is str]


#: The attributes of an element; those of a parsed file are text.
said_of = cast("Callable[[etree._Element], list[tuple[str, str]]]", etree._Element.items)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first element of that name in an element."""
    if element is not None:
        for found, inner in children(element):
            if found == name:
                return inner
    return None


def said(element: etree._Element | None) -> str:
    """The text of an element, without white space around it."""
    return "" if element is None else (element.text or "").strip()


def number(text: str | None, default: float) -> float:
    """A number; the default where there is none."""
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        return default
    return value if -_MOST <= value <= _MOST else default


def numbers(text: str | None) -> list[float]:
    """All numbers of an array, whatever stands between them."""
    if not text:
        return []
    try:
        found = [*map(float, text.split())]
    except ValueError:
        found = [float(part) for part in _NUMBER.findall(text)]
    if sum(map(abs, found)) <= _MOST:
        return found
    return [max(-_MOST, min(_MOST, value)) if math.isfinite(value) else 0.0 for value in found]


def box(text: str | None) -> Box | None:
    """x, y, width and height (ST_Box)."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) >= 4 else None


def corner(text: str | None) -> Point:
    """The left upper corner of a box (ST_Box); the origin where there is none."""
    try:
        left, top, _ = (text or "").split(None, 2)
        x, y = float(left), float(top)
        if abs(x) + abs(y) <= _MOST:
            return x, y
    except ValueError:
        pass  # not written as the standard has it
    found = box(text)
    return (0.0, 0.0) if found is None else found[:2]


def is_true(text: str | None, default: bool) -> bool:
    """A truth value as XML Schema writes it."""
    if text is None:
        return default
    word = text.strip().lower()
    return default if word not in ("true", "false", "1", "0") else word in ("true", "1")


def transform(element: etree._Element) -> Matrix:
    """The CTM of an object: the matrix from its own space to its Boundary (8.5)."""
    found = numbers(element.get("CTM"))
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else IDENTITY


def place(element: etree._Element) -> Matrix:
    """The matrix from an object's own space to the one that it stands in: CTM, then its Boundary's corner (8.5)."""
    a, b, c, d, e, f = transform(element)
    x, y = corner(element.get("Boundary"))
    return (a, b, c, d, e + x, f + y)


def offsets(text: str | None, most: int) -> list[float]:
    """DeltaX or DeltaY, at most so many: numbers, or ``g n v`` for n times v (11.3)."""
    if not text or most <= 0:
        return []
    if "g" not in text:
        return numbers(text)[:most]
    tokens = text.replace(",", " ").replace("g", " g ").split()
    found: list[float] = []
    at = 0
    while at < len(tokens) and len(found) < most:
        if tokens[at] == "g" and at + 2 < len(tokens):
            times = int(max(0.0, min(number(tokens[at + 1], 0.0), most - len(found))))
            found += [number(tokens[at + 2], 0.0)] * times
            at += 3
        else:
            if tokens[at] != "g":
                found.append(number(tokens[at], 0.0))
            at += 1
    return found
