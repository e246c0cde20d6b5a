"""Taking a document back: out of its folder, the database, the ledger and the overview.

Its last release goes to the earlier ones, and ``outputs/withdrawn.json`` remembers which it was, so that readers of the
feed of changes are told, and the history goes on if the document comes back. Each step can be done once more; a
withdrawal that was killed is made good by repeating it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows import overview
from flows.candidates import candidate_folder, take_away
from flows.database_url import api_for, name_of, url_of
from flows.discover import UsageError
from flows.fingerprint import ROOT, version
from flows.ledger import Entry, Ledger, sole_run
from flows.publishing import QUARANTINE
from flows.release_files import release_folders, rows
from flows.runlog import Outcome, logged
from writers import archive, compare_files
from writers.errors import WriteError, write_error
from writers.previous import release_no
from writers.publish import recover
from writers.sql import Database
from writers.swap import remove
from writers.withdrawn import Withdrawn, note, withdrawn


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of a document that is to be withdrawn.

    ``folder`` is that of its release, None where it is gone already; ``last`` is that release, None for a document
    that only a database has. ``comparisons`` are the folders of comparisons with it.
    """

    document_id: str
    folder: Path | None
    last: Withdrawn | None
    title: str | None
    comparisons: tuple[Path, ...]

    def kept(self, outputs: Path) -> Path | None:
        """Where the earlier releases are."""
        return None if self.last is None else outputs / archive.FOLDER / str(self.last.year) / self.document_id


def look(document_id: str, raw: Path, outputs: Path) -> Standing:
    """What there is of a document.

    Raises UsageError while its file lies in ``raw``, from which the next ingest would publish it again, and where it
    can't be told which release it is; WriteError for a file of withdrawals that can't be read.
    """
    if not outputs.is_dir():
        raise UsageError(f"{outputs} does not exist. Name the folder with --outputs")
    folder = next((folder for folder in release_folders(outputs) if folder.name == document_id), None)
    _check_sources(document_id, folder, raw, Ledger(outputs).entries)
    last, title = withdrawn(outputs).get(document_id), None
    if folder is not None:
        number = release_no(folder)
        if number is None:
            raise UsageError(f"{folder}: the files are damaged, which release it is can't be told. Put the folder back")
        last = Withdrawn(int(folder.parent.name), number)
        title = next((row.get("title") for row in rows(folder, "documents")), None)
    return Standing(document_id, folder, last, title, tuple(_comparisons(document_id, outputs)))


def _check_sources(document_id: str, folder: Path | None, raw: Path, entries: Mapping[str, Entry]) -> None:
    sources = [name for name, entry in entries.items() if entry.document_id == document_id]
    if folder is not None:
        # Of a document that the ledger does not know the release names the file; which document it is now nobody knows.
        named = (row.get("source_file", "") for row in rows(folder, "documents"))
        sources += [name for name in named if name and name not in entries]
    there = [name for name in sources if (raw / name).is_file()]
    if there:
        raise UsageError(
            f"{document_id} would come back with the next ingest: it is read from {', '.join(sorted(there))} in {raw}. "
            "Take that file out of there; or say in its sidecar what it is, run fenjie ingest, and withdraw then. "
            "Nothing was changed"
        )


def _comparisons(document_id: str, outputs: Path) -> Iterator[Path]:
    for folder in sorted((outputs / compare_files.FOLDER).glob("*")):
        if document_id in folder.name.split(compare_files.SEPARATOR):
            yield folder


def withdraw(document_id: str, raw: Path, outputs: Path, database: str | None) -> tuple[Standing, bool]:
    """Withdraw a document; what there was of it, and whether the database had it.

    ``database`` is a URL or a name as :mod:`flows.database_url` has them. Raises UsageError for a document that there
    is not and as :func:`look` does, DatabaseError, and WriteError for outputs that can't be written.
    """
    name = name_of(database)
    with sole_run(outputs), api_for(name, ROOT):
        recover(outputs)
        standing = look(document_id, raw, outputs)
        with Database(url_of(name, outputs)) as store:
            store.check()
            is_held = document_id in store.held()
            if standing.last is None and not is_held:
                raise UsageError(f"{document_id}: neither {outputs} nor {store.url} has such a document")
            with logged(outputs, "withdraw", version(), arguments={"document": document_id}) as log:
                if standing.last is not None:
                    note(outputs, document_id, standing.last)
                overview.begin(outputs)
                if is_held:
                    store.create()
                    store.withdraw(document_id)
                _take_out(standing, outputs)
                number = standing.last.release_no if standing.last else None
                log.documents([Outcome(document_id, "withdrawn", document_id, number)])
    return standing, is_held


def _take_out(standing: Standing, outputs: Path) -> None:
    """Take a document out of the folder of outputs. Raises WriteError."""
    current, kept = outputs, standing.kept(outputs)
    try:
        if standing.folder is not None and standing.last is not None and kept is not None:
            current = standing.folder
            archive.put_away(standing.folder, kept, standing.last.release_no)
        for current in standing.comparisons:
            remove(current)
        ledger = Ledger(outputs)
        for name, entry in ledger.entries.items():
            if entry.document_id == standing.document_id:
                current = outputs / QUARANTINE / f"{name}.json"
                current.unlink(missing_ok=True)
        current = ledger.path
        ledger.forget(standing.document_id)
    except OSError as error:
        raise write_error(current, error) from error
    if standing.last is not None:
        take_away(candidate_folder(outputs, standing.last.year, standing.document_id))
    if problem := overview.catch_up(outputs):
        raise WriteError(outputs, problem, "Everything else is done: run fenjie report.")
