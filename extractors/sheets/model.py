"""What every kind of workbook gives: sheets of texts by row and column, with what is merged and what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: A place in a sheet: row and column, from 0.
Spot = tuple[int, int]
#: A merged range: the first and the last row and column, both included.
Range = tuple[int, int, int, int]

#: Excel's own limits (ISO/IEC 29500-1, 18.3.1.73 and 18.3.1.13).
MAX_ROWS, MAX_COLS = 1 << 20, 1 << 14
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
#: Names of sheets that stand in a reference without quotes.
_PLAIN = re.compile(r"[^\W\d][\w.]*")


@dataclass(slots=True)
class Sheet:
    """One sheet. ``without_value`` are formulas without a result, ``unsure`` numbers printed in an unknown way."""

    name: str
    hidden: bool = False
    texts: dict[Spot, str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_cols: set[int] = field(default_factory=set)
    without_value: list[Spot] = field(default_factory=list)
    unsure: list[Spot] = field(default_factory=list)

    def reference(self, spot: Spot) -> str:
        """A cell as Excel names it: ``Sheet1!B7``, ``'Sheet 1'!B7``."""
        quoted = self.name if _PLAIN.fullmatch(self.name) else "'" + self.name.replace("'", "''") + "'"
        return f"{quoted}!{letters(spot[1])}{spot[0] + 1}"


def letters(col: int) -> str:
    """The name of a column (from 0): A, B, ..., Z, AA."""
    name = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        name = chr(65 + rest) + name
    return name


def spot_of(reference: str) -> Spot | None:
    """The place that a reference such as B7 names; None where it names none within Excel's limits."""
    match = _REFERENCE.fullmatch(reference.strip())
    if match is None:
        return None
    col = 0
    for letter in match[1].upper():
        col = col * 26 + ord(letter) - 64
    row = int(match[2])
    return (row - 1, col - 1) if 0 < row <= MAX_ROWS and col <= MAX_COLS else None


def range_of(reference: str) -> Range | None:
    """The range that B7:C9 names, from its upper left corner whichever corners are named; None where it names none."""
    first, _, last = reference.partition(":")
    one, other = spot_of(first), spot_of(last or first)
    if one is None or other is None:
        return None
    rows, cols = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return rows[0], cols[0], rows[1], cols[1]
