"""The rules about targets and deadlines: a document that breaks each and nothing else; what the checks take calmly."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from test_validators_sample import FACTS, document, judge, task

from normalizers.records import DateSpan, Issue, Target, TaskRecord
from normalizers.tabulate import Row, tabulate
from validators import frames
from validators.rules import RULES
from validators.target_checks import broken_position, misplaced_phrase, numbers_in, target_faults, unknown_target_unit
from validators.validate import validate

CONTENT = "地区生产总值增长5%左右，新增就业4.5-5万人，居民养老金从380元提高至1000元，事故零发生，完成重点项目过半。"


def target(phrase: str, value: str | None, unit: str | None = None, **values: Any) -> Target:
    """A good numeric target of the text; ``values`` replace its fields."""
    start = CONTENT.index(phrase)
    number = None if value is None else Decimal(value)
    numbers: dict[str, Any] = {name: Decimal(values.pop(name)) for name in ("upper", "baseline") if name in values}
    good = Target(
        "numeric", "指标", "equal", number, None, None, unit, number, None, unit, None, None, None, None, None,
        phrase, start, start + len(phrase),
    )  # fmt: skip
    return replace(good, **numbers, **values)


GROWTH = target("地区生产总值增长5%左右", "5", "%")
JOBS = target("新增就业4.5-5万人", "4.5", "万人", upper="5", comparator="range")
PENSION = target("居民养老金从380元提高至1000元", "1000", "元", baseline="380")
ZERO = target("事故零发生", "0")
HALF = target("完成重点项目过半", "50", "%")
SAFE = target("事故零发生", None, kind="qualitative", comparator=None)


def said(*records: TaskRecord) -> list[Issue]:
    """What validation says of a document of these tasks."""
    [verdict] = judge([(document(records), FACTS)])
    return list(verdict.document.issues)


def with_targets(*targets: Target, **values: Any) -> TaskRecord:
    return replace(task(1, content=CONTENT), targets=targets, **values)


def test_good_targets_and_deadlines_pass() -> None:
    due = DateSpan("2026-01-01", "2026-06-30")
    assert said(
        with_targets(GROWTH, JOBS, PENSION, ZERO, HALF, SAFE, due=due),
        replace(task(2), due=DateSpan(None, "2026-06-30")),
        replace(task(3), due=DateSpan("2026-06-01", None)),
        replace(task(4), due=DateSpan("2026-06-30", "2026-06-30")),
    ) == []  # fmt: skip


BROKEN: dict[str, tuple[TaskRecord, str, str, str]] = {
    "a number that the phrase lacks": (
        with_targets(replace(GROWTH, value=Decimal(6))), "unlikely_target", "content", "value is 6, which does not",
    ),
    "an upper end that the phrase lacks": (
        with_targets(replace(JOBS, upper=Decimal("5.5"))), "unlikely_target", "content", "upper is 5.5",
    ),
    "a baseline that the phrase lacks": (
        with_targets(replace(PENSION, baseline=Decimal(830))), "unlikely_target", "content", "baseline is 830",
    ),
    "a number of another target": (
        with_targets(GROWTH, replace(ZERO, value=Decimal(5))), "unlikely_target", "content", "事故零发生",
    ),
    "a range that falls": (
        with_targets(replace(JOBS, value=Decimal(5), upper=Decimal("4.5"))), "unlikely_target", "content",
        "the range from 5 ends at 4.5",
    ),
    "a unit that is not known": (
        with_targets(replace(GROWTH, unit="俄里", base_unit=None, base_value=None)), "unknown_target_unit", "content",
        "“俄里” in “地区生产总值增长5%左右”",
    ),
    "a phrase that stands elsewhere": (
        with_targets(replace(GROWTH, start=1, end=1 + len(GROWTH.phrase))), "misplaced_phrase", "content", "from 1 to",
    ),
    "a phrase beyond the text": (
        with_targets(replace(GROWTH, end=len(CONTENT) + 1)), "misplaced_phrase", "content", "does not stand",
    ),
    "a deadline that ends first": (
        replace(task(1), due=DateSpan("2026-07-01", "2026-06-30")), "deadline_order", "deadline",
        "ends on 2026-06-30, before it begins on 2026-07-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_target_breaks_one_rule(name: str) -> None:
    record, rule, field, message = BROKEN[name]
    [issue] = said(record, task(2))
    assert (issue.rule, issue.task_no, issue.field) == (rule, 1, field)
    assert issue.severity == RULES[rule].severity
    assert message in issue.message
    assert issue.provenance == record.task_no.provenance


def test_positions_run_without_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    case = document([with_targets(GROWTH, JOBS, ZERO), replace(with_targets(GROWTH, ZERO), task_no=task(2).task_no)])

    def without_the_second(given: Any) -> dict[str, list[Row]]:
        rows = tabulate(given)
        del rows["targets"][1]
        return rows

    monkeypatch.setattr(frames, "tabulate", without_the_second)
    [verdict] = validate([(case, FACTS)], None)
    assert [(issue.rule, issue.task_no) for issue in verdict.document.issues] == [("position_gap", 1)]
    assert verdict.held_back


def test_accepted_and_other_documents_are_kept_apart() -> None:
    good, bad = document([with_targets(GROWTH)]), document([with_targets(replace(GROWTH, value=Decimal(7)))])
    verdicts = judge([(good, FACTS), (bad, FACTS), (good, FACTS)])
    assert [[issue.rule for issue in verdict.document.issues] for verdict in verdicts] == [[], ["unlikely_target"], []]


def hand_made() -> list[tuple[str, float]]:
    """Every phrase of the truths of targets with each of its numbers."""
    data = Path(__file__).parent / "data"
    entries = [e for path in sorted(data.glob("targets_*.yaml")) for e in yaml.safe_load(path.read_text("utf-8"))]
    return [
        (found["phrase"], float(found[name]))
        for entry in entries
        for found in entry["targets"]
        for name in ("value", "upper", "baseline")
        if found.get(name) is not None
    ]


def test_every_number_that_readers_took_from_a_phrase_stands_in_it() -> None:
    truth = hand_made()
    assert len(truth) > 400
    assert [(phrase, number) for phrase, number in truth if not _named(phrase, number)] == []


def test_another_number_hardly_ever_does() -> None:
    truth = hand_made()
    numbers = [number for _, number in truth]
    wrong = [(phrase, other) for (phrase, number), other in zip(truth, numbers[7:], strict=False) if other != number]
    assert sum(_named(phrase, other) for phrase, other in wrong) < 0.1 * len(wrong)


def _named(phrase: str, number: float) -> bool:
    return any(math.isclose(number, one) for one in numbers_in(phrase))


@pytest.mark.parametrize(
    ("phrase", "numbers"),
    [
        ("完成1,200套", {1200.0}),
        ("增长4.5-5%", {4.5, 5.0}),
        ("三十家以上", {30.0}),
        ("翻两番", {4.0}),
        ("翻一番", {2.0}),
        ("降低一成五", {15.0}),
        ("三分之一", {33.33}),
        ("突破百亿元", {1.0, 100.0}),
        ("任务完成过半", {50.0}),
        ("信访积案清零", {0.0}),
        ("二三十家", {20.0, 30.0}),
    ],
)
def test_numbers_in_a_phrase(phrase: str, numbers: set[float]) -> None:
    assert numbers <= numbers_in(phrase)


@given(st.floats(0, 1e9, allow_nan=False).map(lambda number: round(number, 2)))
def test_digits_are_found_as_they_are_printed(number: float) -> None:
    assert any(math.isclose(number, one) for one in numbers_in(f"实现产值{number}亿元以上"))
    assert list(target_faults(f"实现产值{number}亿元以上", number, None, None)) == []


@given(st.lists(st.none() | st.integers(-3, 99) | st.floats() | st.text("一二百半成分之零5.,%", max_size=8), min_size=4,
                max_size=4))  # fmt: skip
def test_values_of_any_kind_are_taken_calmly(values: list[Any]) -> None:
    frame = pd.DataFrame([values], columns=["a", "b", "c", "d"], dtype=object)
    assert (
        len(misplaced_phrase(frame)) == len(unknown_target_unit(frame)) == len(broken_position(frame.iloc[:, :3])) == 1
    )
    assert all(isinstance(fault, str) for fault in target_faults(*values))
