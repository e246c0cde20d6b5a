"""Which physical tables are pieces of one table.

Nothing is known here about what a table says: it goes on where its heading is repeated, or where there is no heading
and the columns agree, as long as nothing between the pieces looks like the title of another table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extractors.headings import could_be_heading, is_repeat
from extractors.joining.columns import Edges
from extractors.model import Table

#: Captions that name a table, and what they add where the table goes on.
_NAMES_TABLE = re.compile(
    r"(表|清单|一览)([（(].*[)）])?$|^附[件表]\d*|^表\d|^(table|annex|appendix|schedule)[\dA-Z]", re.I
)
_CONTINUED = re.compile(r"[（(]?(续(表|上表)?\d*|cont(inue)?d?\.?|continued)[)）]?$", re.IGNORECASE)
#: What may stand between two pieces of a table: the heading of a part of it, its unit of measure.
_WITHIN_TABLE = re.compile(r"^([（(]?[一二三四五六七八九十百]+[)）、.．]|[（(]?(金额)?单位[:：]|[（(]?续)")
#: A heading takes at most this many rows.
_MAX_HEADING_ROWS = 4
#: Where at least this share of the rows could be headings (names and addresses), looking like one says nothing.
_HEADING_LIKE = 0.2
_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class Part:
    """One physical table of a group and how many of its first rows repeat the heading."""

    table: Table
    repeated: int


@dataclass(slots=True)
class Group:
    """The pieces of one logical table, in reading order, and what is known of their heading and columns.

    ``heading`` are the labels of the first rows of its first piece, ``edges`` the vertical grid lines of all pieces
    (none without geometry), ``plain`` says that rows of the table look like headings themselves.
    """

    parts: list[Part]
    heading: list[tuple[str, ...]]
    titles: set[str]
    edges: Edges = field(default_factory=Edges)
    _plain: bool | None = None

    @classmethod
    def begin(cls, table: Table) -> Group:
        """The group that a table begins."""
        group = cls([Part(table, 0)], top_labels(table, _MAX_HEADING_ROWS), _own_titles(table))
        if table.form == "ruled":
            group.edges.add(table.columns)
        return group

    @property
    def first(self) -> Table:
        """The piece with which the table begins."""
        return self.parts[0].table

    @property
    def plain(self) -> bool:
        """Whether rows of the first piece look like headings themselves."""
        if self._plain is None:
            rows = top_labels(self.first, _SAMPLE)[1:]
            self._plain = sum(map(could_be_heading, rows)) > _HEADING_LIKE * len(rows)
        return self._plain

    def add(self, table: Table, repeated: int) -> None:
        """Take a table as the next piece."""
        self.parts.append(Part(table, repeated))
        self.titles |= _own_titles(table)
        if table.form == "ruled" and self.edges.fit(table.columns) is not None:
            self.edges.add(table.columns)


def group_tables(tables: Sequence[Table]) -> list[Group]:
    """The logical tables' pieces, in the order in which the tables begin."""
    groups: list[Group] = []
    by_heading: dict[tuple[str, ...], Group] = {}
    for table in tables:
        group = groups[-1] if groups else None
        repeated = _repeated(group, table) if group else None
        if repeated is None and (earlier := _earlier(by_heading, table)) is not None:
            group, repeated = earlier
        if group is not None and repeated is not None:
            group.add(table, repeated)
            continue
        groups.append(Group.begin(table))
        by_heading[next(iter(groups[-1].heading), ())] = groups[-1]
    return groups


def _repeated(group: Group, table: Table) -> int | None:
    """How many rows of its heading a table repeats when it is the next piece of a group; None when it is not."""
    if table.form != group.first.form or table.listed or group.first.listed or _is_new(group, table):
        return None
    if table.form == "delimited":
        repeated = _repeated_rows(group.first, table)
        return repeated if repeated or _delimited_goes_on(group.first, table) else None
    if repeated := _repeated_block(group, table):
        return repeated
    return 0 if _goes_on(group, table) else None


def _earlier(by_heading: dict[tuple[str, ...], Group], table: Table) -> tuple[Group, int] | None:
    """The table that goes on after another one stood in between: its heading is repeated and nothing stands above."""
    if table.form != "ruled" or table.listed or _CONTINUED.sub("", squeeze(table.caption)):
        return None
    top = top_labels(table, 1)[0]
    group = by_heading.get(top)
    if group is None or not could_be_heading(top) or group.first.form != "ruled":
        return None
    repeated = _repeated_block(group, table)
    same_columns = group.edges.fit(table.columns) is not None if table.columns else table.n_cols == group.first.n_cols
    return (group, repeated) if repeated and same_columns else None


def _is_new(group: Group, table: Table) -> bool:
    """Whether a table has a title of its own, so that it is another one though its heading is the same."""
    own = _own_titles(table)
    if own:
        return not own & group.titles
    last = group.parts[-1].table
    if table.form == "delimited" or table.page != last.page or not table.columns:
        return False
    lines = [squeeze(line) for line in table.caption.splitlines()]
    return any(line and not _WITHIN_TABLE.match(line) for line in lines)


