"""Every rule of the catalogue: a document that breaks it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from test_validators_sample import FACTS, Case, categories, document, judge, numbered, task, unit
from test_validators_targets import BROKEN as BROKEN_TARGETS

from normalizers.records import NormalizedDocument
from normalizers.rules import RULES as NORMALIZER_RULES
from normalizers.tabulate import Row, tabulate
from validators import frames
from validators.rules import RULES, SHARED
from validators.validate import validate
from validators.verdict import Verdict


@dataclass(frozen=True)
class Broken:
    """A case, and the issues that it must raise as (rule, task_no, field), with a piece of the first message."""

    case: Case
    issues: list[tuple[str, int | None, str | None]]
    message: str


def _broken(rule: str, task_no: int | None, field: str | None, message: str, *tasks: Any, **facts: Any) -> Broken:
    return Broken((document(tasks), replace(FACTS, **facts)), [(rule, task_no, field)], message)


def _identity(rule: str, field: str, message: str, **identity: Any) -> Broken:
    return Broken((document(numbered(1), **identity), FACTS), [(rule, None, field)], message)


BROKEN: dict[str, Broken] = {
    "no task": _broken("no_tasks", None, None, "no task"),
    "one number twice": _broken(
        "duplicate_task_no",
        2,
        "task_no",
        "“植树造林一千亩。” (page 1) and “修建公路两条。” (page 4)",
        task(1),
        task(2, content="植树造林一千亩。"),
        task(2, content="修建公路两条。", page_start=4),
        task(3),
    ),
    "a gap": _broken("missing_task_no", 5, "task_no", "5 follows 2: 3 and 4 are missing", *numbered(1, 2, 5, 6)),
    "a late start": _broken("missing_task_no", 2, "task_no", "1 is missing", *numbered(2, 3)),
    "a late start of a second table": _broken(
        "missing_task_no", 5, "task_no", "1 to 4 are missing", *numbered(1, 2), *numbered(5, table_no=2)
    ),
    "out of order": _broken("task_no_order", 2, "task_no", "2 stands behind a higher", *numbered(1, 3, 2)),
    "category falls": _broken("category_order", 3, "category_no", "category 1 stands", *categories(1, 2, 1, 2)),
    "category skips": _broken(
        "category_gap", 3, "category_no", "4 follows category 1: 2 and 3 are", *categories(1, 1, 4, 4)
    ),
    "no text": _broken("missing_content", 1, "content", "no text", task(1, content="  ")),
    "no leader": _broken("unexplained_lack", 2, "leaders", "no leader", task(1), task(2, leaders=())),
    "no lead": _broken("unexplained_lack", 1, "lead_units", "no lead organisation", task(1, lead_units=())),
    "leader with a blank": _broken("unlikely_value", 1, "leaders", "“吴 伟”", task(1, leaders=("吴 伟",))),
    "leader with a digit": _broken("unlikely_value", 1, "leaders", "“王旭1”", task(1, leaders=("王旭1",))),
    "leader in Latin": _broken("unlikely_value", 1, "leaders", "“Wang”", task(1, leaders=("江文亭", "Wang"))),
    "leader of one character": _broken("unlikely_value", 1, "leaders", "“王”", task(1, leaders=("王",))),
    "leader of five characters": _broken(
        "unlikely_value", 1, "leaders", "“王旭锋江文”", task(1, leaders=("王旭锋江文",))
    ),
    "an organisation for a leader": _broken(
        "unlikely_value", 1, "leaders", "“区发改局”", task(1, leaders=("区发改局",))
    ),
    "short text": _broken("unlikely_value", 1, "content", "3 characters are fewer", task(1, content="左右。")),
    "long text": _broken("unlikely_value", 1, "content", "1501 characters, more", task(1, content="植" * 1501)),
    "short label": _broken("unlikely_value", 1, "category", "“农”", task(1, category="农")),
    "long unit": _broken("unlikely_value", 1, "support_units", "41", task(1, support_units=(unit("局" * 41),))),
    "unknown unit": _broken(
        "unknown_unit", 1, "lead_units", "“区发展局”", task(1, lead_units=(unit("区发展局", None),))
    ),
    "replacement": _broken("unreadable_text", 1, "content", "U+FFFD", task(1, content="植树\ufffd林一千亩")),
    "private use": _broken("unreadable_text", 1, "category", "U+E5E5", task(1, category="农业\ue5e5农村")),
    "line break": _broken("unreadable_text", 1, "remark", "[U+000A]", task(1, remark="上半年\n下半年")),
    "invisible": _broken("unreadable_text", 1, "lead_units", "U+200B", task(1, lead_units=(unit("区\u200b发改局"),))),
    "half a character": _broken("wrong_type", 1, "deadline", r"“年底\ud842”", task(1, deadline="年底\ud842")),
    "page -1": _broken("invalid_value", 1, "page_start", "below 1", task(1, page_start=-1)),
    "too many": _broken("declared_count", None, None, "declares 85", *numbered(1, 2), declared_counts=(2, 85)),
    "title": _identity("missing_value", "title", "title in table documents is empty", title=" "),
    "year": _identity("invalid_value", "year", "below 1978", year=1949),
    "year as text": _identity("wrong_type", "year", "not of type integer", year="2026"),
    "checksum": _identity("invalid_value", "source_sha256", "not of the form", source_sha256="0"),
    "identifier": _identity("invalid_value", "document_id", "“zhonglou”", document_id="zhonglou"),
}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """One run over all of them: each must be found in its own document and in no other."""
    return dict(zip(BROKEN, judge([broken.case for broken in BROKEN.values()]), strict=True))


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_breaks_one_rule(name: str, verdicts: dict[str, Verdict]) -> None:
    verdict, broken = verdicts[name], BROKEN[name]
    issues = verdict.document.issues
    assert [(issue.rule, issue.task_no, issue.field) for issue in issues] == broken.issues
    assert broken.message in issues[0].message
    assert issues[0].severity == RULES[issues[0].rule].severity and issues[0].suggestion
    assert verdict.reasons == tuple(issue for issue in issues if issue.severity == "critical")
    assert verdict.held_back == bool(verdict.reasons)


def test_the_place_comes_from_the_field_or_from_the_number(verdicts: dict[str, Verdict]) -> None:
    (short,) = verdicts["short text"].document.issues
    assert short.provenance == BROKEN["short text"].case[0].tasks[0].content.provenance
    (lack,) = verdicts["no leader"].document.issues
    assert lack.provenance == BROKEN["no leader"].case[0].tasks[1].task_no.provenance


def _twice(rows: dict[str, list[Row]]) -> None:
    rows["task_leaders"].append(rows["task_leaders"][0])


def _stray(rows: dict[str, list[Row]]) -> None:
    rows["task_units"][0]["task_id"] = "320404-2026-zfgzbg-99"
    rows["tasks"].pop()
    rows["documents"][0]["n_tasks"] = 1


def _miscount(rows: dict[str, list[Row]]) -> None:
    rows["documents"][0]["n_tasks"] = 9


def _no_method(rows: dict[str, list[Row]]) -> None:
    rows["provenance"][0]["method"] = "guessed"


def _lost_column(rows: dict[str, list[Row]]) -> None:
    for row in rows["tasks"]:
        del row["remark"]


def _other_order(rows: dict[str, list[Row]]) -> None:
    for row in rows["task_leaders"]:
        row["leader"] = row.pop("leader")
        row["position"] = row.pop("position")


@pytest.mark.parametrize(
    ("spoil", "rules", "message"),
    [
        (_twice, {"duplicate_key"}, "two rows of table task_leaders have the same key"),
        (_stray, {"orphan_row", "unexplained_lack"}, "which is no tasks.task_id"),
        (_miscount, {"row_count"}, "n_tasks is 9, but table tasks has 2 rows"),
        (_no_method, {"invalid_value"}, "method is “guessed”, not one of read"),
        (_lost_column, {"check_failed", "columns_differ"}, "table tasks lacks remark"),
        (_other_order, {"columns_differ"}, "has its columns in another order"),
    ],
)
def test_rows_that_break_the_definition(
    spoil: Callable[[dict[str, list[Row]]], None], rules: set[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(source: NormalizedDocument) -> dict[str, list[Row]]:
        rows = tabulate(source)
        spoil(rows)
        return rows

    monkeypatch.setattr(frames, "tabulate", spoilt)
    (verdict,) = validate([(document(numbered(1, 2)), FACTS)], None)
    assert verdict.held_back
    assert {issue.rule for issue in verdict.reasons} == rules
    assert any(message in issue.message for issue in verdict.reasons)


def test_two_documents_with_one_identifier() -> None:
    first, second = (document(numbered(1, 2), source_file=f"2026/{name}.txt") for name in "ab")
    other = document(numbered(1), document_id="320404-2026-mssx")
    verdicts = validate([(first, FACTS), (other, FACTS), (second, FACTS)], None)
    assert [verdict.held_back for verdict in verdicts] == [True, False, True]
    for verdict in (verdicts[0], verdicts[2]):
        (reason,) = verdict.document.issues
        assert reason.rule == "duplicate_document"
        assert "2026/a.txt, 2026/b.txt" in reason.message


def test_the_catalogue_is_complete(verdicts: dict[str, Verdict]) -> None:
    raised = {rule for broken in BROKEN.values() for rule, _, _ in broken.issues}
    elsewhere = {"duplicate_key", "row_count", "columns_differ", "check_failed", "duplicate_document", "orphan_row"}
    about_targets = {rule for _, rule, _, _ in BROKEN_TARGETS.values()} | {"position_gap"}
    assert raised | elsewhere | about_targets == set(RULES)
    assert {issue.rule for verdict in verdicts.values() for issue in verdict.document.issues} == raised


def test_a_name_that_the_normalizer_has_means_the_same() -> None:
    assert {name for name in RULES if name in NORMALIZER_RULES} == set(SHARED)
    assert all(RULES[name] is NORMALIZER_RULES[name] for name in SHARED)
