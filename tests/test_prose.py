"""Numbered prose, label lines and lists grouped under those who lead them, against records that the text is made of."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring import wrong_fields
from typeset_table import table_2026

from extractors.errors import ReadError
from extractors.formats import with_tables
from extractors.model import Bbox, Provenance, SourceDocument, TextBlock, tiles
from extractors.plain.labels import closing, split_roles
from extractors.plain.prose import read_prose
from extractors.plain.reader import read as read_plain
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

Record = dict[str, Any]
HEAD = """钟楼区2026年重点工作责任分解方案

各镇人民政府、各街道办事处，区各办局：
现将《政府工作报告》主要目标任务分解给你们，请认真抓好落实。

"""
FOOT = """
注：本方案由区政府办负责解释。
区政府办公室
2026年3月1日
"""
#: Contents as they are printed, with brackets that say nothing of roles.
CONTENTS = (
    "全年地区生产总值增长5%左右，力争更好。",
    "深入实施国企改革深化提升行动（三年行动），完成投资12.5亿元。",
    "建成“1+4+N”体系（含10个项目）；推动3312工程落地。",
    "新增“四上”单位270家以上，其中规上工业企业50家。",
    "办好民生实事，让群众15分钟内有去处。",
)
LEADERS = ("王旭锋", "王行杰", "江文亭", "胡金芳", "吴伟")
LEAD = (
    "区发改局",
    "区财政局（国资办）",
    "区应急管理局（安委办）",
    "区文商旅发展促进中心",
    "高新区（邹区镇）",
    "区住建局",
)
SUPPORT = (
    "区工信局",
    "各镇（街道）",
    "区安委会各成员单位",
    "钟楼生态环境局",
    "区市场监管局（知识产权局）",
    "国网钟楼供电",
)
CATEGORIES = ("做强产业", "做优城市", "增进民生福祉")
PARTS = ("深耕优势", "激发活力")


def records(count: int = 36, **without: Any) -> list[Record]:
    """Tasks with everything that a form can say."""
    found = []
    for index in range(count):
        category = index * 3 // count
        found.append(
            {
                "task_no": index + 1,
                "content": CONTENTS[index % 5].replace("。", f"（第{index}批）。", 1)
                if index % 4 == 0
                else CONTENTS[index % 5],
                "category_no": category + 1,
                "category": CATEGORIES[category],
                "subcategory": PARTS[(index * 6 // count) % 2],
                "leaders": [LEADERS[index % 5]] + ([LEADERS[(index + 2) % 5]] if index % 3 == 0 else []),
                "lead_units": [LEAD[index % 6]] + ([LEAD[(index + 1) % 6]] if index % 4 == 1 else []),
                "support_units": [SUPPORT[(index + at) % 6] for at in range(index % 4)],
                "deadline": ("2026年12月底前", "6月底前", "全年")[index % 3],
                **without,
            }
        )
    return found


def headings(tasks: Sequence[Record], at: int, sub: str = "（{}）{}") -> str:
    """The headings that stand above a task."""
    task, before = tasks[at], tasks[at - 1] if at else {}
    lines = []
    if task["category"] and task["category_no"] != before.get("category_no"):
        lines.append(f"{'零一二三四五六七八九'[task['category_no']]}、{task['category']}\n")
        before = {}
    if task["subcategory"] and task["subcategory"] != before.get("subcategory"):
        order = PARTS.index(task["subcategory"]) + 1 if task["subcategory"] in PARTS else 1
        lines.append(sub.format("零一二三四五六七八九"[order], task["subcategory"]) + "\n")
    return "".join(lines)


def in_brackets(
    task: Record,
    brackets: str = "（）",
    colon: str = "：",
    between: str = "；",
    labels: str = "责任领导 牵头单位 配合单位",
) -> str:
    leader, lead, support = labels.split()
    parts = [(leader, " ".join(task["leaders"])), (lead, "、".join(task["lead_units"]))]
    parts += [(support, "、".join(task["support_units"]))] if task["support_units"] else []
    said = between.join(f"{label}{colon}{value}" for label, value in parts)
    return f"{brackets[0]}{said}{brackets[1]}"


def prose(tasks: Sequence[Record], item: Callable[[Record], str], end: str = "\n") -> str:
    return HEAD + "".join(headings(tasks, at) + item(task) + end for at, task in enumerate(tasks)) + FOOT


def document(text: str) -> SourceDocument:
    return with_tables(read_plain(text.encode(), Path("x.txt")))


def understood(text: str) -> NormalizedDocument:
    found = document(text)
    assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in found.tables)
    return normalize(found, None)


def assert_right(text: str, tasks: Sequence[Record], *rules: str) -> NormalizedDocument:
    """Every field is as in the truth, and no doubt but those of the rules is raised."""
    found = understood(text)
    assert wrong_fields(tasks, nested(found)) == []
    assert {issue.rule for issue in found.issues} <= {*rules}
    return found


def wrapped(text: str, width: int = 40) -> str:
    """Each line broken at a width, as on a page."""
    return "\n".join("\n".join(line[i : i + width] for i in range(0, len(line), width)) for line in text.split("\n"))


NO_DEADLINE: Record = {"deadline": None}


@pytest.mark.parametrize("brackets", ["（）", "〔〕", "[]", "［］", "【】", "()"])
@pytest.mark.parametrize(("colon", "between"), [("：", "；"), (":", ";"), ("：", "，"), ("：", " "), (": ", "； ")])
def test_roles_in_brackets(brackets: str, colon: str, between: str) -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t, brackets, colon, between)}")
    found = assert_right(text, tasks)
    assert found.title == "钟楼区2026年重点工作责任分解方案"


@pytest.mark.parametrize("number", ["{}.", "{}、", "（{}）", "({}) ", "{}）", "第{}项 ", "第{}项：", "{}. "])
def test_styles_of_numbers(number: str) -> None:
    tasks = records(**NO_DEADLINE)
    assert_right(prose(tasks, lambda t: f"{number.format(t['task_no'])}{t['content']}{in_brackets(t)}"), tasks)


@pytest.mark.parametrize("width", [24, 32, 41])
def test_wrapped_lines(width: int) -> None:
    tasks = records(**NO_DEADLINE)
    text = wrapped(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"), width)
    assert_right(text, tasks)


def test_roles_on_the_next_line_and_several_tasks_in_a_line() -> None:
    tasks = records(**NO_DEADLINE)
    assert_right(prose(tasks, lambda t: f"{t['task_no']}、{t['content']}\n{in_brackets(t)}"), tasks)
    for task in tasks:
        task["category"] = task["category_no"] = task["subcategory"] = None
    assert_right(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}", ""), tasks)


def test_tasks_with_points_of_their_own() -> None:
    tasks = records(**NO_DEADLINE)
    for task in tasks[::3]:
        task["content"] = f"抓好以下工作：（1）{task['content']}（2）完成绿化3.5万亩。"
    for task in tasks[1::3]:
        task["content"] = f"抓好以下工作：①{task['content']}②完成绿化3.5万亩。"
    lines = [{**task, "content": re.sub("(?=（[12]）|[①②])", "\n", task["content"])} for task in tasks]
    assert_right(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"), tasks)
    assert_right(prose(lines, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"), tasks)


def test_only_those_responsible() -> None:
    tasks = records(**NO_DEADLINE, leaders=[], support_units=[])
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}（责任单位：{'、'.join(t['lead_units'])}）")
    assert_right(text, tasks)


def label_lines(task: Record, form: str) -> str:
    parts = [("责任领导", "、".join(task["leaders"])), ("牵头单位", "、".join(task["lead_units"]))]
    parts += [("配合单位", "、".join(task["support_units"]))] if task["support_units"] else []
    parts += [("完成时限", task["deadline"])]
    if form == "one line":
        return f"{task['task_no']}．{task['content']}\n" + "  ".join(f"{label}：{value}" for label, value in parts)
    pattern = {"colon": "{}：{}", "box": "【{}】{}", "blank": "{}　{}", "boxes": "【{}】：{}"}[form]
    return f"{task['task_no']}．{task['content']}\n" + "\n".join(pattern.format(*part) for part in parts)


@pytest.mark.parametrize("form", ["colon", "one line", "box", "blank", "boxes"])
def test_label_lines(form: str) -> None:
    tasks = records()
    assert_right(prose(tasks, lambda t: label_lines(t, form)), tasks)


def grouped(tasks: Sequence[Record], heading: str, item: Callable[[Record], str], wrong: int = 0) -> str:
    """Tasks that follow each other with the same leads, under a heading that names these."""
    groups: list[list[Record]] = []
    for task in tasks:
        if groups and groups[-1][0]["lead_units"] == task["lead_units"]:
            groups[-1].append(task)
        else:
            groups.append([task])
    text = HEAD
    for number, group in enumerate(groups, 1):
        tens, ones = divmod(number, 10)
        digits = "零一二三四五六七八九"
        chinese = ("" if tens == 0 else "十" if tens == 1 else digits[tens] + "十") + (digits[ones] if ones else "")
        count = len(group) + (number == wrong)
        text += heading.format(n=chinese, who="、".join(group[0]["lead_units"]), count=count) + "\n"
        text += "".join(item(task) + "\n" for task in group)
    return text + FOOT


def in_groups(count: int = 36) -> list[Record]:
    plain: Record = {"category": None, "category_no": None, "subcategory": None, "deadline": None, "leaders": []}
    tasks = records(count, **plain)
    for at, task in enumerate(tasks):
        task["lead_units"] = [LEAD[at // 6]] + ([LEAD[(at // 6 + 2) % 6]] if at // 6 == 3 else [])
    return tasks


def supported(task: Record) -> str:
    said = f"（配合单位：{'、'.join(task['support_units'])}）" if task["support_units"] else ""
    return f"{task['task_no']}．{task['content']}{said}"


@pytest.mark.parametrize(
    "heading",
    [
        "{n}、{who}牵头工作（{count}项）",
        "{n}、由{who}牵头负责的工作",
        "（{n}）{who}牵头（{count}项）",
        "{n}、{who}牵头的任务（共{count}项）",
    ],
)
def test_lists_below_those_who_lead(heading: str) -> None:
    tasks = in_groups()
    found = assert_right(grouped(tasks, heading, supported), tasks)
    methods = [task.lead_units.method for task in found.tasks]
    assert methods == ["read" if at % 6 == 0 else "inherited" for at in range(36)]
    assert found.declared_counts == ()


def test_lists_without_any_other_role() -> None:
    tasks = [{**task, "support_units": []} for task in in_groups()]

    def bare(task: Record) -> str:
        return f"{task['task_no']}．{task['content']}"

    assert_right(grouped(tasks, "{n}、{who}牵头工作（{count}项）", bare), tasks)
    assert_right(grouped(tasks, "{n}、{who}（{count}项）", bare), tasks)


def test_lists_below_a_leader() -> None:
    tasks = [{**t, "support_units": [], "leaders": [LEADERS[at // 9]]} for at, t in enumerate(records(**NO_DEADLINE))]
    for task in tasks:
        task["category"] = task["category_no"] = task["subcategory"] = None
    text = "".join(
        (f"{'一二三四'[at // 9]}、{task['leaders'][0]}同志牵头（9项）\n" if at % 9 == 0 else "")
        + f"{task['task_no']}．{task['content']}（责任单位：{'、'.join(task['lead_units'])}）\n"
        for at, task in enumerate(tasks)
    )
    assert_right(HEAD + text + FOOT, tasks)


def test_a_group_that_declares_another_number_of_tasks() -> None:
    tasks = in_groups()
    found = understood(grouped(tasks, "{n}、{who}牵头工作（{count}项）", supported, wrong=2))
    doubts = [issue for issue in found.issues if issue.rule == "group_count"]
    assert [issue.task_no for issue in doubts] == list(range(7, 13))
    assert {issue.field for issue in doubts} == {"lead_units"}


VERBS: dict[str, Callable[[list[str], list[str]], str]] = {
    "star": lambda lead, support: "、".join([*(f"★{unit}" for unit in lead), *support]),
    "verbs": lambda lead, support: "、".join(lead) + "牵头" + (f"，{'、'.join(support)}配合" if support else ""),
    "host": lambda lead, support: "、".join(lead) + "主办" + (f"；{'、'.join(support)}协办" if support else ""),
    "shared": lambda lead, support: (
        f"由{'、'.join(lead)}牵头" + (f"，{'、'.join(support)}等单位按职责分工负责" if support else "")
    ),
    "box": lambda lead, support: "、".join([*(f"{unit}（牵头）" for unit in lead), *support]),
}


#: What is said of such words; 等单位 stands for organisations that are not named.
MARKED = ("role_marks", "unnamed_units")


@pytest.mark.parametrize("form", VERBS)
def test_marks_of_roles(form: str) -> None:
    tasks = records(**NO_DEADLINE, leaders=[])
    say = VERBS[form]
    if form != "box":
        text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}（{say(t['lead_units'], t['support_units'])}）")
        assert_right(text, tasks, *MARKED)
    text = prose(
        tasks, lambda t: f"{t['task_no']}．{t['content']}（责任单位：{say(t['lead_units'], t['support_units'])}）"
    )
    found = assert_right(text, tasks, *MARKED)
    assert (
        found.tasks[3].support_units.raw
        == found.tasks[3].lead_units.raw
        == say(tasks[3]["lead_units"], tasks[3]["support_units"])
    )


@pytest.mark.parametrize("form", VERBS)
def test_marks_of_roles_in_the_cells_of_a_table(form: str) -> None:
    tasks = records(**NO_DEADLINE, leaders=[], category=None, category_no=None, subcategory=None)
    rows = [f"{t['task_no']}\t{t['content']}\t{VERBS[form](t['lead_units'], t['support_units'])}" for t in tasks]
    assert_right("\n".join(["工作分解表", "", "序号\t工作任务\t责任单位", *rows, ""]), tasks, *MARKED)


def test_shared_work_is_led_by_all() -> None:
    found = understood(
        "1．做好甲项工作。（区发改局、区财政局等单位按职责分工负责）\n2．做好乙项工作。（区住建局负责）\n"
    )
    assert [[unit.printed for unit in task.lead_units.value] for task in found.tasks] == [
        ["区发改局", "区财政局"], ["区住建局"],
    ]  # fmt: skip


def test_roles_behind_the_sentence_without_brackets() -> None:
    tasks = records(**NO_DEADLINE)
    for blank in ("", " ", "　　"):
        text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{blank}{in_brackets(t)[1:-1]}。")  # noqa: B023
        assert_right(text, tasks)
        assert_right(wrapped(text, 40), tasks)


def test_several_brackets_in_a_task_are_joined_and_said() -> None:
    text = "".join(
        f"{n}．做好甲项工作。（牵头单位：区发改局；配合单位：区财政局）做好乙项工作。（牵头单位：区住建局）\n"
        for n in (1, 2, 3)
    )
    found = understood(text)
    for task in found.tasks:
        assert task.content.value == "做好甲项工作。做好乙项工作。"
        assert [unit.printed for unit in task.lead_units.value] == ["区发改局", "区住建局"]
    assert [issue.rule for issue in found.issues if issue.field == "content"] == ["roles_unclear"] * 3


def test_a_bracket_that_is_not_closed_is_said() -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}")
    broken = text.replace("各镇（街道））\n", "各镇（街道）\n", 1)
    assert broken != text
    found = understood(broken)
    assert wrong_fields(tasks, nested(found)) == []
    assert {issue.task_no for issue in found.issues if issue.rule == "roles_unclear"} == {2}


def test_a_task_without_roles_says_so_and_takes_none_of_its_neighbours() -> None:
    tasks = records(**NO_DEADLINE)
    for task in tasks[5::6]:
        task["leaders"], task["lead_units"], task["support_units"] = [], [], []
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t) if t['leaders'] else ''}")
    found = assert_right(text, tasks, "missing_leader", "missing_unit")
    said = {issue.task_no for issue in found.issues if issue.rule == "missing_unit"}
    assert said == {task["task_no"] for task in tasks[5::6]}


def test_numbers_that_begin_anew_begin_another_table() -> None:
    tasks = records(**NO_DEADLINE)
    for at, task in enumerate(tasks):
        task["task_no"] = at % 12 + 1
    found = understood(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"))
    assert wrong_fields(tasks, nested(found)) == []
    assert [task.table_no for task in found.tasks] == [at // 12 + 1 for at in range(36)]
    assert not [issue for issue in found.issues if issue.severity == "critical"]


def test_numbers_that_begin_anew_below_a_subheading_keep_the_category() -> None:
    tasks = records(**NO_DEADLINE)
    for at, task in enumerate(tasks):
        task["task_no"] = at % 6 + 1
    found = understood(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"))
    assert wrong_fields(tasks, nested(found)) == []
    assert [task.table_no for task in found.tasks] == [at // 6 + 1 for at in range(36)]


def test_a_list_of_persons_behind_the_tasks_is_left_out() -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}")
    found = assert_right(
        text + "附件：联系人名单\n1．区发改局 联系人：张三\n2．区财政局 联系人：李四\n", tasks, "text_outside"
    )
    assert [issue.task_no for issue in found.issues] == [None]


def paragraphs(text: str) -> tuple[TextBlock, ...]:
    lines = filter(None, text.split("\n"))
    return tuple(TextBlock(line, Provenance(0, None, f"paragraph {at}")) for at, line in enumerate(lines, 1))


def printed(text: str) -> tuple[TextBlock, ...]:
    lines = filter(None, text.split("\n"))
    places = (
        Provenance(at // 40 + 1, Bbox(80, 60 + at % 40 * 16, 500, 74 + at % 40 * 16), None, "fenjie")
        for at in range(999)
    )
    return tuple(TextBlock(line, place) for line, place in zip(lines, places, strict=False))


def test_documents_of_other_formats() -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}")
    for name, blocks in (("docx", paragraphs(text)), ("pdf", printed(wrapped(text, 38)))):
        found = normalize(with_tables(SourceDocument("x", name, 0, (), blocks)), None)
        assert wrong_fields(tasks, nested(found)) == []
        assert (found.issues, found.title) == ((), "钟楼区2026年重点工作责任分解方案")


def test_numbers_that_run_on_below_headings_are_those_of_the_tasks() -> None:
    found = understood(
        "一、工业\n1．做好甲项工作。\n2．做好乙项工作。\n（牵头单位：区发改局）\n"
        "二、农业\n3．做好丙项工作。\n4．做好丁项工作。\n（牵头单位：区农业农村局）\n"
    )
    assert [(task.task_no.value, task.category.value) for task in found.tasks] == [
        (1, "工业"), (2, "工业"), (3, "农业"), (4, "农业"),
    ]  # fmt: skip
    assert {issue.task_no for issue in found.issues if issue.rule == "missing_unit"} == {1, 3}


def test_a_lost_task_is_said() -> None:
    tasks = records(**NO_DEADLINE)
    del tasks[20]
    found = understood(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"))
    assert [issue.rule for issue in found.issues] == ["missing_task_no"]


def test_text_between_tasks_is_kept_and_said() -> None:
    text = (
        HEAD
        + "1．做好甲项工作。（牵头单位：区发改局）\n各单位要高度重视，压实责任，确保完成。\n"
        + "2．做好乙项工作。（牵头单位：区财政局）\n"
    )
    source = document(text)
    assert "各单位要高度重视，压实责任，确保完成。" in [block.text for block in source.blocks]
    assert ("text_outside", 1) in {(issue.rule, issue.task_no) for issue in normalize(source, None).issues}


def test_places_are_lines() -> None:
    found = understood(HEAD + "1．做好甲项\n工作。（牵头单位：区发改局）\n2．做好乙项工作。（牵头单位：区财政局）\n")
    assert [task.content.provenance[0].line for task in found.tasks] == ["6-7", "8"]
    assert [task.lead_units.provenance[0].line for task in found.tasks] == ["7", "8"]


WHOLE = table_2026()


def test_the_2026_table_as_prose() -> None:
    tasks = [{**task, "support_units": WHOLE[(task["task_no"] * 7 + 3) % 85]["lead_units"]} for task in WHOLE]
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}")
    for form in (text, wrapped(text, 38)):
        found = understood(form)
        assert wrong_fields(tasks, nested(found)) == []
        assert {issue.rule for issue in found.issues} <= {"subcategory_unclear"}


@pytest.mark.parametrize("form", ["colon", "one line", "box"])
def test_the_2026_table_as_label_lines(form: str) -> None:
    tasks = [{**task, "support_units": [], "deadline": "2026年12月底前"} for task in WHOLE]
    assert wrong_fields(tasks, nested(understood(prose(tasks, lambda t: label_lines(t, form))))) == []


def test_the_2026_table_below_those_who_lead() -> None:
    plain: Record = {"category": None, "category_no": None, "subcategory": None, "support_units": []}
    tasks = [{**task, **plain} for task in WHOLE]
    text = grouped(
        tasks,
        "{n}、{who}牵头工作（{count}项）",
        lambda t: f"{t['task_no']}．{t['content']}（责任领导：{' '.join(t['leaders'])}）",
    )
    found = understood(text)
    assert wrong_fields(tasks, nested(found)) == []
    assert not [issue for issue in found.issues if issue.rule == "group_count"]


REPORT = (
    "政府工作报告\n一、过去一年工作回顾\n1．经济稳中有进，增长5%。\n2．民生持续改善。\n（一）做强产业\n"
    + "\n".join(f"{n}．推动产业升级，完成投资{n}亿元（三年行动）。" for n in range(3, 20))
)
NEWS = (
    "昨日，区发改局牵头召开会议。会议指出，一是要提高认识；二是要压实责任（区财政局要做好保障）。\n"
    "责任编辑：张三\n来源：本报\n"
)
CONTACTS = "联系人名单\n" + "\n".join(f"{n}．区发改局 联系人：张三 联系电话：8888{n:04}" for n in range(1, 30))


@pytest.mark.parametrize("text", [REPORT, NEWS, CONTACTS, HEAD, "1．甲（牵头单位：乙）\n"])
def test_other_texts_are_no_tasks(text: str) -> None:
    with pytest.raises(ReadError, match="no table was found"):
        document(text)


def kept(text: str) -> str:
    """The characters that may not be lost: all but white space, marks and labels."""
    return "".join(re.findall(r"[\u4e00-\u9fffA-Za-z0-9]", text))


def test_changed_texts_are_read_or_refused_and_nothing_is_lost() -> None:
    rng = random.Random(5)
    tasks = records(30, **NO_DEADLINE)
    texts = [
        prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"),
        wrapped(prose(tasks, lambda t: label_lines({**t, "deadline": "全年"}, "colon")), 33),
        grouped(in_groups(30), "{n}、{who}牵头工作（{count}项）", supported),
        prose(
            tasks, lambda t: f"{t['task_no']}．{t['content']}（{VERBS['verbs'](t['lead_units'], t['support_units'])}）"
        ),
    ]
    read = 0
    for turn in range(200):
        text = list(texts[turn % 4])
        for _ in range(rng.choice((1, 3, 12, 60))):
            at = rng.randrange(len(text))
            change = rng.random()
            if change < 0.4:
                del text[at]
            elif change < 0.8:
                text.insert(at, rng.choice("（）【】[]：；、。\n 1一2甲"))
            else:
                other = rng.randrange(len(text))
                text[at], text[other] = text[other], text[at]
        changed = "".join(text)
        try:
            source = document(changed)
        except ReadError:
            continue
        read += 1
        normalize(source, None)
        cells = [cell for table in source.tables for cell in table.cells]
        assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in source.tables)
        found = kept("".join([*(cell.text for cell in cells), *(block.text for block in source.blocks)]))
        structure = set("责任领导牵头单位配合完成时限工作的由项一二三四五六七八九十第主办协同志共负") | set(
            "0123456789"
        )
        lost = Counter(kept(changed)) - Counter(found)
        assert {char: count for char, count in lost.items() if char not in structure} == {}
    assert read > 100


NAMES = st.recursive(
    st.text("甲乙丙局委", min_size=1, max_size=6),
    lambda inner: st.tuples(
        st.text("甲局", min_size=1, max_size=3), inner, st.sampled_from(["（）", "()", "［］", "〔〕"])
    ).map(lambda parts: f"{parts[0]}{parts[2][0]}{parts[1]}{parts[2][1]}"),
    max_leaves=4,
)


@given(
    values=st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=3),
    outer=st.sampled_from(["（）", "()", "〔〕", "【】"]),
    between=st.sampled_from("；;，, "),
)
def test_nested_brackets_never_split(values: list[list[str]], outer: str, between: str) -> None:
    labels = ("责任领导", "牵头单位", "配合单位")
    said = between.join(f"{label}：{'、'.join(value)}" for label, value in zip(labels, values, strict=False))
    text = f"做好工作。{outer[0]}{said}{outer[1]}完"
    assert closing(text, 5, len(text)) == len(text) - 2
    roles = split_roles(text, 6, len(text) - 2)
    assert [role.label for role in roles] == list(labels[: len(values)])
    assert [text[slice(*role.value)] for role in roles] == ["、".join(value) for value in values]


def test_no_table_leaves_the_blocks_alone() -> None:
    blocks = read_plain(REPORT.encode(), Path("x.txt")).blocks
    assert read_prose(blocks) == ((), blocks)
