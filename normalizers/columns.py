"""Which column is which: the heading's columns held against what stands below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from extractors.model import JoinedCell, LogicalTable
from normalizers.headings import Heading, Role
from normalizers.meaning import FITS, Vocabulary, score, tokens
from normalizers.reference import Reference

#: Another spread of the headings than the printed one has to fit this much larger a share of the rows: little when
#: the heading row ends before the last column, much when it fills all of them, since then its blanks are printed.
_BETTER_THAN_SHORT, _BETTER_THAN_FULL = 0.05, 0.5
#: Rows that are looked at; more say nothing new.
_SAMPLE_ROWS = 60


def body_rows(table: LogicalTable, heading: Heading) -> list[tuple[int, list[JoinedCell]]]:
    """The rows below the heading as (row index, cells that begin in the row from left to right)."""
    rows: dict[int, list[JoinedCell]] = {index: [] for index in range(heading.rows, table.n_rows)}
    for cell in table.cells:
        if cell.row >= heading.rows:
            rows[cell.row].append(cell)
    return [(index, sorted(cells, key=lambda cell: cell.col)) for index, cells in rows.items()]


def spread(heading: Heading, rows: Sequence[tuple[int, list[JoinedCell]]], reference: Reference) -> Heading:
    """The heading of a delimited table with its labels spread over the columns as the cells below suggest.

    A heading row that lost a blank has fewer labels than there are columns: 目标名称 stands over two columns, but
    nothing in the row says so. Every spread in order is held against the cells; the printed one wins a near tie.
    """
    labels = [(label, role) for label, role, _ in _printed(heading)]
    n_cols = len(heading.roles)
    sample = [[cell for cell in cells if cell.text and cell.col_span == 1] for _, cells in rows[:_SAMPLE_ROWS]]
    sample = [cells for cells in sample if cells]
    if len(labels) in (0, n_cols) or not sample:
        return heading
    fits = _fits(sample, {role for _, role in labels}, reference)
    best = max(_spreads(len(labels), n_cols), key=lambda widths: _fit(widths, labels, sample, fits))
    printed = [width for _, _, width in _printed(heading)]
    is_full = any(cell.text and cell.col + cell.col_span == n_cols for cell in heading.cells)
    gain = _BETTER_THAN_FULL if is_full else _BETTER_THAN_SHORT
    if _fit(best, labels, sample, fits) < _fit(printed, labels, sample, fits) + gain:
        return heading
    return replace(
        heading,
        roles=tuple(role for (_, role), width in zip(labels, best, strict=True) for _ in range(width)),
        labels=tuple(label for (label, _), width in zip(labels, best, strict=True) for _ in range(width)),
    )


def _printed(heading: Heading) -> list[tuple[str, Role | None, int]]:
    """The labels in order, each with its role and the number of columns it stands over."""
    printed: list[tuple[str, Role | None, int]] = []
    for label, role in zip(heading.labels, heading.roles, strict=True):
        if printed and printed[-1][0] == label:
            printed[-1] = (label, role, printed[-1][2] + 1)
        else:
            printed.append((label, role, 1))
    return printed


def _spreads(n_labels: int, n_cols: int) -> Iterator[list[int]]:
    """Every way to give each of the labels one or more columns, as widths."""
    for cuts in combinations(range(1, n_cols), n_labels - 1):
        edges = [0, *cuts, n_cols]
        yield [right - left for left, right in pairwise(edges)]


def _fits(
    sample: Sequence[Sequence[JoinedCell]], roles: set[Role | None], reference: Reference
) -> dict[tuple[str, str], bool]:
    vocabulary = Vocabulary()
    return {
        (role, cell.text): score(role, cell.text, reference, vocabulary) >= FITS
        for role in roles
        if role is not None
        for cells in sample
        for cell in cells
    }


def _fit(
    widths: Sequence[int],
    labels: Sequence[tuple[str, Role | None]],
    sample: Sequence[Sequence[JoinedCell]],
    fits: dict[tuple[str, str], bool],
) -> float:
    """The share of rows all of whose cells fit; a row that slipped fits no spread, so it has no say."""
    roles = [role for (_, role), width in zip(labels, widths, strict=True) for _ in range(width)]
    whole = [all(fits.get((roles[cell.col] or "", cell.text), True) for cell in cells) for cells in sample]
    return sum(whole) / len(whole)


def learn(rows: Sequence[tuple[int, list[JoinedCell]]], heading: Heading, reference: Reference) -> Vocabulary:
    """The leaders and organisations that stand in their columns in rows whose task stands in its own.

    Such rows are not shifted; what they hold helps to know the same names in rows that are.
    """
    vocabulary, blank = Vocabulary(), Vocabulary()
    for _, cells in rows:
        contents = [cell.text for cell in cells if cell.text and heading.roles[cell.col] == "content"]
        if not any(score("content", text, reference, blank) > FITS for text in contents):
            continue
        for cell in cells:
            role = heading.roles[cell.col]
            if role in ("leader", "co_leader"):
                vocabulary.leaders.update(tokens(cell.text))
            elif role in ("lead", "support"):
                vocabulary.units.update(tokens(cell.text))
    return vocabulary
