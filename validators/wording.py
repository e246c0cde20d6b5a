"""What the findings say, in plain English: the rule's point and the value. Cheap to import.

As in the normalizer's messages there is no full stop at the end: whoever shows a message goes on with the place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from normalizers.dataset import Column
from normalizers.records import TaskRecord
from validators.characters import visible

_MUCH = 40


def excerpt(value: object) -> str:
    """A value in quotes, cut when it is long."""
    text = visible(value.decode() if isinstance(value, bytes) else str(value))
    return f"“{text[:_MUCH]}…”" if len(text) > _MUCH else f"“{text}”"


def naming(task: TaskRecord) -> str:
    """A task by its text and page, for a message that speaks of several."""
    return excerpt(task.content.value) + (f" (page {task.page_start})" if task.page_start else "")


def numbers(first: int, last: int) -> str:
    """A run of missing numbers: ``5``, ``5 and 6``, ``5 to 9``."""
    if first == last:
        return f"{first} is missing"
    return f"{first} {'and' if last == first + 1 else 'to'} {last} are missing"


def check_failed(table: str, rules: str, error: str) -> str:
    """A check could not run."""
    reason = error.strip().splitlines()
    return f"table {table} could not be checked for {rules}: {reason[0] if reason else 'no reason given'}"


def whole_table(rule: str, table: str) -> str:
    """A table breaks a rule, and GX does not say where."""
    return f"table {table} breaks the rule {rule}, and it cannot be told in which rows"


def columns_differ(table: str, expected: Sequence[str], actual: Sequence[str]) -> str:
    """A table has other columns than its definition."""
    lacking = [name for name in expected if name not in actual]
    unknown = [name for name in actual if name not in expected]
    faults = [f"lacks {', '.join(lacking)}"] if lacking else []
    faults += [f"has the unknown {', '.join(unknown)}"] if unknown else []
    return f"table {table} {' and '.join(faults) or 'has its columns in another order'}"


def wrong_type(name: str, column: Column, value: object) -> str:
    """A value is of another type."""
    return f"{name} is {excerpt(value)}, which is not of type {column.type}"


def missing_value(column: Column, table: str) -> str:
    """A value is missing."""
    return f"{column.name} in table {table} is empty"


def invalid_value(column: Column, value: object) -> str:
    """A value is outside of what the definition allows."""
    if column.values:
        reason = f"not one of {', '.join(column.values)}"
    elif column.pattern:
        reason = f"not of the form {column.pattern}"
    else:
        reason = f"below {column.minimum}"
    return f"{column.name} is {excerpt(value)}, {reason}"


def implausible_length(column: Column, value: str, low: int) -> str:
    """A text is too short or too long."""
    if len(value) < low:
        return f"{column.name} is {excerpt(value)}: {len(value)} characters are fewer than such a text has"
    return f"{column.name} has {len(value)} characters, more than such a text has: {excerpt(value)}"


def unreadable_text(name: str, value: str, character: str) -> str:
    """A text has a character that nobody printed."""
    kind = unicodedata.name(character, unicodedata.category(character))
    return f"{name} has the character U+{ord(character):04X} ({kind}): {excerpt(value)}"


def duplicate_task_no(number: int, tasks: Sequence[TaskRecord]) -> str:
    """Several tasks with one number."""
    return f"the number {number} stands before {len(tasks)} tasks: {' and '.join(naming(task) for task in tasks)}"


def missing_task_no(number: int, before: int | None) -> str:
    """A gap in the numbers of a table; ``before`` is the number below the gap, if there is one."""
    if before is None:
        return f"the lowest number of the table is {number}: {numbers(1, number - 1)}"
    return f"the number {number} follows {before}: {numbers(before + 1, number - 1)}"


def category_gap(number: int, before: int) -> str:
    """A gap in the known numbers of the categories."""
    return f"category {number} follows category {before}: {numbers(before + 1, number - 1)}"
