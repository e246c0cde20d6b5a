"""The ledger of an outputs folder: what was made of each document, so that unchanged ones are left alone.

It is a cache with a memory: losing it costs one full run, which publishes the same bytes again.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from flows.discover import BusyError, Found, Source, UsageError
from flows.guard import Accepted, is_accepted
from flows.settings import may_help
from writers.folder import has_sizes
from writers.held import Held

Status = Literal["published", "held_back", "unreadable", "left"]
FOLDER = ".fenjie"
#: The lock of an outputs folder is tried so often, with seconds between: `fenjie status` takes it for an instant.
_ATTEMPTS, _PAUSE = 6, 0.1


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one document.

    ``files`` are the release's files with their sizes in bytes, ``databases`` those that hold it (without
    passwords), ``reasons`` the messages that held it back or why it could not be read. ``release_no`` and
    ``content_sha256`` are those of the release; of a document that was held back, those of the last release that
    ``databases`` had then. ``left`` is said of a document that is left for the next run, as it is still being copied;
    the ledger itself has no such entry.
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
    release_no: int | None = None
    content_sha256: str | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether a run worked on the document and did not publish it."""
        return self.status in ("held_back", "unreadable")


_NAMES = tuple(item.name for item in fields(Entry))


class Ledger:
    """The entries of an outputs folder by document name.

    :meth:`enter` notes one document for good by a line at the end of a second file, so that a run that is killed
    loses nothing of what it did; :meth:`write` makes one file of both.
    """

    def __init__(self, outputs: Path) -> None:
        self.outputs = outputs
        self.path = outputs / FOLDER / "ledger.json"
        self.entries: dict[str, Entry] = {}
        self._news = outputs / FOLDER / "ledger.jsonl"
        self._sources: dict[str, set[str]] | None = None
        try:
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            self.entries = {name: _entry(value) for name, value in stored.items()}
        except (OSError, ValueError, TypeError, KeyError):
            # No ledger, or one that another version wrote: everything is done again.
            self.entries = {}
        self.entries.update(_news_of(self._news))

    @property
    def is_open(self) -> bool:
        """Whether the last run was killed before its end: some of what comes at the end of a run was not done."""
        return self._news.exists()

    def enter(self, name: str, entry: Entry) -> None:
        """Note what became of a document, in memory and on disk."""
        if self._sources is not None:
            self._sources.setdefault(entry.document_id or "", set()).add(name)
        self.entries[name] = entry
        line = json.dumps({name: _stored(entry)}, ensure_ascii=False)
        self._news.parent.mkdir(parents=True, exist_ok=True)
        with self._news.open("a", encoding="utf-8") as file:
            # A line break at both ends: the line of a run that was killed may have none.
            file.write(f"\n{line}\n")

    def write(self) -> None:
        """Write all entries to one file, atomically."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".unfinished")
        # A line for each document: people can look for one, and json without indent is ten times as fast.
        lines = (
            f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(_stored(entry), ensure_ascii=False)}"
            for name, entry in sorted(self.entries.items())
        )
        temporary.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        temporary.replace(self.path)
        self._news.unlink(missing_ok=True)

    def told(self, found: Found, left: Mapping[str, str]) -> dict[str, Entry]:
        """What is to be told of the documents of a run: their entries, and why some are ``left`` for the next run."""
        waiting = {name: Entry("", "", "left", reasons=(why,)) for name, why in (found.left | dict(left)).items()}
        entries = {source.name: self.entries[source.name] for source in found.sources if source.name not in waiting}
        return dict(sorted((entries | waiting).items()))

    def pending(
        self, sources: Iterable[Source], version: str, database: str, held: Mapping[str, Held], accepted: Accepted
    ) -> list[Source]:
        """The documents that something has to be done for; also those held back that somebody ``accepted`` now."""
        return [
            source
            for source in sources
            if not self.is_current(source, version, database, held) or self._may_pass(source, accepted)
        ]

    def _may_pass(self, source: Source, accepted: Accepted) -> bool:
        entry = self.entries[source.name]
        return entry.status == "held_back" and is_accepted(entry.document_id or "", accepted)

    def is_current(self, source: Source, version: str, database: str, held: Mapping[str, Held]) -> bool:
        """Whether nothing has to be done for a document. ``held`` is what the database holds, by document_id."""
        entry = self.entries.get(source.name)
        if entry is None or (entry.content_hash, entry.version) != (source.content_hash, version):
            return False
        there = held.get(entry.document_id or "")
        if entry.status != "published":
            # Another release than it had then: a run that published it was killed, or the ledger is an old one.
            return not may_help() and (database not in entry.databases or _has_release(there, entry))
        return (
            database in entry.databases
            and there is not None
            and there.source_sha256 == entry.source_sha256
            # A ledger of an earlier version does not know which release it was.
            and (entry.release_no is None or _has_release(there, entry))
            and self._is_whole(entry)
        )

    def _is_whole(self, entry: Entry) -> bool:
        """Whether the release's files are all there with their sizes."""
        folder = release_folder(self.outputs, entry.year or 0, entry.document_id or "")
        return bool(entry.files) and has_sizes(folder, entry.files)

    def forget(self, document_id: str) -> None:
        """Take a document out, in memory and on disk. A run that was killed stays one that is to be finished."""
        is_open = self.is_open
        self.entries = {name: entry for name, entry in self.entries.items() if entry.document_id != document_id}
        self._sources = None
        self.write()
        if is_open:
            self._news.touch()

    def other_sources(self, document_id: str, name: str) -> list[str]:
        """The other names under which files were read as this document: published, or held back for what they say."""
        if self._sources is None:
            self._sources = {}
            for other, entry in self.entries.items():
                self._sources.setdefault(entry.document_id or "", set()).add(other)
        return [
            other
            for other in sorted(self._sources.get(document_id, ()))
            # One with a problem has no hash: it is tried again, and is a rival itself then.
            if other != name and self.entries[other].document_id == document_id and self.entries[other].content_hash
        ]


def release_folder(outputs: Path, year: int, document_id: str) -> Path:
    """Where a document's release lies."""
    return outputs / str(year) / document_id


def _has_release(held: Held | None, entry: Entry) -> bool:
    """Whether the last release in a database is the one that the ledger knows; None where it has none."""
    there = (None, None) if held is None else (held.release_no, held.content_sha256)
    return there == (entry.release_no, entry.content_sha256)


def _stored(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _NAMES}


def _entry(value: dict[str, Any]) -> Entry:
    return Entry(**{**value, "reasons": tuple(value["reasons"]), "databases": tuple(value["databases"])})


def _news_of(path: Path) -> dict[str, Entry]:
    """The entries that were noted since the ledger was written; lines that a killed run left unfinished are none."""
    found: dict[str, Entry] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return found
    for line in lines:
        with suppress(ValueError, TypeError, KeyError, AttributeError):
            found.update({name: _entry(value) for name, value in json.loads(line or "{}").items()})
    return found


@contextmanager
def sole_run(outputs: Path) -> Iterator[None]:
    """Hold the outputs folder for this run.

    Raises :class:`BusyError` when another run holds it and :class:`UsageError` when it can't be written.
    """
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
                    raise BusyError(
                        f"another ingest is writing to {outputs}. Nothing was changed; wait until it ends"
                    ) from error
            time.sleep(_PAUSE)
        yield
