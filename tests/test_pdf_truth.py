"""Whole PDFs against truth: the samples, and the 2026 table typeset anew in many ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from scoring import FIELDS, wrong_fields
from typeset_pdf import PdfSetting, typeset_pdf
from typeset_table import COLUMNS, Record, table_2026

from flows.extract import extract_files

DATA = Path(__file__).parent / "data"
WIDE = (*COLUMNS, "support_units", "deadline")
_LOST = {4: "激发消费活力", 5: "办好民生实事", 6: "统筹发展和安全"}


def records_of(path: Path) -> list[dict[str, Any]]:
    """What `fenjie extract` writes for a file."""
    ((_, extracted),) = extract_files([path], "jsonl")
    assert not isinstance(extracted, str), extracted
    assert extracted.doubts == ()
    return [json.loads(line) for line in extracted.text.splitlines()]


def whole_table() -> list[Record]:
    """The 85 tasks with names for the subcategories that the source lost, cooperating bodies and deadlines."""
    records = table_2026()
    for record in records:
        number = int(record["task_no"])
        record["subcategory"] = record["subcategory"] or _LOST.get(int(record["category_no"]))
        record["support_units"] = records[(number * 7 + 3) % 85]["lead_units"]
        record["deadline"] = ("2026年12月底前", "6月底前", "全年")[number // 9 % 3]
    return records


def without(records: list[Record], *fields: str) -> list[Record]:
    """The records as they are when a table has no column for these fields."""
    empty: Record = {field: [] if field.endswith("units") else None for field in fields}
    return [{**record, **empty} for record in records]


@pytest.mark.parametrize("name", ["000_docx", "001_chromium", "003_reportlab", "004_reportlab", "005_reportlab"])
def test_every_scored_field_of_the_samples_is_right(name: str) -> None:
    truth = json.loads((DATA / name / "truth.json").read_text(encoding="utf-8"))["tasks"]
    assert {"page_start", "page_end", "units", "leaders", "text"} <= set(truth[0])
    assert wrong_fields(truth, records_of(DATA / name / "source.pdf")) == []


SETTINGS = {
    **{
        f"{'landscape' if turned else 'portrait'}-{merge}-{size}": PdfSetting(turned, merge, size)
        for turned in (False, True)
        for merge in ("first", "every", "centred")
        for size in (7.5, 13)
    },
    "rectangles": PdfSetting(ruling="rectangles", merge="centred"),
    "fills": PdfSetting(ruling="fills", merge="first"),
    "dashes": PdfSetting(ruling="dashes", merge="every"),
    "thin": PdfSetting(rule_width=0.1, landscape=True, font_size=9),
    "thick": PdfSetting(rule_width=2.0, font_size=11),
    "whole-rows": PdfSetting(break_rows=False, merge="centred", font_size=11),
    "label-over-pages": PdfSetting(font_size=11, break_rows=False, repeat_heading=False),
    "one-heading": PdfSetting(repeat_heading=False),
    "one-heading-every": PdfSetting(repeat_heading=False, merge="every", break_rows=False, landscape=True),
    "commas": PdfSetting(separator="、", font_size=12),
    "numbers": PdfSetting(number="{}.", merge="centred"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_2026_table_typeset_anew(name: str, tmp_path: Path) -> None:
    records = without(table_2026(), "support_units", "deadline", "remark")
    path, expected = typeset_pdf(records, tmp_path / "typeset.pdf", SETTINGS[name])
    assert set(FIELDS) <= set(expected[0])
    assert wrong_fields(expected, records_of(path)) == []


@pytest.mark.parametrize("merge", ["first", "every", "centred"])
def test_a_table_with_eight_columns_typeset_anew(merge: str, tmp_path: Path) -> None:
    setting = PdfSetting(landscape=True, merge=merge, font_size=9, columns=WIDE)  # type: ignore[arg-type]
    path, expected = typeset_pdf(without(whole_table(), "remark"), tmp_path / "typeset.pdf", setting)
    assert set(FIELDS) <= set(expected[0])
    assert wrong_fields(expected, records_of(path)) == []


def test_what_is_wrong_is_found() -> None:
    truth = without(table_2026(), "support_units", "deadline", "remark")
    records = [dict(record) for record in truth]
    records[4]["content"] += "。"
    records[7]["leaders"] = [*records[7]["leaders"], "张三"]
    records[9]["deadline"] = "年底"
    assert [entry[:2] for entry in wrong_fields(truth, records)] == [(5, "content"), (8, "leaders"), (10, "deadline")]
    assert wrong_fields(truth, truth[:-1]) != []
