"""The documents that can be reviewed: those in raw/, with what the last ingest made of them."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flows.discover import Source, UsageError, discover
from flows.ledger import Entry, Ledger
from normalizers.identity import IdentityError, identify, sidecar_path
from normalizers.records import Identity

#: The form of a document_id: the code of the region, the year and the kind.
DOCUMENT_ID = re.compile(r"[1-9]\d{5}-\d{4}-[a-z0-9]+")
#: In the order in which they are listed: those that wait for somebody first.
STATES = ("held_back", "unreadable", "new", "published")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document of raw/. ``document_id`` is None where it is not known, and then it can't be reviewed.

    ``state`` is one of :data:`STATES`; ``new`` means that no ingest has seen the file. ``issues`` counts the doubts of
    the last ingest by severity.
    """

    source: Source
    state: str
    document_id: str | None = None
    year: int | None = None
    title: str | None = None
    region: str | None = None
    n_tasks: int = 0
    issues: Mapping[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def n_open(self) -> int:
        """The number of doubts that are open."""
        return sum(self.issues.values())


def documents(raw: Path, outputs: Path, reference: Path) -> list[Listed]:
    """All documents of raw/, those with most to settle first. Raises :class:`UsageError` where there are none."""
    entries = Ledger(outputs).entries
    released = _released(outputs)
    listed = [_listed(source, entries.get(source.name), released, reference) for source in discover([], raw)]
    return sorted(listed, key=_urgency)


def find(document_id: str, listed: Sequence[Listed]) -> Listed:
    """The document with an identifier; of two files, the one that was published. Raises :class:`UsageError`."""
    if not DOCUMENT_ID.fullmatch(document_id):
        raise UsageError(f"{document_id!r} is no document_id; they look like 320404-2026-zfgzbg")
    found = [item for item in listed if item.document_id == document_id]
    if not found:
        known = [item.document_id for item in listed if item.document_id]
        near = difflib.get_close_matches(document_id, known, 3) or known[:3]
        hint = f"There is {', '.join(near)}" if near else "Put it there, or give another --raw"
        raise UsageError(f"no document of raw/ is known as {document_id}. {hint}")
    return next((item for item in found if item.state == "published"), found[0])


def _listed(source: Source, entry: Entry | None, released: Mapping[str, Mapping[str, str]], reference: Path) -> Listed:
    row = released.get(source.name, {})
    title, region = row.get("title"), row.get("region")
    if entry is None:
        if row:
            return Listed(source, "published", row["document_id"], int(row["year"]), title, region)
        identity = _by_sidecar(source, reference)
        if identity is None:
            return Listed(source, "new")
        return Listed(source, "new", identity.document_id, identity.year, identity.title, identity.region)
    if not row and (identity := _by_sidecar(source, reference)):
        title, region = identity.title, identity.region
    known = (entry.document_id, entry.year, title, region)
    return Listed(source, entry.status, *known, entry.n_tasks, entry.issues, entry.reasons)


def _by_sidecar(source: Source, reference: Path) -> Identity | None:
    """What the sidecar says of a file that has no release."""
    if not sidecar_path(source.path).exists():
        return None
    try:
        return identify(source.path, source.name, None, reference)
    except (IdentityError, OSError):
        return None


def _released(outputs: Path) -> dict[str, dict[str, str]]:
    """The row of documents.csv of each release, by the name of its source."""
    rows = {}
    for path in outputs.glob("[12]???/*/documents.csv"):
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                row = next(csv.DictReader(file), None)
        except (OSError, ValueError, csv.Error):
            continue
        if row and row.get("source_file"):
            rows[row["source_file"]] = row
    return rows


def _urgency(item: Listed) -> tuple[int, int, int, str]:
    counts = item.issues
    grave = 100 * counts.get("critical", 0) + counts.get("warning", 0)
    return STATES.index(item.state), -(item.year or 0), -grave, item.source.name
