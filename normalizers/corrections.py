"""What careful readers put right: reference/corrections/<document_id>.yaml.

Each correction says what it expects to find (``was``) and why; one that no longer fits is a critical issue.
Three lists: ``corrections`` set a value, ``accepted`` take a doubt as settled, ``doubts`` state one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

from normalizers.records import FIELD_NAMES, Field, Issue, Leader, TaskRecord, Unit
from normalizers.reference import ReferenceDataError, load_yaml
from normalizers.rules import MAY_COME_LATER, RULES, VALIDATED_ONLY, issue
from normalizers.text import label

_LISTS = ("leaders", "lead_units", "support_units")


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: tasks ``first`` to ``last``, of them only those whose text has ``where``."""

    first: int
    last: int
    field: str
    reason: str
    was: Any = None
    now: Any = None
    where: str | None = None
    rule: str | None = None
    table_no: int = 1

    def concerns(self, task: TaskRecord) -> bool:
        """Whether the entry is about a task."""
        return (
            task.table_no == self.table_no
            and self.first <= task.task_no.value <= self.last
            and (self.where is None or self.where in task.content.value)
        )

    @property
    def tasks(self) -> str:
        """The task numbers as people write them."""
        return f"({self.first})" if self.first == self.last else f"({self.first}) to ({self.last})"


@dataclass(frozen=True, slots=True)
class Corrections:
    """All entries for one document."""

    corrections: tuple[Correction, ...] = ()
    accepted: tuple[Correction, ...] = ()
    doubts: tuple[Correction, ...] = ()


def load_corrections(document_id: str, directory: Path) -> Corrections:
    """The entries for a document, none when it has no file. Raises :class:`ReferenceDataError` for a faulty file."""
    path = directory / "corrections" / f"{document_id}.yaml"
    if not path.exists():
        return Corrections()
    data = load_yaml(path)
    if not isinstance(data, dict) or not set(data) <= {"corrections", "accepted", "doubts"}:
        raise ReferenceDataError(f"{path}: needs the lists corrections, accepted, doubts and nothing else")
    return Corrections(
        *(
            tuple(_entry(path, kind, number, entry) for number, entry in enumerate(_list(path, data, kind), 1))
            for kind in ("corrections", "accepted", "doubts")
        )
    )


def _list(path: Path, data: dict[str, Any], kind: str) -> list[Any]:
    entries = data.get(kind) or []
    if not isinstance(entries, list):
        raise ReferenceDataError(f"{path}: {kind} is a list of entries")
    return entries


_KEYS = {"corrections": {"was", "now"}, "accepted": {"rule"}, "doubts": set[str]()}


def _entry(path: Path, kind: str, number: int, entry: Any) -> Correction:
    where = f"{path}: entry {number} of {kind}"
    wanted = {"task", "field", "reason"} | _KEYS[kind]
    if not isinstance(entry, dict) or not wanted <= set(entry) <= wanted | {"where", "table"}:
        raise ReferenceDataError(f"{where} needs the keys {', '.join(sorted(wanted))} (and where, table if need be)")
    first, last = _tasks(entry["task"], where)
    if entry["field"] not in FIELD_NAMES and not (kind == "accepted" and entry["field"] is None):
        raise ReferenceDataError(f"{where} names no field of a task; fields are {', '.join(FIELD_NAMES)}")
    if kind == "accepted" and entry["rule"] not in RULES and entry["rule"] not in VALIDATED_ONLY:
        raise ReferenceDataError(f"{where} names no doubt of docs/rules.md that can be accepted: {entry['rule']}")
    if kind == "corrections" and not _can_be(entry["field"], entry["now"]):
        raise ReferenceDataError(f"{where}: {entry['field']} can't be {entry['now']!r}")
    if not isinstance(entry.get("table", 1), int):
        raise ReferenceDataError(f"{where}: table is a number")
    return Correction(
        first,
        last,
        entry["field"],
        str(entry["reason"]),
        entry.get("was"),
        entry.get("now"),
        entry.get("where"),
        entry.get("rule"),
        entry.get("table", 1),
    )


def _can_be(field: str, now: Any) -> bool:
    """Whether a value is one that a field can have; a member of a list is a text."""
    if field in ("task_no", "category_no"):
        return (isinstance(now, int) and not isinstance(now, bool)) or (now is None and field == "category_no")
    if field in _LISTS:
        return now is None or isinstance(now, str) or _is_names(now)
    return isinstance(now, str) or (now is None and field != "content")


