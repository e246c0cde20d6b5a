"""datapackage.json: what the CSV files hold, in the words of Data Package v1 and Table Schema."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from normalizers.dataset import PUBLISHED, Column, TableDef
from normalizers.tabulate import Row
from writers.delimited import LINE_TERMINATOR
from writers.release import Release


def write(release: Release, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``datapackage.json``, with the size and the SHA-256 of every CSV file; ``files`` must hold them."""
    text = json.dumps(descriptor(release, files), ensure_ascii=False, indent=2)
    return {"datapackage.json": f"{text}\n".encode()}


def descriptor(release: Release, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The descriptor as an object."""
    document = release.tables["documents"][0]
    publisher = document["publisher"]
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": release.document_id,
        "title": release.title,
        "description": f"{release.title}: {document['n_tasks']} tasks, read from {document['source_file']}.",
        "sources": [_source(document)],
    }
    if publisher:
        package["contributors"] = [{"title": publisher, "role": "publisher"}]
    package["resources"] = [_resource(table, files[f"{table.name}.csv"]) for table in PUBLISHED]
    return package


def table_schema(table: TableDef) -> dict[str, Any]:
    """The Table Schema of one table."""
    schema: dict[str, Any] = {
        "fields": [_field(table, column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    if table.references:
        schema["foreignKeys"] = [_foreign_key(column, target) for column, target in table.references]
    return schema


def _source(document: Row) -> dict[str, str]:
    source = {"title": document["source_file"]}
    if document["source_url"]:
        source["path"] = document["source_url"]
    return source


def _resource(table: TableDef, content: bytes) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.heading,
        "description": table.description,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": LINE_TERMINATOR, "quoteChar": '"', "doubleQuote": True},
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": table_schema(table),
    }


def _field(table: TableDef, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.nullable:
        constraints["required"] = True
    if table.key == (column.name,):
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.pattern:
        # Table Schema takes the patterns of XML Schema: they always match the whole value, and ^ is a plain sign.
        constraints["pattern"] = column.pattern.removeprefix("^").removesuffix("$")
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.heading,
        "description": column.description,
    }
    return field | ({"constraints": constraints} if constraints else {})


def _foreign_key(column: str, target: str) -> dict[str, Any]:
    resource, _, field = target.partition(".")
    return {"fields": [column], "reference": {"resource": resource, "fields": [field]}}
