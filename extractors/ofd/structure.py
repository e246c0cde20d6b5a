"""The documents of an OFD package: pages, templates, resources, annotations (GB/T 33190-2016, 7.4 to 7.7)."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from lxml import etree

from extractors.errors import ReadError
from extractors.ofd.parts import Parts
from extractors.ofd.resources import Resources
from extractors.ofd.values import box, child, children, said

T = TypeVar("T")
_ADVICE = "It is damaged: get it again, or open it in its own program and save it anew"
_A4 = (210.0, 297.0)
#: So many templates and resources of pages are kept at a time.
_KEPT = 16


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page as its document lists it: its ID and the part that holds it, None where there is none."""

    number: int
    key: str
    part: str | None
    body: Body


@dataclass(slots=True)
class Body:
    """One document of the package. ``templates`` and ``annotations`` are parts by the ID of template and page."""

    part: str
    size: tuple[float, float]
    resources: Resources
    templates: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    annotations: dict[str, list[str]] = field(default_factory=dict)
    entries: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def folder(self) -> str:
        """The folder in which the document stands."""
        return posixpath.dirname(self.part)


class Structure:
    """What the package lists. ``problems`` say which parts could not be read that hold no page.

    Raises :class:`ReadError` when no document of it can be read or none has pages.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.problems: list[str] = []
        self.lost: list[str] = []
        self.bodies = list(self._bodies())
        self.pages = [
            PageEntry(number, key, part, body)
            for number, (body, (key, part)) in enumerate(
                ((body, entry) for body in self.bodies for entry in body.entries), start=1
            )
        ]
        if not self.pages:
            raise ReadError(parts.path, "the OFD has no pages", _ADVICE)
        if sum(page.part is not None for page in self.pages) > len(parts):
            problem = f"the OFD lists {len(self.pages):,} pages and has {len(parts):,} parts"
            raise ReadError(parts.path, problem, _ADVICE)
        self._templates: OrderedDict[str, etree._Element] = OrderedDict()
        self._resources: OrderedDict[str, Resources] = OrderedDict()

    def template(self, part: str) -> etree._Element:
        """The root of a template. Raises :class:`ReadError` when it can't be read."""
        return _kept(self._templates, part, self.parts.read)

    def resources_of(self, part: str, root: etree._Element, body: Body) -> Resources:
        """The resources of a page or template: its own and those of its document."""
        resources = body.resources
        for name, inner in children(root):
            found = self.parts.find(part, said(inner), body.folder) if name == "PageRes" else None
            if found is not None:
                resources = _kept(self._resources, found, self._read_resources).over(resources)
        return resources

    def _bodies(self) -> Iterator[Body]:
        entry = self.parts.find("", "OFD.xml")
        if entry is None:
            raise ReadError(self.parts.path, "the part OFD.xml is missing from the package", _ADVICE)
        bodies = [inner for name, inner in children(self.parts.read(entry)) if name == "DocBody"]
        failures = []
        for number, inner in enumerate(bodies, start=1):
            location = said(child(inner, "DocRoot"))
            part = self.parts.find(entry, location)
            try:
                if part is None:
                    raise ReadError(self.parts.path, f"the part {location} is missing from the package", _ADVICE)
                yield self._body(part)
            except ReadError as error:
                failures.append(error)
                self.lost.append(f"document {number} of the package: {error.problem}")
        if len(failures) == len(bodies) and failures:
            raise failures[0]

    def _body(self, part: str) -> Body:
        root = self.parts.read(part)
        common = child(root, "CommonData")
        body = Body(part, page_size(child(common, "PageArea")) or _A4, Resources())
        for name, inner in children(common) if common is not None else ():
            if name in ("PublicRes", "DocumentRes"):
                self._add_resources(body, said(inner))
            elif name == "TemplatePage":
                found = self.parts.find(part, inner.get("BaseLoc"))
                body.templates[_key(inner, "ID")] = (found, inner.get("ZOrder") or "")
        pages = child(root, "Pages")
        for name, inner in children(pages) if pages is not None else ():
            if name == "Page":
                location = inner.get("BaseLoc") or said(child(inner, "BaseLoc"))
                body.entries.append((_key(inner, "ID"), self.parts.find(part, location)))
        self._add_annotations(body, said(child(root, "Annotations")))
        return body

    def _add_resources(self, body: Body, location: str) -> None:
        part = self.parts.find(body.part, location)
        try:
            if part is not None:
                body.resources.add(self.parts.read(part))
            elif location:
                self.problems.append(f"the part {location} is missing from the package")
        except ReadError as error:
            self.problems.append(error.problem)

    def _read_resources(self, part: str) -> Resources:
        resources = Resources()
        try:
            resources.add(self.parts.read(part))
        except ReadError as error:
            self.problems.append(error.problem)
        return resources

    def _add_annotations(self, body: Body, location: str) -> None:
        """The parts with the annotations of each page (clause 15)."""
        part = self.parts.find(body.part, location)
        if part is None:
            return
        try:
            root = self.parts.read(part)
        except ReadError as error:
            self.problems.append(error.problem)
            return
        for _, page in children(root):
            for name, inner in children(page):
                found = self.parts.find(part, said(inner), body.folder) if name == "FileLoc" else None
                if found is not None:
                    body.annotations.setdefault(_key(page, "PageID"), []).append(found)


def page_size(area: etree._Element | None) -> tuple[float, float] | None:
    """Width and height of a page area, in millimetres. The corner of its PhysicalBox is the origin (7.5)."""
    for name in ("PhysicalBox", "ApplicationBox", "ContentBox"):
        sides = box(said(child(area, name)))
        if sides is not None and sides[2] > 0 and sides[3] > 0:
            return sides[2], sides[3]
    return None


def _key(element: etree._Element, name: str) -> str:
    return (element.get(name) or "").strip()


def _kept(kept: OrderedDict[str, T], part: str, make: Callable[[str], T]) -> T:
    """What was made of a part before, or is made now; the oldest is forgotten."""
    if part not in kept:
        kept[part] = make(part)
        if len(kept) > _KEPT:
            kept.popitem(last=False)
    return kept[part]