def _tasks(value: Any, where: str) -> tuple[int, int]:
    """12 or 46-63."""
    parts = str(value).split("-")
    if len(parts) > 2 or not all(part.strip().isdigit() for part in parts) or int(parts[0]) > int(parts[-1]):
        raise ReferenceDataError(f"{where}: task is a number (12) or a range (46-63), not {value!r}")
    return int(parts[0]), int(parts[-1])


def correct(
    tasks: Sequence[TaskRecord], entries: Sequence[Correction], resolve: Callable[[str], Unit]
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with the corrections made, and an issue for each that does not fit or makes a value unknown."""
    corrected = list(tasks)
    issues: list[Issue] = []
    for entry in entries:
        concerned = [index for index, task in enumerate(corrected) if entry.concerns(task)]
        missing = _missing(entry, [corrected[index] for index in concerned])
        if missing:
            issues.append(_misfit(entry, f"there is no task {missing}"))
        for index in concerned:
            task = corrected[index]
            field: Field[Any] = getattr(task, entry.field)
            value = _corrected(field.value, entry, resolve)
            if isinstance(value, _Misfit):
                issues.append(_misfit(entry, value.found, task))
                continue
            changed = Field(value, field.raw, field.provenance, "corrected")
            changes: dict[str, Any] = {entry.field: changed}
            corrected[index] = replace(task, **changes)
            if entry.now is None and not value:
                number = corrected[index].task_no.value
                issues.append(
                    issue("unknown_in_source", entry.reason, number, entry.field, field.provenance, None, task.table_no)
                )
    return corrected, issues


def _missing(entry: Correction, concerned: Sequence[TaskRecord]) -> str:
    """The numbers that an entry names but no task has; with ``where`` it is enough that one has."""
    found = {task.task_no.value for task in concerned}
    missing = [number for number in range(entry.first, entry.last + 1) if number not in found]
    if entry.where is not None and found:
        return ""
    return ", ".join(f"({number})" for number in missing[:5]) + (" …" if len(missing) > 5 else "")


@dataclass(frozen=True, slots=True)
class _Misfit:
    found: str


def _misfit(entry: Correction, found: str, task: TaskRecord | None = None) -> Issue:
    """The issue for an entry that does not fit; it names the task only if there is one."""
    detail = f"the correction of {entry.field} of {entry.tasks} expects {entry.was!r}, but {found}"
    number = task.task_no.value if task else None
    places = task.content.provenance if task else ()
    return issue("correction_misfit", detail, number, entry.field, places, None, entry.table_no)


def _corrected(value: Any, entry: Correction, resolve: Callable[[str], Unit]) -> Any:
    if entry.field in _LISTS:
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
    if _is_names(entry.was):
        if list(entry.was) != names or not (entry.now is None or _is_names(entry.now)):
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


def _is_names(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def settle(issues: Sequence[Issue], tasks: Sequence[TaskRecord], entries: Corrections) -> list[Issue]:
    """The issues without the accepted ones, with the stated doubts, and with one for each acceptance of nothing."""
    settled = list(issues)
    for entry in entries.accepted:
        kept = [found for found in settled if not _is_accepted(found, entry)]
        # What validation can raise may still come; only what reading alone raises is known to be missing.
        if len(kept) == len(settled) and entry.rule not in MAY_COME_LATER:
            detail = f"the doubt {entry.rule} on {entry.field} of {entry.tasks} is accepted, but nobody has it"
            kept.append(issue("correction_misfit", detail, None, entry.field, (), None, entry.table_no))
        settled = kept
    return [*settled, *_stated(tasks, entries.doubts)]


def _is_accepted(found: Issue, entry: Correction) -> bool:
    return (
        found.rule == entry.rule
        and found.field == entry.field
        and found.table_no == entry.table_no
        and found.task_no is not None
        and entry.first <= found.task_no <= entry.last
        and found.severity != "critical"
    )


def _stated(tasks: Sequence[TaskRecord], doubts: Sequence[Correction]) -> Iterator[Issue]:
    for entry in doubts:
        concerned = [task for task in tasks if entry.concerns(task)]
        if not concerned:
            yield _misfit(entry, "there is no such task")
        for task in concerned:
            places = getattr(task, entry.field).provenance or task.content.provenance
            yield issue("stated_doubt", entry.reason, task.task_no.value, entry.field, places, None, task.table_no)
