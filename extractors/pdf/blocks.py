"""Where on a page text stands in columns without rulings: blocks of lines that share the same gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from extractors.headings import PART_NUMBER, could_be_heading
from extractors.pdf.alignment import find_columns
from extractors.pdf.phrases import Band, Phrase, make_band

#: Left and right side of a gap.
Gap = tuple[float, float]

#: A gap that lines have in common is at least this share of the type's height wide.
_NARROWEST = 0.35
#: Lines of a table are at most this many heights apart.
_APART = 3.0
#: Of the lines of a block, so many may run across its gaps (banners, wide totals).
_ACROSS = 0.2
#: So many lines with text across the gaps may follow each other, and within so many lines the table has to go on.
_TITLES, _AHEAD = 2, 8
#: The labels of one level of a heading stand in so many lines at most (in the middle between two, and on either).
_LEVEL_LINES = 3
#: A short block has no more of them in all.
_FEW_TITLES = 6
#: A page is set in columns of prose when at least this share of the lines on both sides fill theirs, and at most the
#: second share runs across.
_PROSE, _HEADLINES = 0.3, 0.25
#: Lines of prose begin within so many heights of the left edge and are at least so wide, as a share of the column.
_INDENT, _FULL = 2.2, 0.7


@dataclass(slots=True)
class Block:
    """Consecutive lines and the gaps that they have in common."""

    bands: list[Band]
    gaps: list[Gap]


def find_blocks(bands: Sequence[Band]) -> list[Block]:
    """The blocks of a page that may be tables, from top to bottom of each of its columns of text."""
    if sum(len(band.phrases) > 1 for band in bands) < 2:
        return []
    return [block for part in _text_columns(list(bands)) for block in _joined(list(_blocks(part)), part)]


def _joined(blocks: Sequence[Block], bands: Sequence[Band]) -> list[Block]:
    """Blocks right below each other as one where that loses no column: a gap that all lines share may not last."""
    result: list[Block] = []
    for block in blocks:
        if result and _is_next(result[-1].bands[-1], block.bands[0], bands):
            together = [*result[-1].bands, *block.bands]
            least = max(len(find_columns(result[-1].bands)), len(find_columns(block.bands)))
            if len(find_columns(together)) >= least:
                result[-1] = Block(together, block.gaps)
                continue
        result.append(block)
    return result


def _is_next(above: Band, below: Band, bands: Sequence[Band]) -> bool:
    near = below.top - above.bottom <= _APART * below.height
    return near and not any(above.bottom < (band.top + band.bottom) / 2 < below.top for band in bands)


def _text_columns(bands: list[Band]) -> Iterator[list[Band]]:
    """The lines of each column of text of a page that is set in several."""
    cut = _column_gap(bands)
    if cut is None:
        yield bands
        return
    for low, high in ((-inf, cut + 1), (cut - 1, inf)):
        inside = [([p for p in band.phrases if p.x0 >= low and p.x1 <= high], band.height) for band in bands]
        yield from _text_columns([make_band(own, height) for own, height in inside if own])


def _column_gap(bands: Sequence[Band]) -> float | None:
    """Where a gap parts the page into columns of prose, None when none does."""
    phrases = [phrase for band in bands for phrase in band.phrases]
    if len(bands) < 12:
        return None
    left, right = min(phrase.x0 for phrase in phrases), max(phrase.x1 for phrase in phrases)
    for share in (0.5, 1 / 3, 2 / 3):
        for at in (left + share * (right - left) + shift for shift in range(-30, 31, 3)):
            crossing = sum(phrase.x0 < at < phrase.x1 for phrase in phrases)
            if crossing > _HEADLINES * len(bands):
                continue
            sides = [[p for p in phrases if p.x1 <= at], [p for p in phrases if p.x0 >= at]]
            if all(_is_prose(side) for side in sides):
                return at
    return None


def _is_prose(phrases: Sequence[Phrase]) -> bool:
    """Whether most lines of a side of the page fill it."""
    if len(phrases) < 5:
        return False
    left, right = min(phrase.x0 for phrase in phrases), max(phrase.x1 for phrase in phrases)
    rows = {round(phrase.bottom) for phrase in phrases}
    full = sum(
        phrase.x0 <= left + _INDENT * (phrase.bottom - phrase.top) and phrase.x1 - phrase.x0 >= _FULL * (right - left)
        for phrase in phrases
    )
    return full >= 4 and full >= _PROSE * len(rows)


def _blocks(bands: Sequence[Band]) -> Iterator[Block]:
    index = free = 0
    while index < len(bands):
        if len(bands[index].phrases) < 3:
            index += 1
            continue
        block = Block([bands[index]], _gaps(bands[index]))
        after = _grow(block, bands[index + 1 :])
        after += _titles_at_foot(bands[index + after :])
        before = _grow(block, bands[free:index][::-1], upwards=True)
        block.bands = [*bands[index - before : index], *bands[index : index + 1 + after]]
        yield block
        index = free = index + after + 1


def _titles_at_foot(bands: Sequence[Band]) -> int:
    """How many lines below the first one are titles of parts, where nothing but them follows on the page."""
    titles = bands[1:]
    near = all(below.top - above.bottom <= _APART * below.height for above, below in pairwise(bands))
    named = all(len(band.phrases) == 1 and PART_NUMBER.match(band.phrases[0].text) for band in titles)
    return len(titles) if near and named and len(titles) <= _TITLES else 0


def _gaps(band: Band) -> list[Gap]:
    return [(before.x1, after.x0) for before, after in pairwise(band.phrases)]


def _grow(block: Block, bands: Sequence[Band], upwards: bool = False) -> int:
    """How many of the lines that follow belong to the block; its gaps become those that all have in common."""
    reached, across, edge = 0, 0, block.bands[0]
    for index, band in enumerate(bands):
        room = edge.top - band.bottom if upwards else band.top - edge.bottom
        if room > _APART * max(band.height, edge.height):
            break
        gaps = _common(block.gaps, band)
        if len(band.phrases) == 1 and PART_NUMBER.match(band.phrases[0].text):
            # The title of a part may stand over any columns and says nothing of them.
            reached = index + 1 if len(gaps) == len(block.gaps) else reached
        elif upwards and _is_upper_level(band, [*bands[:index][::-1], *block.bands], block.gaps):
            reached = index + 1
        elif _fits(gaps, block.gaps, band):
            block.gaps, reached = gaps, index + 1
        else:
            across += 1
            ahead = bands[index + 1 : index + 1 + _AHEAD]
            if across > max(_FEW_TITLES, _ACROSS * (index + 1)) or not _goes_on(block.gaps, ahead):
                break
        edge = band
    return reached


def _is_upper_level(band: Band, below: Sequence[Band], gaps: Sequence[Gap]) -> bool:
    """Whether a line has labels of a heading that stand over several of those in the lines right below it."""
    near = [line for line in below[:_LEVEL_LINES] if line.top - band.bottom <= line.height]
    labels = [phrase for line in near for phrase in line.phrases]
    if len(band.phrases) < 2 or not could_be_heading([phrase.text for phrase in (*band.phrases, *labels)]):
        return False
    across = [label for label in band.phrases if any(label.x0 < low and label.x1 > high for low, high in gaps)]
    return bool(across) and all(_is_over(label, labels) for label in across)


def _is_over(label: Phrase, labels: Sequence[Phrase]) -> bool:
    """Whether a label stands between two others, and within their outer ends."""
    left = max((one for one in labels if one.middle < label.middle), key=lambda one: one.middle, default=None)
    right = min((one for one in labels if one.middle > label.middle), key=lambda one: one.middle, default=None)
    return left is not None and right is not None and left.x0 <= label.x0 and label.x1 <= right.x1


def _fits(gaps: Sequence[Gap], before: Sequence[Gap], band: Band) -> bool:
    """Whether a line leaves at least two gaps; a line of one phrase may not run across any."""
    return len(gaps) >= 2 and (len(band.phrases) > 1 or len(gaps) == len(before))


def _goes_on(gaps: Sequence[Gap], bands: Sequence[Band]) -> bool:
    """Whether one of the next two lines with several phrases has the same gaps, behind a few titles that run across."""
    titles = several = 0
    for band in bands:
        whole = len(_common(gaps, band)) == len(gaps)
        if len(band.phrases) > 1:
            several += 1
            if whole or several == 2:
                return whole
        else:
            titles += not whole
        if titles > _TITLES:
            return False
    return False


def _common(gaps: Sequence[Gap], band: Band) -> list[Gap]:
    """What a line leaves of the gaps."""
    left = []
    for low, high in gaps:
        pieces = [(low, high)]
        for phrase in band.phrases:
            pieces = [
                piece
                for a, b in pieces
                for piece in ((a, min(b, phrase.x0)), (max(a, phrase.x1), b))
                if piece[1] - piece[0] >= _NARROWEST * band.height
            ]
        if pieces:
            left.append(max(pieces, key=lambda piece: piece[1] - piece[0]))
    return left
