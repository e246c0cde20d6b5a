"""Names of WordprocessingML: both namespaces of ISO/IEC 29500, transitional and strict, say the same."""

from __future__ import annotations

from functools import cache

from lxml import etree

_MAIN = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_PREFIXES = {
    **dict.fromkeys(_MAIN, ""),
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
}
_RELATIONS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_OFF = ("0", "false", "off", "none")
#: No number of a Word file is farther from zero: a twip count, a span.
_MOST = 1_000_000


@cache
def _short(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return _PREFIXES.get(namespace[1:], "x:") + name


def name_of(element: etree._Element) -> str:
    """An element's name: ``tbl`` for those of Word, ``mc:Choice``, ``m:t``, ``x:...`` for what is of no other."""
    return _short(element.tag)


def attribute(element: etree._Element, name: str) -> str | None:
    """An attribute of Word's own."""
    value = element.get(f"{{{_MAIN[0]}}}{name}")
    return element.get(f"{{{_MAIN[1]}}}{name}") if value is None else value


def relation(element: etree._Element) -> str | None:
    """The relation that an element names."""
    return next((value for space in _RELATIONS if (value := element.get(f"{{{space}}}id"))), None)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of that name, and its first child of the next."""
    for name in path:
        if element is None:
            return None
        for own in element:
            if _short(own.tag) == name:
                element = own
                break
        else:
            return None
    return element


def value(element: etree._Element | None, *path: str) -> str | None:
    """The ``w:val`` of a child."""
    found = child(element, *path)
    return None if found is None else attribute(found, "val")


def number(said: str | None, default: int = 0) -> int:
    """A number that an attribute says; ``default`` where it says none."""
    try:
        said_number = round(float(said)) if said else default
    except (ValueError, OverflowError):
        return default
    return max(-_MOST, min(said_number, _MOST))


def is_on(element: etree._Element | None, *path: str) -> bool:
    """Whether a property is set: it is there and isn't switched off."""
    found = child(element, *path)
    return found is not None and (attribute(found, "val") or "") not in _OFF


def chosen(element: etree._Element) -> etree._Element:
    """The one reading of alternate content that counts: the first that says something, else the last."""
    branches = [own for own in element if name_of(own) in ("mc:Choice", "mc:Fallback")]
    said = (own for own in branches if any(name_of(inner) == "t" for inner in own.iter()))
    return next(said, branches[-1] if branches else element)


def is_prompt(element: etree._Element) -> bool:
    """Whether a form field holds only the request to fill it in."""
    return is_on(element, "sdtPr", "showingPlcHdr")
