"""Compares records with a hand-written truth: white space and the width of marks don't count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

#: Names of the fields in truth files, where they differ from those of records.
_NAMES = {"content": "text", "lead_units": "units", "support_units": "cooperating_units"}
LISTS = ("leaders", "lead_units", "support_units")
NUMBERS = ("task_no", "category_no", "page_start", "page_end")
LABELS = ("category", "subcategory")
FIELDS = (*NUMBERS, *LABELS, *LISTS, "content", "deadline", "remark")
_UNKNOWN = "?"
_NOTHING = ("", "-", "/", "无")
_ZERO_WIDTH = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
_MARKS = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys("“”″", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("–—―‐‑", "-"),
        **dict.fromkeys("•・", "·"),
        **{"【": "[", "】": "]", "〔": "[", "〕": "]"},
    }
)
_LABEL_NUMBER = re.compile(r"^([一二三四五六七八九十百零]+、|\([一二三四五六七八九十百零]+\))")


def plain(text: object) -> str:
    """A text without white space, its marks half width."""
    said = "" if text is None else str(text)
    return "".join(char for char in said if not char.isspace() and char not in _ZERO_WIDTH).translate(_MARKS)


def same(field: str, expected: Any, found: Any) -> bool:
    """Whether a field says the same."""
    if field in NUMBERS:
        return bool(expected == found)
    if field in LISTS:
        return _entries(expected) == _entries(found)
    if field in LABELS:
        return _LABEL_NUMBER.sub("", plain(expected)) == _LABEL_NUMBER.sub("", plain(found))
    one, other = plain(expected), plain(found)
    return one == other or (field == "remark" and one in _NOTHING and other in _NOTHING)


def wrong_fields(truth: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Each scored field that is wrong: number of the task, field, what it should be, what it is.

    Records too many or too few, or in another order, are wrong, too.
    """
    numbers, found = [task["task_no"] for task in truth], [record["task_no"] for record in records]
    if numbers != found:
        return [("all", "task_no", numbers, found)]
    return [
        (task["task_no"], field, expected, record[field])
        for task, record in zip(truth, records, strict=True)
        for field, expected in _scored(task)
        if not same(field, expected, record[field])
    ]


def _scored(task: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of a task that its truth knows."""
    for field in FIELDS:
        name = _NAMES.get(field, field) if _NAMES.get(field, field) in task else field
        if name in task and task[name] != _UNKNOWN and name not in task.get("ambiguous", ()):
            yield field, task[name]


def _entries(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value or []
    return [text for text in map(plain, values) if text not in _NOTHING]
