"""Ruled tables: headings, categories, banners, blanks, wraps, pages and doubts; truth written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruled import HEADING, LEFT, SHORT, UP, banner, labels, place, read, records, ruled
from test_truth import WHOLE
from typeset_ruled import Layout, typeset

from normalizers.tabulate import nested
from normalizers.text import squeeze


def test_merged_cells_reach_as_far_as_their_rulings() -> None:
    document = read(
        ruled(
            HEADING,
            ["1", "主要预期目标", LEFT, "(1) 总值增长。", "王旭锋", "区发改局\n区统计局"],
            [UP, UP, LEFT, "(2) 收入增长。", UP, "区财政局"],
            ["2", "做强⏎产业", "深耕⏎优势", "(3) 做大总量。", "江文亭\n王旭锋", "区工信局"],
            [UP, UP, "厚植生态", "(4) 培育主体。", UP, UP],
        )
    )
    found = nested(document)
    assert labels(found) == [
        (1, "主要预期目标", None), (1, "主要预期目标", None), (2, "做强产业", "深耕优势"), (2, "做强产业", "厚植生态")
    ]  # fmt: skip
    assert [record["leaders"] for record in found] == [
        ["王旭锋"],
        ["王旭锋"],
        ["江文亭", "王旭锋"],
        ["江文亭", "王旭锋"],
    ]
    assert [record["lead_units"] for record in found] == [
        ["区发改局", "区统计局"],
        ["区财政局"],
        ["区工信局"],
        ["区工信局"],
    ]
    assert document.issues == ()
    second, fourth = document.tasks[1], document.tasks[3]
    assert (second.leaders.method, second.lead_units.method, fourth.category.method) == (
        "inherited",
        "read",
        "inherited",
    )
    assert second.leaders.provenance == (place(1, 4, rows=2),)


# Headings


def test_headings_of_two_rows_in_any_order_with_blanks_and_breaks() -> None:
    found = nested(
        read(
            ruled(
                ["完成\n时限", "责任单位", LEFT, "工 作 任 务", "县 政 府\n分 管 领 导", "类别", "备 注"],
                [UP, "牵头⏎单位", "配合⏎单位", UP, UP, UP, UP],
                ["12月⏎底前", "县发改局", "县财政局\n县住建局", "1. 做大总量。", "王旭锋", "一、经济发展", "续建"],
            )
        )
    )
    record = found[0]
    assert (record["lead_units"], record["support_units"]) == (["县发改局"], ["县财政局", "县住建局"])
    assert (record["deadline"], record["remark"], record["leaders"]) == ("12月底前", "续建", ["王旭锋"])
    assert (record["category_no"], record["category"], record["content"]) == (1, "经济发展", "做大总量。")


def test_a_heading_means_something_together_with_the_one_above_it() -> None:
    heading = [["序号", "主要任务", "责任单位", LEFT], [UP, UP, "牵头", "配合"]]
    record = nested(read(ruled(*heading, ["1", "做大总量。", "区发改局", "区财政局"])))[0]
    assert (record["lead_units"], record["support_units"]) == (["区发改局"], ["区财政局"])


def test_rows_over_the_whole_table_may_stand_above_its_heading() -> None:
    title = ["2026年政府工作报告责任分解表", LEFT, LEFT, LEFT, LEFT]
    who = ["填报单位：区政府办", LEFT, LEFT, LEFT, LEFT]
    document = read(ruled(title, who, SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"]))
    assert (len(document.tasks), document.issues) == (1, ())


def test_columns_that_are_not_known_or_have_no_heading_are_said() -> None:
    document = read(
        ruled(["序号", "工作任务", "牵头单位", "推进神器", ""], ["1", "做大总量。", "区发改局", "甲", "乙"])
    )
    messages = sorted(issue.message for issue in document.issues if issue.rule == "unknown_heading")
    assert len(messages) == 2
    assert "column 5 is blank" in messages[0]
    assert "推进神器" in messages[1]


def test_a_blank_heading_beside_labels_is_that_of_their_second_level() -> None:
    heading = ["序号", "目标名称", "", "工作标准", "分管领导", "牵头单位"]
    found = records(
        ["1", "主要预期目标", "", "(1) 总值增长。", "王旭锋", "区发改局"],
        ["2", "做强产业", "深耕优势", "(2) 做大总量。", "王旭锋", "区发改局"],
        [UP, UP, "厚植生态", "(3) 培育主体。", "王旭锋", "区发改局"],
        heading=heading,
    )
    assert labels(found) == [(1, "主要预期目标", None), (2, "做强产业", "深耕优势"), (2, "做强产业", "厚植生态")]
    assert not any(record["issues"] for record in found)


def test_one_heading_over_numbers_labels_and_tasks() -> None:
    heading = ["重点任务", LEFT, LEFT, "牵头单位"]
    found = records(
        ["1", "稳增长", "推动经济实现质的有效提升和量的合理增长。", "区发改局"],
        ["2", UP, "推动规模以上工业企业提质增效、转型升级。", "区工信局"],
        ["3", "惠民生", "办好群众可感可及的十件民生实事。", "区民政局"],
        heading=heading,
    )
    assert [record["task_no"] for record in found] == [1, 2, 3]
    assert labels(found) == [(None, "稳增长", None), (None, "稳增长", None), (None, "惠民生", None)]
    assert found[0]["content"] == "推动经济实现质的有效提升和量的合理增长。"


# Blanks and marks


def test_marks_that_mean_the_same_or_nothing() -> None:
    found = records(
        ["1", "做大总量。", "王旭锋", "区发改局", "区财政局"],
        banner("（二）开放"),
        ["2", "扩大开放。", "〃", "同上", "/"],
        ["3", "强化创新。", "同 上", "区科技局", "无"],
        heading=SHORT,
    )
    assert [record["leaders"] for record in found] == [["王旭锋"]] * 3
    assert [record["lead_units"] for record in found] == [["区发改局"], ["区发改局"], ["区科技局"]]
    assert [record["support_units"] for record in found] == [["区财政局"], [], []]


def test_blank_cells_of_a_column_without_merged_cells_mean_the_same_as_above() -> None:
    document = read(
        ruled(
            SHORT,
            ["1", "做大总量。", "王旭锋", "区发改局", "区财政局"],
            ["2", "扩大开放。", "", "", ""],
            ["3", "强化创新。", "", "区科技局", "区财政局"],
            ["4", "办好教育。", "江文亭", "区教育局", ""],
            ["5", "办好医院。", "", "", ""],
            ["6", "办好养老。", "", "", ""],
        )
    )
    found = nested(document)
    assert [record["leaders"][0] for record in found] == ["王旭锋"] * 3 + ["江文亭"] * 3
    assert [record["lead_units"][0] for record in found] == ["区发改局"] * 2 + ["区科技局"] + ["区教育局"] * 3
    # Blank in every row in which leader and lead are: there, and only there, it is the same as above.
    assert [record["support_units"] for record in found] == [["区财政局"], ["区财政局"], ["区财政局"], [], [], []]
    assert [(issue.rule, issue.task_no) for issue in document.issues] == [("blank_same_as_above", None)] * 3


def test_blank_cells_of_a_column_with_merged_cells_say_nothing() -> None:
    rows = [["1", "做大总量。", "王旭锋", "区发改局", ""], ["2", "扩大开放。", UP, UP, ""]]
    rows += [[str(number), "强化创新。", "", "区科技局", "区财政局"] for number in range(3, 9)]
    found = records(*rows, heading=SHORT)
    assert [record["leaders"] for record in found[1:]] == [["王旭锋"], *([[]] * 6)]
    assert all([issue["rule"] for issue in record["issues"]] == ["missing_leader"] for record in found[2:])
    assert found[0]["support_units"] == []


def test_two_blank_cells_were_rather_forgotten() -> None:
    rows = [[str(number), "强化创新。", "王旭锋", "区科技局", "区财政局"] for number in range(1, 9)]
    rows[3][3] = rows[5][3] = ""
    found = records(*rows, heading=SHORT)
    assert [record["task_no"] for record in found if record["issues"]] == [4, 6]
    assert found[3]["lead_units"] == []


def test_a_cell_over_two_columns_of_names_is_said() -> None:
    found = records(["1", "做大总量。", "王旭锋", "各有关单位", LEFT], heading=SHORT)
    assert (found[0]["lead_units"], found[0]["support_units"]) == (["各有关单位"], [])
    assert [(issue["rule"], issue["field"]) for issue in found[0]["issues"]] == [("spanning_cell", "lead_units")]


# Several tables, notes, pages


def test_each_responsibility_table_has_its_own_numbers_and_others_are_named() -> None:
    first = ruled(SHORT, *([str(n), f"第{n}项工作。", "王旭锋", "区发改局", "/"] for n in range(1, 4)))
    second = ruled(SHORT[:4], ["1", "养老助餐。", "江文亭", "区民政局"], ["3", "社区食堂。", "江文亭", "区民政局"])
    contacts = ruled(["序号", "单位", "联系人", "联系电话"], ["1", "区发改局", "王旭锋", "8888"])
    document = read(first, contacts, second)
    assert [(task.table_no, task.task_no.value) for task in document.tasks] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 3)]
    assert [(issue.rule, issue.table_no, issue.task_no) for issue in document.issues] == [
        ("ignored_table", 1, None),
        ("missing_task_no", 2, 3),
    ]
    assert "联系人" in document.issues[0].message


@pytest.mark.parametrize(
    "total", [["合计", "共1项", "", "", ""], ["合计：共1项", LEFT, LEFT, LEFT, LEFT], ["总计", "", "", "", ""]]
)
def test_a_row_of_totals_is_no_task(total: list[str]) -> None:
    document = read(ruled(SHORT, ["1", "做大总量。", "王旭锋", "区发改局", "/"], total))
    assert (len(document.tasks), document.issues) == (1, ())
    assert document.tasks[0].content.value == "做大总量。"


def test_a_long_row_over_the_whole_table_is_no_label() -> None:
    text = "以下各项任务由各镇（街道）按照属地原则组织实施，各部门要加强指导，确保按期完成全年各项目标。"
    document = read(ruled(SHORT, banner(text), ["1", "做大总量。", "王旭锋", "区发改局", "/"]))
    assert [issue.rule for issue in document.issues] == ["unplaced_row"]


def test_a_row_cut_by_a_page_break_stands_on_both_pages_without_a_doubt() -> None:
    document = read(
        ruled(
            HEADING,
            ["1", "主要预期目标", LEFT, "(1) 总值增长。", "王旭锋", "区发改局"],
            [UP, UP, LEFT, "(2) 收入增长，⏎持续改善。", UP, "区财政局"],
            [UP, UP, LEFT, "(3) 物价平稳。", UP, "区统计局"],
            pages=[1, 1, (1, 2), 2],
        )
    )
    assert [(task.page_start, task.page_end) for task in document.tasks] == [(1, 1), (1, 2), (2, 2)]
    second = document.tasks[1]
    assert second.content.value == "收入增长，持续改善。"
    assert [place.page for place in second.content.provenance] == [1, 2]
    assert (second.content.method, document.tasks[0].leaders.method) == ("continued", "continued")
    assert document.tasks[0].content.method == "read"
    assert document.issues == ()


def test_a_task_of_several_rows() -> None:
    document = read(
        ruled(
            SHORT,
            ["1", "做大总量。", "王旭锋", "区发改局", "区财政局"],
            [UP, UP, "江文亭", "区统计局", "/"],
            ["2", "扩大开放。", "江文亭", "区商务局", "/"],
        )
    )
    assert [leader.printed for leader in document.tasks[0].leaders.value] == ["王旭锋", "江文亭"]
    assert [unit.printed for unit in document.tasks[0].lead_units.value] == ["区发改局", "区统计局"]
    assert document.issues == ()


def test_a_column_that_repeats_the_numbers_of_the_texts_numbers_no_categories() -> None:
    rows = [[str(n), f"（{n}）第{n}项工作。", "王旭锋", "区发改局", "/"] for n in range(1, 5)]
    found = records(*rows, heading=SHORT)
    assert labels(found) == [(None, None, None)] * 4
    assert not any(record["issues"] for record in found)


def test_numbers_of_categories_and_of_tasks_in_columns_of_their_own() -> None:
    found = records(
        ["1", "经济发展", "1", "做大总量。", "区发改局"],
        [UP, UP, "2", "扩大开放。", "区商务局"],
        ["2", "民生", "3", "办好教育。", "区教育局"],
        heading=["序号", "目标名称", "编号", "工作任务", "牵头单位"],
    )
    assert [record["task_no"] for record in found] == [1, 2, 3]
    assert labels(found) == [(1, "经济发展", None), (1, "经济发展", None), (2, "民生", None)]


@given(
    st.builds(
        Layout,
        carriers=st.permutations(["leaders", "lead_units", "support_units", "deadline"]).map(tuple),
        banners=st.booleans(),
        numbered=st.booleans(),
        number=st.sampled_from(["({}) ", "（{}）", "{}. ", "{}、"]),
        same=st.sampled_from(["merged", "mark", "blank"]),
        separator=st.sampled_from(["\n", "、", " "]),
        width=st.integers(5, 12),
        rows_per_page=st.integers(3, 20),
        cut_rate=st.sampled_from([0.0, 0.5]),
        seed=st.integers(0, 1000),
    )
)
def test_the_table_set_in_any_way_is_right_without_a_doubt(layout: Layout) -> None:
    made = typeset(WHOLE, layout)
    document = read(ruled(*made.rows, pages=made.pages))
    found = nested(document)
    fields = ["task_no", "content", "category", "category_no", "subcategory", *layout.carriers]
    for task, pages, record in zip(WHOLE, made.pages_of_task, found, strict=True):
        assert {field: squeeze(str(record[field])) for field in fields} == {
            field: squeeze(str(task[field])) for field in fields
        }
        assert (record["page_start"], record["page_end"]) == pages
        assert record["issues"] == []


def test_circled_numbers_that_run_on_are_those_of_the_tasks() -> None:
    found = records(
        ["1", "做强产业", "深耕优势", "①做大总量。", "王旭锋", "区发改局"],
        [UP, UP, "厚植生态", "② 培育主体。", "江文亭", "区工信局"],
        ["2", "改善民生", LEFT, "③办好教育。", "江文亭", "区教育局"],
    )
    assert [(task["task_no"], task["content"], task["lead_units"]) for task in found] == [
        (1, "做大总量。", ["区发改局"]), (2, "培育主体。", ["区工信局"]), (3, "办好教育。", ["区教育局"])
    ]  # fmt: skip
    assert labels(found) == [(1, "做强产业", "深耕优势"), (1, "做强产业", "厚植生态"), (2, "改善民生", None)]
    assert not [issue for task in found for issue in task["issues"]]


def test_a_total_below_circled_numbers_changes_nothing() -> None:
    found = records(
        ["1", "做强产业", LEFT, "①做大总量。", "王旭锋", "区发改局"],
        [UP, UP, LEFT, "②培育主体。", "江文亭", "区工信局"],
        [UP, UP, LEFT, "③扩大开放。", "江文亭", "区商务局"],
        ["2", "改善民生", LEFT, "④办好教育。", "江文亭", "区教育局"],
        ["合计", LEFT, LEFT, "共4项", "", ""],
    )
    assert [(task["task_no"], task["content"]) for task in found] == [
        (1, "做大总量。"), (2, "培育主体。"), (3, "扩大开放。"), (4, "办好教育。")
    ]  # fmt: skip


def test_circled_numbers_end_at_twenty_where_the_type_has_no_more() -> None:
    """What stands behind ⑳ without a number is no part of the category's number, in silence least of all."""
    signs = [chr(ord("①") + number) for number in range(20)]
    rows = [
        [
            "1" if not number else UP,
            "做强产业" if not number else UP,
            LEFT,
            f"{sign}做好第{number}件事。",
            "王旭锋",
            "区发改局",
        ]
        for number, sign in enumerate(signs)
    ]
    rows += [["2" if not number else UP, "改善民生" if not number else UP, LEFT, f"办好{name}。", "江文亭", "区教育局"]
             for number, name in enumerate(("教育", "医疗", "养老", "就业", "社保", "住房"))]  # fmt: skip
    document = read(ruled(HEADING, *rows))
    assert [task.task_no.value for task in document.tasks] == list(range(1, 21))
    assert {task.content.value for task in document.tasks[:19]} == {f"做好第{number}件事。" for number in range(19)}
    said = [found for found in document.issues if found.rule == "row_without_number"]
    assert len(said) == 6 and {found.severity for found in said} == {"critical"}


