"""Word files (DOCX, strict and transitional): the tables with their spans, and the text around them.

A Word file has no pages before it is printed, so the page is 0 everywhere; places are named by paragraph and by table,
row and cell as they follow each other in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from extractors.archive import Package
from extractors.errors import ReadError
from extractors.model import Cell, Doubt, LeftOut, LeftOutKind, Provenance, SourceDocument, Table, TextBlock
from extractors.word.content import Item, Paragraph, TableNode, boxes_of, text_of
from extractors.word.grid import Placed, Placement, place
from extractors.word.names import attribute, name_of
from extractors.word.numbering import Numbering, Styles
from extractors.word.parts import Parts
from extractors.word.story import Story

#: So many lines above a table may belong to it.
_CAPTION_LINES = 6
_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_DAMAGED = "It is damaged, or no document but an attack: open it in Word or WPS and save it anew"
_OUTSIDE = {"altChunk": "a document that is put in when Word opens the file", "subDoc": "a part of a master document"}


def read(data: bytes, path: Path) -> SourceDocument:
    """What stands in a Word file. Raises :class:`ReadError` when it is damaged or no Word file."""
    try:
        return _read(Parts(Package(data, path)), path)
    except RecursionError as error:
        raise ReadError(path, "its parts are nested deeper than in any document", _DAMAGED) from error


def _read(parts: Parts, path: Path) -> SourceDocument:
    styles = Styles(parts.one("styles"))
    numbering = Numbering(parts.one("numbering"), styles)
    story = Story(styles, numbering)
    found = _Found()
    found.take(story.items(parts.document))
    found.leave_out(story.hidden, "hidden", "document")
    found.doubts += [_doubt(f"{_OUTSIDE[kind]} was not read: {parts.target(key)}") for kind, key in story.outside]
    if numbering.missing:
        found.doubts.append(_doubt("numbers of paragraphs could not be counted: the file doesn't define their lists"))
    for kind, name in _NOTES:
        _take_notes(parts, kind, name, styles, numbering, found)
    _leave_out_margins(parts, styles, numbering, found)
    return SourceDocument(
        str(path), "docx", 0, tuple(found.tables), tuple(found.blocks), tuple(found.left_out), tuple(found.doubts)
    )


def _doubt(detail: str) -> Doubt:
    return Doubt("reading_doubt", detail)


def _take_notes(parts: Parts, kind: str, name: str, styles: Styles, numbering: Numbering, found: _Found) -> None:
    """Footnotes, endnotes: blocks behind everything else."""
    for root in parts.of_kind(kind):
        for at, note in enumerate((own for own in root if name_of(own) == name), 1):
            story = Story(styles, numbering)
            text = text_of(story.items(note))
            if attribute(note, "type") in (None, "normal"):
                place = f"{name} {attribute(note, 'id') or at}"
                found.blocks += [TextBlock(line, Provenance(0, None, place)) for line in _lines(text)]
            elif text:
                found.leave_out([text], "hidden", kind)
            found.leave_out(story.hidden, "hidden", kind)


def _leave_out_margins(parts: Parts, styles: Styles, numbering: Numbering, found: _Found) -> None:
    """Headers and footers, and comments, are no part of the text."""
    for kind in ("header", "footer", "comments"):
        for at, root in enumerate(parts.of_kind(kind), 1):
            story = Story(styles, numbering)
            items = story.items(root)
            texts = [text_of(items), *(text_of([item]) for item in boxes_of(items))]
            for text in filter(None, texts):
                bare = text.strip("-—–－·.第页共 \n\t")
                number = not bare or bare.isdecimal()
                kept: LeftOutKind = "hidden" if kind == "comments" else "page_number" if number else "running_head"
                found.leave_out([text], kept, f"{kind} {at}")
            found.leave_out(story.hidden, "hidden", f"{kind} {at}")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


class _Found:
    """Gathers what the document holds, in reading order."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self.blocks: list[TextBlock] = []
        self.left_out: list[LeftOut] = []
        self.doubts: list[Doubt] = []
        self._paragraphs = 0
        self._caption: list[str] = []

    def take(self, items: Sequence[Item]) -> None:
        """Take in paragraphs and tables that stand in no table."""
        at = 0
        while at < len(items):
            item = items[at]
            if isinstance(item, TableNode):
                self._table(item)
                at += 1
                continue
            end = at + 1
            while end < len(items) and _goes_on(items[end - 1]) and isinstance(items[end], Paragraph):
                end += 1
            self._paragraph(items[at:end])
            at = end

    def leave_out(self, texts: Sequence[str], kind: LeftOutKind, line: str) -> None:
        """Note texts that are no part of the document's."""
        self.left_out += [LeftOut(text, kind, Provenance(0, None, line)) for text in texts if text]

    def _paragraph(self, parts: Sequence[Item]) -> None:
        self._paragraphs += 1
        place = Provenance(0, None, f"paragraph {self._paragraphs}")
        for line in _lines(text_of(parts)):
            self.blocks.append(TextBlock(line, place))
            self._caption.append(line)
        self.take(list(boxes_of(parts)))

    def _table(self, node: TableNode) -> None:
        placement = place(node)
        if not placement.cells:
            return
        if _is_frame(placement):
            for cell in placement.cells:
                for own in cell.nodes[:1]:
                    self.take(own.items)
                self._leave_out_merged(cell, f"paragraph {self._paragraphs}")
            return
        number = len(self.tables) + 1
        cells, doubts, boxes = [], list[Doubt](), list[Item]()
        for placed in sorted(placement.cells, key=lambda own: (own.row, own.col)):
            where = f"table {number} row {placed.row + 1}"
            where += f" cell {placed.nodes[0].number}" if placed.nodes else ""
            place_ = Provenance(0, None, where)
            items = placed.nodes[0].items if placed.nodes else []
            cells.append(Cell(text_of(items), placed.row, placed.col, placed.row_span, placed.col_span, place_))
            self._leave_out_merged(placed, where)
            if placed.broken:
                detail = "the cell should go on with one above it, and none is there"
                doubts.append(Doubt("span_inferred", detail, (place_,)))
            if own_boxes := list(boxes_of(items)):
                said = text_of(own_boxes)[:30]
                doubts.append(Doubt("text_outside", f"{said} stands in a text box over the table", (place_,)))
                boxes += own_boxes
        self.tables.append(
            Table(
                0, placement.n_rows, placement.n_cols, tuple(cells), "ruled",
                caption="\n".join(self._caption[-_CAPTION_LINES:]), columns=placement.columns, doubts=tuple(doubts),
            )
        )  # fmt: skip
        self._caption = []
        self.take(boxes)

    def _leave_out_merged(self, placed: Placed, where: str) -> None:
        """Word doesn't show what stands in cells that are merged into another one."""
        for node in placed.nodes[1:]:
            self.leave_out([text_of(node.items)], "hidden", where)
            self.leave_out([text_of([item]) for item in boxes_of(node.items)], "hidden", where)


def _goes_on(item: Item) -> bool:
    return isinstance(item, Paragraph) and item.joined


def _is_frame(placement: Placement) -> bool:
    """Whether a table only frames what stands in it.

    It has a single cell, or holds tables and no row in which two cells say something.
    """
    if placement.n_cols == 1 and placement.n_rows == 1:
        return True
    filled: dict[int, int] = {}
    holds_table = False
    for cell in placement.cells:
        items = cell.nodes[0].items if cell.nodes else []
        if text_of(items):
            filled[cell.row] = filled.get(cell.row, 0) + 1
        holds_table = holds_table or any(isinstance(item, TableNode) and _is_real(item) for item in items)
    return holds_table and max(filled.values(), default=0) <= 1


def _is_real(node: TableNode) -> bool:
    """Whether a table is more than a frame: it has rows and columns."""
    return len(node.rows) > 1 and max((len(row.cells) for row in node.rows), default=0) > 1
