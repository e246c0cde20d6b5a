"""Whether a page break cuts a row in two.

A table tells by a column in which every row says something of its own, best of all its number: the first row of a
page that has no number, while all others have one, is the rest of the last row of the page before.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.headings import TOTAL
from extractors.joining.bodies import Body, Placed
from extractors.joining.groups import squeeze
from extractors.sentences import ends_sentence

#: Numbers with which rows begin: (12), 12. or 12、, the number alone, and ⑫.
_STYLES = (
    re.compile(r"\s*[（(]\s*(\d{1,4})\s*[)）]"),
    re.compile(r"\s*(\d{1,4})\s*(?:、|[.．](?!\d))"),
    re.compile(r"\s*(\d{1,4})\s*$"),
    re.compile(r"\s*([①-⑳㉑-㉟㊱-㊿])"),
)
_BRACKETED, _ALONE = 0, 2
#: A column numbers the rows when this share of them has a number there and of the numbers this share goes up.
_MOST = 0.8
#: A column holds sentences when this share of its texts ends like one, of at least so many.
_ALMOST_ALL, _FEWEST_SENTENCES = 0.95, 5
_FEWEST = 3

#: A row as (piece, row of the piece).
RowAt = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """Whether a row goes on behind a page break, and what leaves it in doubt."""

    joined: bool
    doubt: str | None = None


class RowKeys:
    """What tells the rows of a table apart."""

    def __init__(self, bodies: Sequence[Body], n_cols: int) -> None:
        self._bodies = bodies
        self._n_cols = n_cols
        banners = {
            (at, p.row)
            for at, body in enumerate(bodies)
            for p in body.cells
            if p.end_col - p.col == n_cols > 1
        }  # fmt: skip
        self._whole = {row for row in _whole_rows(bodies) if row not in banners}
        self._texts: list[dict[RowAt, Placed]] = [{} for _ in range(n_cols)]
        for at, body in enumerate(bodies):
            for placed in body.cells:
                if not placed.blank and (at, placed.row) not in banners:
                    self._texts[placed.col][at, placed.row] = placed
        self.column, self._style, self._numbers = self._find_numbers()
        self._numbered_rows = sorted(self._numbers)
        # A column with something in every row; with few rows that may be so by chance.
        self.full = [col for col in range(n_cols) if self._is_full(col)]
        self.sentences = [col for col in range(n_cols) if self._holds_sentences(col)]

    def _find_numbers(self) -> tuple[int | None, int, dict[RowAt, int]]:
        """The column that numbers the rows, how, and the numbers; no column: None."""
        best: tuple[int | None, int, dict[RowAt, int]] = (None, 0, {})
        for col, texts in enumerate(self._texts):
            for style, pattern in enumerate(_STYLES):
                found = {row: _value(m[1]) for row, placed in texts.items() if (m := pattern.match(placed.cell.text))}
                found |= self._cut_numbers(texts, pattern) if style == _BRACKETED else {}
                missing = sum(row not in found for row in self._whole)
                if len(found) > len(best[2]) and len(found) >= max(2, _MOST * (len(found) + missing)) and _rises(found):
                    best = (col, style, found)
        return best

    def _cut_numbers(self, texts: Mapping[RowAt, Placed], pattern: re.Pattern[str]) -> dict[RowAt, int]:
        """The numbers of last rows of pieces that a page break cuts: （ at the foot of a page, 8） at the next head."""
        found: dict[RowAt, int] = {}
        for at, body in enumerate(self._bodies[:-1]):
            above, below = texts.get((at, body.n_rows - 1)), texts.get((at + 1, 0))
            if above is None or below is None or any(pattern.match(placed.cell.text) for placed in (above, below)):
                continue
            whole = pattern.fullmatch(squeeze(above.cell.text + below.cell.text))
            if whole:
                found[at, body.n_rows - 1] = int(whole[1])
        return found

    def _is_full(self, col: int) -> bool:
        missing = sum(row not in self._texts[col] for row in self._whole)
        return len(self._whole) >= _FEWEST and missing <= (1 - _ALMOST_ALL) * len(self._whole)

    def _holds_sentences(self, col: int) -> bool:
        texts = [placed.cell.text for row, placed in self._texts[col].items() if row in self._whole]
        ends = sum(ends_sentence(text) for text in texts)
        return len(texts) >= _FEWEST_SENTENCES and ends >= _ALMOST_ALL * len(texts)

    def number(self, body: int, row: int) -> int | None:
        """The number of a row."""
        return self._numbers.get((body, row))

    def _next_number(self, body: int, row: int) -> int | None:
        at = bisect_right(self._numbered_rows, (body, row))
        return self._numbers[self._numbered_rows[at]] if at < len(self._numbered_rows) else None

    def cut(self, foot: int, number: int | None) -> Cut:
        """Whether the last row of a piece goes on in the first row of the next one.

        ``number`` is the number of the last row, which may stand on an earlier page.
        """
        above, below = self._bodies[foot].foot, self._bodies[foot + 1].head
        if self._bodies[foot].page == self._bodies[foot + 1].page:
            return Cut(False)
        if above.keys() != below.keys() or (0, self._n_cols) in above:
            return Cut(False)
        if all(placed.blank for placed in below.values()):
            return Cut(any(placed.end_row == 1 for placed in below.values()))
        if TOTAL.match(next(placed.cell.text for _, placed in sorted(below.items()) if not placed.blank)):
            return Cut(False)
        if self.column is not None and (by_number := self._by_number(foot, number)) is not None:
            return by_number
        return Cut(self._by_full_columns(above, below, foot) or self._by_sentence(above, below))

    def _by_number(self, foot: int, number: int | None) -> Cut | None:
        """What the column of numbers says; None: nothing."""
        above = self._key(self._bodies[foot].foot)
        below = self._key(self._bodies[foot + 1].head)
        own = self.number(foot + 1, 0)
        if below is None:
            return None
        if own is not None:
            starts_last = above is not None and above.row == self._bodies[foot].n_rows - 1
            landed_below = number is None and above is not None and above.blank and starts_last
            return Cut(own == number or landed_below)
        if number is None:
            return Cut(False) if not below.blank and self._style == _ALONE else None
        following = self._next_number(foot + 1, 0)
        if following == number + 2 or (not below.blank and self._style == _ALONE):
            return Cut(False)
        if following is None and not below.blank and above is not None and ends_sentence(above.cell.text):
            said = squeeze(below.cell.text)[:30]
            return Cut(True, f"the row that begins with {said} has no number: read as the rest of the row before")
        return Cut(True)

    def _key(self, cells: dict[tuple[int, int], Placed]) -> Placed | None:
        """The cell of the column of numbers."""
        return next((placed for (col, _), placed in cells.items() if col == self.column), None)

    def _by_full_columns(
        self, above: dict[tuple[int, int], Placed], below: dict[tuple[int, int], Placed], foot: int
    ) -> bool:
        """A column that is filled in every row is blank at the break, and every text at both sides could be one."""
        last = self._bodies[foot].n_rows - 1
        pairs = [(above[key], below[key]) for key in above if key[0] in self.full]
        lacking = sum(b.blank and not a.blank for a, b in pairs)
        lacking += sum(a.blank and a.row == last and not b.blank for a, b in pairs)
        both = [(a, b) for a, b in pairs if not a.blank and not b.blank]
        return lacking > 0 and all(_could_be_one(a, b) for a, b in both)

    def _by_sentence(self, above: dict[tuple[int, int], Placed], below: dict[tuple[int, int], Placed]) -> bool:
        """A column of sentences breaks off at the foot of the page, and no other column begins anew."""
        broken = [
            key
            for key in above
            if key[0] in self.sentences
            and not above[key].blank and not below[key].blank
            and not ends_sentence(above[key].cell.text)
            and _could_be_one(above[key], below[key])
        ]  # fmt: skip
        others = [key for key in above if key[0] in self.full and key not in broken]
        return bool(broken) and not any(not above[key].blank and not below[key].blank for key in others)


def _value(number: str) -> int:
    return int(unicodedata.numeric(number)) if len(number) == 1 else int(number)


def _whole_rows(bodies: Sequence[Body]) -> Iterator[RowAt]:
    """The rows away from the page breaks."""
    for at, body in enumerate(bodies):
        for row in range(0 if body.first else 1, body.n_rows if body.last else body.n_rows - 1):
            yield at, row


def _rises(found: dict[RowAt, int]) -> bool:
    """Whether numbers go up one by one or begin again with 1, mostly."""
    numbers = [found[row] for row in sorted(found)]
    steps = sum(b in (a + 1, a, 1) for a, b in pairwise(numbers))
    return steps >= _MOST * (len(numbers) - 1) and len(set(numbers)) > 1


def _could_be_one(above: Placed, below: Placed) -> bool:
    """Whether two texts can be one that a page break cuts: the first fills its part down to the foot."""
    if squeeze(above.cell.text) == squeeze(below.cell.text):
        return True
    inks = above.cell.ink, below.cell.ink
    if above.bottom is None or below.top is None or inks[0] is None or inks[1] is None:
        return not ends_sentence(above.cell.text)
    line = (inks[0].bottom - inks[0].top) / (above.cell.text.count("\n") + 1)
    return above.bottom - inks[0].bottom <= 1.5 * line and inks[1].top - below.top <= 1.5 * line
