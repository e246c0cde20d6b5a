"""The corrections made: values that people know better, set where they fit, and said where they don't."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from normalizers.corrections import LISTS, Correction, is_names
from normalizers.records import Field, Issue, Leader, TaskRecord, Unit
from normalizers.rules import issue
from normalizers.text import label


def correct(
    tasks: Sequence[TaskRecord], entries: Sequence[Correction], resolve: Callable[[str], Unit]
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with the corrections made, and an issue for each that does not fit or leaves a value unknown."""
    corrected = list(tasks)
    issues: list[Issue] = []
    unknown: dict[tuple[int, str], Correction] = {}
    for entry in entries:
        name = str(entry.field)
        concerned = [index for index, task in enumerate(corrected) if entry.concerns(task)]
        missing = _missing(entry, [corrected[index] for index in concerned])
        if missing:
            issues.append(misfit(entry, f"there is no task {missing}"))
        for index in concerned:
            task = corrected[index]
            field: Field[Any] = getattr(task, name)
            value = _corrected(field.value, entry, resolve)
            if isinstance(value, _Misfit):
                issues.append(misfit(entry, value.found, task))
                continue
            changes: dict[str, Any] = {name: Field(value, field.raw, field.provenance, "corrected")}
            corrected[index] = replace(task, **changes)
            # A later entry may know what an earlier one took for lost.
            unknown.pop((index, name), None)
            if entry.now is None and not value:
                unknown[index, name] = entry
    return corrected, issues + [_unknown(corrected[index], entry) for (index, _), entry in unknown.items()]


def _unknown(task: TaskRecord, entry: Correction) -> Issue:
    places = getattr(task, str(entry.field)).provenance
    return issue("unknown_in_source", entry.reason, task.task_no.value, entry.field, places, None, task.table_no)


def _missing(entry: Correction, concerned: Sequence[TaskRecord]) -> str:
    """The numbers that an entry names but no task has; with ``where`` it is enough that one has."""
    found = {task.task_no.value for task in concerned}
    missing = [number for number in range(entry.first or 0, (entry.last or 0) + 1) if number not in found]
    if entry.where is not None and found:
        return ""
    return ", ".join(f"({number})" for number in missing[:5]) + (" …" if len(missing) > 5 else "")


@dataclass(frozen=True, slots=True)
class _Misfit:
    found: str


def misfit(entry: Correction, found: str, task: TaskRecord | None = None) -> Issue:
    """The issue for an entry that does not fit; it names the task only if there is one."""
    detail = f"the correction of {entry.field} of {entry.tasks} expects {entry.was!r}, but {found}"
    number = task.task_no.value if task else None
    places = task.content.provenance if task else ()
    return issue("correction_misfit", detail, number, entry.field, places, None, entry.table_no)


def _corrected(value: Any, entry: Correction, resolve: Callable[[str], Unit]) -> Any:
    if entry.field in LISTS:
        return _corrected_list(value, entry, resolve)
    if isinstance(value, str) and isinstance(entry.was, str) and entry.was != value:
        if value.count(entry.was) != 1 or not isinstance(entry.now, str):
            return _Misfit(f"{entry.was!r} stands {value.count(entry.was)} times in {value[:60]!r}")
        return value.replace(entry.was, entry.now)
    if value != entry.was:
        return _Misfit(f"{value!r} stands there")
    return entry.now


def _corrected_list(value: tuple[Unit | Leader, ...], entry: Correction, resolve: Callable[[str], Unit]) -> Any:
    """A list as a whole (``was`` is a list), or one of its members (``was`` is a text)."""
    names = [item.printed for item in value]
    if is_names(entry.was):
        if list(entry.was) != names or not (entry.now is None or is_names(entry.now)):
            return _Misfit(f"{names} stand there")
        new = list(entry.now or ())
    elif names.count(entry.was) == 1 and not isinstance(entry.now, list):
        new = [entry.now if name == entry.was else name for name in names]
        new = [name for name in new if name is not None]
    else:
        return _Misfit(f"{names} stand there")
    if entry.field == "leaders":
        return tuple(map(Leader, new))
    return tuple(resolve(label(name)) for name in new)
