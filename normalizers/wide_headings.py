"""Columns of a ruled table that share a heading, or have none: what stands in them tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.model import JoinedCell
from normalizers.headings import Heading, Role
from normalizers.text import numeral, squeeze

#: Rows that are looked at; more say nothing new.
_SAMPLE = 200


def settle_columns(heading: Heading, cover: Sequence[Sequence[JoinedCell]]) -> Heading:
    """The heading with a role for each column that shares its heading with others or has a blank one.

    Beside labels of categories a blank heading is that of their second level; elsewhere it means nothing known.
    """
    roles, labels = list(heading.roles), list(heading.labels)
    texts = [_texts(cover, heading.rows, col) for col in range(len(roles))]
    for col in range(len(roles)):
        if labels[col] or not texts[col]:
            continue
        if col and roles[col - 1] == "category" and not _are_numbers(texts[col]):
            roles[col], labels[col] = "category", labels[col - 1]
        else:
            labels[col] = f"(column {col + 1} without a heading)"
    for start, end in _shared(heading):
        if roles[start] == "content":
            roles[start:end] = _parts_of_content(texts[start:end])
        elif roles[start] == "category":
            roles[start:end] = ["number" if _are_numbers(own) else "category" for own in texts[start:end]]
    if "content" not in roles:
        return heading
    return replace(heading, roles=tuple(roles), labels=tuple(labels))


def _texts(cover: Sequence[Sequence[JoinedCell]], first: int, col: int) -> list[str]:
    """What stands in the cells of a column that cover no other."""
    rows = range(first, min(len(cover), first + _SAMPLE))
    cells = [cover[row][col] for row in rows if cover[row][col].row == row and cover[row][col].col_span == 1]
    return [text for cell in cells if (text := squeeze(cell.text))]


def _are_numbers(texts: Sequence[str]) -> bool:
    return bool(texts) and all(numeral(text.strip("()（）.、")) is not None for text in texts)


def _shared(heading: Heading) -> list[tuple[int, int]]:
    """The ranges of columns that share the lowest heading above them."""
    lowest: dict[int, JoinedCell] = {}
    for cell in sorted((cell for cell in heading.cells if cell.text), key=lambda cell: cell.row):
        lowest |= dict.fromkeys(range(cell.col, cell.col + cell.col_span), cell)
    ranges: list[tuple[int, int]] = []
    for col, cell in sorted(lowest.items()):
        if col and lowest.get(col - 1) is cell:
            ranges[-1] = (ranges[-1][0], col + 1)
        else:
            ranges.append((col, col + 1))
    return [(start, end) for start, end in ranges if end - start > 1]


def _parts_of_content(texts: Sequence[Sequence[str]]) -> list[Role | None]:
    """The roles of columns under one heading of tasks: numbers, labels, and the longest texts, which are the tasks."""
    lengths = [sum(map(len, own)) / len(own) if own else 0.0 for own in texts]
    longest = lengths.index(max(lengths))
    roles: list[Role | None] = []
    for index, own in enumerate(texts):
        other: Role = "number" if _are_numbers(own) else "category"
        roles.append("content" if index == longest or not own else other)
    return roles
