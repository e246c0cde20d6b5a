"""The history of a document: which number a release has, and what it changed against the one before.

Pure functions of rows. A release is compared by what it says, not by its bytes: its *content* are the rows of
:data:`normalizers.dataset.TABLES`, whatever file or database they were read back from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from normalizers.dataset import DOCUMENTS, TABLES, TASKS
from normalizers.tabulate import Row
from normalizers.task_objects import LIST_FIELDS, common_lists, task_objects

#: The rows of tables by the tables' names. An older release may lack tables and columns.
Tables = Mapping[str, Sequence[Row]]

#: Fields of the document that are compared: all but its name, and the count that follows from the tasks.
DOCUMENT_FIELDS = tuple(name for name in DOCUMENTS.column_names if name not in ("document_id", "n_tasks"))
_INTEGERS = {column.name for table in (DOCUMENTS, TASKS) for column in table.columns if column.type == "integer"}
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def content_sha256(tables: Tables) -> str:
    """SHA-256 over the rows of the tables that a document says.

    The order of rows and of columns does not count, nor does a column without values: a release that is read back
    has the hash with which it was made, also when the dataset got another column meanwhile.
    """
    digest = hashlib.sha256()
    for name in sorted(_content(tables)):
        for line in _lines(tables.get(name, ())):
            digest.update(f"{name} {line}\n".encode())
    return digest.hexdigest()


def history(tables: Tables, previous: Tables | None, sha256: str | None = None) -> dict[str, list[Row]]:
    """The rows of ``releases`` and ``changes`` for a release with these ``tables`` that comes after ``previous``.

    Without a previous release it is number 1. With the content of the previous one it is that release: nothing is
    added. Else it has the next number, and the rows of what it changed come behind those of the releases before. A
    previous release from before there were numbers counts as number 1. ``sha256`` is the hash of ``tables`` where
    somebody has it already.
    """
    sha256 = sha256 or content_sha256(tables)
    if previous is None:
        return {"releases": [_release(tables, 1, sha256)], "changes": []}
    releases = [dict(row) for row in previous.get("releases", ())]
    releases = releases or [_release(previous, 1, content_sha256(previous))]
    changes = [dict(row) for row in previous.get("changes", ())]
    if releases[-1]["content_sha256"] == sha256:
        return {"releases": releases, "changes": changes}
    number = releases[-1]["release_no"] + 1
    found = diff(previous, tables)
    document_id = tables["documents"][0]["document_id"]
    changes += [
        {"document_id": document_id, "release_no": number, "position": position} | change
        for position, change in enumerate(found, 1)
    ]
    counts = {
        "tasks_added": sum(change["change"] == "added" for change in found),
        "tasks_removed": sum(change["change"] == "removed" for change in found),
        "tasks_changed": len({c["task_id"] for c in found if c["change"] == "changed" and c["task_id"]}),
        "tables_changed": ",".join(tables_changed(previous, tables)),
    }
    return {"releases": [*releases, _release(tables, number, sha256) | counts], "changes": changes}


def diff(before: Tables, after: Tables) -> list[Row]:
    """What the second release changed: rows with task_id, change, field, old and new, in document order.

    First come the fields of the document (task_id None), then the tasks. A removed task stands behind the task that it
    followed. Fields that one of the two releases does not have at all (another version made it) are not compared.
    """
    changes = list(_fields_changed(None, before["documents"][0], after["documents"][0], DOCUMENT_FIELDS))
    old, new = task_objects(before), task_objects(after)
    lists = common_lists(before, after)
    removed = _removed_after(old, new)
    changes += (_change(key, "removed", None, _json(old[key]), None) for key in removed.pop(None, ()))
    for key, task in new.items():
        if key in old:
            changes += _task_changed(key, old[key], task, lists)
        else:
            changes.append(_change(key, "added", None, None, _json(task)))
        changes += (_change(gone, "removed", None, _json(old[gone]), None) for gone in removed.pop(key, ()))
    return changes


def tables_changed(before: Tables, after: Tables) -> list[str]:
    """The names of the tables whose rows differ, in the dataset's order; those that it no longer has come last."""
    names = _content(before) | _content(after)
    order = [table.name for table in TABLES]
    return [
        name
        for name in sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))
        if _lines(before.get(name, ())) != _lines(after.get(name, ()))
    ]


def encoded(field: str, value: Any) -> str | None:
    """A value as the text that stands in ``old`` and ``new``: lists as JSON, an empty one too."""
    if field in LIST_FIELDS:
        return _json(value)
    return None if value is None else str(value)


def decoded(field: str | None, text: str | None) -> Any:
    """The value of a text from ``old`` or ``new``; the object of a whole task where ``field`` is None."""
    if text is None:
        return None
    if field is None or field in LIST_FIELDS:
        return json.loads(text)
    return int(text) if field in _INTEGERS else text


def _content(tables: Tables) -> set[str]:
    """The tables that count as content: all but those of the history. Older releases may have others than we know."""
    return tables.keys() - {"releases", "changes"}


def _lines(rows: Sequence[Row]) -> list[str]:
    """The rows as texts that are equal where the rows are; every value as text, as a CSV file has it."""
    return sorted(
        _ENCODER.encode({name: str(value) for name, value in row.items() if value is not None}) for row in rows
    )


def _release(tables: Tables, number: int, sha256: str) -> Row:
    document = tables["documents"][0]
    return {
        "document_id": document["document_id"],
        "release_no": number,
        "content_sha256": sha256,
        "source_sha256": document["source_sha256"],
        "n_tasks": len(tables["tasks"]),
        "tasks_added": 0,
        "tasks_removed": 0,
        "tasks_changed": 0,
        "tables_changed": None,
    }


def _removed_after(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str | None, list[str]]:
    """The tasks that are gone by the last task before them that is still there; None for those at the beginning.

    The old tasks are taken in the order of their numbers: a database does not know in which order they were printed.
    """
    removed: dict[str | None, list[str]] = {}
    last = None
    for key in sorted(old, key=lambda key: (old[key]["table_no"], old[key]["task_no"], key)):
        if key in new:
            last = key
        else:
            removed.setdefault(last, []).append(key)
    return removed


def _task_changed(key: str, old: Row, new: Row, lists: Mapping[str, Sequence[str] | None]) -> Iterator[Row]:
    plain = [name for name in new if name not in LIST_FIELDS and name not in ("task_id", "document_id")]
    yield from _fields_changed(key, old, new, plain)
    for name, columns in lists.items():
        if _reduced(old[name], columns) != _reduced(new[name], columns):
            yield _change(key, "changed", name, _json(old[name]), _json(new[name]))


def _reduced(items: Sequence[Any], columns: Sequence[str] | None) -> list[Any]:
    """The items of a list with only the columns that both releases have; None for items that are plain texts."""
    if columns is None:
        return list(items)
    return [{name: item[name] for name in columns if name in item} for item in items]


def _fields_changed(key: str | None, old: Row, new: Row, names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        if name in old and name in new and old[name] != new[name]:
            yield _change(key, "changed", name, encoded(name, old[name]), encoded(name, new[name]))


def _change(key: str | None, kind: str, field: str | None, old: str | None, new: str | None) -> Row:
    return {"task_id": key, "change": kind, "field": field, "old": old, "new": new}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
