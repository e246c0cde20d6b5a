"""One document under review: what it says as people's corrections stand now, and their next corrections tried on it.

The file is read once; what is read from it stays in memory, so that a correction takes no longer than understanding
and judging the document anew.
"""

from __future__ import annotations

import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.pictures import DRAWN, PagePicture, draw
from extractors.supervised import read_documents, whole
from flows.corrections_file import (
    CorrectionsFile,
    FileChangedError,
    NewEntry,
    RefusedError,
    new_entries,
    version,
    with_ranges,
)
from flows.corrections_text import Remove, parse
from flows.discover import Source, UsageError
from flows.settings import PASSWORD
from normalizers.acceptance import settle
from normalizers.corrections import Corrections, parse_corrections
from normalizers.identity import IdentityError, identify, sidecar_path
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import ReferenceDataError
from normalizers.titles import title_of
from normalizers.view import DocumentView, view_of
from validators.validate import validate
from validators.verdict import facts_of
from writers.release import Release, build
from writers.report.data import page_data

MISFIT = "correction_misfit"
#: Great Expectations is not made for several threads: one document at a time is judged.
_JUDGING = threading.Lock()
#: So many states of a document are kept.
_KEPT = 8


@dataclass(frozen=True, slots=True)
class State:
    """The document with the corrections of one text of their file (None: there is no file)."""

    text: str | None
    document: NormalizedDocument
    release: Release
    data: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of the file of corrections."""
        return version(self.text)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The document with the corrections of a text, before validation."""

    text: str | None
    document: NormalizedDocument


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reviewer wants written: new entries as a page posts them, and entries of the file to take out.

    With ``merge`` entries of neighbouring tasks that are otherwise the same become one with a range.
    """

    entries: Sequence[Any] = ()
    remove: Sequence[Any] = ()
    merge: bool = False


class DocumentReview:
    """A document that is being reviewed; all methods may be called from several threads.

    Raises :class:`UsageError` when the file can't be read or identified.
    """

    def __init__(self, source: Source, reference: Path) -> None:
        self.source = source
        self.reference = reference
        self._lock = threading.RLock()
        self._undo: list[tuple[str | None, str | None]] = []
        self._signature = _signature(source)
        self._read = _read(source)
        self._identity = _identified(source, self._read, reference)
        self._view: DocumentView = view_of(self._read)
        self._pictures: tuple[PagePicture, ...] = _drawn(source, self._read)
        self.file = CorrectionsFile(self.document_id, reference, source.name)
        self._states: OrderedDict[str | None, State] = OrderedDict()

    @property
    def document_id(self) -> str:
        """The document's identifier."""
        return self._identity.document_id

    @property
    def undoable(self) -> int:
        """How many saves of this session can be taken back."""
        return len(self._undo)

    def is_current(self) -> bool:
        """Whether the file and its sidecar are still those that were read."""
        return _signature(self.source) == self._signature

    def state(self) -> State:
        """The document as the file of corrections stands on disk now.

        Raises :class:`RefusedError` when the file is faulty: then somebody has to mend it by hand.
        """
        with self._lock:
            return self._judged(self._tried(self.file.read()))

    def save(self, wish: Wish, base_version: str) -> tuple[State, str]:
        """Write entries and take others out; the document as it is then, and a message that says what was written.

        Raises :class:`FileChangedError` when the file is no longer the one that the entries were made for, and
        :class:`RefusedError` when an entry is faulty or does not fit. In both cases nothing is written.
        """
        with self._lock:
            before = self._current(base_version)
            known = _misfits(self._tried(before.text).document)
            entries = new_entries(wish.entries)
            removals = _removals(wish.remove, before)
            if not entries and not removals:
                raise RefusedError(["there is nothing to write"])
            _refuse_twins(entries, before.document)
            entries = with_ranges(entries) if wish.merge else entries
            trial = self._tried(self.file.with_entries(before.text, entries, removals))
            stale = self._stale(before.text, trial) if _misfits(trial.document) - known else []
            if stale:
                trial = self._tried(self.file.with_entries(before.text, entries, [*removals, *stale]))
            if trial.text == before.text:
                return before, "这些条目已在文件中"
            if new := _misfits(trial.document) - known:
                raise RefusedError(sorted(new))
            after = self._judged(trial)
            self.file.replace(after.text, before.version)
            self._undo.append((before.text, after.text))
            return after, _written(entries, len(removals), len(stale))

    def undo(self, base_version: str) -> tuple[State, str]:
        """Take back the last save of this session; raises as :meth:`save` does."""
        with self._lock:
            current = self._current(base_version)
            if not self._undo:
                raise RefusedError(["nothing was saved in this session that could be taken back"])
            earlier, later = self._undo[-1]
            if current.text != later:
                raise FileChangedError
            before = self._judged(self._tried(earlier))
            self.file.replace(earlier, current.version)
            self._undo.pop()
            return before, "已撤回上次保存"

    def _current(self, base_version: str) -> State:
        state = self.state()
        if state.version != base_version:
            raise FileChangedError
        return state

    def _tried(self, text: str | None) -> _Trial:
        """What a text of corrections makes of the document; it need not be on disk."""
        if text in self._states:
            return _Trial(text, self._states[text].document)
        try:
            corrections = Corrections() if text is None else parse_corrections(text, self.file.path)
            return _Trial(text, normalize(self._read, self._identity, self.reference, corrections))
        except ReferenceDataError as error:
            raise RefusedError([str(error)]) from error

    def _judged(self, trial: _Trial) -> State:
        """The document after validation. The last few are kept: people go back and forth."""
        if trial.text not in self._states:
            with _JUDGING:
                judged = validate([(trial.document, facts_of(trial.document))], None)[0].document
            try:
                release = build(judged, self._view, self._pictures)
            except ValueError as error:
                raise RefusedError([str(error)]) from error
            self._states[trial.text] = State(trial.text, judged, release, _page_data(release))
            if len(self._states) > _KEPT:
                self._states.popitem(last=False)
        self._states.move_to_end(trial.text)
        return self._states[trial.text]

    def _stale(self, before: str | None, trial: _Trial) -> list[Remove]:
        """Acceptances of doubts that the new entries did away with: left there, they would hold the document back."""
        if before is None or trial.text is None:
            return []
        after = parse_corrections(trial.text, self.file.path)
        bare = Corrections(after.corrections, (), after.doubts)
        document = normalize(self._read, self._identity, self.reference, bare)
        useless = []
        for index, entry in enumerate(parse_corrections(before, self.file.path).accepted):
            alone = settle(document.issues, document.tasks, Corrections((), (entry,), ()))
            if entry in after.accepted and any(
                found.rule == MISFIT and found not in document.issues for found in alone
            ):
                useless.append(Remove("accepted", index))
        return useless


