"""A table as lines of characters: a grid of box-drawing characters in which merged cells are drawn merged.

Widths are terminal columns: a Chinese character takes two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import add

from rich.cells import cell_len
from rich.text import Text

from extractors.model import Cell, Table, slots

#: A cell shows at most so many lines (a merged one as many as it has room for), a table at most so many rows.
MAX_LINES = 3
MAX_ROWS = 100
#: A column gets at least this much room; where that does not fit, the columns are drawn in several bands.
_MIN_WIDTH = 4
_RULE, _HEADING, _DOUBT = "cyan", "bold", "bold red"
#: By which sides a line goes on to: up, down, left, right. Below a heading the lines to the sides are double.
_CORNERS = dict(
    zip(
        ["0011", "1100", "0101", "0110", "1001", "1010", "1101", "1110", "0111", "1011", "1111"],
        "─│┌┐└┘├┤┬┴┼",
        strict=True,
    )
)
_DOUBLE = {"─": "═", "├": "╞", "┤": "╡", "┬": "╤", "┴": "╧", "┼": "╪", "└": "╘", "┘": "╛", "┌": "╒", "┐": "╕"}


@dataclass(frozen=True, slots=True)
class _Band:
    """Some columns of a table that are drawn side by side: their widths, the rows' heights, the lines of each cell."""

    first: int
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    owner: Sequence[Sequence[int]]
    lines: Mapping[int, Sequence[str]]
    styles: Mapping[int, str]
    heading: int


def draw(table: Table, width: int, heading: int = 0, marks: Mapping[int, str] | None = None) -> Iterator[Text]:
    """The lines of the grid, each at most ``width`` wide.

    ``heading`` is the number of heading rows; ``marks`` are put before the texts of doubtful cells, by their index.
    Rows and columns are numbered from 1 at the left and above.
    """
    marks = marks or {}
    rows = min(table.n_rows, MAX_ROWS)
    owner = [[0] * table.n_cols for _ in range(table.n_rows)]
    for index, cell in enumerate(table.cells):
        for row, col in slots(cell):
            owner[row][col] = index
    gutter = len(str(rows)) + 1
    texts = [marks.get(index, "") + plain(cell) for index, cell in enumerate(table.cells)]
    for first, widths in _bands(table, texts, width - gutter):
        yield from _draw_band(_fill(table, texts, first, widths, owner[:rows], heading, marks), gutter)
    if rows < table.n_rows:
        yield Text(f"… and {table.n_rows - rows} more rows")


def plain(cell: Cell) -> str:
    """A cell's text as one that can be printed: no control characters, line breaks that may be mere wraps taken out.

    A few short lines stay as they are printed: in a narrow column nothing tells a wrap from a list of names.
    """
    lines = cell.text.split("\n")
    as_printed = len(lines) <= MAX_LINES and all(2 < cell_len(line) <= 2 * _MIN_WIDTH for line in lines)
    parts = []
    for offset, char in enumerate(cell.text):
        if char != "\n":
            parts.append(char)
        elif as_printed or offset not in cell.wraps:
            parts.append("\n")
        elif cell.text[offset - 1 : offset].isascii() and cell.text[offset + 1 : offset + 2].isascii():
            parts.append(" ")
    return "\n".join(printable(line) for line in "".join(parts).split("\n"))


def printable(text: str) -> str:
    """A text on one line that does nothing to a terminal: white space is blanks, what can't be printed is �."""
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)


