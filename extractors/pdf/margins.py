"""Page numbers and running heads: lines outside the tables that are the same on every page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extractors.model import Bbox, LeftOut, Provenance
from extractors.pdf.lines import TextLine
from extractors.pdf.numbers import is_page_number
from extractors.pdf.tables import PageContent
from extractors.pdf.upright import displayed

_DIGITS = re.compile(r"\d+")
#: A running head stands at the same height, give or take this many points.
_SAME_HEIGHT = 6.0
#: And on at least so many pages, which are at least half of the document's.
_MIN_PAGES = 3


def find_margins(pages: Sequence[PageContent]) -> dict[int, set[int]]:
    """For each page (by its number) the indices of its lines that are page numbers or running heads."""
    heads = _running(pages)
    return {
        content.page.number: {
            index
            for index, line in enumerate(content.lines)
            if _is_margin(content, line) and (is_page_number(line.text) or _key(line) in heads)
        }
        for content in pages
    }


def left_out(content: PageContent, index: int) -> LeftOut:
    """A page number or running head as something left out."""
    line = content.lines[index]
    where = displayed(Bbox(line.x0, line.top, line.x1, line.bottom), content.page)
    return LeftOut(
        line.text,
        "page_number" if is_page_number(line.text) else "running_head",
        Provenance(content.page.number, where),
    )


def _is_margin(content: PageContent, line: TextLine) -> bool:
    """Whether no table and at most two lines stand between the line and an edge of the page."""
    middle = (line.top + line.bottom) / 2
    tables = [table.rows for table in content.tables]
    above = sum(other.bottom < line.top + 1 for other in content.lines)
    below = sum(other.top > line.bottom - 1 for other in content.lines)
    return (above <= 1 and not any(rows[0] < middle for rows in tables)) or (
        below <= 1 and not any(rows[-1] > middle for rows in tables)
    )


def _key(line: TextLine) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text), round(line.top / _SAME_HEIGHT)


def _running(pages: Sequence[PageContent]) -> set[tuple[str, int]]:
    """The texts and heights that recur on most pages."""
    counts = Counter(key for content in pages for key in {_key(line) for line in content.lines})
    needed = max(_MIN_PAGES, len(pages) / 2)
    return {key for key, count in counts.items() if count >= needed}
