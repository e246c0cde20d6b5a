"""Every file of a release, read back by another program than the one that wrote it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import writers_sample
from writers_sample import AWKWARD, LONG

from normalizers import dataset
from normalizers.dataset import PUBLISHED, TableDef
from normalizers.dataset_history import CHANGE_KINDS
from normalizers.history import DOCUMENT_FIELDS
from normalizers.records import FIELD_NAMES, Field
from normalizers.roster import UNIT_KINDS
from normalizers.task_objects import TASK_FIELDS
from writers import delimited, dictionary, jsonl, labels
from writers.release import Release, build, with_history
from writers.render import render

ROOT = Path(__file__).resolve().parent.parent
BY_NAME = pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def release() -> Release:
    """The second release of the sample: its history has something to tell."""
    return with_history(writers_sample.release(), writers_sample.variant("first").tables)


@pytest.fixture(scope="module")
def files(release: Release) -> dict[str, bytes]:
    return render(release)


@pytest.fixture(scope="module")
def book(files: dict[str, bytes]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(files["dataset.xlsx"]))


def test_the_sample_is_awkward_in_every_way(release: Release) -> None:
    texts = [row["content"] for row in release.tables["tasks"]]
    assert texts == [AWKWARD, LONG, "<r>建成公园&1个。</r>"]
    assert {len(release.tables[table.name]) > 0 for table in PUBLISHED} == {True}
    assert [row["task_id"] for row in release.tables["tasks"]] == [
        "320404-2026-zfgzbg-1",
        "320404-2026-zfgzbg-2",
        "320404-2026-zfgzbg-t2-1",
    ]


def test_every_kind_of_file_is_there(files: dict[str, bytes]) -> None:
    tables = {f"{table.name}.{ending}" for table in PUBLISHED for ending in ("csv", "parquet")}
    assert files.keys() == tables | {"tasks.jsonl", "dataset.xlsx", "datapackage.json"}


def test_an_empty_text_is_null_in_every_file(release: Release) -> None:
    assert [row["remark"] for row in release.tables["tasks"]] == [None, "-1", None]
    assert [task["remark"] for task in release.nested] == [None, "-1", None]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "tasks.content must not be empty"),
        (None, "tasks.content must not be empty"),
        (3, "tasks.content must be of type string, not 3"),
        ("a\0b", "tasks.content has a character that can't be stored"),
        ("\ud800", "tasks.content has a character that can't be stored"),
    ],
)
def test_a_value_that_does_not_fit_its_column_is_refused(content: Any, message: str) -> None:
    document = writers_sample.document()
    task = replace(document.tasks[0], content=Field(content))
    with pytest.raises(ValueError, match=message):
        build(replace(document, tasks=(task,)))


def test_a_document_without_identity_is_refused() -> None:
    with pytest.raises(ValueError, match="without an identity"):
        build(replace(writers_sample.document(), identity=None))


@BY_NAME
def test_csv_reads_back_the_same(table: TableDef, release: Release, files: dict[str, bytes]) -> None:
    data = files[f"{table.name}.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == table.column_names
    wanted = [["" if value is None else str(value) for value in row.values()] for row in release.tables[table.name]]
    assert rows[1:] == wanted


def test_csv_lines_end_with_crlf_and_numbers_are_short(files: dict[str, bytes]) -> None:
    lines = files["provenance.csv"].decode("utf-8-sig").split("\r\n")
    assert lines[-1] == ""
    assert lines[1] == "320404-2026-zfgzbg-1,task_no,1,1,36.0,72.25,559.3,90.1,,,read,1"
    assert all("\n" not in line for line in files["documents.csv"].decode().split("\r\n"))


def test_csv_of_nested_objects_joins_lists() -> None:
    assert delimited.encode(["a", "b"], [{"a": ["甲", "乙"], "b": None}]).decode("utf-8-sig") == "a,b\r\n甲、乙,\r\n"


@BY_NAME
def test_parquet_reads_back_the_same(
    table: TableDef, release: Release, files: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(files[f"{table.name}.parquet"])
    frame = pd.read_parquet(path)
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]
    assert rows == release.tables[table.name]
    types = {"string": "str", "integer": "Int64", "number": "float64"}
    pandas_types = {column.name: str(frame[column.name].dtype).replace("string", "str") for column in table.columns}
    assert pandas_types == {column.name: types[column.type] for column in table.columns}


@BY_NAME
def test_parquet_carries_the_definition(table: TableDef, files: dict[str, bytes]) -> None:
    schema = pq.read_schema(io.BytesIO(files[f"{table.name}.parquet"]))
    assert schema.metadata[b"description"].decode() == table.description
    for column in table.columns:
        field = schema.field(column.name)
        assert field.nullable == column.nullable
        assert field.metadata[b"title"].decode() == column.heading
        assert field.metadata[b"description"].decode() == column.description


def test_jsonl_reads_back_the_same(release: Release, files: dict[str, bytes]) -> None:
    lines = files["tasks.jsonl"].decode().split("\n")
    assert lines.pop() == ""
    objects = [json.loads(line) for line in lines]
    assert objects == list(release.nested)
    assert list(objects[0])[:4] == ["task_id", "document_id", "task_no", "content"]
    assert "王旭锋" in lines[0]
    assert jsonl.encode(release.nested) == files["tasks.jsonl"]


def test_workbook_has_a_sheet_for_everything(book: Any) -> None:
    assert book.sheetnames == [
        "任务",
        "疑点",
        "文件",
        "分管领导",
        "责任单位",
        "组织机构",
        "组织成员",
        "量化目标",
        "出处",
        "发布记录",
        "变更明细",
        "说明",
    ]


def test_workbook_tasks_are_one_row_each(book: Any) -> None:
    sheet = book["任务"]
    rows = list(sheet.iter_rows(values_only=True))
    headings = ["序号", "目标序号", "目标名称", "目标名称（二级）", "工作标准"]
    assert list(rows[0][:10]) == [*headings, "分管领导", "牵头单位", "配合单位", "完成时限", "备注"]
    # XML has no carriage return; openpyxl shows Excel's escape for it.
    content = AWKWARD.replace("\r", "_x000D_")
    task = (1, 1, "主要预期目标", None, content, "王旭锋、𠮷伟", "区发改局", "@各镇（街道）", "12月底", None)
    assert rows[1][:10] == task
    assert rows[2][4:10] == (LONG, "王旭锋、𠮷伟", "区发改局、区财政局（国资办）", None, "12月底", "-1")
    assert rows[3][4] == "<r>建成公园&1个。</r>"
    assert len(rows) == 4


def test_workbook_takes_no_text_for_a_formula(book: Any) -> None:
    content = book["任务"]["E"]
    assert [cell.data_type for cell in content] == ["s", "s", "s", "s"]
    # When somebody edits them they stay texts: by the format, or by Excel's mark where a text is too long for it.
    assert (content[1].number_format, content[1].quotePrefix) == ("@", False)
    assert (content[2].number_format, content[2].quotePrefix) == ("General", True)
    code = book["文件"]["B2"]
    assert (code.value, code.data_type) == ("320404", "s")


def test_workbook_is_laid_out_for_reading(book: Any) -> None:
    for name in book.sheetnames[:-1]:
        sheet = book[name]
        assert sheet.freeze_panes == ("B2" if name == "任务" else "A2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(6 <= column.width <= 61 for column in sheet.column_dimensions.values())
        assert sheet["A1"].font.bold
    tasks = book["任务"]
    assert tasks["E2"].alignment.wrap_text
    assert tasks.column_dimensions["E"].width > 2 * tasks.column_dimensions["A"].width
    assert tasks.row_dimensions[3].height > 10 * tasks.row_dimensions[4].height


def test_workbook_tints_rows_by_their_worst_issue(book: Any) -> None:
    fills = [book["任务"].cell(row, 1).fill.fgColor.rgb for row in (2, 3, 4)]
    critical, warning = "FFFBE5E1", "FFFFF8E1"
    assert fills == ["00000000", critical, "00000000"]
    assert book["疑点"]["A2"].fill.fgColor.rgb == warning


def test_workbook_issues_are_in_chinese(book: Any) -> None:
    rows = list(book["疑点"].iter_rows(values_only=True))
    assert rows[0] == ("疑点序号", "严重程度", "任务编号", "字段", "说明", "建议", "页码", "行号", "规则")
    assert [row[1] for row in rows[1:]] == ["警告", "提示", "严重", "提示"]
    assert [row[3] for row in rows[1:]] == ["目标名称", "配合单位", "工作标准", None]


def test_workbook_shows_what_a_release_changed(book: Any) -> None:
    releases = list(book["发布记录"].iter_rows(values_only=True))
    assert [row[1] for row in releases] == ["发布序号", 1, 2]
    # The target is of a task that stays.
    assert releases[2][4:] == (3, 1, 0, 1, "文件、任务、分管领导、责任单位、出处、疑点")
    rows = list(book["变更明细"].iter_rows(values_only=True))
    assert rows[0] == ("发布序号", "顺序", "变更", "任务编号", "字段", "原值", "新值")
    content = AWKWARD.replace("\r", "_x000D_")
    assert rows[1] == (2, 1, "变更", "320404-2026-zfgzbg-1", "工作标准", "first", content)
    assert rows[2] == (2, 2, "新增", "320404-2026-zfgzbg-2", None, None, LONG)
    assert len(rows) == 3


def test_workbook_explains_itself(book: Any) -> None:
    rows = [row for row in book["说明"].iter_rows(values_only=True) if any(row)]
    texts = [str(value) for row in rows for value in row if value is not None]
    assert texts[0] == "2026年区政府工作报告主要目标任务责任分解表"
    assert "常州市钟楼区人民政府办公室" in texts
    for table in PUBLISHED:
        for column in table.columns:
            assert any(row[:3] == (table.heading, column.name, column.heading) for row in rows)


def test_workbook_does_not_depend_on_the_machine(files: dict[str, bytes], book: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(files["dataset.xlsx"])) as archive:
        assert archive.testzip() is None
        assert {(e.compress_type, e.date_time[0], e.create_system) for e in archive.infolist()} == {(0, 1980, 3)}
    assert book.properties.created.year == 1980


def test_every_code_has_a_label() -> None:
    assert labels.ROLES.keys() == set(dataset.ROLES)
    assert labels.METHODS.keys() == set(dataset.METHODS)
    assert list(labels.SEVERITIES) == list(dataset.SEVERITIES)
    assert labels.FIELDS.keys() >= set(FIELD_NAMES)
    assert labels.KINDS.keys() == {*dataset.TARGET_KINDS, *UNIT_KINDS}
    assert labels.COMPARATORS.keys() == set(dataset.COMPARATORS)
    assert labels.CHANGES.keys() == set(dataset.CHANGES)
    assert labels.CHANGE_KINDS.keys() == set(CHANGE_KINDS)
    assert labels.FIELDS.keys() >= {*TASK_FIELDS, *DOCUMENT_FIELDS}


def test_datapackage_describes_the_csv_files(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    assert package["name"] == "320404-2026-zfgzbg"
    assert package["contributors"] == [{"title": "常州市钟楼区人民政府办公室", "role": "publisher"}]
    assert [resource["name"] for resource in package["resources"]] == [table.name for table in PUBLISHED]
    for resource, table in zip(package["resources"], PUBLISHED, strict=True):
        data = files[resource["path"]]
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert [field["name"] for field in resource["schema"]["fields"]] == list(table.column_names)
        assert resource["schema"]["primaryKey"] == list(table.key)
        assert len(resource["schema"].get("foreignKeys", [])) == len(table.references)


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    script = Path(writers_sample.__file__)
    subprocess.run([sys.executable, script, tmp_path], check=True, env=os.environ | elsewhere, cwd=tmp_path)
    directory = tmp_path / "2026" / "320404-2026-zfgzbg"
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == render(writers_sample.release())


def test_the_committed_data_dictionary_is_up_to_date() -> None:
    committed = dictionary.PATH.read_text(encoding="utf-8")
    assert committed == dictionary.markdown(), "run: python -m writers.dictionary"


def test_the_data_dictionary_names_every_column() -> None:
    text = dictionary.markdown()
    for table in PUBLISHED:
        assert f"## {table.name}\n" in text
        for column in table.columns:
            assert f"| {column.name} | {column.heading} | {column.type} |" in text
