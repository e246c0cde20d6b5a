"""What was misread from a picture: what is put right, what is only said, and what stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from ruled import HEADING, SHORT, UP, ruled

from extractors.model import SourceDocument, Table
from extractors.scan.page import ENGINE
from normalizers.lookalikes import load_lookalikes
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import ReferenceDataError
from normalizers.repair import RECOGNISER

#: The district whose organisations and leaders are listed in reference/.
ZHONGLOU = Identity("320404-2026-x", "320404", "常州市钟楼区", 2026, "x", "", None, "x.pdf", None, "")


def scanned(*rows: Sequence[str], engine: str = ENGINE) -> tuple[Table, ...]:
    """A table as it was recognised from a picture."""
    return tuple(
        replace(table, cells=tuple(replace(c, provenance=replace(c.provenance, engine=engine)) for c in table.cells))
        for table in ruled(*rows).tables
    )


def read(*rows: Sequence[str], engine: str = ENGINE, identity: Identity | None = None) -> NormalizedDocument:
    """What a scan of a table says."""
    return normalize(SourceDocument("x.pdf", "pdf", 1, scanned(*rows, engine=engine), ()), identity)


def tasks(*contents: str) -> list[list[str]]:
    """Rows of a table with a column of texts, each with its number in brackets."""
    first = ["1", "全区经济", "预期目标", contents[0], "王旭锋", "区发改局"]
    return [HEADING, first, *([UP, UP, UP, content, UP, UP] for content in contents[1:])]


def numbered(*units: str, leaders: Sequence[str] = ()) -> list[list[str]]:
    """Rows of a table with a column of numbers; one task for each cell of organisations."""
    names = [*leaders, *["王旭锋"] * len(units)]
    return [SHORT, *([str(n), f"做大总量{n}。", names[n - 1], unit, "/"] for n, unit in enumerate(units, 1))]


def rules(document: NormalizedDocument) -> list[tuple[str, int | None, str | None]]:
    return [(found.rule, found.task_no, found.field) for found in document.issues]


def test_the_recogniser_is_the_one_that_reads_scans() -> None:
    assert RECOGNISER == ENGINE


def test_what_was_recognised_says_so() -> None:
    (task,) = read(*tasks("(1)做大总量。")).tasks
    assert {task.task_no.method, task.content.method, task.category.method, task.lead_units.method} == {"ocr"}
    (task,) = read(*tasks("(1)做大总量。"), engine="fenjie").tasks
    assert task.content.method == "read"


@pytest.mark.parametrize(
    ("misread", "raw"),
    [
        ("(9)做到三。", "(9)"),
        ("(B)做到三。", "(B)"),
        ("(8)做到三。", "(8)"),
        ("3）做到三。", "3）"),
        ("（3做到三。", "（3"),
    ],
)
def test_numbers_run_on(misread: str, raw: str) -> None:
    texts = ["(1)做到一。", "(2)做到二。", misread, "(4)做到四。", "(5)做到五。"]
    if misread.startswith(("(9", "(B")):
        texts = [f"({n})做到。" for n in range(1, 8)] + [misread, "(9)做到。", "(10)做到。"]
    document = read(*tasks(*texts))
    assert [task.task_no.value for task in document.tasks] == list(range(1, len(texts) + 1))
    task = next(task for task in document.tasks if task.content.value == "做到三。")
    assert (task.task_no.raw, task.task_no.method) == (raw, "corrected")
    assert (task.content.raw, task.content.method) == (misread, "ocr")


def test_numbers_in_a_column_run_on() -> None:
    rows = numbered("区发改局", "区财政局", "区商务局", "区教育局")
    rows[1][0], rows[3][0] = "l", "8"
    document = read(*rows)
    assert [task.task_no.value for task in document.tasks] == [1, 2, 3, 4]
    assert [task.task_no.raw for task in document.tasks] == ["l", "2", "8", "4"]
    assert [task.task_no.method for task in document.tasks] == ["corrected", "ocr", "corrected", "ocr"]


@pytest.mark.parametrize(
    ("numbers", "read_as"),
    [
        ((1, 2, 4, 5), [1, 2, 4, 5]),  # a task is missing
        ((1, 2, 7, 4, 5), [1, 2, 7, 4, 5]),  # 7 does not look like 3
        ((1, 2, 3, 8), [1, 2, 3, 8]),  # nothing behind it says that it is 4
    ],
)
def test_numbers_stay_where_it_is_not_plain(numbers: Sequence[int], read_as: list[int]) -> None:
    document = read(*tasks(*(f"({number})做大总量。" for number in numbers)))
    assert [task.task_no.value for task in document.tasks] == read_as
    assert {task.task_no.method for task in document.tasks} == {"ocr"}
    assert "missing_task_no" in {rule for rule, _, _ in rules(document)}


def test_numbers_of_a_text_layer_stay() -> None:
    document = read(*tasks("(1)做。", "(2)做好。", "(8)做大。", "(4)做强。"), engine="fenjie")
    assert [task.task_no.value for task in document.tasks] == [1, 2, 8, 4]


def test_a_misread_heading_is_understood() -> None:
    rows = tasks("(1)做大总量。", "(2)做优产业。", "(3)做强实体。")
    rows[0] = ["序号", "日标名称", "<", "工作标准", "区政府\n分管领导", "牵头单位"]
    document = read(*rows)
    assert [task.category.value for task in document.tasks] == ["全区经济"] * 3
    assert rules(document) == [("ocr_corrected", None, None)]
    assert "日标名称" in document.issues[0].message


def test_an_organisation_that_the_document_has_otherwise() -> None:
    document = read(*numbered("新闸街道", "新闸街道", "区财政局", "新闻街道\n区发改局", "新闸街道"))
    field = document.tasks[3].lead_units
    assert [unit.printed for unit in field.value] == ["新闸街道", "区发改局"]
    assert (field.method, field.raw) == ("corrected", "新闻街道\n区发改局")
    assert rules(document) == [("ocr_corrected", 4, "lead_units")]


def test_an_organisation_of_the_roster() -> None:
    document = read(*numbered("区发政局（价格办）", "区财政局"), identity=ZHONGLOU)
    (unit,) = document.tasks[0].lead_units.value
    assert (unit.printed, unit.qualifier, unit.unit_id is not None) == ("区发改局（价格办）", "价格办", True)
    assert document.tasks[0].lead_units.method == "corrected"


@pytest.mark.parametrize(
    "units",
    [
        ("新闸街道", "新闸街道", "新闻街道"),  # two cells are too few
        ("新闸街道", "新闸街道", "新闸街道", "新闻街道", "新闻街道"),  # both occur more than once
        ("新闸街道", "新闸街道", "新闸街道", "新北街道"),  # they do not look alike
    ],
)
def test_organisations_stay_where_it_is_not_plain(units: Sequence[str]) -> None:
    document = read(*numbered(*units))
    assert [[unit.printed for unit in task.lead_units.value] for task in document.tasks] == [[name] for name in units]


def test_an_organisation_that_may_be_either_of_two_is_said() -> None:
    units = ["区土地局"] * 3 + ["区土池局"] * 3 + ["区士地局", "区土他局"]
    document = read(*numbered(*units))
    assert document.tasks[6].lead_units.value[0].printed == "区土地局"
    assert document.tasks[7].lead_units.value[0].printed == "区土他局"
    (found,) = [found for found in document.issues if found.rule == "ocr_suspect"]
    assert (found.task_no, found.field, found.severity) == (8, "lead_units", "warning")
    assert found.suggestion is not None
    assert "区土地局" in found.suggestion


def test_a_leader_that_the_document_has_otherwise() -> None:
    document = read(*numbered(*["区发改局"] * 5, leaders=["江文亭", "江文亭", "江文享", "江文亭"]))
    field = document.tasks[2].leaders
    assert ([leader.printed for leader in field.value], field.raw, field.method) == (["江文亭"], "江文享", "corrected")
    text = read(*numbered(*["区发改局"] * 5, leaders=["江文亭", "江文亭", "江文享", "江文亭"]), engine="fenjie")
    assert [leader.printed for leader in text.tasks[2].leaders.value] == ["江文享"]


@pytest.mark.parametrize(
    ("recognised", "meant"),
    [
        ("推进“双减﹐稳步提升.", "推进“双减，稳步提升。"),
        ('推进"双减"工作。', "推进“双减”工作。"),
        ("增长5.5%左右。", "增长5.5%左右。"),
        ("推进<<规划>>编制∶到年底完成｡", "推进《规划》编制：到年底完成。"),
        ("以创新为牵引.巩固放大优势", "以创新为牵引，巩固放大优势"),
        ("数量<<10个", "数量《10个"),
        ("完成V2.0", "完成V2.0"),
    ],
)
def test_marks_of_chinese_text(recognised: str, meant: str) -> None:
    assert load_lookalikes().fold(recognised) == meant


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("聚焦零地增效2 0推动存量提质。", "2 0"),
        ("推进“双减工作。", "“”"),
        ("推动价值跃升", "价值跃升"),
        ("推动（一期）。", None),
    ],
)
def test_what_lost_a_mark_is_said(text: str, lost: str | None) -> None:
    document = read(*tasks("(1)做大总量。", *(f"({n})做优产业。" for n in range(2, 9)), f"(9){text}"))
    found = [found for found in document.issues if found.rule == "ocr_suspect"]
    assert [(issue.task_no, issue.field) for issue in found] == ([] if lost is None else [(9, "content")])
    assert lost is None or lost in found[0].message
    unseen = read(*tasks(*(f"({n})做优产业" for n in range(1, 9)), "(9)做大总量。"))
    assert [found.rule for found in unseen.issues] == []


def test_no_text_ends_with_a_comma() -> None:
    others = [f"({n})做优产业。" for n in range(1, 9)]
    document = read(*tasks(*others, "(9)支持拓展新兴市场，"))
    field = document.tasks[8].content
    assert (field.value, field.raw, field.method) == ("支持拓展新兴市场。", "(9)支持拓展新兴市场，", "corrected")
    assert rules(document) == [("ocr_corrected", 9, "content")]
    text = read(*tasks(*others, "(9)支持拓展新兴市场，"), engine="fenjie")
    assert text.tasks[8].content.value == "支持拓展新兴市场，"


def test_a_faulty_table_of_lookalikes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ocr.yaml").write_text("alike: [末未]\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"ocr\.yaml: needs the keys"):
        load_lookalikes(tmp_path)


def test_digits_that_stand_apart_are_one_number() -> None:
    """The recogniser puts a blank where digits are set wide."""
    found = read(*tasks("(54)做大总量。", "(55)做优结构。", "(5 6)做强经开区。", "(57)做实项目。"))
    assert [task.task_no.value for task in found.tasks] == [54, 55, 56, 57]
    assert [task.content.value for task in found.tasks][2] == "做强经开区。"
    assert (found.tasks[2].task_no.method, found.tasks[2].task_no.raw) == ("corrected", "(5 6)")


@pytest.mark.parametrize("end", ["。。", "。-", "。 ，", "，", "。·"])
def test_nothing_but_specks_stands_behind_the_end_of_a_text(end: str) -> None:
    texts = [f"({number})做大总量。" for number in range(1, 8)]
    found = read(*tasks(*texts, f"(8)做实项目{end}"))
    assert found.tasks[-1].content.value == "做实项目。"
    assert found.tasks[-1].content.method == "corrected"
    assert ("ocr_corrected", 8, "content") in rules(found)


def test_ends_of_texts_without_full_stops_stay() -> None:
    found = read(*tasks("(1)做大总量", "(2)做优结构", "(3)新增2家，", "(4)项目20个-"))
    assert [task.content.value for task in found.tasks][2:] == ["新增2家，", "项目20个-"]
