"""What stands in the annotations and stamps of an OFD page: no part of the text, but named (GB/T 33190-2016, 15)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from extractors.model import Bbox, LeftOut, LeftOutKind, Provenance
from extractors.ofd.letters import around
from extractors.ofd.page import TO_POINTS, Painter
from extractors.ofd.parts import Parts
from extractors.ofd.resources import Resources
from extractors.ofd.structure import PageEntry
from extractors.ofd.values import child, children, is_true, place
from extractors.pdf.limits import Limits
from extractors.pdf.painted import multiply


def annotated(parts: Parts, page: PageEntry, resources: Resources, limits: Limits) -> Iterator[LeftOut]:
    """The texts of a page's annotations, those of stamps as seals, all others as watermarks.

    Raises :class:`ReadError` where a part with them can't be read.
    """
    for part in page.body.annotations.get(page.key, ()):
        for name, annotation in children(parts.read(part)):
            if name == "Annot":
                yield from _left_out(annotation, page.number, resources, limits)


def _left_out(annotation: etree._Element, number: int, resources: Resources, limits: Limits) -> Iterator[LeftOut]:
    appearance = child(annotation, "Appearance")
    if appearance is None:
        return
    painter = Painter(resources, limits)
    painter.paint(appearance, multiply(place(appearance), TO_POINTS))
    chars = painter.letters.chars(painter.painted)
    if len(chars):
        kind: LeftOutKind = "seal" if annotation.get("Type") == "Stamp" else "watermark"
        if not is_true(annotation.get("Visible"), True):
            kind = "hidden"
        yield LeftOut(chars.text, kind, Provenance(number, Bbox(*around(chars.boxes))))
