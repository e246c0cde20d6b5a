"""Publishing what was prepared: each document into the database, then into the outputs folder, then into the ledger.

Plain functions without Prefect. They are called by one process only, in the order of the documents' names.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flows.candidates import candidate_folder, put, take_away
from flows.discover import Source
from flows.guard import Accepted, guard, is_accepted
from flows.ledger import FOLDER, Entry, Ledger, release_folder
from flows.prepared import Parcel, Prepared, look_into, unpack
from flows.runlog import Outcome, OutcomeKind, RunLog
from flows.steps import Plan
from writers import withdrawn
from writers.errors import DatabaseError, WriteError
from writers.folder import sizes
from writers.previous import settled
from writers.publish import publish_files
from writers.release import Release
from writers.render import render
from writers.sql import Database

QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where documents are published: by which plan they were made, into which database, and what is noted of them.

    ``place`` is what the database is remembered by, without its password; ``accepted`` are the documents that are
    published whatever the guard has against it; ``log`` is told what becomes of each.
    """

    plan: Plan
    database: Database
    place: str
    ledger: Ledger
    accepted: Accepted = frozenset()
    log: RunLog | None = None


def note(items: Sequence[Prepared], desk: Desk) -> None:
    """Tell the run log what became of documents. One that was left for the next run is only counted."""
    if desk.log is not None:
        desk.log.documents(_noted(item) for item in items if item.outcome != "left")
        desk.log.count({"left": sum(item.outcome == "left" for item in items)})


def _noted(item: Prepared) -> Outcome:
    told = next(iter((*item.reasons, *([item.problem] if item.problem else []), *item.notes)), None)
    if item.document_id is None:
        return Outcome(item.source.name, "unreadable", reason=told)
    is_published = item.outcome == "passed" and item.problem is None
    kind: OutcomeKind = "held_back" if not is_published else "published" if item.is_new else "unchanged"
    number = item.release_no if is_published else None
    return Outcome(item.source.name, kind, item.document_id, number, item.n_tasks, item.issues, told)


def without_rivals(prepared: Sequence[Prepared], ledger: Ledger) -> list[Prepared]:
    """The documents of a run with those stopped that claim the identifier of another one.

    Of files that are the same byte for byte the one goes on that is published, else the first; of different ones none
    does. Which of them is the right one nobody can tell.
    """
    files: dict[str, dict[str | None, str]] = defaultdict(dict)
    published = {name for name, entry in ledger.entries.items() if entry.status == "published"}
    for item in sorted(prepared, key=lambda item: item.source.name not in published):
        if item.document_id is not None:
            files[item.document_id].setdefault(item.source_sha256, item.source.name)
    return [_judged(item, files[item.document_id]) if item.document_id is not None else item for item in prepared]


def _judged(item: Prepared, files: dict[str | None, str]) -> Prepared:
    first = files[item.source_sha256]
    if first != item.source.name:
        return replace(item, problem=f"{item.source.path}: this is a copy of {first}. Remove one of them")
    others = sorted(name for name in files.values() if name != first)
    if not others:
        return item
    return replace(
        item,
        problem=f"{item.source.path}: {item.document_id} is the identifier of {', '.join(others)} as well. Keep the "
        "file that is right, or say in a sidecar what the other one is",
    )


def publish_prepared(item: Prepared, desk: Desk) -> Prepared:
    """Publish a document that passed and note what became of it; with its problem where it could not be published.

    The database comes first: when it fails, nothing has changed. Raises DatabaseError, so that the caller may try
    again; everything else becomes the document's problem. Of a document that is left for the next run nothing is noted.
    """
    if item.outcome == "left":
        return item
    try:
        parcel = unpack(item, desk.plan.parcels)
    except Exception as error:
        item, parcel = (
            replace(item, problem=f"{item.source.path}: what was prepared is gone ({error}). Run again"),
            _NONE,
        )
    if item.document_id is not None and item.year is not None:
        take_away(candidate_folder(desk.plan.outputs, item.year, item.document_id))
    item = _publish(item, parcel, desk)
    record(item, parcel, desk)
    return item


_NONE = Parcel(())


def _publish(item: Prepared, parcel: Parcel, desk: Desk) -> Prepared:
    if item.problem is not None or parcel.release is None or item.document_id is None:
        return item
    for other in desk.ledger.other_sources(item.document_id, item.source.name):
        if (_raw_of(item.source) / other).exists():
            return replace(item, problem=_rivalry(item, other, desk.ledger.entries[other]))
    try:
        item, release, files = _settled(item, parcel.release, parcel.files, desk)
        last = release.tables["releases"][-1]
        item = replace(item, release_no=last["release_no"], content_sha256=last["content_sha256"])
        if item.objections and not is_accepted(release.document_id, desk.accepted):
            return _held_back(item, release, files, desk)
        desk.database.replace([release])
        is_new = publish_files(files, Path(str(release.year)) / release.document_id, desk.plan.outputs)
    except WriteError as error:
        return replace(item, problem=str(error))
    overruled = (f"accepted by a person: {objection}" for objection in item.objections)
    return replace(item, is_new=is_new, notes=(*item.notes, *overruled))


