"""One task of a release with the place in the source of each of its fields, from the release's files alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from flows.discover import UsageError
from flows.release_files import release_folders, rows
from normalizers.dataset import table
from normalizers.records import FIELD_NAMES

Row = dict[str, str]
_TASK_ID = re.compile(r"(?P<document>\d{6}-(?P<year>\d{4})-[a-z0-9]+)-(?P<task>(?:t\d+-)?\d+)")
#: Ids that are offered for one that there is not, and releases whose changes are shown.
_OFFERED, _RELEASES = 5, 3
#: What a field is called where it is no column of the table of tasks.
_ELSEWHERE = {"leaders": "分管领导", "lead_units": "牵头单位", "support_units": "配合单位"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: page from 1 (None in a format without pages), and a box in points or a line or cell."""

    page: int | None
    box: tuple[float, float, float, float] | None
    line: str | None
    engine: str | None

    def __str__(self) -> str:
        parts = [f"page {self.page}"] if self.page else []
        parts += [f"line {self.line}" if self.line.replace("-", "").isdigit() else self.line] if self.line else []
        if self.box:
            x0, top, x1, bottom = (f"{side:.0f}" for side in self.box)
            parts.append(f"({x0}, {top}) to ({x1}, {bottom})")
        parts += [f"by {self.engine}"] if self.engine not in (None, "fenjie") else []
        return ", ".join(parts) or "set by a correction"


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field: its value as text (several joined by 、), where and how it was read, and the text as it stands there."""

    name: str
    heading: str
    value: str
    places: tuple[Place, ...]
    method: str | None
    raw: str | None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task: rows of the release's tables as text, empty for null, and its fields."""

    document: Row
    task: Row
    fields: tuple[FieldView, ...]
    leaders: tuple[Row, ...]
    units: tuple[Row, ...]
    targets: tuple[Row, ...]
    issues: tuple[Row, ...]
    releases: tuple[Row, ...]
    changes: tuple[Row, ...]

    @property
    def pages(self) -> list[int]:
        """The pages that have a box of a field."""
        return sorted({place.page for item in self.fields for place in item.places if place.page and place.box})


def view_task(outputs: Path, task_id: str) -> TaskView:
    """The task of that id. Raises UsageError where there is none, with the nearest ids."""
    match = _TASK_ID.fullmatch(task_id)
    folder = outputs / match["year"] / match["document"] if match else None
    if folder is None or not (folder / "tasks.csv").is_file():
        raise _unknown(outputs, task_id, folder=None)
    task = next((row for row in rows(folder, "tasks") if row["task_id"] == task_id), None)
    if task is None:
        raise _unknown(outputs, task_id, folder)

    def of_task(name: str) -> tuple[Row, ...]:
        return tuple(row for row in rows(folder, name) if row["task_id"] == task_id)

    leaders, units = of_task("task_leaders"), of_task("task_units")
    changes = of_task("changes")
    last = sorted({int(row["release_no"]) for row in changes})[-_RELEASES:]
    values = {name: task.get(name, "") for name in FIELD_NAMES} | {
        "leaders": _joined(row["leader"] for row in leaders),
        "lead_units": _joined(row["unit"] for row in units if row["role"] == "lead"),
        "support_units": _joined(row["unit"] for row in units if row["role"] == "support"),
    }
    return TaskView(
        document=rows(folder, "documents")[0],
        task=task,
        fields=tuple(_fields(values, of_task("provenance"))),
        leaders=leaders,
        units=units,
        targets=of_task("targets"),
        issues=of_task("issues"),
        releases=tuple(rows(folder, "releases")),
        changes=tuple(row for row in changes if int(row["release_no"]) in last),
    )


def _joined(values: Iterable[str]) -> str:
    return "、".join(values)


def _fields(values: Row, provenance: tuple[Row, ...]) -> Iterable[FieldView]:
    headings = {column.name: column.heading for column in table("tasks").columns} | _ELSEWHERE
    for name, value in values.items():
        places = [row for row in provenance if row["field"] == name]
        raw = places[0]["raw"] if places else ""
        yield FieldView(
            name,
            headings[name],
            value,
            tuple(_place(row) for row in places),
            places[0]["method"] if places else None,
            raw if raw and raw != value else None,
        )


def _place(row: Row) -> Place:
    sides = [float(row[side]) for side in ("x0", "top", "x1", "bottom") if row[side]]
    box = (sides[0], sides[1], sides[2], sides[3]) if len(sides) == 4 else None
    return Place(int(row["page"]) if row["page"] else None, box, row["line"] or None, row.get("engine") or None)


def _unknown(outputs: Path, task_id: str, folder: Path | None) -> UsageError:
    """There is no such task: what the person may have meant."""
    offered = _nearest(outputs, task_id, folder)
    advice = f"Nearest: {', '.join(offered)}" if offered else f"{outputs} has no release"
    return UsageError(f"there is no task {task_id}. {advice}")


def _nearest(outputs: Path, task_id: str, folder: Path | None) -> list[str]:
    """Ids like the one that is unknown: by number within its document, else of the documents whose ids are alike."""
    document, _, number = task_id.rpartition("-")
    if folder is None:
        folders = {path.name: path for path in release_folders(outputs)}
        alike = get_close_matches(document or task_id, folders, n=1, cutoff=0.0)
        if not alike:
            return []
        folder = folders[alike[0]]
    known = [row["task_id"] for row in rows(folder, "tasks")]
    if not number.isdecimal():
        return known[:_OFFERED]
    wanted = int(number)
    nearest = sorted(known, key=lambda name: (abs(int(name.rpartition("-")[2]) - wanted), name))[:_OFFERED]
    return sorted(nearest, key=known.index)
