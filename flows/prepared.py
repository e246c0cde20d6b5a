"""What the preparing step hands to the publishing one: a few facts about each document, and on disk all the rest.

The facts travel between processes and stay in memory for the whole run; the release, and a folder with its files, a
megabyte of each document, are written to a *parcel* that is read when the turn of the document has come. So a run over
thousands of documents takes no more memory than one over a few. The folder is the one that is published: it is only
moved then.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from extractors import compact
from flows.discover import Source
from normalizers.tabulate import Row
from writers.release import Release
from writers.staged import Staged, stage

Outcome = Literal["passed", "held_back", "unreadable", "left"]
#: The endings of the names of parcels, and of the folders with the files that belong to them.
_PARCEL, _FILES = ".parcel", ".files"


@dataclass(frozen=True, slots=True)
class Prepared:
    """One document after the preparing step; ``problem`` or ``reasons`` say why it goes no further.

    ``issues`` counts the doubts by severity, ``doubts`` are the first of them in words. ``objections`` are what the
    guard has against publishing it, ``notes`` what it wants to be said. ``release_no`` is the number of its release,
    ``content_sha256`` the hash of its content once it is settled, and ``is_new`` says that files were written for it.
    ``is_patchy`` says that the file could not be read or not wholly, which another password or more memory may change.
    ``parcel`` is the name of the document's parcel and ``size`` its bytes; there is none for a file that could not be
    read.
    """

    source: Source
    outcome: Outcome
    document_id: str | None = None
    year: int | None = None
    source_sha256: str | None = None
    n_tasks: int = 0
    issues: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    problem: str | None = None
    doubts: tuple[str, ...] = ()
    objections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    release_no: int | None = None
    content_sha256: str | None = None
    is_new: bool = False
    is_patchy: bool = False
    parcel: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is too large to be carried about: the doubts, and of a document that passed its release and its files."""

    issues: Sequence[Row]
    release: Release | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)


def pack(parcel: Parcel, folder: Path) -> tuple[str, int]:
    """Write a document's parcel to a folder, whole or not at all: its name there and its size in bytes.

    No two parcels have one name: a worker that is thought to be dead may still be at the same document. Raises
    WriteError where the files can't be written.
    """
    name = uuid.uuid4().hex + _PARCEL
    folder.mkdir(parents=True, exist_ok=True)
    if parcel.files:
        stage(parcel.files, _files_of(name, folder))
    data = compact.dumps(replace(parcel, files={}))
    unfinished = folder / f".{name}"
    unfinished.write_bytes(data)
    unfinished.replace(folder / name)
    return name, len(data)


def unpack(item: Prepared, folder: Path) -> Parcel:
    """The parcel of a document, an empty one where it has none. Raises OSError when it, or its files, are gone."""
    parcel = look_into(item, folder)
    if item.parcel is None or parcel.release is None:
        return parcel
    return replace(parcel, files=Staged(_files_of(item.parcel, folder)))


def look_into(item: Prepared, folder: Path) -> Parcel:
    """The same without the files, which are not there any more when the document has been published."""
    if item.parcel is None:
        return Parcel(())
    parcel: Parcel = compact.loads((folder / item.parcel).read_bytes())
    return parcel


def has_parcel(item: Prepared, folder: Path) -> bool:
    """Whether the parcel that a document should have is there, whole."""
    if item.parcel is None:
        return True
    try:
        is_whole = (folder / item.parcel).stat().st_size == item.size
    except OSError:
        return False
    return is_whole and (item.release_no is None or _files_of(item.parcel, folder).is_dir())


def _files_of(parcel: str, folder: Path) -> Path:
    """Where the files of a parcel's release lie until they are published."""
    return (folder / parcel).with_suffix(_FILES)
