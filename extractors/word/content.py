"""What a Word file holds before its tables are put on a grid: paragraphs, and tables of rows of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

#: Whether a cell begins a merged one, or goes on with it.
Merge = Literal["", "restart", "continue"]


@dataclass(slots=True)
class Paragraph:
    """A paragraph with the number that Word prints before it; ``boxes`` is what text boxes hold that hang on it.

    ``joined``: its end is deleted or hidden, so that it goes on with the next one.
    """

    text: str
    boxes: list[Item] = field(default_factory=list)
    joined: bool = False


@dataclass(slots=True)
class CellNode:
    """A ``w:tc``: ``span`` in columns of the grid, ``width`` in twips (0: not said), ``number`` in its row from 1."""

    items: list[Item]
    number: int
    span: int = 1
    width: int = 0
    down: Merge = ""
    across: Merge = ""


@dataclass(slots=True)
class RowNode:
    """A ``w:tr``: its cells, and the columns that it leaves free before and behind them, with their widths."""

    cells: list[CellNode]
    before: int = 0
    after: int = 0
    before_width: int = 0


@dataclass(slots=True)
class TableNode:
    """A ``w:tbl``: the widths of the grid's columns in twips, and the rows."""

    grid: list[int] = field(default_factory=list)
    rows: list[RowNode] = field(default_factory=list)


Item: TypeAlias = Paragraph | TableNode


def text_of(items: Sequence[Item]) -> str:
    """The text of a cell: a line for each paragraph and for each row of a table in it, without that of text boxes."""
    text = ""
    separator = ""
    for item in items:
        if isinstance(item, Paragraph):
            text += separator + item.text
            separator = "" if item.joined else "\n"
        else:
            rows = (" ".join(text_of(cell.items) for cell in row.cells) for row in item.rows)
            text += separator + "\n".join(rows)
            separator = "\n"
    return text.strip()


def boxes_of(items: Sequence[Item]) -> Iterator[Item]:
    """What the text boxes of a cell hold, those of tables in it with them."""
    for item in items:
        if isinstance(item, Paragraph):
            yield from item.boxes
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from boxes_of(cell.items)
