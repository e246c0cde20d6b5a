"""Headings of several levels without rulings: labels that stand over several columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.pdf.alignment import Column, are_levels, filled, own_labels, spanned
from extractors.pdf.content import Strokes
from extractors.pdf.phrases import Band, Phrase, make_band, merged

#: A heading has at most this many levels.
_LEVELS = 4
#: A label stands over columns when their middle (or edge) and its own differ by less than this share of its height.
_FITS = 0.7
_TOO_MANY = 400
#: Lines below each other overlap by this share of their height at most.
_OVERLAP = 0.25
#: The labels of two levels stand in so many lines, which are no further apart than this share of their height.
_LINES, _NEAR = 3, 0.5
#: Labels whose tops differ by less than this share of their height stand on one line.
_SAME_TOP = 0.1

#: The first and the last column of a cell, and its text.
Label = tuple[int, int, Phrase]


def with_levels_parted(bands: Sequence[Band]) -> list[Band]:
    """The lines, of which those of a heading are its two levels.

    A label that stands in the middle of both levels lies beside either, so that they were taken for one line, or it is
    a line between the two.
    """
    for at in range(min(len(bands), _LEVELS)):
        for lines in (bands[at : at + 1], bands[at : at + _LINES]):
            parted = _parted(merged(lines)) if all(_is_near(*pair) for pair in pairwise(lines)) else None
            if parted:
                return [*bands[:at], *parted, *bands[at + len(lines) :]]
    return list(bands)


def _is_near(above: Band, below: Band) -> bool:
    return below.top - above.bottom <= _NEAR * below.height


def _parted(band: Band) -> list[Band] | None:
    """The two levels of a heading in one line, None when it is none."""
    phrases = sorted(band.phrases, key=lambda phrase: phrase.middle)
    if not could_be_heading([phrase.text for phrase in phrases]):
        return None
    over = [at for at in range(1, len(phrases) - 1) if _stands_over(phrases[at - 1 : at + 2])]
    tops = [phrases[at + 1].top for at in over]
    if not tops or max(tops) - min(tops) > _SAME_TOP * band.height:
        return None
    top = tops[0]
    level = [phrase for phrase in phrases if abs(phrase.top - top) <= _SAME_TOP * band.height]
    groups: dict[int, list[Phrase]] = {}
    for phrase in level:
        nearest = min(over, key=lambda at: abs(phrases[at].middle - phrase.middle))
        between = phrases[min(nearest, phrases.index(phrase)) : max(nearest, phrases.index(phrase))]
        if all(other in level or other is phrases[nearest] for other in between):
            groups.setdefault(nearest, []).append(phrase)
    below = [phrase for at in over for phrase in groups.get(at, [])]
    above = [phrase for phrase in band.phrases if phrase not in below]
    return [make_band(above, band.height), make_band(below, band.height)]


def _stands_over(phrases: Sequence[Phrase]) -> bool:
    """Whether the second of three labels is a line higher than its neighbours, which stand on one line."""
    left, label, right = phrases
    height = label.bottom - label.top
    level = abs(left.top - right.top) <= _SAME_TOP * height
    # The lines of one label stand in the same place.
    apart = min(label.middle - left.middle, right.middle - label.middle) > _FITS * height
    return level and apart and left.top >= label.bottom - _OVERLAP * height


def heading_levels(
    bands: Sequence[Band], columns: Sequence[Column], rule: float | None, lines: Strokes
) -> list[list[Label]] | None:
    """The labels of each level of a heading whose labels stand over several columns, None for a heading of one level.

    ``rule`` is the height of the first line across the table that has text above it.
    """
    head = _heading(bands, rule)
    if len(head) < 2:
        return None
    levels = []
    for index, band in enumerate(head):
        below = head[index + 1] if index + 1 < len(head) else None
        levels.append(_labels(band, below, columns, lines))
    if all(level is None for level in levels[:-1]):
        return None
    if any(level is None for level in levels[:-1]) or not _is_above(levels, columns):
        return None
    last = levels[-1] or [(*spanned(columns, phrase), phrase) for phrase in head[-1].phrases]
    return [*(level for level in levels[:-1] if level is not None), last]


def _is_above(levels: Sequence[list[Label] | None], columns: Sequence[Column]) -> bool:
    """Whether the labels of no level share a column; the lines of one label do."""
    for level in levels:
        used = [col for first, last in {label[:2] for label in level or ()} for col in range(first, last + 1)]
        if len(used) != len(set(used)) or max(used, default=0) >= len(columns):
            return False
    return True


def _heading(bands: Sequence[Band], rule: float | None) -> list[Band]:
    """The lines above the first rule, the two levels of a heading, or the lines above the first one with a value or the
    title of a part.
    """
    if rule is not None:
        head = [band for band in bands if (band.top + band.bottom) / 2 < rule]
        if 0 < len(head) <= _LEVELS and len(head) < len(bands):
            return head
    if len(bands) > 1 and are_levels(bands[0], bands[1]):
        return list(bands[:2])
    head = []
    for band in bands[: _LEVELS + 1]:
        if head and (PART_NUMBER.match(band.phrases[0].text) or any(phrase.is_value for phrase in band.phrases)):
            break
        head.append(band)
    return head if len(head) <= _LEVELS else []


def _labels(band: Band, below: Band | None, columns: Sequence[Column], lines: Strokes) -> list[Label] | None:
    """The labels of one level with the columns that they stand over; None when none stands over several."""
    own = [(*_underlined(band, phrase, columns, lines), phrase) for phrase in band.phrases]
    if below and are_levels(band, below):
        own = [(*_over(own_labels(phrase, band, below), columns, (a, z)), phrase) for a, z, phrase in own]
    taken = {col for first, last, _ in own for col in range(first, last + 1)}
    named = filled(below, columns) if below else set()
    orphans = sorted(named - taken)
    if orphans:
        found = _adopted(own, orphans, named, _with_wide(columns, below))
        if found is None:
            return None
        own = found
    return own if any(last > first for first, last, _ in own) else None


def _over(labels: Sequence[Phrase], columns: Sequence[Column], own: tuple[int, int]) -> tuple[int, int]:
    """The columns of these labels, of the lower level of a heading; ``own`` where there are none."""
    return (spanned(columns, labels[0])[0], spanned(columns, labels[-1])[1]) if labels else own


def _underlined(band: Band, phrase: Phrase, columns: Sequence[Column], lines: Strokes) -> tuple[int, int]:
    """The columns of a label: those above the same short rule, or those that it overlaps."""
    first, last = spanned(columns, phrase)
    height = band.height
    for at, start, end in zip(lines.at.tolist(), lines.start.tolist(), lines.end.tolist(), strict=True):
        near = band.bottom - 0.3 * height <= at <= band.bottom + 0.8 * height
        if (
            near
            and start <= phrase.x0 + 1
            and end >= phrase.x1 - 1
            and end - start < columns[-1].x1 - columns[0].x0 - 5
        ):
            over = [i for i, column in enumerate(columns) if start < (column.x0 + column.x1) / 2 < end]
            alone = not any(other is not phrase and start < other.middle < end for other in band.phrases)
            if over and alone:
                return min(first, over[0]), max(last, over[-1])
    return first, last


def _with_wide(columns: Sequence[Column], below: Band | None) -> list[Column]:
    """The columns with the room that the labels of the next level take."""
    wide = [Column(column.x0, column.x1, column.phrases) for column in columns]
    for phrase in below.phrases if below else ():
        first, last = spanned(columns, phrase)
        wide[first].x0, wide[last].x1 = min(wide[first].x0, phrase.x0), max(wide[last].x1, phrase.x1)
    return wide


def _adopted(
    own: Sequence[Label], orphans: Sequence[int], named: set[int], columns: Sequence[Column]
) -> list[Label] | None:
    """The labels after each column without one was given to a neighbour that then fits; None when none does."""
    gaps = list(_runs(orphans))
    choices = []
    for run in gaps:
        left = next((k for k, label in enumerate(own) if label[1] == run[0] - 1), None)
        right = next((k for k, label in enumerate(own) if label[0] == run[-1] + 1), None)
        cuts = range(len(run) + 1)
        choices.append(
            [
                (left, right, cut, len(run))
                for cut in cuts
                if (cut == 0 or left is not None) and (cut == len(run) or right is not None)
            ]
        )
    count = 1
    for choice in choices:
        count *= len(choice)
    if not 0 < count <= _TOO_MANY:
        return None
    best: tuple[float, list[Label]] | None = None
    for way in product(*choices):
        labels = [list(label[:2]) for label in own]
        for left, right, cut, length in way:
            if left is not None:
                labels[left][1] += cut
            if right is not None:
                labels[right][0] -= length - cut
        wide = [
            ((first, last), label[2])
            for (first, last), label in zip(labels, own, strict=True)
            if (first, last) != label[:2]
        ]
        if any(col not in named for (first, last), _ in wide for col in range(first, last + 1)):
            continue
        off = [_off(columns, first, last, phrase) for (first, last), phrase in wide]
        if max(off) <= _FITS and (best is None or sum(off) < best[0]):
            best = (sum(off), [(first, last, label[2]) for (first, last), label in zip(labels, own, strict=True)])
    return best[1] if best else None


def _off(columns: Sequence[Column], first: int, last: int, phrase: Phrase) -> float:
    """How far a label is from the middle or an edge of the columns, in heights of its type."""
    x0, x1 = columns[first].x0, columns[last].x1
    height = phrase.bottom - phrase.top
    return min(abs((x0 + x1) / 2 - phrase.middle), abs(x0 - phrase.x0), abs(x1 - phrase.x1)) / height


def _runs(numbers: Sequence[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
