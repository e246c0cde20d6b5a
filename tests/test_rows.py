"""Rows of a text layer: shifted cells, merged cells, categories, continuation; truth written by hand."""

from __future__ import annotations

import pytest
from reading import HEADING, read, records, rules, table

FIRST = "1→坚定不移 做强产业→深耕产业 优势→(1) 做大总量。→王旭锋→区发改局 区工信局"
SECOND = "→→→(2) 培育主体。→江文亭→区工信局"


@pytest.mark.parametrize(
    ("row", "leaders", "units"),
    [
        ("→→→(3) 配合推进重大项目建设。→王行杰→区住建局", ["王行杰"], ["区住建局"]),
        ("(3) 配合推进重大项目建设。→王行杰→区住建局", ["王行杰"], ["区住建局"]),
        ("(3) 配合推进重大项目建设。→王行杰→→区住建局→→", ["王行杰"], ["区住建局"]),
        ("→(3) 配合推进重大项目建设。→→王行杰 江文亭→区住建局→", ["王行杰", "江文亭"], ["区住建局"]),
        ("(3) 配合推进重大项目建设。→→→→→区住建局 区城管局", ["江文亭"], ["区住建局", "区城管局"]),
        ("→→(3) 配合推进重大项目建设。→→→区住建局", ["江文亭"], ["区住建局"]),
        ("→→→(3) 配合推进重大项目建设。→王行杰→", ["王行杰"], ["区工信局"]),
        ("→→→(3) 配合推进重大\n项目建设。→王行杰→区住建局", ["王行杰"], ["区住建局"]),
        ("→→→(3) 配合推进重大项目建设。→王行杰→区住房和城乡\n建设局", ["王行杰"], ["区住房和城乡建设局"]),
    ],
)
def test_cells_are_put_back_by_meaning_and_order(row: str, leaders: list[str], units: list[str]) -> None:
    third = records(FIRST, SECOND, row, "→→→(4) 改善环境。→胡金芳→区城管局")[2]
    assert third["content"] == "配合推进重大项目建设。"
    assert (third["leaders"], third["lead_units"]) == (leaders, units)
    assert (third["category"], third["subcategory"]) == ("坚定不移做强产业", "深耕产业优势")
    assert not [issue for issue in third["issues"] if issue["severity"] != "info"]


def test_a_cell_put_back_is_marked_and_says_so() -> None:
    document = read(table(FIRST, SECOND, "(3) 推进建设工作。→王行杰→→区住建局→→"))
    third = document.tasks[2]
    assert third.content.method == third.leaders.method == third.lead_units.method == "realigned"
    assert third.lead_units.raw == "区住建局"
    assert third.lead_units.provenance[0].line == "6"
    assert [issue.rule for issue in document.issues] == ["realigned"]


def test_a_cell_that_left_no_trace_is_in_doubt_down_to_the_next_one() -> None:
    found = records(FIRST, SECOND, "→(3) 配合推进重大项目。→区住建局→→→", "→→→(4) 改善环境。→→区城管局",
                    "→→→(5) 增绿提质。→胡金芳→区城管局")  # fmt: skip
    assert found[2]["leaders"] == found[3]["leaders"] == ["江文亭"]
    assert "lost_cell" in rules(found[2])
    assert "lost_cell" in rules(found[3])
    assert found[4]["issues"] == []


def test_two_equally_good_readings_are_said() -> None:
    heading = "序号→目标名称→工作标准→分管领导→牵头单位→配合单位"
    rows = [
        "1→做强产业→(1) 做大总量。→王旭锋→区发改局→区工信局",
        "→(2) 培育主体。→区科技局→→→",
        "→→(3) 改善环境。→胡金芳→区城管局→区住建局",
    ]
    second = records(*rows, heading=heading)[1]
    assert rules(second).count("ambiguous_alignment") == 2
    doubtful = {issue["field"] for issue in second["issues"] if issue["severity"] == "warning"}
    assert doubtful == {"leaders", "lead_units", "support_units"}


