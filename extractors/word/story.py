"""Walks the XML of a Word file to paragraphs and tables: what Word would print, with the numbers that it counts."""

from __future__ import annotations

from lxml import etree

from extractors.word.content import CellNode, Item, Merge, Paragraph, RowNode, TableNode
from extractors.word.names import attribute, child, chosen, is_on, is_prompt, name_of, number, relation, value
from extractors.word.numbering import Numbering, Styles
from extractors.word.runs import Line, inline
from extractors.word.symbols import MARKS

#: Properties, which hold no text; a table's grid among them.
_PROPERTIES = {
    "sdtPr", "sdtEndPr", "tblPr", "tblPrEx", "trPr", "tcPr", "pPr", "rPr", "sectPr", "customXmlPr", "smartTagPr",
}  # fmt: skip
#: What a tracked change takes away: its text doesn't count.
DELETED = {"del", "moveFrom"}
#: What stands in paragraphs.
_INLINE = {"r", "t", "m:t", "delText", *MARKS, "sym", "hyperlink", "fldSimple"}
#: What a table or a row may hold though it belongs into cells.
_LOOSE = {"p", "tbl", *_INLINE, *DELETED, *_PROPERTIES}


class Story:
    """Reads stories of one document: its body, its notes, its headers.

    ``hidden`` are the texts that Word doesn't print, ``outside`` the relations of content that is no part of the
    file's text (``altChunk``, ``subDoc``).
    """

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering
        self._counting = True
        self.hidden: list[str] = []
        self.outside: list[tuple[str, str | None]] = []

    def items(self, parent: etree._Element) -> list[Item]:
        """The paragraphs and tables in an element."""
        items: list[Item] = []
        self._gather(parent, items)
        return items

    def _gather(self, parent: etree._Element, items: list[Item]) -> None:
        for element in parent:
            self._take(element, items)

    def _take(self, element: etree._Element, items: list[Item]) -> None:
        kind = name_of(element)
        if kind == "p":
            items.append(self._paragraph(element))
        elif kind == "tbl":
            table, loose = TableNode(), list[Item]()
            self._rows(element, table, loose)
            items += [table, *loose]
        elif kind in _PROPERTIES:
            return
        elif kind in DELETED:
            self.hide(element)
        elif kind == "mc:AlternateContent":
            self._gather(chosen(element), items)
        elif kind in ("altChunk", "subDoc"):
            self.outside.append((kind, relation(element)))
        elif kind in _INLINE:
            line = Line()
            inline(element, line, self)
            items.append(self._finished(line, ""))
        elif kind == "sdt" and is_prompt(element):
            self.hide(element)
        else:
            self._gather(element, items)

    def hide(self, element: etree._Element) -> None:
        """Note the texts in an element that is not printed."""
        text = "".join(own.text or "" for own in element.iter() if name_of(own) in ("t", "delText"))
        if text:
            self.hidden.append(text)

    def hides(self, properties: etree._Element | None, style: str) -> bool:
        """Whether a run with these properties is hidden."""
        if properties is None:
            return False
        if child(properties, "vanish") is not None:
            return is_on(properties, "vanish")
        return self._styles.hides(value(properties, style))

    def _paragraph(self, element: etree._Element) -> Paragraph:
        properties = child(element, "pPr")
        mark = child(properties, "rPr")
        style = value(properties, "pStyle")
        line = Line(hidden=self._styles.hides(style))
        gone = mark is not None and any(child(mark, kind) is not None for kind in DELETED)
        for own in element:
            inline(own, line, self)
        label = ""
        if self._counting and not gone and not line.hidden:
            label = self._numbering.label(properties, style)
        paragraph = self._finished(line, label)
        paragraph.joined = gone or is_on(mark, "vanish")
        return paragraph

    def _finished(self, line: Line, label: str) -> Paragraph:
        if unseen := "".join(line.unseen):
            self.hidden.append(unseen)
        return Paragraph(label + "".join(line.text), line.boxes)

    def _rows(self, parent: etree._Element, table: TableNode, loose: list[Item]) -> None:
        """The rows in a table or in what wraps them; ``loose`` is what stands in no row."""
        for element in parent:
            kind = name_of(element)
            if kind == "tr":
                self._row(element, table)
            elif kind == "tblGrid":
                table.grid = [number(attribute(own, "w")) for own in element if name_of(own) == "gridCol"]
            elif kind == "tc":
                table.rows.append(RowNode([self._cell(element, 1)]))
            elif kind in _LOOSE:
                self._take(element, loose)
            elif kind == "mc:AlternateContent":
                self._rows(chosen(element), table, loose)
            else:
                self._rows(element, table, loose)

    def _row(self, element: etree._Element, table: TableNode) -> None:
        properties = child(element, "trPr")
        if child(properties, "del") is not None or is_on(properties, "hidden"):
            self.hide(element)
            return
        row = RowNode(
            [],
            max(0, number(value(properties, "gridBefore"))),
            max(0, number(value(properties, "gridAfter"))),
            _width(child(properties, "wBefore")),
        )
        self._cells(element, row, table)
        if row.cells:
            table.rows.append(row)

    def _cells(self, parent: etree._Element, row: RowNode, table: TableNode) -> None:
        for element in parent:
            kind = name_of(element)
            if kind == "tc":
                if child(element, "tcPr", "cellDel") is not None:
                    self.hide(element)
                else:
                    row.cells.append(self._cell(element, len(row.cells) + 1))
            elif kind == "tr":
                self._row(element, table)
            elif kind in _LOOSE:
                loose: list[Item] = []
                self._take(element, loose)
                if loose:  # no cell holds it, but it stands in the row
                    row.cells.append(CellNode(loose, len(row.cells) + 1))
            elif kind == "mc:AlternateContent":
                self._cells(chosen(element), row, table)
            else:
                self._cells(element, row, table)

    def _cell(self, element: etree._Element, at: int) -> CellNode:
        properties = child(element, "tcPr")
        cell = CellNode([], at, max(1, number(value(properties, "gridSpan"), 1)), _width(child(properties, "tcW")))
        cell.down, cell.across = _merge(child(properties, "vMerge")), _merge(child(properties, "hMerge"))
        counting, self._counting = self._counting, self._counting and "continue" not in (cell.down, cell.across)
        self._gather(element, cell.items)
        self._counting = counting
        return cell

    def box(self, element: etree._Element, line: Line) -> None:
        """What a text box holds, or a paragraph within a paragraph, which no Word file should have."""
        if name_of(element) == "txbxContent":
            self._gather(element, line.boxes)
        else:
            self._take(element, line.boxes)


def _merge(element: etree._Element | None) -> Merge:
    if element is None:
        return ""
    return "restart" if attribute(element, "val") == "restart" else "continue"


def _width(element: etree._Element | None) -> int:
    """A width in twips; 0 where it is not said in twips."""
    if element is None or attribute(element, "type") not in (None, "dxa"):
        return 0
    return max(0, number(attribute(element, "w")))
