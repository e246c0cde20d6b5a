"""Tables and lines of a text put on its pages: by form feeds, by page numbers, by repeated headings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from extractors.delimited import is_page_number
from extractors.headings import is_repeat
from extractors.joining.groups import top_labels
from extractors.model import Cell, Doubt, Provenance, SourceDocument, Table, TextBlock


@dataclass(slots=True)
class Pages:
    """The tables and lines so far; ``form_feeds``: they tell the pages."""

    form_feeds: bool
    page: int = 1
    ended: bool = False
    tables: list[Table] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    heading: tuple[str, ...] = ()
    pending: list[tuple[int, str]] = field(default_factory=list)

    def keep(self, number: int, page: int, content: str) -> None:
        """Take a line that is in no table."""
        if self.form_feeds and page != self.page:
            self._keep_pending()
            self.page = page
        text = " ".join(content.split())
        if not text:
            return
        if is_page_number(text):
            self._keep_pending()
            self.blocks.append(TextBlock(text, Provenance(self.page, None, str(number))))
            self.ended = not self.form_feeds
        else:
            self.pending.append((number, text))

    def place(self, table: Table) -> None:
        """Take a table, whose own page is that by form feed."""
        labels = top_labels(table, 1)[0]
        if self.form_feeds:
            if table.page != self.page:
                self._keep_pending()
                self.page = table.page
        elif self.ended or (self.tables and is_repeat(labels, self.heading)):
            self.page += 1
            self.ended = False
        caption = self._keep_pending()
        if not self.tables:
            self.heading = labels
        self.tables.append(_on_page(table, self.page, caption))

    def place_whole(self, table: Table) -> None:
        """Take a table over several pages, whose cells know theirs."""
        self.tables.append(replace(table, caption=self._keep_pending()))
        self.page = max([self.page, *(cell.provenance.page for cell in table.cells)])

    def document(self, path: str) -> SourceDocument:
        """What was taken."""
        self._keep_pending()
        return SourceDocument(path, "txt", self.page, tuple(self.tables), tuple(self.blocks))

    def _keep_pending(self) -> str:
        """Note the lines seen since the last table on the current page; they are the caption of what follows."""
        self.blocks += [TextBlock(text, Provenance(self.page, None, str(number))) for number, text in self.pending]
        caption = "\n".join(text for _, text in self.pending)
        self.pending = []
        return caption


def _on_page(table: Table, page: int, caption: str) -> Table:
    """A table on another page than its lines said."""

    def moved(place: Provenance) -> Provenance:
        return replace(place, page=page)

    cells: list[Cell] = [replace(cell, provenance=moved(cell.provenance)) for cell in table.cells]
    doubts = [Doubt(doubt.rule, doubt.detail, tuple(map(moved, doubt.places))) for doubt in table.doubts]
    return replace(table, page=page, caption=caption, cells=tuple(cells), doubts=tuple(doubts))
