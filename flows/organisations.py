"""``fenjie organisations``: roster lines proposed from documents, and the members of a roster's groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.read import Watch
from flows.discover import UsageError
from flows.extract import identity_of, read_each
from normalizers.bodies import units_of
from normalizers.divisions import as_of, full_region_name, townships
from normalizers.identity import IdentityError
from normalizers.normalize import normalize
from normalizers.proposals import line
from normalizers.records import Unit
from normalizers.reference import DEFAULT_DIR, ReferenceDataError
from normalizers.resolver import Resolver
from normalizers.roster import Roster, load_roster
from normalizers.roster_draft import DraftLine, draft_roster
from normalizers.titles import title_of


@dataclass(frozen=True, slots=True)
class Named:
    """The organisations that a file names, in its order, each as often as it does; what is known of the file."""

    path: Path
    region_code: str | None
    year: int | None
    units: tuple[Unit, ...]
    n_tasks: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """YAML to save or to paste, and the lines in it."""

    text: str
    lines: tuple[DraftLine, ...]
    region_code: str
    has_roster: bool


def read_names(
    paths: Sequence[Path], password: str | None = None, watch: Watch | None = None, directory: Path = DEFAULT_DIR
) -> Iterator[tuple[Path, Named | str]]:
    """The organisations of each file, or why it can't be read, in the order given."""
    for path, result in read_each(paths, partial(_named, directory=directory), password, watch):
        yield path, str(result) if isinstance(result, ReadError) else result


def _named(document: SourceDocument, directory: Path) -> Named | str:
    path = Path(document.path)
    try:
        identity = identity_of(path, title_of(document), directory)
        result = normalize(document, identity, directory)
    except (IdentityError, ReferenceDataError) as error:
        return str(error)
    region_code, year = (identity.region_code, identity.year) if identity else (None, None)
    return Named(path, region_code, year, tuple(unit for unit, _ in units_of(result.tasks)), len(result.tasks))


def region_of(files: Sequence[Named], asked: str | None) -> str:
    """The region whose roster is meant: the one asked for, else that of the files. Raises :class:`UsageError`."""
    if asked is not None and not re.fullmatch(r"[1-9]\d{5}", asked):
        raise UsageError(f"--region {asked}: is no code of a region; give the six digits of GB/T 2260")
    codes = {file.region_code: file.path for file in files if file.region_code}
    if asked is not None:
        others = [f"{path} is of {code}" for code, path in codes.items() if code != asked]
        if others:
            raise UsageError(f"--region {asked}: {others[0]}. Leave that file out, or leave --region out")
        return asked
    if len(codes) > 1:
        listed = ", ".join(f"{path} of {code}" for code, path in codes.items())
        raise UsageError(f"the files are of several regions: {listed}. Name those of one region at a time")
    if not codes:
        raise UsageError(
            f"{files[0].path}: its region is not known. Say --region CODE (six digits, GB/T 2260), or write a sidecar"
        )
    return next(iter(codes))


def propose(files: Sequence[Named], region_code: str, directory: Path = DEFAULT_DIR) -> Proposal:
    """Lines for every name that the roster of the region does not have, as YAML.

    Without a roster it is a whole file, to be saved as reference/organisations/<code>.yaml. Raises
    :class:`normalizers.reference.ReferenceDataError` for a faulty roster.
    """
    roster = load_roster(region_code, directory)
    counts: Counter[str] = Counter()
    for file in files:
        resolver = Resolver(roster, file.year)
        unknown = (unit for unit in file.units if resolver.resolve(unit.printed, unit.full).unit_id is None)
        counts.update(unit.full or unit.printed for unit in unknown)
    lines = draft_roster(counts, region_code, roster, directory) if counts or roster is None else []
    return Proposal(
        "\n".join([*_head(files, region_code, roster), *_lines(lines, region_code), ""]) if lines else "",
        tuple(lines),
        region_code,
        roster is not None,
    )


