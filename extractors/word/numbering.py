"""Styles and automatic numbering: the numbers that Word prints and no text of the file says (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from extractors.word.names import attribute, child, is_on, name_of, number, value
from extractors.word.numerals import numeral

#: Styles stand on others, and lists name others: no farther than this.
_DEEPEST = 20
_LEVELS = 9
_COUNT = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The list and the level of a paragraph; None: not said here."""

    num_id: str | None
    level: int | None


@dataclass(slots=True)
class _Style:
    based_on: str | None
    vanish: bool | None
    place: ListPlace | None


class Styles:
    """The styles of a document, as far as they number or hide text."""

    def __init__(self, root: etree._Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._default: str | None = None
        for element in () if root is None else root:
            key = attribute(element, "styleId")
            if name_of(element) != "style" or key is None:
                continue
            hidden = child(element, "rPr", "vanish")
            vanish = None if hidden is None else is_on(element, "rPr", "vanish")
            self._styles[key] = _Style(value(element, "basedOn"), vanish, place_of(child(element, "pPr")))
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                self._default = key

    def hides(self, style: str | None) -> bool:
        """Whether text in a style is hidden."""
        return next((own.vanish for _, own in self._line(style) if own.vanish is not None), False)

    def place(self, style: str | None) -> tuple[ListPlace | None, str | None]:
        """The list of paragraphs in a style, the default one where none is named, and the style that says so."""
        return next(((own.place, key) for key, own in self._line(style or self._default) if own.place), (None, None))

    def _line(self, style: str | None) -> list[tuple[str, _Style]]:
        """A style and those on which it is based."""
        line: list[tuple[str, _Style]] = []
        while style in self._styles and len(line) < _DEEPEST:
            line.append((style, self._styles[style]))
            style = self._styles[style].based_on
        return line


def place_of(properties: etree._Element | None) -> ListPlace | None:
    """The list that the properties of a paragraph name."""
    found = child(properties, "numPr")
    if found is None:
        return None
    level = value(found, "ilvl")
    return ListPlace(value(found, "numId"), None if level is None else number(level))


@dataclass(slots=True)
class _Level:
    """How a level of a list counts: ``restart`` is the level (from 1) behind which it begins anew, None: any higher."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    hidden: bool = False
    style: str | None = None


@dataclass(slots=True)
class _List:
    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of a document's lists. ``missing`` are lists that paragraphs name and nothing defines."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()
        self.missing: set[str] = set()
        for element in () if root is None else root:
            if name_of(element) == "abstractNum":
                key = attribute(element, "abstractNumId") or ""
                self._abstract[key] = _levels(element)
                if (link := value(element, "numStyleLink")) is not None:
                    self._links[key] = link
            elif name_of(element) == "num":
                self._lists[attribute(element, "numId") or ""] = _list(element)

    def label(self, properties: etree._Element | None, style: str | None) -> str:
        """The number before the next paragraph, with what parts it from the text; nothing where it has none."""
        own = place_of(properties)
        from_style, by = self._styles.place(style)
        num_id = own.num_id if own and own.num_id is not None else from_style.num_id if from_style else None
        if num_id is None or number(num_id) == 0:
            return ""
        found = self._lists.get(num_id)
        if found is None:
            self.missing.add(num_id)
            return ""
        levels = {**self._base(found.abstract), **found.levels}
        level = own.level if own and own.level is not None else from_style.level if from_style else None
        if level is None:
            level = next((at for at, known in levels.items() if by is not None and known.style == by), 0)
        return self._count(num_id, found, levels, max(0, min(level, _LEVELS - 1)))

    def _base(self, abstract: str) -> dict[int, _Level]:
        """The levels of a list, which may be named by a style of lists."""
        for _ in range(_DEEPEST):
            if abstract not in self._links:
                break
            place, _by = self._styles.place(self._links[abstract])
            found = self._lists.get(place.num_id or "") if place else None
            if found is None:
                break
            abstract = found.abstract
        return self._abstract.get(abstract, {})

    def _count(self, num_id: str, found: _List, levels: dict[int, _Level], at: int) -> str:
        level = levels.get(at)
        if level is None:
            return ""
        counts = self._counts.setdefault(found.abstract, {})
        if at in found.starts and (num_id, at) not in self._begun:
            counts[at] = found.starts[at]
        else:
            counts[at] = counts[at] + 1 if at in counts else level.start
        self._begun.add((num_id, at))
        for deeper in [other for other in counts if other > at]:
            restart = levels[deeper].restart if deeper in levels else None
            if restart is None or at < restart:
                del counts[deeper]
        if level.hidden or level.form == "bullet":
            return ""

        def printed(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            known = levels.get(other, level)
            return numeral(counts.get(other, known.start), "decimal" if level.legal else known.form)

        text = _COUNT.sub(printed, level.text)
        return text + ("" if level.suffix == "nothing" or not text else " ")


def _levels(element: etree._Element) -> dict[int, _Level]:
    return {number(attribute(own, "ilvl")): _level(own) for own in element if name_of(own) == "lvl"}


def _level(element: etree._Element) -> _Level:
    restart = value(element, "lvlRestart")
    return _Level(
        start=number(value(element, "start"), 0),
        form=_form(element),
        text=value(element, "lvlText") or "",
        suffix=value(element, "suff") or "tab",
        restart=None if restart is None else number(restart),
        legal=is_on(element, "isLgl"),
        hidden=is_on(element, "rPr", "vanish"),
        style=value(element, "pStyle"),
    )


def _form(element: etree._Element) -> str:
    """The numeral's form; one of its own (001, 002, ...) is named by its first number."""
    for found in element.iter():
        if name_of(found) == "numFmt":
            form = attribute(found, "val") or "decimal"
            return (attribute(found, "format") or "decimal").split(",")[0].strip() if form == "custom" else form
    return "decimal"


def _list(element: etree._Element) -> _List:
    found = _List(value(element, "abstractNumId") or "")
    for own in element:
        if name_of(own) != "lvlOverride":
            continue
        at = number(attribute(own, "ilvl"))
        if (start := value(own, "startOverride")) is not None:
            found.starts[at] = number(start, 1)
        if (level := child(own, "lvl")) is not None:
            found.levels[at] = _level(level)
    return found
