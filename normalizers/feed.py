"""The feed of changes: what a program needs that keeps its own copy of the tasks.

An event is a row with document_id, release_no, task_id, change, field, old and new; ``old`` and ``new`` are texts as in
the table ``changes``, and :func:`typed` makes values of them. Whoever starts from nothing, or from release N, and does
what the events say in their order has exactly the tasks of the last release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from normalizers.history import Tables, decoded
from normalizers.tabulate import Row
from normalizers.task_objects import task_objects

EVENT_COLUMNS = ("document_id", "release_no", "task_id", "change", "field", "old", "new")


def events(tables: Tables, since: int) -> Iterator[Row]:
    """What happened after release ``since`` of a document, in order; ``tables`` are those of its last release.

    From 0 on, the document and each of its tasks are added as they are now: an event with task_id None is about the
    document itself.
    """
    if since < 1:
        yield from _everything(tables)
        return
    for row in tables["changes"]:
        if row["release_no"] > since:
            yield {name: row[name] for name in EVENT_COLUMNS}


def withdrawal(tables: Tables, since: int) -> Iterator[Row]:
    """What happened after release ``since`` of a document that was withdrawn, to its end.

    ``tables`` are those of its last release. All of its tasks are removed, in document order, then the document itself
    (task_id None), with the number of that release. Whoever had nothing of it is told nothing.
    """
    if since < 1:
        return
    yield from events(tables, since)
    for key, value in (*task_objects(tables).items(), (None, tables["documents"][0])):
        yield _whole(tables, key, "removed", old=_json(value))


def typed(event: Row) -> Row:
    """The event with values in place of texts: numbers, lists, and the object of a whole task."""
    return event | {name: decoded(event["field"], event[name]) for name in ("old", "new")}


def _everything(tables: Tables) -> Iterator[Row]:
    for key, value in ((None, tables["documents"][0]), *task_objects(tables).items()):
        yield _whole(tables, key, "added", new=_json(value))


def _whole(tables: Tables, key: str | None, change: str, old: str | None = None, new: str | None = None) -> Row:
    """The event of a whole task, or of the document; its number is that of the last release."""
    document_id, number = tables["documents"][0]["document_id"], tables["releases"][-1]["release_no"]
    values = (document_id, number, key, change, None, old, new)
    return dict(zip(EVENT_COLUMNS, values, strict=True))


def _json(value: Row) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
