"""What is seen of a sheet: its cells without hidden rows and columns, as areas that do not overlap."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.model import LeftOut, Provenance
from extractors.sheets.model import Range, Sheet, Spot

#: Slots that the merged ranges of a sheet may cover: what has more is damaged, or an attack.
_MOST_SLOTS = 2_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell that is seen: the place it is named by, its text, and the visible rows and columns that it covers."""

    spot: Spot
    text: str
    rows: tuple[int, ...]
    cols: tuple[int, ...]


@dataclass(slots=True)
class View:
    """The seen cells of a sheet by their first visible slot, and what is not seen of it.

    ``merged`` are the cells that were merged from several; ``overlapping`` are places of merged ranges that take cells
    which another one has; they were left unmerged.
    """

    sheet: Sheet
    cells: dict[Spot, Seen] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    overlapping: list[Spot] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def view_of(sheet: Sheet) -> View:
    """What is seen of a sheet. Of the cells that a merged range covers only the first one is shown."""
    view = View(sheet)
    covered: dict[Spot, Spot] = {}
    for merged in _clipped(sheet):
        _merge(view, merged, covered)
    for spot, text in sorted(sheet.texts.items()):
        if spot in covered:
            if covered[spot] != spot:
                view.left_out.append(LeftOut(text, "hidden", _place(sheet, spot)))
        elif spot[0] in sheet.hidden_rows or spot[1] in sheet.hidden_cols:
            _hide(view, spot, text)
        else:
            view.cells[spot] = Seen(spot, text, (spot[0],), (spot[1],))
    return view


def _clipped(sheet: Sheet) -> list[Range]:
    """The merged ranges as far as the sheet has text, in their order; ranges of one cell are none."""
    last_row = max((row for row, _ in sheet.texts), default=-1)
    last_col = max((col for _, col in sheet.texts), default=-1)
    found = []
    # A label may reach on over rows or columns in which nothing more is said.
    for top, left, bottom, right in sheet.merged:
        merged = top, left, min(bottom, last_row), min(right, last_col)
        if top <= merged[2] and left <= merged[3] and merged[:2] != merged[2:]:
            found.append(merged)
    return found


def _merge(view: View, merged: Range, covered: dict[Spot, Spot]) -> None:
    sheet = view.sheet
    top, left, bottom, right = merged
    slots = (bottom - top + 1) * (right - left + 1)
    spots = (
        [(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)] if slots < _MOST_SLOTS else []
    )
    if not spots or len(covered) + slots > _MOST_SLOTS or any(spot in covered for spot in spots):
        view.overlapping.append((top, left))
        return
    covered.update(dict.fromkeys(spots, (top, left)))
    rows = tuple(row for row in range(top, bottom + 1) if row not in sheet.hidden_rows)
    cols = tuple(col for col in range(left, right + 1) if col not in sheet.hidden_cols)
    text = sheet.texts.get((top, left), "")
    if rows and cols:
        view.cells[rows[0], cols[0]] = Seen((top, left), text, rows, cols)
    elif text:
        _hide(view, (top, left), text)


def _hide(view: View, spot: Spot, text: str) -> None:
    """Leave out the text of a cell in a hidden row or column."""
    sheet = view.sheet
    view.left_out.append(LeftOut(text, "hidden", _place(sheet, spot)))
    view.hidden.append(sheet.reference(spot))


def _place(sheet: Sheet, spot: Spot) -> Provenance:
    return Provenance(0, line=sheet.reference(spot))
