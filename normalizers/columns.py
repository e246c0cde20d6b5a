"""Which column is which: the heading's columns held against what stands below them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from extractors.model import JoinedCell, LogicalTable
from normalizers.headings import Heading, Role
from normalizers.meaning import FITS, Vocabulary, has_task_number, is_unit, score, tokens
from normalizers.persons import is_name
from normalizers.reference import Reference

#: By how much another spread of the headings has to fit better than the printed one (shares of the rows).
_CLEARLY = 0.02
#: Columns without a heading of their own that are accounted for.
_MAX_HIDDEN = 3
_NEARLY_ALL = 0.8
#: Rows that are looked at; more say nothing new.
_SAMPLE_ROWS = 200


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
    heading = _foreign_columns(heading, rows, reference)
    labels = [(label, role) for label, role, _ in _printed(heading)]
    n_cols = len(heading.roles)
    sample = [[cell for cell in cells if cell.text and cell.col_span == 1] for _, cells in rows[:_SAMPLE_ROWS]]
    sample = [cells for cells in sample if cells]
    if not 0 < n_cols - len(labels) <= _MAX_HIDDEN or not labels or not sample:
        return heading
    fits = _fits(sample, {role for _, role in labels}, reference)
    printed = [width for _, _, width in _printed(heading)]
    best = max(_spreads(len(labels), n_cols), key=lambda widths: _fit(widths, labels, sample, fits))
    (placeable, in_place), (as_printed, in_printed) = (_fit(w, labels, sample, fits) for w in (best, printed))
    reaches = [any(c.text and c.col + c.col_span == n_cols for c in cells) for cells in (heading.cells, *sample)]
    is_full = reaches[0] and any(reaches[1:])
    # That every row can be read goes before how many stand in their place: pages may hide a column on all their rows.
    # Where the heading row is as long as the rows, its blanks are printed, and their place counts for more than that.
    if placeable < as_printed + _CLEARLY and (is_full or in_place < in_printed + _CLEARLY):
        return heading
    return replace(
        heading,
        roles=tuple(role for (_, role), width in zip(labels, best, strict=True) for _ in range(width)),
        labels=tuple(label for (label, _), width in zip(labels, best, strict=True) for _ in range(width)),
    )


def _foreign_columns(heading: Heading, rows: Sequence[tuple[int, list[JoinedCell]]], reference: Reference) -> Heading:
    """A blank heading cell is the rest of the label at its left only if the cells below could be.

    Where nearly all of them are leaders or organisations and hardly any fits that label, the column's own heading was
    lost: it has no role.
    """
    own = {cell.col for cell in heading.cells if cell.text}
    roles, labels = list(heading.roles), list(heading.labels)
    for col, role in enumerate(heading.roles):
        texts = [c.text for _, cells in rows for c in cells if c.col == col and c.col_span == 1 and c.text]
        if col in own or role is None or not texts or col > max(own):
            continue
        if _share(role, texts, reference) > 1 - _NEARLY_ALL:
            continue
        if _share("leader", texts, reference) + _share("lead", texts, reference) >= _NEARLY_ALL:
            roles[col], labels[col] = None, f"(column {col + 1} without a heading)"
    return replace(heading, roles=tuple(roles), labels=tuple(labels))


def _share(role: str | None, texts: Sequence[str], reference: Reference) -> float:
    """The share of texts that fit a role."""
    vocabulary = Vocabulary()
    return sum(score(role, text, reference, vocabulary) >= FITS for text in texts) / len(texts) if role else 0.0


def is_numbered_in_column(rows: Sequence[tuple[int, list[JoinedCell]]], heading: Heading) -> bool:
    """Whether the texts of the tasks carry no numbers of their own, so that the number column has them."""
    texts = [cell.text for _, cells in rows for cell in cells if cell.text and heading.roles[cell.col] == "content"]
    return "number" in heading.roles and sum(map(has_task_number, texts)) * 2 < len(texts)


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
) -> tuple[float, float]:
    """The share of rows whose cells have columns that they fit, in their order, and of those that stand in them."""
    roles = [role or "" for (_, role), width in zip(labels, widths, strict=True) for _ in range(width)]
    placeable = [_is_placeable([cell.text for cell in cells], roles, fits) for cells in sample]
    in_place = [all(fits.get((roles[cell.col], cell.text), True) for cell in cells) for cells in sample]
    return sum(placeable) / len(sample), sum(in_place) / len(sample)


def _is_placeable(texts: Sequence[str], roles: Sequence[str], fits: dict[tuple[str, str], bool]) -> bool:
    """Whether there is a column for each text, in order: the first that it fits is as good as any."""
    col = 0
    for text in texts:
        while col < len(roles) and not fits.get((roles[col], text), True):
            col += 1
        if col == len(roles):
            return False
        col += 1
    return True


def learn(rows: Sequence[tuple[int, list[JoinedCell]]], heading: Heading, reference: Reference) -> Vocabulary:
    """The leaders and organisations that stand in their columns in rows whose task stands in its own.

    What they hold helps to know the same names in rows that slipped. A name that looks like the other kind is not
    learned: it may be the one that slipped.
    """
    vocabulary, blank = Vocabulary(), Vocabulary()
    for _, cells in rows:
        contents = [cell.text for cell in cells if cell.text and heading.roles[cell.col] == "content"]
        if not any(score("content", text, reference, blank) > FITS for text in contents):
            continue
        for cell in cells:
            role = heading.roles[cell.col]
            if role in ("leader", "co_leader"):
                vocabulary.leaders.update(t for t in tokens(cell.text) if not is_unit(t, reference.units))
            elif role in ("lead", "support"):
                vocabulary.units.update(
                    t for t in tokens(cell.text) if is_unit(t, reference.units) or not is_name(t, reference.names)
                )
    return vocabulary
