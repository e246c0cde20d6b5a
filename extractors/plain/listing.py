"""One cell per line, as a table copied from a web page may come: the headings, then the cells row by row.

Merged cells stand once, where they begin. A row begins where a task's number does; which of its columns the other lines
belong to is told by their kind and their order. What stays open is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.delimited import has_form_feeds, is_page_number
from extractors.model import Cell, Doubt, Provenance, SourceDocument, Table
from extractors.plain.kinds import SUITS, Column, Kind, kind_of, tokens
from extractors.plain.pages import Pages
from extractors.plain.placing import Placing, place_lines
from extractors.textlines import numbered_lines

_BRACKETED = re.compile(r"[（(]\s*(\d{1,4})\s*[)）]\s*\S")
_DOTTED = re.compile(r"(\d{1,4})\s*(?:[、．]|\.(?!\d))\s*\S")
_ALONE = re.compile(r"(\d{1,4})[.、．]?")
#: So many headings make a table, and so many rows.
_FEWEST_LABELS, _FEWEST_ROWS = 3, 3
_MAX_LABEL = 20
#: Blank lines part the cells where so large a share of the lines stands behind one.
_MOST_PARTED = 0.6
#: Columns whose cells list names, which may stand on lines of their own.
_LISTS: tuple[Kind, ...] = ("name", "unit")
#: A line is surely of a kind; and so many rows that have one line for each column of a kind show that cells are lines.
_SURELY, _FEWEST_WHOLE = 0.65, 5
_NOTE = re.compile(r"(注|说明|备注|附注)\s*\d?\s*[:：]|附件|附表|(联系|填报|制表|审核|签发|印发)\S{0,4}[:：]")


@dataclass(slots=True)
class Said:
    """A line that is not blank, or several lines that are one cell."""

    number: int
    last: int
    page: int
    text: str


@dataclass(slots=True)
class _Row:
    """A row in the making: for each column its lines, and the columns that are in doubt."""

    cells: dict[int, list[Said]] = field(default_factory=dict)
    doubts: list[tuple[Said, int, int]] = field(default_factory=list)


def parse(text: str, path: str) -> SourceDocument | None:
    """The table of a text with one cell per line and what stands around it; None when it is no such text."""
    lines, whole = _lines(text)
    heading = _heading(lines)
    if heading is None:
        return None
    start, end = heading
    labels = [line.text for line in lines[start:end]]
    feeds = has_form_feeds(text)
    marks = [line for line in lines[end:] if is_page_number(line.text) and _is_mark(line.text)]
    repeats = _repeats(lines, end, labels)
    notes = _notes(lines)
    _turn_pages(lines, {at for at in repeats if lines[at].text == labels[0]}, marks, feeds)
    body = [line for at, line in enumerate(lines[end:notes], end) if line not in marks and at not in repeats]
    kinds = [Column(kind_of(label) or "other") for label in labels]
    starts, key = _starts(body, kinds)
    if key is None or len(starts) < _FEWEST_ROWS:
        return None
    table = _table(lines[start:end], body, starts, Placing(kinds, key, whole))
    pages = Pages(form_feeds=True)
    _keep(lines[:start], pages)
    pages.place_whole(table)
    _keep([line for at, line in enumerate(lines[end:], end) if line in marks or at in repeats or at >= notes], pages)
    return pages.document(path)


def _turn_pages(lines: Sequence[Said], tops: set[int], marks: Sequence[Said], form_feeds: bool) -> None:
    """Give the lines their pages; without form feeds page numbers and repeated headings tell them."""
    page, ended = 1, False
    numbers = {mark.number for mark in marks}
    for at, line in enumerate(lines):
        if not form_feeds:
            if at in tops or (ended and line.number not in numbers):
                page += 1
                ended = False
            line.page = page
            ended = ended or line.number in numbers


def _keep(lines: Sequence[Said], pages: Pages) -> None:
    for line in lines:
        for offset, text in enumerate(line.text.split("\n")):
            pages.keep(line.number + offset, line.page, text)


def _lines(text: str) -> tuple[list[Said], bool]:
    """The lines that are not blank, and whether blank lines part the cells, so that each text is a whole cell."""
    lines: list[Said] = []
    blocks: list[Said] = []
    blank = True
    for number, page, content in numbered_lines(text):
        said = " ".join(content.split())
        if said:
            lines.append(Said(number, number, page, said))
            if blank or page != blocks[-1].page:
                blocks.append(lines[-1])
            else:
                blocks[-1] = Said(blocks[-1].number, number, page, f"{blocks[-1].text}\n{said}")
        blank = not said
    whole = len(blocks) > _MOST_PARTED * len(lines)
    return (blocks, True) if whole else (lines, False)


def _is_mark(text: str) -> bool:
    """Whether a page number says that it is one: digits alone may be the number of a task."""
    return not text.strip().isdecimal()


def _heading(lines: Sequence[Said]) -> tuple[int, int] | None:
    """The lines that are the headings: the first run of lines that all name kinds of columns, others between them.

    One names the tasks, one those who carry them; a line among them that names nothing known is a heading, too.
    """
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and len(lines[end].text) <= _MAX_LABEL and kind_of(lines[end].text) is not None:
            end += 1
        kinds = {kind_of(line.text) for line in lines[at:end]}
        distinct = {line.text for line in lines[at:end]}
        if end - at >= _FEWEST_LABELS and "content" in kinds and kinds & {"unit", "name"} and len(distinct) == end - at:
            return at, end
        at = max(end, at + 1)
    return None


def _repeats(lines: Sequence[Said], end: int, labels: Sequence[str]) -> set[int]:
    """The lines below the heading that repeat it."""
    found: set[int] = set()
    for at in range(end, len(lines) - len(labels) + 1):
        if [line.text for line in lines[at : at + len(labels)]] == list(labels):
            found |= set(range(at, at + len(labels)))
    return found


def _notes(lines: Sequence[Said]) -> int:
    """Where the notes below the table begin: a line like 注：… behind which no row begins any more."""
    for at in range(len(lines) - 1, -1, -1):
        if _BRACKETED.match(lines[at].text):
            break
        if _NOTE.match(lines[at].text):
            return at
    return len(lines)


def _starts(body: Sequence[Said], kinds: Sequence[Column]) -> tuple[list[int], int | None]:
    """The lines at which rows begin and the column that numbers them: numbers that go on counting.

    Numbers before the texts of the tasks go before numbers alone: those may count categories.
    """
    columns = [column.kind for column in kinds]
    for pattern, kind in ((_BRACKETED, "content"), (_DOTTED, "content"), (_ALONE, "number")):
        found = [(at, int(m[1])) for at, line in enumerate(body) if (m := _match(pattern, line.text))]
        starts: list[int] = []
        last = 0
        for at, number in found:
            if number == last + 1 or (starts and last < number <= last + 3 and pattern is _BRACKETED):
                starts.append(at)
                last = number
        if len(starts) >= max(_FEWEST_ROWS, len(found) / 2) and kind in columns:
            return starts, columns.index(kind)
    return [], None


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return pattern.fullmatch(text) if pattern is _ALONE else pattern.match(text)


def _table(heading: Sequence[Said], body: Sequence[Said], starts: Sequence[int], placing: Placing) -> Table:
    """The table: each line between two beginnings of rows in a column of the one or a label of the other."""
    edges = [0, *starts, len(body)] if starts[0] else [*starts, len(body)]
    stretches = [body[a:b] for a, b in pairwise(edges)]
    first, *rest = stretches if starts[0] else [[], *stretches]
    placing.whole_kinds = frozenset(kind for kind in _LISTS if _stands_whole(kind, rest, placing.columns))
    _learn(rest, placing)
    rows = [_Row()]
    _take(rows[0], None, first, place_lines(_texts(first), placing, opening=True))
    for index, stretch in enumerate(rest):
        following = _Row() if index + 1 < len(rest) else None
        _take(rows[-1], following, stretch, place_lines(_texts(stretch), placing, last=following is None))
        if following is not None:
            rows.append(following)
    return _built(heading, rows, placing.columns)


def _learn(stretches: Sequence[Sequence[Said]], placing: Placing) -> None:
    """Note what stands in rows that have a text for each column, so that each is in its own."""
    columns = placing.columns[placing.key :]
    for stretch in stretches if placing.whole or len(placing.whole_kinds) == len(_LISTS) else ():
        if len(stretch) >= len(columns) and all(
            column.suits(line.text) >= SUITS for column, line in zip(columns[1:], stretch[1:], strict=False)
        ):
            for column, line in zip(columns[1:], stretch[1:], strict=False):
                column.learn(line.text)


def _stands_whole(kind: Kind, stretches: Sequence[Sequence[Said]], columns: Sequence[Column]) -> bool:
    """Whether each line of a kind is a whole cell: no row has more of them than columns, and some have as many.

    Where the names of a cell stood on lines of their own, some row of a longer table would have more; where there are
    several columns, a line with several names has to show that they stand on one.
    """
    own = sum(column.kind == kind for column in columns)
    probe = Column(kind)
    lines = [[line.text for line in stretch[1:] if probe.suits(line.text) >= _SURELY] for stretch in stretches]
    lists = sum(len(tokens(text)) > 1 for row in lines for text in row)
    counts = [len(row) for row in lines]
    return 0 < own == max(counts, default=0) and counts.count(own) >= _FEWEST_WHOLE and (own == 1 or lists > 1)


def _texts(lines: Sequence[Said]) -> list[str]:
    return [line.text for line in lines]


def _take(row: _Row, following: _Row | None, stretch: Sequence[Said], placed: Sequence[tuple[int, int | None]]) -> None:
    """Put lines into the columns found for them; a negative column is one of the next row."""
    for line, (col, rival) in zip(stretch, placed, strict=True):
        own, at = (following or row, -1 - col) if col < 0 else (row, col)
        own.cells.setdefault(at, []).append(line)
        if rival is not None:
            own.doubts.append((line, at, rival if rival >= 0 else -1 - rival))


def _built(heading: Sequence[Said], rows: Sequence[_Row], kinds: Sequence[Column]) -> Table:
    labels = [col for col, column in enumerate(kinds) if column.kind == "label" and col < _content(kinds)]
    levels = 1
    if len(labels) == 1:
        levels = max((len(row.cells.get(labels[0], [])) for row in rows), default=1) or 1
        levels = min(levels, 2)
    extra = levels - 1
    split = labels[0] if extra else len(kinds)
    n_cols = len(kinds) + extra
    cells, doubts = [], []
    for col in range(n_cols):
        source = col if col <= split else col - extra
        line = heading[source] if not (extra and col == split + 1) else None
        place = Provenance(heading[0].page, None, str((line or heading[split]).number))
        cells.append(Cell(line.text if line else "", 0, col, 1, 1, place))
    for index, row in enumerate(rows, 1):
        own = [line for lines in row.cells.values() for line in lines]
        begin = min(own, key=lambda line: line.number) if own else heading[-1]
        home = Provenance(begin.page, None, str(begin.number))
        placed = _spread(row, split, extra, numbered=0 in row.cells and kinds[0].kind == "number")
        for col in range(n_cols):
            lines = placed.get(col, [])
            place = _place(lines) if lines else home
            cells.append(Cell("\n".join(line.text for line in lines), index, col, 1, 1, place))
        for line, col, rival in row.doubts:
            detail = (
                f"{line.text[:30]} was read under {heading[min(col, len(heading) - 1)].text}, but could as well stand "
                f"under {heading[min(rival, len(heading) - 1)].text}"
            )
            at = col + extra if col > split else col
            doubts.append(Doubt("ambiguous_alignment", detail, (_place(placed.get(at) or [line]),)))
    fields = (n_cols,) * (len(rows) + 1)
    return Table(heading[0].page, len(rows) + 1, n_cols, tuple(cells), "delimited", fields, "", doubts=tuple(doubts))


def _content(kinds: Sequence[Column]) -> int:
    return next(col for col, column in enumerate(kinds) if column.kind == "content")


def _spread(row: _Row, split: int, extra: int, numbered: bool) -> dict[int, list[Said]]:
    """The cells of a row by column where one heading stands over two levels of labels.

    A numbered row begins a category; a label alone in another one is of the level below.
    """
    placed: dict[int, list[Said]] = {}
    for col, lines in row.cells.items():
        if not extra or col < split:
            placed[col] = lines
        elif col > split:
            placed[col + extra] = lines
        elif len(lines) > 1:
            placed[split], placed[split + 1] = lines[:1], lines[1:]
        else:
            placed[split if numbered else split + 1] = lines
    return placed


def _place(lines: Sequence[Said]) -> Provenance:
    first, last = lines[0].number, lines[-1].last
    return Provenance(lines[0].page, None, str(first) if first == last else f"{first}-{last}")
