"""Corrections written by machine into a file that people write too: nothing of theirs may change."""

from __future__ import annotations

import difflib
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.corrections_file import CorrectionsFile, FileChangedError, RefusedError, new_entries, version, with_ranges
from flows.corrections_text import Append, Change, Edit, EditError, Remove, edited, parse
from normalizers.reference import DEFAULT_DIR

SAMPLE = (DEFAULT_DIR / "corrections" / "320404-2026-zfgzbg.yaml").read_text(encoding="utf-8")
NEW = {"task": 30, "field": None, "rule": "realigned", "reason": 'looked: yes, "right" # 好'}
VALUE = {"task": 35, "field": "content", "was": "甲", "now": "乙", "reason": "misread"}
DOUBT = {"task": "60-62", "field": "deadline", "reason": "slipped"}


def posted(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {"list": kind, **values}


def written(text: str | None, *items: dict[str, Any], merge: bool = False) -> str:
    file = CorrectionsFile("320404-2025-zfgzbg", Path("reference"), "2025/x.txt")
    entries = new_entries(items)
    return file.with_entries(text, with_ranges(entries) if merge else entries)


def changes(before: str, after: str) -> list[str]:
    """The lines that differ, with their sign."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def test_an_entry_goes_to_the_end_of_its_list_and_nothing_else_changes() -> None:
    after = written(SAMPLE, posted("accepted", NEW))
    assert changes(SAMPLE, after) == [
        "+  - task: 30",
        "+    field: null",
        "+    rule: realigned",
        "+    reason: 'looked: yes, \"right\" # 好'",
    ]
    # Behind the last acceptance, before the blank line and the next list.
    assert after.index("looked: yes") < after.index("\n\ndoubts:")
    assert parse(after)["accepted"][-1] == NEW


def test_all_lists_at_once() -> None:
    after = written(SAMPLE, posted("corrections", VALUE), posted("accepted", NEW), posted("doubts", DOUBT))
    assert all(line.startswith("+") for line in changes(SAMPLE, after))
    assert [parse(after)[kind][-1] for kind in ("corrections", "accepted", "doubts")] == [VALUE, NEW, DOUBT]


def test_a_new_file_says_what_it_is() -> None:
    assert written(None, posted("corrections", VALUE)) == (
        "# Corrections of 2025/x.txt (320404-2025-zfgzbg). Entries may be added by hand or with `fenjie review`, "
        "which\n"
        "# leaves comments and order as they are. docs/corrections.md explains the keys.\n"
        "\n"
        "corrections:\n"
        "  - task: 35\n"
        "    field: content\n"
        "    was: 甲\n"
        "    now: 乙\n"
        "    reason: misread\n"
    )


STYLES = {
    "empty": "",
    "comment": "# nothing yet\n",
    "no entries": "accepted:   # none yet\ndoubts: []   # none\n",
    "no line break at the end": "corrections:\n- {task: 1, field: content, was: a, now: b, reason: r} # why",
    "windows": "corrections:\r\n  - task: 1\r\n    field: content\r\n    was: a\r\n    now: |\r\n      b\r\n"
    "    reason: >-\r\n      long\r\n      text\r\n# the end\r\n",
    "brackets": "accepted: [{task: 1, field: null, rule: realigned, reason: r}]  # one line\n",
    "deep": "accepted:\n        -   task: 1\n            field: null\n            rule: realigned\n"
    "            reason: r\n\n        # a comment at the end\n",
    "quotes": "'accepted':\n  - 'task': \"1-2\"\n    field: ~\n    rule: realigned\n    reason: 'it''s'\n",
}


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize(("kind", "values"), [("corrections", VALUE), ("accepted", NEW), ("doubts", DOUBT)])
def test_whatever_the_style_every_old_line_stays(name: str, kind: str, values: dict[str, Any]) -> None:
    before = STYLES[name]
    after = edited(before, [Append(kind, values)])
    assert parse(after)[kind] == [*parse(before)[kind], values]
    assert {k: v for k, v in parse(after).items() if k != kind} == {k: v for k, v in parse(before).items() if k != kind}
    if name not in ("brackets", "no entries"):
        assert not [line for line in changes(before, after) if line.startswith("-") and line != "-"]
    assert all(comment in after for comment in ("# why", "# the end", "# one line", "# none yet") if comment in before)
    if "\r\n" in before:
        assert after.count("\n") == after.count("\r\n")


def test_a_file_that_is_one_line_is_written_anew_and_what_it_says_stays() -> None:
    before = "{corrections: [{task: 1, field: content, was: a, now: 'no', reason: r}], accepted: []}\n"
    after = edited(before, [Append("accepted", NEW), Append("doubts", DOUBT)])
    assert parse(after) == {**parse(before), "accepted": [NEW], "doubts": [DOUBT]}


def test_entries_are_changed_and_taken_out_where_they_stand() -> None:
    after = edited(
        SAMPLE, [Change("corrections", 1, {"now": "新, [板]: 块"}), Remove("accepted", 1), Remove("doubts", 3)]
    )
    assert changes(SAMPLE, after) == [
        "-    now: 新闸板块",
        "+    now: '新, [板]: 块'",
        *(f"-{line}" for line in SAMPLE.splitlines() if "25-30" in line),
        "-    field: subcategory",
        "-    rule: category_gap",
        "-    reason: the task stands between the printed labels of (24) and (31)",
        "-  - task: 64-71",
        "-    field: category",
        "-    reason: the label of category 6 stands at the first row of its page; by its words 守稳发展环境 it may "
        "begin at (72)",
    ]


@pytest.mark.parametrize("text", ["- a\n", "corrections: 3\n", "a: [\n", "corrections:\n  - text\n"])
def test_a_faulty_file_is_not_touched(text: str) -> None:
    with pytest.raises(EditError):
        edited(text, [Append("accepted", NEW)])


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
VALUES = st.one_of(st.none(), TEXTS, st.lists(TEXTS, max_size=3), st.sampled_from(["no", "12:30", "0x1", "~", "- a"]))
ENTRY = st.builds(
    lambda task, was, now, reason: {"task": task, "field": "leaders", "was": was, "now": now, "reason": reason},
    st.integers(1, 99), VALUES, VALUES, TEXTS,
)  # fmt: skip


@given(st.lists(ENTRY, min_size=1, max_size=3), st.sampled_from(sorted(STYLES)), st.data())
def test_what_is_written_is_what_is_read(entries: list[dict[str, Any]], style: str, data: st.DataObject) -> None:
    edits: list[Edit] = [Append("corrections", entry) for entry in entries]
    after = edited(STYLES[style], edits)
    wanted = [*parse(STYLES[style])["corrections"], *entries]
    assert parse(after)["corrections"] == wanted
    index = data.draw(st.integers(0, len(wanted) - 1))
    now = data.draw(VALUES)
    assert parse(edited(after, [Change("corrections", index, {"now": now})]))["corrections"][index]["now"] == now
    del wanted[index]
    assert parse(edited(after, [Remove("corrections", index)]))["corrections"] == wanted


def corrections(text: str) -> list[dict[str, Any]]:
    return parse(text)["corrections"]


def test_correcting_a_correction_makes_one_of_both() -> None:
    first = posted("corrections", {"task": 1, "field": "category", "was": "甲", "now": None, "reason": "lost"})
    second = posted("corrections", {"task": 1, "field": "category", "was": None, "now": "乙", "reason": "found"})
    third = posted("corrections", {"task": 1, "field": "category", "was": "乙", "now": "甲", "reason": "no"})
    text = written(None, first)
    text = written(text, second)
    assert corrections(text) == [{"task": 1, "field": "category", "was": "甲", "now": "乙", "reason": "found"}]
    # Back to what was read: nothing is left to correct.
    assert corrections(written(text, third)) == []


@pytest.mark.parametrize(
    "second",
    [
        {"task": 2, "field": "category", "was": "乙", "now": "丙", "reason": "r"},  # one of a range
        {"task": "1-3", "field": "category", "was": "甲", "now": "丙", "reason": "r"},  # does not follow
        {"task": "1-3", "field": "subcategory", "was": "乙", "now": "丙", "reason": "r"},
        {"task": "1-3", "where": "x", "field": "category", "was": "乙", "now": "丙", "reason": "r"},
        {"task": "1-3", "table": 2, "field": "category", "was": "乙", "now": "丙", "reason": "r"},
    ],
)
def test_everything_else_goes_to_the_end(second: dict[str, Any]) -> None:
    first = {"task": "1-3", "field": "category", "was": "甲", "now": "乙", "reason": "r"}
    text = written(written(None, posted("corrections", first)), posted("corrections", second))
    assert corrections(text) == [first, second]


def test_nothing_that_came_between_is_passed_over() -> None:
    first = {"task": "1-3", "field": "category", "was": "甲", "now": "乙", "reason": "r"}
    between = {"task": 2, "field": "category", "was": "乙", "now": "丙", "reason": "r"}
    again = {"task": "1-3", "field": "category", "was": "乙", "now": "丁", "reason": "r"}
    text = written(written(None, posted("corrections", first)), posted("corrections", between))
    assert corrections(written(text, posted("corrections", again))) == [first, between, again]


def test_neighbours_become_a_range_only_when_asked_and_gaps_stay_open() -> None:
    items = [posted("accepted", NEW | {"task": task}) for task in (3, 1, 2, 5)]
    items.append(posted("accepted", NEW | {"task": 6, "reason": "another"}))
    assert [entry["task"] for entry in parse(written(None, *items))["accepted"]] == [3, 1, 2, 5, 6]
    assert [entry["task"] for entry in parse(written(None, *items, merge=True))["accepted"]] == ["1-3", 5, 6]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (posted("corrections", VALUE | {"reason": "  "}), "needs a reason"),
        (posted("corrections", VALUE | {"field": "text"}), "names no field"),
        (posted("corrections", VALUE | {"task": "x"}), "task is a number"),
        (posted("corrections", VALUE | {"task": None}), "task is a number"),
        (posted("corrections", VALUE | {"field": "task_no", "now": None}), "task_no can't be None"),
        (posted("corrections", VALUE | {"now": {"a": 1}}), "content can't be"),
        (posted("corrections", VALUE | {"now": "a\x00b"}), "can't be written"),
        (posted("corrections", VALUE | {"now": "\ud800"}), "can't be written"),
        (posted("accepted", NEW | {"rule": "made_up"}), "names no doubt"),
        (posted("somewhere", NEW), "list must be one of"),
        ({}, "list must be one of"),
    ],
)
def test_a_faulty_entry_is_refused_and_says_why(item: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        written(SAMPLE, posted("accepted", NEW), item)


def test_the_file_is_replaced_only_if_it_is_the_one_expected(tmp_path: Path) -> None:
    file = CorrectionsFile("320404-2025-zfgzbg", tmp_path, "2025/x.txt")
    assert file.read() is None
    file.replace("# one\n", version(None))
    file.path.chmod(0o640)
    with pytest.raises(FileChangedError):
        file.replace("# two\n", version(None))
    assert file.read() == "# one\n"
    file.replace("# two\r\n", version("# one\n"))
    assert file.path.read_bytes() == b"# two\r\n"
    assert file.path.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.path.parent.iterdir()] == [file.path.name]
    file.replace(None, version("# two\r\n"))
    assert file.read() is None


def test_of_many_who_save_at_once_each_loses_nothing(tmp_path: Path) -> None:
    """Twenty write to the same state: one comes through, the others are told."""
    file = CorrectionsFile("320404-2025-zfgzbg", tmp_path, "2025/x.txt")
    base = version(file.read())
    outcomes: list[str] = []

    def save(number: int) -> None:
        try:
            CorrectionsFile("320404-2025-zfgzbg", tmp_path, "x").replace(f"# {number}\n", base)
            outcomes.append(f"# {number}\n")
        except FileChangedError:
            outcomes.append("changed")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("changed") == 19
    assert file.read() in outcomes


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    file = CorrectionsFile("320404-2025-zfgzbg", tmp_path, "2025/x.txt")
    (tmp_path / "corrections").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(RefusedError, match="can't be written"):
        file.replace("# one\n", version(None))
