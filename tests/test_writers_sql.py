"""The same tests against SQLite and DuckDB, and against PostgreSQL and MariaDB servers that the tests start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import writers_killed
import writers_sample
from databases import SERVERS, execute, expected, inspecting, kind, other_document, query, rows_in

from normalizers.dataset import DATABASE_TABLES
from normalizers.table_def import Column, TableDef
from writers.errors import DatabaseError
from writers.previous import read_database
from writers.release import Release, with_history
from writers.sql import Database
from writers.sql_parts import CODE_LENGTH

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def url(schema_url: str) -> str:
    return schema_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url) as opened:
        yield opened


def test_rows_read_back_the_same(database: Database, url: str) -> None:
    release = writers_sample.release()
    database.replace([release])
    assert rows_in(url) == expected(release)


def with_leaders(release: Release, *names: str) -> Release:
    """The release with other leaders of its first task."""
    first = release.tables["task_leaders"][0]
    rows = [first | {"position": position, "leader": name} for position, name in enumerate(names, 1)]
    return replace(release, tables={**release.tables, "task_leaders": rows})


def test_texts_are_compared_as_they_are(database: Database, url: str) -> None:
    """A collation may hold a capital for its small letter, and a blank at the end for nothing."""
    names = ("区发改局", "区发改局 ", "Aé", "ae", "AE", "🚀", "𠮷", "吉", 'it\'s 100% \\ "so"', "x" * 70_000)
    database.replace([with_leaders(writers_sample.release(), *names)])
    assert sorted(row[0] for row in query(url, "SELECT leader FROM task_leaders")) == sorted(names)
    counts = "SELECT leader FROM task_leaders GROUP BY leader"
    assert len(query(url, counts)) == len(names)
    assert query(url, "SELECT position FROM task_leaders WHERE leader = '区发改局'") == [(1,)]
    assert query(url, "SELECT position FROM task_leaders WHERE leader = 'ae'") == [(4,)]


def test_numbers_read_back_exactly(database: Database, url: str) -> None:
    release = writers_sample.release()
    values = (0.1, 1 / 3, 12345678.901234567, 1e-7, -2.5e300, 0.0)
    first = release.tables["targets"][0]
    rows = [first | {"position": position, "value": value} for position, value in enumerate(values, 1)]
    database.replace([replace(release, tables={**release.tables, "targets": rows})])
    assert tuple(row[0] for row in query(url, "SELECT value FROM targets ORDER BY position")) == values


def test_a_release_is_read_back_with_its_history(database: Database) -> None:
    """What comes next is compared with it: values and types are those that were written, in any order of rows."""
    release = with_history(writers_sample.release(), writers_sample.variant("first").tables)
    database.replace([release, other_document(writers_sample.release(), "110101-2026-zfgzbg")])
    found = read_database(database, release.document_id)
    assert found is not None
    assert {name: sorted(map(repr, rows)) for name, rows in found.items()} == {
        name: sorted(map(repr, rows)) for name, rows in release.tables.items()
    }
    following = writers_sample.variant("third")
    assert with_history(following, found).tables == with_history(following, release.tables).tables
    heads = [(row["release_no"], row["content_sha256"]) for row in release.tables["releases"]]
    assert database.releases(release.document_id) == heads


def test_replacing_twice_leaves_the_same_rows(database: Database, url: str) -> None:
    release = writers_sample.release()
    database.replace([release])
    database.create()
    database.replace([release])
    assert rows_in(url) == expected(release)


def test_a_changed_document_loses_its_old_rows_and_others_keep_theirs(database: Database, url: str) -> None:
    other = other_document(writers_sample.release(), "320404-2025-zfgzbg")
    database.replace([writers_sample.release(), other])
    changed = writers_sample.variant("changed")
    database.replace([changed])
    assert rows_in(url) == expected(changed, other)


def compared(earlier_id: str, later_id: str, *tasks: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of a comparison that has nothing but new tasks."""
    definition = next(table for table in DATABASE_TABLES if table.name == "compared_tasks")
    pair = {"earlier_id": earlier_id, "later_id": later_id, "match": "new"}
    empty = dict.fromkeys(definition.column_names)
    rows = [empty | pair | {"position": n, "later_task_id": task} for n, task in enumerate(tasks, 1)]
    return {"compared_tasks": rows}


