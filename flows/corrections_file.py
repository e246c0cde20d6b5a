"""The file with the corrections of a document: new entries go in, people's comments, order and style stay.

Nothing is written that the reader of corrections refuses, nor over a file that somebody else changed meanwhile.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.corrections_text import Append, Change, Data, Edit, EditError, Remove, edited, parse
from normalizers.corrections import KINDS, LISTS, corrections_path, parse_corrections
from normalizers.reference import ReferenceDataError

#: The keys of an entry in the order in which they are written.
_KEYS = {
    "corrections": ("task", "table", "where", "field", "was", "now", "reason"),
    "accepted": ("task", "table", "where", "field", "rule", "says", "reason"),
    "doubts": ("task", "table", "where", "field", "reason"),
}
_OPTIONAL = ("table", "where", "says")
#: One number, or two with a dash.
_RANGE = re.compile(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?")


class FileChangedError(Exception):
    """The file is not the one that the changes were made for; nothing was written."""


class RefusedError(Exception):
    """Entries that can't be written, with a sentence for each problem; nothing was written."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(problems))


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to write: the list it belongs to and its keys, ordered, without those that are left out."""

    kind: str
    values: Mapping[str, Any]


class CorrectionsFile:
    """The file of one document below the reference folder; it need not exist."""

    def __init__(self, document_id: str, directory: Path, source: str) -> None:
        self.path = corrections_path(document_id, directory)
        self.head = (
            f"# Corrections of {source} ({document_id}). Entries may be added by hand or with `fenjie review`, which\n"
            "# leaves comments and order as they are. docs/corrections.md explains the keys.\n"
        )

    def read(self) -> str | None:
        """The text, None where there is no file. Raises :class:`RefusedError` when it can't be read."""
        try:
            return self.path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise RefusedError([f"{self.path}: can't be read ({error})"]) from error

    def with_entries(self, text: str | None, entries: Sequence[NewEntry], stale: Sequence[Remove] = ()) -> str:
        """The text with new entries and without stale ones. Raises :class:`RefusedError` for what can't be written."""
        try:
            before = self.head if text is None else text
            after = edited(before, [*edits_for(parse(before), entries), *stale])
            parse_corrections(after, self.path)
        except (EditError, ReferenceDataError) as error:
            raise RefusedError([str(error)]) from error
        return after

    def replace(self, text: str | None, expected: str) -> None:
        """Write the text, or take the file away (None), where the version on disk is the one expected.

        Where it is not, :class:`FileChangedError` is raised and nothing written; where it can not be written,
        :class:`RefusedError`.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _locked(self.path.parent):
                if version(self.read()) != expected:
                    raise FileChangedError
                if text is None:
                    self.path.unlink(missing_ok=True)
                else:
                    _write(self.path.resolve(), text.encode("utf-8"))
        except OSError as error:
            raise RefusedError([f"{self.path}: can't be written ({error.strerror})"]) from error


def version(text: str | None) -> str:
    """What tells one state of the file from another."""
    return "none" if text is None else hashlib.sha256(text.encode("utf-8")).hexdigest()[:20]


def _write(path: Path, data: bytes) -> None:
    """Put the file in place with one rename. The reference data is hashed as ``*.yaml``: the new name is no such."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time, also among processes; the folder itself is locked, so that no file is left behind."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def new_entries(posted: Iterable[Any]) -> list[NewEntry]:
    """Entries as they come from a page, checked for their form; :class:`RefusedError` names all that are faulty.

    Whether their values can be is for :func:`normalizers.corrections.parse_corrections` to say.
    """
    entries, problems = [], []
    for number, item in enumerate(posted, 1):
        problem = _fault(item)
        if problem:
            problems.append(f"entry {number}: {problem}")
            continue
        kind = item["list"]
        values = {key: item.get(key) for key in _KEYS[kind] if key not in _OPTIONAL or item.get(key) is not None}
        values["task"] = _task(values["task"])
        values["reason"] = " ".join(item["reason"].split())
        entries.append(NewEntry(kind, {key: value for key, value in values.items() if (key, value) != ("table", 1)}))
    if problems:
        raise RefusedError(problems)
    return entries


