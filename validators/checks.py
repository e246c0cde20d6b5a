"""The checks themselves, on data frames and without GX.

Each says what is at fault: per row (a Series), or per row and column (a DataFrame). The expectations ask which
rows are at fault; the findings then ask the same function which columns of those rows. All of them take a value
of the wrong type calmly: saying so is the business of one check only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from normalizers.dataset import Column, table
from validators.characters import unreadable
from validators.frames import DTYPES, fits

#: Tables that quote the source (raw text, messages about it): what is unreadable there is reported where it is used.
EVIDENCE_TABLES = ("provenance", "issues")

#: Lengths in characters that are plausible for a column: outside of them a reading went wrong more often than not.
#: Content: the shortest targets (GDP增长5%) have 7, three characters are a scrap of a cell; the longest cells, with
#: measures in full, stay under 1000, and 1500 are two rows run together. Organisations: 团委 has 2; a name with every
#: level above it and a qualifier in brackets stays under 40, more is a list that was not split. Labels: 生态 has 2, a
#: label of more than 60 is a sentence. Deadlines: 全年 has 2, a schedule by quarters fills a few hundred. Remarks: 无.
PLAUSIBLE_LENGTHS: dict[str, dict[str, tuple[int, int]]] = {
    "tasks": {
        "category": (2, 60),
        "subcategory": (2, 60),
        "content": (4, 1500),
        "deadline": (2, 500),
        "remark": (1, 500),
    },
    "task_units": {"unit": (2, 40)},
}

_HAN = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_NAME = re.compile(rf"{_HAN}{{2,4}}|{_HAN}+(?:·{_HAN}+)+")
_POST = re.compile(
    rf"(?:{_HAN}|、){{2,20}}(?:长|主任|书记|委员|常委|领导|负责人|助理|专员|主席|州长|代表|总指挥|党组成员|调研员|巡视员)"
)
# Four characters can be an organisation as well as a name; no given name ends like this.
_ORGANISATION = re.compile(rf"{_HAN}+(?:局|厅|街道|委会|公司|集团|政府|中心|大队|分局|办公室)")


def wrong_type(frame: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Values that are not of their column's type."""

    def faults(column: Column) -> list[bool]:
        values = frame[column.name]
        if values.dtype != DTYPES[column.type]:
            return [not fits(value, column.type) for value in values]
        return [False] * len(frame)

    return _cells(frame, table(definition).columns, faults)