def _rivalry(item: Prepared, other: str, entry: Entry) -> str:
    """What is wrong with a document whose identifier another file has, which an earlier run has read."""
    became = "already published from" if entry.status == "published" else "the identifier of the held back"
    return (
        f"{item.source.path}: {item.document_id} is {became} {other}. Keep the file that is right, or say in a sidecar "
        "what the other one is"
    )


def _held_back(item: Prepared, release: Release, files: Mapping[str, bytes], desk: Desk) -> Prepared:
    """The document stopped by the guard; its release is put where people can look at it. Raises WriteError."""
    folder = candidate_folder(desk.plan.outputs, release.year, release.document_id)
    put(files, folder)
    reasons = (*item.reasons, *item.objections, f"What was not published lies in {folder}")
    return replace(item, reasons=reasons, outcome="held_back")


def _settled(
    item: Prepared, release: Release, files: Mapping[str, bytes], desk: Desk
) -> tuple[Prepared, Release, Mapping[str, bytes]]:
    """The document with the history that holds now; mostly that is the one it was prepared with.

    It is another one when only the database has the release before, or when a killed run published what it prepared.
    The guard judges by the last release that anybody was told of: of a killed run the database has it.
    """
    final, previous = settled(release, desk.plan.outputs, desk.database)
    if final is release and previous is None:
        return item, release, files
    judgement = guard(previous, final.tables, desk.plan.limits)
    # What the database has already somebody has accepted, or the guard of that run had nothing against it.
    known = (f"the database has this release already: {objection}" for objection in item.objections)
    notes = (*judgement.notes, *(known if final is release else ()))
    item = replace(item, objections=judgement.reasons, notes=notes)
    return item, final, files if final is release else render(final)


def _raw_of(source: Source) -> Path:
    """The folder that the document's name is relative to."""
    return source.path.resolve().parents[len(Path(source.name).parts) - 1]


def failed(item: Prepared, error: DatabaseError, desk: Desk) -> Prepared:
    """Note a document that the database did not take."""
    item = replace(item, problem=f"{item.source.path}: {error}")
    record(item, look_into(item, desk.plan.parcels), desk)
    return item


def record(item: Prepared, parcel: Parcel, desk: Desk) -> Entry:
    """Enter what became of a document into the ledger and, if it was held back, its reasons into the quarantine."""
    entry = _entry(item, desk.plan)
    before = desk.ledger.entries.get(item.source.name)
    if entry.document_id is None and before is not None:  # the document that the file was when it could be read
        entry = replace(entry, document_id=before.document_id, year=before.year)
    if entry.status == "published":
        facts = (entry.content_hash, entry.version, entry.status)
        same = before is not None and (before.content_hash, before.version, before.status) == facts
        known = before.databases if before is not None and same else ()
        entry = replace(entry, databases=tuple(sorted({*known, desk.place})))
        # It may have been withdrawn, and is back; where that can't be written, the folder that stands says it.
        with suppress(WriteError):
            withdrawn.note(desk.plan.outputs, item.document_id or "", None)
    elif entry.status == "held_back" and item.problem is None:
        entry = _with_last(entry, desk)
    _quarantine(item, parcel, desk.plan.outputs, entry)
    desk.ledger.enter(item.source.name, entry)
    return entry


def _with_last(entry: Entry, desk: Desk) -> Entry:
    """The entry of a document that was held back, with the release that the database has of it."""
    releases = desk.database.releases(entry.document_id or "")
    number, sha256 = releases[-1] if releases else (None, None)
    return replace(entry, databases=(desk.place,), release_no=number, content_sha256=sha256)


def _entry(item: Prepared, plan: Plan) -> Entry:
    if item.document_id is None:
        reasons = (item.problem,) if item.problem else ()
        return Entry(item.source.content_hash, plan.version, "unreadable", reasons=reasons)
    is_published = item.outcome == "passed" and item.problem is None
    files = sizes(release_folder(plan.outputs, item.year or 0, item.document_id)) if is_published else {}
    return Entry(
        # What stopped a document that was read may be gone tomorrow: a rival, a full disk, a fault of ours.
        content_hash="" if item.problem is not None else item.source.content_hash,
        version=plan.version,
        status="published" if is_published else "held_back",
        document_id=item.document_id,
        year=item.year,
        source_sha256=item.source_sha256,
        n_tasks=item.n_tasks,
        issues=item.issues,
        reasons=(*item.reasons, *((item.problem,) if item.problem else ())),
        files=files,
        release_no=item.release_no if is_published else None,
        content_sha256=item.content_sha256 if is_published else None,
    )


def _quarantine(item: Prepared, parcel: Parcel, outputs: Path, entry: Entry) -> None:
    """Write the reasons beside the releases, or take away those of an earlier run."""
    path = outputs / QUARANTINE / f"{item.source.name}.json"
    if entry.status == "published":
        path.unlink(missing_ok=True)
        return
    content = {
        "source": item.source.name,
        "document_id": entry.document_id,
        "status": entry.status,
        "reasons": list(entry.reasons),
        "issues": list(parcel.issues),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not beside the others: what a killed run leaves there nobody would take away.
    unfinished = outputs / FOLDER / "quarantine.unfinished"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
