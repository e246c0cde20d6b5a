"""Headings of responsibility tables: which column means what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from extractors.model import JoinedCell, LogicalTable
from normalizers.reference import ReadingRules, Reference
from normalizers.text import label, squeeze

Role = Literal[
    "number", "category", "content", "measures", "leader", "co_leader", "lead", "support", "responsible", "person",
    "deadline", "progress", "money", "remark",
]  # fmt: skip

#: A heading takes at most this many rows (a group heading over two columns makes two).
MAX_HEADING_ROWS = 3
#: So many rows may stand above a table's heading: a title of some lines, who filled it in and when, blank ones.
MAX_TITLE_ROWS = 12
#: What says something of the whole table, and is no heading of a column: 填报单位：…, 附件1, 2026年3月1日.
_OF_WHOLE_TABLE = re.compile(
    r"[:：]|^\s*附\s*[件表]|^\s*[\d〇零一二三四五六七八九]{4}\s*年|^\s*[（(]?\s*共\s*\d+\s*[项条个件]"
)
#: Roles that a responsibility table has besides its content: who carries the task.
_CARRIERS = frozenset({"leader", "lead", "support", "responsible", "person"})


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of one table: for each column of the grid its role (None: not recognised) and its label."""

    rows: int
    roles: tuple[Role | None, ...]
    labels: tuple[str, ...]
    cells: tuple[JoinedCell, ...]


def role_of(text: str, reference: Reference) -> Role | None:
    """The meaning of a heading, None when reference/headings.yaml does not know it."""
    heading = re.sub(r"[（(][^（()）]*[)）]", "", label(text))
    undated = re.sub(r"^(\d{4}年)?(年?度)?", "", heading)
    for candidate in (heading, undated, *_without_level(undated, reference.levels)):
        if candidate in reference.headings:
            return cast(Role, reference.headings[candidate])
    return None


def _without_level(heading: str, levels: Sequence[str]) -> list[str]:
    """区政府分管领导 and 分管区领导 without the level of government that they name."""
    level = "|".join(map(re.escape, levels))
    front = re.sub(rf"^(本|全)?({level})?级?(委、?)?({level})?(人民)?(政府)?", "", heading)
    inner = re.sub(rf"(分管|主管|责任|牵头|协同|配合|联系)({level})级?(政府)?(领导|负责人)", r"\1\4", heading)
    return [front, inner]


def find_heading(table: LogicalTable, reference: Reference, rules: ReadingRules) -> Heading | None:
    """The heading of a responsibility table, None when this is another kind of table.

    The heading has a column of content and at least one column of those who carry the task. Rows of one cell over the
    whole table, with one text, with nothing but what says something of the whole table, or blank ones may stand above
    it: the title, who filled the table in.
    """
    top: list[list[JoinedCell]] = [[] for _ in range(min(MAX_TITLE_ROWS + MAX_HEADING_ROWS, table.n_rows))]
    for cell in table.cells:
        if cell.row < len(top):
            top[cell.row].append(cell)
    for first in range(min(MAX_TITLE_ROWS + 1, len(top))):
        found = _heading_at(first, top, table, reference, rules)
        if found is not None or not _is_title(top[first], table.n_cols):
            return found
    return None


def _heading_at(
    first: int, top: Sequence[Sequence[JoinedCell]], table: LogicalTable, reference: Reference, rules: ReadingRules
) -> Heading | None:
    """The heading of a responsibility table that begins in a row, of as many rows as may be."""
    for last in range(min(first + MAX_HEADING_ROWS, len(top)), first, -1):
        cells = tuple(cell for row in top[first:last] for cell in row)
        if any(cell.row + cell.row_span > last for cell in cells) or not _all_headings(cells, first, last, reference):
            continue
        roles, labels = _columns(cells, table, reference)
        if "content" in roles and _CARRIERS & set(roles):
            return Heading(last, _one_content(_settle(roles, rules), labels), labels, cells)
    return None


def _is_title(row: Sequence[JoinedCell], n_cols: int) -> bool:
    """Whether a row above the heading has one text at most, or says in its cells nothing of their columns."""
    texts = [cell.text for cell in row if cell.text]
    upright = n_cols > 1 and not any(cell.row_span > 1 for cell in row)
    return upright and (len(texts) < 2 or all(_OF_WHOLE_TABLE.search(text) for text in texts))


def _all_headings(cells: Sequence[JoinedCell], first: int, last: int, reference: Reference) -> bool:
    """Whether every row holds recognised headings: most of its filled cells."""
    for row in range(first, last):
        own = [cell for cell in cells if cell.row == row and cell.text]
        known = sum(_role(cell, cells, reference) is not None for cell in own)
        if not own or known * 2 < len(own):
            return False
    return True


def _role(cell: JoinedCell, cells: Sequence[JoinedCell], reference: Reference) -> Role | None:
    """The meaning of a heading cell: of its own text, or with that of the heading above it (牵头 below 责任单位)."""
    role = role_of(cell.text, reference)
    if role is not None:
        return role
    above = (
        other
        for other in cells
        if other.row < cell.row and other.text and other.col <= cell.col < other.col + other.col_span
    )
    return next((role for other in above if (role := role_of(cell.text + other.text, reference))), None)


def _columns(
    cells: Sequence[JoinedCell], table: LogicalTable, reference: Reference
) -> tuple[list[Role | None], tuple[str, ...]]:
    """Role and label of each column: the lowest recognised heading over it, else the one above.

    In a delimited table a blank heading cell is the rest of the heading at its left.
    """
    roles: list[Role | None] = [None] * table.n_cols
    labels = [""] * table.n_cols
    for cell in sorted((cell for cell in cells if cell.text), key=lambda cell: cell.row):
        role = _role(cell, cells, reference)
        for col in range(cell.col, cell.col + cell.col_span):
            if role is not None or roles[col] is None:
                roles[col] = role or roles[col]
                labels[col] = squeeze(cell.text)
    if table.form == "delimited":
        for col in range(1, table.n_cols):
            if not labels[col]:
                roles[col], labels[col] = roles[col - 1], labels[col - 1]
    return roles, tuple(labels)


def _settle(roles: Sequence[Role | None], rules: ReadingRules) -> tuple[Role | None, ...]:
    """责任单位 means what the reading rules say, beside a lead column or alone."""
    meaning = rules.responsible_beside_lead if "lead" in roles else rules.responsible_alone
    settled = [cast(Role, meaning) if role == "responsible" else role for role in roles]
    return tuple(settled)


def _one_content(roles: Sequence[Role | None], labels: Sequence[str]) -> tuple[Role | None, ...]:
    """Of different headings that mean content (重点工作, 具体内容) the last is the task, the others label it."""
    own = [labels[col] for col, role in enumerate(roles) if role == "content"]
    return tuple("category" if role == "content" and labels[col] != own[-1] else role for col, role in enumerate(roles))


def unknown_headings(heading: Heading) -> Mapping[int, str]:
    """Columns whose heading was not recognised, with their labels."""
    return {col: text for col, text in enumerate(heading.labels) if heading.roles[col] is None and text}
