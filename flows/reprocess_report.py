"""The report of a reprocessing as files: a page for people and two tables for programs.

``reprocess.html`` says what became of each document, gravest first, then the differences field by field.
``reprocess.csv`` has a row for each document, ``reprocess_changes.csv`` a row for each difference. They hold no times:
the same documents, code and reference data give the same bytes. Each run replaces them; what was published stays in the
history of each document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flows.differences import OUTCOMES, Difference, Outcome, readable
from normalizers.tabulate import Row
from writers.delimited import encode
from writers.errors import write_error

FOLDER = "reports"
_DOCUMENTS = (
    "document",
    "document_id",
    "outcome",
    "release_no",
    "n_tasks",
    "differences",
    "tables",
    "reasons",
    "notes",
)
_CHANGES = ("document", "document_id", "outcome", "task_id", "change", "field", "old", "new")
#: The page lists so many differences of a document, and of all; the others are in the CSV file.
_LISTED, _LISTED_IN_ALL = 300, 5000
_CHANGES_FILE = "reprocess_changes.csv"
_KINDS = {"added": "新增", "removed": "删除", "changed": "变更"}
_TEMPLATE = "reprocess.html.jinja"


@dataclass(frozen=True, slots=True)
class _Shown:
    """A difference on the page: the task's number, what happened to which field, and the values as people read them."""

    task: str
    change: str
    field: str
    old: str
    new: str


class Reporter:
    """Collects the documents of a run; the differences themselves go to a file at once, there may be very many.

    Without a ``folder`` no file is written. Methods raise WriteError. ``is_trial`` says that nothing is published.
    """

    def __init__(self, folder: Path | None, is_trial: bool) -> None:
        self.folder = folder
        self.is_trial = is_trial
        self.found: list[Difference] = []
        self._left = _LISTED_IN_ALL
        self._append(encode(_CHANGES, ()), "wb")

    def add(self, item: Difference) -> None:
        """Take a document; of its differences only those for the page are kept."""
        known = {"document": item.document, "document_id": item.document_id, "outcome": item.outcome}
        rows = (known | {name: change[name] for name in _CHANGES[len(known) :]} for change in item.changes)
        if item.changes:
            heading = len(encode(_CHANGES, ()))
            self._append(encode(_CHANGES, rows)[heading:], "ab")
        kept = item.changes[: min(_LISTED, self._left)]
        self._left -= len(kept)
        self.found.append(replace(item, changes=kept))

    def write(self) -> Path | None:
        """Put all three files in place; the page's path, None without a folder."""
        if self.folder is None:
            return None
        unfinished = self.folder / f".{_CHANGES_FILE}"
        files = {
            "reprocess.csv": encode(_DOCUMENTS, map(_document_row, self.found)),
            "reprocess.html": page(self.found, self.is_trial).encode(),
        }
        current = self.folder / _CHANGES_FILE
        try:
            unfinished.replace(current)
            for name, data in files.items():
                current = self.folder / name
                unfinished = self.folder / f".{name}"
                unfinished.write_bytes(data)
                unfinished.replace(current)
        except OSError as error:
            raise write_error(current, error) from error
        return current

    def _append(self, data: bytes, mode: str) -> None:
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f".{_CHANGES_FILE}").open(mode) as file:
                file.write(data)
        except OSError as error:
            raise write_error(self.folder / _CHANGES_FILE, error) from error


def _document_row(item: Difference) -> Row:
    return {
        "document": item.document,
        "document_id": item.document_id,
        "outcome": item.outcome,
        "release_no": item.release_no,
        "n_tasks": item.n_tasks,
        "differences": item.summary,
        "tables": ",".join(item.tables),
        "reasons": "\n".join(item.reasons),
        "notes": "\n".join(item.notes),
    }


def counted(found: Iterable[Difference]) -> Mapping[Outcome, int]:
    """How many documents there are of each outcome, gravest first."""
    counts = Counter(item.outcome for item in found)
    return {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]}


def by_gravity(found: Iterable[Difference]) -> list[Difference]:
    """The documents in the order of a report: gravest first, then by name."""
    order = list(OUTCOMES)
    return sorted(found, key=lambda item: (order.index(item.outcome), item.document))


def page(found: Sequence[Difference], is_trial: bool) -> str:
    """The report as a page that needs no other file."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415  for a report only

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    ordered = by_gravity(found)
    shown = {item.document: [_shown(item, change) for change in item.changes] for item in ordered}
    return environment.get_template(_TEMPLATE).render(
        counts=counted(found),
        outcomes=OUTCOMES,
        listed=[item for item in ordered if item.outcome != "unchanged"],
        unchanged=[item for item in ordered if item.outcome == "unchanged"],
        shown=shown,
        is_trial=is_trial,
    )


def _shown(item: Difference, change: Row) -> _Shown:
    old, new = readable(change)
    task = (change["task_id"] or "").removeprefix(f"{item.document_id}-")
    return _Shown(task, _KINDS[change["change"]], change["field"] or "", old, new)


def markdown(found: Sequence[Difference], is_trial: bool, listed: int = 200) -> str:
    """The report in short, for Prefect: counts, then each document that is not unchanged."""
    counts = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in counted(found).items())
    lines = [f"# 重新处理{'（试运行）' if is_trial else ''}", "", counts or "no documents", ""]
    told = [item for item in by_gravity(found) if item.outcome != "unchanged"]
    for item in told[:listed]:
        what = f": {item.summary}" if item.summary else ""
        lines.append(f"- **{item.outcome.replace('_', ' ')}** {item.document}{what}")
        lines += [f"  - {said}" for said in (*item.reasons[:3], *item.notes)]
    if len(told) > listed:
        lines.append(f"- and {len(told) - listed} more")
    return "\n".join(lines) + "\n"
