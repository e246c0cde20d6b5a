"""The columns of a block of lines, told from how its phrases stand under each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import median

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.pdf.phrases import Band, Phrase, make_band

#: Of the lines, so many may have a phrase that runs over two columns.
_ACROSS = 0.2
#: Edges that vary by less than this share of the type's height are aligned.
_ALIGNED = 0.5
#: A phrase that is the only one of its column is at least so many heights from the others.
_FAR = 0.9
#: Or so many from the others of its own line.
_ALONE = 1.5
#: A line that has text in this share of the columns fills most of them.
_MOST = 0.6
#: Room that is left between the text of a column and its border, as a share of the type's height.
_MARGIN = 0.3
#: A heading has at most so many lines, and lines of a table below it are at least so many.
_HEADING, _FEWEST_LINES = 3, 3
#: The labels of the upper one of two levels differ in height by this share of their type's, and the lower ones are no
#: farther below them than the second.
_UNEVEN, _NEAR = 0.3, 0.5
#: A label stands in the middle over columns when their middles differ by no more than so many heights of its type: the
#: text of the outer columns need not fill them.
_CENTRED = 2.0


@dataclass(slots=True)
class Column:
    """A column: the side of its text, and the phrases that stand in no other one."""

    x0: float
    x1: float
    phrases: list[Phrase]


def find_columns(bands: Sequence[Band]) -> list[Column]:
    """The columns that the phrases of most lines stand in, from left to right."""
    bands = with_one_level(_without_titles(bands))
    counts = sorted((len(band.phrases) for band in bands), reverse=True)
    many = counts[min(len(counts) - 1, max(1, round(0.25 * len(counts))))]
    base = [band for band in bands if len(band.phrases) >= max(2, many)]
    columns = _base_columns(base, bands[:_HEADING])
    for band in sorted(bands, key=lambda band: -len(band.phrases)):
        if len(band.phrases) >= max(2, many):
            continue
        for phrase in band.phrases:
            columns = _taken_in(columns, phrase)
    columns = _without_crossed(columns, bands)
    return _without_rare(columns, [phrase for band in bands for phrase in band.phrases])


def _without_titles(bands: Sequence[Band]) -> list[Band]:
    """The lines without titles of parts, which stand over any columns."""
    kept = [band for band in bands if len(band.phrases) > 1 or not PART_NUMBER.match(band.phrases[0].text)]
    return kept or list(bands)


def are_levels(above: Band, below: Band) -> bool:
    """Whether two lines are the levels of one heading: labels of the upper one stand lower than its first, though not
    as low as those that the first one stands over.
    """
    tops = [phrase.top for phrase in above.phrases]
    if max(tops) - min(tops) < _UNEVEN * above.height or below.top - above.bottom > _NEAR * above.height:
        return False
    labels = [phrase.text for phrase in (*above.phrases, *below.phrases)]
    return could_be_heading(labels) and any(own_labels(label, above, below) for label in above.phrases)


def own_labels(label: Phrase, upper: Band, lower: Band) -> list[Phrase]:
    """The labels of the lower level that one of the upper level stands over, from left to right; none under others.

    They are at both sides of its middle, up to the next label of the upper level.
    """
    walls = [phrase.middle for phrase in upper.phrases if phrase is not label]
    left = max((at for at in walls if at <= label.middle), default=-inf)
    right = min((at for at in walls if at >= label.middle), default=inf)
    own = sorted((p for p in lower.phrases if left < p.middle < right), key=lambda phrase: phrase.middle)
    return own if own and own[0].middle < label.middle < own[-1].middle else []


def with_one_level(bands: Sequence[Band]) -> list[Band]:
    """The lines with the two levels of a heading as one, without the labels that stand over several others."""
    at = next((at for at, pair in enumerate(pairwise(bands[: _HEADING + 1])) if are_levels(*pair)), None)
    if at is None:
        return list(bands)
    upper, lower = bands[at : at + 2]
    own = [phrase for phrase in upper.phrases if not own_labels(phrase, upper, lower)]
    phrases = sorted([*own, *lower.phrases], key=lambda phrase: phrase.x0)
    return [*bands[:at], make_band(phrases, upper.height), *bands[at + 2 :]]


def _base_columns(base: Sequence[Band], heading: Sequence[Band]) -> list[Column]:
    """The columns of the lines with the most phrases; of a heading's line, labels that stand over several are left out.

    Such a label stands in the middle over columns that all other lines keep apart.
    """
    columns = _united([Column(p.x0, p.x1, [p]) for band in base for p in band.phrases])
    for band in heading:
        others = [other for other in base if other is not band]
        if band not in base or len(others) < _FEWEST_LINES:
            continue
        apart = _united([Column(p.x0, p.x1, [p]) for other in others for p in other.phrases])
        over = [(_overlapped(apart, phrase), phrase) for phrase in band.phrases]
        wide = [(own, phrase) for own, phrase in over if len(own) > 1]
        if wide and all(_is_over(own, phrase) for own, phrase in wide):
            kept = [Column(phrase.x0, phrase.x1, [phrase]) for own, phrase in over if len(own) < 2]
            return _united([*(Column(p.x0, p.x1, [p]) for other in others for p in other.phrases), *kept])
    return columns


def _overlapped(columns: Sequence[Column], phrase: Phrase) -> list[Column]:
    return [column for column in columns if phrase.x0 < column.x1 and phrase.x1 > column.x0]


def _is_over(columns: Sequence[Column], phrase: Phrase) -> bool:
    """Whether a label stands above columns, in their middle."""
    height = phrase.bottom - phrase.top
    above = all(other.top > phrase.top for column in columns for other in column.phrases)
    return above and abs((columns[0].x0 + columns[-1].x1) / 2 - phrase.middle) <= _CENTRED * height


def spanned(columns: Sequence[Column], phrase: Phrase) -> tuple[int, int]:
    """The first and the last column that a phrase overlaps, or the one next to it."""
    slack = 0.15 * (phrase.bottom - phrase.top)
    over = [i for i, column in enumerate(columns) if phrase.x0 < column.x1 - slack and phrase.x1 > column.x0 + slack]
    if over:
        return over[0], over[-1]
    nearest = min(range(len(columns)), key=lambda i: max(columns[i].x0 - phrase.x1, phrase.x0 - columns[i].x1))
    return nearest, nearest


def _united(columns: Sequence[Column]) -> list[Column]:
    """Columns that overlap as one."""
    result: list[Column] = []
    for column in sorted(columns, key=lambda column: column.x0):
        if result and column.x0 < result[-1].x1:
            result[-1].x1 = max(result[-1].x1, column.x1)
            result[-1].phrases += column.phrases
        else:
            result.append(Column(column.x0, column.x1, list(column.phrases)))
    return result


def _taken_in(columns: list[Column], phrase: Phrase) -> list[Column]:
    """The columns after a phrase of a shorter line found its place; one that runs over several changes nothing."""
    over = [column for column in columns if phrase.x0 < column.x1 and phrase.x1 > column.x0]
    if len(over) > 1:
        return columns
    if not over:
        return sorted([*columns, Column(phrase.x0, phrase.x1, [phrase])], key=lambda column: column.x0)
    over[0].x0, over[0].x1 = min(over[0].x0, phrase.x0), max(over[0].x1, phrase.x1)
    over[0].phrases.append(phrase)
    return columns


def _without_crossed(columns: list[Column], bands: Sequence[Band]) -> list[Column]:
    """Neighbours that too many phrases run across are one column."""
    phrases = [phrase for band in bands for phrase in band.phrases]
    result: list[Column] = []
    for column in columns:
        if result:
            low, high = result[-1].x1, column.x0
            across = sum(phrase.x0 < low and phrase.x1 > high for phrase in phrases)
            if across > _allowed(result[-1], column, bands) or _letters(result[-1], column):
                result[-1].x1 = column.x1
                result[-1].phrases += column.phrases
                continue
        result.append(column)
    return result


def _allowed(left: Column, right: Column, bands: Sequence[Band]) -> float:
    """How many phrases may run across two columns: few, or as many as there are lines with text in both."""
    height = bands[0].height
    if not all(is_aligned([phrase.x0 for phrase in column.phrases], height) for column in (left, right)):
        return max(1.0, _ACROSS * len(bands))
    own = [{id(phrase) for phrase in column.phrases} for column in (left, right)]
    both = sum(all(any(id(phrase) in known for phrase in band.phrases) for known in own) for band in bands)
    return max(1.0, _ACROSS * len(bands), both if both >= 3 else 0)


def _letters(left: Column, right: Column) -> bool:
    """Whether two columns are the characters of spread-out names (张　三) and no columns."""
    near = right.x0 - left.x1 <= 1.2 * max(p.bottom - p.top for p in left.phrases)
    return near and all(len(p.text) == 1 and not p.text.isascii() for column in (left, right) for p in column.phrases)


def _without_rare(columns: list[Column], phrases: Sequence[Phrase]) -> list[Column]:
    """Columns with a single phrase, unless it stands far off or alone, go to the nearer neighbour."""
    result = list(columns)
    while len(result) > 1:
        rare = next((i for i in range(len(result)) if _is_rare(result, i, phrases)), None)
        if rare is None:
            break
        before = result[rare].x0 - result[rare - 1].x1 if rare else float("inf")
        after = result[rare + 1].x0 - result[rare].x1 if rare + 1 < len(result) else float("inf")
        low = rare - 1 if before <= after else rare
        one, other = result[low], result[low + 1]
        result[low : low + 2] = [Column(one.x0, other.x1, one.phrases + other.phrases)]
    return result


def _is_rare(columns: Sequence[Column], index: int, phrases: Sequence[Phrase]) -> bool:
    own = columns[index].phrases
    if len(own) > 1 or _is_alone(own[0], phrases):
        return False
    far = _FAR * (own[0].bottom - own[0].top)
    gaps = [(columns[i].x1, columns[i + 1].x0) for i in (index - 1, index) if 0 <= i < len(columns) - 1]
    return any(high - low < far or any(p.x0 < low and p.x1 > high for p in phrases) for low, high in gaps)


def _is_alone(phrase: Phrase, phrases: Sequence[Phrase]) -> bool:
    """Whether the other phrases of its line stand so far from a phrase that they are no text with it.

    Not so in a heading, whose labels may be aligned otherwise than their columns.
    """
    height = phrase.bottom - phrase.top
    line = [other for other in phrases if other is not phrase and abs(other.bottom - phrase.bottom) <= 0.1 * height]
    gaps = [max(other.x0 - phrase.x1, phrase.x0 - other.x1) for other in line]
    below = any(other.bottom < phrase.top for other in phrases)
    return below and len(gaps) > 1 and min(gaps) >= _ALONE * height


def borders(
    columns: Sequence[Column], wide: Sequence[tuple[int, int, Phrase]], rules: Sequence[float], height: float
) -> list[float]:
    """The borders of the columns: a vertical rule where there is one, else close to the text that is aligned.

    A border at the aligned side of a column is the same on every page, the middle of a gap is not. ``wide`` are the
    phrases over several columns, with the first and the last one.
    """
    edges = [columns[0].x0 - _MARGIN * height]
    for index, (left, right) in enumerate(pairwise(columns)):
        low = max([left.x1, *(phrase.x1 for _, last, phrase in wide if last == index and phrase.x1 < right.x0)])
        high = min([right.x0, *(phrase.x0 for first, _, phrase in wide if first == index + 1 and phrase.x0 > low)])
        ruled = [at for at in rules if low - 2 <= at <= high + 2]
        room = min(_MARGIN * height, (high - low) / 2)
        if ruled:
            edges.append(median(ruled))
        elif is_aligned([phrase.x0 for phrase in right.phrases], height):
            edges.append(high - room)
        elif is_aligned([phrase.x1 for phrase in left.phrases], height):
            edges.append(low + room)
        else:
            edges.append((low + high) / 2)
    return [*edges, columns[-1].x1 + _MARGIN * height]


def is_aligned(edges: Sequence[float], height: float) -> bool:
    """Whether most of the edges are the same."""
    usual = median(edges)
    return sum(abs(edge - usual) <= _ALIGNED * height for edge in edges) >= 0.6 * len(edges)


def is_column(column: Column, height: float) -> bool:
    """Whether the phrases of a column begin, end or are centred at the same place."""
    return any(
        is_aligned(edges, height)
        for edges in (
            [phrase.x0 for phrase in column.phrases],
            [phrase.x1 for phrase in column.phrases],
            [phrase.middle for phrase in column.phrases],
        )
    )


def filled(band: Band, columns: Sequence[Column]) -> set[int]:
    """The columns in which a line has text."""
    return {
        col for phrase in band.phrases for col in range(spanned(columns, phrase)[0], spanned(columns, phrase)[1] + 1)
    }


def is_full(band: Band, columns: Sequence[Column]) -> bool:
    """Whether a line has text in most columns."""
    return len(filled(band, columns)) >= max(2, _MOST * len(columns))


def value_columns(columns: Sequence[Column]) -> set[int]:
    """The columns of numbers."""
    return {
        index
        for index, column in enumerate(columns)
        if sum(phrase.is_value for phrase in column.phrases) >= 0.6 * len(column.phrases)
    }
