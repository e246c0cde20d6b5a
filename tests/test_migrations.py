"""The database's schema over the versions: what the revisions make is what the definitions say, and rows stay."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import writers_sample
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from databases import engine_for, execute, expected, kind, query, rows_in

from normalizers.dataset import DATABASE_TABLES, PUBLISHED, TABLES
from writers import upgrade, views
from writers.errors import DatabaseError
from writers.migrations import impl
from writers.migrations.steps import create_missing
from writers.migrations.versions import r0001_fenjie_0_4_0, r0002_history_comparisons_views
from writers.schema import metadata
from writers.sql import Database
from writers.sql_parts import Words
from writers.sql_turns import turn

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "writers" / "migrations" / "versions"
#: Written by version 0.4.0 itself.
OLD = ROOT / "tests" / "data" / "database_0_4_0.sql"
#: The kinds that 0.4.0 wrote, without revisions.
OF_0_4_0 = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
ADVICE = """
normalizers/dataset*.py (or writers/schema.py) and the revisions in writers/migrations/versions no longer say the same.
Databases that people have would not get the change. Write a revision: docs/databases.md, "A change of the schema".
A revision that no published version of fenjie contains may be edited instead."""


def unmigrated(url: str, wanted: sa.MetaData) -> list[str]:
    """What a database with the newest revision lacks, or has too much, by the definitions."""
    assert impl.DuckDBImpl.__dialect__ == "duckdb"
    left_out = {"index", "foreign_key_constraint"} if kind(url) == "duckdb" else set()

    def is_ours(_object: Any, name: str | None, what: str, *_: Any) -> bool:
        return what not in left_out and (what != "table" or name in wanted.tables)

    with engine_for(url).connect() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        return [str(difference) for difference in compare_metadata(context, wanted)]


def test_the_revisions_make_what_the_definitions_say(schema_url: str) -> None:
    found = unmigrated(schema_url, metadata())
    assert not found, "\n".join(["", *found]) + ADVICE


def structure(url: str) -> dict[str, Any]:
    """Everything that SQLite tells of its tables."""
    inspector = sa.inspect(engine_for(url))
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
            "key": inspector.get_pk_constraint(name)["constrained_columns"],
            "references": sorted(str(key) for key in inspector.get_foreign_keys(name)),
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(name)),
            "indexes": sorted((str(i["name"]), i["column_names"]) for i in inspector.get_indexes(name)),
        }
        for name in sorted(inspector.get_table_names())
        if name != upgrade.VERSION_TABLE
    }


def test_checks_and_keys_are_those_of_the_definitions_too(tmp_path: Path) -> None:
    """Alembic does not compare checks: a column that may have a new value is a change of the schema as well."""
    migrated, defined = f"sqlite:///{tmp_path}/migrated.db", f"sqlite:///{tmp_path}/defined.db"
    with Database(migrated) as database:
        database.create()
    metadata().create_all(engine_for(defined))
    assert structure(migrated) == structure(defined), ADVICE


def test_a_column_that_no_revision_makes_is_found(schema_url: str) -> None:
    wanted = metadata()
    wanted.tables["tasks"].append_column(sa.Column("mood", Words, comment="x"))
    wanted.tables["targets"].c.phrase.nullable = True
    wanted.tables["targets"].c.value.type = sa.Integer()
    found = "\n".join(unmigrated(schema_url, wanted))
    assert "add_column" in found
    assert "mood" in found
    assert "modify_nullable" in found
    assert "modify_type" in found


def test_views_that_changed_have_a_revision() -> None:
    assert views.fingerprint() == r0002_history_comparisons_views.VIEWS, (
        "The queries of writers/views.py changed, and databases that people have would keep the old views: write a "
        "revision, if only an empty one, and set its VIEWS to views.fingerprint() (docs/databases.md)"
    )


def test_the_revisions_are_named_in_the_package_in_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(revisions)) == upgrade.REVISIONS
    assert f"r{upgrade.HEAD}_" in r0002_history_comparisons_views.__name__


def make_old(url: str) -> None:
    """Make a database as version 0.4.0 did, with the rows of the sample."""
    if kind(url) == "sqlite":
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(exist_ok=True)
        with closing(sqlite3.connect(path)) as connection, OLD.open(encoding="utf-8", newline="") as script:
            connection.executescript(script.read())
        return
    with engine_for(url).begin() as connection:
        r0001_fenjie_0_4_0.SCHEMA.create_all(connection)
        for table in TABLES:
            rows = [dict(row) for row in writers_sample.release().tables[table.name]]
            connection.execute(r0001_fenjie_0_4_0.SCHEMA.tables[table.name].insert(), rows)


def rows_of_0_4_0() -> dict[str, Any]:
    """The rows of the sample, without those of the history, which version 0.4.0 did not write."""
    return expected(writers_sample.release()) | {table.name: [] for table in PUBLISHED if table not in TABLES}


@OF_0_4_0
def test_a_database_of_0_4_0_is_recognised_and_keeps_its_rows(database_url: str) -> None:
    make_old(database_url)
    with Database(database_url) as database:
        database.check()
        assert database.sources() == {"320404-2026-zfgzbg": "0" * 64}
        assert upgrade.VERSION_TABLE not in sa.inspect(engine_for(database_url)).get_table_names()
        database.create()
        database.check()
        assert rows_in(database_url) == rows_of_0_4_0()
        assert query(database_url, f"SELECT version_num FROM {upgrade.VERSION_TABLE}") == [(upgrade.HEAD,)]
        assert query(database_url, "SELECT lead_units FROM view_tasks WHERE task_no = 2") == [
            ("区发改局、区财政局（国资办）",)
        ]
        assert unmigrated(database_url, metadata()) == []
        changed = writers_sample.variant("changed")
        database.replace([changed])
        assert rows_in(database_url) == expected(changed)


@OF_0_4_0
@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("ALTER TABLE documents DROP COLUMN publisher", "its table documents lacks publisher"),
        ("ALTER TABLE tasks ADD COLUMN mood TEXT", "its table tasks has the unknown column mood"),
        ("DROP TABLE provenance", "it has no table provenance"),
    ],
)
def test_tables_of_another_version_are_refused(database_url: str, change: str, problem: str) -> None:
    """Those of an older version than 0.4.0, or of another program: no revision tells what they are."""
    make_old(database_url)
    execute(database_url, change)
    with Database(database_url) as database:
        for action in (database.check, database.create):
            with pytest.raises(DatabaseError, match=f"made by another version of fenjie: {problem}.*run again"):
                action()
    assert upgrade.VERSION_TABLE not in sa.inspect(engine_for(database_url)).get_table_names()


def test_a_table_with_another_key_is_refused(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    columns = ", ".join(
        f"{column.name} {'TEXT' if column.type == 'string' else 'INTEGER'}" for column in TABLES[0].columns
    )
    execute(database_url, f"CREATE TABLE documents ({columns})")
    with Database(database_url) as database, pytest.raises(DatabaseError, match="documents has other keys"):
        database.create()


def test_the_newest_revision_with_other_tables_is_refused(database_url: str) -> None:
    with Database(database_url) as database:
        database.create()
        database.check()
        execute(database_url, "ALTER TABLE tasks ADD COLUMN mood TEXT")
        for action in (database.check, database.create):
            with pytest.raises(DatabaseError, match=r"its table tasks has the unknown column mood.*run again"):
                action()


def test_a_database_of_a_newer_version_is_refused(schema_url: str) -> None:
    execute(schema_url, f"UPDATE {upgrade.VERSION_TABLE} SET version_num = '9999'")
    try:
        with Database(schema_url) as database:
            for action in (database.check, database.create):
                with pytest.raises(DatabaseError, match=r"newer version.*revision 9999.*knows 0001 to.*Update fenjie"):
                    action()
    finally:
        execute(schema_url, f"UPDATE {upgrade.VERSION_TABLE} SET version_num = '{upgrade.HEAD}'")


def test_other_tables_in_the_same_database_are_left_alone(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    execute(
        database_url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "INSERT INTO alembic_version VALUES ('another program')",
    )
    with Database(database_url) as database:
        database.create()
        database.check()
    assert query(database_url, "SELECT * FROM alembic_version") == [("another program",)]


def test_an_upgrade_that_was_interrupted_goes_on(database_url: str, tmp_path: Path) -> None:
    """MySQL and MariaDB keep what is done of a revision; all others take it back. Whatever is there must do."""
    (tmp_path / "new").mkdir()
    with engine_for(database_url).begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE {upgrade.VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
        tables = r0001_fenjie_0_4_0
        create_missing(connection, tables.DOCUMENTS, tables.TASKS)
    with Database(database_url) as database:
        database.check()
        database.create()
        database.replace([writers_sample.release()])
    assert rows_in(database_url) == expected(writers_sample.release())
    assert unmigrated(database_url, metadata()) == []


def test_views_that_are_missing_are_made(schema_url: str) -> None:
    with Database(schema_url) as database:
        database.replace([writers_sample.release()])
        execute(schema_url, "DROP VIEW view_tasks", "DROP VIEW view_targets")
        database.create()
    assert query(schema_url, "SELECT COUNT(*) FROM view_tasks") == [(3,)]
    assert query(schema_url, "SELECT COUNT(*) FROM view_targets") == [(2,)]
    assert rows_in(schema_url) == expected(writers_sample.release())


NEXT = """
import sqlalchemy as sa
from alembic import op
from writers import views
from writers.sql_parts import Words

