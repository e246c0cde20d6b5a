"""Finds the documents to ingest: the first step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from normalizers.identity import sidecar_path

SIDECAR_SUFFIX = ".source.yaml"
#: Names of files that no one means to ingest: hidden ones, lock and part files of programs that are still writing.
_PASSING = ("~$", ".")
_PASSING_SUFFIXES = (".tmp", ".part", ".crdownload", ".swp", "~")


class UsageError(Exception):
    """The command can't be carried out as it was given; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document file. ``name`` is what it is recorded as: its path below raw/, else folder and file name.

    ``content_hash`` covers the file and its sidecar.
    """

    path: Path
    name: str
    content_hash: str


def discover(paths: Sequence[Path], raw: Path) -> list[Source]:
    """The documents among ``paths`` (files and folders), or all below ``raw``, ordered by name.

    Raises :class:`UsageError` for a path that does not exist and for a folder without documents.
    """
    roots = list(paths) or [raw]
    for root in roots:
        if not root.exists():
            raise UsageError(f"{root} does not exist. Name a file or folder, or put documents into raw/<year>/")
    files = {file.resolve(): file for root in roots for file in _files(root)}
    if not files:
        raise UsageError(f"no documents in {', '.join(map(str, roots))}. Put them into raw/<year>/")
    return sorted((_source(file, raw) for file in files.values()), key=lambda source: source.name)


def _files(root: Path) -> Iterable[Path]:
    if root.is_file():
        return [root]
    return [path for path in root.rglob("*") if path.is_file() and _is_document(path, root)]


def _is_document(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    return not (
        any(part.startswith(_PASSING) for part in parts)
        or path.name.endswith((SIDECAR_SUFFIX, *_PASSING_SUFFIXES))
        or path.name in ("README.md", "Thumbs.db", "desktop.ini")
    )


def _source(path: Path, raw: Path) -> Source:
    resolved = path.resolve()
    name = (
        resolved.relative_to(raw.resolve()).as_posix()
        if resolved.is_relative_to(raw.resolve())
        else f"{resolved.parent.name}/{resolved.name}"
    )
    digest = hashlib.sha256()
    for file in (path, sidecar_path(path)):
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b"")
    return Source(path, name, digest.hexdigest())
