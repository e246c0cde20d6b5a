"""The steps of an ingest as plain functions: no Prefect, each a function of its inputs.

:func:`prepare` does all of them for a batch of documents, up to the files of their releases; publishing is the matter
of :mod:`flows.publishing`. A document that fails a step carries its problem on; the others go on without it.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.errors import ReadError, fault
from extractors.model import SourceDocument
from extractors.pictures import DRAWN, PagePicture, draw
from extractors.supervised import read_documents, whole
from flows.discover import Source, is_as_found
from flows.guard import Judgement, Limits, guard
from flows.ledger import FOLDER
from flows.prepared import Outcome, Parcel, Prepared, pack
from flows.settings import PASSWORD
from normalizers.identity import IdentityError, identify
from normalizers.normalize import normalize
from normalizers.records import Issue, NormalizedDocument
from normalizers.reference import ReferenceDataError
from normalizers.tabulate import issue_row
from normalizers.titles import title_of
from normalizers.view import DocumentView, view_of
from validators.validate import validate
from validators.verdict import facts_of
from writers.errors import WriteError
from writers.previous import last_folder, read
from writers.release import Release, build, with_history
from writers.render import render

#: So many doubts of a document are told in words where all documents of a run are listed.
_TOLD = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What preparing a document depends on besides its file.

    ``outputs`` has the releases so far, ``reference`` what people know, ``version`` is the fingerprint of code and
    reference data. ``limits`` are those of the guard. Parcels go to ``parcels``; Data Docs go to ``data_docs``, a
    folder for each batch; None: nowhere.
    """

    outputs: Path
    reference: Path
    version: str
    parcels: Path
    data_docs: Path | None = None
    limits: Limits | None = None


def plan_for(outputs: Path, reference: Path, version: str) -> Plan:
    """The plan of an ingest into a folder of outputs: parcels and Data Docs lie beside its ledger."""
    return Plan(outputs, reference, version, outputs / FOLDER / "prepared", outputs / FOLDER / "data_docs")


def prepare(sources: Sequence[Source], plan: Plan) -> list[Prepared]:
    """Do everything for a batch of documents but publish them, in the order given.

    What becomes of a document does not depend on the others of its batch. One that changed since it was discovered is
    left: what was read may be neither its old content nor its new one.
    """
    work = normalize_all(extract([Work(source) for source in sources]), plan.reference)
    work = judge(work, plan.data_docs and plan.data_docs / batch_name(sources))
    prepared = [_packed(item, pictures, plan) for item, pictures in _illustrated(work)]
    return [item if is_as_found(item.source) else _left(item.source) for item in prepared]


def _left(source: Source) -> Prepared:
    why = f"{source.path}: it changed or was taken away while it was read"
    return Prepared(source, "left", problem=why, is_patchy=True)


