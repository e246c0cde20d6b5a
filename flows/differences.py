"""What reprocessing found of each document, and its differences in words that people read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from normalizers.history import Tables, decoded, diff, tables_changed
from normalizers.tabulate import Row

Outcome = Literal["held_back", "unreadable", "changed", "new", "left", "kept", "unchanged"]
#: What each outcome means, in the order in which a report lists them; gravest first.
OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    "held_back": ("暂缓发布", "held back, the last release stays"),
    "unreadable": ("无法读取", "can't be read, the last release stays"),
    "changed": ("有变更", "changed"),
    "new": ("首次发布", "published for the first time"),
    "left": ("稍后处理", "changed while it was read, left for the next run"),
    "kept": ("来源已不在", "its source is gone, the last release stays"),
    "unchanged": ("无变更", "unchanged, no new release"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one document. ``document`` is the name of its source, or its document_id where that is gone.

    ``release_no`` is the release that stands afterwards, None where there is none. ``changes`` are rows of
    :func:`normalizers.history.diff` (task_id, change, field, old, new); of ``n_changes`` a report may keep only the
    first. ``tables`` are the names of all tables that differ, also of those whose rows are not compared one by one
    (issues, provenance); ``summary`` says it in one line.
    """

    document: str
    outcome: Outcome
    document_id: str | None = None
    year: int | None = None
    release_no: int | None = None
    n_tasks: int = 0
    tables: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[Row, ...] = field(default=(), repr=False)
    n_changes: int = 0
    summary: str = ""


def differences(previous: Tables | None, new: Tables) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The changes between two releases, and the tables that differ; nothing without a previous one."""
    if previous is None:
        return (), ()
    return tuple(diff(previous, new)), tuple(tables_changed(previous, new))


def summary_of(changes: Sequence[Row], tables: Sequence[str]) -> str:
    """Changes in one line: 1 task removed; 2 tasks changed (content 2). Tables are named where no field tells."""
    kinds = Counter(change["change"] for change in changes if change["field"] is None)
    tasks = {change["task_id"] for change in changes if change["change"] == "changed"}
    fields = Counter(change["field"] for change in changes if change["field"] is not None)
    parts = [f"{kinds[kind]} {_tasks(kinds[kind])} {kind}" for kind in ("added", "removed") if kinds[kind]]
    if fields:
        changed = len(tasks - {None})
        named = ", ".join(f"{name} {count}" for name, count in fields.most_common())
        parts.append(f"{changed} {_tasks(changed)} changed ({named})")
    if not parts and tables:
        parts.append(f"only {', '.join(tables)}")
    return "; ".join(parts)


def _tasks(count: int) -> str:
    return "task" if count == 1 else "tasks"


def readable(change: Row) -> tuple[str, str]:
    """The old and the new value of a change as people read them.

    Of a whole task it is its content; of a list of objects only the items that the other side does not have.
    """
    old, new = (decoded(change["field"], change[side]) for side in ("old", "new"))
    if isinstance(old, list) and isinstance(new, list) and any(isinstance(item, dict) for item in [*old, *new]):
        old, new = [item for item in old if item not in new], [item for item in new if item not in old]
        if not old and not new:
            return "", "in another order"
    return _text(old), _text(new)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        if "content" in value:
            return str(value["content"])
        return " ".join(f"{name}={item}" for name, item in value.items() if item is not None)
    if isinstance(value, list):
        return ("；" if any(isinstance(item, dict) for item in value) else "、").join(map(_text, value))
    return str(value)
