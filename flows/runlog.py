"""The run log of an outputs folder: when there was a run, with which version, and what became of each document.

``outputs/.fenjie/runs.jsonl`` has three kinds of lines, each a JSON object: a run begins, a document was worked on, a
run ends. Lines are only ever appended, under a lock and synced, so two processes may write at once, and a run that was
killed shows by a begin without an end. It is the only place that holds times; releases hold none. Losing it costs
nothing but the memory of past runs.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any, Literal

from flows.ledger import FOLDER

OutcomeKind = Literal["published", "unchanged", "held_back", "unreadable", "withdrawn"]
HowEnded = Literal["done", "failed", "interrupted"]
#: From this size in bytes on a new file is begun: about 150,000 documents worked on.
ROTATE_AT = 32 * 2**20
_NAME = "runs.jsonl"
#: How a line about a document begins; readers of runs skip those without parsing them.
_DOCUMENT = b'{"document": '
_BEGIN, _END = ("command", "begun", "fenjie", "code", "runner", "arguments"), ("ended", "how", "error", "outcomes")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document in a run: ``unchanged`` was made anew, with the same content as before.

    ``release_no`` is the number of the release that stands after the run, None where there is none; ``reason`` the
    first reason that held the document back, or what a person should know of a published one.
    """

    document: str
    outcome: OutcomeKind
    document_id: str | None = None
    release_no: int | None = None
    n_tasks: int = 0
    issues: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run; times are UTC as ``2026-11-23T08:30:00Z``. ``ended`` and ``how`` are None for a run that has no end.

    ``outcomes`` counts documents by what became of them; ``arguments`` never holds a password.
    """

    run: str
    command: str
    begun: str
    fenjie: str = ""
    code: str = ""
    runner: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    ended: str | None = None
    how: HowEnded | None = None
    error: str | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)


class RunLog:
    """The lines of one run, from its begin to its end; made by :func:`logged`."""

    def __init__(self, path: Path, run: Run) -> None:
        self.path = path
        self.run = run
        self._counts: Counter[str] = Counter()
        self._failed = False

    def documents(self, outcomes: Iterable[Outcome]) -> None:
        """Note what became of documents, in one write."""
        told = list(outcomes)
        self._counts.update(outcome.outcome for outcome in told)
        self._write([_document_line(self.run.run, outcome) for outcome in told])

    def count(self, counts: Mapping[str, int]) -> None:
        """Count documents that get no line of their own, by what became of them."""
        self._counts.update({name: count for name, count in counts.items() if count})

    def _begin(self) -> None:
        run = self.run
        facts = {"run": run.run, "begun": run.begun, "command": run.command, "fenjie": run.fenjie, "code": run.code}
        self._write([facts | {"runner": run.runner, "arguments": dict(run.arguments)}])

    def _end(self, how: HowEnded, error: str | None) -> None:
        end = {"run": self.run.run, "ended": now(), "how": how, "error": error}
        self._write([end | {"outcomes": dict(sorted(self._counts.items()))}])

    def _write(self, lines: list[dict[str, Any]]) -> None:
        """Append; a log that can't be written is said once and stops no run."""
        if not lines or self._failed:
            return
        try:
            append(self.path, lines)
        except OSError as error:
            self._failed = True
            _log.warning("%s can't be written (%s): this run will not be seen in `fenjie status`", self.path, error)


