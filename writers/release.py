"""A release: everything that is published of one document, before it becomes files or database rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extractors.pictures import PagePicture
from normalizers.dataset import HISTORY_TABLES, PUBLISHED, TABLES, Column, TableDef
from normalizers.history import Tables, history
from normalizers.records import NormalizedDocument
from normalizers.tabulate import Row, nested, tabulate
from normalizers.view import DocumentView

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (float, int)}


@dataclass(frozen=True, slots=True)
class Release:
    """One document, ready to be written.

    ``tables`` maps the name of each table of a release to its rows in document order; ``nested`` has one object
    per task with the keys of ``fenjie extract``, preceded by ``task_id`` and ``document_id``. ``view`` is what a person
    sees of the source, None where nobody kept it; ``pictures`` are files of its pages by name (``pages/0001.jpg``).
    """

    document_id: str
    year: int
    tables: Mapping[str, Sequence[Row]]
    nested: Sequence[Row]
    title: str
    view: DocumentView | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def build(
    document: NormalizedDocument, view: DocumentView | None = None, pictures: Sequence[PagePicture] = ()
) -> Release:
    """The release of a document; with its ``view`` and the ``pictures`` of its pages it has a page for people.

    Raises ValueError when the document has no identity, or when a value doesn't fit its column: every kind of file
    must be able to hold it, so that all of them say the same. It is the first release of its document, until
    :func:`with_history` is told of the one before.
    """
    identity = document.identity
    if identity is None:
        raise ValueError("a document without an identity can't be published")
    rows = tabulate(document)
    tables = {table.name: [_fitted(table, row) for row in rows[table.name]] for table in TABLES}
    keys = ({"task_id": row["task_id"], "document_id": row["document_id"]} for row in tables["tasks"])
    objects = [key | _without_empty(task) for key, task in zip(keys, nested(document), strict=True)]
    tables |= _history_rows(history(tables, None))
    release = Release(identity.document_id, identity.year, tables, objects, identity.title)
    return release if view is None else _with_view(release, view.with_doubts(document.issues), pictures)


def _with_view(release: Release, view: DocumentView, pictures: Sequence[PagePicture]) -> Release:
    """The release with its view; the sizes of pages are known from their pictures only."""
    sizes = {picture.page: (round(picture.width, 1), round(picture.height, 1)) for picture in pictures}
    pages = tuple(
        replace(page, width=sizes[page.number][0], height=sizes[page.number][1]) if page.number in sizes else page
        for page in view.pages
    )
    files = {picture_name(picture.page): picture.jpeg for picture in pictures}
    return replace(release, view=replace(view, pages=pages), pictures=files)


def with_history(release: Release, previous: Tables | None) -> Release:
    """The release with its number, as the one that comes after ``previous``; None when there was none before.

    ``previous`` are the tables of the last release, as :mod:`writers.previous` reads them back.
    """
    if previous is None and len(release.tables["releases"]) == 1:
        return release
    content = {table.name: release.tables[table.name] for table in TABLES}
    sha256 = release.tables["releases"][-1]["content_sha256"]
    return replace(release, tables=content | _history_rows(history(content, previous, sha256)))


def read_back(tables: Tables) -> Release:
    """A release for databases, made of ``tables`` as :mod:`writers.previous` reads them back, with their history."""
    fitted = {
        table.name: [{name: row.get(name) for name in table.column_names} for row in tables.get(table.name, ())]
        for table in PUBLISHED
    }
    document = tables["documents"][0]
    return Release(document["document_id"], document["year"], fitted, (), document["title"])


def _history_rows(rows: Tables) -> dict[str, list[Row]]:
    """The rows of the history as this version's columns want them: another version may have written the older ones."""
    return {
        table.name: [_fitted(table, {name: row.get(name) for name in table.column_names}) for row in rows[table.name]]
        for table in HISTORY_TABLES
    }


def picture_name(page: int) -> str:
    """The name of a page's picture within a release; pages count from 1."""
    return f"pages/{page:04d}.jpg"


def _without_empty(task: Row) -> Row:
    return {name: None if value == "" else value for name, value in task.items()}


def _fitted(table: TableDef, row: Row) -> Row:
    """The row with its columns in the order of the definition and null for every empty text."""
    if row.keys() != set(table.column_names):
        raise ValueError(f"{table.name}: the row has the columns {sorted(row)}, not {sorted(table.column_names)}")
    return {column.name: _value(table, column, row[column.name]) for column in table.columns}


def _value(table: TableDef, column: Column, value: Any) -> Any:
    """The value, checked. An empty text is null: CSV can't tell the two apart, so no other file may."""
    where = f"{table.name}.{column.name}"
    if value is None or value == "":
        if not column.nullable:
            raise ValueError(f"{where} must not be empty")
        return None
    if type(value) not in _PYTHON_TYPES[column.type]:
        raise ValueError(f"{where} must be of type {column.type}, not {value!r}")
    if isinstance(value, str) and not _storable(value):
        raise ValueError(f"{where} has a character that can't be stored: {value!r}")
    return float(value) if column.type == "number" else value


def _storable(text: str) -> bool:
    """Whether every file and database can hold the text: PostgreSQL takes no NUL, UTF-8 no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
