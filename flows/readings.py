"""What was read from a document, page by page, for people to judge: tables, headings, doubts, what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.joining.groups import group_tables, heading_rows
from extractors.model import Bbox, Doubt, LeftOut, LogicalTable, Provenance, SourceDocument, Table, TextBlock
from extractors.stitch import stitch
from normalizers.repair import RECOGNISER


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A doubt and the cells of one physical table (their indices) that it concerns; none: the whole table."""

    doubt: Doubt
    cells: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TableReading:
    """One physical table: how many of its first rows are heading, and the doubts about it.

    ``joined_as`` is the logical table that it is a piece of, from 1.
    """

    table: Table
    heading: int
    doubts: tuple[Doubtful, ...]
    joined_as: int


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything that was read from a page; ``doubts`` are those that concern no table."""

    number: int
    tables: tuple[TableReading, ...]
    blocks: tuple[TextBlock, ...]
    left_out: tuple[LeftOut, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, its logical tables, and for each of their pieces the number of heading rows."""

    document: SourceDocument
    joined: tuple[LogicalTable, ...]
    headings: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, document: SourceDocument) -> Reading:
        """What becomes of a document when its tables are joined."""
        groups = group_tables(document.tables)
        headings = tuple(
            tuple(part.repeated if at else heading_rows(group) for at, part in enumerate(group.parts))
            for group in groups
        )
        return cls(document, tuple(stitch(document.tables)), headings)

    def is_recognised(self, page: PageReading) -> bool:
        """Whether a page was recognised from its picture."""
        places = [block.provenance for block in page.blocks]
        places += [cell.provenance for reading in page.tables for cell in reading.table.cells]
        return any(place.engine == RECOGNISER for place in places)

    def seams(self, number: int) -> tuple[Doubt, ...]:
        """The doubts that joining added to those of the pieces of a logical table, counted from 0."""
        joined = self.joined[number]
        known = {id(doubt) for table in joined.tables for doubt in table.doubts}
        return tuple(doubt for doubt in joined.doubts if id(doubt) not in known)

    def page(self, number: int) -> PageReading:
        """What was read from a page, counted from 1."""
        document = self.document
        of_page = [doubt for doubt in document.doubts if any(place.page == number for place in doubt.places)]
        return PageReading(
            number,
            tuple(self._tables(number)),
            tuple(block for block in document.blocks if block.provenance.page == number),
            tuple(item for item in document.left_out if item.provenance.page == number),
            tuple(of_page),
        )

    def may_be_read(self, page: PageReading) -> bool:
        """Whether a page may be opened again: not one that may have crashed or hung the process that read it."""
        said = page.tables or page.blocks or page.left_out
        return bool(said) or all(doubt.rule != "unreadable_page" for doubt in self.document.doubts)

    def _tables(self, number: int) -> Iterator[TableReading]:
        pieces = {
            id(table): (place, heading)
            for place, (joined, headings) in enumerate(zip(self.joined, self.headings, strict=True))
            for table, heading in zip(joined.tables, headings, strict=True)
        }
        for table in self.document.tables:
            if table.page == number:
                place, heading = pieces[id(table)]
                doubts = [Doubtful(doubt, tuple(cells_at(table, doubt.places))) for doubt in table.doubts]
                seams = [Doubtful(doubt, tuple(cells_at(table, doubt.places))) for doubt in self.seams(place)]
                doubts += [doubtful for doubtful in seams if doubtful.cells]
                yield TableReading(table, heading, tuple(doubts), place + 1)


def cells_at(table: Table, places: Sequence[Provenance]) -> Iterator[int]:
    """The cells of a table that stand in one of the places (or around it), by their indices."""
    exact = {place for place in places if place.page == table.page}
    found = [index for index, cell in enumerate(table.cells) if cell.provenance in exact]
    known = {table.cells[index].provenance for index in found}
    boxes = [place.bbox for place in exact - known if place.bbox is not None]
    for index, cell in enumerate(table.cells):
        box = cell.provenance.bbox
        if cell.provenance in known or (box and any(_meet(box, other) for other in boxes)):
            yield index


def _meet(box: Bbox, other: Bbox) -> bool:
    """Whether the middle of one box lies in the other."""
    return _holds(box, other) or _holds(other, box)


def _holds(box: Bbox, other: Bbox) -> bool:
    x, y = (other.x0 + other.x1) / 2, (other.top + other.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def span_of(first: int, count: int) -> str:
    """Rows or columns as people count them: 3, or 3-5."""
    return str(first + 1) if count == 1 else f"{first + 1}-{first + count}"


def page_ranges(pages: Sequence[int]) -> str:
    """Pages in order, shortened: 1-4, 6."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and runs[-1][-1] == page - 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    return ", ".join("-".join(map(str, run)) for run in runs)
