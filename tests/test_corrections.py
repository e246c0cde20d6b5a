"""Corrections: made where they fit, loud where they don't."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from reading import table

from extractors import delimited
from normalizers.corrections import load_corrections
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import DEFAULT_DIR, ReferenceDataError

IDENTITY = Identity(
    "320404-2025-zfgzbg", "320404", "常州市钟楼区", 2025, "zfgzbg", "表", None, "2025/x.txt", None, "0" * 64
)
ROWS = (
    "1→做强产业→→(1) 新闻板块做大总量。→王旭锋→区发改局 新闻街道",
    "→→→(2) 培育主体。→江文亭→区工信局",
)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_DIR, tmp_path / "reference"))


def normalized(reference: Path, corrections: str) -> NormalizedDocument:
    (reference / "corrections" / "320404-2025-zfgzbg.yaml").write_text(corrections, encoding="utf-8")
    return normalize(delimited.parse(table(*ROWS), "x.txt"), IDENTITY, reference)


def test_a_value_is_corrected_and_its_raw_text_kept(reference: Path) -> None:
    document = normalized(
        reference,
        "corrections:\n"
        "  - {task: 1, field: content, was: 新闻板块, now: 新闸板块, reason: misread}\n"
        "  - {task: 1, field: lead_units, was: 新闻街道, now: 新闸街道, reason: misread}\n"
        "  - {task: 2, field: leaders, was: [江文亭], now: [江文亭, 王行杰], reason: the scan shows both}\n",
    )
    first, second = document.tasks
    assert first.content.value == "新闸板块做大总量。"
    assert (first.content.method, first.content.raw) == ("corrected", "(1) 新闻板块做大总量。")
    assert [unit.unit_id for unit in first.lead_units.value] == ["320404-fgj", "320404-xzjd"]
    assert [leader.printed for leader in second.leaders.value] == ["江文亭", "王行杰"]
    assert document.issues == ()


def test_a_value_set_to_unknown_is_said(reference: Path) -> None:
    document = normalized(
        reference, "corrections:\n  - {task: 1-2, field: category, was: 做强产业, now: null, reason: label lost}\n"
    )
    assert [task.category.value for task in document.tasks] == [None, None]
    unknown = [issue for issue in document.issues if issue.rule == "unknown_in_source"]
    assert [(issue.task_no, issue.field, issue.message) for issue in unknown] == [
        (1, "category", "label lost"),
        (2, "category", "label lost"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "{task: 1, field: content, was: 新闸板块, now: x, reason: r}",
        "{task: 2, field: lead_units, was: 新闻街道, now: 新闸街道, reason: r}",
        "{task: 2, field: category, was: 别的, now: null, reason: r}",
        "{task: 9, field: category, was: 做强产业, now: null, reason: r}",
        "{task: 1, table: 3, field: category, was: 做强产业, now: null, reason: r}",
        "{task: 1, field: category_no, was: 2, now: 3, reason: r}",
    ],
)
def test_a_correction_that_does_not_fit_is_critical_and_changes_nothing(reference: Path, entry: str) -> None:
    document = normalized(reference, f"corrections:\n  - {entry}\n")
    assert [issue.severity for issue in document.issues if issue.rule == "correction_misfit"] == ["critical"]
    assert document.tasks[0].content.value == "新闻板块做大总量。"
    assert all(task.category.value == "做强产业" for task in document.tasks)


def test_an_accepted_doubt_is_gone_and_accepting_none_is_critical(reference: Path) -> None:
    accepted = "accepted:\n  - {task: 1, field: lead_units, rule: unknown_unit, reason: a new street}\n"
    assert normalized(reference, accepted).issues == ()
    document = normalized(reference, accepted.replace("task: 1", "task: 2"))
    assert sorted(issue.rule for issue in document.issues) == ["correction_misfit", "unknown_unit"]


def test_a_stated_doubt_is_an_issue(reference: Path) -> None:
    document = normalized(reference, "doubts:\n  - {task: 2, field: leaders, reason: blurred}\n")
    assert ("stated_doubt", 2, "blurred") in [(i.rule, i.task_no, i.message) for i in document.issues]


@pytest.mark.parametrize(
    "content",
    ["corrections: [{task: 1, field: task_no, was: 1, now: null, reason: r}]\n",
     "corrections: [{task: 1, field: category_no, was: 1, now: 一, reason: r}]\n",
     "corrections: [{task: 3-1, field: category_no, was: 1, now: 2, reason: r}]\n",
     "corrections: [{task: 1, table: '1', field: category_no, was: 1, now: 2, reason: r}]\n", "corrections: 3\n",
     "- a\n", "corrections:\n  - {task: 1}\n", "corrections: [{task: x, field: content, was: a, now: b, reason: r}]\n",
     "corrections: [{task: 1, field: text, was: a, now: b, reason: r}]\n", "a: [\n",
     "accepted: [{task: 1, field: content, rule: nothing, reason: r}]\n",
     "corrections: [{task: null, field: content, was: a, now: b, reason: r}]\n",
     "doubts: [{task: null, field: content, reason: r}]\n",
     "corrections: [{task: 1, field: content, was: a, now: b, reason: r, says: s}]\n",
     "corrections: [{task: 1, field: content, was: a, now: b, reason: r, where: 5}]\n",
     "accepted: [{task: null, where: a, field: content, rule: realigned, reason: r}]\n",
     "accepted: [{task: 1, field: content, rule: realigned, reason: r, says: 5}]\n"],
)  # fmt: skip
def test_a_faulty_file_is_named(reference: Path, content: str) -> None:
    path = reference / "corrections" / "1.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"1\.yaml"):
        load_corrections("1", reference)


HEADING = "序号\t目标名称\t\t工作标准\t区政府分管领导\t牵头单位\t主抓单位\t督查单位"


def test_a_doubt_of_the_document_is_accepted_by_its_words(reference: Path) -> None:
    """Two columns with headings that nobody knows: two doubts of one rule, and each is settled by itself."""
    rows = ("1→做强产业→→(1) 做大总量。→王旭锋→区发改局→甲→乙",)
    source = delimited.parse(table(*rows, heading=HEADING), "x.txt")

    def doubts(corrections: str) -> list[str]:
        (reference / "corrections" / "320404-2025-zfgzbg.yaml").write_text(corrections, encoding="utf-8")
        return [f"{issue.rule}: {issue.message}" for issue in normalize(source, IDENTITY, reference).issues]

    first, second = [doubt for doubt in doubts("") if doubt.startswith("unknown_heading")]
    assert ("主抓单位" in first, "督查单位" in second) == (True, True)
    entry = "  - {task: null, field: null, rule: unknown_heading, says: 主抓单位, reason: not needed}\n"
    assert doubts(f"accepted:\n{entry}") == [doubt for doubt in doubts("") if doubt != first]
    both = "accepted:\n  - {task: null, field: null, rule: unknown_heading, reason: not needed}\n"
    assert not [doubt for doubt in doubts(both) if doubt.startswith("unknown_heading")]
    misfits = [doubt for doubt in doubts(f"accepted:\n{entry.replace('主抓', '没有')}") if "misfit" in doubt]
    assert len(misfits) == 1
    assert "'没有单位' on None of the document is accepted, but nobody has it" in misfits[0]


def test_what_people_stated_and_left_unknown_can_be_accepted(reference: Path) -> None:
    corrections = "corrections:\n  - {task: 1-2, field: category, was: 做强产业, now: null, reason: label lost}\n"
    doubts = "doubts:\n  - {task: 2, field: leaders, reason: blurred}\n"
    accepted = (
        "accepted:\n"
        "  - {task: 1-2, field: category, rule: unknown_in_source, reason: it is lost for good}\n"
        "  - {task: 2, field: leaders, rule: stated_doubt, reason: the original says the same}\n"
        "  - {task: 1, field: lead_units, rule: unknown_unit, reason: a new street}\n"
    )
    left = {issue.rule for issue in normalized(reference, corrections + doubts).issues}
    assert {"unknown_in_source", "stated_doubt", "unknown_unit"} <= left
    left = {issue.rule for issue in normalized(reference, corrections + doubts + accepted).issues}
    assert not left & {"unknown_in_source", "stated_doubt", "unknown_unit", "correction_misfit"}


def test_an_acceptance_holds_only_where_it_says(reference: Path) -> None:
    accepted = "accepted:\n  - {task: 1, where: 没有, field: lead_units, rule: unknown_unit, reason: a new street}\n"
    assert sorted(issue.rule for issue in normalized(reference, accepted).issues) == [
        "correction_misfit",
        "unknown_unit",
    ]
    assert normalized(reference, accepted.replace("没有", "做大总量")).issues == ()


def test_what_a_later_entry_knows_is_not_unknown(reference: Path) -> None:
    document = normalized(
        reference,
        "corrections:\n"
        "  - {task: 1-2, field: subcategory, was: null, now: 甲, reason: the table has it}\n"
        "  - {task: 1-2, field: category, was: 做强产业, now: null, reason: label lost}\n"
        "  - {task: 2, field: category, was: null, now: 做优城市, reason: found in the original}\n",
    )
    assert [task.category.value for task in document.tasks] == [None, "做优城市"]
    assert [issue.task_no for issue in document.issues if issue.rule == "unknown_in_source"] == [1]