def missing_value(frame: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Empty values, or text of nothing but blanks, in columns that must not be empty."""
    required = [column for column in table(definition).columns if not column.nullable]

    def faults(column: Column) -> list[bool]:
        values = frame[column.name]
        blank = [isinstance(value, str) and not value.strip() for value in values.tolist()]
        return [*(values.isna() | _rows(values, blank))]

    return _cells(frame, required, faults)


def invalid_value(frame: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Values that are not among the column's values, are below its minimum or do not match its pattern."""

    def faults(column: Column) -> list[bool]:
        values = frame[column.name].tolist()
        # Identifiers repeat for each row of a task: looking at each distinct value once is several times faster.
        broken = {value: _breaks(value, column) for value in set(values)}
        return [broken[value] for value in values]

    return _cells(frame, [column for column in table(definition).columns if is_limited(column)], faults)


def is_limited(column: Column) -> bool:
    """Whether the definition says more about the column than its type."""
    return bool(column.values or column.pattern) or column.minimum is not None


def unreadable_text(frame: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Text with a character that nobody printed."""
    columns = text_columns(definition)
    return _cells(
        frame, columns, lambda column: [unreadable(value) is not None for value in frame[column.name].tolist()]
    )


def text_columns(definition: str) -> list[Column]:
    """The columns of free text: no pattern, no list of values."""
    if definition in EVIDENCE_TABLES:
        return []
    return [c for c in table(definition).columns if c.type == "string" and not c.pattern and not c.values]


def implausible_length(frame: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Texts shorter or longer than texts of their kind; an empty one is not a short one."""
    limits = PLAUSIBLE_LENGTHS[definition]

    def faults(column: Column) -> list[bool]:
        low, high = limits[column.name]
        values = frame[column.name].tolist()
        return [isinstance(value, str) and bool(value.strip()) and not low <= len(value) <= high for value in values]

    return _cells(frame, [column for column in table(definition).columns if column.name in limits], faults)


def malformed_leader(leader: pd.Series[Any]) -> pd.Series[bool]:
    """Leaders that are neither a name of 2 to 4 Chinese characters (or with ·) nor a post (分管副省长)."""
    return _rows(leader, [isinstance(value, str) and not _is_leader(value) for value in leader.tolist()])


def _is_leader(text: str) -> bool:
    if _POST.fullmatch(text):
        return True
    return bool(_NAME.fullmatch(text)) and not (len(text) > 2 and _ORGANISATION.fullmatch(text))


def orphan_row(frame: pd.DataFrame) -> pd.Series[bool]:
    """References (first column) that found no parent (second column)."""
    return frame.iloc[:, 0].notna() & frame.iloc[:, 1].isna()


def missing_number(frame: pd.DataFrame) -> pd.Series[bool]:
    """Numbers (third column) whose predecessor does not occur in the same document and table.

    1 has none; a second table may go on where the tables before it end.
    """
    rows = _numbers(frame)
    present = {row for row in rows if row is not None}
    lowest = _lowest(present)

    def is_faulty(row: tuple[int, int, int]) -> bool:
        batch_no, table_no, number = row
        if number <= 1 or (batch_no, table_no, number - 1) in present:
            return False
        return number > lowest[batch_no, table_no] or number - 1 != highest_before(batch_no, table_no)

    def highest_before(batch_no: int, table_no: int) -> int:
        return max((row[2] for row in present if row[0] == batch_no and row[1] < table_no), default=0)

    return _rows(frame, [row is not None and is_faulty(row) for row in rows])


def falling_number(frame: pd.DataFrame) -> pd.Series[bool]:
    """Numbers (third column) lower than the last one known before them in the same document and table."""
    last: dict[tuple[int, int], int] = {}
    faults = []
    for row in _numbers(frame):
        if row is None:
            faults.append(False)
            continue
        faults.append(row[2] < last.get(row[:2], row[2]))
        last[row[:2]] = row[2]
    return _rows(frame, faults)


def skipped_category(frame: pd.DataFrame) -> pd.Series[bool]:
    """The first row of a category number whose predecessor is unknown, though a lower one is known."""
    rows = _numbers(frame)
    present = {row for row in rows if row is not None}
    lowest = _lowest(present)
    seen: set[tuple[int, int, int]] = set()
    faults = []
    for row in rows:
        first = row is not None and row not in seen
        skips = row is not None and row[2] > lowest[row[:2]] and (row[0], row[1], row[2] - 1) not in present
        faults.append(first and skips)
        if row is not None:
            seen.add(row)
    return _rows(frame, faults)


def lacking_field(frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows with a count of nothing (first column) where something is due (second column)."""
    return (frame.iloc[:, 0] == 0).fillna(False).astype(bool) & frame.iloc[:, 1].fillna(False).astype(bool)


def unknown_organisation(frame: pd.DataFrame) -> pd.Series[bool]:
    """Organisations without an identifier (first column) where there is a roster (second column)."""
    return frame.iloc[:, 0].isna() & frame.iloc[:, 1].fillna(False).astype(bool)


def _breaks(value: Any, column: Column) -> bool:
    if value is None or value is pd.NA or not fits(value, column.type):
        return False
    if column.values and value not in column.values:
        return True
    if column.minimum is not None and value < column.minimum:
        return True
    return bool(column.pattern) and re.search(str(column.pattern), value) is None


def _numbers(frame: pd.DataFrame) -> list[tuple[int, int, int] | None]:
    """Document, table and number of each row; None where one of them is not known."""
    columns = [frame.iloc[:, position].tolist() for position in range(3)]
    return [row if all(type(value) is int for value in row) else None for row in zip(*columns, strict=True)]


def _lowest(rows: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], int]:
    lowest: dict[tuple[int, int], int] = {}
    for batch_no, table_no, number in rows:
        lowest[batch_no, table_no] = min(number, lowest.get((batch_no, table_no), number))
    return lowest


def _rows(like: pd.DataFrame | pd.Series[Any], faults: Sequence[bool]) -> pd.Series[bool]:
    return pd.Series(faults, index=like.index, dtype=bool)


def _cells(frame: pd.DataFrame, columns: Sequence[Column], faults: Callable[[Column], list[bool]]) -> pd.DataFrame:
    values = np.array([faults(column) for column in columns], dtype=bool).reshape(len(columns), len(frame))
    return pd.DataFrame(values.T, index=frame.index, columns=[column.name for column in columns])
