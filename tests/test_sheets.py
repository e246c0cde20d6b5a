"""Workbooks: what the cells say, how far they reach, where they stand; what is hidden; damaged files."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet
from random_spans import Spans, spans
from scoring import wrong_fields
from test_pdf_printed import need
from test_pdf_truth import WIDE, records_of, whole_table, without
from typeset_docx import soffice
from typeset_sheets import SheetSetting, write_xlsx
from typeset_table import COLUMNS, Record

from extractors.errors import ReadError
from extractors.model import SourceDocument, Table, tiles
from extractors.sheets import reader
from extractors.sheets.numbers import printed

DATA = Path(__file__).parent / "data"
HEADING = ("序号", "工作任务", "牵头单位", "配合单位")


def saved(fill: Callable[[Worksheet], None], name: str = "Sheet1") -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    fill(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill_rows(sheet: Worksheet, rows: Sequence[tuple[object, ...]]) -> None:
    for row in rows:
        sheet.append(row)


def of_rows(*rows: tuple[object, ...], then: Callable[[Worksheet], object] | None = None) -> SourceDocument:
    """A sheet with these rows, read back."""

    def fill(sheet: Worksheet) -> None:
        fill_rows(sheet, rows)
        if then:
            then(sheet)

    return reader.read(saved(fill), Path("x.xlsx"))


def texts(table: Table) -> list[list[str]]:
    """The texts of the cells that begin in each row."""
    return [[cell.text for cell in table.cells if cell.row == row] for row in range(table.n_rows)]


def hidden(document: SourceDocument) -> list[tuple[str, str | None]]:
    return [(left.text, left.provenance.line) for left in document.left_out]


def test_merged_cells_have_their_span_and_the_place_of_their_first_cell() -> None:
    def fill(sheet: Worksheet) -> None:
        for col, text in enumerate(HEADING, 3):
            sheet.cell(5, col, text)
        for row in (6, 7):
            sheet.cell(row, 3, row)
            sheet.cell(row, 4, f"任务{row}。")
        sheet["E6"] = "区发改局"
        sheet.merge_cells("E6:F7")

    (table,) = reader.read(saved(fill, "任务 表"), Path("x")).tables
    assert tiles(table.cells, table.n_rows, table.n_cols)
    (cell,) = [cell for cell in table.cells if cell.text == "区发改局"]
    assert (cell.row, cell.col, cell.row_span, cell.col_span) == (1, 2, 2, 2)
    assert (cell.provenance.page, cell.provenance.line) == (0, "'任务 表'!E6")
    assert table.cells[0].provenance.line == "'任务 表'!C5"


def test_lines_above_and_below_the_table_are_text() -> None:
    document = of_rows(
        ("附件2",), ("2026年重点任务分解表",), ("填报单位：县政府办", None, None, "2026年1月"), HEADING,
        (1, "甲。", "区发改局", "区教育局"), (2, "乙。", "区科技局", None), ("注：按季度报送。",), (None,),
        ("联系人：张三",),
        then=lambda sheet: sheet.merge_cells("A2:D2"),
    )  # fmt: skip
    (table,) = document.tables
    assert texts(table) == [list(HEADING), ["1", "甲。", "区发改局", "区教育局"], ["2", "乙。", "区科技局", ""]]
    assert table.caption == "附件2\n2026年重点任务分解表\n填报单位：县政府办\n2026年1月"
    said = [block.text for block in document.blocks]
    assert said == [
        "附件2",
        "2026年重点任务分解表",
        "填报单位：县政府办",
        "2026年1月",
        "注：按季度报送。",
        "联系人：张三",
    ]


def test_two_tables_on_a_sheet() -> None:
    contacts = ("单位", "联系人", "电话")
    document = of_rows(
        ("任务分解表",), HEADING, (1, "甲。", "区发改局", "区教育局"), (None,), (2, "乙。", "区科技局", None), (None,),
        ("联系人表",), contacts, ("区发改局", "张三", "88990011"),
    )  # fmt: skip
    first, second = document.tables
    # The blank row within the table is none of its end: no heading follows it.
    assert [row[0] for row in texts(first)] == ["序号", "1", "2"]
    assert texts(second) == [list(contacts), ["区发改局", "张三", "88990011"]]
    assert (first.caption, second.caption) == ("任务分解表", "联系人表")


def test_banners_stay_in_the_table() -> None:
    document = of_rows(
        HEADING, ("一、经济发展",), (1, "甲。", "区发改局", None), ("二、民生",), (2, "乙。", "区教育局", None)
    )
    (table,) = document.tables
    assert [row[0] for row in texts(table)] == ["序号", "一、经济发展", "1", "二、民生", "2"]


def test_hidden_rows_and_columns_are_left_out_and_said() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True

    rows = [HEADING, *((n, f"任务{n}。", f"区{n}局", f"县{n}局") for n in (1, 2, 3))]
    document = of_rows(*rows, then=hide)
    (table,) = document.tables
    assert texts(table) == [list(HEADING[:3]), ["1", "任务1。", "区1局"], ["3", "任务3。", "区3局"]]
    assert ("任务2。", "Sheet1!B3") in hidden(document)
    assert ("县1局", "Sheet1!D2") in hidden(document)
    (doubt,) = document.doubts
    assert doubt.rule == "hidden_rows"


def test_a_merged_cell_whose_first_row_is_hidden_is_still_seen() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.merge_cells("C2:C4")
        sheet.row_dimensions[2].hidden = True

    rows = [HEADING, (1, "甲。", "区发改局", "a"), (2, "乙。", None, "b"), (3, "丙。", None, "c")]
    (table,) = of_rows(*rows, then=hide).tables
    (cell,) = [cell for cell in table.cells if cell.text == "区发改局"]
    assert (cell.row, cell.row_span, cell.provenance.line) == (1, 2, "Sheet1!C2")


def test_a_hidden_sheet_is_left_out() -> None:
    book = openpyxl.Workbook()
    book.active.append(HEADING)
    book.active.append((1, "甲。", "区发改局", None))
    other = book.create_sheet("旧 稿")
    other.append(HEADING)
    other.append((9, "旧任务。", "区教育局", None))
    other.sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    document = reader.read(stream.getvalue(), Path("x"))
    assert len(document.tables) == 1
    assert ("旧任务。", "'旧 稿'!B2") in hidden(document)
    assert [doubt.rule for doubt in document.doubts] == ["hidden_rows"]


def test_covered_cells_of_a_merged_range_are_not_seen() -> None:
    stream = io.BytesIO(saved(lambda sheet: fill_rows(sheet, [HEADING, (1, "甲。", "区发改局", "旧")])))
    parts = zipfile.ZipFile(stream)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in parts.namelist():
            data = parts.read(name)
            if name.endswith("sheet1.xml"):
                merged = b'</sheetData><mergeCells><mergeCell ref="D2:C2"/><mergeCell ref="B1:C2"/></mergeCells>'
                data = data.replace(b"</sheetData>", merged)
            package.writestr(name, data)
    document = reader.read(out.getvalue(), Path("x"))
    (table,) = document.tables
    assert tiles(table.cells, table.n_rows, table.n_cols)
    assert hidden(document) == [("旧", "Sheet1!D2")]
    # The second range takes a cell of the first one.
    assert [doubt.rule for doubt in table.doubts] == ["damaged_spans"]


NUMBERS = [
    (1.0, "General", "1"), (6.5, "General", "6.5"), (6.500000000000001, "General", "6.5"), (0.05, "0%", "5%"),
    (0.055, "0.0%", "5.5%"), (0.285, "0%", "29%"), (3, "(0)", "(3)"), (3, "（0）", "（3）"), (3, '"第"0"项"', "第3项"),
    (12345.6, "#,##0.00", "12,345.60"), (7, "000", "007"), (-2, "0", "-2"), (-2, "0;(0)", "(2)"),
    (0, '0;-0;"无"', "无"),
    (2.5, "0.##", "2.5"), (46203, "yyyy/m/d", "2026/6/30"), (46203, "yyyy-mm-dd", "2026-06-30"),
    (46203, 'yyyy"年"m"月"d"日"', "2026年6月30日"), (46203, "[$-804]m\\月d\\日", "6月30日"),
    (46203, "m月底前", "6月底前"),
    (46203.5, "yyyy/m/d h:mm", "2026/6/30 12:00"), (0.5, "G/通用格式", "0.5"), (1.5, '0.0_);[Red](0.0)', "1.5"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "code", "text"), NUMBERS)
def test_numbers_are_printed_in_their_format(value: float, code: str, text: str) -> None:
    assert printed(value, code) == (text, True)


@pytest.mark.parametrize("code", ["# ?/?", "0.00E+00", "[DBNum1]0", "[>5]0", ";;;"])
def test_numbers_in_a_format_that_is_not_known_are_said(code: str) -> None:
    text, known = printed(5, code)
    assert (text, known) == ("5", False)


def test_numbers_booleans_and_formats_of_cells() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "0%"
        sheet["C2"].number_format = 'yyyy"年"m"月"d"日"'

    document = of_rows(("甲", "乙", "丙", "丁", "戊"), (1.0, 0.05, 46203, True, "2026年6月"), then=fill)
    assert texts(document.tables[0])[1] == ["1", "5%", "2026年6月30日", "TRUE", "2026年6月"]


def test_a_formula_without_its_result_is_said() -> None:
    (table,) = of_rows(HEADING, ("=ROW()-1", "甲。", "区发改局", None)).tables
    assert [(doubt.rule, doubt.places[0].line) for doubt in table.doubts] == [("formula_without_value", "Sheet1!A2")]


def test_a_formula_with_its_result() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADING)
    sheet.write_formula(1, 0, "=ROW()-1", None, 1)
    sheet.write_string(1, 1, "甲\r\n乙")
    book.close()
    (table,) = reader.read(stream.getvalue(), Path("x")).tables
    assert texts(table)[1][:2] == ["1", "甲\n乙"]
    assert table.doubts == ()


def test_rich_text_without_phonetic_runs() -> None:
    rich = CellRichText("区发", TextBlock(InlineFont(b=True), "改局"))
    data = saved(lambda sheet: fill_rows(sheet, [HEADING, (1, rich, "区", None)]))
    parts = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in parts.namelist():
            part = parts.read(name)
            if b"</r></si>" in part or b"</r></is>" in part:
                part = part.replace(b"</r></si>", b'</r><rPh sb="0" eb="1"><t>fa</t></rPh></si>')
                part = part.replace(b"</r></is>", b'</r><rPh sb="0" eb="1"><t>fa</t></rPh></is>')
            package.writestr(name, part)
    (table,) = reader.read(out.getvalue(), Path("x")).tables
    assert texts(table)[1][1] == "区发改局"


def test_blank_cells_below_a_label_are_not_taken_in_silence(tmp_path: Path) -> None:
    records = whole_table()[:2]
    rows: list[tuple[object, ...]] = [("序号", "工作任务", "责任领导", "牵头单位")]
    rows += [(1, f"{records[0]['content']}", "吴伟", "区发改局"), (2, f"{records[1]['content']}", None, None)]
    path = tmp_path / "source.xlsx"
    path.write_bytes(saved(lambda sheet: fill_rows(sheet, rows)))
    second = records_of(path)[1]
    assert second["lead_units"] == []
    assert {"missing_unit", "missing_leader"} <= {issue["rule"] for issue in second["issues"]}


def test_every_scored_field_of_the_sample_is_right() -> None:
    truth = json.loads((DATA / "006_xlsx" / "truth.json").read_text(encoding="utf-8"))["tasks"]
    assert wrong_fields(truth, records_of(DATA / "006_xlsx" / "source.xlsx")) == []


SETTINGS = {
    "plain": SheetSetting(),
    "offset": SheetSetting(top=4, left=3, merge_title=False, note="注：排名第一的为牵头单位。"),
    "sheets": SheetSetting(sheets=3),
    "sheets-without-heading": SheetSetting(sheets=2, repeat_heading=False),
    "wide": SheetSetting(columns=WIDE, separator="、"),
}


def truth_of(columns: tuple[str, ...]) -> list[Record]:
    return without(whole_table(), "remark", *(() if columns == WIDE else ("support_units", "deadline")))


@pytest.mark.parametrize("name", SETTINGS)
def test_the_2026_table(name: str, tmp_path: Path) -> None:
    setting = SETTINGS[name]
    truth = truth_of(setting.columns)
    assert wrong_fields(truth, records_of(write_xlsx(truth, tmp_path / "source.xlsx", setting))) == []


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_2026_table_by_libreoffice(kind: str, tmp_path: Path) -> None:
    office = need(soffice(), "LibreOffice")
    truth = truth_of(COLUMNS)
    source = write_xlsx(truth, tmp_path / "source.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    shutil.rmtree(tmp_path / "profile")
    made = tmp_path / f"source.{kind}"
    assert wrong_fields(truth, records_of(made)) == []
    check_mutated(reader.read, made.read_bytes())


@given(spans())
@settings(max_examples=60, deadline=None)
def test_a_table_is_read_as_it_was_written(table: Spans) -> None:
    def fill(sheet: Worksheet) -> None:
        for row, col, rows, cols, text in table:
            sheet.cell(row + 3, col + 2, text)
            if rows * cols > 1:
                sheet.merge_cells(
                    start_row=row + 3, start_column=col + 2, end_row=row + rows + 2, end_column=col + cols + 1
                )

    (found,) = reader.read(saved(fill), Path("x")).tables
    assert tiles(found.cells, found.n_rows, found.n_cols)
    assert {(c.row, c.col, c.row_span, c.col_span, c.text) for c in found.cells} == set(table)


def mutated(data: bytes, seed: int) -> bytes:
    """The file with some of its bytes changed, cut off or said twice; every other time within an unpacked part."""
    rng = random.Random(seed)
    if seed % 2 and data.startswith(b"PK"):
        parts = zipfile.ZipFile(io.BytesIO(data))
        out = io.BytesIO()
        target = rng.choice([name for name in parts.namelist() if name.startswith(("xl/", "content"))])
        with zipfile.ZipFile(out, "w") as package:
            for name in parts.namelist():
                package.writestr(name, damaged(parts.read(name), rng) if name == target else parts.read(name))
        return out.getvalue()
    return damaged(data, rng)


def damaged(data: bytes, rng: random.Random) -> bytes:
    found = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if not found:
            break
        at = rng.randrange(len(found))
        choice = rng.randrange(4)
        if choice == 0:
            found[at] = rng.randrange(256)
        elif choice == 1:
            del found[at : at + rng.randint(1, 40)]
        elif choice == 2:
            found[at:at] = found[at : at + rng.randint(1, 40)]
        else:
            found[at : at + 1] = b"%d" % rng.randrange(10**7)
    return bytes(found)


def check_mutated(read: Callable[[bytes, Path], SourceDocument], data: bytes, count: int = 200) -> int:
    """Read mutated files: each gives a document or a ReadError, soon; the number of documents."""
    documents = 0
    for seed in range(count):
        start = time.process_time()
        try:
            document = read(mutated(data, seed), Path("x"))
        except ReadError:
            continue
        finally:
            assert time.process_time() - start < 5
        documents += 1
        assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in document.tables)
    return documents


def test_mutated_workbooks(tmp_path: Path) -> None:
    data = write_xlsx(truth_of(COLUMNS)[:12], tmp_path / "source.xlsx").read_bytes()
    assert check_mutated(reader.read, data) > 20


def test_sectors_in_a_circle_are_refused() -> None:
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + b"\x09\x00" + bytes(28) + b"\xff" * 452)
    table = b"\x01\0\0\0\0\0\0\0" + b"\xff" * 504
    header[76:80] = bytes(4)
    with pytest.raises(ReadError, match="damaged"):
        reader.read(bytes(header[:512]) + table, Path("x"))


def test_a_cell_at_the_far_end_takes_no_memory() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(HEADING)
        sheet.append((1, "甲。", "区发改局", "乙"))
        sheet["XFD1048576"] = "末"
        sheet.merged_cells.add("F3:XFC1048575")

    document = reader.read(saved(fill), Path("x"))
    said = [cell.text for table in document.tables for cell in table.cells] + [block.text for block in document.blocks]
    assert "末" in said
    assert sum(table.n_rows * table.n_cols for table in document.tables) < 100


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook" * 99])
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        reader.read(data, Path("x"))
