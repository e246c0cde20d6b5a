"""Columns parted by blanks alone, as a report prints them: where no line has ink, columns end.

A name with a blank in it (吴 伟) is one text: one blank parts columns only where it stands below itself in all lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.delimited import has_form_feeds, is_page_number, parse_lines
from extractors.headings import could_be_heading
from extractors.model import SourceDocument
from extractors.plain.beside import put_back, without
from extractors.plain.columns import COUNTED, FONTS, Widths
from extractors.plain.open_frames import doubted
from extractors.plain.rivers import SEGMENT, WORD, Row, Segment, find_columns
from extractors.plain.rowgroups import Printed, find_starts, group
from extractors.textlines import Line, numbered_lines

_RULE = re.compile(r"[-=─━═_\s]+")
_TEXT_BELOW = re.compile(
    r"(注|说明|备注|附注)\s*\d?\s*[:：]|附件|附表|(联系|填报|制表|审核|签发|印发)\S{0,4}[:：]|[一二三四五六七八九十百]+、"
)
#: A table has so many columns and so many lines in which more than one of them is filled.
_FEWEST_COLUMNS, _FEWEST_LINES = 3, 3
_MAX_HEADING_LINES = 4


def parse(text: str, path: str, listed: Sequence[Line] = ()) -> SourceDocument | None:
    """The table of a text in columns of blanks, and what stands around it; None when it has none.

    ``listed`` are lines that are known to be no part of it.
    """
    rows, widths = _rows_of(without(text, listed))
    top = next((at for at, row in enumerate(rows) if _is_heading(row)), None)
    if top is None:
        return None
    height = _heading_height(rows[top:])
    repeats = _repeats(rows, top, height)
    outside = {at for at, row in enumerate(rows) if at < top or _is_outside(row)}
    table = [row for at, row in enumerate(rows) if at not in outside and at not in repeats]
    columns = find_columns(table, rows[top : top + height])
    if len(columns) < _FEWEST_COLUMNS or sum(len(row.segments) > 1 for row in table) < _FEWEST_LINES:
        return None
    printed = _printed([row for at, row in enumerate(rows) if at >= top], columns, widths)
    found = _lines(rows, repeats, outside, columns, printed)
    if found is None:
        return None
    lines, unsure = found
    document = parse_lines(put_back(lines, listed), has_form_feeds(text), path, listed)
    return replace(document, tables=tuple(doubted(table, unsure) for table in document.tables))


def _rows_of(text: str) -> tuple[list[Row], Widths]:
    """The lines that are not blank, by the font in which most texts begin below each other."""
    numbered = [(number, page, content.expandtabs(8)) for number, page, content in numbered_lines(text)]
    best: tuple[int, list[Row], Widths] | None = None
    for widths in (*FONTS[:2], COUNTED):
        rows: list[Row] = []
        blank = True
        for number, page, content in numbered:
            starts = widths.starts(content)
            segments = tuple(Segment(starts[m.start()], m[0]) for m in SEGMENT.finditer(content))
            if segments and not _RULE.fullmatch(content):
                rows.append(Row(number, page, content, starts, segments, blank))
            blank = not segments
        places = Counter(segment.start for row in rows if len(row.segments) > 1 for segment in row.segments)
        steadiness = sum(times * times for times in places.values())
        if best is None or steadiness > best[0]:
            best = steadiness, rows, widths
    return (best[1], best[2]) if best else ([], COUNTED)


def _is_heading(row: Row) -> bool:
    return len(row.segments) >= _FEWEST_COLUMNS and could_be_heading(row.labels)


def _heading_height(rows: Sequence[Row]) -> int:
    """How many lines the heading takes: up to the first one with a number, or behind a blank line."""
    for height in range(1, min(_MAX_HEADING_LINES, len(rows))):
        row = rows[height]
        if row.after_blank or any(char.isdecimal() for char in row.content) or any(len(x) > 10 for x in row.labels):
            return height
    return 1


def _repeats(rows: Sequence[Row], top: int, height: int) -> dict[int, int]:
    """The lines of headings: the heading itself and where it is repeated; each with the line with which it begins."""
    heading = [row.labels for row in rows[top : top + height]]
    found: dict[int, int] = {}
    for at in range(top, len(rows) - height + 1):
        if rows[at].labels == heading[0] and [row.labels for row in rows[at : at + height]] == heading:
            found |= dict.fromkeys(range(at, at + height), at)
    return found


def _is_outside(row: Row) -> bool:
    """Whether a line is a page number, a note or the heading of a part of the table."""
    if len(row.segments) > 1:
        return is_page_number(row.content) and not row.content.strip().isdecimal()
    text = row.segments[0].text
    return (is_page_number(text) and not text.isdecimal()) or bool(_TEXT_BELOW.match(text))


def _printed(rows: Sequence[Row], columns: Sequence[tuple[int, int]], widths: Widths) -> dict[int, Printed]:
    """The lines with their texts in columns, by their numbers."""
    found = {}
    for row in rows:
        stretches: dict[int, tuple[int, int]] = {}
        unsure = set()
        for word in WORD.finditer(row.content):
            start, end = row.starts[word.start()], row.starts[word.end()]
            col = _column_at(columns, start, end)
            if col + 1 < len(columns) and end > columns[col + 1][0]:
                unsure.add(col)
            stretches[col] = (stretches[col][0] if col in stretches else word.start(), word.end())
        parts = {col: row.content[a:b] for col, (a, b) in stretches.items()}
        full = {col for col, text in parts.items() if columns[col][1] - columns[col][0] - widths.length(text) < 2}
        found[row.number] = Printed(row.number, row.page, parts, row.after_blank, frozenset(full), frozenset(unsure))
    return found


def _column_at(columns: Sequence[tuple[int, int]], start: int, end: int) -> int:
    """The column in which a word begins, else the one that it reaches into, else the nearest."""
    for col, (a, b) in enumerate(columns):
        if a <= start < b or (start < a < end):
            return col
    return min(range(len(columns)), key=lambda col: min(abs(start - columns[col][1]), abs(columns[col][0] - end)))


def _lines(
    rows: Sequence[Row],
    repeats: dict[int, int],
    outside: set[int],
    columns: Sequence[tuple[int, int]],
    printed: dict[int, Printed],
) -> tuple[list[Line], dict[int, str]] | None:
    """The lines of the text as rows and texts, and what is in doubt, by the first lines of the rows."""
    body = [at for at in range(len(rows)) if at not in outside and at not in repeats]
    body = [at for at in body if not _is_apart(rows[at], columns)]
    starts, key = find_starts([printed[rows[at].number] for at in body], len(columns))
    if len(starts) < _FEWEST_LINES - 1:
        return None
    begins = {body[at] for at in starts}
    if sum(rows[at].after_blank for at in begins) * 2 < len(begins):
        # Where no blank lines part the rows, a line alone behind one is a text of its own.
        body = [at for at in body if at in begins or not rows[at].after_blank or len(rows[at].segments) > 1]
    found: list[Line] = []
    unsure: dict[int, str] = {}
    stretch: list[int] = []

    def close() -> None:
        lines = [printed[rows[at].number] for at in stretch]
        groups = group(lines, len(columns), [i for i, at in enumerate(stretch) if at in begins], key)
        found.extend(groups.rows)
        unsure.update(groups.unsure)
        stretch.clear()

    own = set(body)
    for at, row in enumerate(rows):
        if at in own:
            stretch.append(at)
            continue
        close()
        if at not in repeats:
            blank = [Line(row.number, row.number, row.page, [""])]
            found += [*blank, Line(row.number, row.number, row.page, [" ".join(row.content.split())]), *blank]
        elif repeats[at] == at:
            found.append(_heading_line([rows[i] for i in repeats if repeats[i] == at], columns))
    close()
    return found, unsure


def _is_apart(row: Row, columns: Sequence[tuple[int, int]]) -> bool:
    """Whether a line is a text of its own: a single one that reaches over the edges of the columns."""
    if len(row.segments) > 1:
        return False
    shared = [_shared(row, word, columns) for word in WORD.finditer(row.content)]
    return any(sum(share > 0 for share in own) != 1 for own in shared)


def _heading_line(rows: Sequence[Row], columns: Sequence[tuple[int, int]]) -> Line:
    """The heading as a row: each label in the column that it shares most with, those of several lines whole."""
    fields = [""] * len(columns)
    for row in rows:
        own: dict[int, tuple[int, int]] = {}
        for match in SEGMENT.finditer(row.content):
            words = [match] if _shared(row, match, columns).count(0) >= len(columns) - 1 else None
            for word in words or WORD.finditer(row.content, *match.span()):
                shared = _shared(row, word, columns)
                col = max(range(len(columns)), key=lambda at: (shared[at], -at))
                own[col] = (own[col][0] if col in own else word.start(), word.end())
        for col, (a, b) in own.items():
            fields[col] = f"{fields[col]}\n{row.content[a:b]}".strip()
    return Line(rows[0].number, rows[-1].number, rows[0].page, fields)


def _shared(row: Row, word: re.Match[str], columns: Sequence[tuple[int, int]]) -> list[int]:
    """How much ink a text of a line could share with each column; nothing at all: how near it is, negative."""
    start, end = row.starts[word.start()], row.starts[word.end()]
    inside = [max(0, min(end, b) - max(start, a)) for a, b in columns]
    return inside if any(inside) else [-max(a - end, start - b) for a, b in columns]