def test_a_label_spans_both_levels_or_stands_on_its_own() -> None:
    found = records(
        "1→主要预期目标→→(1) 总值增长。→王旭锋→区发改局",
        "2→做强产业→深耕优势→(2) 做大总量。→王旭锋→区发改局",
        "→→厚植生态→(3) 培育主体。→→",
        "→强化合作→→(4) 扩大开放。→→",
        "3→改善民生→→(5) 办好教育。→→",
    )
    assert [(r["category_no"], r["category"], r["subcategory"]) for r in found] == [
        (1, "主要预期目标", None),
        (2, "做强产业", "深耕优势"),
        (2, "做强产业", "厚植生态"),
        (2, "做强产业", "强化合作"),
        (3, "改善民生", None),
    ]
    assert rules(found[3]) == ["realigned"]
    assert not any(rules(record) for record in (found[0], found[1], found[2], found[4]))


def test_a_label_printed_again_on_the_next_page_changes_nothing() -> None:
    text = table("1→主要 预期目标→→(1) 总值增长。→王旭锋→区发改局")
    text += f"\n{HEADING}\n\t主要预期 目标\t\t(2) 收入增长。\t\t区财政局\n"
    second = read(text).tasks[1]
    assert (second.category_no.value, second.category.value, second.subcategory.value) == (1, "主要预期目标", None)
    assert second.category.method == second.leaders.method == "continued"


def test_a_gap_in_the_categories_makes_carried_labels_doubtful() -> None:
    found = records(
        "2→做强产业→→(1) 做大总量。→王旭锋→区发改局",
        "3→做优城市→做优规划→(2) 规划先行。→王行杰→区住建局",
        "→→→(3) 改造路网。→→",
        "→→厚植功能→(4) 更新片区。→→",
        "6→守稳环境→严守底线→(5) 安全生产。→王旭锋→区应急管理局",
    )
    assert [rules(record) for record in found] == [[], [], ["category_gap"] * 2, ["category_gap"], []]
    assert [issue["field"] for issue in found[2]["issues"]] == ["category", "subcategory"]
    assert found[3]["category"] == "做优城市"


def test_a_category_without_its_number_is_said() -> None:
    found = records(FIRST, SECOND, "→改善民生→办好教育→(3) 办好学校。→胡金芳→区教育局")
    assert (found[2]["category_no"], found[2]["category"], found[2]["subcategory"]) == (None, "改善民生", "办好教育")
    assert rules(found[2]) == ["missing_category_number"]


def test_a_row_cut_by_the_page_goes_on_without_its_number() -> None:
    text = table(FIRST, "→→→(2) 培育主体，→江文亭→区工信局")
    text += f"\n{HEADING}\n\t\t\t壮大集群。\t\t区科技局\n\t\t\t(3) 改善环境。\t胡金芳\t区城管局\n"
    document = read(text)
    second = document.tasks[1]
    assert second.content.value == "培育主体，壮大集群。"
    assert second.content.method == "continued"
    assert [unit.printed for unit in second.lead_units.value] == ["区工信局", "区科技局"]
    assert (second.page_start, second.page_end) == (1, 2)
    assert [place.line for place in second.content.provenance] == ["5", "8"]
    assert [issue.rule for issue in document.issues] == ["continued_row"]


def test_a_row_without_the_number_that_is_missing_is_no_continuation() -> None:
    document = read(table(FIRST, "→→→培育主体。→江文亭→区工信局", "→→→(3) 改善环境。→胡金芳→区城管局"))
    assert document.tasks[0].content.value == "做大总量。"
    assert [issue.rule for issue in document.issues if issue.severity == "critical"] == [
        "row_without_number", "missing_task_no"
    ]  # fmt: skip


