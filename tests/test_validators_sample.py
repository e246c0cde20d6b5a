"""Small documents written by hand, for the tests of the validators; and the good ones among them pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from extractors.model import Provenance
from normalizers.corrections import Correction
from normalizers.records import FIELD_NAMES, Field, Identity, Issue, Leader, NormalizedDocument, TaskRecord, Unit
from validators.validate import validate
from validators.verdict import Facts, Verdict

FACTS = Facts(has_roster=True, declared_counts=(), columns=frozenset(FIELD_NAMES))
Case = tuple[NormalizedDocument, Facts]


def place(line: int) -> tuple[Provenance, ...]:
    """A place in a text file."""
    return (Provenance(1, None, str(line)),)


def unit(name: str, unit_id: str | None = "id") -> Unit:
    """An organisation, known unless its identifier is None."""
    return Unit(name, unit_id, name if unit_id else None)


def task(task_no: int, table_no: int = 1, **values: Any) -> TaskRecord:
    """A good task; ``values`` replace the values of its fields, or its pages."""
    at = place(10 * table_no + task_no)
    fields: dict[str, Any] = {
        "content": f"第{task_no}项：地区生产总值增长5%左右。",
        "category_no": 1,
        "category": "经济社会发展主要预期目标",
        "subcategory": None,
        "leaders": ("王旭锋", "江文亭"),
        "lead_units": (unit("区发改局"),),
        "support_units": (unit("区财政局（国资办）"),),
        "deadline": "12月底",
        "remark": None,
    }
    values["leaders"] = tuple(map(Leader, values.get("leaders", fields["leaders"])))
    pages = {name: values.pop(name, 1) for name in ("page_start", "page_end")}
    read = {name: Field(value, str(value), at if value else ()) for name, value in {**fields, **values}.items()}
    arguments: dict[str, Any] = {**read, **pages}
    return TaskRecord(table_no=table_no, task_no=Field(task_no, f"({task_no})", at), **arguments)


def document(tasks: Sequence[TaskRecord], *issues: Issue, pages: int = 3, **identity: Any) -> NormalizedDocument:
    """A document of these tasks; ``identity`` replaces fields of its identity."""
    given: dict[str, Any] = {
        "document_id": "320404-2026-zfgzbg",
        "region_code": "320404",
        "region": "常州市钟楼区",
        "year": 2026,
        "kind": "zfgzbg",
        "title": "2026年区政府工作报告主要目标任务责任分解表",
        "publisher": None,
        "source_file": "2026/zhonglou.txt",
        "source_url": None,
        "source_sha256": "0" * 64,
        **identity,
    }
    return NormalizedDocument(Identity(**given), "txt", pages, str(given["title"]), tuple(tasks), issues)


def numbered(*numbers: int, table_no: int = 1) -> list[TaskRecord]:
    """Good tasks with these numbers."""
    return [task(number, table_no) for number in numbers]


def categories(*numbers: int | None) -> list[TaskRecord]:
    """Good tasks in the categories of these numbers."""
    return [task(place, category_no=number) for place, number in enumerate(numbers, 1)]


def warning(task_no: int, field: str, rule: str = "lost_cell") -> Issue:
    """A doubt of the normalizer."""
    return Issue(rule, "warning", "the cell may be lost", task_no, field)


def judge(cases: Sequence[Case]) -> list[Verdict]:
    """The verdicts of one run over all cases, each under an identifier of its own unless it has a special one."""
    batch = []
    for number, (case, facts) in enumerate(cases):
        identity = case.identity
        assert identity is not None
        if identity.document_id == "320404-2026-zfgzbg":
            identity = replace(identity, document_id=f"320404-2026-k{number}")
        batch.append((replace(case, identity=identity), facts))
    return validate(batch, None)


GOOD: dict[str, Case] = {
    "plain": (document(numbered(1, 2, 3)), FACTS),
    "one task": (document(numbered(1)), FACTS),
    "a second table of its own numbers": (document([*numbered(1, 2), *numbered(1, 2, table_no=2)]), FACTS),
    "a second table that goes on": (document([*numbered(1, 2), *numbered(3, 4, table_no=2)]), FACTS),
    "categories with unknown numbers": (document(categories(1, None, 2, None, 3)), FACTS),
    "categories that begin late": (document(categories(3, 3, 4)), FACTS),
    "no categories": (document(categories(None, None)), FACTS),
    "a gap that the normalizer knows of": (
        document(categories(1, None, 4), warning(2, "category_no", "unknown_in_source")),
        FACTS,
    ),
    "leaders of all forms": (
        document(
            [task(1, leaders=("张三", "欧阳修远", "买买提·艾力", "分管副省长", "常务副市长", "区委常委", "𠮷林"))]
        ),
        FACTS,
    ),
    "no leader, no column for it": (document([task(1, leaders=())]), replace(FACTS, columns=frozenset({"content"}))),
    "no leader, and said so": (document([task(1, leaders=())], warning(1, "leaders")), FACTS),
    "no leader, and accepted": (
        document([task(1, leaders=())]),
        replace(FACTS, accepted=(Correction(1, 1, "leaders", "r", rule="missing_leader"),)),
    ),
    "no lead organisation, and said so": (document([task(1, lead_units=())], warning(1, "lead_units")), FACTS),
    "no supporting organisation": (document([task(1, support_units=())]), FACTS),
    "unknown organisation, no roster": (
        document([task(1, lead_units=(unit("区发改局", None),))]),
        replace(FACTS, has_roster=False),
    ),
    "unknown organisation, accepted": (
        document([task(1, lead_units=(unit("区发改局", None),))]),
        replace(FACTS, accepted=(Correction(1, 1, "lead_units", "r", rule="unknown_unit"),)),
    ),
    "declared counts of document and tables": (
        document([*numbered(1, 2), *numbered(1, table_no=2)]),
        replace(FACTS, declared_counts=(3, 2, 1)),
    ),
    "text at the limits": (
        document([task(1, content="植" * 1500, category="农业"), task(2, content="植树造林", category="农" * 60)]),
        FACTS,
    ),
}


def test_good_documents_pass() -> None:
    verdicts = dict(zip(GOOD, judge(list(GOOD.values())), strict=True))
    for name, verdict in verdicts.items():
        assert verdict.document.issues == GOOD[name][0].issues, name
        assert not verdict.held_back and verdict.reasons == (), name


def test_nothing_to_judge() -> None:
    assert validate([], None) == []


def test_a_document_without_an_identity_is_refused() -> None:
    nobody = replace(document(numbered(1)), identity=None)
    with pytest.raises(ValueError, match="without an identity"):
        validate([(nobody, FACTS)], None)