def test_several_rows_with_organisations_of_their_own_beside_one_number_are_said() -> None:
    document = read(
        ruled(
            SHORT,
            ["1", "做大总量。", "王旭锋", "区发改局", ""],
            [UP, "培育主体。", "江文亭", "区工信局", ""],
            ["2", "办好教育。", "江文亭", "区教育局", ""],
            [UP, UP, UP, "区财政局", ""],
        )
    )
    assert [(found.rule, found.task_no) for found in document.issues if found.severity != "info"] == [("joined_row", 1)]


@pytest.mark.parametrize("text", ["③抓好项目建设。", "3.抓好项目建设。", "（3）抓好项目建设。"])
def test_a_table_without_a_heading_that_begins_with_the_next_task_is_no_other_table(text: str) -> None:
    tasks = ruled(
        HEADING,
        ["1", "做强产业", LEFT, "①做大总量。", "王旭锋", "区发改局"],
        [UP, UP, LEFT, "②培育主体。", "江文亭", "区工信局"],
    )
    rest = ruled(["的后半句。", "甲", "乙"], [text, "王旭锋", "区发改局"], ["另一件事。", "江文亭", "区教育局"])
    (said,) = [found for found in read(tasks, rest).issues if found.rule == "row_outside"]
    assert "task after (2)" in said.message


