"""The rows of a table, every value in its column, merged cells carried down.

Ruled and delimited tables come out alike: a ruled table knows its merged cells; in a delimited one a blank cell
continues the merged cell above it, after shifted cells have been put back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extractors.model import Provenance
from normalizers.breaks import marked
from normalizers.headings import Heading
from normalizers.records import Method

#: The heading of a part of the table: 一、工业经济, （二）开放. It is short and no sentence.
BANNER = re.compile(r"\s*([一二三四五六七八九十百]+\s*、|[（(][一二三四五六七八九十百]+[)）])[^。；]+$")
CHINESE_NUMERAL = re.compile("[一二三四五六七八九十百]+")
#: A heading of a part of the table is no longer than this.
MAX_BANNER = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """What a column says in a row.

    ``wraps`` are the offsets of line breaks that may be wraps; None: any white space may be one. ``fresh``: the cell
    begins in this row; ``wide``: it covers its neighbour too; ``doubt``: (rule, detail) when it is not sure that the
    text belongs here, which goes for every row that the cell is carried down to; ``said``: what is printed, where the
    text is only a part of it; ``among``: the marked text of the list that its names stood in.
    """

    text: str
    provenance: tuple[Provenance, ...]
    method: Method
    fresh: bool
    wide: bool = False
    doubt: tuple[str, str] | None = None
    wraps: tuple[int, ...] | None = None
    said: str | None = None
    among: str | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: ``entries`` by column, and what was in doubt when its cells were put into columns.

    ``banner`` is what the row says when it is the heading of a part of the table, and ``is_inner`` tells that the
    label columns stand beside it. ``lone`` is what the row says when only its first cell says anything.
    """

    page: int
    place: tuple[Provenance, ...]
    entries: dict[int, Entry]
    moved: frozenset[int] = frozenset()
    banner: Entry | None = None
    is_inner: bool = False
    unplaced: tuple[str, ...] = ()
    lone: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows below the heading, and the heading as it was understood.

    ``same_as_above`` counts the blank cells of each column that were taken to say the same as the cell above.
    """

    heading: Heading
    rows: Sequence[GridRow]
    is_ruled: bool = False
    same_as_above: dict[int, int] = field(default_factory=dict)


def text_of(entries: Sequence[Entry]) -> str:
    """The marked text of the entries of a field; from one to the next it may be a wrap."""
    return "\n".join(marked(entry.text, entry.wraps) for entry in entries)


def carried(entry: Entry, page: int) -> Entry:
    """The entry of a cell in a later row that says the same."""
    other_page = any(place.page != page for place in entry.provenance)
    return replace(entry, fresh=False, method="continued" if other_page else "inherited")
