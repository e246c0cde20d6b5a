"""A copy that is kept by the feed of changes is the last release, whatever happened and whenever it was last fed."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import writers_sample
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.cli import main
from normalizers.dataset import TABLES, TARGETS, TASK_LEADERS, TASK_UNITS, TASKS
from normalizers.feed import events, typed
from normalizers.history import history
from normalizers.records import Field, NormalizedDocument, Unit
from normalizers.task_objects import task_objects
from writers.previous import read
from writers.publish import publish
from writers.release import build, with_history

DOC = "320404-2026-zfgzbg"
PLACE = Path("2026") / DOC
Tables = dict[str, list[dict[str, Any]]]
Copy = dict[str, dict[str, Any]]


def fed(copy: Mapping[str, dict[str, Any]], told: Iterator[dict[str, Any]]) -> Copy:
    """What a program downstream does: it knows nothing but the words of docs/history.md."""
    result = deepcopy(dict(copy))
    for event in told:
        key = event["task_id"]
        if event["change"] == "removed":
            del result[key]
        elif event["change"] == "added":
            result[key] = event["new"]
        else:
            assert result[key][event["field"]] == event["old"]
            result[key][event["field"]] = event["new"]
    return result


# Random releases: every column of every table may have any value.

_TEXTS = st.sampled_from(["甲", "乙", '丙"、,\n', "1", "[]", "null"])
_VALUES = {"string": _TEXTS, "integer": st.integers(1, 3), "number": st.sampled_from([0.5, 1.0, 1e16])}


@st.composite
def releases(draw: st.DrawFn) -> Tables:
    """The content of a release with up to four tasks."""
    numbers = draw(st.lists(st.integers(1, 6), max_size=4, unique=True).map(sorted))
    tables: Tables = {table.name: [] for table in TABLES}
    tables["documents"] = [{"document_id": DOC, "title": draw(_TEXTS), "source_sha256": "0" * 64, "year": 2026}]
    for number in numbers:
        fixed = {"task_id": f"{DOC}-{number}", "document_id": DOC, "table_no": 1, "task_no": number}
        row = {c.name: draw(st.none() | _VALUES[c.type]) for c in TASKS.columns if c.name not in fixed}
        tables["tasks"].append(fixed | row)
        for table in (TASK_LEADERS, TASK_UNITS, TARGETS):
            for position in range(1, draw(st.integers(0, 2)) + 1):
                key = {"task_id": f"{DOC}-{number}", "position": position}
                if table is TASK_UNITS:
                    key["role"] = draw(st.sampled_from(["lead", "support"]))
                values = {c.name: draw(st.none() | _VALUES[c.type]) for c in table.columns if c.name not in key}
                tables[table.name].append(key | values | {n: "名" for n in ("leader", "unit") if n in values})
    return tables


@settings(max_examples=80, deadline=None)
@given(st.lists(releases(), min_size=1, max_size=4), st.data())
def test_whoever_applies_the_feed_has_the_last_release(contents: list[Tables], data: st.DataObject) -> None:
    line: list[Tables] = []
    for content in contents:
        whole = content | history(content, line[-1] if line else None)
        if not line or whole["releases"] != line[-1]["releases"]:
            line.append(whole)
    assert [row["release_no"] for row in line[-1]["releases"]] == list(range(1, len(line) + 1))
    since = data.draw(st.integers(0, len(line)))
    copy = task_objects(line[since - 1]) if since else {}
    # The feed goes through a file.
    told = [json.loads(json.dumps(typed(event))) for event in events(line[-1], since)]
    if not since:
        assert told[0]["task_id"] is None
        assert told[0]["new"] == line[-1]["documents"][0]
    last = task_objects(line[-1])
    assert fed(copy, (event for event in told if event["task_id"] is not None)) == last
    # Release by release it comes to the same.
    for number in range(since, len(line)):
        steps = (typed(event) for event in events(line[number], number) if event["task_id"] is not None)
        copy = fed(copy, steps)
    assert copy == last


# The commands, on releases that are published.


def documents() -> list[NormalizedDocument]:
    """Three editions: the second changes task 1 and drops task 2, which the third brings back with another deadline."""
    first = writers_sample.document()
    one, two, other = first.tasks
    units = Field((Unit("区发改局", "320404-fgj", "区发改局"), Unit("区工信局")), "区发改局\n区工信局", ())
    changed = replace(one, content=Field("建成公园2个\n" + "完成道路改造，" * 9, "", ()), lead_units=units)
    second = replace(first, tasks=(changed, other), issues=())
    third = replace(second, tasks=(changed, replace(two, deadline=Field("11月底")), other))
    return [first, second, third]


def publish_edition(outputs: Path, number: int) -> None:
    publish(with_history(build(documents()[number - 1]), read(outputs / PLACE)), outputs)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    outputs = tmp_path_factory.mktemp("published")
    for number in (1, 2, 3):
        publish_edition(outputs, number)
    return outputs


def test_the_objects_are_those_of_tasks_jsonl_and_more(published: Path) -> None:
    told = lines(run("changes", "--outputs", published))
    assert told[0]["task_id"] is None
    assert told[0]["new"]["title"] == "2026年区政府工作报告主要目标任务责任分解表"
    written = [json.loads(line) for line in (published / PLACE / "tasks.jsonl").read_text("utf-8").splitlines()]
    for task, event in zip(written, told[1:], strict=True):
        assert (event["change"], event["release_no"], event["task_id"]) == ("added", 3, task["task_id"])
        del task["issues"]
        assert event["new"] | task == event["new"]
        assert event["new"].keys() - task.keys() == {
            "table_no", "deadline_from", "deadline_to", "targets",
            "leader_details", "lead_unit_details", "support_unit_details",
        }  # fmt: skip


def test_only_what_is_newer_is_told(published: Path) -> None:
    told = lines(run("changes", DOC, "--since", 2, "--outputs", published))
    assert [(event["task_id"], event["change"], event["release_no"]) for event in told] == [(f"{DOC}-2", "added", 3)]
    assert told[0]["new"]["deadline"] == "11月底"
    told = lines(run("changes", "--since", 1, "--outputs", published))
    fields = [(event["change"], event["field"], event["task_id"][-2:]) for event in told]
    assert fields == [
        ("changed", "content", "-1"),
        ("changed", "lead_units", "-1"),
        ("changed", "lead_unit_details", "-1"),
        ("removed", None, "-2"),
        ("added", None, "-2"),
    ]
    assert told[1]["new"] == ["区发改局", "区工信局"]
    assert lines(run("changes", "--since", 3, "--outputs", published)) == []


def test_csv_says_the_same(published: Path) -> None:
    text = run("changes", "--since", 1, "--format", "csv", "--outputs", published).stdout
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    told = lines(run("changes", "--since", 1, "--outputs", published))
    assert [row["task_id"] for row in rows] == [event["task_id"] for event in told]
    assert json.loads(rows[1]["new"]) == told[1]["new"]
    assert rows[0]["new"] == told[0]["new"]
    assert rows[3]["new"] == ""


def test_a_file_remembers_what_was_seen(tmp_path: Path) -> None:
    outputs, seen = tmp_path / "outputs", tmp_path / "seen.json"
    copy: Copy = {}
    for number in (1, 2, 3):
        publish_edition(outputs, number)
        result = run("changes", "--seen", seen, "--outputs", outputs)
        assert result.exit_code == 0, result.stderr
        copy = fed(copy, (event for event in lines(result) if event["task_id"] is not None))
        assert copy == task_objects(read(outputs / PLACE) or {})
        assert json.loads(seen.read_text()) == {DOC: number}
        assert run("changes", "--seen", seen, "--outputs", outputs).stdout == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outputs", "seen.json"]


def test_a_file_that_has_seen_nothing_of_two_releases_gets_both(tmp_path: Path) -> None:
    outputs, seen = tmp_path / "outputs", tmp_path / "seen.json"
    publish_edition(outputs, 1)
    copy = fed({}, (e for e in lines(run("changes", "--seen", seen, "--outputs", outputs)) if e["task_id"]))
    publish_edition(outputs, 2)
    publish_edition(outputs, 3)
    assert fed(copy, iter(lines(run("changes", "--seen", seen, "--outputs", outputs)))) == task_objects(
        read(outputs / PLACE) or {}
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "can't be read as JSON"),
        ("[]", "must be an object such as"),
        (f'{{"{DOC}": "3"}}', "must be an object such as"),
        (f'{{"{DOC}": 4}}', "a later release was seen than there is"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_and_stays(
    content: str, message: str, published: Path, tmp_path: Path
) -> None:
    seen = tmp_path / "seen.json"
    seen.write_text(content)
    result = run("changes", "--seen", seen, "--outputs", published)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert seen.read_text() == content


def test_a_document_that_is_gone_is_said_and_remembered(published: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    seen.write_text('{"110101-2025-zfgzbg": 2}')
    result = run("changes", "--seen", seen, "--outputs", published)
    assert result.exit_code == 0
    assert "110101-2025-zfgzbg: was seen, but has no release any more" in result.stderr
    assert json.loads(seen.read_text()) == {"110101-2025-zfgzbg": 2, DOC: 3}


def test_a_reader_that_goes_away_is_told_again(published: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    command = [sys.executable, "-m", "flows.cli", "changes", "--seen", str(seen), "--outputs", str(published)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent) as process:
        assert process.stdout
        process.stdout.close()
    assert process.returncode != 0
    assert not seen.exists()


def test_a_damaged_release_is_said_and_not_remembered(tmp_path: Path) -> None:
    outputs, seen = tmp_path / "outputs", tmp_path / "seen.json"
    publish_edition(outputs, 1)
    for name in ("tasks.csv", "tasks.parquet"):
        (outputs / PLACE / name).write_bytes(b"x")
    result = run("changes", "--seen", seen, "--outputs", outputs)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "are not those of the release" in result.stderr
    assert not seen.exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["changes", "110101-2025-zfgzbg"], "no such release"),
        (["changes", "--since", "1", "--seen", "x.json"], "give one of them"),
        (["history", "110101-2025-zfgzbg"], "There are: 320404-2026-zfgzbg"),
        (["history", DOC, "--release", "9"], "the last one is 3"),
        (["history", "--release", "1"], "need a DOCUMENT_ID"),
        (["history", DOC, "--out", "x"], "needs the number"),
        (["history", DOC, "--out", "x", "--release", "9"], "There are: 1, 2, 3"),
    ],
)
def test_wrong_usage_is_said(arguments: list[str], message: str, published: Path) -> None:
    result = run(*arguments, "--outputs", published)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())


def test_history_lists_the_documents(published: Path) -> None:
    row = next(line for line in run("history", "--outputs", published).stdout.splitlines() if DOC in line)
    assert row.split()[:4] == [DOC, "3", "3", "1"]
    assert "no releases" in run("history", "--outputs", published / "nowhere").stdout


def test_history_shows_the_releases_and_what_one_changed(published: Path) -> None:
    shown = run("history", DOC, "--outputs", published).stdout
    assert "What release 3 changed:\nadded 320404-2026-zfgzbg-2\n" in shown
    shown = run("history", DOC, "--release", 2, "--outputs", published).stdout
    assert "lead_units: 区发改局、{+区工信局+}" in shown
    # What follows from the printed name is not said again.
    assert "lead_unit_details" not in shown
    assert "removed 320404-2026-zfgzbg-2" in shown
    assert "The first release." in run("history", DOC, "--release", 1, "--outputs", published).stdout


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_earlier_release_is_got_back(number: int, published: Path, tmp_path: Path) -> None:
    result = run("history", DOC, "--release", number, "--out", tmp_path / "back", "--outputs", published)
    assert result.exit_code == 0
    tables = read(tmp_path / "back")
    assert tables is not None
    wanted = build(documents()[number - 1]).tables
    assert tables["tasks"] == wanted["tasks"]
    assert [row["release_no"] for row in tables["releases"]] == list(range(1, number + 1))
    again = run("history", DOC, "--release", number, "--out", tmp_path / "back", "--outputs", published)
    assert again.exit_code == 2
    assert "is not an empty folder" in " ".join(again.stderr.split())