def test_a_comparison_takes_the_place_of_the_one_before_and_others_stay(database: Database, url: str) -> None:
    database.replace_comparison(compared("a", "c", "c-1", "c-2"), "a", "c")
    database.replace_comparison(compared("b", "c", "c-3"), "b", "c")
    database.replace_comparison(compared("a", "c", "c-4"), "a", "c")
    rows = query(url, "SELECT earlier_id, later_task_id FROM compared_tasks ORDER BY earlier_id, position")
    assert rows == [("a", "c-4"), ("b", "c-3")]


def test_a_document_is_withdrawn_with_its_comparisons_and_others_stay(database: Database, url: str) -> None:
    release = writers_sample.release()
    other = other_document(release, "320404-2025-zfgzbg")
    for gone in ((release.document_id, "c"), ("b", release.document_id), ("b", "c")):
        database.replace_comparison(compared(*gone, "1"), *gone)
    database.replace([with_history(release, writers_sample.variant("1").tables), other])
    database.withdraw(release.document_id)
    assert query(url, "SELECT earlier_id, later_id FROM compared_tasks") == [("b", "c")]
    database.replace_comparison({}, "b", "c")
    assert rows_in(url) == expected(other)


def test_a_failure_amid_a_release_leaves_the_old_rows(database: Database, url: str) -> None:
    release = writers_sample.release()
    database.replace([release])
    broken = writers_sample.variant("broken")
    provenance = [*broken.tables["provenance"][:-1], broken.tables["provenance"][-1] | {"method": "guessed"}]
    with pytest.raises(DatabaseError, match=r"(?i)constraint.*failed|violates check constraint") as caught:
        database.replace([replace(broken, tables={**broken.tables, "provenance": provenance})])
    assert "If another version of fenjie made this database" in str(caught.value)
    assert rows_in(url) == expected(release)
    database.replace([broken])
    assert rows_in(url) == expected(broken)


def test_killed_at_any_moment_the_old_rows_or_the_new_ones_are_there(database: Database, url: str) -> None:
    variants = [writers_sample.variant(name) for name in writers_killed.RELEASES]
    database.replace(variants[:1])
    command = [sys.executable, writers_killed.__file__, "database", url]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(10):
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "killed\n"
            assert rows_in(url) in [expected(release) for release in variants]
    database.replace([writers_sample.release()])
    assert rows_in(url) == expected(writers_sample.release())


@pytest.mark.parametrize("schema_url", ["sqlite", *SERVERS], indirect=True)  # DuckDB has no foreign keys here
def test_a_reference_to_no_task_is_refused(database: Database, url: str) -> None:
    release = writers_sample.release()
    known = release.tables["task_leaders"]
    leaders = [*known, {**known[0], "task_id": "320404-2026-zfgzbg-9"}]
    with pytest.raises(DatabaseError, match=r"(?i)foreign key"):
        database.replace([replace(release, tables={**release.tables, "task_leaders": leaders})])
    assert rows_in(url) == expected()


def test_sources_tell_what_each_document_was_read_from(database: Database) -> None:
    assert database.sources() == {}
    release = writers_sample.release()
    database.replace([release, other_document(release, "320404-2025-zfgzbg")])
    assert database.sources() == {"320404-2025-zfgzbg": "0" * 64, "320404-2026-zfgzbg": "0" * 64}


def test_a_database_without_tables_is_looked_at_and_left_alone(database_url: str, tmp_path: Path) -> None:
    with Database(database_url) as database:
        assert database.sources() == {}
        assert not (tmp_path / "new").exists()
        (tmp_path / "new").mkdir()
        database.check()
        assert database.sources() == {}
    assert sum(path.stat().st_size for path in (tmp_path / "new").iterdir()) == 0


def test_keys_types_and_references_are_declared(database: Database, url: str) -> None:
    assert database.url.startswith(("sqlite:///", "duckdb:///", "postgresql+psycopg://", "mysql+pymysql://"))
    with inspecting(url) as inspector:
        for table in DATABASE_TABLES:
            check_table(url, inspector, table)


