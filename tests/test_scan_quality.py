"""One scan from the picture to the records: as good as is asked of scans, and what is wrong is said.

bench/scan_quality.py measures whole documents; recognising a page takes seconds.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scan_pages import Scanner
from scanned import quality_of, scanned_pdf
from test_pdf_truth import whole_table, without
from typeset_pdf import typeset_pdf

from extractors.read import read_document
from extractors.scan.cache import FOLDER, OFF
from normalizers.normalize import normalize
from normalizers.tabulate import nested

#: What is asked of scans: characters that may be wrong, and tasks that have to be right in every field.
MOST_ERRORS, FEWEST_RIGHT = 0.003, 0.97


def test_a_crooked_scan_with_a_seal_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, OFF)
    records = without(whole_table()[:20], "support_units", "deadline", "remark")
    typeset, truth = typeset_pdf(records, tmp_path / "typeset.pdf")
    scanner = Scanner(dpi=200, skew=1.0, seal=True, noise=8, jpeg=40)
    document = read_document(scanned_pdf(typeset.read_bytes(), tmp_path / "scan.pdf", scanner))
    read = normalize(document, None)
    quality = quality_of(truth, nested(read))
    assert (document.pages, quality.tasks) == (2, 20)
    assert quality.error_rate <= MOST_ERRORS, quality.wrong
    assert quality.right >= FEWEST_RIGHT * quality.tasks, quality.wrong
    assert quality.unsaid == ()
    methods = {task.content.method for task in read.tasks}
    assert methods <= {"ocr", "continued"}
    assert "ocr" in methods


def test_what_is_wrong_in_a_scan_is_counted() -> None:
    truth = without(whole_table()[:3], "support_units", "deadline", "remark")
    truth = [{**task, "page_start": 1, "page_end": 1} for task in truth]
    unsure = {"rule": "uncertain_character", "severity": "info", "field": "content", "message": ""}
    records = [{**task, "issues": [unsure]} for task in truth]
    assert quality_of(truth, records).wrong == ()
    assert quality_of(truth, records).doubted == (1, 2, 3)
    records[0]["content"] = records[0]["content"].replace("地区生产", "地生产")
    records[1]["leaders"] = ["王旭烽"]
    quality = quality_of(truth, records[:2])
    assert [entry[:2] for entry in quality.wrong] == [(1, "content"), (2, "leaders"), (3, "task_no")]
    assert [entry[:2] for entry in quality.unsaid] == [(2, "leaders"), (3, "task_no")]
    assert quality.right == 0
    third = sum(len(str(value)) for value in ("3", records[2]["content"]))
    assert quality.errors > 2 + third
