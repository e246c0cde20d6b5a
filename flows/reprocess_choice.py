"""Which documents are reprocessed: all of them, those of some years, or some by their ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from flows.discover import Source, UsageError
from flows.ledger import Entry
from flows.release_files import release_folders, rows


@dataclass(frozen=True, slots=True)
class Choice:
    """The sources to be read again, and the releases that are concerned, by document_id."""

    sources: tuple[Source, ...]
    releases: Mapping[str, Path]


def choose(
    sources: Sequence[Source],
    entries: Mapping[str, Entry],
    outputs: Path,
    years: Collection[int],
    documents: Collection[str],
) -> Choice:
    """The documents of these ``years`` with these ids; an empty collection is all of them.

    The id of a source is that of the last run; where the ledger has none, that of the release that names the file.
    Raises UsageError for an unknown id and when nothing is chosen.
    """
    releases = {folder.name: folder for folder in release_folders(outputs)}
    ids = _ids(entries, releases)
    known = releases.keys() | {document_id for name in ids if (document_id := ids[name])}
    for unknown in sorted(set(documents) - known):
        near = get_close_matches(unknown, known, n=3)
        raise UsageError(f"there is no document {unknown}. {'Nearest: ' + ', '.join(near) if near else 'See status'}")
    chosen = tuple(
        source
        for source in sources
        if (not years or _year(source.name, entries) in years) and (not documents or ids.get(source.name) in documents)
    )
    concerned = {
        name: folder
        for name, folder in releases.items()
        if (not years or int(folder.parent.name) in years) and (not documents or name in documents)
    }
    if not chosen and not concerned:
        raise UsageError(f"there is no document of {', '.join(map(str, sorted(years)))}")
    return Choice(chosen, concerned)


def _ids(entries: Mapping[str, Entry], releases: Mapping[str, Path]) -> dict[str, str | None]:
    """The document_id of each source by its name, as far as it is known."""
    ids = {name: entry.document_id for name, entry in entries.items()}
    known = set(ids.values())
    for document_id, folder in releases.items():
        if document_id not in known:
            ids.update((row["source_file"], document_id) for row in rows(folder, "documents") if "source_file" in row)
    return ids


def _year(name: str, entries: Mapping[str, Entry]) -> int | None:
    """The year of a source: what the last run found out, else the folder that it lies in."""
    entry = entries.get(name)
    if entry is not None and entry.year is not None:
        return entry.year
    folder = name.partition("/")[0]
    return int(folder) if re.fullmatch(r"\d{4}", folder) else None
