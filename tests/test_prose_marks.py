"""Tasks in prose with the marks of Markdown, labels without a colon, and names without a role."""

from __future__ import annotations

from pathlib import Path

import pytest
from scoring import wrong_fields
from test_prose import (
    NO_DEADLINE,
    Record,
    assert_right,
    document,
    in_brackets,
    paragraphs,
    prose,
    records,
    understood,
    wrapped,
)

from extractors.errors import ReadError
from extractors.formats import with_tables
from extractors.model import SourceDocument
from extractors.plain.reader import read as read_plain
from normalizers.normalize import normalize
from normalizers.tabulate import nested

#: Names of bodies and nothing else, with brackets and blanks in them.
NAMES = ("、", "，", " ", "；")


def marked(text: str) -> str:
    """Headings of parts as Markdown has them."""
    return "".join(f"## {line}\n" if line[1:2] == "、" and len(line) < 12 else f"{line}\n" for line in text.split("\n"))


@pytest.mark.parametrize("number", ["**{}.** ", "{}\\. ", "- **{}.** ", "* {}. ", "**{}、**", "> {}. ", "{}. "])
def test_numbers_in_markdown(number: str) -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"{number.format(t['task_no'])}{t['content']}{in_brackets(t)}")
    found = assert_right(f"# {marked(text)}", tasks)
    assert found.title == "钟楼区2026年重点工作责任分解方案"


@pytest.mark.parametrize(
    "label", ["- **{}**：{}", "   * {}：{}", "   > {}：{}", "- {}: {}", "**{}：**{}", "• {}：{}", "■{}：{}"]
)
def test_label_lines_in_a_list(label: str) -> None:
    tasks = records(**NO_DEADLINE)

    def item(task: Record) -> str:
        parts = [("责任领导", "、".join(task["leaders"])), ("牵头单位", "、".join(task["lead_units"]))]
        parts += [("配合单位", "、".join(task["support_units"]))] if task["support_units"] else []
        return "\n".join([f"**{task['task_no']}.** {task['content']}", *(label.format(*part) for part in parts)])

    assert_right(prose(tasks, item), tasks)


def test_label_lines_without_a_colon() -> None:
    tasks = records(**NO_DEADLINE)

    def item(task: Record) -> str:
        said = f"牵头单位 {'、'.join(task['lead_units'])}\n责任领导 {'、'.join(task['leaders'])}"
        said += f"\n配合单位 {'、'.join(task['support_units'])}" if task["support_units"] else ""
        return f"{task['task_no']}．{task['content']}\n{said}"

    assert_right(prose(tasks, item), tasks)
    assert_right(wrapped(prose(tasks, item), 40), tasks)


def test_products_and_paths_are_no_emphasis() -> None:
    found = understood(
        "1．完成3*4*5米的地块平整。（牵头单位：区住建局）\n2．完成2*3*4米的地块平整。（牵头单位：区住建局）\n"
    )
    assert found.tasks[0].content.value == "完成3*4*5米的地块平整。"


def unnamed(task: Record, brackets: str = "（）", between: str = "、", end: str = "") -> str:
    names = between.join(task["lead_units"])
    return f"{task['task_no']}．{task['content']}{brackets[0]}{names}{brackets[1]}{end}"


@pytest.mark.parametrize("between", NAMES)
@pytest.mark.parametrize("brackets", ["（）", "()", "〔〕", "【】"])
def test_names_in_brackets_without_a_role_lead_and_say_so(brackets: str, between: str) -> None:
    tasks = records(**NO_DEADLINE, leaders=[], support_units=[])
    found = assert_right(prose(tasks, lambda t: unnamed(t, brackets, between)), tasks, "role_not_named")
    assert {issue.task_no for issue in found.issues} == {task["task_no"] for task in tasks}
    assert_right(prose(tasks, lambda t: unnamed(t, brackets, between, "；")), tasks, "role_not_named")
    assert_right(wrapped(prose(tasks, lambda t: unnamed(t, brackets, between)), 36), tasks, "role_not_named")


def test_names_in_brackets_on_a_line_of_their_own() -> None:
    tasks = records(**NO_DEADLINE, leaders=[], support_units=[])
    text = prose(tasks, lambda t: f"{t['task_no']}．{t['content']}\n（{'、'.join(t['lead_units'])}）")
    assert_right(text, tasks, "role_not_named")
    blocks = paragraphs(text)
    found = normalize(with_tables(SourceDocument("x", "docx", 0, (), blocks)), None)
    assert wrong_fields(tasks, nested(found)) == []


def test_names_beside_brackets_that_say_who_leads() -> None:
    tasks = records(**NO_DEADLINE, leaders=[])

    def item(task: Record) -> str:
        lead, support = "、".join(task["lead_units"]), "、".join(task["support_units"])
        said = f"（{lead}牵头，{support}配合）" if support else f"（{lead}）"
        return f"{task['task_no']}．{task['content']}{said}"

    found = assert_right(prose(tasks, item), tasks, "role_not_named", "role_marks")
    bare = {issue.task_no for issue in found.issues if issue.rule == "role_not_named"}
    assert bare == {task["task_no"] for task in tasks if not task["support_units"]}


def test_beside_labels_names_in_brackets_are_text() -> None:
    tasks = records(**NO_DEADLINE)
    for task in tasks[::7]:
        task["content"] = f"{task['content'].rstrip('。')}。（高新区）"
    assert_right(prose(tasks, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}"), tasks)


@pytest.mark.parametrize(
    "text",
    [
        "1．经济稳中有进（增长5%）。\n2．民生持续改善（三年行动）。\n3．推进改革（第一批）。\n",
        "1．经济稳中有进。（见附表）\n2．民生持续改善。（已完成）\n3．推进改革。（2026年）\n",
        "1．新建学校（新闸街道）、医院（邹区镇），推进改革。\n2．新建公园（高新区）两个，民生持续改善。\n",
    ],
)
def test_other_brackets_name_nobody(text: str) -> None:
    with pytest.raises(ReadError, match="no table was found"):
        document(text)


def test_markdown_beside_a_table() -> None:
    tasks = records(**NO_DEADLINE)
    text = prose(tasks, lambda t: f"- **{t['task_no']}.** {t['content']}{in_brackets(t)}")
    table = "| 联系人 | 单位 | 电话 |\n|---|---|---|\n| 张三 | 区发改局 | 88880001 |\n| 李四 | 区财政局 | 88880002 |\n"
    for whole in (f"{table}\n{text}", f"{text}\n{table}"):
        found = normalize(with_tables(read_plain(whole.encode(), Path("x.txt"))), None)
        assert wrong_fields(tasks, nested(found)) == []
        assert [issue.rule for issue in found.issues] == ["ignored_table"]
