"""Characters that the recogniser is unsure of, as doubts of the cells that they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from unicodedata import normalize

from extractors.model import Bbox, Cell, Doubt, Provenance, Table
from extractors.pdf.tables import PageContent
from extractors.pdf.upright import displayed
from extractors.scan.model import Glyph, Recognised

#: A character is unsure whose confidence is lower than this: of those that are right, hardly one is.
_SURE = 0.8
#: Marks that are taken for each other where they are faint; others are told by what stands around them.
_STOPS = "，、。：；.·"
#: The rules of such doubts, for a digit and for any other character.
NUMBER, CHARACTER = "uncertain_number", "uncertain_character"
#: So much of the text around a character is shown.
_AROUND = 6


def with_doubts(content: PageContent, found: Recognised) -> PageContent:
    """The page with a doubt for each cell, and for each line around the tables, that has unsure characters."""
    scale = 72 / found.dpi
    unsure = [
        (index, (glyph.x0 + glyph.x1) / 2 * scale, (glyph.top + glyph.bottom) / 2 * scale)
        for index, glyph in enumerate(found.glyphs)
        if is_unsure(glyph)
    ]
    if not unsure:
        return content
    tables, rest = [], unsure
    for table in content.tables:
        cells: dict[Provenance, list[int]] = {}
        outside = []
        for index, x, y in rest:
            cell = _cell_at(table, x, y)
            if cell is None:
                outside.append((index, x, y))
            else:
                cells.setdefault(cell.provenance, []).append(index)
        rest = outside
        doubts = [_doubt(found.glyphs, indices, place) for place, indices in cells.items()]
        tables.append(replace(table, doubts=(*table.doubts, *doubts)))
    lines: dict[int, list[int]] = {}
    for index, _, _ in rest:
        lines.setdefault(found.glyphs[index].line, []).append(index)
    doubts = [_doubt(found.glyphs, own, _place(found.glyphs, own, content, scale)) for own in lines.values()]
    return replace(content, tables=tuple(tables), doubts=(*content.doubts, *doubts))


def is_unsure(glyph: Glyph) -> bool:
    """Whether it is unsure which character this is.

    Full- and half-width forms are one, and most marks are told by what stands around them: neither is a doubt.
    """
    others = _others(glyph)
    if glyph.confidence >= _SURE or not others:
        return False
    pair = (glyph.text, others[0])
    return any(text.isalnum() for text in pair) or all(text in _STOPS for text in pair)


def _others(glyph: Glyph) -> list[str]:
    """What a character may be instead, its own full- or half-width form left out."""
    return [text for text in glyph.others if _plain(text) != _plain(glyph.text)]


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()


def _cell_at(table: Table, x: float, y: float) -> Cell | None:
    """The cell at a place of the straightened page."""
    columns, rows = table.columns, table.rows
    if not columns or not (columns[0] <= x <= columns[-1] and rows[0] <= y <= rows[-1]):
        return None
    return next(
        (
            cell
            for cell in table.cells
            if columns[cell.col] <= x <= columns[cell.col + cell.col_span]
            and rows[cell.row] <= y <= rows[cell.row + cell.row_span]
        ),
        None,
    )


def _doubt(glyphs: Sequence[Glyph], indices: Sequence[int], place: Provenance) -> Doubt:
    said = "; ".join(_said(glyphs, index) for index in indices)
    is_number = any(_is_digit(glyphs[index]) for index in indices)
    return Doubt(NUMBER if is_number else CHARACTER, f"not surely recognised: {said}", (place,))


def _is_digit(glyph: Glyph) -> bool:
    return glyph.text.isdecimal() or "".join(_others(glyph)[:1]).isdecimal()


def _said(glyphs: Sequence[Glyph], index: int) -> str:
    """An unsure character between those beside it in its line, and what it may be instead."""
    glyph = glyphs[index]
    before, after = _beside(glyphs, index, -1), _beside(glyphs, index, 1)
    around = f"{''.join(reversed(list(before)))}[{glyph.text}]{''.join(after)}"
    others = " or ".join(_others(glyph))
    return f"{around} ({glyph.confidence:.0%}; it may be {others})"


def _beside(glyphs: Sequence[Glyph], index: int, step: int) -> Iterator[str]:
    for at in range(index + step, index + step * (_AROUND + 1), step):
        if not (0 <= at < len(glyphs) and glyphs[at].line == glyphs[index].line):
            return
        yield glyphs[at].text


def _place(glyphs: Sequence[Glyph], indices: Sequence[int], content: PageContent, scale: float) -> Provenance:
    own = [glyphs[index] for index in indices]
    box = Bbox(
        min(g.x0 for g in own) * scale,
        min(g.top for g in own) * scale,
        max(g.x1 for g in own) * scale,
        max(g.bottom for g in own) * scale,
    )
    return Provenance(content.page.number, displayed(box, content.page), engine=content.page.engine)
