"""Asking a database what it holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import writers_sample

from writers.errors import DatabaseError
from writers.held import Held, address, held
from writers.release import with_history
from writers.sql import Database


@pytest.mark.parametrize(
    ("url", "remembered"),
    [
        ("sqlite:///outputs/fenjie.db", "sqlite:///outputs/fenjie.db"),
        ("postgresql://u:se:cr%40et@host:5432/x", "postgresql://u@host:5432/x"),
        ("postgresql://u@host/x?password=secret", "postgresql://u@host/x"),
    ],
)
def test_no_password_is_remembered(url: str, remembered: str) -> None:
    assert address(url) == remembered


def test_an_absent_an_empty_and_a_filled_file(tmp_path: Path) -> None:
    path = tmp_path / "数据 1.db"
    url = f"sqlite:///{path}"
    assert held(url) == {}
    assert not path.exists()
    with sqlite3.connect(path) as database:
        assert held(url) == {}
        database.execute("create table documents (document_id text, source_sha256 text)")
        database.execute("create table releases (document_id text, release_no integer, content_sha256 text)")
        database.execute("insert into documents values ('a', 'b'), ('c', 'd')")
        database.execute("insert into releases values ('a', 9, 'ix'), ('a', 10, 'x'), ('a', 1, 'i'), ('e', 1, 'y')")
    assert held(url) == {"a": Held("b", 10, "x"), "c": Held("d", None, None)}


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database, but a text of some length" * 40, encoding="utf-8")
    with pytest.raises(DatabaseError):
        held(f"sqlite:///{tmp_path / 'x.db'}")


def test_every_kind_of_database_tells_what_it_holds(schema_url: str) -> None:
    with Database(schema_url) as database:
        assert held(schema_url) == {}
        database.replace([with_history(writers_sample.variant("2"), writers_sample.variant("1").tables)])
        hashes = dict(database.releases("320404-2026-zfgzbg"))
    assert held(schema_url) == {"320404-2026-zfgzbg": Held("0" * 64, 2, hashes[2])}


def test_an_absent_duckdb_file_is_not_made_by_looking(tmp_path: Path) -> None:
    assert held(f"duckdb:///{tmp_path}/fenjie.duckdb") == {}
    assert list(tmp_path.iterdir()) == []
