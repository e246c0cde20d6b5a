"""What the review page knows of a release, as one JSON object. The page embeds it; a server renews the page with it.

Keys are short where there are many of them. ``spots`` are numbers of places (:mod:`writers.report.spots`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from normalizers.records import FIELD_NAMES
from normalizers.rules import RULES as READING
from normalizers.rules import VALIDATED_ONLY
from normalizers.tabulate import Row
from normalizers.view import DocumentView, ViewPage, ViewPlace, ViewTable, ViewText
from writers.labels import COMPARATORS, FIELDS, KINDS, METHODS, SEVERITIES
from writers.release import Release, picture_name
from writers.report.spots import Spots
from writers.report.words import LEFT_OUT, RULES

#: What HTML must not hold in the text of a script, though JSON may: its end, comments, line ends of JavaScript, control
#: characters, lone surrogates and code points that are no characters.
_NO_CHARACTERS = "".join(chr(plane + low) for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))
_UNSAFE = re.compile(f"[<>&\u2028\u2029\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]")
#: Fields whose value is a list of names.
_LISTS = ("leaders", "lead_units", "support_units")
#: The columns of tables that the page shows of a task.
_TASK_COLUMNS = (
    "category_no",
    "category",
    "subcategory",
    "content",
    "deadline",
    "remark",
    "deadline_from",
    "deadline_to",
)
_PARTY = {
    "leaders": ("leader", "leader_id", "leader_name", "post"),
    "units": ("unit", "unit_id", "unit_name", "qualifier"),
}
_TARGET = (
    "start",
    "end",
    "kind",
    "metric",
    "comparator",
    "value",
    "upper",
    "unit",
    "base_value",
    "base_unit",
    "change",
)
_DOCUMENT = (
    "document_id", "title", "region", "year", "kind", "publisher", "source_file", "source_url", "source_format",
    "source_sha256", "pages", "n_tasks",
)  # fmt: skip


def page_data(release: Release) -> dict[str, Any]:
    """The object: document, words for codes, pages with their spots, tasks with the spots of their fields, doubts."""
    view = release.view or DocumentView("", ())
    spots = Spots.of(view)
    shared = _Shared()
    tasks = _tasks(release, spots, shared)
    doubts = _doubts(release, view, spots, tasks, shared)
    history = release.tables.get("releases")
    return {
        "release": history[-1]["release_no"] if history else None,
        "document": {name: release.tables["documents"][0][name] for name in _DOCUMENT},
        "words": _words(release),
        "pages": _pages(view, spots, release.pictures),
        "tasks": tasks,
        "doubts": doubts,
        "shared": shared.things,
    }


class _Shared:
    """What many tasks or doubts say in the same words: it stands in the page once, and they say where.

    A page with ten thousand tasks is a third smaller for it, and opens the sooner.
    """

    def __init__(self) -> None:
        self.things: list[Any] = []
        self._known: dict[str, int] = {}

    def __call__(self, thing: Any) -> int:
        """The number of a thing."""
        key = json.dumps(thing, ensure_ascii=False)
        if key not in self._known:
            self._known[key] = len(self.things)
            self.things.append(thing)
        return self._known[key]


def dumps(data: Mapping[str, Any]) -> str:
    """The object as text that can stand in a script element of a page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _words(release: Release) -> dict[str, Any]:
    """Words for the codes on the page."""
    rules = {row["rule"] for row in release.tables["issues"]}
    return {
        "fields": {name: FIELDS[name] for name in FIELD_NAMES},
        "lists": list(_LISTS),
        "methods": METHODS,
        "severities": SEVERITIES,
        "left_out": LEFT_OUT,
        "comparators": COMPARATORS,
        "kinds": {name: KINDS[name] for name in ("numeric", "relative", "qualitative", "delegated")},
        "rules": {rule: {"label": RULES.get(rule, rule), "known": _can_be_named(rule)} for rule in sorted(rules)},
    }


def _can_be_named(rule: str) -> bool:
    """Whether reference/corrections may name the rule in an acceptance."""
    return rule in READING or rule in VALIDATED_ONLY


def _tasks(release: Release, spots: Spots, shared: _Shared) -> list[dict[str, Any]]:
    by_task = {name: _grouped(release.tables[name]) for name in ("task_leaders", "task_units", "targets", "provenance")}
    provenance = release.tables["provenance"]
    for row in provenance:
        if (place := _place(row)) is not None:
            spots.learn(place, row["field"], row["raw"])
    tasks = []
    for row in release.tables["tasks"]:
        key = row["task_id"]
        units = by_task["task_units"].get(key, ())
        at, how, raw = _read_at(by_task["provenance"].get(key, ()), spots)
        tasks.append(
            {
                "id": key,
                "table": row["table_no"],
                "task_no": row["task_no"],
                **{name: row[name] for name in _TASK_COLUMNS},
                "leaders": [*map(shared, _values(by_task["task_leaders"].get(key, ()), _PARTY["leaders"]))],
                "lead_units": [*map(shared, _values((u for u in units if u["role"] == "lead"), _PARTY["units"]))],
                "support_units": [*map(shared, _values((u for u in units if u["role"] == "support"), _PARTY["units"]))],
                "targets": _values(by_task["targets"].get(key, ()), _TARGET),
                "at": at,
                "how": how,
                "raw": raw,
            }
        )
    return tasks


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["task_id"], []).append(row)
    return groups


