"""What a database says when it refuses, in words that help and never give away a password."""

from __future__ import annotations

import sqlalchemy as sa

from writers.errors import DatabaseError

_SECRETS = ("password", "passwd", "sslpassword", "ssl_key_password")

_DATABASE_MISSING = "Create the database first (createdb NAME, CREATE DATABASE), or correct its name in the URL"
_ACCESS_DENIED = "Check the user and the password in the URL, and that this user may create and write tables there"
#: The first part of the driver's words that is found decides: (what it says, what to do).
_ADVICE = (
    ("is locked", "Another program holds the file: close it and run again"),
    ("could not set lock", "Another program holds the file: close it and run again"),
    ("kept the lock", "Another program is writing the same: wait until it has finished, and run again"),
    ("lock timeout", "Another program is writing the same: wait until it has finished, and run again"),
    ("lock wait timeout", "Another program is writing the same: wait until it has finished, and run again"),
    ("readonly", "Give the user that runs fenjie the right to write the file and its folder"),
    ("read-only", "Give the user that runs fenjie the right to write there, or name the server that can be written to"),
    ("not a database", "Move the file away, and run again: it is written anew from raw/"),
    ("not a valid duckdb database", "Move the file away, and run again: it is written anew from raw/"),
    ("malformed", "Move the damaged file away, and run again: it is written anew from raw/"),
    ("unable to open database file", "Check that its folder exists and can be written"),
    ("cannot open file", "Check that its folder exists and can be written"),
    ("disk is full", "Free some space on that disk and run again"),
    ("disk i/o error", "Check the disk that the file lies on"),
    ("authentication failed", "Check the user and the password in the URL"),
    ("access denied for user", _ACCESS_DENIED),
    ("no password supplied", "Put the password into the URL, or into PGPASSWORD or ~/.pgpass"),
    ("permission denied", "Give this user the right to create and write tables there"),
    ("command denied to user", "Give this user the right to create and write tables there"),
    ("unknown database", _DATABASE_MISSING),
    ("unknown collation", "MySQL 8.0.17 or MariaDB 10.6 or newer is needed"),
    ("too many", "The server has no connection left: run again later"),
    ("no space left", "Free some space on the server's disk and run again"),
    ("table is full", "Free some space on the server's disk and run again"),
    ("no such table", "Create the tables first"),
    ("undefinedtable", "Create the tables first"),
    ("doesn't exist", "Create the tables first"),
    ("table with name", "Create the tables first"),
    ("depend on it", "Drop what others have built on fenjie's tables and views, and run again"),
)
_UNREACHABLE = "Check that the server runs, and the host and the port in the URL; then run again"
_REFUSED_ROWS = (
    "If another version of fenjie made this database, move the file away or use another database, and run again; "
    "otherwise this is an error in fenjie, please report it"
)


def shown_url(url: sa.URL) -> str:
    """The URL without password, also without options, which may hold one too."""
    return url.set(query={}).render_as_string(hide_password=True)


def explained(url: sa.URL, error: sa.exc.SQLAlchemyError) -> DatabaseError:
    """The DatabaseError for what SQLAlchemy raised."""
    original = getattr(error, "orig", None) or error
    said = _without_secrets(url, " ".join(_words(original).split())).rstrip(".")
    return DatabaseError(shown_url(url), said, f"{_advice(error, f'{type(original).__name__} {said}'.lower())}.")


def _words(original: BaseException) -> str:
    """What the driver says; that of MySQL puts the error's number beside it."""
    if len(original.args) == 2 and isinstance(original.args[0], int):
        return f"{original.args[1]} (error {original.args[0]})"
    return str(original)


def _advice(error: sa.exc.SQLAlchemyError, said: str) -> str:
    for words, advice in _ADVICE:
        if words in said:
            return advice
    if "database" in said and "does not exist" in said:
        return _DATABASE_MISSING
    refused = isinstance(error, sa.exc.IntegrityError | sa.exc.DataError | sa.exc.ProgrammingError)
    if refused or "constraint" in said:  # MariaDB calls a check that fails an operational error
        return _REFUSED_ROWS
    return _UNREACHABLE


def _without_secrets(url: sa.URL, text: str) -> str:
    secrets = [url.password, *(url.query.get(name) for name in _SECRETS)]
    for secret in secrets:
        for part in (secret,) if isinstance(secret, str) else (secret or ()):
            text = text.replace(part, "***") if part else text
    return text
