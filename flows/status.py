"""The state of an outputs folder: what is published, what is held back, what is out of date, how the last runs ended.

Made from the ledger, the run log, the release folders and raw/, without Prefect, Great Expectations or pandas, so that
it answers at once and while a run goes on.
"""

from __future__ import annotations

import fcntl
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flows.discover import Source, UsageError, discover
from flows.fingerprint import version
from flows.ledger import FOLDER, Entry, Ledger
from flows.release_files import release_folders, rows
from flows.runlog import Run, last_runs
from normalizers.dataset import SEVERITIES
from normalizers.reference import DEFAULT_DIR

QUARANTINE = "quarantine"
#: Exit statuses, as a health check wants them; 2 is wrong usage, as everywhere.
HEALTHY, STOPPED, OUT_OF_DATE = 0, 1, 3
_RUNS = 5
_NO_YEAR = "—"

Why = Literal[
    "not ingested yet", "source changed", "source not in raw", "other code or reference data", "no ledger entry"
]


@dataclass(slots=True)
class Year:
    """One year: documents known of, releases that stand, their tasks and doubts, documents that are stopped."""

    year: str
    documents: int = 0
    released: int = 0
    tasks: int = 0
    doubts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SEVERITIES, 0))
    held_back: int = 0
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """A document that is held back or unreadable; ``released`` says whether an earlier release of it stands."""

    document: str
    document_id: str | None
    year: str
    status: str
    reasons: tuple[str, ...]
    details: str
    released: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """A document whose release is not what the current source, code and reference data would give, as far as known."""

    document: str
    document_id: str | None
    year: str
    why: Why


@dataclass(frozen=True, slots=True)
class State:
    """Everything that ``fenjie status`` says; years, documents and runs in the order in which they are shown."""

    outputs: str
    years: tuple[Year, ...]
    stopped: tuple[Stopped, ...]
    stale: tuple[Stale, ...]
    runs: tuple[Run, ...]
    running: bool
    sources_checked: bool

    @property
    def exit_status(self) -> int:
        """0 all published and current; 1 a document is stopped; 3 out of date, or the last run did not end well."""
        if self.stopped:
            return STOPPED
        unfinished = bool(self.runs) and self.runs[0].how != "done" and not self.running
        # Nobody can do anything about a source that is gone: an alarm that never ends is soon overheard.
        waiting = any(item.why != "source not in raw" for item in self.stale)
        return OUT_OF_DATE if waiting or unfinished else HEALTHY


def state_of(outputs: Path, raw: Path, years: Sequence[int] = (), read_sources: bool = True) -> State:
    """The state of ``outputs``; with ``years``, of those only.

    Whether a source changed is told by its content; with ``read_sources`` False it is not looked at. Raises
    UsageError when there is no such folder.
    """
    if not outputs.is_dir():
        raise UsageError(f"{outputs} does not exist. Name the folder with --outputs, or make it with fenjie ingest")
    known = _without_renamed(Ledger(outputs).entries, sources := _sources(raw) if read_sources else None, raw)
    folders = {folder.name: folder for folder in release_folders(outputs)}
    chosen = {str(year) for year in years}
    # What is stopped and was taken out of raw/ needs nobody any more; it is told as a source that is not there.
    entries = {
        name: entry
        for name, entry in known.items()
        if entry.status == "published" or not _is_taken_away(name, sources, raw)
    }

    def wanted(year: str) -> bool:
        return not chosen or year in chosen

    stopped = [
        _stopped(name, entry, outputs, folders) for name, entry in entries.items() if entry.status != "published"
    ]
    stale = _stale(known, folders, sources, raw)
    return State(
        str(outputs),
        tuple(year for year in _years(entries, folders) if wanted(year.year)),
        tuple(item for item in stopped if wanted(item.year)),
        tuple(item for item in stale if wanted(item.year)),
        tuple(last_runs(outputs, _RUNS)),
        is_running(outputs),
        sources is not None,
    )


