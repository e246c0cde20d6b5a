"""Tasks in the text of a document beside a table about something else, against records that the text is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from docx_files import docx, p, tbl, tc, tr
from scoring import wrong_fields
from test_prose import NO_DEADLINE, in_brackets, prose, records
from typeset_plain import pad, width

from extractors.formats import read_content, with_tables
from extractors.model import Bbox, Cell, Provenance, SourceDocument, Table, TextBlock
from extractors.plain.reader import read as read_plain
from normalizers.listed import with_listed_tasks
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested
from normalizers.titles import title_of

TITLE = "钟楼区2026年重点工作责任分解方案"
TASKS = records(30, **NO_DEADLINE)
TEXT = prose(TASKS, lambda t: f"{t['task_no']}．{t['content']}{in_brackets(t)}")
CONTACTS = (
    ("序号", "单位", "联系人", "联系电话"),
    ("1", "区发改局", "张三", "88880001"),
    ("2", "区财政局", "李四", "88880002"),
    ("3", "区住建局", "王五", "88880003"),
)
FIGURES = (
    ("指标", "单位", "上年", "本年"),
    ("地区生产总值", "亿元", "1200", "1260"),
    ("工业投资", "亿元", "55", "60"),
    ("新增四上单位", "家", "250", "270"),
)


def assert_listed(source: SourceDocument, ignored: str) -> NormalizedDocument:
    """All tasks are read, and the other table is named as left out; nothing else is said."""
    found = normalize(source, None)
    assert wrong_fields(TASKS, nested(found)) == []
    assert [issue.rule for issue in found.issues] == ["ignored_table"]
    assert ignored in found.issues[0].message
    assert found.title == title_of(source) == TITLE
    return found


Rows = Sequence[Sequence[str]]


def padded(rows: Rows, gap: int) -> list[list[str]]:
    """The cells with blanks behind them, so that those of a column are equally wide."""
    rooms = [max(width(row[col]) for row in rows) + gap for col in range(len(rows[0]))]
    return [[pad(text, room) for text, room in zip(row, rooms, strict=True)] for row in rows]


def drawn(rows: Rows) -> str:
    cells = padded(rows, 0)
    rule = f"+{'+'.join('-' * width(text) for text in cells[0])}+"
    return "\n".join([rule, *(f"|{'|'.join(row)}|\n{rule}" for row in cells)])


FORMS: dict[str, Callable[[Rows], str]] = {
    "tabs": lambda rows: "\n".join("\t".join(row) for row in rows),
    "markdown": lambda rows: "\n".join(
        f"| {' | '.join(row)} |" + ("" if at else "\n|---|---|---|---|") for at, row in enumerate(rows)
    ),
    "values": lambda rows: "\n".join(",".join(row) for row in rows),
    "columns": lambda rows: "\n".join("".join(row).rstrip() for row in padded(rows, 2)),
    "drawn": drawn,
}


def placed(said: str, place: str) -> str:
    """The text with a table before its tasks, between them, or behind them."""
    if place == "before":
        return TEXT.replace("一、", f"有关数据如下：\n\n{said}\n\n一、", 1)
    return TEXT.replace("二、", f"{said}\n\n二、", 1) if place == "between" else f"{TEXT}\n附件：\n\n{said}\n"


def read_text(text: str) -> SourceDocument:
    return with_tables(read_plain(text.encode(), Path("x.txt")))


@pytest.mark.parametrize("place", ["before", "between", "behind"])
@pytest.mark.parametrize("rows", [CONTACTS, FIGURES])
@pytest.mark.parametrize("form", ["tabs", "markdown", "drawn"])
def test_texts(form: str, rows: Rows, place: str) -> None:
    assert_listed(read_text(placed(FORMS[form](rows), place)), rows[0][2])


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.parametrize(("form", "rows"), [("values", CONTACTS), ("values", FIGURES), ("columns", CONTACTS)])
def test_texts_in_which_the_table_has_no_marks_of_its_own(form: str, rows: Rows, place: str) -> None:
    assert_listed(read_text(placed(FORMS[form](rows), place)), rows[0][2])


@pytest.mark.parametrize("form", ["values", "columns"])
def test_a_table_without_marks_between_two_tasks_is_said(form: str) -> None:
    found = normalize(read_text(placed(FORMS[form](CONTACTS), "between")), None)
    assert wrong_fields(TASKS, nested(found)) == []
    assert {(issue.rule, issue.task_no) for issue in found.issues} == {("text_outside", 10)}


def test_columns_without_numbers_stay_text() -> None:
    source = read_text(placed(FORMS["columns"](FIGURES), "behind"))
    assert [block.text.split() for block in source.blocks[-4:]] == [list(row) for row in FIGURES]
    assert wrong_fields(TASKS, nested(normalize(source, None))) == []


def test_a_row_may_still_be_wrapped_below_a_list() -> None:
    rows = (*CONTACTS[:2], ("2", "区财政局", "李四", "88880002\n（办公室）"))
    source = read_text(placed(FORMS["tabs"](rows), "behind"))
    assert source.tables[0].cells[-1].text == "88880002\n（办公室）"
    assert_listed(source, "联系人")


def blocks_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def test_word() -> None:
    table = tbl(*(tr(*map(tc, row)) for row in CONTACTS), grid=(2000,) * 4)
    for place in ("before", "between", "behind"):
        body = "".join(table if line == "@" else p(line) for line in blocks_of(placed("@", place)))
        assert_listed(read_content(docx(body), Path("x.docx")), "联系电话")


def test_web_page() -> None:
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in FIGURES)
    for place in ("before", "between", "behind"):
        lines = blocks_of(placed("@", place))
        body = "".join(f"<table>{rows}</table>" if line == "@" else f"<p>{line}</p>" for line in lines)
        assert_listed(read_content(f"<html><body>{body}</body></html>".encode(), Path("x.html")), "指标")


def on_pages() -> SourceDocument:
    """The text on pages of 40 lines, a ruled table at the top of the last one."""
    lines = blocks_of(TEXT)
    pages = len(lines) // 40 + 2
    cells = tuple(
        Cell(text, row, col, 1, 1, Provenance(pages, Bbox(80 + col * 90, 60 + row * 20, 170 + col * 90, 80 + row * 20)))
        for row, texts in enumerate(CONTACTS)
        for col, text in enumerate(texts)
    )
    table = Table(pages, len(CONTACTS), 4, cells)
    blocks = tuple(
        TextBlock(line, Provenance(at // 40 + 1, Bbox(80, 60 + at % 40 * 16, 500, 74 + at % 40 * 16), None, "fenjie"))
        for at, line in enumerate(lines)
    )
    return SourceDocument("x.pdf", "pdf", pages, (table,), blocks)


def test_pages() -> None:
    found = assert_listed(on_pages(), "联系电话")
    assert {(task.page_start, task.page_end) for task in found.tasks[:5]} == {(1, 1)}


def test_a_responsibility_table_leaves_the_text_alone() -> None:
    source = on_pages()
    heading = {"序号": "序号", "单位": "牵头单位", "联系人": "工作任务", "联系电话": "完成时限"}
    cells = tuple(replace(cell, text=heading.get(cell.text, cell.text)) for cell in source.tables[0].cells)
    source = replace(source, tables=(replace(source.tables[0], cells=cells),))
    assert with_listed_tasks(source) is source
    assert len(normalize(source, None).tasks) == 3


def test_a_table_of_contacts_and_no_list() -> None:
    source = replace(on_pages(), blocks=(TextBlock("会议通知", Provenance(1)),))
    assert with_listed_tasks(source) is source
    assert {issue.rule for issue in normalize(source, None).issues} == {"ignored_table", "no_tasks"}
