"""Whole documents against truth written by hand: the 2026 table, two samples, and the table with more defects."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import extract_file, read
from typeset_text import Layer, typeset

from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested
from normalizers.text import clean, label, squeeze

DATA = Path(__file__).parent / "data"
SOURCE = Path(__file__).parent.parent / "raw" / "2026" / "zhonglou.txt"
TRUTH: list[dict[str, Any]] = json.loads((DATA / "truth_320404_2026.json").read_text(encoding="utf-8"))
FIELDS = ("content", "leaders", "lead_units", "category_no", "category", "subcategory")


@pytest.fixture(scope="module")
def document() -> NormalizedDocument:
    return extract_file(SOURCE)


def test_every_field_of_the_2026_table_is_right(document: NormalizedDocument) -> None:
    found = nested(document)
    assert [record["task_no"] for record in found] == list(range(1, 86))
    wrong = [
        (truth["task_no"], field, truth[field], record[field])
        for truth, record in zip(TRUTH, found, strict=True)
        for field in FIELDS
        if truth[field] != record[field]
    ]
    assert wrong == []
    assert [(r["page_start"], r["page_end"]) for r in found] == [(t["page"], t["page"]) for t in TRUTH]
    assert not any(record["support_units"] or record["deadline"] or record["remark"] for record in found)


def test_what_the_source_lost_is_null_and_said(document: NormalizedDocument) -> None:
    said = {(issue.task_no, issue.field) for issue in document.issues}
    for truth in TRUTH:
        for field in ("category", "subcategory"):
            if not truth[f"{field}_known"]:
                assert truth[field] is None
                assert (truth["task_no"], field) in said
    assert not [issue for issue in document.issues if issue.severity == "critical"]


def test_every_organisation_of_the_2026_table_is_known(document: NormalizedDocument) -> None:
    units = [unit for task in document.tasks for unit in task.lead_units.value]
    assert len({unit.unit_id for unit in units}) > 30
    assert [unit.printed for unit in units if unit.unit_id is None] == []


def test_without_corrections_nothing_wrong_is_unsaid() -> None:
    """A copy without a sidecar: the doubts must do what the corrections do otherwise."""
    found = nested(read(SOURCE.read_text(encoding="utf-8")))
    misread = {29: "content", 35: "content"}
    for truth, record in zip(TRUTH, found, strict=True):
        said = {issue["field"] for issue in record["issues"]}
        for field in FIELDS:
            misread_here = truth["task_no"] in misread and "新闸" in str(truth[field])
            if truth[field] != record[field] and not misread_here:
                assert field.removesuffix("_no") in said, (truth["task_no"], field)


@pytest.mark.parametrize("name", ["008_tsv", "009_tsv"])
def test_every_scored_field_of_the_samples_is_right(name: str) -> None:
    truth = json.loads((DATA / name / "truth.json").read_text(encoding="utf-8"))["tasks"]
    found = nested(extract_file(DATA / name / "source.txt"))
    assert len(found) == len(truth)
    for expected, record in zip(truth, found, strict=True):
        assert squeeze(record["content"]) == squeeze(clean(expected["text"]))
        assert record["leaders"] == expected["leaders"]
        assert record["lead_units"] == [label(unit) for unit in expected["units"]]
        for field in ("task_no", "category_no", "category", "subcategory", "page_start", "page_end"):
            assert record[field] == expected[field], (record["task_no"], field)
        assert not [issue for issue in record["issues"] if issue["severity"] != "info"]


def whole_table() -> list[dict[str, Any]]:
    """The 85 tasks with labels in place of the lost ones, cooperating organisations and deadlines."""
    tasks = copy.deepcopy(TRUTH)
    for task in tasks:
        number = task["task_no"]
        if 46 <= number <= 61:
            task["category_no"], task["category"] = 4, "坚定不移做强内需引擎"
            task["subcategory"] = task["subcategory"] or "激发消费活力"
        elif 62 <= number <= 71:
            task["category_no"], task["category"] = 5, "坚定不移增进民生福祉"
            task["subcategory"] = task["subcategory"] or "办好民生实事"
        task["support_units"] = tasks[(number * 7 + 3) % 85]["lead_units"]
        task["deadline"] = ("2026年12月底前", "6月底前", "全年")[number // 9 % 3]
    return tasks


def unlike(expected: Any, found: Any) -> bool:
    """Whether two values differ; a line break inside a Latin word may have become a blank."""
    return bool(squeeze(expected) != squeeze(found) if isinstance(expected, str) and found else expected != found)


WHOLE = whole_table()
SIX = Layer().columns
EIGHT = (*SIX, "support_units", "deadline")


@given(
    layer=st.builds(
        Layer,
        columns=st.sampled_from([SIX, EIGHT]),
        rows_per_page=st.integers(4, 30),
        heading=st.sampled_from(["full", "short", "mixed"]),
        narrow_rate=st.sampled_from([0.0, 0.6]),
        drop_rate=st.sampled_from([0.0, 0.15]),
        shift_rate=st.sampled_from([0.0, 0.15]),
        wrap_rate=st.sampled_from([0.0, 0.1]),
        strip_trailing=st.booleans(),
        number=st.sampled_from(["({}) ", "（{}）", "{}."]),
        separator=st.sampled_from([" ", "、", "，"]),
        page_break=st.sampled_from(["\n\n", "\n\f", "\r\n"]),
        spread_names=st.booleans(),
        break_labels=st.booleans(),
        seed=st.integers(0, 10_000),
    )
)
def test_the_table_with_any_defects_is_right_or_says_so(layer: Layer) -> None:
    fields = (*FIELDS, "support_units", "deadline") if layer.columns == EIGHT else FIELDS
    found = {record["task_no"]: record for record in nested(read(typeset(WHOLE, layer)))}
    assert sorted(found) == list(range(1, 86))
    wrong = [task for task in WHOLE if any(unlike(task[field], found[task["task_no"]][field]) for field in fields)]
    assert len(wrong) <= 5
    assert all(found[task["task_no"]]["issues"] for task in wrong)
