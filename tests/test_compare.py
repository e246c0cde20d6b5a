"""Which tasks of two documents belong together, what became of their targets, who has how many; truth by hand."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from comparing import Pair, Tables, judged, made, truth, unit, year
from hypothesis import given
from hypothesis import strategies as st

from normalizers.compare import compare
from normalizers.dataset_compare import COMPARISON_TABLES
from normalizers.tabulate import Row

EARLIER, LATER = "320404-2025-zfgzbg", "320404-2026-zfgzbg"
_PYTHON: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (float,)}


@pytest.fixture(scope="module")
def years() -> dict[str, list[Row]]:
    return compare(year(2025), year(2026))


def pairs_of(tables: dict[str, list[Row]]) -> list[Pair]:
    rows = tables["compared_tasks"]
    return [(row["earlier_task_id"], row["later_task_id"]) for row in rows if row["match"] == "continued"]


def pair(earlier: int, later: int) -> Pair:
    return f"{EARLIER}-{earlier}", f"{LATER}-{later}"


def groups(data: Any) -> list[set[Pair]]:
    merged = [{pair(earlier, group["later"]) for earlier in group["earlier"]} for group in data["merged"]]
    return merged + [{pair(group["earlier"], later) for later in group["later"]} for group in data["split"]]


def test_the_truth_names_every_task_of_both_years_once() -> None:
    data = truth("truth")
    for side, only in (("earlier", "dropped"), ("later", "new")):
        named = [numbers[side == "later"] for numbers in data["pairs"]] + data[only]
        for group in (*data["merged"], *data["split"]):
            named += group[side] if isinstance(group[side], list) else [group[side]]
        tasks = year(2025 if side == "earlier" else 2026)["tasks"]
        assert sorted(named) == sorted(row["task_no"] for row in tasks)


def test_two_years_of_a_district(years: dict[str, list[Row]]) -> None:
    data = truth("truth")
    quality = judged(pairs_of(years), (pair(*numbers) for numbers in data["pairs"]), groups(data))
    assert quality.wanted == 78
    assert quality.precision >= 0.97
    assert quality.recall >= 0.94
    # What is wrong or missed says that it is doubtful.
    doubts = {row[key]: row["doubt"] for row in years["compared_tasks"] for key in ("earlier_task_id", "later_task_id")}
    assert all(doubts[earlier] and doubts[later] for earlier, later in quality.wrong | quality.missing)


@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    # The second was written with the first and has never been tuned on; docs/compare.md has its figures.
    [("hard", 1.0, 1.0), ("heldout", 0.85, 0.8)],
)
def test_near_identical_tasks_and_tasks_in_other_words(name: str, precision: float, recall: float) -> None:
    data = truth(name)
    tables = compare(made("990001-2025-zfgzbg", data["earlier"]), made("990001-2026-zfgzbg", data["later"]))
    ids = [
        {key: f"990001-{number}-zfgzbg-{no}" for no, key in enumerate(data[side], 1)}
        for number, side in ((2025, "earlier"), (2026, "later"))
    ]
    quality = judged(pairs_of(tables), ((ids[0][a], ids[1][b]) for a, b in data["pairs"]))
    assert quality.precision >= precision
    assert quality.recall >= recall
    doubts = {row["earlier_task_id"]: row["doubt"] for row in tables["compared_tasks"]}
    assert all(doubts[earlier] for earlier, _ in quality.wrong)


def test_rows_are_as_the_tables_are_defined(years: dict[str, list[Row]]) -> None:
    for table in COMPARISON_TABLES:
        rows = years[table.name]
        assert rows
        assert len({tuple(row[name] for name in table.key) for row in rows}) == len(rows)
        for row in rows:
            assert set(row) == set(table.column_names)
            for column in table.columns:
                value = row[column.name]
                assert column.nullable or value is not None
                assert value is None or type(value) in _PYTHON[column.type], (table.name, column.name, value)
                assert not column.values or value is None or value in column.values


def test_every_task_of_both_documents_is_in_one_row(years: dict[str, list[Row]]) -> None:
    for key, number in (("earlier_task_id", 2025), ("later_task_id", 2026)):
        found = [row[key] for row in years["compared_tasks"] if row[key]]
        assert sorted(found) == sorted(row["task_id"] for row in year(number)["tasks"])


def test_the_other_way_round_gives_the_same_pairs(years: dict[str, list[Row]]) -> None:
    back = compare(year(2026), year(2025))
    assert {(later, earlier) for earlier, later in pairs_of(back)} == set(pairs_of(years))


def test_the_same_again_is_the_same(years: dict[str, list[Row]]) -> None:
    assert compare(year(2025), year(2026)) == years


def test_a_document_beside_itself() -> None:
    again: Tables = {name: [dict(row) for row in rows] for name, rows in year(2026).items()}
    again["documents"][0] |= {"document_id": "320404-2027-zfgzbg", "year": 2027}
    for rows in again.values():
        for row in rows:
            if row.get("task_id"):
                row["task_id"] = row["task_id"].replace("-2026-", "-2027-")
    tables = compare(year(2026), again)
    assert all(earlier.replace("-2026-", "-2027-") == later for earlier, later in pairs_of(tables))
    assert Counter(row["match"] for row in tables["compared_tasks"]) == {"continued": 85}
    assert {row["standing"] for row in tables["compared_targets"]} == {"kept"}
    assert {row["difference"] for row in tables["compared_targets"]} <= {0.0, None}
    assert all(row["earlier_tasks"] == row["later_tasks"] for row in tables["compared_parties"])


def target(tables: dict[str, list[Row]], later: int, words: str) -> Row:
    """The only target of a task of 2026 whose words, of either year, contain these."""
    rows = [
        row
        for row in tables["compared_targets"]
        if row["later_task_id"] == f"{LATER}-{later}" and words in f"{row['earlier_phrase']} {row['later_phrase']}"
    ]
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize(
    ("later", "words", "values", "unit_name", "change"),
    [
        (1, "地区生产总值", (6.0, 5.0), "percent", (-1.0, None)),
        (10, "数字经济核心企业", (12.0, 15.0), "percent", (3.0, None)),
        (12, "五亿级", (3.0, 5.0), "家", (2.0, 1.6667)),
        (13, "“四上”单位", (240.0, 270.0), "家", (30.0, 1.125)),
        (16, "2000万元以上", (100.0, 110.0), "个", (10.0, 1.1)),
        (16, "其中亿元以上", (25.0, 30.0), "个", (5.0, 1.2)),
        (23, "领军型", (28.0, 30.0), "个", (2.0, 1.0714)),
        (27, "加装电梯", (40.0, 35.0), "部", (-5.0, 0.875)),
        (27, "老旧电梯", (120.0, 983.0), "部", (863.0, 8.1917)),
        (45, "自主更新项目", (3.0, 8.0), "个", (5.0, 2.6667)),
        (82, "微电网", (4.0, 7.0), "个", (3.0, 1.75)),
    ],
)
def test_targets_beside_each_other(
    years: dict[str, list[Row]], later: int, words: str, values: tuple[float, float], unit_name: str, change: Any
) -> None:
    row = target(years, later, words)
    assert (row["standing"], row["doubt"], row["base_unit"]) == ("kept", None, unit_name)
    assert (row["earlier_value"], row["later_value"]) == values
    assert (row["difference"], row["ratio"]) == change


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (9, "六大产业"),  # four industries, then six
        (22, "省级以上孵化器"),  # 市级以上, then 省级以上
        (78, "化解率"),  # 90%, then 15% a year
    ],
)
def test_values_on_another_basis_are_not_subtracted(years: dict[str, list[Row]], later: int, words: str) -> None:
    row = target(years, later, words)
    assert (row["standing"], row["doubt"], row["difference"], row["ratio"]) == ("kept", "basis", None, None)


def test_a_number_beside_a_direction_has_no_difference(years: dict[str, list[Row]]) -> None:
    row = target(years, 2, "一般公共预算收入")
    assert (row["standing"], row["earlier_value"], row["later_value"]) == ("kept", 3.0, None)
    assert (row["difference"], row["doubt"]) == (None, None)


def test_targets_that_only_one_year_has(years: dict[str, list[Row]]) -> None:
    assert target(years, 12, "三十亿级")["standing"] == "gained"
    assert target(years, 12, "亿元企业12家")["standing"] == "lost"
    assert target(years, 21, "研发机构")["standing"] == "lost"


def party(tables: dict[str, list[Row]], name: str, role: str) -> tuple[str, int, int]:
    (row,) = [row for row in tables["compared_parties"] if (row["name"], row["role"]) == (name, role)]
    return row["standing"], row["earlier_tasks"], row["later_tasks"]


def test_organisations_and_leaders(years: dict[str, list[Row]]) -> None:
    # 发改局 of 2025 is 区发改局; it leads (1), (6), (13), (15), (20), (21), (66) and (86) there.
    assert party(years, "区发改局", "lead")[:2] == ("kept", 8)
    assert party(years, "高新区（邹区镇）", "lead")[:2] == ("kept", 2)
    assert party(years, "钟金控集团", "lead") == ("kept", 2, 4)
    assert party(years, "永红街道", "lead") == ("lost", 1, 0)
    assert party(years, "编办", "lead") == ("lost", 1, 0)
    assert party(years, "区文商旅发展促进中心", "lead") == ("gained", 0, 4)
    assert party(years, "吴伟", "leader")[0] == "lost"
    assert {row["name"] for row in years["compared_parties"] if row["role"] == "leader"} == {
        "吴伟", "王旭锋", "王行杰", "江文亭", "胡金芳", "印松涛", "汪豆豆",
    }  # fmt: skip
    assert {name: party(years, name, "leader")[0] for name in ("王行杰", "印松涛")} == {
        "王行杰": "kept",
        "印松涛": "gained",
    }


def test_documents_of_two_regions_go_by_names() -> None:
    earlier = made("990001-2025-zfgzbg", ["新建公园3个。", "修路。"], "甲市乙山区")
    later = made("990002-2025-zfgzbg", ["新建公园5个。", "修桥。"], "丙市丁水县")
    unit(earlier, 1, "区城管局", unit_id="990001-cgj")
    unit(earlier, 2, "乙山公安分局", unit_id="990001-ga")
    unit(later, 1, "县城管局", unit_id="990002-cgj")
    unit(later, 2, "丁水公安分局")
    unit(later, 2, "丁水街道")
    rows = compare(earlier, later)["compared_parties"]
    assert [(row["name"], row["standing"], row["party_id"]) for row in rows] == [
        ("丁水公安分局", "kept", None),
        ("县城管局", "kept", None),
        ("丁水街道", "gained", None),
    ]


def test_an_organisation_that_only_one_year_knows_by_its_id() -> None:
    earlier, later = made("990001-2025-zfgzbg", ["新建公园。"]), made("990001-2026-zfgzbg", ["新建公园。"])
    unit(earlier, 1, "城管局")
    unit(later, 1, "区城管局", unit_id="990001-cgj")
    (row,) = compare(earlier, later)["compared_parties"]
    assert (row["name"], row["standing"], row["party_id"]) == ("区城管局", "kept", "990001-cgj")


def test_a_split_task_is_paired_once_and_the_rest_says_so() -> None:
    earlier = made("990001-2025-zfgzbg", ["新建金桥公园，改造银杏广场，整修铜井老街。", "建设养老院。"])
    later = made("990001-2026-zfgzbg", ["金桥公园建成，银杏广场完成改造。", "铜井老街开街。", "办好运动会。"])
    rows = compare(earlier, later)["compared_tasks"]
    first, second, third, fourth = ((row["match"], row["doubt"], row["runner_up_task_id"]) for row in rows)
    assert first[0] == "continued"
    assert second == ("new", "part", "990001-2025-zfgzbg-1")
    assert third[:2] == ("new", None)
    assert fourth[:2] == ("dropped", None)


def test_numbers_and_years_say_nothing_but_named_numbers_do() -> None:
    earlier = made("990001-2025-zfgzbg", ["2025年新建书房12个。", "办好12345热线。", "办好12315热线。"])
    later = made("990001-2026-zfgzbg", ["2026年新建书房30个。", "12315热线扩容。", "12345热线提速。"])
    ids = [(a[-1], b[-1]) for a, b in pairs_of(compare(earlier, later))]
    assert ids == [("1", "1"), ("3", "2"), ("2", "3")]


def test_documents_without_anything_in_common() -> None:
    tables = compare(made("990001-2025-zfgzbg", ["种树。"]), made("990001-2026-zfgzbg", ["办学。"]))
    assert [row["match"] for row in tables["compared_tasks"]] == ["new", "dropped"]
    assert tables["compared_targets"] == tables["compared_parties"] == []


@given(
    *(
        st.lists(st.text("新建公园路改造3个（）“”，。abc", min_size=1, max_size=14), min_size=1, max_size=6)
        for _ in "ab"
    )
)
def test_whatever_the_texts_every_task_is_in_one_row(earlier: list[str], later: list[str]) -> None:
    rows = compare(made("990001-2025-zfgzbg", earlier), made("990001-2026-zfgzbg", later))["compared_tasks"]
    for key, contents in (("earlier", earlier), ("later", later)):
        assert Counter(row[f"{key}_content"] for row in rows if row[f"{key}_task_id"]) == Counter(contents)
    assert all(0 < row["score"] <= 1 for row in rows if row["match"] == "continued")