def is_running(outputs: Path) -> bool:
    """Whether a run holds the outputs folder now. The look takes the lock for an instant, which a run waits out."""
    try:
        with (outputs / FOLDER / "run.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _sources(raw: Path) -> dict[str, Source] | None:
    try:
        return {source.name: source for source in discover([], raw)}
    except UsageError:
        return {} if raw.is_dir() else None


def _year_of(name: str, entry: Entry | None = None) -> str:
    """The year of a document: what was found out, or else the folder that it lies in."""
    if entry is not None and entry.year is not None:
        return str(entry.year)
    folder = name.partition("/")[0]
    return folder if re.fullmatch(r"\d{4}", folder) else _NO_YEAR


def _years(entries: Mapping[str, Entry], folders: Mapping[str, Path]) -> list[Year]:
    years: dict[str, Year] = {}
    published = {entry.document_id: entry for entry in entries.values() if entry.status == "published"}
    for name, entry in entries.items():
        year = years.setdefault(_year_of(name, entry), Year(_year_of(name, entry)))
        year.documents += 1
        year.held_back += entry.status == "held_back"
        year.unreadable += entry.status == "unreadable"
    known = {entry.document_id for entry in entries.values()}
    for document_id, folder in folders.items():
        year = years.setdefault(folder.parent.name, Year(folder.parent.name))
        year.documents += document_id not in known
        year.released += 1
        tasks, doubts = _counts(published.get(document_id), folder)
        year.tasks += tasks
        for severity in SEVERITIES:
            year.doubts[severity] += doubts.get(severity, 0)
    return sorted(years.values(), key=lambda year: year.year)


def _counts(entry: Entry | None, folder: Path) -> tuple[int, Mapping[str, int]]:
    """Tasks and doubts of a release: as the ledger has them, or counted in its files."""
    if entry is not None:
        return entry.n_tasks, entry.issues
    return len(rows(folder, "tasks")), Counter(row["severity"] for row in rows(folder, "issues"))


def _stopped(name: str, entry: Entry, outputs: Path, folders: Mapping[str, Path]) -> Stopped:
    return Stopped(
        name,
        entry.document_id,
        _year_of(name, entry),
        entry.status,
        entry.reasons,
        str(outputs / QUARANTINE / f"{name}.json"),
        (entry.document_id or "") in folders,
    )


def _stale(
    entries: Mapping[str, Entry], folders: Mapping[str, Path], sources: Mapping[str, Source] | None, raw: Path
) -> list[Stale]:
    code = version(DEFAULT_DIR)
    found = []
    for name, entry in entries.items():
        why = _why(name, entry, code, sources, raw)
        if why is not None:
            found.append(Stale(name, entry.document_id, _year_of(name, entry), why))
    for name in sorted(sources or ()):
        if name not in entries:
            found.append(Stale(name, None, _year_of(name), "not ingested yet"))
    known = {entry.document_id for entry in entries.values()}
    for document_id, folder in folders.items():
        if document_id not in known:
            found.append(Stale(document_id, document_id, folder.parent.name, "no ledger entry"))
    return found


def _without_renamed(
    entries: Mapping[str, Entry], sources: Mapping[str, Source] | None, raw: Path
) -> Mapping[str, Entry]:
    """The entries without the former names of documents that are published under another one now."""
    gone = {name for name in entries if _is_taken_away(name, sources, raw)}
    there = {e.document_id for name, e in entries.items() if e.status == "published" and name not in gone}
    return {name: entry for name, entry in entries.items() if name not in gone or entry.document_id not in there}


def _is_taken_away(name: str, sources: Mapping[str, Source] | None, raw: Path) -> bool:
    """Whether a document was removed from a folder of raw/; one from elsewhere has no such folder."""
    there = (raw / name).exists() if sources is None else name in sources
    return not there and (raw / name).parent.is_dir()


def _why(name: str, entry: Entry, code: str, sources: Mapping[str, Source] | None, raw: Path) -> Why | None:
    """Why a document is out of date, None when it is not."""
    if sources is None:
        if raw.is_dir() and not (raw / name).exists():
            return "source not in raw"
    elif name not in sources:
        return "source not in raw"
    elif entry.content_hash and entry.content_hash != sources[name].content_hash:
        return "source changed"
    return "other code or reference data" if entry.version != code else None
