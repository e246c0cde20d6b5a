"""The rows of a block of lines without rulings between all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.pdf.alignment import Column, filled, is_aligned, is_full, spanned, value_columns
from extractors.pdf.numbered_rows import NUMBER, is_part, may_be_heading, numbered_rows
from extractors.pdf.phrases import Band, merged

#: Lines that share more than this part of their height stand beside each other.
_BESIDE = 0.3
#: And so do those that share more than this part, where none has text above or below the other's.
_TOUCHES = 0.05
#: Distances between lines differ when they do by this share of the type's height.
_DIFFERS = 0.25
_DIGIT = re.compile(r"\d")
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
    below = [phrase.x0 for phrase in band.phrases if NUMBER.match(phrase.text)]
    if not below:
        return False
    above = [phrase.x0 for other in group for phrase in other.phrases if NUMBER.match(phrase.text)]
    return any(abs(one - other) <= band.height for one in above for other in below)


def find_rows(bands: Sequence[Band], columns: Sequence[Column], rules: Sequence[float]) -> list[list[Band]]:
    """The lines of each row; ``rules`` are the heights of lines across the whole table, where a row ends for sure."""
    regions = list(_regions(bands, rules))
    several = [_rows_between(region, columns, top) for top, region in regions]
    body = several[1:] if len(several) > 2 else several
    if len(regions) > 2 and sum(_is_one_row(rows, columns) for rows in body) >= 0.7 * len(body):
        return [region for _, region in regions]
    return [row for rows in several for row in rows]


def _regions(bands: Sequence[Band], rules: Sequence[float]) -> Iterator[tuple[float | None, list[Band]]]:
    """The lines between two rules, and the height of the upper one."""
    region: list[Band] = []
    top: float | None = None
    for band in bands:
        middle = (band.top + band.bottom) / 2
        between = [rule for rule in rules if region and region[-1].top < rule <= middle]
        if between:
            yield top, region
            region, top = [], between[-1]
        region.append(band)
    if region:
        yield top, region


def _is_one_row(rows: Sequence[Sequence[Band]], columns: Sequence[Column]) -> bool:
    """Whether what stands between two rules is a single row: at most one of its lines fills most of the columns."""
    lines = [band for row in rows for band in row]
    return sum(is_full(band, columns) and not wraps(lines[:at], band, columns) for at, band in enumerate(lines)) <= 1


def _rows_between(bands: Sequence[Band], columns: Sequence[Column], top: float | None) -> list[list[Band]]:
    """The rows of lines without a rule between them; ``top`` is the height of one above them.

    When there are two distances between lines, the smaller one is that inside of a cell, unless the lines behind it
    fill most columns. Else a row begins where the first column, one of values or most columns have text.
    """
    if len(bands) < 2:
        return [list(bands)]
    found = numbered_rows(bands, columns, top)
    if found is None:
        return _by_distance(bands, columns)
    start, rows = found
    above = _by_distance(bands[:start], columns) if start else []
    return [*(part for row in above for part in _parted(row)), *rows]


def _parted(row: Sequence[Band]) -> Iterator[list[Band]]:
    """A row above the numbered ones; where it has titles of parts, each of them by itself."""
    rest: list[Band] = []
    for band in row:
        if is_part([band]):
            yield from ([rest] if rest else [])
            yield [band]
            rest = []
        else:
            rest.append(band)
    if rest:
        yield rest


def _by_distance(bands: Sequence[Band], columns: Sequence[Column]) -> list[list[Band]]:
    far = _far(bands, columns)
    starters = _starters(bands, columns)
    rows = [[bands[0]]]
    for before, band in pairwise(bands):
        own = filled(band, columns)
        if far is not None:
            begins = band.top - before.bottom > far or (is_full(band, columns) and not wraps(rows[-1], band, columns))
        else:
            on_heading = len(rows) == 1 and may_be_heading(bands[0], columns)
            begins = is_full(band, columns) or (
                (on_heading or bool(own & starters)) and not wraps(rows[-1], band, columns)
            )
        if begins:
            rows.append([band])
        else:
            rows[-1].append(band)
    return rows


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
    rows = sum(is_full(bands[i], columns) and not wraps(bands[i - 1 : i], bands[i], columns) for i in near)
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
    full = [filled(band, columns) for band in bands if is_full(band, columns)]
    key = next((col for col in range(len(columns)) if sum(col in own for own in full) > len(full) / 2), 0)
    return value_columns(columns) | {key}
