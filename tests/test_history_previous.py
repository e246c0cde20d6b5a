"""The release before is read back exactly as it was written, from files or a database, or not at all."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import writers_sample

from flows.completing import complete, left_behind
from flows.ledger import Entry, Ledger
from flows.publishing import Desk
from flows.steps import plan_for
from normalizers.dataset import PUBLISHED
from normalizers.history import Tables, content_sha256
from normalizers.reference import DEFAULT_DIR
from writers.errors import WriteError
from writers.previous import heads, last_row, read, read_database, release_no, settled
from writers.publish import publish
from writers.release import Release, with_history
from writers.render import render
from writers.sql import Database

PLACE = Path("2026") / writers_sample.DOCUMENT_ID


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path / 'fenjie.db'}") as result:
        result.create()
        yield result


def second() -> Release:
    """A second release, with everything in it that is awkward to write, also in its history."""
    return with_history(writers_sample.release(), writers_sample.variant("=第一\r\n版").tables)


def in_any_order(tables: Tables) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    return {
        name: sorted(tuple((key, repr(value)) for key, value in row.items()) for row in rows)
        for name, rows in tables.items()
    }


def only_parquet(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        path.unlink()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_files_are_read_back_as_they_were_written(form: str, tmp_path: Path) -> None:
    release = second()
    publish(release, tmp_path)
    if form == "parquet":
        only_parquet(tmp_path / PLACE)
    found = read(tmp_path / PLACE)
    assert found is not None
    assert {name: list(rows) for name, rows in found.items()} == release.tables
    types = {name: [[type(value) for value in row.values()] for row in rows] for name, rows in found.items()}
    assert types == {n: [[type(value) for value in row.values()] for row in rows] for n, rows in release.tables.items()}
    assert content_sha256(found) == release.tables["releases"][-1]["content_sha256"]


def test_a_database_gives_back_what_it_was_given(database: Database) -> None:
    release = second()
    database.replace([release])
    found = read_database(database, release.document_id)
    assert found is not None
    assert in_any_order(found) == in_any_order(release.tables)
    assert database.releases(release.document_id) == [
        (row["release_no"], row["content_sha256"]) for row in release.tables["releases"]
    ]
    assert read_database(database, "000000-2026-zfgzbg") is None
    assert database.releases("000000-2026-zfgzbg") == []


def test_what_comes_next_does_not_depend_on_where_it_was_read_from(database: Database, tmp_path: Path) -> None:
    release, third = second(), writers_sample.variant("第三版")
    wanted = render(with_history(third, release.tables))
    publish(release, tmp_path)
    database.replace([release])
    assert render(with_history(third, read_database(database, release.document_id))) == wanted
    assert render(with_history(third, read(tmp_path / PLACE))) == wanted
    only_parquet(tmp_path / PLACE)
    assert render(with_history(third, read(tmp_path / PLACE))) == wanted


@pytest.mark.parametrize("name", ["tasks.csv", "changes.csv", "releases.csv", "issues.csv"])
@pytest.mark.parametrize("how", ["edited", "cut", "gone", "empty"])
def test_a_damaged_file_is_not_believed(name: str, how: str, tmp_path: Path) -> None:
    release = second()
    publish(release, tmp_path)
    path = tmp_path / PLACE / name
    data = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"edited": data.replace(b"2", b"3"), "cut": data[:-20], "empty": b""}[how])
    # Parquet says the same.
    assert read(tmp_path / PLACE) == release.tables
    assert release_no(tmp_path / PLACE) == 2
    (tmp_path / PLACE / "tasks.parquet").write_bytes(b"PAR1")
    (tmp_path / PLACE / name.replace("csv", "parquet")).write_bytes(b"PAR1")
    with pytest.raises(WriteError, match="some were changed or are missing"):
        read(tmp_path / PLACE)


def test_values_that_were_changed_everywhere_are_found_out(tmp_path: Path) -> None:
    """The data package is changed as well, Parquet is gone: only the hash in the table of releases tells."""
    publish(second(), tmp_path)
    folder = tmp_path / PLACE
    (folder / "datapackage.json").unlink()
    for path in folder.glob("*.parquet"):
        path.unlink()
    assert read(folder) is not None
    path = folder / "tasks.csv"
    path.write_bytes(path.read_bytes().replace("稳中求进".encode(), "稳中求退".encode()))
    with pytest.raises(WriteError):
        read(folder)


def test_another_column_and_another_table_of_another_version_are_read(tmp_path: Path) -> None:
    """As a release would look that a later version published."""
    release = writers_sample.variant("1")
    rows = {name: [dict(row) for row in table] for name, table in release.tables.items()}
    for number, row in enumerate(rows["tasks"]):
        row["mood"] = number
    rows["mottos"] = [{"document_id": release.document_id, "motto": "实干", "weight": 1.5}]
    rows["releases"][0]["content_sha256"] = content_sha256(rows)
    folder = tmp_path / PLACE
    folder.mkdir(parents=True)
    for name, table in rows.items():
        lines = [",".join(table[0])] if table else []
        lines += [
            ",".join("" if v is None else '"' + str(v).replace('"', '""') + '"' for v in row.values()) for row in table
        ]
        (folder / f"{name}.csv").write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-8-sig"))
    (folder / "changes.csv").write_bytes(b"document_id\r\n")
    package = {"resources": [{"name": name, "hash": None} for name in rows]}
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    again = with_history(release, read(folder))
    assert [row["release_no"] for row in again.tables["releases"]] == [1, 2]
    assert again.tables["releases"][1]["tables_changed"] == "tasks,mottos"
    assert again.tables["changes"] == []


def test_no_release_is_none(tmp_path: Path) -> None:
    assert read(tmp_path / "missing") is None
    assert last_row(tmp_path / "missing") is None
    (tmp_path / ".hidden").touch()
    assert read(tmp_path) is None
    assert release_no(tmp_path) is None


def test_the_last_row_is_told_without_the_rest(tmp_path: Path) -> None:
    publish(second(), tmp_path)
    for name in ("tasks.csv", "tasks.parquet"):
        (tmp_path / PLACE / name).unlink()
    row = last_row(tmp_path / PLACE)
    assert row is not None
    assert (row["release_no"], row["n_tasks"], row["tasks_added"]) == (2, 3, 1)


# What is published is settled with the folder and the database, whatever happened to either.


def publish_all(release: Release, outputs: Path, database: Database) -> Release:
    """As an ingest does: prepared with what the folder says, settled, into the database, into the folder."""
    with suppress(WriteError):
        release = with_history(release, read(outputs / PLACE))
    final = settled(release, outputs, database).release
    database.replace([final])
    publish(final, outputs)
    return final


def numbers(release: Release) -> list[int]:
    return [row["release_no"] for row in release.tables["releases"]]


def test_in_the_usual_case_nothing_is_settled_anew(database: Database, tmp_path: Path) -> None:
    for count, name in enumerate(("1", "2", "2", "3")):
        release = with_history(writers_sample.variant(name), read(tmp_path / PLACE))
        assert settled(release, tmp_path, database) == (release, None)
        database.replace([release])
        publish(release, tmp_path)
        assert numbers(release) == [[1], [1, 2], [1, 2], [1, 2, 3]][count]


def test_killed_between_database_and_files_the_next_run_gets_there(database: Database, tmp_path: Path) -> None:
    first = publish_all(writers_sample.variant("1"), tmp_path, database)
    second = with_history(writers_sample.variant("2"), first.tables)
    database.replace([second])
    again = publish_all(writers_sample.variant("2"), tmp_path, database)
    assert render(again) == render(second)
    assert read(tmp_path / PLACE) == second.tables
    assert content_of(database) == in_any_order(second.tables)


def test_a_number_that_the_database_told_is_not_given_twice(database: Database, tmp_path: Path) -> None:
    """Killed between database and files, and before the next run the source changes again."""
    first = publish_all(writers_sample.variant("1"), tmp_path, database)
    second = with_history(writers_sample.variant("2"), first.tables)
    database.replace([second])
    third = publish_all(writers_sample.variant("3"), tmp_path, database)
    assert render(third) == render(with_history(writers_sample.variant("3"), second.tables))
    assert numbers(third) == [1, 2, 3]


def test_the_history_of_a_deleted_folder_is_taken_from_the_database(database: Database, tmp_path: Path) -> None:
    first = publish_all(writers_sample.variant("1"), tmp_path, database)
    second = publish_all(writers_sample.variant("2"), tmp_path, database)
    files = render(second)
    shutil.rmtree(tmp_path / PLACE)
    assert render(publish_all(writers_sample.variant("2"), tmp_path, database)) == files
    shutil.rmtree(tmp_path / PLACE)
    third = publish_all(writers_sample.variant("3"), tmp_path, database)
    assert render(third) == render(with_history(writers_sample.variant("3"), second.tables))
    assert first.document_id == third.document_id


def test_a_new_database_gets_the_whole_history(database: Database, tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path / 'first.db'}") as other:
        other.create()
        publish_all(writers_sample.variant("1"), tmp_path, other)
        publish_all(writers_sample.variant("2"), tmp_path, other)
    final = publish_all(writers_sample.variant("2"), tmp_path, database)
    assert numbers(final) == [1, 2]
    assert content_of(database) == in_any_order(final.tables)


def test_a_damaged_folder_is_put_right_by_the_database(database: Database, tmp_path: Path) -> None:
    publish_all(writers_sample.variant("1"), tmp_path, database)
    second = publish_all(writers_sample.variant("2"), tmp_path, database)
    for name in ("tasks.csv", "tasks.parquet"):
        (tmp_path / PLACE / name).write_bytes(b"x")
    third = publish_all(writers_sample.variant("3"), tmp_path, database)
    assert render(third) == render(with_history(writers_sample.variant("3"), second.tables))


def test_a_damaged_folder_that_no_database_knows_stops_the_document(database: Database, tmp_path: Path) -> None:
    publish_all(writers_sample.variant("1"), tmp_path, database)
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        new.create()
        for name in ("tasks.csv", "tasks.parquet"):
            (tmp_path / PLACE / name).write_bytes(b"x")
        with pytest.raises(WriteError, match="Put the folder back from a backup"):
            publish_all(writers_sample.variant("3"), tmp_path, new)
        assert new.releases(writers_sample.DOCUMENT_ID) == []


def test_rows_that_had_no_numbers_yet_are_the_first_release(database: Database, tmp_path: Path) -> None:
    """A database of version 0.4.0 that was upgraded, and its folder is gone."""
    first = publish_all(writers_sample.variant("1"), tmp_path, database)
    with sqlite3.connect(tmp_path / "fenjie.db") as connection:
        connection.execute("delete from releases")
    shutil.rmtree(tmp_path / PLACE)
    second = publish_all(writers_sample.variant("2"), tmp_path, database)
    assert render(second) == render(with_history(writers_sample.variant("2"), first.tables))
    assert numbers(second) == [1, 2]


@pytest.mark.parametrize("folder", ["gone", "older"])
def test_rows_that_somebody_edited_begin_no_second_history(folder: str, database: Database, tmp_path: Path) -> None:
    """Only the database has the last release, and it is not the one that was published: nothing is compared with it."""
    publish_all(writers_sample.variant("1"), tmp_path / "outputs", database)
    shutil.copytree(tmp_path / "outputs", tmp_path / "older")
    second = publish_all(writers_sample.variant("2"), tmp_path / "outputs", database)
    outputs = tmp_path / folder
    with sqlite3.connect(tmp_path / "fenjie.db") as connection:
        connection.execute("update tasks set content = '另写' where task_no = 1")
    with pytest.raises(WriteError, match="only the database has the last release"):
        publish_all(writers_sample.variant("3"), outputs, database)
    assert database.releases(second.document_id) == heads(second.tables)
    # The content that was published there is known by its hash: it puts both right.
    again = publish_all(writers_sample.variant("2"), outputs, database)
    assert render(again) == render(second)
    assert content_of(database) == in_any_order(second.tables)
    assert numbers(publish_all(writers_sample.variant("3"), outputs, database)) == [1, 2, 3]


def test_a_database_from_a_backup_gets_the_releases_whose_source_is_gone(database: Database, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    publish_all(writers_sample.variant("1"), outputs, database)
    shutil.copytree(outputs, tmp_path / "older")
    shutil.copyfile(tmp_path / "fenjie.db", tmp_path / "backup.db")
    second = publish_all(writers_sample.variant("2"), outputs, database)
    (tmp_path / "raw").mkdir()
    with Database(f"sqlite:///{tmp_path / 'backup.db'}") as backup:
        desk = Desk(plan_for(outputs, DEFAULT_DIR, "v"), backup, "backup", Ledger(outputs))
        assert complete(desk, tmp_path / "raw") == []
        assert content_of(backup) == in_any_order(second.tables)
    # The other way round nobody can make the files; it is said.
    older = Desk(plan_for(tmp_path / "older", DEFAULT_DIR, "v"), database, "here", Ledger(tmp_path / "older"))
    (said,) = complete(older, tmp_path / "raw")
    assert "the database has release 2" in said
    assert content_of(database) == in_any_order(second.tables)


def test_a_new_database_gets_releases_that_no_run_makes_again(database: Database, tmp_path: Path) -> None:
    """The source of one is gone, that of the other is still there: it will be made again."""
    outputs, raw, name = tmp_path / "outputs", tmp_path / "raw", "2026/a.txt"
    with Database(f"sqlite:///{tmp_path / 'first.db'}") as other:
        other.create()
        publish_all(writers_sample.variant("1"), outputs, other)
        second = publish_all(writers_sample.variant("2"), outputs, other)
    ledger = Ledger(outputs)
    ledger.entries[name] = Entry("1", "v", "published", writers_sample.DOCUMENT_ID, 2026)
    desk = Desk(plan_for(outputs, DEFAULT_DIR, "v"), database, "new", ledger)
    (raw / "2026").mkdir(parents=True)
    (raw / name).touch()
    assert complete(desk, raw) == []
    assert database.sources() == {}
    (raw / name).unlink()
    assert complete(desk, raw) == []
    assert content_of(database) == in_any_order(second.tables)
    with Database(f"sqlite:///{tmp_path / 'third.db'}") as third:
        third.create()
        for file in ("tasks.csv", "tasks.parquet"):
            (outputs / PLACE / file).write_bytes(b"x")
        (said,) = complete(replace(desk, database=third), raw)
        assert "some were changed or are missing" in said


def test_a_release_whose_file_is_another_document_now_is_named(tmp_path: Path) -> None:
    publish(writers_sample.release(), tmp_path)
    ledger = Ledger(tmp_path)
    ledger.entries["2026/a.txt"] = Entry("1", "v", "published", writers_sample.DOCUMENT_ID, 2026)
    before = dict(ledger.entries)
    assert left_behind(before, ledger) == []
    ledger.entries["2026/a.txt"] = Entry("2", "v", "published", "320404-2024-zfgzbg", 2024)
    (said,) = left_behind(before, ledger)
    assert said.startswith(f"2026/a.txt is 320404-2024-zfgzbg now. {writers_sample.DOCUMENT_ID}")
    assert str(tmp_path / PLACE) in said
    ledger.entries["2026/b.txt"] = before["2026/a.txt"]
    assert left_behind(before, ledger) == [], "another file is that document"


def test_a_database_with_another_past_gets_that_of_the_folder(database: Database, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        publish_all(writers_sample.variant(name), tmp_path / "elsewhere", database)
    with Database(f"sqlite:///{tmp_path / 'own.db'}") as own:
        own.create()
        publish_all(writers_sample.variant("1"), tmp_path, own)
    final = publish_all(writers_sample.variant("2"), tmp_path, database)
    assert numbers(final) == [1, 2]
    assert content_of(database) == in_any_order(final.tables)


def test_what_was_prepared_before_somebody_else_published_is_settled(database: Database, tmp_path: Path) -> None:
    publish_all(writers_sample.variant("1"), tmp_path, database)
    prepared = with_history(writers_sample.variant("3"), read(tmp_path / PLACE))
    second = publish_all(writers_sample.variant("2"), tmp_path, database)
    final = settled(prepared, tmp_path, database).release
    assert render(final) == render(with_history(writers_sample.variant("3"), second.tables))
    shutil.rmtree(tmp_path / PLACE)
    with Database(f"sqlite:///{tmp_path / 'new.db'}") as new:
        new.create()
        assert numbers(settled(prepared, tmp_path, new).release) == [1]


def content_of(database: Database) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    return in_any_order(database.rows(writers_sample.DOCUMENT_ID))


def test_every_published_table_is_read_back(database: Database) -> None:
    database.replace([second()])
    assert list(database.rows(writers_sample.DOCUMENT_ID)) == [table.name for table in PUBLISHED]
