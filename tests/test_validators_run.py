"""A run over a batch: split verdicts, merged issues, Data Docs, silence, what is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from test_validators_sample import FACTS, document, numbered, place, task, warning

from normalizers.dataset import TABLES
from normalizers.records import Issue
from validators.rules import RULES
from validators.validate import validate

ROOT = Path(__file__).resolve().parents[1]


def test_only_the_bad_document_of_three_is_held_back(tmp_path: Path) -> None:
    good = document(numbered(1, 2))
    bad = document([task(1), task(2, content="")], document_id="320404-2026-mssx")
    other = document(numbered(1, 2, 3), document_id="320404-2025-zfgzbg")
    first, second, third = validate([(good, FACTS), (bad, FACTS), (other, FACTS)], tmp_path / "docs")
    assert (first.document, third.document) == (good, other)
    assert (first.held_back, second.held_back, third.held_back) == (False, True, False)
    (reason,) = second.reasons
    assert (reason.rule, reason.task_no, reason.field) == ("missing_content", 2, "content")
    assert second.document.tasks == bad.tasks


def test_what_the_normalizer_said_is_not_said_again() -> None:
    said = Issue("unlikely_value", "warning", "the name is odd", 2, "leaders", "look", place(7))
    (verdict,) = validate([(document([task(1), task(2, leaders=("王 伟",))], said), FACTS)], None)
    assert verdict.document.issues == (said,)


def test_a_milder_word_does_not_keep_a_critical_one_quiet() -> None:
    said = warning(4, "task_no", "missing_task_no")
    (verdict,) = validate([(document(numbered(1, 2, 4), said), FACTS)], None)
    assert [(issue.rule, issue.severity) for issue in verdict.document.issues] == [
        ("missing_task_no", "warning"),
        ("missing_task_no", "critical"),
    ]
    assert verdict.held_back


def test_a_critical_issue_of_the_normalizer_holds_back() -> None:
    lost = Issue("unaccounted_cell", "critical", "a cell found no place", None, None, None, place(3))
    (verdict,) = validate([(document(numbered(1), lost), FACTS)], None)
    assert verdict.held_back and verdict.reasons == (lost,)


def test_issues_stand_in_the_order_of_tasks_fields_and_rules() -> None:
    tasks = [task(2, leaders=("王 伟",), content="左右"), task(1, category="农"), task(3)]
    said = (warning(3, "remark"), warning(2, "category"), Issue("ignored_table", "info", "left out"))
    facts = replace(FACTS, declared_counts=(9,))
    (verdict,) = validate([(document(tasks, *said), facts)], None)
    assert [(issue.task_no, issue.field, issue.rule) for issue in verdict.document.issues] == [
        (None, None, "declared_count"),
        (None, None, "ignored_table"),
        (2, "content", "unlikely_value"),
        (2, "category", "lost_cell"),
        (2, "leaders", "unlikely_value"),
        (1, "task_no", "task_no_order"),
        (1, "category", "unlikely_value"),
        (3, "remark", "lost_cell"),
    ]


def test_no_failure_is_cut_off() -> None:
    """GX lists 200 unexpected values at most, but all of their places."""
    tasks = [task(number, leaders=("王 伟",)) for number in range(1, 321)]
    (verdict,) = validate([(document(tasks), FACTS)], None)
    assert [issue.task_no for issue in verdict.document.issues] == list(range(1, 321))


def test_data_docs_are_written_and_replace_those_of_an_earlier_run(tmp_path: Path) -> None:
    cases = [(document([*numbered(1, 2), task(3, leaders=("王 伟",), remark="植\ufffd")]), FACTS)]
    for _ in range(2):
        validate(cases, tmp_path / "docs")
        pages = list((tmp_path / "docs" / "validations").rglob("*.html"))
        assert len(pages) == len(TABLES) + 1
    assert "task_leaders" in (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    leaders = next(page for page in pages if page.name.startswith("fenjie-batch") and "task_leaders" in str(page))
    text = leaders.read_text(encoding="utf-8")
    assert "Leaders are Chinese names or posts." in text
    assert "王 伟" in text


def test_suites_follow_the_definition() -> None:
    from validators.suites import build_suites  # noqa: PLC0415  # imports GX, which most tests here have no need of

    suites = build_suites()
    assert list(suites) == [*(table.name for table in TABLES), "declared_counts"]
    for suite in suites.values():
        for expectation in suite.expectations:
            rule = expectation.meta["rule"] if expectation.meta else ""
            assert expectation.severity == RULES[rule].severity
            assert expectation.description
    for table in TABLES:
        described = " ".join(str(expectation.description) for expectation in suites[table.name].expectations)
        for column in table.columns:
            limited = column.values or column.pattern or column.minimum is not None
            assert f"{column.name}" in described or (column.nullable and not limited), column.name


_RUN = """
import socket, sys
def refuse(*_): raise AssertionError("no network")
socket.socket.connect = refuse
from pathlib import Path
from test_validators_sample import FACTS, document, numbered, task
from validators import frames
from validators.validate import validate
tabulate = frames.tabulate
def spoilt(document):
    tables = tabulate(document)
    for row in tables["tasks"]:
        row.pop("content", None)
    return tables
bad = document([*numbered(1, 1), task(5, leaders=("王 伟",))], document_id="320404-2026-mssx")
validate([(document(numbered(1, 2)), FACTS), (bad, FACTS)], Path(sys.argv[1]))
frames.tabulate = spoilt
(verdict,) = validate([(document(numbered(1)), FACTS)], Path(sys.argv[1]))
assert {reason.rule for reason in verdict.reasons} == {"check_failed", "columns_differ"}
assert "scipy.stats._stats_py" not in sys.modules and "altair.vegalite" not in sys.modules
from scipy import stats
assert stats.norm.cdf(0) == 0.5
"""


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment
    )


def test_a_run_prints_nothing_and_needs_no_network(tmp_path: Path) -> None:
    done = _python(_RUN, str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("module", ["verdict", "rules", "validate"])
def test_types_and_entry_are_cheap_to_import(module: str) -> None:
    code = f"import json, sys, validators.{module}; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(_python(code).stdout))
    assert not loaded & {"great_expectations", "pandas", "numpy", "prefect", "sqlalchemy"}
