"""The rows of lines without rulings that carry numbers: each row has one, wherever in the row it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from statistics import median

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.pdf.alignment import Column, filled, is_full, spanned, value_columns
from extractors.pdf.centred_rows import centred_rows
from extractors.pdf.phrases import Band

#: The number that a text begins with: (12), 12., 12、 or 12 alone.
NUMBER = re.compile(r"[（(]?(\d{1,3})(?:[)）]|[.、．](?!\d)|$)")
#: Distances between lines differ when they do by this share of the type's height.
_DIFFERS = 0.25
#: And are the same when they differ by no more than this share.
_ALIKE = 0.1
#: A title is in the middle of the table when it is off by no more heights of its type.
_CENTRED = 2.0
#: A heading's labels have no more characters, and its number column no more lines (编/号).
_LABEL, _HEADING_LINES = 10, 2


def numbered_rows(
    bands: Sequence[Band], columns: Sequence[Column], top: float | None
) -> tuple[int, list[list[Band]]] | None:
    """The first line of numbered rows and the lines of each of them; None where there are no numbers to go by.

    ``top`` is where the first row begins, if a rule shows it.
    """
    numbered = _numbered(bands, columns)
    # The last page of a table has a number or two.
    few = numbered or _in_first_column(bands, columns)
    known = numbered or ([0, *few] if few and _is_heading(bands[0], columns) else [])
    starts = _behind_gaps(bands, known, columns) if known else None
    if starts is not None:
        return 0, [list(bands[start:end]) for start, end in pairwise([*starts, len(bands)])]
    if few and (found := _centred(bands, few, columns, top)) is not None:
        return found
    if not numbered:
        return None
    starts = _between_numbers(bands, numbered)
    rows = [
        row
        for start, number, end in zip(starts, numbered, [*starts[1:], len(bands)], strict=True)
        for row in _with_totals(bands[start:end], number - start, columns)
    ]
    return starts[0], rows


def _numbered(bands: Sequence[Band], columns: Sequence[Column]) -> list[int]:
    """The lines in which a numbered text begins, where the texts of a column are numbered one after the other.

    The numbers may begin again at 1.
    """
    best: list[int] = []
    for col in range(len(columns)):
        found: list[tuple[int, int]] = []
        for index, band in enumerate(bands):
            own = [NUMBER.match(phrase.text) for phrase in band.phrases if spanned(columns, phrase)[0] == col]
            number = next((int(match[1]) for match in own if match), None)
            if number is not None and (not found or number == found[-1][1] + 1 or number == 1):
                found.append((index, number))
        if len(found) > max(2, len(best)):
            best = [index for index, _ in found]
    return best


def _centred(
    bands: Sequence[Band], numbered: Sequence[int], columns: Sequence[Column], top: float | None
) -> tuple[int, list[list[Band]]] | None:
    """The first line behind the heading or a title and the rows behind it; None where texts are not in their middle."""
    above = [at for at in range(numbered[0]) if is_part([bands[at]]) or _is_heading(bands[at], columns)]
    start = above[-1] + 1 if above else 0
    if above:
        top = (bands[start - 1].bottom + bands[start].top) / 2
    if top is None:
        return None
    numbers = [next(phrase for phrase in bands[at].phrases if NUMBER.match(phrase.text)) for at in numbered]
    rows = centred_rows(bands[start:], numbers, top, columns)
    return None if rows is None else (start, rows)


def _in_first_column(bands: Sequence[Band], columns: Sequence[Column]) -> list[int]:
    """The lines with a number in the first column, which has nothing else but a heading; none where it has."""
    own = [(at, p.text) for at, band in enumerate(bands) for p in band.phrases if spanned(columns, p)[1] == 0]
    numbers = [at for at, text in own if text.isdecimal()]
    return numbers if len(numbers) >= len(own) - _HEADING_LINES else []


def _gaps(bands: Sequence[Band]) -> list[float]:
    """The distance of each line from the lowest one above it; none above the first."""
    lowest, found = bands[0].bottom, [inf]
    for band in bands[1:]:
        found.append(band.top - lowest)
        lowest = max(lowest, band.bottom)
    return found


def _behind_gaps(bands: Sequence[Band], numbered: Sequence[int], columns: Sequence[Column]) -> list[int] | None:
    """The first line of each row where white space parts them, None where it does not.

    Between any two numbers there is a gap that is wider than those inside of rows, wherever in its row a number stands.
    What it parts besides are titles over several columns; a line that stands in its own column only may be a part of a
    row.
    """
    gaps = _gaps(bands)
    least = min(max(gaps[one + 1 : other + 1]) for one, other in pairwise(numbered))
    height = float(median([band.height for band in bands]))
    starts = [at for at, gap in enumerate(gaps) if gap >= least - _ALIKE * height]
    inner = max((gap for gap in gaps if gap < least - _ALIKE * height), default=-inf)
    if inner > least - _DIFFERS * height:
        return None
    starts = _behind_heading(starts, gaps, bands, columns, numbered[0])
    # So may the titles below it.
    titles = [at for at in range(numbered[0]) if _stands_over([bands[at]], columns)]
    starts = sorted({*starts, *titles, *(at + 1 for at in titles)})
    rows = [range(start, end) for start, end in pairwise([*starts, len(bands)])]
    between = [row for row in rows if numbered[0] < row[0] < numbered[-1] and not any(at in row for at in numbered)]
    return starts if all(_is_title([bands[at] for at in row], columns) for row in between) else None


def _behind_heading(
    starts: Sequence[int], gaps: Sequence[float], bands: Sequence[Band], columns: Sequence[Column], number: int
) -> list[int]:
    """The first lines of the rows, also of the one below a heading that stands nearer to it than rows do to each other.

    ``number`` is the first line with a number.
    """
    begin = max((start for start in starts if start <= number), default=0)
    heading = next((at for at in range(begin, number) if _is_heading(bands[at], columns)), None)
    if heading is None:
        return [*starts]
    return sorted({*starts, max(range(heading + 1, number + 1), key=lambda at: gaps[at])})


def _is_heading(band: Band, columns: Sequence[Column]) -> bool:
    """Whether a line has a short label over every column."""
    short = all(len(phrase.text) <= _LABEL for phrase in band.phrases)
    return short and len(filled(band, columns)) == len(columns) and may_be_heading(band, columns)


def may_be_heading(band: Band, columns: Sequence[Column]) -> bool:
    """Whether a line that fills most columns could be a heading."""
    return is_full(band, columns) and could_be_heading([phrase.text for phrase in band.phrases])


def _is_title(bands: Sequence[Band], columns: Sequence[Column]) -> bool:
    """Whether lines are one text that names a part, begins in the first column or stands over several."""
    if is_part(bands):
        return True
    phrases = [phrase for band in bands for phrase in band.phrases]
    first, last = spanned(columns, phrases[0])
    return len(phrases) == 1 and (first == 0 or last > first)


def is_part(row: Sequence[Band]) -> bool:
    """Whether a row is but the title of a part of the table: 一、工业经济."""
    phrases = [phrase for band in row for phrase in band.phrases]
    return len(phrases) == 1 and bool(PART_NUMBER.match(phrases[0].text))


def _stands_over(row: Sequence[Band], columns: Sequence[Column]) -> bool:
    """Whether a row is the title of a part, at the left or in the middle of the table, and no line of a cell's text."""
    if not is_part(row):
        return False
    title = row[0].phrases[0]
    first, last = spanned(columns, title)
    off = abs(title.middle - (columns[0].x0 + columns[-1].x1) / 2)
    indented = title.x0 - columns[first].x0 > _CENTRED * row[0].height
    return first == 0 or last > first or (off <= _CENTRED * row[0].height and indented)


def _between_numbers(bands: Sequence[Band], numbered: Sequence[int]) -> list[int]:
    """The first line of each row: that of its number, or one above it behind a wider distance."""
    starts = []
    distances = _gaps(bands)
    for before, index in pairwise([0, *numbered]):
        gaps = {at: distances[at] for at in range(before + 1, index + 1)}
        widest = max(gaps, key=lambda at: (gaps[at], at), default=index)
        clear = widest in gaps and gaps[widest] > gaps[index] + _DIFFERS * bands[index].height
        starts.append(widest if clear else index)
    return starts


def _with_totals(bands: Sequence[Band], number: int, columns: Sequence[Column]) -> Iterator[list[Band]]:
    """A row with the ``number`` of its numbered line, and the rows below that line: titles, values without a number."""
    values = value_columns(columns)
    row = list(bands[: number + 1])
    for band in bands[number + 1 :]:
        if filled(band, columns) & values or _stands_over([band], columns) or is_part(row):
            yield row
            row = []
        row.append(band)
    yield row