def _signature(source: Source) -> list[tuple[int, int] | None]:
    """Sizes and times of a document's file and its sidecar."""
    files = [path.stat() if path.exists() else None for path in (source.path, sidecar_path(source.path))]
    return [(file.st_size, file.st_mtime_ns) if file else None for file in files]


def _read(source: Source) -> SourceDocument:
    password = os.environ.get(PASSWORD)
    ((_, result),) = read_documents([source.path], whole, password)
    if isinstance(result, ReadError):
        raise UsageError(str(result))
    return result


def _identified(source: Source, read: SourceDocument, reference: Path) -> Identity:
    try:
        return identify(source.path, source.name, title_of(read), reference)
    except (IdentityError, ReferenceDataError) as error:
        raise UsageError(str(error)) from error


def _drawn(source: Source, read: SourceDocument) -> tuple[PagePicture, ...]:
    if read.format not in DRAWN:
        return ()
    return next(iter(draw([(source.path, read.pages)], os.environ.get(PASSWORD))))[1]


def _page_data(release: Release) -> dict[str, Any]:
    """What the page shows; it is no release yet, so it has no number."""
    return page_data(release) | {"release": None}


def _misfits(document: NormalizedDocument) -> set[str]:
    return {issue.message for issue in document.issues if issue.rule == MISFIT}


def _refuse_twins(entries: Sequence[NewEntry], document: NormalizedDocument) -> None:
    """Where two tasks carry a number, an entry has to say which of them it means."""
    numbers = Counter((task.table_no, task.task_no.value) for task in document.tasks)
    problems = [
        f"two tasks carry the number ({entry.values['task']}): say which by words of its text (where)"
        for entry in entries
        if numbers[entry.values.get("table", 1), entry.values["task"]] > 1
        and entry.kind == "corrections"
        and not entry.values.get("where")
    ]
    if problems:
        raise RefusedError(problems)


def _removals(wanted: Sequence[Any], state: State) -> list[Remove]:
    """The entries of the file that are to be taken out, by list and number from 0."""
    entries = {} if state.text is None else parse(state.text)
    removals = []
    for item in wanted:
        kind, index = (item.get("list"), item.get("index")) if isinstance(item, dict) else (None, None)
        if not isinstance(kind, str) or type(index) is not int or not 0 <= index < len(entries.get(kind, ())):
            raise RefusedError([f"there is no such entry to take out: {item!r}"])
        removals.append(Remove(kind, index))
    return removals


def _written(entries: Sequence[NewEntry], removed: int, stale: int) -> str:
    """What was done to the file, for people."""
    counts: Mapping[str, int] = Counter(entry.kind for entry in entries)
    names = {"corrections": "更正", "accepted": "接受", "doubts": "存疑"}
    parts = [f"写入{names[kind]} {count} 条" for kind, count in counts.items()]
    parts += [f"删去 {removed} 条"] if removed else []
    parts += [f"{stale} 条接受已无疑点可指，一并删去"] if stale else []
    return "已" + "；".join(parts)
