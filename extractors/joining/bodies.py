"""The rows below the heading, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, field

from extractors.model import Cell


@dataclass(slots=True, eq=False)
class Placed:
    """A cell below the heading: the columns of the joined grid that it covers, its rows counted from the heading.

    ``top`` and ``bottom`` are its edges on its page, None without geometry.
    """

    cell: Cell
    col: int
    end_col: int
    row: int
    end_row: int
    top: float | None = None
    bottom: float | None = None
    #: Whether nothing stands in the cell.
    blank: bool = field(init=False)

    def __post_init__(self) -> None:
        self.blank = not self.cell.text or self.cell.text.isspace()


@dataclass(slots=True)
class Body:
    """The rows of one piece below its heading; ``first`` and ``last``: no piece stands before or behind it."""

    page: int
    n_rows: int
    cells: list[Placed]
    first: bool = False
    last: bool = False
    #: The cells at the page's head and foot by the columns that they cover.
    head: dict[tuple[int, int], Placed] = field(default_factory=dict)
    foot: dict[tuple[int, int], Placed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for placed in self.cells:
            if placed.row == 0:
                self.head[placed.col, placed.end_col] = placed
            if placed.end_row == self.n_rows:
                self.foot[placed.col, placed.end_col] = placed

    def inner(self, placed: Placed) -> bool:
        """Whether a cell is away from the page breaks, so that it is whole."""
        return (placed.row > 0 or self.first) and (placed.end_row < self.n_rows or self.last)