def test_numbers_in_a_column_of_their_own() -> None:
    heading = "序号→重点领域→目标任务→牵头单位→责任单位→完成时限→备注"
    found = records(
        "1→一、经济发展→3.5万亩良田建成。→市发展改革委→市财政局、市统计局→12月底前→",
        "2→→1.做大总量；2.提质增效。→市工业和信息化局→无→→续建",
        "3→二、改善民生→办好十件实事。→市民政局→各县（区）政府→全年→",
        heading=heading,
    )
    assert [record["task_no"] for record in found] == [1, 2, 3]
    assert found[0]["content"] == "3.5万亩良田建成。"
    assert found[1]["content"] == "1.做大总量；2.提质增效。"
    assert [(r["category_no"], r["category"]) for r in found] == [(1, "经济发展"), (1, "经济发展"), (2, "改善民生")]
    assert [r["support_units"] for r in found] == [["市财政局", "市统计局"], [], ["各县（区）政府"]]
    assert [r["deadline"] for r in found] == ["12月底前", "12月底前", "全年"]
    assert [r["remark"] for r in found] == [None, "续建", None]


def test_banner_rows_are_categories_and_notes_are_none() -> None:
    heading = "序号→主要任务→牵头单位"
    found = records(
        "一、经济发展→→", "1→做大总量。→市发改委", "（二）开放→→", "2→扩大开放。→市商务局", "注：略→→", heading=heading
    )
    assert [(r["category_no"], r["category"], r["subcategory"]) for r in found] == [
        (1, "经济发展", None),
        (1, "经济发展", "开放"),
    ]
    assert found[0]["leaders"] == []


def test_notes_of_several_lines_end_the_table() -> None:
    found = read(
        table(FIRST, SECOND, "注：1.牵头单位负责；→→→→→", "2.各单位落实。→→→→→", "→→→(3) 改善环境。→胡金芳→区城管局")
    )
    assert [task.task_no.value for task in found.tasks] == [1, 2, 3]
    assert found.issues == ()


def test_a_heading_that_lost_the_blank_of_its_second_level() -> None:
    heading = "序号→目标名称→工作标准→区政府 分管领导→牵头单位"
    found = records(FIRST, SECOND, "→→厚植生态→(3) 改善环境。→胡金芳→区城管局", heading=heading)
    assert [r["subcategory"] for r in found] == ["深耕产业优势", "深耕产业优势", "厚植生态"]
    assert found[0]["lead_units"] == ["区发改局", "区工信局"]


def test_an_unknown_heading_and_another_table_are_said() -> None:
    heading = "序号→目标名称→工作标准→分管领导→牵头单位→推进神器"
    document = read(table("1→做强产业→(1) 做大总量。→王旭锋→区发改局→甲", heading=heading.replace("→", "\t")))
    assert [(issue.rule, issue.severity) for issue in document.issues] == [("unknown_heading", "warning")]
    both = table(FIRST, SECOND) + "\n附件2 联系表\n\n姓名\t电话\n张三\t12345678\n"
    document = read(both)
    assert len(document.tasks) == 2
    assert [issue.rule for issue in document.issues] == ["ignored_table"]
    assert "姓名" in document.issues[0].message


def test_a_table_whose_lead_column_is_not_known_is_no_dataset() -> None:
    document = read(table(FIRST, heading=HEADING.replace("牵头单位", "牵头单")))
    assert {issue.rule: issue.severity for issue in document.issues} == {
        "unknown_heading": "warning",
        "no_lead_column": "critical",
    }
    assert "nearest: 牵头单位" in document.issues[0].message + document.issues[1].message


def test_a_second_responsibility_table_has_numbers_of_its_own() -> None:
    text = table(FIRST, SECOND) + "\n附件2\n民生实事项目目标任务责任分解表\n\n"
    text += "序号\t项目名称\t主要内容\t牵头单位\n1\t养老\t建设中心。\t区民政局\n"
    document = read(text)
    assert [(task.table_no, task.task_no.value) for task in document.tasks] == [(1, 1), (1, 2), (2, 1)]
    assert document.issues == ()


def test_no_cell_disappears() -> None:
    document = read(table(FIRST, "→→→(2) 培育主体。→江文亭→区工信局→多出来的→又一个"))
    said = "".join(issue.message for issue in document.issues)
    assert "多出来的" in said or any("多出来的" in str(task) for task in document.tasks)