def check_table(url: str, inspector: sa.Inspector, table: TableDef) -> None:
    """A table has its columns, keys, references, checks and indexes."""
    columns = {column["name"]: column for column in inspector.get_columns(table.name)}
    assert tuple(columns) == table.column_names
    for column in table.columns:
        check_column(url, column, columns[column.name], column.name in table.key)
    assert tuple(inspector.get_pk_constraint(table.name)["constrained_columns"]) == table.key
    checked = inspector.get_check_constraints(table.name)
    assert len(checked) == sum(1 for column in table.columns if column.values)
    if kind(url) == "duckdb":
        return
    assert {check["name"] for check in checked} == {
        f"ck_{table.name}_{column.name}" for column in table.columns if column.values
    }
    found = {
        (key["constrained_columns"][0], f"{key['referred_table']}.{key['referred_columns'][0]}")
        for key in inspector.get_foreign_keys(table.name)
    }
    assert found == set(table.references)
    indexed = {index["column_names"][0] for index in inspector.get_indexes(table.name)}
    assert indexed | {table.key[0]} >= {column for column, _ in table.references}


def check_column(url: str, wanted: Column, found: Any, in_key: bool) -> None:
    """A column has its type and its comment, and is null only where it may be."""
    kinds = {"string": sa.String, "integer": sa.Integer, "number": sa.Double}
    made = found["type"]
    assert issubclass(type(made), kinds[wanted.type])
    assert found["nullable"] == wanted.nullable
    if kind(url) != "sqlite":
        assert found["comment"] == f"{wanted.heading}. {wanted.description}"
    if kind(url) == "mariadb" and wanted.type == "string":
        assert made.collation == "utf8mb4_nopad_bin"
        assert not in_key or made.length == CODE_LENGTH


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("tasks", ["document_id", "task_no"]),
        ("task_leaders", ["leader"]),
        ("task_units", ["unit_id"]),
        ("task_units", ["unit_name"]),
        ("issues", ["rule"]),
        ("issues", ["severity"]),
        ("changes", ["task_id"]),
    ],
)
def test_what_people_look_up_has_an_index(tmp_path: Path, table: str, columns: list[str]) -> None:
    url = f"sqlite:///{tmp_path}/fenjie.db"
    with Database(url) as database:
        database.create()
    with inspecting(url) as inspector:
        assert columns in [index["column_names"] for index in inspector.get_indexes(table)]


def test_writing_without_tables_says_what_to_do(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with Database(database_url) as database, pytest.raises(DatabaseError, match="Create the tables first"):
        database.replace([writers_sample.release()])


def test_an_index_is_no_limit_to_a_text(database: Database, url: str) -> None:
    """What a damaged page yields as a name may be longer than what an index can hold, and hard to compress."""
    name = "".join(chr(0x4E00 + 7919 * n % 20_000) for n in range(5_000))
    database.replace([with_leaders(writers_sample.release(), name)])
    assert query(url, f"SELECT position FROM task_leaders WHERE leader = '{name}'") == [(1,)]


def test_an_identifier_that_is_too_long_is_refused_not_cut_off(database: Database, url: str) -> None:
    release = writers_sample.release()
    long = other_document(release, "320404-2026-" + "z" * CODE_LENGTH)
    if kind(url) == "mariadb":
        with pytest.raises(DatabaseError, match="Data too long for column"):
            database.replace([long])
        assert rows_in(url) == expected()
    else:
        database.replace([long])
        assert rows_in(url) == expected(long)


@pytest.mark.parametrize("schema_url", SERVERS, indirect=True)
def test_a_dropped_connection_is_made_anew(database: Database, url: str) -> None:
    database.check()
    if kind(url) == "postgresql":
        execute(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    if kind(url) == "mariadb":
        for (number,) in query(url, "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID()"):
            execute(url, f"KILL {number}")
    database.replace([writers_sample.release()])
    assert database.sources()


def test_all_kinds_hold_the_same_tables(database: Database, url: str) -> None:
    names = {table.name for table in DATABASE_TABLES} | {"fenjie_version"}
    with inspecting(url) as inspector:
        assert set(inspector.get_table_names()) == names
    database.check()


def test_sqlite_is_one_file_that_can_be_copied(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path}/fenjie.db") as database:
        database.create()
        database.replace([writers_sample.release()])
        assert [path.name for path in tmp_path.iterdir()] == ["fenjie.db"]
    with Database(f"duckdb:///{tmp_path}/fenjie.duckdb") as database:
        database.create()
        database.replace([writers_sample.release()])
        assert sorted(path.name for path in tmp_path.iterdir()) == ["fenjie.db", "fenjie.duckdb"]
