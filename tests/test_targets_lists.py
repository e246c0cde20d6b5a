"""Targets whose numbers stand close together: amounts before counts, changes with their level, spans of time."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest

from normalizers.records import Target
from normalizers.targets.find import find_targets, read_targets
from normalizers.targets.words import load_words
from validators.target_checks import target_faults

WORDS = load_words()


def found(text: str) -> list[Target]:
    return list(find_targets(text, WORDS, 2026))


def told(text: str) -> list[tuple[str, str | None, float | None, str | None]]:
    return [(t.metric, t.comparator, None if t.value is None else float(t.value), t.unit) for t in found(text)]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("落户项目20个，其中10亿元以上3个", "10亿元以上"),
        ("落户项目20个，其中投资超10亿元3个", "投资超10亿元"),
        ("落户项目20个，其中亿元以上项目5个、外资500万美元以上3个", "外资500万美元以上"),
    ],
)
def test_a_bounded_amount_right_before_a_count_says_what_is_counted(text: str, counted: str) -> None:
    *_, last = found(text)
    assert (last.metric, last.comparator, last.scope) == (counted, "equal", "其中")
    assert last.value == Decimal(3)
    assert [target.unit for target in found(text)] == ["个"] * len(found(text))


def test_an_amount_behind_which_nothing_is_counted_is_a_target() -> None:
    assert told("完成投资超10亿元，5个项目开工") == [("完成投资", "more_than", 10, "亿元"), ("项目", "equal", 5, "个")]


def test_a_change_and_the_level_it_leads_to_are_two_targets() -> None:
    assert told("森林覆盖率提高0.5个百分点至25.3%") == [
        ("森林覆盖率", "change_by", 0.5, "个百分点"),
        ("森林覆盖率", "equal", 25.3, "%"),
    ]


def test_a_number_behind_a_semicolon_goes_on_about_the_quantity_before_it() -> None:
    first, last = found("到2027年，高新技术企业达到500家以上；到2030年，达到1000家。")
    assert (first.metric, last.metric) == ("高新技术企业", "高新技术企业")
    assert (last.value, last.due) == (Decimal(1000), "2030-12-31")


def test_levels_with_a_number_each_are_targets_of_their_own() -> None:
    assert told("完成1个省级、3个市级特色小镇创建") == [
        ("完成省级", "equal", 1, "个"),
        ("市级特色小镇创建", "equal", 3, "个"),
    ]


def test_the_word_before_a_baseline_is_no_part_of_the_metric() -> None:
    (target,) = found("营收从5亿元至10亿元")
    assert (target.metric, target.baseline, target.value) == ("营收", Decimal(5), Decimal(10))


def test_a_number_behind_a_full_stop_does_not() -> None:
    assert found("高新技术企业达到500家以上。达到1000家。")[1].metric != "高新技术企业"


@pytest.mark.parametrize(
    ("text", "scope", "due"),
    [
        ("1-6月完成投资50亿元", "1-6月", "2026-06-30"),
        ("2025至2027年新建学校10所", "2025至2027年", "2027-12-31"),
        ("2027年6月底前新建学校10所", "2027年6月底前", "2027-06-30"),
        ("到2027年12月31日新建学校10所", "到2027年12月31日", "2027-12-31"),
    ],
)
def test_a_span_of_time_is_scope_and_no_part_of_the_metric(text: str, scope: str, due: str) -> None:
    (target,) = found(text)
    assert (target.scope, target.due) == (scope, due)
    assert target.metric == text[len(scope) :].rstrip("0123456789亿元所")


@pytest.mark.parametrize(("text", "said"), [("新增就业5000至1.2万人", ["5000至1.2万人"]), ("新增就业0.5至1.2万人", [])])
def test_a_range_that_falls_is_said(text: str, said: list[str]) -> None:
    targets, unclear = read_targets(text, WORDS, 2026)
    assert [words.split(" is ")[0] for words in unclear] == said
    assert len(targets) == 1 - len(said)


def test_a_range_in_two_units_stands_in_its_phrase() -> None:
    (target,) = found("固定资产投资达到5000万元至1亿元")
    assert told("固定资产投资达到5000万元至1亿元") == [("固定资产投资", "range", 0.5, "亿元")]
    assert target.upper == 1
    assert not list(target_faults(target.phrase, 0.5, 1.0, None))


def test_long_runs_of_numerals_take_no_time() -> None:
    begin = time.process_time()
    found("一二三四五六七八九十" * 250)
    assert time.process_time() - begin < 3
