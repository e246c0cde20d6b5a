"""Where the tasks' numbers stand, and which number begins in a row."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from normalizers.grid import Entry, GridRow
from normalizers.headings import Heading
from normalizers.meaning import CIRCLED_NUMBER, TASK_NUMBER
from normalizers.records import Field
from normalizers.text import numeral

#: Of the texts of a column of tasks, at least this share carries its number where numbers stand in the text.
_MOST = 0.5
#: Of the tasks numbered in their text, at least this share has the same number in a column that repeats it; and of the
#: texts of a table, at least this share begins with a circled number where these count its tasks.
_NEARLY_ALL = 0.8
#: Unicode's first block of circled numbers ends at ⑳; many kinds of type have no others.
_LAST_CIRCLED = 20


@dataclass(frozen=True, slots=True)
class Numbering:
    """Where the numbers of tasks stand: in their text (bracketed, dotted, circled) or in a column.

    ``of_tasks`` is the column of task numbers, ``of_categories`` are those that number categories.
    """

    style: Literal["bracketed", "dotted", "circled", "column"]
    of_tasks: int | None = None
    of_categories: tuple[int, ...] = ()


def find_numbering(rows: Sequence[GridRow], heading: Heading) -> Numbering | None:
    """Where the tasks' numbers stand, None when they have none.

    A text may begin with a number of another style that is no task number (2、3号楼), so one style holds for all.
    """
    columns = [col for col, role in enumerate(heading.roles) if role == "number"]
    fresh = [(entry, row) for row in rows if (entry := content_of(row, heading)) and entry.fresh]
    matches = [(match, row) for entry, row in fresh if (match := TASK_NUMBER.match(entry.text))]
    in_brackets = [(int(match[1]), row) for match, row in matches if match[1]]
    dotted = [(int(match[2]), row) for match, row in matches if match[2]]
    found = max(in_brackets, dotted, key=len)
    rising = sum(a < b for (a, _), (b, _) in pairwise(found))
    if found and len(found) >= _MOST * len(fresh) and rising >= _MOST * (len(found) - 1):
        others = tuple(col for col in columns if not _repeats(found, col))
        return Numbering("bracketed" if found is in_brackets else "dotted", None, others)
    if _are_circled(fresh):
        return Numbering("circled", None, tuple(columns))
    counts = Counter(col for row in rows for col in columns if number_in(row, col) is not None)
    if not counts:
        return None
    own = max(columns, key=lambda col: (counts[col], col))
    return Numbering("column", own, tuple(col for col in columns if col != own))


def _are_circled(fresh: Sequence[tuple[Entry, GridRow]]) -> bool:
    """Whether circled numbers count the tasks: nearly every text begins with one, and they rise with hardly a gap.

    Others are the rest of a task, or a total; or what stands behind ⑳, the last of these signs that most type has.
    Where the numbers begin again at ①, they number the parts of one task.
    """
    numbers = [number for entry, _ in fresh if (number := circled_number(entry.text)) is not None]
    rising = all(after > before for before, after in pairwise(numbers))
    if len(numbers) < 2 or not rising or len(numbers) < _NEARLY_ALL * (numbers[-1] - numbers[0] + 1):
        return False
    to_twenty = numbers == list(range(1, _LAST_CIRCLED + 1)) and circled_number(fresh[_LAST_CIRCLED - 1][0].text)
    return bool(to_twenty) or len(numbers) >= _NEARLY_ALL * len(fresh)


def circled_number(text: str) -> int | None:
    """The circled number with which a text begins (① is 1), None where there is none."""
    match = CIRCLED_NUMBER.match(text)
    return int(unicodedata.numeric(match[1])) if match else None


def _repeats(found: Sequence[tuple[int, GridRow]], col: int) -> bool:
    """Whether a column says once more the numbers that stand in the texts."""
    same = sum(number is not None and number.value == value for value, row in found for number in [number_in(row, col)])
    return same >= _NEARLY_ALL * len(found) and same > 1


def content_of(row: GridRow, heading: Heading) -> Entry | None:
    """The row's entry under the content heading, if it says anything."""
    entries = [row.entries[col] for col, role in enumerate(heading.roles) if role == "content" and col in row.entries]
    return next((entry for entry in entries if entry.text.strip()), None)


def number_in(row: GridRow, col: int) -> Field[int] | None:
    """The number that begins in a column of a row."""
    entry = row.entries.get(col)
    value = numeral(entry.text.strip("()（）.、 ")) if entry is not None and entry.fresh else None
    return None if entry is None or value is None else Field(value, entry.text, entry.provenance, entry.method)


def task_number(row: GridRow, numbering: Numbering, heading: Heading) -> Field[int] | None:
    """The number of the task that begins in the row, None when none does."""
    if numbering.of_tasks is not None:
        return number_in(row, numbering.of_tasks)
    entry = content_of(row, heading)
    if numbering.style == "circled":
        circled = circled_number(entry.text) if entry and entry.fresh else None
        return Field(circled, entry.text.strip()[0], entry.provenance, entry.method) if entry and circled else None
    match = TASK_NUMBER.match(entry.text) if entry and entry.fresh else None
    number = match[1 if numbering.style == "bracketed" else 2] if match else None
    if entry is None or match is None or number is None:
        return None
    return Field(int(number), match[0].strip(), entry.provenance, entry.method)