def _fault(item: Any) -> str | None:
    """Why an entry can't be one; the texts must be such as YAML can hold."""
    if not isinstance(item, dict) or item.get("list") not in KINDS:
        return f"list must be one of {', '.join(KINDS)}"
    if not isinstance(item.get("reason"), str) or not item["reason"].strip():
        return "needs a reason"
    task = item.get("task")
    if isinstance(task, bool) or not (task is None or isinstance(task, int | str)):
        return "task is a number or a range"
    texts = [item.get(key) for key in ("reason", "was", "now", "where", "says", "rule", "field")]
    texts += [name for key in ("was", "now") if isinstance(item.get(key), list) for name in item[key]]
    if any(isinstance(text, str) and not _writable(text) for text in texts):
        return "has a character that can't be written"
    return None


def _writable(text: str) -> bool:
    return not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)


def _task(value: Any) -> Any:
    """12 for "12" and "12-12", the text for a range, anything else as it is."""
    match = _RANGE.fullmatch(str(value))
    if not match:
        return value
    first, last = int(match[1]), int(match[2] or match[1])
    return first if first == last else f"{first}-{last}"


def with_ranges(entries: Sequence[NewEntry]) -> list[NewEntry]:
    """The entries with those of neighbouring tasks joined that are otherwise the same.

    Only numbers that follow each other are joined: a range must not settle what nobody looked at.
    """
    result: list[NewEntry] = []
    for entry in sorted(entries, key=lambda e: (KINDS.index(e.kind), _span(e.values["task"]) or (0, 0))):
        span = _span(entry.values["task"])
        for index, other in enumerate(result):
            before = _span(other.values["task"])
            alike = other.kind == entry.kind and {**other.values, "task": 0} == {**entry.values, "task": 0}
            if span and before and alike and before[1] + 1 == span[0]:
                result[index] = NewEntry(entry.kind, {**entry.values, "task": f"{before[0]}-{span[1]}"})
                break
        else:
            result.append(entry)
    return result


def _span(task: Any) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(str(task))
    return (int(match[1]), int(match[2] or match[1])) if match else None


def edits_for(data: Data, entries: Sequence[NewEntry]) -> list[Edit]:
    """How the entries get into a file: at the end of their list, or into the entry that they correct."""
    edits: list[Edit] = []
    for entry in entries:
        known = [
            *data[entry.kind],
            *(edit.entry for edit in edits if isinstance(edit, Append) and edit.kind == entry.kind),
        ]
        if any(_same(entry.values, other) for other in known):
            continue  # it is there already
        before = _corrected_by(data["corrections"], entry) if entry.kind == "corrections" else None
        taken = {edit.index for edit in edits if isinstance(edit, Change | Remove)}
        if before is None or before in taken:
            edits.append(Append(entry.kind, entry.values))
        elif _value(entry, entry.values["now"]) == _value(entry, data["corrections"][before]["was"]):
            edits.append(Remove("corrections", before))
        else:
            edits.append(Change("corrections", before, {key: entry.values[key] for key in ("now", "reason")}))
    return edits


def _corrected_by(corrections: Sequence[Mapping[str, Any]], entry: NewEntry) -> int | None:
    """The entry whose result a new one corrects: both say the same tasks, and nothing comes between them.

    ``was`` of the first and ``now`` of the new one are then one correction. Everything else goes to the end: entries
    are made from top to bottom, each on what the ones before it left.
    """
    span = _span(entry.values["task"])
    for index in range(len(corrections) - 1, -1, -1):
        other = corrections[index]
        reach = _span(other["task"])
        overlap = span and reach and reach[0] <= span[1] and span[0] <= reach[1]
        if other["field"] != entry.values["field"] or not overlap:
            continue
        same = reach == span and all(other.get(key) == entry.values.get(key) for key in ("table", "where"))
        return index if same and _value(entry, other["now"]) == _value(entry, entry.values["was"]) else None
    return None


def _value(entry: NewEntry, value: Any) -> Any:
    """A value to compare: an unknown list is an empty one."""
    return [] if value is None and entry.values["field"] in LISTS else value


def _same(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether two entries say the same, whatever their reasons."""
    return {**new, "task": _span(new["task"]), "reason": ""} == {**old, "task": _span(old["task"]), "reason": ""}
