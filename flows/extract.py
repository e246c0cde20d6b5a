"""``fenjie extract``: files to task records, without Prefect, Great Expectations or a sidecar."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from extractors.errors import ReadError, fault
from extractors.model import SourceDocument
from extractors.read import Watch, read_document
from normalizers.identity import IdentityError, identify, sidecar_path
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import DEFAULT_DIR, ReferenceDataError
from normalizers.tabulate import nested
from normalizers.titles import title_of

RecordFormat = Literal["jsonl", "csv"]
_LIST_SEPARATOR = "、"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Extracted:
    """The records of a file, written out; doubts about the document as a whole; its number of tasks."""

    text: str
    doubts: tuple[str, ...]
    n_tasks: int


def extract_files(
    paths: Sequence[Path],
    fmt: RecordFormat,
    password: str | None = None,
    watch: Watch | None = None,
    directory: Path = DEFAULT_DIR,
) -> Iterator[tuple[Path, Extracted | str]]:
    """What each file says, or why it can't be told, in the order given.

    A sidecar, or what folder, name and title give away, brings in the roster and the corrections; without them a file
    is read all the same. Several files are read by several processes.
    """
    then = partial(_extracted, fmt=fmt, directory=directory)
    for path, result in read_each(paths, then, password, watch):
        yield path, str(result) if isinstance(result, ReadError) else result


def read_each(
    paths: Sequence[Path],
    then: Callable[[SourceDocument], T],
    password: str | None,
    watch: Watch | None,
) -> Iterator[tuple[Path, T | ReadError]]:
    """What ``then`` makes of each file, or why it can't be read, in the order given; several by several processes."""
    if len(paths) > 1:
        from extractors.supervised import read_documents  # noqa: PLC0415  one small file needs no processes

        yield from read_documents(paths, then, password, watch)
        return
    for path in paths:
        try:
            yield path, then(read_document(path, password, watch))
        except ReadError as error:
            yield path, error
        except Exception as error:  # said like every other problem
            yield path, fault(path, error)


def _extracted(document: SourceDocument, fmt: RecordFormat, directory: Path) -> Extracted | str:
    path = Path(document.path)
    try:
        result = normalize(document, identity_of(path, title_of(document), directory), directory)
    except (IdentityError, ReferenceDataError) as error:
        return str(error)
    known = {(task.table_no, task.task_no.value) for task in result.tasks}
    doubts = tuple(
        f"{path}: {issue.severity}: {issue.message}. {issue.suggestion}"
        for issue in result.issues
        if (issue.table_no, issue.task_no) not in known and issue.severity != "info"
    )
    return Extracted(render(result, fmt), doubts, len(result.tasks))


def identity_of(path: Path, title: str | None, directory: Path) -> Identity | None:
    """Which document a file is, None where that can't be told. Raises IdentityError for a sidecar that is no good."""
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
