"""From a database URL to connections: which driver, which settings, which level of isolation."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from writers.errors import DatabaseError
from writers.sql_errors import explained, shown_url

#: Seconds to wait for a lock that another program holds, and for a server to answer a call for a connection.
LOCK_TIMEOUT = 30
_CONNECT_TIMEOUT = 10
#: Seconds without a sign of the server after which a connection counts as lost.
_SILENCE = 300
_WANTED = (
    "Write sqlite:///path/to/file.db, duckdb:///path/to/file.duckdb, postgresql://user:password@host:5432/name "
    "or mysql://user:password@host:3306/name."
)


class Backend(NamedTuple):
    """A kind of database: the driver's name for SQLAlchemy, what has to be installed, and with which extra."""

    drivername: str
    needs: str = ""
    extra: str = ""


_POSTGRESQL = Backend("postgresql+psycopg", "the PostgreSQL driver psycopg is", "postgres")
_MYSQL = Backend("mysql+pymysql", "the MySQL driver pymysql is", "mysql")
BACKENDS = {
    "sqlite": Backend("sqlite"),
    "duckdb": Backend("duckdb", "DuckDB (duckdb, duckdb-engine) is", "duckdb"),
    "postgres": _POSTGRESQL,
    "postgresql": _POSTGRESQL,
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}
sa.dialects.registry.register("duckdb", "writers.sql_duckdb", "Dialect")


def parsed(text: str) -> sa.URL:
    """The URL with the driver that we install, whatever driver it names.

    Raises DatabaseError for what is no URL, or that of a database which fenjie can't write.
    """
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        # The text may contain a password: it is not repeated.
        raise DatabaseError("the database's URL", "can't be understood", _WANTED) from None
    if "@" in (url.host or ""):
        # It is the rest of a password, which no message may repeat.
        raise DatabaseError("the database's URL", "can't be understood", "Write an @ in a password as %40.")
    name = url.drivername.partition("+")[0]
    if name not in BACKENDS:
        raise DatabaseError(shown_url(url), f"{name} is not a database that fenjie can write", _WANTED)
    url = url.set(drivername=BACKENDS[name].drivername)
    if name == "duckdb" and (not url.database or url.database.startswith((":", "md:"))):
        raise DatabaseError(shown_url(url), "fenjie keeps a DuckDB database in a file", _WANTED)
    if url.get_backend_name() in {"mysql", "postgresql"} and not url.database:
        raise DatabaseError(shown_url(url), "the URL names a server but no database", _WANTED)
    return url


def file_of(url: sa.URL) -> Path | None:
    """The file of a SQLite or DuckDB database; None for servers, and for what SQLite holds in memory."""
    name = url.database
    if url.get_backend_name() not in {"sqlite", "duckdb"} or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def engine_for(url: sa.URL) -> sa.Engine:
    """An engine for a URL from :func:`parsed`; nothing is opened yet.

    Raises DatabaseError when the driver is not installed or does not understand the URL.
    """
    kind = url.get_backend_name()
    arguments = {name: value for name, value in _ARGUMENTS[kind].items() if name not in url.query}
    try:
        engine = sa.create_engine(url, connect_args=arguments, **_OPTIONS[kind])
    except ImportError as error:
        backend = BACKENDS[kind]
        advice = f"Install it with: pip install -e .[{backend.extra}]"
        raise DatabaseError(shown_url(url), f"{backend.needs} not installed", advice) from error
    except sa.exc.SQLAlchemyError as error:
        raise explained(url, error) from error
    if kind == "sqlite":
        _prepare_sqlite(engine)
    if kind == "mysql":
        _prepare_mysql(engine)
    return engine


#: What the driver is told, unless the URL says otherwise.
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "sqlite": {"timeout": LOCK_TIMEOUT},
    "duckdb": {"timeout": LOCK_TIMEOUT},
    "postgresql": {
        "connect_timeout": _CONNECT_TIMEOUT,
        "keepalives_idle": _SILENCE // 5,
        "keepalives_interval": _SILENCE // 10,
        "tcp_user_timeout": _SILENCE * 1000,
    },
    "mysql": {
        "connect_timeout": _CONNECT_TIMEOUT,
        "read_timeout": _SILENCE,
        "write_timeout": _SILENCE,
        "charset": "utf8mb4",
    },
}
#: READ COMMITTED, whatever the server's default: every statement sees what others have committed before it. With one
#: view of the data for the whole transaction, a writer that waited for another one would not see that one's rows, could
#: not delete them, and would fail at inserting its own; in MySQL it would also lock the gaps between other documents.
_SERVER: dict[str, Any] = {"isolation_level": "READ COMMITTED", "pool_pre_ping": True}
#: A DuckDB file is open no longer than a transaction: as long as it is, no other process can even read it.
_OPTIONS: dict[str, dict[str, Any]] = {
    "sqlite": {},
    "duckdb": {"poolclass": sa.pool.NullPool},
    "postgresql": _SERVER,
    "mysql": _SERVER,
}


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Enforce foreign keys, and leave transactions to SQLAlchemy: Python's driver commits before DDL by itself.

    A transaction that will write says so at its beginning (execution option ``write``): two that begin by reading and
    both want to write later can't wait for each other, and one of them fails at once, whatever the timeout. While the
    schema is changed (option ``upgrade``) foreign keys are not enforced: SQLite changes a table by making a new one and
    dropping the old, which others refer to.

    The journal stays SQLite's default (a rollback journal): with WAL, part of the data would lie in a second file, and
    a copy of fenjie.db taken at the wrong moment would lack it.
    """

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if options.get('upgrade') else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("write") else "BEGIN")


def _prepare_mysql(engine: sa.Engine) -> None:
    """Refuse what does not fit, where the server is set to cut it off, and wait for locks as long as elsewhere."""

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION sql_mode = CONCAT_WS(',', @@sql_mode, 'STRICT_ALL_TABLES')")
            cursor.execute(f"SET SESSION lock_wait_timeout = {LOCK_TIMEOUT}")
            cursor.execute(f"SET SESSION innodb_lock_wait_timeout = {LOCK_TIMEOUT}")
