"""Drawn tables: the cells between the rulings, with the spans that the rulings give them.

A ruling that is missing between two rows makes them one cell; so does a bar that is missing between two columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.delimited import has_form_feeds
from extractors.model import Cell, Doubt, Provenance, SourceDocument, Table
from extractors.plain.columns import Widths
from extractors.plain.frames import FrameLine, frame, is_framed, is_ruled, is_ruling, repaired
from extractors.plain.open_frames import are_rows_open, parse_open
from extractors.plain.pages import Pages
from extractors.textlines import numbered_lines

#: A line of the text: number, page by form feed, content.
_Numbered = tuple[int, int, str]


def rows(text: str) -> int:
    """How many lines of the text belong to drawn tables."""
    return sum(len(piece) for is_table, piece in _pieces(text) if is_table)


def parse(text: str, path: str) -> SourceDocument:
    """The drawn tables of a text and what stands around them."""
    pieces = list(_pieces(text))
    if any(is_table and are_rows_open(piece) for is_table, piece in pieces):
        return parse_open(pieces, has_form_feeds(text), path)
    pages = Pages(has_form_feeds(text))
    for is_table, piece in pieces:
        if not is_table:
            for number, page, content in piece:
                pages.keep(number, page, content)
            continue
        for table in _tables(piece):
            pages.place(table)
    return pages.document(path)


def _pieces(text: str) -> Iterator[tuple[bool, list[_Numbered]]]:
    """The text as drawn tables and what stands between them; a form feed or a blank line ends a table."""
    piece: list[_Numbered] = []
    framed = False
    for number, page, printed in numbered_lines(text):
        whole = None if is_framed(printed) or not framed else repaired(printed)
        own, content = is_framed(printed) or whole is not None, whole or printed
        if piece and (own != framed or (own and page != piece[-1][1])):
            yield _is_table(framed, piece), piece
            piece = []
        framed = own
        piece.append((number, page, content))
    if piece:
        yield _is_table(framed, piece), piece


def _is_table(framed: bool, piece: Sequence[_Numbered]) -> bool:
    return framed and len(piece) > 1 and any(is_ruling(content) for _, _, content in piece)


@dataclass(slots=True)
class _Band:
    """The lines between two rulings: a row of the grid. ``ruled`` are the columns with a ruling above it."""

    ruled: set[int]
    lines: list[FrameLine] = field(default_factory=list)
    #: Lines in which some columns are ruled and others go on: what stands in those belongs to the cells above.
    foot: list[FrameLine] = field(default_factory=list)


def _tables(piece: Sequence[_Numbered]) -> Iterator[Table]:
    """The tables drawn right below each other: a ruling that closes one is followed by that which opens the next."""
    found, n_edges, widths = frame(piece)
    bands: list[_Band] = []
    ruled: set[int] = set()
    after_rule: FrameLine | None = None
    for line in found:
        if line.is_rule:
            if after_rule is not None and line.is_pure and after_rule.is_pure and bands:
                yield from _split(bands, n_edges - 1, widths)
                bands, ruled = [], set()
            ruled |= _ruled_columns(line)
            if not line.is_pure:
                if not bands:
                    bands.append(_Band(set()))
                bands[-1].foot.append(line)
            after_rule = line
            continue
        if after_rule is not None or not bands:
            bands.append(_Band(ruled))
            ruled = set()
        bands[-1].lines.append(line)
        after_rule = None
    if bands:
        yield from _split(bands, n_edges - 1, widths)


def _ruled_columns(line: FrameLine) -> set[int]:
    pairs = zip(pairwise(line.edges), line.texts, strict=True)
    return {col for (a, b), text in pairs if is_ruled(text) for col in range(a, b)}


def _split(bands: Sequence[_Band], n_cols: int, widths: Widths) -> Iterator[Table]:
    """The bands as tables: one whose texts are those of the heading begins another piece of the table."""
    start, heading = 0, _said(bands[0])
    for index in range(1, len(bands)):
        if heading.strip("|") and _said(bands[index]) == heading and bands[index].ruled >= set(range(n_cols)):
            yield _table(bands[start:index], n_cols, widths)
            start = index
    yield _table(bands[start:], n_cols, widths)


def _said(band: _Band) -> str:
    return "|".join("".join("".join(line.texts).split()) for line in band.lines)


def _table(bands: Sequence[_Band], n_cols: int, widths: Widths) -> Table:
    runs = [_runs(band, n_cols) for band in bands]
    doubts: list[Doubt] = []
    open_cells: dict[tuple[int, int], _Drawn] = {}
    drawn: list[_Drawn] = []
    for row, (band, own) in enumerate(zip(bands, runs, strict=True)):
        following: dict[tuple[int, int], _Drawn] = {}
        for run in own:
            above = open_cells.get(run)
            goes_on = row > 0 and not band.ruled & set(range(*run))
            if above is not None and goes_on:
                above.end = row + 1
                following[run] = above
                continue
            following[run] = _Drawn(row, row + 1, run)
            drawn.append(following[run])
            if row and not set(range(*run)) <= band.ruled:
                following[run].unsure = True
        open_cells = following
        _fill(band, following)
    cells = tuple(cell.as_cell(bands, widths) for cell in drawn)
    for cell, made in zip(drawn, cells, strict=True):
        if cell.unsure:
            detail = "no whole ruling parts this cell from those above it, and they are of another width"
            doubts.append(Doubt("span_unsure", detail, (made.provenance,)))
    return Table((bands[0].lines or bands[0].foot)[0].page, len(bands), n_cols, cells, "ruled", doubts=tuple(doubts))


def _runs(band: _Band, n_cols: int) -> list[tuple[int, int]]:
    """The stretches of columns that most lines of a band have no bar in, as (first column, column behind)."""
    counts = [sum(edge in line.edges for line in band.lines or band.foot) for edge in range(n_cols + 1)]
    edges = [edge for edge in range(1, n_cols) if counts[edge] * 2 >= len(band.lines or band.foot)]
    return list(pairwise([0, *edges, n_cols]))


@dataclass(slots=True)
class _Drawn:
    """A cell in the making: its rows, its columns, its lines of text with the room that each had."""

    row: int
    end: int
    run: tuple[int, int]
    lines: list[tuple[int, str, int]] = field(default_factory=list)
    unsure: bool = False

    def as_cell(self, bands: Sequence[_Band], widths: Widths) -> Cell:
        """The cell; line breaks at the end of full lines are wraps."""
        lines = [(number, text, room) for number, text, room in self.lines if text.strip()]
        own = [line for band in bands[self.row : self.end] for line in (*band.lines, *band.foot)]
        first, last = (lines[0][0], lines[-1][0]) if lines else (own[0].number, own[-1].number)
        place = Provenance(own[0].page, None, str(first) if first == last else f"{first}-{last}")
        padding = min((len(text) - len(text.lstrip()) for _, text, _ in lines), default=0)
        text, wraps = "", []
        for index, (_, said, room) in enumerate(lines):
            text += said.strip()
            if index + 1 < len(lines):
                free = room - 2 * padding - widths.length(said.strip())
                if free < _needed(lines[index + 1][1].strip(), widths):
                    wraps.append(len(text))
                text += "\n"
        rows, cols = self.end - self.row, self.run[1] - self.run[0]
        return Cell(text, self.row, self.run[0], rows, cols, place, tuple(wraps))


def _needed(text: str, widths: Widths) -> int:
    """The columns that a line must have free to take the beginning of the next: a character, or a word or number.

    A mark that may not begin a line takes the character before it along.
    """
    word = next((at for at, char in enumerate(text) if not (char.isascii() and char.isalnum())), len(text))
    following = 1 if text[max(word, 1) : max(word, 1) + 1] in "，。；、：）》”%" else 0
    return widths.length(text[: max(word, 1) + following])


def _fill(band: _Band, cells: dict[tuple[int, int], _Drawn]) -> None:
    """Put the texts of a band into its cells; those in a ruling are of the cells that it does not cut."""
    by_col = {col: cell for (a, b), cell in cells.items() for col in range(a, b)}
    for line in (*band.lines, *band.foot):
        for a, text, room in zip(line.edges, line.texts, line.rooms, strict=False):
            if not (line.is_rule and is_ruled(text)) and a in by_col:
                by_col[a].lines.append((line.number, text, room))