def _head(files: Sequence[Named], region_code: str, roster: Roster | None) -> Iterator[str]:
    sources = f"{len(files)} file{'s' if len(files) > 1 else ''}: {', '.join(file.path.name for file in files)}"
    place = f"{full_region_name(region_code) or f'a region that the list of {as_of()} does not have'} ({region_code})"
    target = f"reference/organisations/{region_code}.yaml"
    if roster is not None:
        yield f"# Organisations of {place} that {target} lacks, from {sources}."
        yield "# Kinds and ids are guesses, and a name may be an alias of a known body: look, then paste."
        return
    yield f"# Organisations of {place}, proposed from {sources}."
    yield f"# Kinds and ids are guesses: look at every line, then save this as {target}."
    yield f'region_code: "{region_code}"'
    ends = {
        kind: sorted({_end(township.name) for township in townships(region_code) if _end_kind(township.name) == kind})
        for kind in ("town", "street")
    }
    closed = ", ".join(f"{kind}: [{', '.join(found)}]" for kind, found in ends.items() if found)
    if closed:
        yield f"# Towns and streets are those of the official list of {as_of()}."
        yield f"closed_kinds: {{{closed}}}"
    yield "organisations:"


def _end(name: str) -> str:
    return name[-1] if name[-1] in "镇乡" else name[-2:]


def _end_kind(name: str) -> str:
    return "street" if name.endswith("街道") else "town"


def _lines(lines: Sequence[DraftLine], region_code: str) -> Iterator[str]:
    for entry in lines:
        notes = [", ".join(f"{name} {count}" for name, count in entry.counts.items())] if entry.counts else []
        yield f"  {line(entry.body, region_code)}  # {'; '.join([*notes, *entry.remarks])}".rstrip("# ")


def groups(files: Sequence[Named], region_code: str, directory: Path = DEFAULT_DIR) -> str:
    """The groups of the region's roster with their members in the years of the files, as YAML.

    Raises :class:`UsageError` where the region has no roster.
    """
    roster = load_roster(region_code, directory)
    if roster is None:
        raise UsageError(f"{region_code} has no roster. fenjie organisations without --members proposes one")
    text = [f"# Groups of {full_region_name(region_code) or region_code} ({region_code}) by year."]
    for year in sorted({file.year for file in files}, key=lambda year: year or 0):
        text.append(f"{year or 'any year'}:")
        text += _groups_of(roster, year)
    return "\n".join([*text, ""])


def _groups_of(roster: Roster, year: int | None) -> Iterator[str]:
    for group in roster.organisations:
        if group.kind != "group" or not group.valid_in(year):
            continue
        members = roster.members_of(group, year) if group.members else ()
        yield f"  {group.unit_id}:{'' if members else ' []'}  # {group.name}{'' if members else ', open'}"
        yield from (f"    - {body.unit_id}  # {body.name}" for body in members)


def show(console: Console, proposal: Proposal) -> None:
    """The same for people: a table of the proposed lines."""
    if not proposal.lines:
        console.print(f"The roster of {proposal.region_code} knows every organisation.")
        return
    table = Table(title=f"{len(proposal.lines)} organisations of {proposal.region_code}", title_justify="left")
    for heading in ("name", "kind", "id", "also printed", "times", "look at"):
        is_whole = heading in ("name", "id")
        table.add_column(heading, justify="right" if heading == "times" else "left", overflow="fold", no_wrap=is_whole)
    for row in _rows(proposal.lines):
        table.add_row(*row)
    console.print(table)


def _rows(lines: Iterable[DraftLine]) -> Iterator[tuple[str, ...]]:
    for entry in lines:
        aliases = "、".join(alias.name for alias in entry.body.aliases)
        yield (
            entry.body.name, entry.body.kind, entry.body.unit_id, aliases, str(entry.total), "; ".join(entry.remarks),
        )  # fmt: skip
