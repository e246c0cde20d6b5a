"""A small document with everything that is awkward to write, for the tests of the writers.

Run as a program it publishes the sample: ``python writers_sample.py OUTPUTS [VARIANT]``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from extractors.model import Bbox, Provenance
from normalizers.records import DateSpan, Field, Identity, Issue, Leader, NormalizedDocument, Target, TaskRecord, Unit
from normalizers.roster import Organisation
from writers.publish import publish
from writers.release import Release, build

DOCUMENT_ID = "320404-2026-zfgzbg"
#: Quotes, a comma, line breaks of both kinds, an emoji, a hanzi of four bytes and what Excel would escape.
AWKWARD = '=SUM(A1:A9) 称"全域,旅游"\n第二行\r\n🚀 𠮷林 _x0041_'
LONG = "+" + "坚持稳中求进工作总基调，" * 60

_LEADERS = (Leader("王旭锋", "320404-wxf", "王旭锋"), Leader("𠮷伟", post="副区长"))
_TARGET = Target(
    kind="numeric",
    metric="公园",
    comparator="equal",
    value=Decimal(1),
    upper=None,
    baseline=None,
    unit="个",
    base_value=Decimal(1),
    base_upper=None,
    base_unit="个",
    change=None,
    modality=None,
    scope="年内",
    due="2026-12-31",
    reference=None,
    phrase="建成公园&1个",
    start=3,
    end=10,
)


def _identity() -> Identity:
    return Identity(
        document_id=DOCUMENT_ID,
        region_code="320404",
        region="常州市钟楼区",
        year=2026,
        kind="zfgzbg",
        title="2026年区政府工作报告主要目标任务责任分解表",
        publisher="常州市钟楼区人民政府办公室",
        source_file="2026/zhonglou.txt",
        source_url=None,
        source_sha256="0" * 64,
    )


def _task(table_no: int, task_no: int, content: str, category: str | None) -> TaskRecord:
    place = Provenance(1, Bbox(36.0, 72.25, 559.3, 90.1))
    leads = (Unit("区发改局", "320404-fgj", "区发改局"), Unit("区财政局（国资办）", None, None, "国资办"))
    return TaskRecord(
        table_no=table_no,
        task_no=Field(task_no, str(task_no), (place,)),
        content=Field(content, content, (place, Provenance(2, None, "17")), "continued"),
        category_no=Field(None if category is None else 1),
        category=Field(category, category, (place,) if category else (), "inherited"),
        subcategory=Field(None, None, (), "corrected"),
        leaders=Field(
            (Leader("王旭锋", "320404-wxf", "王旭锋"), Leader("𠮷伟", post="副区长")), "王旭锋 𠮷 伟", (place,)
        ),
        lead_units=Field(leads[:task_no], "区发改局", (Provenance(1, None, "B7"),)),
        support_units=Field((Unit("@各镇（街道）"),) if task_no == 1 else (), "@各镇（街道）", (place,)),
        deadline=Field("12月底"),
        remark=Field("" if task_no == 1 else "-1"),
        page_start=1,
        page_end=2,
        due=DateSpan(None, "2026-12-31"),
        targets=(_TARGET,) if task_no == 1 else (),
    )


def document() -> NormalizedDocument:
    """Two tables with three tasks, and a doubt of each severity."""
    return NormalizedDocument(
        identity=_identity(),
        source_format="txt",
        pages=2,
        title="2026年区政府工作报告主要目标任务责任分解表",
        tasks=(
            _task(1, 1, AWKWARD, "主要预期目标"),
            _task(1, 2, LONG, None),
            _task(2, 1, "<r>建成公园&1个。</r>", "民生实事"),
        ),
        issues=(
            Issue(
                "category-lost",
                "warning",
                "目标名称在原文中丢失",
                2,
                "category",
                "查看原件",
                (Provenance(2, None, "9"),),
            ),
            Issue("unit-unknown", "info", '=不在名录中: "@各镇（街道）"', 1, "support_units"),
            Issue("text-long", "critical", "文字过长", 2, "content"),
            Issue("document-note", "info", "附件另有一张表"),
        ),
        organisations=(
            Organisation("320404-fgj", "区发改局", "bureau", region_code="320404"),
            Organisation("320404-jd", "各街道", "group", region_code="320404", valid_from=2015),
        ),
        members=(("320404-jd", ("320404-wxjd",)),),
    )


def variant(name: str) -> Release:
    """A release of the same document with other rows: fewer tasks, and the name of the variant in a text."""
    whole = document()
    first = whole.tasks[0]
    changed = replace(first, content=Field(name, name, first.content.provenance))
    issues = tuple(issue for issue in whole.issues if issue.task_no != 2)
    return build(replace(whole, tasks=(changed, whole.tasks[2]), issues=issues))


def release() -> Release:
    """The release of the sample document."""
    return build(document())


if __name__ == "__main__":
    publish(variant(sys.argv[2]) if len(sys.argv) > 2 else release(), Path(sys.argv[1]))
