"""What a release changed against the one before, by hand: rows in, rows out."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest

from normalizers.dataset import TABLES, TASK_LEADERS, TASK_UNITS, TASKS
from normalizers.history import content_sha256, decoded, diff, encoded, history, tables_changed
from normalizers.task_objects import LIST_FIELDS, TASK_FIELDS, task_objects

DOC = "320404-2026-zfgzbg"
Tables = dict[str, list[dict[str, Any]]]


def task(number: int, content: str, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(TASKS.column_names)
    row |= {"task_id": f"{DOC}-{number}", "document_id": DOC, "table_no": 1, "task_no": number, "content": content}
    return row | {"page_start": 1, "page_end": 1, "n_issues": 0} | values


def unit(number: int, role: str, position: int, name: str, unit_id: str | None = None) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(TASK_UNITS.column_names)
    row |= {"task_id": f"{DOC}-{number}", "position": position, "role": role, "unit": name, "unit_full": name}
    return row | {"unit_id": unit_id}


def leader(number: int, position: int, name: str, post: str | None = None) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(TASK_LEADERS.column_names)
    return row | {"task_id": f"{DOC}-{number}", "position": position, "leader": name, "post": post}


def tables() -> Tables:
    """Three tasks: 1 with two lead organisations, 2 with one of each role, 3 with neither."""
    return {table.name: [] for table in TABLES} | {
        "documents": [{"document_id": DOC, "title": "分解表", "year": 2026, "source_sha256": "0" * 64, "n_tasks": 3}],
        "tasks": [task(1, "建成公园1个"), task(2, "修路", category_no=3, category="民生"), task(3, "招商")],
        "task_units": [
            unit(1, "lead", 1, "区发改局"),
            unit(1, "lead", 2, "区工信局"),
            unit(2, "lead", 1, "区住建局"),
            unit(2, "support", 1, "区财政局"),
        ],
        "task_leaders": [leader(1, 1, "王旭锋")],
        "issues": [{"document_id": DOC, "issue_no": 1, "message": "疑"}],
    }


def change(number: int | None, kind: str, field: str | None, old: str | None, new: str | None) -> dict[str, Any]:
    task_id = None if number is None else f"{DOC}-{number}"
    return {"task_id": task_id, "change": kind, "field": field, "old": old, "new": new}


def test_nothing_changed_is_nothing() -> None:
    assert diff(tables(), tables()) == []
    assert tables_changed(tables(), tables()) == []


def test_a_field_that_changed_is_named_with_both_values() -> None:
    after = tables()
    after["tasks"][1] |= {"content": "修路5条", "category_no": 4, "deadline": "12月底"}
    assert diff(tables(), after) == [
        change(2, "changed", "category_no", "3", "4"),
        change(2, "changed", "content", "修路", "修路5条"),
        change(2, "changed", "deadline", None, "12月底"),
    ]


def test_a_value_that_is_gone_is_null() -> None:
    after = tables()
    after["tasks"][1]["category"] = None
    assert diff(tables(), after) == [change(2, "changed", "category", "民生", None)]


def test_organisations_are_lists_in_their_printed_order() -> None:
    after = tables()
    after["task_units"][0]["position"], after["task_units"][1]["position"] = 2, 1
    after["task_units"].append(unit(3, "support", 1, "区教育局"))
    changes = diff(tables(), after)
    assert [row for row in changes if not row["field"].endswith("_details")] == [
        change(1, "changed", "lead_units", '["区发改局", "区工信局"]', '["区工信局", "区发改局"]'),
        change(3, "changed", "support_units", "[]", '["区教育局"]'),
    ]
    assert change(3, "changed", "support_unit_details", "[]", '[{"unit_full": "区教育局"}]') in changes


def test_what_becomes_known_of_an_organisation_is_a_change() -> None:
    """The roster got its line: the printed name is the same, the body behind it is now known."""
    after = tables()
    after["task_units"][2] |= {"unit_id": "320404-zjj", "unit_name": "区住建局"}
    details = '[{"unit_full": "区住建局", "unit_id": "320404-zjj", "unit_name": "区住建局"}]'
    before = '[{"unit_full": "区住建局"}]'
    assert diff(tables(), after) == [change(2, "changed", "lead_unit_details", before, details)]


def test_leaders_and_their_posts_are_compared() -> None:
    after = tables()
    after["task_leaders"] = [leader(1, 1, "王旭锋", "副区长"), leader(2, 1, "吴伟")]
    assert diff(tables(), after) == [
        change(1, "changed", "leader_details", "[{}]", '[{"post": "副区长"}]'),
        change(2, "changed", "leaders", "[]", '["吴伟"]'),
        change(2, "changed", "leader_details", "[]", "[{}]"),
    ]


def test_targets_are_compared_as_a_whole() -> None:
    before, after = tables(), tables()
    before["targets"] = [{"task_id": f"{DOC}-1", "position": 1, "metric": "公园", "value": 1.0, "unit": "个"}]
    after["targets"] = [{"task_id": f"{DOC}-1", "position": 1, "metric": "公园", "value": 2.0, "unit": "个"}]
    old = '[{"metric": "公园", "value": 1.0, "unit": "个"}]'
    assert diff(before, after) == [change(1, "changed", "targets", old, old.replace("1.0", "2.0"))]


def test_tasks_that_came_and_went_stand_in_document_order() -> None:
    after = tables()
    del after["tasks"][1]
    after["task_units"] = after["task_units"][:2]
    after["tasks"].append(task(4, "绿化"))
    changes = diff(tables(), after)
    assert [(row["task_id"], row["change"]) for row in changes] == [(f"{DOC}-2", "removed"), (f"{DOC}-4", "added")]
    gone, come = json.loads(changes[0]["old"]), json.loads(changes[1]["new"])
    assert (gone["content"], gone["lead_units"], gone["support_units"]) == ("修路", ["区住建局"], ["区财政局"])
    assert (come["content"], come["leaders"], come["category"], come["task_no"]) == ("绿化", [], None, 4)
    assert list(come) == list(TASK_FIELDS)


def test_the_first_and_the_last_task_can_go() -> None:
    after = tables()
    after["tasks"] = after["tasks"][1:2]
    after["task_units"], after["task_leaders"] = after["task_units"][2:], []
    after["tasks"][0]["content"] = "修桥"
    assert [(row["task_id"][-1], row["change"]) for row in diff(tables(), after)] == [
        ("1", "removed"),
        ("2", "changed"),
        ("3", "removed"),
    ]


def test_fields_of_the_document_come_first_and_counts_do_not_count() -> None:
    after = tables()
    after["documents"][0] |= {"source_sha256": "1" * 64, "n_tasks": 9}
    after["tasks"][0] |= {"content": "建成公园2个", "n_issues": 5}
    assert diff(tables(), after) == [
        change(None, "changed", "source_sha256", "0" * 64, "1" * 64),
        change(1, "changed", "content", "建成公园1个", "建成公园2个"),
    ]


def test_what_only_moved_shows_in_the_tables() -> None:
    after = tables()
    after["issues"][0]["message"] = "另"
    after["provenance"] = [{"task_id": f"{DOC}-1", "field": "content", "position": 1, "line": "7"}]
    assert diff(tables(), after) == []
    assert tables_changed(tables(), after) == ["provenance", "issues"]
    result = history(after, tables())
    assert result["changes"] == []
    assert [row["tables_changed"] for row in result["releases"]] == [None, "provenance,issues"]
    assert [row["tasks_changed"] for row in result["releases"]] == [0, 0]


def test_a_column_that_only_one_release_has_is_not_compared() -> None:
    before, after = tables(), tables()
    for row in before["tasks"]:
        del row["deadline_from"]
    for row in before["task_units"]:
        del row["unit_full"]
    after["tasks"][0]["deadline_from"] = "2026-01-01"
    assert diff(before, after) == []
    assert tables_changed(before, after) == ["tasks", "task_units"]
    after["tasks"][0]["content"] = "建成公园2个"
    assert [row["field"] for row in diff(before, after)] == ["content"]


def test_a_table_that_only_one_release_has_is_not_compared() -> None:
    before, after = tables(), tables()
    del before["targets"]
    after["targets"] = [{"task_id": f"{DOC}-1", "position": 1, "metric": "公园"}]
    assert diff(before, after) == []
    assert tables_changed(before, after) == ["targets"]
    assert diff(after, before) == []


def test_the_first_release_has_number_1_and_no_changes() -> None:
    result = history(tables(), None)
    assert result["changes"] == []
    assert result["releases"] == [
        {
            "document_id": DOC,
            "release_no": 1,
            "content_sha256": content_sha256(tables()),
            "source_sha256": "0" * 64,
            "n_tasks": 3,
            "tasks_added": 0,
            "tasks_removed": 0,
            "tasks_changed": 0,
            "tables_changed": None,
        }
    ]


def test_the_same_content_is_the_same_release() -> None:
    first = tables() | history(tables(), None)
    assert history(tables(), first) == {"releases": first["releases"], "changes": []}
    second = tables()
    second["tasks"][0]["content"] = "建成公园2个"
    whole = second | history(second, first)
    assert history(deepcopy(second), whole) == {"releases": whole["releases"], "changes": whole["changes"]}


def test_releases_and_changes_grow_and_going_back_is_a_release_too() -> None:
    first = tables() | history(tables(), None)
    changed = tables()
    changed["tasks"][0]["content"] = "建成公园2个"
    del changed["tasks"][2]
    changed["documents"][0]["n_tasks"] = 2
    second = changed | history(changed, first)
    third = tables() | history(tables(), second)
    assert [(r["release_no"], r["n_tasks"]) for r in third["releases"]] == [(1, 3), (2, 2), (3, 3)]
    counts = [(r["tasks_added"], r["tasks_removed"], r["tasks_changed"]) for r in third["releases"]]
    assert counts == [(0, 0, 0), (0, 1, 1), (1, 0, 1)]
    assert third["releases"][0]["content_sha256"] == third["releases"][2]["content_sha256"]
    told = [(c["release_no"], c["position"], c["task_id"][-1], c["change"]) for c in third["changes"]]
    assert told == [(2, 1, "1", "changed"), (2, 2, "3", "removed"), (3, 1, "1", "changed"), (3, 2, "3", "added")]
    assert {c["document_id"] for c in third["changes"]} == {DOC}


def test_a_release_without_numbers_counts_as_the_first() -> None:
    assert history(tables(), tables()) == history(tables(), None)
    after = tables()
    after["tasks"][0]["content"] = "建成公园2个"
    result = history(after, tables())
    assert [row["release_no"] for row in result["releases"]] == [1, 2]
    assert result["releases"][0]["content_sha256"] == content_sha256(tables())


def test_the_hash_knows_no_order_and_no_empty_column() -> None:
    turned = {
        name: [dict(reversed(list(row.items()))) for row in reversed(rows)]
        for name, rows in reversed(list(tables().items()))
    }
    assert content_sha256(turned) == content_sha256(tables())
    wider = tables() | {"new_table": []}
    wider["tasks"] = [row | {"new_column": None} for row in wider["tasks"]]
    assert content_sha256(wider) == content_sha256(tables())
    wider["tasks"][0]["new_column"] = "value"
    assert content_sha256(wider) != content_sha256(tables())


def test_the_hash_stays_what_it_is_over_versions() -> None:
    """Written down: releases that were published with it must be recognised by every later version."""
    rows: Tables = {
        "documents": [{"document_id": DOC, "year": 2026, "x0": 36.0, "publisher": None}],
        "tasks": [{"a": "甲"}],
    }
    text = f'documents {{"document_id":"{DOC}","x0":"36.0","year":"2026"}}\ntasks {{"a":"甲"}}\n'
    assert content_sha256(rows) == hashlib.sha256(text.encode()).hexdigest()


def test_the_hash_sees_which_table_and_column_a_value_is_in() -> None:
    hashes = {
        content_sha256(rows)
        for rows in (
            {"a": [{"x": "1", "y": "2"}]},
            {"a": [{"x": "2", "y": "1"}]},
            {"b": [{"x": "1", "y": "2"}]},
            {"a": [{"x": "1"}, {"y": "2"}]},
            {"a": [{"x": "1", "y": "2"}, {"x": "1", "y": "2"}]},
            {"a": [{"x": '1","y":"2'}]},
        )
    }
    assert len(hashes) == 6


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("category_no", 3, "3"),
        ("content", "3", "3"),
        ("content", None, None),
        ("lead_units", [], "[]"),
        ("leaders", ["王"], '["王"]'),
        ("targets", [{"value": 1.5}], '[{"value": 1.5}]'),
        ("year", 2026, "2026"),
        ("pages", None, None),
    ],
)
def test_values_are_texts_in_the_table_and_values_again(field: str, value: Any, text: str | None) -> None:
    assert encoded(field, value) == text
    assert decoded(field, text) == value


def test_an_object_has_every_column_that_says_something_of_a_task() -> None:
    """A column that is added to these tables is compared without anybody thinking of it."""
    covered = {(field.table.name, name) for field in LIST_FIELDS.values() for name in field.columns}
    wanted = {
        (table.name, name)
        for table in TABLES
        if table.name in {"task_leaders", "task_units", "targets"}
        for name in table.column_names
        if name not in {"task_id", "position", "role"}
    }
    assert covered == wanted
    assert set(TASKS.column_names) - set(TASK_FIELDS) == {"n_issues"}
    assert list(task_objects(tables())) == [f"{DOC}-1", f"{DOC}-2", f"{DOC}-3"]
