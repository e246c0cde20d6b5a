"""Who writes when: two programs that write to one database at the same time never mix, and neither fails for it.

A document is replaced by deleting its rows and inserting the new ones. Two at the same document would, one after the
other, delete the same rows, and the second would fail at inserting what the first has just inserted. So the second
waits until the first has committed or is gone. How, differs:

* PostgreSQL: an advisory lock for the document, which the server gives back at the end of the transaction, also when
  the connection is lost. Other documents go on at the same time.
* MySQL and MariaDB: a named lock (GET_LOCK), taken before and given back after the transaction, by the server when the
  connection is lost. Its name has the database in it: names hold for the whole server.
* SQLite: one writer at a time for the whole file (BEGIN IMMEDIATE, see :mod:`writers.sql_engines`).
* DuckDB: one process at a time for the whole file, see :mod:`writers.sql_duckdb`; within a process one transaction at a
  time, because two that change the same rows are not made to wait: the second fails.

Even so a server may end one of two transactions that wait for each other (a deadlock, for instance with a program that
is not ours). What it ends leaves nothing behind and is begun anew.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import sqlalchemy as sa

from writers.sql_engines import LOCK_TIMEOUT

_ATTEMPTS = 5
#: PostgreSQL: serialization failure, deadlock. MySQL: deadlock, record changed since it was read.
_BEGIN_ANEW = ("40001", "40P01", 1213, 1020)
_DUCKDB = threading.RLock()


class LockTimeout(sa.exc.SQLAlchemyError):
    """Another program has kept the lock for too long."""


def anew(action: Callable[[], None]) -> None:
    """Carry out an action that is one transaction; again, when the server ended it in favour of another."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return action()
        except sa.exc.DBAPIError as error:
            if attempt == _ATTEMPTS or not _ended_for_another(error):
                raise
        time.sleep(random.uniform(0, 0.1 * attempt))
    return None


@contextmanager
def turn(engine: sa.Engine, name: str, upgrade: bool = False) -> Iterator[sa.Connection]:
    """A connection in a transaction that writes what ``name`` stands for, while no other program does.

    ``upgrade`` says that it is the schema that is changed.
    Committed at the end. Raises SQLAlchemyError, LockTimeout when the turn does not come.
    """
    with _in_process(engine), _connect(engine, write=True, upgrade=upgrade) as connection:
        if engine.dialect.name == "mysql":
            with _named_lock(connection, name), connection.begin():
                yield connection
            return
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}s'")
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _number(name)})
            yield connection


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection in a transaction that reads: all of its statements see the database as it was at one moment."""
    with _in_process(engine), _connect(engine) as connection, connection.begin():
        yield connection


def _in_process(engine: sa.Engine) -> threading.RLock | nullcontext[None]:
    """What keeps the threads of this process apart, where the database does not."""
    return _DUCKDB if engine.dialect.name == "duckdb" else nullcontext()


def _connect(engine: sa.Engine, **options: bool) -> sa.Connection:
    if not options and engine.dialect.name in {"postgresql", "mysql"}:
        return engine.connect().execution_options(isolation_level="REPEATABLE READ")
    return engine.connect().execution_options(**options)


@contextmanager
def _named_lock(connection: sa.Connection, name: str) -> Iterator[None]:
    values = {"name": f"fenjie-{_digest(f'{connection.engine.url.database} {name}').hex()[:32]}"}
    taken = sa.text("SELECT GET_LOCK(:name, :seconds)")
    if connection.scalar(taken, values | {"seconds": LOCK_TIMEOUT}) != 1:
        raise LockTimeout("another program has kept the lock for too long")
    connection.commit()
    try:
        yield
        connection.execute(sa.text("SELECT RELEASE_LOCK(:name)"), values)
        connection.commit()
    except BaseException:
        # Back in the pool the connection would keep the lock; closed, the server takes it back.
        connection.invalidate()
        raise


def _ended_for_another(error: sa.exc.DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or next(iter(getattr(error.orig, "args", ())), None)
    return code in _BEGIN_ANEW


def _number(name: str) -> int:
    return int.from_bytes(_digest(name)[:8], signed=True)


def _digest(name: str) -> bytes:
    return hashlib.sha256(f"fenjie {name}".encode()).digest()
