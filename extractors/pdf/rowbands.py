"""The rows of a block of lines without rulings between all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import inf
from statistics import median

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.pdf.alignment import Column, is_aligned, spanned
from extractors.pdf.phrases import Band, merged

#: Lines that share more than this part of their height stand beside each other.
_BESIDE = 0.3
#: And so do those that share more than this part, where none has text above or below the other's.
_TOUCHES = 0.05
#: Distances between lines differ when they do by this share of the type's height.
_DIFFERS = 0.25
#: And are the same when they differ by no more than this share.
_ALIKE = 0.1
#: A line that fills this share of the columns begins a row.
_MOST = 0.6
_DIGIT = re.compile(r"\d")
#: The number that a text begins with: (12), 12., 12、 or 12 alone.
_NUMBER = re.compile(r"[（(]?(\d{1,3})(?:[)）]|[.、．](?!\d)|$)")
#: A heading's labels have no more characters.
_LABEL = 10
#: How wide a blank is, as a share of the type's height.
_BLANK = 0.2


def beside_each_other(bands: Sequence[Band]) -> list[Band]:
    """Lines that lie beside each other as one (text in the middle of its cell stands between the lines of others)."""
    groups: list[list[Band]] = []
    for band in sorted(bands, key=lambda band: band.top):
        if groups and _lies_beside(groups[-1], band) and not _are_two_entries(groups[-1], band):
            groups[-1].append(band)
        else:
            groups.append([band])
    return [merged(group) if len(group) > 1 else group[0] for group in groups]


def _lies_beside(group: Sequence[Band], band: Band) -> bool:
    """Whether a line shares a part of its height with others; a small part says so where they leave it its columns."""
    height = min(band.bottom - band.top, *(other.bottom - other.top for other in group))
    share = (max(other.bottom for other in group) - band.top) / height
    if share > _BESIDE:
        return True
    near = [phrase for other in group if other.bottom > band.top for phrase in other.phrases]
    return share > _TOUCHES and not any(
        one.x0 < other.x1 and other.x0 < one.x1 and one.bottom > other.top for one in near for other in band.phrases
    )


def _are_two_entries(group: Sequence[Band], band: Band) -> bool:
    """Whether a numbered text begins in a line below another one: a text between two rows is in the middle of both."""
    below = [phrase.x0 for phrase in band.phrases if _NUMBER.match(phrase.text)]
    if not below:
        return False
    above = [phrase.x0 for other in group for phrase in other.phrases if _NUMBER.match(phrase.text)]
    return any(abs(one - other) <= band.height for one in above for other in below)


def filled(band: Band, columns: Sequence[Column]) -> set[int]:
    """The columns in which a line has text."""
    return {
        col for phrase in band.phrases for col in range(spanned(columns, phrase)[0], spanned(columns, phrase)[1] + 1)
    }


def find_rows(bands: Sequence[Band], columns: Sequence[Column], rules: Sequence[float]) -> list[list[Band]]:
    """The lines of each row; ``rules`` are the heights of lines across the whole table, where a row ends for sure."""
    regions = list(_regions(bands, rules))
    several = [_rows_between(region, columns) for region in regions]
    body = several[1:] if len(several) > 2 else several
    if len(regions) > 2 and sum(_is_one_row(rows, columns) for rows in body) >= 0.7 * len(body):
        return regions
    return [row for rows in several for row in rows]


def _regions(bands: Sequence[Band], rules: Sequence[float]) -> Iterator[list[Band]]:
    """The lines between two rules."""
    region: list[Band] = []
    for band in bands:
        if region and any(region[-1].top < rule <= (band.top + band.bottom) / 2 for rule in rules):
            yield region
            region = []
        region.append(band)
    if region:
        yield region


def _is_one_row(rows: Sequence[Sequence[Band]], columns: Sequence[Column]) -> bool:
    """Whether what stands between two rules is a single row: at most one of its lines fills most of the columns."""
    lines = [band for row in rows for band in row]
    return sum(_is_full(band, columns) and not wraps(lines[:at], band, columns) for at, band in enumerate(lines)) <= 1


def _is_full(band: Band, columns: Sequence[Column]) -> bool:
    return len(filled(band, columns)) >= max(2, _MOST * len(columns))


def _rows_between(bands: Sequence[Band], columns: Sequence[Column]) -> list[list[Band]]:
    """The rows of lines without a rule between them.

    When there are two distances between lines, the smaller one is that inside of a cell, unless the lines behind it
    fill most columns. Else a row begins where the first column, one of values or most columns have text.
    """
    if len(bands) < 2:
        return [list(bands)]
    numbered = _numbered(bands, columns)
    # The last page of a table has a heading and a number or two.
    known = numbered or _below_heading(bands, columns)
    starts = _behind_gaps(bands, known, columns) if known else None
    if starts is not None:
        return [list(bands[start:end]) for start, end in pairwise([*starts, len(bands)])]
    if not numbered:
        return _by_distance(bands, columns)
    starts = _between_numbers(bands, numbered)
    above = _by_distance(bands[: starts[0]], columns) if starts[0] else []
    rows = [
        row
        for start, number, end in zip(starts, numbered, [*starts[1:], len(bands)], strict=True)
        for row in _with_totals(bands[start:end], number - start, columns)
    ]
    return [*above, *rows]


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
    return short and len(filled(band, columns)) == len(columns) and _could_be_heading(band, columns)


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


def _numbered(bands: Sequence[Band], columns: Sequence[Column]) -> list[int]:
    """The lines in which a numbered text begins, where the texts of a column are numbered one after the other.

    The numbers may begin again at 1.
    """
    best: list[int] = []
    for col in range(len(columns)):
        found: list[tuple[int, int]] = []
        for index, band in enumerate(bands):
            own = [_NUMBER.match(phrase.text) for phrase in band.phrases if spanned(columns, phrase)[0] == col]
            number = next((int(match[1]) for match in own if match), None)
            if number is not None and (not found or number == found[-1][1] + 1 or number == 1):
                found.append((index, number))
        if len(found) > max(2, len(best)):
            best = [index for index, _ in found]
    return best


def _below_heading(bands: Sequence[Band], columns: Sequence[Column]) -> list[int]:
    """The line of a heading over all columns and those in which a number stands in the first one; none without both."""
    if not _is_heading(bands[0], columns):
        return []
    found = [
        at for at, band in enumerate(bands) for p in band.phrases if p.text.isdecimal() and spanned(columns, p)[1] == 0
    ]
    return [0, *found] if found else []


def _with_totals(bands: Sequence[Band], number: int, columns: Sequence[Column]) -> Iterator[list[Band]]:
    """A row with the ``number`` of its numbered line, and the rows below that line that have values but no number."""
    values = _value_columns(columns)
    row = list(bands[: number + 1])
    for band in bands[number + 1 :]:
        if filled(band, columns) & values:
            yield row
            row = []
        row.append(band)
    yield row


def _value_columns(columns: Sequence[Column]) -> set[int]:
    """The columns of numbers."""
    return {
        index
        for index, column in enumerate(columns)
        if sum(phrase.is_value for phrase in column.phrases) >= 0.6 * len(column.phrases)
    }


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


def _by_distance(bands: Sequence[Band], columns: Sequence[Column]) -> list[list[Band]]:
    far = _far(bands, columns)
    starters = _starters(bands, columns)
    rows = [[bands[0]]]
    for before, band in pairwise(bands):
        own = filled(band, columns)
        if far is not None:
            begins = band.top - before.bottom > far or (_is_full(band, columns) and not wraps(rows[-1], band, columns))
        else:
            on_heading = len(rows) == 1 and _could_be_heading(bands[0], columns)
            begins = _is_full(band, columns) or (
                (on_heading or bool(own & starters)) and not wraps(rows[-1], band, columns)
            )
        if begins:
            rows.append([band])
        else:
            rows[-1].append(band)
    return rows


def _could_be_heading(band: Band, columns: Sequence[Column]) -> bool:
    return _is_full(band, columns) and could_be_heading([phrase.text for phrase in band.phrases])


def _far(bands: Sequence[Band], columns: Sequence[Column]) -> float | None:
    """What distance parts rows, None when the distances say nothing."""
    gaps = [after.top - before.bottom for before, after in pairwise(bands)]
    distances = sorted(gaps)
    height = min(band.height for band in bands)
    jump, low = max(((b - a, a) for a, b in pairwise(distances)), default=(0.0, 0.0))
    if jump < _DIFFERS * height:
        return None
    far = low + jump / 2
    near = [index for index, gap in enumerate(gaps, 1) if gap <= far]
    rows = sum(_is_full(bands[i], columns) and not wraps(bands[i - 1 : i], bands[i], columns) for i in near)
    return far if rows <= 0.2 * len(near) else None


def wraps(above: Sequence[Band], band: Band, columns: Sequence[Column]) -> bool:
    """Whether all texts of a line may go on from the lines above: there, their first word found no more room."""
    for phrase in band.phrases:
        first, last = spanned(columns, phrase)
        column = columns[first]
        before = next((p for b in above[::-1] for p in b.phrases if spanned(columns, p)[0] == first), None)
        if before is None or first != last or (phrase.is_value and before.is_value and _is_flush(column, band.height)):
            return False
        if _shape(phrase.text) == _shape(before.text) != phrase.text:  # E-07 and E-08 are two codes
            return False
        if before.x1 + _BLANK * band.height + phrase.first <= column.x1:
            return False
    return True


def _shape(text: str) -> str:
    return _DIGIT.sub("0", text) + " " if _DIGIT.search(text) else text


def _is_flush(column: Column, height: float) -> bool:
    """Whether the texts of a column end at the same place."""
    return is_aligned([phrase.x1 for phrase in column.phrases], height)


def _starters(bands: Sequence[Band], columns: Sequence[Column]) -> set[int]:
    """The columns whose text begins a row: the first one with text in most rows, and those of values."""
    full = [filled(band, columns) for band in bands if _is_full(band, columns)]
    key = next((col for col in range(len(columns)) if sum(col in own for own in full) > len(full) / 2), 0)
    return _value_columns(columns) | {key}
