"""The views, against rows worked out by hand from a small document, in every kind of database."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import writers_sample
from databases import engine_for, execute, query

from extractors.model import Provenance
from normalizers.records import DateSpan, Field, Identity, Issue, Leader, NormalizedDocument, TaskRecord, Unit
from writers.release import build
from writers.sql import Database
from writers.views import VIEWS

_PLACE = (Provenance(1, None, "1"),)
_DEVELOPMENT = Unit("区发改局", "320404-fgj", "区发改局")
#: The same organisation under an older name, and one that the roster does not know.
_FORMER = Unit("区发改委", "320404-fgj", "区发改局")
_STRANGER = Unit("某某专班")
_TOWNS = Unit("各镇（街道）", "320404-zj", "各镇（街道）")
_WANG = Leader("王旭锋", "320404-wxf", "王旭锋")
_POST = Leader("副区长")


def field(value: Any) -> Field[Any]:
    return Field(value, str(value), _PLACE)


def task(
    number: int, leaders: tuple[Leader, ...], lead: tuple[Unit, ...], support: tuple[Unit, ...], **more: Any
) -> TaskRecord:
    return TaskRecord(
        table_no=1,
        task_no=field(number),
        content=field(f"任务{number}"),
        category_no=field(1),
        category=field("主要预期目标"),
        subcategory=field(None),
        leaders=field(leaders),
        lead_units=field(lead),
        support_units=field(support),
        deadline=field("6月底"),
        remark=field(None),
        page_start=1,
        page_end=2,
        due=DateSpan(None, "2026-06-30"),
        **more,
    )


def document() -> NormalizedDocument:
    """Eleven organisations in a cell, in an order of their own; a task without leaders; one body in both roles."""
    target = replace(writers_sample.document().tasks[0].targets[0], phrase="增长5%", value=Decimal("5"))
    many = tuple(Unit(f"单位{n}") for n in (3, 11, 2, 1, 10, 5, 4, 9, 8, 7, 6))
    tasks = (
        task(1, (_POST, _WANG), (_DEVELOPMENT, _FORMER), many, targets=(target, replace(target, phrase="增长6%"))),
        task(2, (_WANG,), (_STRANGER, _DEVELOPMENT), (_DEVELOPMENT, _TOWNS)),
        task(10, (), (), (_DEVELOPMENT, _FORMER)),
    )
    identity = Identity(
        document_id="320404-2026-zfgzbg",
        region_code="320404",
        region="常州市钟楼区",
        year=2026,
        kind="zfgzbg",
        title="标题",
        publisher=None,
        source_file="2026/x.txt",
        source_url=None,
        source_sha256="0" * 64,
    )
    issues = (Issue("unit-unknown", "info", "不在名录中", 2, "lead_units"), Issue("text-long", "info", "长", 2))
    return NormalizedDocument(identity, "txt", 2, "标题", tasks, issues)


@pytest.fixture
def url(schema_url: str) -> str:
    with Database(schema_url) as database:
        database.replace([build(document())])
    return schema_url


_DOCUMENT = ("320404-2026-zfgzbg", "320404", "常州市钟楼区", 2026)


def test_a_task_in_one_row(url: str) -> None:
    columns = "task_id, region, year, task_no, leaders, lead_units, support_units, n_targets, n_issues, deadline_to"
    rows = query(url, f"SELECT {columns} FROM view_tasks ORDER BY task_no")
    printed = "单位3、单位11、单位2、单位1、单位10、单位5、单位4、单位9、单位8、单位7、单位6"
    place, due = ("常州市钟楼区", 2026), "2026-06-30"
    assert rows == [
        ("320404-2026-zfgzbg-1", *place, 1, "副区长、王旭锋", "区发改局、区发改委", printed, 2, 0, due),
        ("320404-2026-zfgzbg-2", *place, 2, "王旭锋", "某某专班、区发改局", "区发改局、各镇（街道）", 0, 2, due),
        ("320404-2026-zfgzbg-10", *place, 10, None, None, "区发改局、区发改委", 0, 0, due),
    ]


def test_the_load_of_an_organisation(url: str) -> None:
    """A task counts once for a body that it names twice, and once in all for one in both roles."""
    rows = query(url, "SELECT * FROM view_unit_load WHERE unit NOT LIKE '单位%'")
    assert len(rows) == 3
    assert set(rows) == {
        (*_DOCUMENT, "320404-zj", "各镇（街道）", 0, 1, 1),
        (*_DOCUMENT, "320404-fgj", "区发改局", 2, 2, 3),
        (*_DOCUMENT, None, "某某专班", 1, 0, 1),
    }
    assert query(url, "SELECT COUNT(*), SUM(tasks) FROM view_unit_load WHERE unit LIKE '单位%'") == [(11, 11)]


def test_the_load_of_a_leader(url: str) -> None:
    rows = query(url, "SELECT * FROM view_leader_load")
    assert len(rows) == 2
    assert set(rows) == {(*_DOCUMENT, None, "副区长", 1), (*_DOCUMENT, "320404-wxf", "王旭锋", 2)}


def test_targets_with_their_document_and_task(url: str) -> None:
    columns = "task_id, position, year, task_no, category, leaders, lead_units, phrase, value"
    rows = query(url, f"SELECT {columns} FROM view_targets ORDER BY position")
    of = ("主要预期目标", "副区长、王旭锋", "区发改局、区发改委")
    assert rows == [
        ("320404-2026-zfgzbg-1", 1, 2026, 1, *of, "增长5%", 5.0),
        ("320404-2026-zfgzbg-1", 2, 2026, 1, *of, "增长6%", 5.0),
    ]


def test_every_column_of_a_view_has_a_name_and_where_possible_a_chinese_heading(schema_url: str) -> None:
    engine = engine_for(schema_url)
    inspector = sa.inspect(engine)
    for view in VIEWS:
        wanted = [column.name for column in view.query(engine.dialect.name).selected_columns]
        found = query_columns(engine, view.name)
        assert found == wanted
    assert set(inspector.get_view_names()) >= {view.name for view in VIEWS}
    if engine.dialect.name == "postgresql":
        comments = {column["name"]: column["comment"] for column in inspector.get_columns("view_unit_load")}
        assert comments["lead_tasks"] == "牵头任务数"
        assert comments["region"] == "地区"
        described = query(schema_url, "SELECT obj_description('view_unit_load'::regclass)")
        assert str(described[0][0]).startswith("单位任务量. One row per")
    if engine.dialect.name == "duckdb":
        described = query(schema_url, "SELECT comment FROM duckdb_views() WHERE view_name = 'view_unit_load'")
        assert str(described[0][0]).startswith("单位任务量. One row per")


def test_the_queries_of_the_manual_work_everywhere(url: str) -> None:
    page = (Path(__file__).parent.parent / "docs" / "databases.md").read_text(encoding="utf-8")
    queries = [text for block in re.findall(r"```sql\n(.*?)```", page, re.S) for text in block.split(";\n") if text]
    execute(url, "CREATE TABLE taken (document_id VARCHAR(200), release_no INTEGER)")
    try:
        found = [query(url, text) for text in queries]
    finally:
        execute(url, "DROP TABLE taken")
    lines, exactly, most, years, targets, new, touched = found
    assert [row[0] for row in lines] == [1, 2]
    assert [(role, number) for role, number, _ in exactly] == [
        ("lead", 1), ("lead", 1), ("lead", 2), ("support", 2), ("support", 10), ("support", 10),
    ]  # fmt: skip
    assert most[0] == ("区发改局", 2, 2)
    assert years == [(2026, 2)]
    assert new == [("320404-2026-zfgzbg", 1)]
    assert targets == touched == []


def query_columns(engine: sa.Engine, view: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(f"SELECT * FROM {view}")).keys())
