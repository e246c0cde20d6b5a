"""Writes the cells of a table as the plain-text forms that people paste and programs print."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from typeset_table import HEADINGS, TITLE, Grid, GridCell

Texts = dict[int, list[str]]
Slots = dict[tuple[int, int], GridCell]
_ROOMS = {"number": 4, "category": 12, "subcategory": 12, "content": 40, "leaders": 8, "lead_units": 20}


@dataclass(frozen=True)
class Pen:
    """The marks of a drawn table: horizontal, vertical, crossings by (up, down, left, right), width of a mark."""

    horizontal: str
    vertical: str
    crossings: str
    wide: bool = False
    ambiguous: int = 2


_ARMS = [(0, 1, 0, 1), (0, 1, 1, 1), (0, 1, 1, 0), (1, 1, 0, 1), (1, 1, 1, 1), (1, 1, 1, 0), (1, 0, 0, 1), (1, 0, 1, 1),
         (1, 0, 1, 0)]  # fmt: skip
LIGHT = Pen("─", "│", "┌┬┐├┼┤└┴┘")
HEAVY = Pen("━", "┃", "┏┳┓┣╋┫┗┻┛")
DOUBLE = Pen("═", "║", "╔╦╗╠╬╣╚╩╝")
WIDE = Pen("─", "│", "┌┬┐├┼┤└┴┘", wide=True)
ASCII = Pen("-", "|", "+++++++++")
PENS = {"light": LIGHT, "heavy": HEAVY, "double": DOUBLE, "wide": WIDE, "ascii": ASCII}


def width(text: str, ambiguous: int = 2) -> int:
    return sum({"W": 2, "F": 2, "A": ambiguous}.get(east_asian_width(char), 1) for char in text)


def fold(text: str, room: int, ambiguous: int = 2) -> list[str]:
    """The lines of a text in a cell of so much room."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if width(line + char, ambiguous) > room:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return lines


def pad(text: str, room: int, ambiguous: int = 2) -> str:
    return text + " " * (room - width(text, ambiguous))


def whole(grid: Grid) -> list[GridCell]:
    """Heading and body as one grid, blank cells filled in."""
    cells = [*grid.heading, *(GridCell(c.row + 1, c.col, c.row_span, c.col_span, c.text, c.column) for c in grid.cells)]
    covered = {(r, c) for cell in cells for r, c in slots(cell)}
    for row in range(grid.n_rows + 1):
        for col in range(len(grid.columns)):
            if (row, col) not in covered:
                cells.append(GridCell(row, col, 1, 1, "", grid.columns[col]))
    return cells


def slots(cell: GridCell) -> list[tuple[int, int]]:
    rows, cols = range(cell.row, cell.row + cell.row_span), range(cell.col, cell.col + cell.col_span)
    return [(row, col) for row in rows for col in cols]


def draw(cells: Sequence[GridCell], n_rows: int, rooms: Sequence[int], pen: Pen = LIGHT) -> str:
    """A drawn table; each cell's text stands at its top, and rows are as high as that takes."""
    n_cols = len(rooms)
    at = {slot: cell for cell in cells for slot in slots(cell)}
    inner = [room + 2 for room in rooms]
    if pen.wide:
        inner = [room + room % 2 for room in inner]
    bar = 2 if pen.wide else 1
    texts = {}
    for cell in cells:
        room = sum(inner[cell.col : cell.col + cell.col_span]) + bar * (cell.col_span - 1) - 2
        texts[id(cell)] = fold(cell.text, room, pen.ambiguous)
    heights = [1] * n_rows
    for cell in sorted(cells, key=lambda c: c.row + c.row_span):
        lack = len(texts[id(cell)]) - sum(heights[cell.row : cell.row + cell.row_span])
        heights[cell.row + cell.row_span - 1] += max(0, lack - (cell.row_span - 1))
    out = []
    used = dict.fromkeys(texts, 0)
    for row in range(n_rows + 1):
        out.append(_ruling(row, at, inner, pen, texts, used, n_rows))
        if row == n_rows:
            break
        for _ in range(heights[row]):
            out.append(_line(row, at, inner, pen, texts, used))
    assert all(used[id(cell)] >= len(texts[id(cell)]) for cell in cells), n_cols
    return "\n".join(out)


def _next(cell: GridCell, texts: Texts, used: dict[int, int]) -> str:
    lines, index = texts[id(cell)], used[id(cell)]
    used[id(cell)] += 1
    return lines[index] if index < len(lines) else ""


def _stretch(cell: GridCell, inner: Sequence[int], pen: Pen, texts: Texts, used: dict[int, int]) -> str:
    bar = 2 if pen.wide else 1
    room = sum(inner[cell.col : cell.col + cell.col_span]) + bar * (cell.col_span - 1)
    return pad(" " + _next(cell, texts, used), room, pen.ambiguous)


def _line(row: int, at: Slots, inner: Sequence[int], pen: Pen, texts: Texts, used: dict[int, int]) -> str:
    line, col = pen.vertical, 0
    while col < len(inner):
        cell = at[row, col]
        line += _stretch(cell, inner, pen, texts, used) + pen.vertical
        col = cell.col + cell.col_span
    return line


