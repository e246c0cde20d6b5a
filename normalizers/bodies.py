"""The organisations of a whole document: the bodies of the roster that it names, and the names that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from normalizers.divisions import as_of, townships
from normalizers.proposals import Proposer, line
from normalizers.records import Field, Issue, TaskRecord, Unit
from normalizers.reference import DEFAULT_DIR
from normalizers.resolver import Resolver
from normalizers.roster import Alias, Organisation, Roster
from normalizers.rules import issue
from normalizers.text import strip_brackets

#: A task and the field of it in which a name stands.
Place = tuple[TaskRecord, str]
Members = tuple[tuple[str, tuple[str, ...]], ...]
UNIT_FIELDS = ("lead_units", "support_units")


def units_of(tasks: Sequence[TaskRecord]) -> Iterator[tuple[Unit, Place]]:
    """Every organisation of every task with its place, in document order."""
    for task in tasks:
        for name in UNIT_FIELDS:
            field: Field[tuple[Unit, ...]] = getattr(task, name)
            yield from ((unit, (task, name)) for unit in field.value)


def named_bodies(tasks: Sequence[TaskRecord], resolver: Resolver) -> tuple[tuple[Organisation, ...], Members]:
    """The bodies that the tasks name and the members of the groups among them, by id; and which members each has."""
    bodies = resolver.named(unit for unit, _ in units_of(tasks))
    named = {unit.unit_id for unit, _ in units_of(tasks)}
    members = ((body.unit_id, resolver.members(body)) for body in bodies if body.unit_id in named)
    return bodies, tuple((group, tuple(body.unit_id for body in found)) for group, found in members if found)


def unknown_names(tasks: Sequence[TaskRecord]) -> dict[str, list[Place]]:
    """The names that stand for no body of the roster, without their qualifiers, and where each stands.

    Each is one doubt, and the first of its places is the one that the doubt is about.
    """
    places: dict[str, list[Place]] = {}
    for unit, place in units_of(tasks):
        if unit.unit_id is None:
            places.setdefault(unknown_name(unit), []).append(place)
    return places


def unknown_name(unit: Unit) -> str:
    """The name by which an unknown organisation is told from others: in full, without its qualifier."""
    return strip_brackets(unit.full or unit.printed)[0]


def unknown_units(tasks: Sequence[TaskRecord], resolver: Resolver, directory: Path = DEFAULT_DIR) -> Iterator[Issue]:
    """One doubt for each distinct name that the roster lacks, with the nearest ones and a line to paste."""
    roster = resolver.roster
    if roster is None:
        return
    proposer = Proposer(roster.region_code, {body.unit_id for body in roster.organisations}, directory)
    for name, places in unknown_names(tasks).items():
        near = resolver.nearest(name)
        kind = resolver.closed_kind(name)
        official = [township.name for township in townships(roster.region_code)] if kind else []
        missing = f"; {_missing_from_list(name, kind, roster, official)}" if kind else ""
        otherwise = "".join(f"; {_otherwise(body)}" for body in roster.known_otherwise(name))
        candidates = f"; nearest known: {'、'.join(near)}" if near else ""
        detail = f"{name} is not in the roster{missing}{otherwise}{candidates} ({_tasks(places)})"
        task, field = places[0]
        suggestion = _suggestion(name, places[0], resolver, proposer, kind is not None and name not in official)
        found = tuple(dict.fromkeys(spot for where, of in places for spot in getattr(where, of).provenance))
        yield issue("unknown_unit", detail, task.task_no.value, field, found, suggestion, task.table_no)


def _missing_from_list(name: str, kind: str, roster: Roster, official: Sequence[str]) -> str:
    """What the official list says of a name whose kind has a complete list in the roster."""
    if name in official:
        return f"it is an official {kind} of {roster.region_code} ({as_of()})"
    listed = f", nor in the official list of {as_of()}" if official else ""
    return f"there is no such {kind} in {roster.region_code}{listed}"


def _otherwise(body: Organisation) -> str:
    """What a name means in other years."""
    years = f"{body.valid_from or ''}-{body.valid_to or ''}".strip("-")
    became = f", then {'、'.join(body.successors)}" if body.successors else ""
    return f"it means {body.unit_id} in other years" + (f" ({years}{became})" if years else "")


def _tasks(places: Sequence[Place]) -> str:
    """The tasks as printed: tasks 1-3, 7; those of a second table after its number."""
    numbers: dict[int, list[int]] = {}
    for task, _ in places:
        numbers.setdefault(task.table_no, []).append(task.task_no.value)
    listed = [_runs(sorted(set(found)), "" if table == 1 else f"table {table}: ") for table, found in numbers.items()]
    return f"task{'s' if len({id(task) for task, _ in places}) > 1 else ''} {'; '.join(listed)}"


def _runs(numbers: Sequence[int], before: str) -> str:
    runs = [[numbers[0], numbers[0]]]
    for last, number in pairwise(numbers):
        if number == last + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return before + ", ".join(f"{first}-{last}" if last > first else f"{first}" for first, last in runs)


def _suggestion(name: str, place: Place, resolver: Resolver, proposer: Proposer, is_misread: bool) -> str:
    """What to paste where; a name that a closed list does not have is first of all a misread one."""
    code = proposer.region_code
    new = f"add to reference/organisations/{code}.yaml: {line(proposer.propose(name), code)}"
    near = resolver.nearest(name)
    body = resolver.body_of(near[0]) if near else None
    if body is None:
        return new[0].upper() + new[1:]
    if is_misread:
        task, field = place
        table = f", table: {task.table_no}" if task.table_no > 1 else ""
        was = next(unit.printed for unit in getattr(task, field).value if unknown_name(unit) == name)
        entry = f"- {{task: {task.task_no.value}{table}, field: {field}, was: {was}, now: {near[0]}, reason: misread}}"
        return f"Is it {near[0]}? Then correct it in reference/corrections: {entry}. Else {new}"
    alias = line(replace(body, aliases=(*body.aliases, Alias(name))), code)
    return f"Is it {near[0]}? Then give that line the alias: {alias}. Else {new}"