revision = "0003"
down_revision = "0002"
VIEWS = ""


def upgrade() -> None:
    views.drop(op.get_bind())
    op.add_column("tasks", sa.Column("mood", Words))
    with op.batch_alter_table("documents") as batch:
        batch.alter_column("publisher", existing_type=Words(), nullable=False)
"""


def test_a_next_revision_changes_tables_that_others_refer_to(database_url: str, tmp_path: Path) -> None:
    """A new column, and one of the table that all others refer to made not null; SQLite has to write that one anew."""
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "r0003_mood.py").write_text(NEXT, encoding="utf-8")
    release = writers_sample.release()
    with Database(database_url) as database:
        database.create()
        database.replace([release])
        with turn(database._engine, "schema", upgrade=True) as connection:
            upgrade.upgrade(connection, metadata(), versions)
        with pytest.raises(DatabaseError, match="newer version"):
            database.check()
    assert rows_in(database_url) == expected(release)
    assert query(database_url, f"SELECT version_num FROM {upgrade.VERSION_TABLE}") == [("0003",)]
    columns = {column["name"]: column for column in sa.inspect(engine_for(database_url)).get_columns("documents")}
    assert columns["publisher"]["nullable"] is False
    assert query(database_url, "SELECT mood FROM tasks") == [(None,)] * 3
    assert query(database_url, "SELECT COUNT(*) FROM view_tasks") == [(3,)]
    with pytest.raises(sa.exc.DBAPIError):
        execute(database_url, "UPDATE documents SET publisher = NULL")


def test_every_table_is_made_by_a_revision() -> None:
    made = {*r0001_fenjie_0_4_0.SCHEMA.tables, *r0002_history_comparisons_views.SCHEMA.tables}
    assert made == {table.name for table in DATABASE_TABLES}


def test_a_draft_of_the_next_revision_would_be_empty() -> None:
    """As docs/databases.md has drafts made, but without a file."""
    command = [str(Path(sys.executable).with_name("alembic")), "check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "No new upgrade operations detected" in result.stdout, result.stdout + result.stderr + ADVICE