def _ruling(
    row: int, at: Slots, inner: Sequence[int], pen: Pen, texts: Texts, used: dict[int, int], n_rows: int
) -> str:
    n_cols = len(inner)

    def same(a: tuple[int, int], b: tuple[int, int]) -> bool:
        return a in at and b in at and at[a] is at[b]

    line, col = "", 0
    while col <= n_cols:
        up = row > 0 and not same((row - 1, col - 1), (row - 1, col))
        down = row < n_rows and not same((row, col - 1), (row, col))
        left = col > 0 and not same((row - 1, col - 1), (row, col - 1))
        right = col < n_cols and not same((row - 1, col), (row, col))
        arms = (int(up), int(down), int(left), int(right))
        if (up or down) and (left or right):
            line += pen.crossings[_ARMS.index(arms)]
        else:
            line += pen.vertical if up or down else pen.horizontal
        if col == n_cols:
            break
        if right:
            line += pen.horizontal * (inner[col] // (2 if pen.wide else 1))
            col += 1
        else:
            cell = at[row, col]
            line += _stretch(cell, inner, pen, texts, used)
            col = cell.col + cell.col_span
    return line


def rooms(columns: Sequence[str]) -> list[int]:
    return [_ROOMS.get(column, 16) for column in columns]


def drawn(grid: Grid, pen: Pen = LIGHT) -> str:
    """The document as a drawn table."""
    return (
        f"附件1\n\n{TITLE}\n（共{grid.n_rows}项）\n\n"
        + draw(whole(grid), grid.n_rows + 1, rooms(grid.columns), pen)
        + "\n"
    )


def rows_of(grid: Grid) -> list[list[str]]:
    """The rows of texts, a merged cell's text where it begins; the heading first."""
    rows = [[""] * len(grid.columns) for _ in range(grid.n_rows + 1)]
    for cell in whole(grid):
        rows[cell.row][cell.col] = cell.text
    return rows


def markdown(grid: Grid) -> str:
    rows = [[cell.replace("|", "\\|").replace("\n", "<br>") for cell in row] for row in rows_of(grid)]
    heading, *body = rows
    lines = ["| " + " | ".join(row) + " |" for row in (heading, ["---"] * len(heading), *body)]
    return f"# {TITLE}\n\n**共{grid.n_rows}项**\n\n" + "\n".join(lines) + "\n\n注：以上任务按季度报送。\n"


def values(grid: Grid, separator: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([TITLE, *[""] * (len(grid.columns) - 1)])
    writer.writerow([f"共{grid.n_rows}项", *[""] * (len(grid.columns) - 1)])
    writer.writerows(rows_of(grid))
    return out.getvalue()


def listed(grid: Grid, between: str = "\n") -> str:
    """One cell per line: what is left of a table that was copied from a web page; merged cells once."""
    heading = [HEADINGS[column].replace("\n", "") for column in grid.columns if HEADINGS[column]]
    cells = [cell.text for row in rows_of(grid)[1:] for cell in _cells(row)]
    return f"{TITLE}\n（共{grid.n_rows}项）\n\n" + between.join([*heading, *cells]) + "\n"


@dataclass(frozen=True)
class _Text:
    text: str


def _cells(row: Sequence[str]) -> list[_Text]:
    return [_Text(text) for text in row if text]


def fixed(grid: Grid, gap: int = 2, blank_lines: bool = False) -> str:
    """Columns of blanks only, as a report prints them: each row as high as its cells."""
    sizes = rooms(grid.columns)
    lines = []
    for row in rows_of(grid):
        cells = [fold(text, room) for text, room in zip(row, sizes, strict=True)]
        for index in range(max(map(len, cells))):
            parts = [
                pad(cell[index] if index < len(cell) else "", room) for cell, room in zip(cells, sizes, strict=True)
            ]
            lines.append((" " * gap).join(parts).rstrip())
        if blank_lines:
            lines.append("")
    return f"{TITLE:>30}\n\n（共{grid.n_rows}项）\n\n" + "\n".join(lines) + "\n\n注：以上任务按季度报送。\n"


def bordered(grid: Grid) -> str:
    """A table with bars and one ruling below its heading, as database programs print it."""
    sizes = rooms(grid.columns)
    rule = "+" + "+".join("-" * (room + 2) for room in sizes) + "+"
    lines = [rule]
    for number, row in enumerate(rows_of(grid)):
        cells = [fold(text, room) for text, room in zip(row, sizes, strict=True)]
        for index in range(max(map(len, cells))):
            parts = [
                pad(cell[index] if index < len(cell) else "", room) for cell, room in zip(cells, sizes, strict=True)
            ]
            lines.append("| " + " | ".join(parts) + " |")
        lines += [rule] if number in (0, grid.n_rows) else []
    return f"{TITLE}\n（共{grid.n_rows}项）\n\n" + "\n".join(lines) + "\n"


def flowing(grid: Grid, gap: int = 2, top: float = 0.0) -> str:
    """Columns of blanks in which rows are as high as their own cells: the lines of merged ones go on beside them.

    ``top`` is the share of the free lines above the text of a merged cell: 0 at the top, 0.5 in the middle.
    """
    sizes = rooms(grid.columns)
    folded = {cell: fold(cell.text, sizes[cell.col]) for cell in whole(grid)}
    heights = [1] * (grid.n_rows + 1)
    for cell, lines in sorted(folded.items(), key=lambda item: item[0].row_span):
        last = cell.row + cell.row_span - 1
        heights[last] += max(0, len(lines) - sum(heights[cell.row : last + 1]))
    starts = [sum(heights[:row]) for row in range(grid.n_rows + 2)]
    printed = [[""] * len(sizes) for _ in range(starts[-1])]
    for cell, lines in folded.items():
        free = starts[cell.row + cell.row_span] - starts[cell.row] - len(lines)
        for at, line in enumerate(lines, starts[cell.row] + int(free * top)):
            printed[at][cell.col] = line
    body = (
        (" " * gap).join(pad(text, room) for text, room in zip(row, sizes, strict=True)).rstrip() for row in printed
    )
    return f"{TITLE:>30}\n\n（共{grid.n_rows}项）\n\n" + "\n".join(body) + "\n\n注：以上任务按季度报送。\n"
