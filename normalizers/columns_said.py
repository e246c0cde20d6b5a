"""What is to be said about the columns of a table as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz, process

from normalizers.drafts import FIELD_OF_ROLE
from normalizers.grid import Grid
from normalizers.headings import unknown_headings
from normalizers.records import Issue
from normalizers.reference import Reference
from normalizers.rules import issue


def report_columns(grid: Grid, reference: Reference, table_no: int) -> Iterator[Issue]:
    """Headings that are not known, columns that have no place in the dataset, blanks that mean the same as above."""
    heading = grid.heading
    unknown = unknown_headings(heading)
    for col, text in unknown.items():
        place = next((cell.provenance for cell in heading.cells if cell.col == col and cell.text), ())
        near = _nearest(text, reference)
        detail = f"the heading {text} is not known{near}; its column is not in the dataset"
        if not place:
            detail = f"the heading of column {col + 1} is blank; what stands below it is not in the dataset"
        yield issue("unknown_heading", detail, provenance=place, table_no=table_no)
    if unknown and "lead" not in heading.roles:
        said = "、".join(unknown.values())
        detail = f"no column is known to hold lead organisations; headings not known: {said}"
        yield issue("no_lead_column", detail, table_no=table_no)
    for role, text in dict(zip(heading.roles, heading.labels, strict=True)).items():
        if role is not None and role not in FIELD_OF_ROLE and role not in ("number", "category"):
            detail = f"the column {text} is understood but has no place in the dataset"
            yield issue("unused_column", detail, table_no=table_no)
    for col, count in sorted(grid.same_as_above.items()):
        detail = f"{count} blank cells under {heading.labels[col]} were read as the same as the cell above"
        yield issue("blank_same_as_above", detail, table_no=table_no)


def _nearest(text: str, reference: Reference) -> str:
    """The known heading that looks most like an unknown one, as words of a message."""
    found = process.extractOne(text, sorted(reference.headings), scorer=fuzz.ratio, score_cutoff=50)
    return f" (nearest: {found[0]}, {reference.headings[found[0]]})" if found else ""