@contextmanager
def logged(
    outputs: Path,
    command: str,
    code: str,
    runner: str | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Iterator[RunLog]:
    """Log a run: its begin at once, its end when the block is left, also by an exception.

    ``code`` is the fingerprint of code and reference data. ``arguments`` are JSON values without any secret.
    """
    began = now()
    run = Run(
        run=f"{began.replace('-', '').replace(':', '')}-{secrets.token_hex(3)}",
        command=command,
        begun=began,
        fenjie=installed_version("fenjie"),
        code=code,
        runner=runner,
        arguments=arguments or {},
    )
    log = RunLog(log_path(outputs), run)
    log._begin()
    try:
        yield log
    except Exception as error:
        log._end("failed", _told(error))
        raise
    except BaseException:  # Ctrl-C, or a process that is asked to end
        log._end("interrupted", None)
        raise
    log._end("done", None)


def _told(error: Exception) -> str:
    """What the log says of an error: the message of ours, which hold no password, only the kind of others."""
    ours = type(error).__module__.partition(".")[0] in ("extractors", "normalizers", "validators", "writers", "flows")
    return str(error) if ours else type(error).__name__


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def log_path(outputs: Path) -> Path:
    """Where the newest lines are; older files beside it are ``runs-1.jsonl`` (the oldest), ``runs-2.jsonl`` ..."""
    return outputs / FOLDER / _NAME


def _document_line(run: str, outcome: Outcome) -> dict[str, Any]:
    """The line of a document; what is empty is left out, there may be many."""
    facts = {
        "document": outcome.document,
        "run": run,
        "outcome": outcome.outcome,
        "document_id": outcome.document_id,
        "release_no": outcome.release_no,
        "n_tasks": outcome.n_tasks,
        "issues": dict(outcome.issues),
        "reason": outcome.reason,
    }
    return {name: value for name, value in facts.items() if value}


def append(path: Path, lines: Iterable[Mapping[str, Any]], rotate_at: int = ROTATE_AT) -> None:
    """Append lines for good. A file of ``rotate_at`` bytes or more is put aside first. Raises OSError."""
    data = b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if not _is_at(descriptor, path):  # another process has put it aside since it was opened
                continue
            if size >= rotate_at:
                path.rename(_aside(path))
                continue
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                data = b"\n" + data  # a power cut tore the last line
            _write_all(descriptor, data)
            os.fsync(descriptor)
            return
        finally:
            os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.stem}-{max(map(_number, _rotated(path)), default=0) + 1}{path.suffix}")


def _rotated(path: Path) -> list[Path]:
    """The files that were put aside, the oldest first."""
    files = [file for file in path.parent.glob(f"{path.stem}-*{path.suffix}") if _number(file)]
    return sorted(files, key=_number)


def _number(file: Path) -> int:
    number = file.stem.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


def last_runs(outputs: Path, count: int) -> list[Run]:
    """The last runs, the newest first, without their documents; lines that can't be understood are passed over."""
    path = log_path(outputs)
    found: dict[str, Run] = {}
    for file in [path, *reversed(_rotated(path))]:
        # An older file holds earlier runs, and the begin of a run whose end is in the newer one.
        found = _runs_of(file, ends=found)
        if sum(bool(run.command) for run in found.values()) >= count:
            break
    complete = [run for run in reversed(found.values()) if run.command]
    complete.sort(key=lambda run: run.begun, reverse=True)
    return complete[:count]


def _runs_of(file: Path, ends: Mapping[str, Run]) -> dict[str, Run]:
    """The runs of a file and those of ``ends``; one of which only the end is known has no command."""
    runs = dict(ends)
    later = {name: run for name, run in ends.items() if not run.command}
    for line in _lines(file):
        name = str(line.get("run"))
        before = runs.get(name) or Run(name, "", "")
        if "begun" in line:
            runs[name] = replace(later.get(name, before), **_known(line, _BEGIN))
        elif "ended" in line:
            runs[name] = replace(before, **_known(line, _END))
    return runs


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    """The lines about runs."""
    try:
        with file.open("rb") as lines:
            for line in lines:
                if line.startswith(_DOCUMENT):
                    continue
                parsed = _parsed(line)
                if parsed is not None and parsed.keys() & {"begun", "ended"}:
                    yield parsed
    except OSError:
        return


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def documents_of(outputs: Path, run: str) -> list[Outcome]:
    """What became of the documents of a run, in the order in which they were worked on."""
    path = log_path(outputs)
    mark = json.dumps({"run": run})[1:-1].encode()
    found = []
    for file in [*_rotated(path), path]:
        try:
            with file.open("rb") as lines:
                parsed = (_parsed(line) for line in lines if line.startswith(_DOCUMENT) and mark in line)
                found += [_outcome(line) for line in parsed if line is not None and line.get("run") == run]
        except OSError:
            continue
    return found


def _outcome(line: Mapping[str, Any]) -> Outcome:
    return Outcome(**_known(line, tuple(item.name for item in fields(Outcome))))


def _known(line: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """What a line says under these names; another version may write others."""
    return {name: line[name] for name in names if name in line}
