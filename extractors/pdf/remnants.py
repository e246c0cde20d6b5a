"""Rows of a table without rulings that a page break cuts: what is left of one at the head of the next page.

On that page alone a few lines in one or two columns are no table. Only the page before shows that its table ends in the
middle of a row, and in which columns the lines stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.model import Bbox, Cell, Doubt, Provenance, Table
from extractors.pdf.common_columns import Reach, reaches
from extractors.pdf.content import Page
from extractors.pdf.grid import point
from extractors.pdf.margins import find_margins
from extractors.pdf.phrases import Band, Phrase
from extractors.pdf.tables import PageContent, is_unruled
from extractors.pdf.upright import displayed
from extractors.sentences import ends_sentence

#: Text may reach so far over the text of its column, in points.
_SLACK = 1.5
#: Lines of a row are at most so many heights apart; the table below begins within as many.
_APART = 3.0
#: A table that goes on over the page reaches so far down at least, as a share of the page's height.
_FOOT = 0.75
#: Where a number stands alone a row begins, and a date alone is that of a letter.
_NO_REST = re.compile(r"\d+[.、．]?|\d{4}年\d{1,2}月\d{1,2}日")

#: A list goes on behind these; texts longer than this, in characters, are sentences.
_LISTED, _LONG = ("、", "，", ","), 20


def with_cut_rows(pages: Sequence[PageContent]) -> list[PageContent]:
    """The pages with what is left of a row at the head of a page in the table that it belongs to, as its first row."""
    result = list(pages)
    if not any(content.head for content in pages):
        return result
    margins = find_margins(pages)
    for at in range(1, len(result)):
        before, content = result[at - 1], result[at]
        own = margins[content.page.number]
        if content.head and before.tables and _reaches_foot(before, margins[before.page.number]):
            result[at] = _completed(before.tables[-1], content, own)
    return result


def _reaches_foot(content: PageContent, margins: Collection[int]) -> bool:
    """Whether a table without rulings goes down to the foot of its page, with nothing below it."""
    table = content.tables[-1]
    if not is_unruled(table) or not table.rows or content.page.number != table.page:
        return False
    below = [line for index, line in enumerate(content.lines) if index not in margins and line.top > table.rows[-1]]
    return not below and table.rows[-1] >= _FOOT * content.page.height


def _completed(before: Table, content: PageContent, margins: Collection[int]) -> PageContent:
    """A page whose head may have the rest of the last row of the table ``before``."""
    table = content.tables[0] if content.tables else None
    if content.page.number != before.page + 1 or (table is not None and not _goes_on(before, table)):
        return content
    lines = [content.lines[index] for index in margins]
    bands = [band for band in content.head if not any(band.top < (p.top + p.bottom) / 2 < band.bottom for p in lines)]
    columns = reaches(before)
    rest = _rest(bands, columns)
    titles = _titles(bands[len(rest) :], columns) if table else []
    above = [*rest, *titles]
    if not rest or not _near(above) or (table and (len(above) < len(bands) or not _is_near(above[-1], table.rows[0]))):
        return content
    used = (above[0].top, above[-1].bottom)
    new = _table(before, table, rest, titles, columns, content.page)
    new = replace(new, doubts=(*new.doubts, *_unsure(before, new)))
    left = tuple(line for line in content.lines if not used[0] < (line.top + line.bottom) / 2 < used[1])
    return replace(content, tables=(new, *content.tables[1:]), lines=left)


def _goes_on(before: Table, table: Table) -> bool:
    """Whether a table has the columns of the one on the page before and no heading of its own."""
    labels = [cell.text for cell in table.cells if cell.row == 0 and cell.text]
    same = is_unruled(table) and table.columns == before.columns and bool(table.rows)
    return same and not (len(labels) == table.n_cols and could_be_heading(labels))


def _rest(bands: Sequence[Band], columns: Sequence[Reach | None]) -> list[Band]:
    """The first lines whose phrases each stand in one column, up to a title; none where a number or date follows."""
    rest: list[Band] = []
    for band in bands:
        if any(_NO_REST.fullmatch(phrase.text) for phrase in band.phrases):
            return []
        if None in [_column(phrase, columns) for phrase in band.phrases] or _is_title(band, columns):
            break
        rest.append(band)
    return rest


def _titles(bands: Sequence[Band], columns: Sequence[Reach | None]) -> list[Band]:
    titles: list[Band] = []
    for band in bands:
        if not _is_title(band, columns):
            break
        titles.append(band)
    return titles


def _is_title(band: Band, columns: Sequence[Reach | None]) -> bool:
    """Whether a line is the title of a part of the table: it begins in the first column, or stands over several."""
    title = band.phrases[0]
    if len(band.phrases) > 1 or not PART_NUMBER.match(title.text):
        return False
    first = columns[0]
    return _column(title, columns) is None or (first is not None and title.x0 <= first[1])


def _column(phrase: Phrase, columns: Sequence[Reach | None]) -> int | None:
    """The column in whose text a phrase stands."""
    inside = (
        col for col, own in enumerate(columns) if own and own[0] - _SLACK <= phrase.x0 and phrase.x1 <= own[1] + _SLACK
    )
    return next(inside, None)


def _near(bands: Sequence[Band]) -> bool:
    return all(below.top - above.bottom <= _APART * below.height for above, below in pairwise(bands))


def _is_near(band: Band, top: float) -> bool:
    return top - band.bottom <= _APART * band.height


def _table(
    before: Table,
    table: Table | None,
    rest: Sequence[Band],
    titles: Sequence[Band],
    columns: Sequence[Reach | None],
    page: Page,
) -> Table:
    """The table with the rest of a row and the titles below it as its first rows."""
    groups = [list(rest), *([title] for title in titles)]
    edges = _edges(groups, table)
    cells: list[Cell] = []
    for row, bands in enumerate(groups):
        if row:
            spans = {(0, len(columns)): list(bands[0].phrases)}
        else:
            spans = {(col, 1): _of_column(bands, col, columns) for col in range(len(columns))}
        for (col, span), phrases in spans.items():
            box = Bbox(before.columns[col], edges[row], before.columns[col + span], edges[row + 1])
            cells.append(_cell(row, col, span, phrases, columns[col] if span == 1 else None, box, page))
    if table is None:
        doubt = Doubt("unruled_table", f"the row at the head of page {page.number} was read as the rest of one before")
        return Table(
            page.number, len(groups), len(columns), tuple(cells), before.form,
            columns=before.columns, rows=tuple(edges), doubts=(doubt,),
        )  # fmt: skip
    cells += [replace(cell, row=cell.row + len(groups)) for cell in table.cells]
    return replace(
        table, n_rows=table.n_rows + len(groups), cells=tuple(cells), rows=(*edges[:-1], *table.rows), caption=""
    )


def _unsure(before: Table, new: Table) -> Iterator[Doubt]:
    """That the first row of a table goes on with the last one before it, where no text of that one is unfinished."""
    rest = [cell for cell in new.cells if cell.row == 0 and cell.text]
    last = {cell.col: cell.text for cell in before.cells if cell.row + cell.row_span == before.n_rows}
    holds_sentences = any(ends_sentence(cell.text) for cell in before.cells)
    for cell in rest:
        above = last.get(cell.col, "")
        is_list_open = above.endswith(_LISTED)
        is_sentence_open = holds_sentences and len(above) > _LONG and not ends_sentence(above)
        if is_list_open or is_sentence_open:
            return
    said = f"{rest[0].text[:30]} at the head of the page was read as the rest of the last row of the page before"
    yield Doubt("uncertain_join", said, tuple(cell.provenance for cell in rest))


def _edges(groups: Sequence[Sequence[Band]], table: Table | None) -> list[float]:
    """The borders of the new rows; the last one is the first of the table."""
    between = [(above[-1].bottom + below[0].top) / 2 for above, below in pairwise(groups)]
    last = table.rows[0] if table else groups[-1][-1].bottom
    return [point(edge) for edge in (groups[0][0].top, *between, last)]


def _of_column(bands: Sequence[Band], col: int, columns: Sequence[Reach | None]) -> list[Phrase]:
    return [phrase for band in bands for phrase in band.phrases if _column(phrase, columns) == col]


def _cell(row: int, col: int, span: int, phrases: Sequence[Phrase], reach: Reach | None, box: Bbox, page: Page) -> Cell:
    where = Provenance(page.number, displayed(box, page), engine=page.engine)
    if not phrases:
        return Cell("", row, col, 1, span, where)
    text, wraps = phrases[0].text, []
    for above, below in pairwise(phrases):
        # A line is full when the next one's first word would not have had room behind it.
        if reach is None or above.x1 - above.x0 + below.first > reach[1] - reach[0] + _SLACK:
            wraps.append(len(text))
        text += f"\n{below.text}"
    ink = Bbox(
        point(min(phrase.x0 for phrase in phrases)), point(phrases[0].top),
        point(max(phrase.x1 for phrase in phrases)), point(phrases[-1].bottom),
    )  # fmt: skip
    return Cell(text, row, col, 1, span, where, tuple(wraps), ink)