def test_circled_numbers_that_begin_again_are_parts_of_a_task() -> None:
    found = records(
        ["1", "做强产业", LEFT, "①做大总量；②培育主体。", "王旭锋", "区发改局"],
        ["2", "改善民生", LEFT, "①办好教育；②增加床位。", "江文亭", "区教育局"],
    )
    assert [(task["task_no"], task["content"]) for task in found] == [
        (1, "①做大总量；②培育主体。"), (2, "①办好教育；②增加床位。")
    ]  # fmt: skip


def test_a_sign_of_the_lead_goes_for_a_name_that_a_wrap_cuts() -> None:
    heading = ["序号", "工作任务", "责任单位"]
    found = records(
        ["1", "做大总量并持续向好。", "★区税务局\n★国网澄阳供电公⏎司\n区投资促⏎进中心⏎区发改局⏎区农业农⏎村局"],
        heading=heading,
    )[0]
    assert found["lead_units"] == ["区税务局", "国网澄阳供电公司"]
    assert found["support_units"] == ["区投资促进中心", "区发改局", "区农业农村局"]
    assert not [issue for issue in found["issues"] if issue["severity"] != "info"]


@pytest.mark.parametrize(
    ("cell", "lead", "support"),
    [
        ("★县文⏎化广电⏎旅游局\n★县教⏎育局\n县人力⏎资源社⏎会保障⏎局\n县委政⏎法委",
         ["县文化广电旅游局", "县教育局"], ["县人力资源社会保障局", "县委政法委"]),
        ("★县交通运输局\n★云溪高新区⏎管委会\n县水利局\n云溪经济开发⏎区管委会",
         ["县交通运输局", "云溪高新区管委会"], ["县水利局", "云溪经济开发区管委会"]),
    ],
)  # fmt: skip
def test_a_name_behind_a_sign_goes_on_over_as_many_lines_as_it_takes(
    cell: str, lead: list[str], support: list[str]
) -> None:
    found = records(["1", "做大总量。", cell], heading=["序号", "工作任务", "责任单位"])[0]
    assert (found["lead_units"], found["support_units"]) == (lead, support)


def test_a_bracket_that_a_line_break_cuts_belongs_to_the_name_before_it() -> None:
    found = records(["1", "做大总量。", "王旭锋\n（副区⏎长）\n江文亭\n（副区长）", "区发改局", ""], heading=SHORT)[0]
    assert found["leaders"] == ["王旭锋", "江文亭"]


def test_empty_rows_do_not_make_a_blank_mean_the_same_as_above() -> None:
    found = records(
        ["1", "做大总量。", "区发改局", "6月底前"],
        ["2", "培育主体。", "区工信局", ""],
        *[["", "", "", ""]] * 3,
        heading=["序号", "工作任务", "责任单位", "完成时限"],
    )
    assert [(task["lead_units"], task["deadline"]) for task in found] == [
        (["区发改局"], "6月底前"),
        (["区工信局"], None),
    ]


def test_half_a_post_among_the_leaders_is_in_doubt() -> None:
    found = records(["1", "做大总量。", "王旭锋 区委常委\n常务副", "区发改局", ""], heading=SHORT)[0]
    assert "常务副" not in found["leaders"] or "unlikely_value" in [issue["rule"] for issue in found["issues"]]
