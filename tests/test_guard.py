"""What may not happen in silence when a document is made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from flows.guard import Judgement, Limits, guard, is_accepted
from normalizers.dataset import TABLES
from normalizers.tabulate import Row

DOCUMENT = "320998-2025-zfgzbg"
Tables = dict[str, list[Row]]


def row(table: str, **values: Any) -> Row:
    """A row with every column of the table, null unless given."""
    columns = next(definition.column_names for definition in TABLES if definition.name == table)
    return dict.fromkeys(columns) | values


def release(contents: Sequence[str], source: str = "a", first: int = 1) -> Tables:
    """A release whose tasks have these contents and consecutive numbers, two organisations and a target each."""
    tables: Tables = {definition.name: [] for definition in TABLES}
    tables["documents"] = [row("documents", document_id=DOCUMENT, source_sha256=source * 64)]
    for number, content in enumerate(contents, first):
        key = f"{DOCUMENT}-{number}"
        tables["tasks"].append(
            row("tasks", task_id=key, document_id=DOCUMENT, table_no=1, task_no=number, content=content, category="甲")
        )
        for position, unit in enumerate(("区教育局", "区民政局"), 1):
            unit_id = f"320998-{position}"
            tables["task_units"].append(
                row("task_units", task_id=key, position=position, role="lead", unit=unit, unit_id=unit_id)
            )
        tables["targets"].append(row("targets", task_id=key, position=1, metric=content, value=5.0))
    return tables


TEN = [f"任务{number}。" for number in range(1, 11)]


def test_the_same_again_is_fine() -> None:
    assert guard(release(TEN), release(TEN), Limits(0.0, 0.0)) == Judgement()
    assert guard(None, release(TEN), Limits(0.0, 0.0)) == Judgement()


def test_tasks_lost_from_the_same_source_hold_it_back() -> None:
    judgement = guard(release(TEN), release(TEN[:8]))
    (reason,) = judgement.reasons
    assert "2 tasks, (9) (10)," in reason
    assert reason.endswith(f"--accept {DOCUMENT}")
    assert guard(release(TEN[:8]), release(TEN)) == Judgement(), "more tasks are no loss"
    assert guard(release(TEN), release(TEN[:8]), Limits()) == judgement, "what goes with them is not said again"


def test_tasks_gone_from_another_source_are_published_and_said() -> None:
    judgement = guard(release(TEN), release(TEN[:9], source="b"), Limits())
    assert judgement.reasons == ()
    (note,) = judgement.notes
    assert "1 task, (10), of the release before is no longer in it" in note
    assert guard(release(TEN), release(TEN, source="b"), Limits()) == Judgement()


def test_a_task_with_another_number_and_the_same_content_is_not_lost() -> None:
    """(10) was misread for (11): the correction renumbers it."""
    corrected = release(TEN[:9])
    wrong = release(TEN[:9])
    for tables, number in ((wrong, 10), (corrected, 11)):
        moved = release(TEN[9:], first=number)
        for name in ("tasks", "task_units", "targets"):
            tables[name] += moved[name]
    assert guard(wrong, corrected, Limits()) == Judgement()


def test_one_new_task_stands_for_one_that_is_gone() -> None:
    before, after = release(["同文。", "同文。", "别的。"]), release(["同文。"], first=7)
    (reason,) = guard(before, after).reasons
    assert "2 tasks, (2) (3)," in reason


def test_the_number_of_a_second_table_is_said() -> None:
    before = release(TEN)
    before["tasks"].append(
        row("tasks", task_id=f"{DOCUMENT}-t2-1", document_id=DOCUMENT, table_no=2, task_no=1, content="附件。")
    )
    assert "(1) of table 2" in guard(before, release(TEN)).reasons[0]


def _content(tables: Tables) -> None:
    for task in tables["tasks"][:3]:
        task["content"] += "改"


def _units(tables: Tables) -> None:
    del tables["task_units"][:2]


def _ids(tables: Tables) -> None:
    for unit in tables["task_units"][:2]:
        unit["unit_id"] = None


def _targets(tables: Tables) -> None:
    del tables["targets"][:2]


def _category(tables: Tables) -> None:
    for task in tables["tasks"][:2]:
        task["category"] = None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_content, "3 of 10 tasks would change (content 3), more than 20%"),
        (_units, "18 organisations instead of 20"),
        (_ids, "18 organisations that the roster knows instead of 20"),
        (_targets, "8 targets instead of 10"),
        (_category, "8 tasks with a category instead of 10"),
    ],
)
def test_what_is_beyond_the_limits_is_said(change: Callable[[Tables], None], said: str) -> None:
    after = release(TEN)
    change(after)
    judgement = guard(release(TEN), after, Limits())
    assert any(said in reason for reason in judgement.reasons)
    assert all(reason.endswith(f"publish with --accept {DOCUMENT}") for reason in judgement.reasons)
    assert guard(release(TEN), after) == Judgement(), "without limits only lost tasks count"
    assert guard(release(TEN), after, Limits(1.0, 1.0)) == Judgement()


def test_little_change_is_within_the_limits() -> None:
    after = release(TEN)
    after["tasks"][0]["content"] = "另一任务。"
    after["tasks"][1]["category"] = None
    del after["targets"][0]
    for task in after["tasks"]:
        task["page_start"] = 3  # follows from where it is read, and says nothing of its own
    assert guard(release(TEN), after, Limits()) == Judgement()


def test_what_a_person_accepts() -> None:
    assert is_accepted(DOCUMENT, "all")
    assert is_accepted(DOCUMENT, frozenset({DOCUMENT}))
    assert not is_accepted(DOCUMENT, frozenset({"320999-2025-zfgzbg"}))
