"""The report of a reprocessing: what a person and a program read of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import html5lib

from flows.differences import Difference, readable, summary_of
from flows.reprocess_report import Reporter, markdown
from normalizers.tabulate import Row

A, B = "320901-2025-zfgzbg", "320902-2025-zfgzbg"


def change(task: int | None, kind: str, field: str | None, old: Any, new: Any, document: str = A) -> Row:
    key = None if task is None else f"{document}-{task}"
    return {"task_id": key, "change": kind, "field": field, "old": old, "new": new}


TASK = json.dumps({"task_id": f"{B}-2", "task_no": 2, "content": "办好<b>学校</b>教育。"}, ensure_ascii=False)
CHANGES = (
    change(1, "changed", "content", "增长5%", "增长6%"),
    change(1, "changed", "leaders", '["张三", "李四"]', '["张三"]'),
    change(3, "changed", "targets", '[{"metric": "甲", "value": 5.0}, {"metric": "乙"}]', '[{"metric": "乙"}]'),
)
FOUND = (
    Difference("2025/a.txt", "changed", A, 2025, 2, 3, ("tasks",), changes=CHANGES, n_changes=3,
               summary=summary_of(CHANGES, ("tasks",))),
    Difference("2025/b.txt", "held_back", B, 2025, 1, 2, ("tasks",), ("1 task, (2), is gone <script>",),
               changes=(change(2, "removed", None, TASK, None, B),), n_changes=1, summary="1 task removed"),
    Difference("2025/c.txt", "unchanged", "320903-2025-zfgzbg", 2025, 4, 9),
    Difference("320904-2024-zfgzbg", "kept", "320904-2024-zfgzbg", 2024, 1, 9),
)  # fmt: skip


def report(folder: Path, found: tuple[Difference, ...] = FOUND) -> dict[str, bytes]:
    reporter = Reporter(folder, is_trial=False)
    for item in found:
        reporter.add(item)
    assert reporter.write() == folder / "reprocess.html"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_differences_in_words() -> None:
    assert summary_of(CHANGES, ("tasks",)) == "2 tasks changed (content 1, leaders 1, targets 1)"
    assert summary_of((), ("issues", "provenance")) == "only issues, provenance"
    assert summary_of((), ()) == ""
    assert readable(CHANGES[1]) == ("张三、李四", "张三")
    assert readable(CHANGES[2]) == ("metric=甲 value=5.0", ""), "only what differs"
    assert readable(FOUND[1].changes[0]) == ("办好<b>学校</b>教育。", "")
    assert readable(change(1, "changed", "deadline", None, "6月底前")) == ("", "6月底前")


def test_the_files_say_everything_and_the_same_each_time(tmp_path: Path) -> None:
    files = report(tmp_path / "first")
    assert set(files) == {"reprocess.html", "reprocess.csv", "reprocess_changes.csv"}
    assert files == report(tmp_path / "second")
    documents = table(files["reprocess.csv"])
    assert [(row["document"], row["outcome"], row["release_no"]) for row in documents] == [
        ("2025/a.txt", "changed", "2"), ("2025/b.txt", "held_back", "1"), ("2025/c.txt", "unchanged", "4"),
        ("320904-2024-zfgzbg", "kept", "1"),
    ]  # fmt: skip
    changes = table(files["reprocess_changes.csv"])
    assert [(row["task_id"], row["change"], row["field"], row["old"]) for row in changes] == [
        (f"{A}-1", "changed", "content", "增长5%"),
        (f"{A}-1", "changed", "leaders", '["张三", "李四"]'),
        (f"{A}-3", "changed", "targets", CHANGES[2]["old"]),
        (f"{B}-2", "removed", "", TASK),
    ]


def test_the_page_is_valid_and_shows_markup_as_text(tmp_path: Path) -> None:
    page = report(tmp_path)["reprocess.html"].decode()
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(page)
    assert tree.findall(".//script") == []
    assert tree.findall(".//b") == []
    cells = ["".join(cell.itertext()) for cell in tree.iter("td")]
    assert "办好<b>学校</b>教育。" in cells
    assert "1 task, (2), is gone <script>" in cells
    order = [page.index(name) for name in ("2025/b.txt", "2025/a.txt", "320904-2024", "2025/c.txt")]
    assert order == sorted(order), "gravest first"


def test_a_thousand_differences_are_listed_in_part_and_told_in_full(tmp_path: Path) -> None:
    many = tuple(change(number, "changed", "content", "旧", "新") for number in range(1000))
    item = Difference("2025/a.txt", "changed", A, 2025, 2, 1000, ("tasks",), changes=many, n_changes=1000)
    files = report(tmp_path, (item,))
    assert len(table(files["reprocess_changes.csv"])) == 1000
    page = files["reprocess.html"].decode()
    assert page.count("<td>变更</td>") == 300
    assert "另有 700 项" in page


def test_the_short_form_names_what_is_not_unchanged() -> None:
    text = markdown(FOUND, is_trial=True)
    assert "（试运行）" in text
    assert "1 held back, 1 changed, 1 kept, 1 unchanged" in text
    assert "- **held back** 2025/b.txt: 1 task removed" in text
    assert "2025/c.txt" not in text
