"""What was read, on the terminal: pages with their tables drawn as grids, doubts, what was left out, the joining."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from extractors.model import Doubt, JoinedCell, LogicalTable, Provenance
from flows.gridtext import draw, printable, shortened
from flows.readings import PageReading, Reading, TableReading, cells_at, page_ranges, span_of

if TYPE_CHECKING:
    from flows.pageview import PageView

#: Of what is listed (joined cells, texts left out, places of a doubt) at most so many.
_LISTED, _PLACES = 12, 4


def report_page(console: Console, page: PageReading, view: PageView | None, pages: int) -> None:
    """One page: a line that sums it up, its tables, its doubts, and what stands outside of the tables."""
    console.print()
    name = f"page {page.number} of {pages}" if pages else "the document (its format has no pages)"
    console.print(Text(name, "bold").append(" · ", "").append_text(_sum(page, view)))
    for number, reading in enumerate(page.tables, 1):
        _report_table(console, reading, number)
    for doubt in page.doubts:
        _item(console, Text(f"{doubt.rule}: ", "bold red").append(printable(doubt.detail), ""))
    texts = [printable(block.text) for block in page.blocks]
    _listed(console, "text outside the tables", [Text(text) for text in texts])
    counts = Counter((item.kind, printable(item.text)) for item in page.left_out)
    _listed(console, "left out", [_left_out(kind, text, count) for (kind, text), count in counts.items()])


def _sum(page: PageReading, view: PageView | None) -> Text:
    parts = []
    if view is not None:
        parts.append(f"{view.width:.0f} x {view.height:.0f} pt")
        parts += [f"text upright after a turn of {view.turn}°"] if view.turn else []
        parts.append(_count(view.characters, "character"))
        parts.append(f"{len(view.horizontal)} horizontal and {_count(len(view.vertical), 'vertical ruling')}")
    parts.append(_count(len(page.tables), "table"))
    kinds = Counter(item.kind for item in page.left_out)
    parts += [f"left out: {', '.join(f'{count} {kind}' for kind, count in kinds.items())}"] if kinds else []
    doubts = len(page.doubts) + sum(len(reading.doubts) for reading in page.tables)
    line = Text(" · ".join([*parts, ""]))
    return line.append(_count(doubts, "doubt"), "bold red" if doubts else "")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _report_table(console: Console, reading: TableReading, number: int) -> None:
    table = reading.table
    merged = sum(cell.row_span * cell.col_span > 1 for cell in table.cells)
    engines = sorted({cell.provenance.engine or "fenjie" for cell in table.cells} - {"fenjie"})
    facts = [
        f"table {number}: {_count(table.n_rows, 'row')} x {_count(table.n_cols, 'column')}",
        f"{_count(len(table.cells), 'cell')}, {merged} merged" if merged else _count(len(table.cells), "cell"),
        *([f"columns from {'tabs' if table.form == 'delimited' else table.form}"] if table.form != "ruled" else []),
        *([f"read by {', '.join(engines)}"] if engines else []),
        f"{_count(reading.heading, 'heading row')}",
        f"part of joined table {reading.joined_as}",
    ]
    console.print()
    console.print(Text(" · ".join(facts), "bold"))
    marks: dict[int, str] = {}
    for place, doubtful in enumerate(reading.doubts, 1):
        for index in doubtful.cells:
            marks[index] = marks.get(index, "") + f"[{place}]"
    for line in draw(table, console.width, reading.heading, marks):
        console.print(line, no_wrap=True, crop=False, overflow="ignore")
    for place, doubtful in enumerate(reading.doubts, 1):
        where = _where(reading, doubtful.cells)
        text = Text(f"[{place}] {doubtful.doubt.rule}", "bold red")
        _item(console, text.append(f" {where}: {printable(doubtful.doubt.detail)}", ""))


def _where(reading: TableReading, cells: Sequence[int]) -> str:
    if not cells:
        return "the whole table"
    said = []
    for index in cells[:_PLACES]:
        cell = reading.table.cells[index]
        said.append(f"row {span_of(cell.row, cell.row_span)} column {span_of(cell.col, cell.col_span)}")
    rest = len(cells) - _PLACES
    return "; ".join(said) + (f" and {rest} more" if rest > 0 else "")


def _left_out(kind: str, text: str, count: int) -> Text:
    return Text(f"{kind}: ", "dim").append(text, "").append(f" (x{count})" if count > 1 else "", "dim")


def _listed(console: Console, title: str, items: Sequence[Text]) -> None:
    """A short list, an item a line; nothing when there are no items."""
    if not items:
        return
    console.print(Text(title, "bold"))
    for item in items[:_LISTED]:
        line = item if cell_len(item.plain) <= console.width - 2 else Text(shortened(item.plain, console.width - 2))
        console.print(Text("  ").append_text(line), no_wrap=True, crop=False, overflow="ignore")
    if len(items) > _LISTED:
        console.print(f"  … and {len(items) - _LISTED} more")


def _item(console: Console, text: Text) -> None:
    """A paragraph, indented."""
    for line in text.wrap(console, console.width - 2):
        line.rstrip()
        console.print(Text("  ").append_text(line), no_wrap=True, crop=False, overflow="ignore")


def report_joining(console: Console, reading: Reading, pages: Sequence[int]) -> None:
    """How the physical tables became logical ones; with ``pages``, of what was joined only that on these pages."""
    console.print()
    console.print(Text("joined over pages", "bold").append(f" · {_count(len(reading.joined), 'table')}", ""))
    for number, joined in enumerate(reading.joined):
        console.print()
        _report_joined(console, reading, number)
        cut = [cell for cell in joined.cells if len(cell.provenance) > 1 and _touches(cell.provenance, pages)]
        _listed(console, f"{_count(len(cut), 'cell')} joined from several places", [_joined_cell(c) for c in cut])
        for doubt in reading.seams(number):
            if _touches(doubt.places, pages):
                _item(console, Text(doubt.rule, "bold red").append(f" {_spot(joined, doubt)}", ""))


def report_elsewhere(console: Console, reading: Reading, shown: Sequence[int]) -> None:
    """The doubts about pages that are not shown and concern no table: a page that could not be read, a scan."""
    for doubt in reading.document.doubts:
        if not doubt.places or not _touches(doubt.places, shown):
            console.print()
            _item(console, Text(f"{doubt.rule}: ", "bold red").append(printable(doubt.detail), ""))


def _report_joined(console: Console, reading: Reading, number: int) -> None:
    joined, headings = reading.joined[number], reading.headings[number]
    where = page_ranges([table.page for table in joined.tables])
    pieces = f", from {len(joined.tables)} pieces" if len(joined.tables) > 1 else ""
    size = f"{_count(joined.n_rows, 'row')} x {_count(joined.n_cols, 'column')}"
    plural = "s" if len({table.page for table in joined.tables}) > 1 else ""
    console.print(Text(f"table {number + 1}: {size} on page{plural} {where}{pieces}", "bold"))
    rows = max(headings, default=0)
    labels = [printable(cell.text.replace("\n", "")) for cell in joined.cells if cell.row < rows and cell.text]
    said = f"heading of {_count(rows, 'row')}: {' | '.join(labels)}" if rows else "no heading row was recognised"
    _listed_line(console, said)
    repeats = [table.page for table, heading in list(zip(joined.tables, headings, strict=True))[1:] if heading]
    if repeats:
        _listed_line(console, f"repeated heading dropped on {_count(len(repeats), 'page')}: {page_ranges(repeats)}")


def _listed_line(console: Console, text: str) -> None:
    console.print("  " + shortened(text, console.width - 2), no_wrap=True, crop=False)


def _touches(places: Iterable[Provenance], pages: Sequence[int]) -> bool:
    return not pages or any(place.page in pages for place in places)


def _joined_cell(cell: JoinedCell) -> Text:
    where = f"row {span_of(cell.row, cell.row_span)} column {span_of(cell.col, cell.col_span)}"
    pages = page_ranges([place.page for place in cell.provenance if place.page])
    return Text(f"{where}, page {pages}: " if pages else f"{where}: ").append(
        printable(cell.text.replace("\n", "↵")) or "(blank)"
    )


def _spot(joined: LogicalTable, doubt: Doubt) -> str:
    """Where a doubt of the joining stands: the cells' places in the pieces."""
    said = []
    for table in joined.tables:
        for index in cells_at(table, doubt.places):
            cell = table.cells[index]
            page = f"page {table.page} " if table.page else ""
            said.append(f"{page}row {cell.row + 1} column {cell.col + 1}")
    return f"{'; '.join(said[:_PLACES])}: {printable(doubt.detail)}"
