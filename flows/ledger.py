"""The ledger of an outputs folder: what was made of each document, so that unchanged ones are left alone.

It is a cache with a memory: losing it costs one full run, which publishes the same bytes again.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from flows.discover import Source, UsageError
from flows.settings import may_help
from writers.folder import has_sizes

Status = Literal["published", "held_back", "unreadable"]
FOLDER = ".fenjie"
#: The lock of an outputs folder is tried so often, with seconds between: `fenjie status` takes it for an instant.
_ATTEMPTS, _PAUSE = 6, 0.1


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one document.

    ``files`` are the release's files with their sizes in bytes, ``databases`` those that hold it (without
    passwords), ``reasons`` the messages that held it back or why it could not be read.
    """

    content_hash: str
    version: str
    status: Status
    document_id: str | None = None
    year: int | None = None
    source_sha256: str | None = None
    n_tasks: int = 0
    issues: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    files: Mapping[str, int] = field(default_factory=dict)
    databases: tuple[str, ...] = ()


class Ledger:
    """The entries of an outputs folder by document name; :meth:`write` makes them last."""

    def __init__(self, outputs: Path) -> None:
        self.outputs = outputs
        self.path = outputs / FOLDER / "ledger.json"
        self.entries: dict[str, Entry] = {}
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            self.entries = {name: _entry(value) for name, value in stored.items()}
        except (OSError, ValueError, TypeError, KeyError):
            # No ledger, or one that another version wrote: everything is done again.
            self.entries = {}

    def write(self) -> None:
        """Write the ledger atomically."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(f".{os.getpid()}.tmp")
        content = {name: asdict(entry) for name, entry in sorted(self.entries.items())}
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
        temporary.replace(self.path)

    def is_current(self, source: Source, version: str, database: str, held: Mapping[str, str]) -> bool:
        """Whether nothing has to be done for a document.

        ``held`` maps the documents that the database holds to the hash of the file that each was made from.
        """
        entry = self.entries.get(source.name)
        if entry is None or (entry.content_hash, entry.version) != (source.content_hash, version):
            return False
        if entry.status != "published":
            return not may_help()
        return (
            database in entry.databases
            and held.get(entry.document_id or "") == entry.source_sha256
            and self._is_whole(entry)
        )

    def _is_whole(self, entry: Entry) -> bool:
        """Whether the release's files are all there with their sizes."""
        folder = release_folder(self.outputs, entry.year or 0, entry.document_id or "")
        return bool(entry.files) and has_sizes(folder, entry.files)

    def other_source(self, document_id: str, name: str) -> str | None:
        """Another document name under which the same document was published, None when there is none."""
        for other, entry in self.entries.items():
            if other != name and entry.document_id == document_id and entry.status == "published":
                return other
        return None


def release_folder(outputs: Path, year: int, document_id: str) -> Path:
    """Where a document's release lies."""
    return outputs / str(year) / document_id


def _entry(value: dict[str, Any]) -> Entry:
    return Entry(**{**value, "reasons": tuple(value["reasons"]), "databases": tuple(value["databases"])})


@contextmanager
def sole_run(outputs: Path) -> Iterator[None]:
    """Hold the outputs folder for this run. Raises :class:`UsageError` when another run does or it can't be written."""
    folder = outputs / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "run.lock").open("w")
    except OSError as error:
        raise UsageError(
            f"{outputs} can't be written to ({error.strerror}). Nothing was changed; give another --outputs"
        ) from error
    with lock:
        for attempt in range(_ATTEMPTS):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if attempt + 1 == _ATTEMPTS:
                    raise UsageError(
                        f"another ingest is writing to {outputs}. Nothing was changed; wait until it ends"
                    ) from error
            time.sleep(_PAUSE)
        yield