def batch_name(sources: Sequence[Source]) -> str:
    """What a batch is called: the hash of its documents."""
    text = "\n".join(f"{source.path}:{source.content_hash}" for source in sources)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Work:
    """One document on its way through the steps; ``problem`` says why it goes no further."""

    source: Source
    read: SourceDocument | None = None
    document: NormalizedDocument | None = None
    view: DocumentView | None = None
    reasons: tuple[Issue, ...] = ()
    problem: str | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether validation or publishing stopped the document."""
        return bool(self.reasons) or self.problem is not None


def extract(work: Sequence[Work]) -> list[Work]:
    """Read each file: its tables and the text around them."""
    results = read_documents([item.source.path for item in work], whole, os.environ.get(PASSWORD))
    return [
        replace(item, problem=str(result)) if isinstance(result, ReadError) else replace(item, read=result)
        for item, (_, result) in zip(work, results, strict=True)
    ]


def normalize_all(work: Sequence[Work], reference: Path) -> list[Work]:
    """Identify each document and make its task records."""
    return [item if item.problem or item.read is None else _normalize(item, item.read, reference) for item in work]


def _normalize(item: Work, read: SourceDocument, reference: Path) -> Work:
    try:
        identity = identify(item.source.path, item.source.name, title_of(read), reference)
        return replace(item, read=None, document=normalize(read, identity, reference), view=view_of(read))
    except (IdentityError, ReferenceDataError) as error:
        return replace(item, read=None, problem=str(error))
    except Exception as error:  # a fault of ours in one document must not stop the others
        return replace(item, read=None, problem=str(fault(item.source.path, error)))


def judge(work: Sequence[Work], data_docs: Path | None) -> list[Work]:
    """Validate all documents; the doubts that it finds are added to each.

    Documents that claim the same identifier are judged apart, so that the verdict on each is its own; that not both
    are published is seen to when all documents of the run are known.
    """
    result = list(work)
    for number, indices in enumerate(_apart(work)):
        documents = [document for index in indices if (document := work[index].document) is not None]
        site = data_docs if number == 0 or data_docs is None else data_docs.with_name(f"{data_docs.name}-{number}")
        verdicts = validate([(document, facts_of(document)) for document in documents], site)
        for index, verdict in zip(indices, verdicts, strict=True):
            result[index] = replace(result[index], document=verdict.document, reasons=verdict.reasons)
    return result


def _apart(work: Sequence[Work]) -> list[list[int]]:
    """The places of the documents to be judged, in groups that have each identifier once."""
    groups: list[list[int]] = []
    seen: Counter[str] = Counter()
    for index, item in enumerate(work):
        if item.document is None or item.document.identity is None or item.problem is not None:
            continue
        document_id = item.document.identity.document_id
        if seen[document_id] == len(groups):
            groups.append([])
        groups[seen[document_id]].append(index)
        seen[document_id] += 1
    return groups


def _illustrated(work: list[Work]) -> Iterator[tuple[Work, tuple[PagePicture, ...]]]:
    """Each document with the pictures of its pages, if it is to be released; it is not kept."""
    wanted = [
        (item.source.path, item.document.pages or 0)
        for item in work
        if item.document is not None and not item.is_held_back and item.document.source_format in DRAWN
    ]
    drawn = draw(wanted, os.environ.get(PASSWORD))
    waiting = list(reversed(work))
    while waiting:
        item = waiting.pop()
        has_pictures = item.document is not None and not item.is_held_back and item.document.source_format in DRAWN
        yield item, next(drawn)[1] if has_pictures else ()


def _packed(item: Work, pictures: Sequence[PagePicture], plan: Plan) -> Prepared:
    """Make the release and its files, put them away, and say what is to be known of the document."""
    document = item.document
    if document is None or document.identity is None:
        return Prepared(item.source, "unreadable", problem=item.problem, is_patchy=True)
    identity = document.identity
    release, files, judgement, problem = None, {}, Judgement(), item.problem
    if not item.is_held_back:
        try:
            release, judgement = numbered(build(document, item.view, pictures), plan)
            files = render(release)
        except Exception as error:  # a fault of ours in one document must not stop the others
            release, problem = None, str(fault(item.source.path, error))
    outcome: Outcome = "passed" if release is not None else "held_back"
    tasks = {(task.table_no, task.task_no.value) for task in document.tasks}
    rows = [issue_row(identity.document_id, no, issue, tasks) for no, issue in enumerate(document.issues, 1)]
    name, size = pack(Parcel(rows, release, files), plan.parcels)
    told = [issue for issue in document.issues if issue.severity != "info"]
    return Prepared(
        item.source,
        outcome,
        document_id=identity.document_id,
        year=identity.year,
        source_sha256=identity.source_sha256,
        n_tasks=len(document.tasks),
        issues=dict(sorted(Counter(issue.severity for issue in document.issues).items())),
        reasons=tuple(explain(issue) for issue in item.reasons),
        problem=problem,
        doubts=tuple(f"**{issue.severity}** {item.source.name} {explain(issue)}" for issue in told[:_TOLD]),
        objections=judgement.reasons,
        notes=judgement.notes,
        release_no=release.tables["releases"][-1]["release_no"] if release else None,
        is_patchy=any(issue.rule == "unreadable_page" for issue in document.issues),
        parcel=name,
        size=size,
    )


def numbered(release: Release, plan: Plan) -> tuple[Release, Judgement]:
    """The release with its history, as far as the folder of the release before tells it, and what the guard says."""
    try:
        before = read(last_folder(release, plan.outputs))
    except WriteError:
        before = None  # damaged; whether the database has it is seen when this one is published
    release = with_history(release, before)
    return release, guard(before, release.tables, plan.limits)


def explain(issue: Issue) -> str:
    """An issue in one line: which task, what is wrong, where, what to do."""
    task = f"task ({issue.task_no}): " if issue.task_no is not None else ""
    place = issue.provenance[0] if issue.provenance else None
    where = f" [{place}]" if place and str(place) else ""
    return f"{task}{issue.message}{where}. {issue.suggestion or ''}".strip()
