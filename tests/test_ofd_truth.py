"""The 2026 table typeset as OFD in many ways, against truth; ofdkit's text is what we read."""

from __future__ import annotations

from pathlib import Path

import ofdkit  # type: ignore[import-untyped]  # has no types
import pytest
from scoring import FIELDS, wrong_fields
from test_pdf_truth import WIDE, records_of, whole_table, without
from typeset_ofd import OfdSetting, typeset_ofd
from typeset_table import table_2026

from extractors.read import read_document

SETTINGS = {
    **{
        f"{'landscape' if turned else 'portrait'}-{merge}": OfdSetting(turned, merge)
        for turned in (False, True)
        for merge in ("first", "every", "centred")
    },
    "small": OfdSetting(font_size=7.5, writing="runs"),
    "large": OfdSetting(font_size=13, merge="centred", writing="runs"),
    "fills": OfdSetting(ruling="fills", writing="scaled"),
    "rectangles": OfdSetting(ruling="rectangles", merge="every", writing="glyphs"),
    "one-path": OfdSetting(ruling="one path", merge="centred", writing="cells"),
    "characters": OfdSetting(writing="characters", merge="centred"),
    "framed": OfdSetting(framed=True, writing="runs", merge="every"),
    "blocks": OfdSetting(nesting="blocks", landscape=True, writing="scaled", ruling="fills"),
    "composites": OfdSetting(nesting="composites", merge="centred"),
    "stamped": OfdSetting(stamped=True, merge="first"),
    "draft": OfdSetting(namespace="http://www.ofdspec.org", repeat_heading=False),
    "no-namespace": OfdSetting(namespace="", break_rows=False, merge="centred"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_the_2026_table_as_ofd(name: str, tmp_path: Path) -> None:
    records = without(table_2026(), "support_units", "deadline", "remark")
    path, expected = typeset_ofd(records, tmp_path / "typeset.ofd", SETTINGS[name])
    assert set(FIELDS) <= set(expected[0])
    assert wrong_fields(expected, records_of(path)) == []


@pytest.mark.parametrize("merge", ["first", "every", "centred"])
def test_a_table_with_eight_columns_as_ofd(merge: str, tmp_path: Path) -> None:
    setting = OfdSetting(True, merge, 9, columns=WIDE, stamped=True, framed=True)  # type: ignore[arg-type]
    path, expected = typeset_ofd(without(whole_table(), "remark"), tmp_path / "typeset.ofd", setting)
    assert wrong_fields(expected, records_of(path)) == []


@pytest.mark.parametrize("name", ["portrait-first", "one-path", "characters", "framed", "composites", "fills"])
def test_the_text_is_what_ofdkit_reads(name: str, tmp_path: Path) -> None:
    path, _ = typeset_ofd(table_2026(), tmp_path / "typeset.ofd", SETTINGS[name])
    document = read_document(path)
    with ofdkit.open(path) as other:
        assert document.pages == len(other.pages) > 4
        for page in other.pages:
            number = page.index + 1
            ours = [cell.text for table in document.tables if table.page == number for cell in table.cells]
            ours += [block.text for block in document.blocks if block.provenance.page == number]
            ours += [item.text for item in document.left_out if item.provenance.page == number]
            assert sorted("".join("".join(ours).split())) == sorted("".join(page.text().split()))