def shortened(text: str, width: int) -> str:
    """A text on one line of at most this width; its beginning and its end stay."""
    text = text.replace("\n", "↵")
    if cell_len(text) <= width:
        return text
    tail = _ending(text, (width - 1) // 2)
    return _beginning(text, width - 1 - cell_len(tail)) + "…" + tail


def _beginning(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return text[:index]
    return text


def _ending(text: str, width: int) -> str:
    return _beginning(text[::-1], width)[::-1]


def _wrap(text: str, width: int, most: int) -> list[str]:
    """The text in at most so many lines of this width; what does not fit is cut out before its last line."""
    if text.count("\n") >= most:
        text = text.replace("\n", "↵")
    lines = [line for part in text.split("\n") for line in _wrapped(part, width)]
    if len(lines) <= most:
        return lines
    kept, rest = lines[: most - 1], lines[most - 1 :]
    return [*kept, _beginning("…" + _ending("".join(rest), width - 1), width) if kept else shortened(text, width)]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of this width, broken between words; Chinese, and words that are too long, anywhere."""
    lines = [""]
    for token in re.findall(rf"[!-~]{{1,{width}}}|.", text):
        if cell_len(lines[-1]) + cell_len(token) <= width:
            lines[-1] += token
        else:
            lines.append("" if token == " " else token)
    return lines


def _bands(table: Table, texts: Sequence[str], width: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The columns, in as many bands as the width asks for: the first column of each and its columns' widths."""
    wanted, natural = _wanted(table, texts), _natural(table, texts)
    fit = max((width - 1) // (_MIN_WIDTH + 1), 1)
    count = -(-table.n_cols // fit)
    size = -(-table.n_cols // count)
    for first in range(0, table.n_cols, size):
        own = wanted[first : first + size]
        room = max(width - 1 - len(own), _MIN_WIDTH * len(own))
        widths = _allotted(own, room)
        missing = [max(n - w, 0) for n, w in zip(natural[first : first + size], widths, strict=True)]
        yield first, tuple(map(add, widths, _allotted(missing, room - sum(widths))))


def _wanted(table: Table, texts: Sequence[str]) -> list[int]:
    """How wide each column had to be so that its texts fit into the lines that a cell shows."""
    wanted = [_MIN_WIDTH] * table.n_cols
    for cell, text in sorted(zip(table.cells, texts, strict=True), key=lambda pair: pair[0].col_span):
        lines = text.split("\n") if text.count("\n") < MAX_LINES else [text]
        need = max(-(-cell_len(line) // (MAX_LINES + 1 - len(lines))) for line in lines) + 1
        need = max(need, min(max(cell_len(line) for line in lines), 2 * _MIN_WIDTH))
        columns = range(cell.col, cell.col + cell.col_span)
        missing = need - sum(wanted[col] for col in columns) - (cell.col_span - 1)
        for col in columns:
            wanted[col] += max(-(-missing // cell.col_span), 0)
    return wanted


def _natural(table: Table, texts: Sequence[str]) -> list[int]:
    """How wide each column had to be so that no line of its own cells is broken."""
    natural = [0] * table.n_cols
    for cell, text in zip(table.cells, texts, strict=True):
        if cell.col_span == 1:
            natural[cell.col] = max(natural[cell.col], *(cell_len(line) for line in text.split("\n")))
    return natural


def _allotted(wanted: Sequence[int], room: int) -> list[int]:
    """The room shared out: columns that want little get it, the others the same of what is left."""
    widths = [0] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda col: wanted[col])
    for place, col in enumerate(order):
        widths[col] = min(wanted[col], room // (len(order) - place))
        room -= widths[col]
    return widths


def _fill(
    table: Table,
    texts: Sequence[str],
    first: int,
    widths: tuple[int, ...],
    owner: Sequence[Sequence[int]],
    heading: int,
    marks: Mapping[int, str],
) -> _Band:
    """The cells of a band wrapped into their room."""
    shown = sorted({index for row in owner for index in row[first : first + len(widths)]})
    rooms = {}
    for index in shown:
        cell = table.cells[index]
        own = widths[max(cell.col - first, 0) : cell.col + cell.col_span - first]
        rooms[index] = sum(own) + len(own) - 1
    heights = [1] * len(owner)
    for index in shown:
        cell = table.cells[index]
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], len(_wrap(texts[index], rooms[index], MAX_LINES)))
    lines = {}
    for index in shown:
        cell = table.cells[index]
        height = sum(heights[cell.row : cell.row + cell.row_span]) + min(cell.row_span, len(owner) - cell.row) - 1
        own_lines = _wrap(texts[index], rooms[index], height)
        lines[index] = [line + " " * (rooms[index] - cell_len(line)) for line in own_lines]
        lines[index] += [" " * rooms[index]] * (height - len(own_lines))
    styles = {index: _HEADING for index in shown if table.cells[index].row < heading}
    styles |= {index: _DOUBT for index in shown if index in marks}
    own_columns = [row[first : first + len(widths)] for row in owner]
    return _Band(first, widths, tuple(heights), own_columns, lines, styles, heading)


def _draw_band(band: _Band, gutter: int) -> Iterator[Text]:
    numbers = "".join(f"{number:^{width + 1}}" for number, width in enumerate(band.widths, band.first + 1))
    yield Text(" " * (gutter + 1) + numbers.rstrip(), style="dim")
    used = dict.fromkeys(band.lines, 0)
    for row in range(len(band.heights) + 1):
        yield _line(band, used, row, True, " " * gutter)
        for number in range(band.heights[row] if row < len(band.heights) else 0):
            yield _line(band, used, row, False, f"{row + 1 if number == 0 else '':>{gutter - 1}} ")


def _line(band: _Band, used: dict[int, int], row: int, border: bool, gutter: str) -> Text:
    """One line: a row's text, or the border above a row, which goes around the merged cells that cross it."""
    line = Text(gutter, style="")
    line.stylize("dim")
    above, below = (band.owner[at] if 0 <= at < len(band.owner) else None for at in (row - border, row))
    end = len(band.widths)
    for col in range(end + 1):
        if not (above and below and 0 < col < end and above[col - 1] == below[col]):
            line.append(_corner(above, below, col, band, row), _RULE)
        if col == end:
            break
        if above is None or below is None or above[col] != below[col]:
            line.append(_double("─", row, band) * band.widths[col], _RULE)
        elif col == 0 or below[col - 1] != below[col]:
            index = below[col]
            line.append(band.lines[index][used[index]], band.styles.get(index, ""))
            used[index] += 1
    return line


def _corner(above: Sequence[int] | None, below: Sequence[int] | None, col: int, band: _Band, row: int) -> str:
    """What stands where two columns and two rows meet (at an outer border: one of each)."""
    end = len(band.widths)
    up = above is not None and (col in (0, end) or above[col - 1] != above[col])
    down = below is not None and (col in (0, end) or below[col - 1] != below[col])
    left = col > 0 and (above is None or below is None or above[col - 1] != below[col - 1])
    right = col < end and (above is None or below is None or above[col] != below[col])
    return _double(_CORNERS["".join("1" if side else "0" for side in (up, down, left, right))], row, band)


def _double(char: str, row: int, band: _Band) -> str:
    return _DOUBLE.get(char, char) if 0 < row == band.heading else char
