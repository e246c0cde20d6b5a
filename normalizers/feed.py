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


def typed(event: Row) -> Row:
    """The event with values in place of texts: numbers, lists, and the object of a whole task."""
    return event | {name: decoded(event["field"], event[name]) for name in ("old", "new")}


def _everything(tables: Tables) -> Iterator[Row]:
    document = tables["documents"][0]
    number = tables["releases"][-1]["release_no"]
    for key, value in ((None, document), *task_objects(tables).items()):
        yield {
            "document_id": document["document_id"],
            "release_no": number,
            "task_id": key,
            "change": "added",
            "field": None,
            "old": None,
            "new": json.dumps(value, ensure_ascii=False, allow_nan=False),
        }
