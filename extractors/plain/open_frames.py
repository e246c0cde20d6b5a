"""Drawn tables whose rows no ruling parts: bars give the columns, and a row begins where a number does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.delimited import parse_lines
from extractors.model import Doubt, SourceDocument, Table
from extractors.plain.frames import FrameLine, frame, is_ruled
from extractors.plain.rowgroups import Printed, find_starts, group
from extractors.textlines import Line

#: Rows are not ruled where the stretches between rulings have so many numbered lines or more on average.
_ROWS_A_BAND = 1.5


def are_rows_open(piece: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the rulings of a drawn table part no rows: most stretches between them hold several numbered lines."""
    found, n_edges, _ = frame(piece)
    bands = _bands(found)
    starts, _ = find_starts([line for band in bands for line in band], n_edges - 1)
    of_line = [at for at, band in enumerate(bands) for _ in band]
    begun = {of_line[at] for at in starts}
    return bool(starts) and len(starts) >= _ROWS_A_BAND * len(begun)


def parse_open(pieces: Sequence[tuple[bool, Sequence[tuple[int, int, str]]]], feeds: bool, path: str) -> SourceDocument:
    """The tables and texts of such a document."""
    lines: list[Line] = []
    unsure: dict[int, str] = {}
    for is_table, piece in pieces:
        if not is_table:
            lines += [Line(number, number, page, [content.replace("\t", " ")]) for number, page, content in piece]
            continue
        found, n_edges, _ = frame(piece)
        bands = _bands(found)
        starts, key = find_starts([line for band in bands for line in band], n_edges - 1)
        first = 0
        for band in bands:
            own = [at - first for at in starts if first <= at < first + len(band)]
            groups = group(band, n_edges - 1, own, key)
            lines += groups.rows
            unsure |= groups.unsure
            first += len(band)
    document = parse_lines(lines, feeds, path)
    return replace(document, tables=tuple(doubted(table, unsure) for table in document.tables))


def _bands(found: Sequence[FrameLine]) -> list[list[Printed]]:
    """The lines between the rulings; what stands beside a ruling is of the line before."""
    bands: list[list[Printed]] = []
    open_band = False
    for line in found:
        parts = {
            col: text.strip()
            for col, text in zip(line.edges, line.texts, strict=False)
            if text.strip() and not (line.is_rule and is_ruled(text))
        }
        if line.is_rule and not parts:
            open_band = False
            continue
        if not open_band:
            bands.append([])
        bands[-1].append(Printed(line.number, line.page, parts))
        open_band = not line.is_rule
    return bands


def doubted(table: Table, unsure: dict[int, str]) -> Table:
    """A table with the doubts about its rows, which their first lines tell."""
    doubts = []
    seen = set()
    for cell in table.cells:
        first = int((cell.provenance.line or "0").split("-")[0])
        if first in unsure and first not in seen:
            seen.add(first)
            doubts.append(Doubt("span_unsure", unsure[first], (cell.provenance,)))
    return replace(table, doubts=(*table.doubts, *doubts))
