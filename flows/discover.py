"""Finds the documents to ingest: the first step."""

from __future__ import annotations

import hashlib
import os
import time
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


class BusyError(UsageError):
    """Another run is writing to the outputs folder; nothing was changed, and later it may work."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document file. ``name`` is what it is recorded as: its path below raw/, else folder and file name.

    ``content_hash`` covers the file and its sidecar.
    """

    path: Path
    name: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in raw/: the documents, ordered by name, and by name those that are left for the next run, with why.

    ``is_settling`` says that one of them is left because it is still being copied, so that waiting helps.
    """

    sources: list[Source]
    left: dict[str, str]
    is_settling: bool = False


def discover(paths: Sequence[Path], raw: Path) -> list[Source]:
    """The documents among ``paths`` (files and folders), or all below ``raw``, ordered by name.

    Raises :class:`UsageError` for a path that does not exist and for a folder without documents.
    """
    return find(paths, raw).sources


def find(paths: Sequence[Path], raw: Path, settle: float = 0.0) -> Found:
    """The documents as :func:`discover` has them, without those that are still being copied.

    ``settle`` is for how many seconds neither the file nor its sidecar may have been written to; 0 takes every file.
    """
    roots = list(paths) or [raw]
    for root in roots:
        if not root.exists():
            raise UsageError(f"{root} does not exist. Name a file or folder, or put documents into raw/<year>/")
    files = {file.resolve(): file for root in roots for file in _files(root)}
    if not files:
        raise UsageError(f"no documents in {', '.join(map(str, roots))}. Put them into raw/<year>/")
    sources, left, is_settling = [], {}, False
    base = raw.resolve()
    for resolved, file in files.items():
        name = _name(resolved, base)
        if (legible := _legible(name)) != name:
            left[legible] = (
                f"{legible}: its name is not written in UTF-8 (so it would read in GB18030). Rename the file"
            )
            continue
        try:
            if settle == 0 or _quiet_for(file) >= settle:
                sources.append(Source(file, name, _content_hash(file)))
            else:
                left[name] = f"{file}: still being copied, it changed less than {settle:g} seconds ago"
                is_settling = True
        except FileNotFoundError:
            left[name] = f"{file}: it was taken away while documents were looked for"
    return Found(sorted(sources, key=lambda source: source.name), dict(sorted(left.items())), is_settling)


def is_as_found(source: Source) -> bool:
    """Whether a document and its sidecar still are, byte for byte, what was discovered."""
    try:
        return _content_hash(source.path) == source.content_hash
    except FileNotFoundError:
        return False


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


def _name(resolved: Path, raw: Path) -> str:
    """What a document is recorded as; both paths are resolved, which is slow for thousands of files."""
    if resolved.is_relative_to(raw):
        return resolved.relative_to(raw).as_posix()
    return f"{resolved.parent.name}/{resolved.name}"


def _legible(name: str) -> str:
    """A name as it can be printed and stored; one from an old Windows archive is in GB18030 and could not be."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")
    return name


def _content_hash(path: Path) -> str:
    digest = hashlib.sha256(hashlib.sha256(path.read_bytes()).digest())
    sidecar = sidecar_path(path)
    digest.update(hashlib.sha256(sidecar.read_bytes()).digest() if sidecar.is_file() else b"")
    return digest.hexdigest()


def _quiet_for(path: Path) -> float:
    """For how many seconds a document and its sidecar have not changed.

    By the time at which the system saw the last change (ctime): programs that copy set the other one (mtime) to what
    it was at the file's origin, some of them before they have written the content.
    """
    sidecar = sidecar_path(path)
    files = [path, sidecar] if sidecar.is_file() else [path]
    return time.time() - max(file.stat().st_ctime for file in files)
