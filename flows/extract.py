"""``fenjie extract``: files to task records, without Prefect, Great Expectations or a sidecar."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from extractors.read import read_document
from normalizers.identity import IdentityError, identify, sidecar_path
from normalizers.normalize import normalize, title_of
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import DEFAULT_DIR
from normalizers.tabulate import nested

RecordFormat = Literal["jsonl", "csv"]
_LIST_SEPARATOR = "、"


def extract_file(path: Path, directory: Path = DEFAULT_DIR) -> NormalizedDocument:
    """What one file says.

    A sidecar, or what folder, name and title give away, brings in the roster and the corrections; without them the
    file is read all the same. Raises :class:`extractors.errors.ReadError` and, for a broken sidecar,
    :class:`normalizers.identity.IdentityError`.
    """
    document = read_document(path)
    return normalize(document, _identity(path, title_of(document), directory), directory)


def _identity(path: Path, title: str | None, directory: Path) -> Identity | None:
    try:
        return identify(path, path.name, title, directory)
    except IdentityError:
        if sidecar_path(path).exists():
            raise
        return None


def render(document: NormalizedDocument, fmt: RecordFormat) -> str:
    """The records as JSON Lines, or as CSV with lists joined by 、 and issues by their rule."""
    records = nested(document)
    if fmt == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    return "".join(_csv(records))


def _csv(records: Sequence[dict[str, Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, record in enumerate(records):
        if number == 0:
            writer.writerow(record)
        writer.writerow(_flat(key, value) for key, value in record.items())
    yield buffer.getvalue()


def _flat(key: str, value: Any) -> Any:
    if key == "issues":
        return _LIST_SEPARATOR.join(dict.fromkeys(issue["rule"] for issue in value))
    return _LIST_SEPARATOR.join(value) if isinstance(value, list) else value


def output_path(path: Path, out: Path, fmt: RecordFormat) -> Path:
    """Where the records of a file go: <out>/<parent folder>/<file name>.<format>."""
    return out / path.resolve().parent.name / f"{path.name}.{fmt}"
