"""Names of databases: what may be shown to Prefect, and what stands behind it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.database_url import ENVIRONMENT, VARIABLE, name_of, url_of
from flows.discover import UsageError
from writers.errors import DatabaseError
from writers.held import address, held


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///outputs/fenjie.db",
        "sqlite:////srv/a@b/数据:1/fenjie.db",
        "duckdb:///outputs/fenjie.duckdb",
        "postgresql://fenjie@db.example.org:5432/fenjie",
        "postgresql+psycopg://db/fenjie",
        "mysql+pymysql://db:3306",
    ],
)
def test_a_url_that_can_hold_no_secret_is_its_own_name(url: str) -> None:
    assert name_of(url) == url
    assert url_of(url, Path("outputs")) == url
    assert not os.environ[VARIABLE]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://fenjie:secret@db/fenjie",
        "postgresql://fenjie:sec@ret@db/fenjie",
        "postgresql://fenjie:sec/ret@db/fenjie",
        "postgresql://:secret@db/fenjie",
        "postgresql://db/fenjie?password=secret",
        "postgresql:///fenjie?user=fenjie&password=secret",
        "duckdb:///md:fenjie?motherduck_token=secret",
        "postgresql:/fenjie:secret@db/fenjie",
        "host=db password=secret",
        "secret",
    ],
)
def test_a_url_that_may_hold_a_secret_goes_into_the_environment(url: str) -> None:
    assert name_of(url) == ENVIRONMENT
    assert os.environ[VARIABLE] == url
    assert url_of(ENVIRONMENT, Path("outputs")) == url
    with pytest.raises(UsageError, match="may hold a password") as error:
        url_of(url, Path("outputs"))
    assert "secret" not in str(error.value)


def test_without_a_url_it_is_the_environment_or_the_file_of_the_outputs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_of(None) is None
    assert name_of("") is None
    assert url_of(None, Path("out")) == "sqlite:///out/fenjie.db"
    with pytest.raises(UsageError, match=VARIABLE):
        url_of(ENVIRONMENT, Path("out"))
    monkeypatch.setenv(VARIABLE, "postgresql://u:p@h/d")
    assert url_of(None, Path("out")) == url_of(ENVIRONMENT, Path("out")) == "postgresql://u:p@h/d"


def test_an_unescaped_password_is_not_taken_for_a_host() -> None:
    with pytest.raises(DatabaseError, match="%40") as error:
        held("postgresql://fenjie:sec@ret@db/fenjie")
    assert "ret" not in str(error.value)


def test_the_address_that_is_remembered_holds_no_part_of_a_password() -> None:
    for password in ("secret", "sec@ret", "sec/ret", "sec:ret"):
        shown = address(f"postgresql://fenjie:{password}@db/fenjie?sslpassword=secret")
        assert "sec" not in shown and "ret" not in shown, shown
        assert shown.endswith("@db/fenjie")
    assert address("sqlite:////srv/a@b/fenjie.db") == "sqlite:////srv/a@b/fenjie.db"
    assert address("postgresql://db:5432/fenjie") == "postgresql://db:5432/fenjie"
