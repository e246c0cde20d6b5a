"""Documents that were withdrawn: ``outputs/withdrawn.json`` names each with the last release that it had.

The files of that release lie among the earlier ones, in ``outputs/history/<year>/<document_id>/<number>/``. Readers of
the feed of changes are told from them which tasks are gone, and a document that comes back goes on behind that number.
A document whose folder stands is not withdrawn, whatever the file says: a withdrawal that was killed had only begun.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from writers.errors import WriteError, write_error
from writers.folder import HISTORY

FILE = "withdrawn.json"


class Withdrawn(NamedTuple):
    """The last release of a document that was withdrawn."""

    year: int
    release_no: int


def withdrawn(outputs: Path) -> dict[str, Withdrawn]:
    """The documents that were withdrawn, by document_id. Raises WriteError when the file says something else."""
    path = outputs / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {name: Withdrawn(int(facts["year"]), int(facts["release_no"])) for name, facts in stored.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        advice = "Put it back from a backup. Without it documents that come back begin anew with release 1."
        raise WriteError(path, f"can't be read ({error})", advice) from error


def kept(outputs: Path, document_id: str, last: Withdrawn) -> Path:
    """Where the last release of a document that was withdrawn is kept."""
    return outputs / HISTORY / str(last.year) / document_id / str(last.release_no)


def standing_in(outputs: Path, document_id: str, folder: Path) -> Path:
    """Where the last release of a document lies whose own ``folder`` is empty: among the earlier ones, or nowhere.

    Gives ``folder`` for a document that was not withdrawn. Raises WriteError for one whose release is not kept any
    more: with release 1 it would begin numbers a second time.
    """
    last = withdrawn(outputs).get(document_id)
    if last is None:
        return folder
    place = kept(outputs, document_id, last)
    if not place.is_dir():
        advice = (
            f"Put that folder back from a backup. Or take {document_id} out of {outputs / FILE}: its history then "
            "begins anew with release 1."
        )
        raise WriteError(place, "the document was withdrawn, and its last release is not kept any more", advice)
    return place


def note(outputs: Path, document_id: str, last: Withdrawn | None) -> None:
    """Note that a document is withdrawn, or (None) that it is not any more; whole or not at all. Raises WriteError."""
    before = withdrawn(outputs)
    after = {name: facts for name, facts in before.items() if name != document_id}
    if last is not None:
        after[document_id] = last
    if after == before:
        return
    try:
        _write(outputs / FILE, after)
    except OSError as error:
        raise write_error(outputs / FILE, error) from error


def _write(path: Path, documents: Mapping[str, Withdrawn]) -> None:
    if not documents:
        path.unlink(missing_ok=True)
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump({name: facts._asdict() for name, facts in sorted(documents.items())}, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
