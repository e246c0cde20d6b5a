"""The characters of an OFD text object and their places (GB/T 33190-2016, clause 11)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from lxml import etree

from extractors.ofd.letters import Glyph, Letters, Where, advance
from extractors.ofd.values import number, offsets
from extractors.pdf.limits import MAX_CHARS

#: Producers write this sign where an embedded font gives no code for a glyph.
_NO_CODE, _UNKNOWN = "¤", "\ufffd"


def set_text(inner: Sequence[tuple[str, etree._Element]], where: Where, letters: Letters) -> None:
    """Add the characters of a text object; ``inner`` are the elements in it, with their names.

    Raises :class:`extractors.pdf.limits.LimitError` for more characters than a page may have.

    A TextCode without X or Y takes that of the one before (11.3); without both it goes on where that one ended.
    """
    glyph = letters.glyphs[where[0]]
    codes = _codes(inner)
    if len(codes) == 1 and len(codes[0][1]) == 1:  # many files have an object for each character
        code, char = codes[0]
        letters.expect(1)
        letters.texts.append(char)
        letters.where.append(where)
        letters.xs.append(number(code.get("X"), 0.0))
        letters.ys.append(number(code.get("Y"), 0.0))
        letters.steps.append(advance(char) * glyph.em)
        return
    x = y = 0.0
    end: tuple[float, float] | None = None
    for code, text in codes:
        letters.expect(len(text))
        own_x, own_y = code.get("X"), code.get("Y")
        if own_x is None and own_y is None and end is not None:
            x, y = end
        else:
            x, y = number(own_x, x), number(own_y, y)
        end = (x, y)
        if text:
            across, down = _steps(code, text, glyph)
            *xs, end_x = accumulate(across, initial=x)
            *ys, end_y = accumulate(down, initial=y)
            letters.xs += xs
            letters.ys += ys
            letters.steps += across
            end = (end_x, end_y)
            letters.texts.append(text)
            letters.where.append(where)


def _codes(inner: Sequence[tuple[str, etree._Element]]) -> list[tuple[etree._Element, str]]:
    """The TextCodes of an object with their texts; what a glyph stands for that has no code is U+FFFD.

    A CGTransform changes the shapes of characters, not what they say (11.4); it counts through all TextCodes.
    """
    codes, transforms = [], []
    for name, element in inner:
        if name == "TextCode":
            text = element.text or ""
            codes.append((element, text if text.isprintable() else _without_controls(text)))
        elif name == "CGTransform":
            transforms.append((element.get("CodePosition"), element.get("CodeCount")))
    if not transforms or not codes:
        return codes
    # Many files have an object with its own glyph for each character.
    if transforms == [("0", "1")] and len(codes) == 1 and len(codes[0][1]) == 1 and codes[0][1] != _NO_CODE:
        return codes
    changed = [(at, at + count) for at, count in map(_code_range, transforms)]
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


def _code_range(said: tuple[str | None, str | None]) -> tuple[int, int]:
    """The first character that a CGTransform with this CodePosition and CodeCount changes, and how many it changes."""
    return int(number(said[0], 0.0)), max(1, int(number(said[1], 1.0)))


def _without_controls(text: str) -> str:
    """The text without line breaks, which only come from printing the XML nicely: no glyph is set for them."""
    return "".join(" " if char == "\t" else char for char in text if char == "\t" or unicodedata.category(char) != "Cc")


def _steps(code: etree._Element, text: str, glyph: Glyph) -> tuple[list[float], list[float]]:
    """How far it is from each character to the next one, across and down, the last one's own width at the end.

    Where no offsets are given, or fewer than characters, type goes on by its width: viewers do so, though the standard
    says that such characters are not moved.
    """
    between = len(text) - 1
    across = _by_char(offsets(code.get("DeltaX"), 2 * len(text)), text)
    down = _by_char(offsets(code.get("DeltaY"), 2 * len(text)), text)
    if glyph.direction[1] and not down:  # some producers measure DeltaX along the lines, which run down or up here
        across, down = [], [glyph.direction[1] * step for step in across]
    said = max(len(across), len(down))
    across, down = ([*steps, *[0.0] * (said - len(steps))][:between] for steps in (across, down))
    for char in text[len(across) :]:
        width = advance(char) * glyph.em
        across.append(glyph.direction[0] * width)
        down.append(glyph.direction[1] * width)
    return across, down


def _by_char(values: list[float], text: str) -> list[float]:
    """The offsets by character; some producers count those beyond 16 bits as two."""
    if not values or text.isascii() or max(text) <= "\uffff":
        return values
    if len(values) != sum(2 if char > "\uffff" else 1 for char in text) - 1:
        return values
    rest = iter(values)
    return [next(rest, 0.0) + (next(rest, 0.0) if char > "\uffff" else 0.0) for char in text][: len(text) - 1]