def _values(rows: Iterable[Row], names: Sequence[str]) -> list[list[Any]]:
    return [[row[name] for name in names] for row in rows]


def _read_at(rows: Iterable[Row], spots: Spots) -> tuple[dict[str, list[int]], dict[str, str], dict[str, str]]:
    """Of a task, by field: the spots it was read from, how (unless plainly read), and as what if that is not shown."""
    at: dict[str, list[int]] = {}
    how: dict[str, str] = {}
    raw: dict[str, str] = {}
    for row in rows:
        name = row["field"]
        place = _place(row)
        known = at.setdefault(name, [])
        if place is not None:
            known += [number for number in spots.find(place, name, row["raw"]) if number not in known]
        if row["method"] != "read":
            how[name] = row["method"]
        if row["method"] == "corrected" and row["raw"]:
            raw[name] = row["raw"]
    return at, how, raw


def _place(row: Row) -> ViewPlace | None:
    """The place that a row of provenance names."""
    box = None
    if row["x0"] is not None:
        box = (round(row["x0"], 1), round(row["top"], 1), round(row["x1"], 1), round(row["bottom"], 1))
    if box is None and row["line"] is None:
        return None
    return ViewPlace(row["page"] or 0, box, row["line"])


def _doubts(
    release: Release, view: DocumentView, spots: Spots, tasks: Sequence[Mapping[str, Any]], shared: _Shared
) -> list[dict[str, Any]]:
    index = {task["id"]: number for number, task in enumerate(tasks)}
    places = view.doubts or ((),) * len(release.tables["issues"])
    doubts = []
    for row, where in zip(release.tables["issues"], places, strict=True):
        task = index.get(row["task_id"])
        found = [number for place in where if place.box or place.line for number in spots.find(place)]
        own = tasks[task]["at"].get(row["field"], []) if task is not None and row["field"] else []
        # A place of a text is a line with many cells: the field's own one says more.
        doubts.append(
            {
                "no": row["issue_no"],
                "task": task,
                "field": row["field"],
                "rule": row["rule"],
                "severity": row["severity"],
                "message": row["message"],
                "advice": shared(row["suggestion"]),
                "at": [number for number in own if number in found] or list(dict.fromkeys(found)) or own,
                "page": row["page"],
                "line": row["line"],
            }
        )
    return doubts


def _pages(view: DocumentView, spots: Spots, pictures: Mapping[str, bytes]) -> list[dict[str, Any]]:
    extra: dict[int, list[list[Any]]] = {}
    for number, place in spots.extra:
        extra.setdefault(place.page, []).append([number, _where(place)])
    pages = []
    first = 0
    for page in view.pages:
        pages.append(_page(page, first, pictures, extra.pop(page.number, [])))
        first += sum(len(table.cells) for table in page.tables) + len(page.texts) + len(page.left_out)
    # Places on pages of which nothing was seen: they are named, on a page without a picture.
    pages += [_page(ViewPage(number), first, pictures, places) for number, places in sorted(extra.items())]
    return pages


def _page(page: ViewPage, first: int, pictures: Mapping[str, bytes], extra: list[list[Any]]) -> dict[str, Any]:
    """A page; ``first`` is the number of its first spot, the others follow in order: cells, texts, left-out texts."""
    name = picture_name(page.number)
    return {
        "n": page.number,
        "first": first,
        "picture": name if name in pictures and page.width and page.height else None,
        "size": [page.width, page.height],
        "tables": [_table(table) for table in page.tables],
        "texts": [[text.text, _where(text.place)] for text in page.texts],
        "out": [_out(text) for text in page.left_out],
        "extra": extra,
    }


def _table(table: ViewTable) -> dict[str, Any]:
    cells = [[c.text, c.row, c.col, c.row_span, c.col_span, _where(c.place)] for c in table.cells]
    return {"rows": table.n_rows, "cols": table.n_cols, "tabs": table.delimited, "cells": cells}


def _out(text: ViewText) -> list[Any]:
    return [text.text, _where(text.place), text.kind]


def _where(place: ViewPlace) -> list[float] | str | None:
    """A box, a line, or nothing."""
    return list(place.box) if place.box else place.line
