"""The parts of a Word package and how they name each other (ISO/IEC 29500-2)."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from lxml import etree

from extractors.archive import Package, resolve
from extractors.errors import ReadError
from extractors.markup import parse_xml
from extractors.word.names import name_of

_USUAL = "word/document.xml"
_ADVICE = "It is damaged: get it again, or open it in Word or WPS and save it anew"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part names: ``kind`` is the last word of its type (``styles``, ``header``)."""

    key: str
    kind: str
    target: str
    outside: bool


class Parts:
    """The main part of a Word file and those that it names. Raises :class:`ReadError` when there is none."""

    def __init__(self, package: Package) -> None:
        self._package = package
        found = [own.target for own in self._relations("", "_rels/.rels") if own.kind == "officeDocument"]
        name = next((target for target in found if target in package), _USUAL)
        self.document = self._root(name)
        if name_of(self.document) != "document":
            raise ReadError(package.path, f"the part {name} is no Word document", _ADVICE)
        folder, file = posixpath.split(name)
        self.relations = self._relations(name, posixpath.join(folder, "_rels", f"{file}.rels"))

    def of_kind(self, kind: str) -> list[etree._Element]:
        """The roots of the parts of a kind, in the order of their names."""
        names = {own.target for own in self.relations if own.kind == kind and not own.outside}
        return [self._root(name) for name in sorted(names) if name in self._package]

    def one(self, kind: str) -> etree._Element | None:
        """The root of the part of a kind, None where there is none."""
        return next(iter(self.of_kind(kind)), None)

    def target(self, key: str | None) -> str:
        """What a relation leads to."""
        return next((own.target for own in self.relations if own.key == key), "a part that is missing")

    def _root(self, name: str) -> etree._Element:
        return parse_xml(self._package.read(name), self._package.path, name)

    def _relations(self, part: str, name: str) -> list[Relation]:
        if name not in self._package:
            return []
        relations = []
        for own in self._root(name):
            target, outside = own.get("Target") or "", own.get("TargetMode") == "External"
            kind = (own.get("Type") or "").rpartition("/")[2]
            relations.append(Relation(own.get("Id") or "", kind, target if outside else resolve(part, target), outside))
        return relations
