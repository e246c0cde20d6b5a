"""What careful readers put right: reference/corrections/<document_id>.yaml.

Each correction says what it expects to find (``was``) and why; one that no longer fits is a critical issue.
Three lists: ``corrections`` set a value, ``accepted`` take a doubt as settled, ``doubts`` state one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from normalizers.records import FIELD_NAMES, Issue, TaskRecord
from normalizers.reference import ReferenceDataError, parse_yaml, read_text
from normalizers.rules import RULES, VALIDATED_ONLY

LISTS = ("leaders", "lead_units", "support_units")
#: The lists of the file, in the order in which they stand in it.
KINDS = ("corrections", "accepted", "doubts")
#: The table of an acceptance that is about the document: whichever it is.
ANY_TABLE = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: tasks ``first`` to ``last``, of them only those whose text has ``where``.

    An acceptance without tasks (``first`` and ``last`` None) is about doubts that concern no task. ``says`` are words
    of the message of the doubt that is meant.
    """

    first: int | None
    last: int | None
    field: str | None
    reason: str
    was: Any = None
    now: Any = None
    where: str | None = None
    rule: str | None = None
    table_no: int = 1
    says: str | None = None

    def concerns(self, task: TaskRecord) -> bool:
        """Whether the entry is about a task."""
        return (
            task.table_no == self.table_no
            and self._names(task.task_no.value)
            and (self.where is None or self.where in task.content.value)
        )

    def accepts(self, found: Issue, texts: Mapping[tuple[int, int | None], str]) -> bool:
        """Whether an acceptance settles a doubt; ``texts`` are those of the tasks by table and number.

        Nothing critical can be accepted: it is wrong, whoever accepts it.
        """
        if (found.rule, found.field) != (self.rule, self.field) or found.severity == "critical":
            return False
        if self.says is not None and self.says not in found.message:
            return False
        place = (found.table_no, found.task_no)
        if self.first is None:
            return place not in texts and self.table_no in (ANY_TABLE, found.table_no)
        if found.table_no != self.table_no or found.task_no is None or not self._names(found.task_no):
            return False
        return self.where is None or self.where in texts.get(place, "")

    def _names(self, number: int) -> bool:
        return self.first is not None and self.last is not None and self.first <= number <= self.last

    @property
    def tasks(self) -> str:
        """The task numbers as people write them."""
        if self.first is None:
            return "the document"
        return f"({self.first})" if self.first == self.last else f"({self.first}) to ({self.last})"


@dataclass(frozen=True, slots=True)
class Corrections:
    """All entries for one document."""

    corrections: tuple[Correction, ...] = ()
    accepted: tuple[Correction, ...] = ()
    doubts: tuple[Correction, ...] = ()


def corrections_path(document_id: str, directory: Path) -> Path:
    """The file with the corrections of a document, below the reference folder."""
    return directory / "corrections" / f"{document_id}.yaml"


def load_corrections(document_id: str, directory: Path) -> Corrections:
    """The entries for a document, none when it has no file. Raises :class:`ReferenceDataError` for a faulty file."""
    path = corrections_path(document_id, directory)
    return parse_corrections(read_text(path), path) if path.exists() else Corrections()


def parse_corrections(text: str, path: Path) -> Corrections:
    """The entries of a file's content. Raises :class:`ReferenceDataError`, which names ``path``, for a faulty one."""
    data = parse_yaml(text, path)
    if data is None:  # nothing but comments
        return Corrections()
    if not isinstance(data, dict) or not set(data) <= set(KINDS):
        raise ReferenceDataError(f"{path}: needs the lists corrections, accepted, doubts and nothing else")
    return Corrections(
        *(
            tuple(_entry(path, kind, number, entry) for number, entry in enumerate(_list(path, data, kind), 1))
            for kind in KINDS
        )
    )


def _list(path: Path, data: dict[str, Any], kind: str) -> list[Any]:
    entries = data.get(kind) or []
    if not isinstance(entries, list):
        raise ReferenceDataError(f"{path}: {kind} is a list of entries")
    return entries


_KEYS = {"corrections": {"was", "now"}, "accepted": {"rule"}, "doubts": set[str]()}
_OPTIONAL = {"corrections": ("where", "table"), "accepted": ("where", "table", "says"), "doubts": ("where", "table")}


def _entry(path: Path, kind: str, number: int, entry: Any) -> Correction:
    where = f"{path}: entry {number} of {kind}"
    wanted = {"task", "field", "reason"} | _KEYS[kind]
    optional = _OPTIONAL[kind]
    if not isinstance(entry, dict) or not wanted <= set(entry) <= wanted | {*optional}:
        keys = f"{', '.join(sorted(wanted))} (and {', '.join(optional)} if need be)"
        raise ReferenceDataError(f"{where} needs the keys {keys}")
    of_document = kind == "accepted" and entry["task"] is None
    first, last = (None, None) if of_document else _tasks(entry["task"], where)
    if entry["field"] not in FIELD_NAMES and not (kind == "accepted" and entry["field"] is None):
        raise ReferenceDataError(f"{where} names no field of a task; fields are {', '.join(FIELD_NAMES)}")
    if kind == "accepted" and entry["rule"] not in RULES and entry["rule"] not in VALIDATED_ONLY:
        raise ReferenceDataError(f"{where} names no doubt of docs/rules.md that can be accepted: {entry['rule']}")
    if kind == "corrections" and not _can_be(entry["field"], entry["now"]):
        raise ReferenceDataError(f"{where}: {entry['field']} can't be {entry['now']!r}")
    if not isinstance(entry.get("table", 1), int):
        raise ReferenceDataError(f"{where}: table is a number")
    if not all(isinstance(entry.get(key), str | None) for key in ("where", "says")):
        raise ReferenceDataError(f"{where}: where and says are texts; put them in quotation marks")
    if of_document and entry.get("where") is not None:
        raise ReferenceDataError(f"{where}: where is looked for in tasks; say which (task), or take it out")
    return Correction(
        first,
        last,
        entry["field"],
        str(entry["reason"]),
        entry.get("was"),
        entry.get("now"),
        entry.get("where"),
        entry.get("rule"),
        entry.get("table", ANY_TABLE if of_document else 1),
        entry.get("says"),
    )


def _can_be(field: str, now: Any) -> bool:
    """Whether a value is one that a field can have; a member of a list is a text."""
    if field in ("task_no", "category_no"):
        return (isinstance(now, int) and not isinstance(now, bool)) or (now is None and field == "category_no")
    if field in LISTS:
        return now is None or isinstance(now, str) or is_names(now)
    return isinstance(now, str) or (now is None and field != "content")


def _tasks(value: Any, where: str) -> tuple[int, int]:
    """12 or 46-63."""
    parts = str(value).split("-")
    if len(parts) > 2 or not all(part.strip().isdigit() for part in parts) or int(parts[0]) > int(parts[-1]):
        raise ReferenceDataError(f"{where}: task is a number (12) or a range (46-63), not {value!r}")
    return int(parts[0]), int(parts[-1])


def is_names(value: Any) -> TypeGuard[list[str]]:
    """Whether a value is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