def _own_titles(table: Table) -> set[str]:
    """The titles above a table and, of a ruled one, in the rows above its heading."""
    found = titles(table.caption)
    if table.form == "ruled":
        rows = top_labels(table, _MAX_HEADING_ROWS)
        found |= titles("\n".join(label for labels in rows[: _lead(rows)] for label in labels))
    return found


def titles(caption: str) -> set[str]:
    """The lines of a caption that name a table or an attachment, without white space and 续."""
    lines = {_CONTINUED.sub("", squeeze(line)) for line in caption.splitlines()}
    return {line for line in lines if _NAMES_TABLE.search(line)}


def squeeze(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def _repeated_rows(first: Table, table: Table) -> int:
    """How many rows at the top of a delimited table repeat the top rows of ``first``.

    Below the first row only what could be a heading counts: rows of the table may well be alike.
    """
    count = 0
    limit = min(first.n_rows, table.n_rows)
    while count < limit and is_repeat(_labels(table, count), _labels(first, count)):
        if count and not could_be_heading(_labels(first, count)):
            break
        count += 1
    return count


def _repeated_block(group: Group, table: Table) -> int:
    """How many rows at the top of a ruled table repeat the heading of a group: whole cells only.

    A row below the first belongs to the heading when a cell of the heading reaches into it or it could be one itself.
    """
    rows = top_labels(table, _MAX_HEADING_ROWS)
    lead, known_lead = _lead(rows), _lead(group.heading)
    placed = bool(table.columns) and group.edges.fit(table.columns) is not None
    alike = 0
    for own, known in zip(rows[lead:], group.heading[known_lead:], strict=False):
        # Where the columns stand in the same places a page may also show more headings than the first one.
        if not (is_repeat(own, known) or (placed and is_repeat(known, own)) or (alike and own == known)):
            break
        alike += 1
    height = closed(table, lead + 1) if alike else 0
    while height < lead + alike and could_be_heading(rows[height]):
        height = closed(table, height + 1)
    return height if height <= lead + alike else 0


def _lead(rows: Sequence[tuple[str, ...]]) -> int:
    """How many rows stand above the heading proper: a title within the table, blank rows."""
    lead = next((at for at, labels in enumerate(rows) if len(labels) > 1), 0)
    return lead if lead and could_be_heading(rows[lead]) else 0


def _lead_of(table: Table) -> int:
    return _lead(top_labels(table, _MAX_HEADING_ROWS))


def _delimited_goes_on(first: Table, table: Table) -> bool:
    """Whether a table without a repeated heading continues ``first``: it has no heading and no other columns."""
    if could_be_heading(_labels(table, 0)) and could_be_heading(_labels(first, 0)):
        return False
    return table.n_cols <= first.n_cols


def _goes_on(group: Group, table: Table) -> bool:
    """Whether a ruled table without a repeated heading continues a group: no heading of its own, the same columns."""
    known = bool(group.edges.positions and table.columns)
    rows = top_labels(table, _MAX_HEADING_ROWS)
    own_heading = could_be_heading(rows[_lead(rows)]) and could_be_heading(group.heading[_lead(group.heading)])
    if own_heading and not (known and (group.plain or _has_blank(table, _lead(rows)))):
        return False
    return group.edges.agrees(table.columns) if known else table.n_cols == group.first.n_cols


def _has_blank(table: Table, row: int) -> bool:
    """Whether a cell that begins in a row is blank: a heading names its columns, a row that goes on may be blank."""
    return any(cell.row == row and not squeeze(cell.text) for cell in table.cells)


def closed(table: Table, height: int) -> int:
    """The least height of a block of top rows, at least ``height``, that no cell leaves."""
    for cell in sorted((c for c in table.cells if c.row <= _MAX_HEADING_ROWS), key=lambda c: c.row):
        if cell.row < height:
            height = max(height, cell.row + cell.row_span)
    return height


def heading_rows(group: Group) -> int:
    """How many rows the heading of a group's first piece takes; 0 when it seems to have none.

    Above it a piece may have rows that no other has (续表).
    """
    repeated = max((part.repeated - _lead_of(part.table) for part in group.parts if part.repeated), default=0)
    lead = _lead(group.heading)
    if repeated or (group.heading and could_be_heading(group.heading[lead])):
        height = closed(group.first, lead + max(repeated, 1))
        return height if height <= _MAX_HEADING_ROWS else 0
    return 0


def top_labels(table: Table, rows: int) -> list[tuple[str, ...]]:
    """What stands in the cells that begin in each of the first rows, without white space, blanks left out.

    A table without rows has one in which nothing stands.
    """
    found: list[list[tuple[int, str]]] = [[] for _ in range(max(1, min(rows, table.n_rows)))]
    for cell in table.cells:
        if cell.row < len(found) and (text := squeeze(cell.text)):
            found[cell.row].append((cell.col, text))
    return [tuple(text for _, text in sorted(row)) for row in found]


def _labels(table: Table, row: int) -> tuple[str, ...]:
    """What stands in cells that begin in a row, without white space, blanks left out."""
    cells = sorted((cell for cell in table.cells if cell.row == row), key=lambda cell: cell.col)
    return tuple(text for cell in cells if (text := squeeze(cell.text)))
