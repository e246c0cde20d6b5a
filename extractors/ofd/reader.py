"""An OFD file (GB/T 33190-2016) to its tables and the text around them.

Its pages become the same characters and lines as those of a PDF, and what makes tables of them is shared
(:mod:`extractors.pdf`).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from extractors.errors import ReadError
from extractors.model import Doubt, LeftOut, Provenance, SourceDocument
from extractors.ofd.annotations import annotated
from extractors.ofd.page import Painter
from extractors.ofd.parts import Parts
from extractors.ofd.resources import Resources
from extractors.ofd.structure import PageEntry, Structure, page_size
from extractors.ofd.values import POINTS, child, children
from extractors.pdf.assembly import PageResult, assemble, light
from extractors.pdf.content import Page
from extractors.pdf.limits import LimitError, Limits, limited_time
from extractors.pdf.tables import read_page_tables

#: Seconds of processor time for a document, and for each of its pages: a page takes hundredths of a second.
_SECONDS, _SECONDS_A_PAGE = 30.0, 1.0
_ADVICE = "Get the file again, or open it in its own program and save it anew"


def read(data: bytes, path: Path) -> SourceDocument:
    """Everything that stands in an OFD file, all documents in it one after the other; pages count through.

    A page that can't be read, or of which something is missing, becomes a doubt. Raises :class:`ReadError` for a file
    that can't be opened or is encrypted, and where no page can be read or none has text.
    """
    return _Reading(data, path).document()


#: The content of a page or template and the resources that it refers to.
_Content = tuple[etree._Element | None, Resources]


class _Reading:
    """The reading of one file: what was left out, and what is in doubt, page by page."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.path = path
        self.structure = Structure(Parts(data, path))
        self.left_out: list[LeftOut] = []
        self.doubts: list[Doubt] = [_lost(what, ()) for what in self.structure.lost]

    def document(self) -> SourceDocument:
        """All pages, put together."""
        results = list(self._results())
        doubts = [*self.doubts, *(Doubt("reading_doubt", problem) for problem in self.structure.problems)]
        return assemble(results, self.path, "ofd", self.left_out, doubts)

    def _results(self) -> Iterator[PageResult]:
        pages = self.structure.pages
        deadline = time.process_time() + _SECONDS + _SECONDS_A_PAGE * len(pages)
        for page in pages:
            if time.process_time() > deadline:
                raise ReadError(
                    self.path, "reading it takes far too long", "Check that it is a document and no drawing"
                )
            try:
                with limited_time():
                    content = light(read_page_tables(self._page(page)))
                yield content
            except ReadError as error:
                yield ReadError(self.path, error.problem, error.advice, page.number)
            except LimitError as error:
                yield ReadError(
                    self.path, f"the page can't be read: {error}", "Check that it is no drawing", page.number
                )

    def _page(self, page: PageEntry) -> Page:
        """What stands on a page: its templates below and above it, and its own content (7.7)."""
        if page.part is None:
            raise ReadError(self.path, "its part is missing from the package", _ADVICE, page.number)
        root = self.structure.parts.read(page.part)
        resources = self.structure.resources_of(page.part, root, page.body)
        painter = Painter(resources, Limits.start())
        below, above = self._templates(page, root)
        for content, own in (*below, (child(root, "Content"), resources), *above):
            painter.resources = own
            painter.paint(content)
        painter.resources = resources
        for what in dict.fromkeys(painter.lost):
            self._doubt(page, what)
        self._annotations(page, painter)
        width, height = page_size(child(root, "Area")) or page.body.size
        return painter.page(page.number, width * POINTS, height * POINTS)

    def _templates(self, page: PageEntry, root: etree._Element) -> tuple[list[_Content], list[_Content]]:
        """The contents of the page's templates that lie below it, and of those above it, with their resources."""
        below: list[_Content] = []
        above: list[_Content] = []
        for name, reference in children(root):
            if name != "Template":
                continue
            key = (reference.get("TemplateID") or "").strip()
            part, order = page.body.templates.get(key, (None, ""))
            try:
                if part is None:
                    raise ReadError(self.path, "it is missing from the package", _ADVICE)
                template = self.structure.template(part)
                content = (child(template, "Content"), self.structure.resources_of(part, template, page.body))
                is_above = (reference.get("ZOrder") or order).strip() == "Foreground"
                (above if is_above else below).append(content)
            except ReadError as error:
                self._doubt(page, f"its template {key}: {error.problem}")
        return below, above

    def _annotations(self, page: PageEntry, painter: Painter) -> None:
        try:
            self.left_out += annotated(self.structure.parts, page, painter.resources, painter.limits)
        except ReadError as error:
            detail = f"page {page.number}: its annotations can't be read ({error.problem})"
            self.doubts.append(Doubt("reading_doubt", detail, (Provenance(page.number),)))

    def _doubt(self, page: PageEntry, what: str) -> None:
        self.doubts.append(_lost(f"page {page.number}: {what}", (Provenance(page.number),)))


def _lost(what: str, places: tuple[Provenance, ...]) -> Doubt:
    return Doubt("unreadable_page", f"{what}; what it says is missing", places)
