"""The leaders of all tasks of a document: who they are, and which names are odd among the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from extractors.model import Provenance
from normalizers.leaders import LeaderResolver
from normalizers.persons import is_title, name_and_post
from normalizers.records import Field, Issue, Leader, TaskRecord
from normalizers.reference import Names
from normalizers.rules import issue

#: Names of two characters that share one are simply two names; only longer ones can differ in one by misreading.
_LONG = 3


def with_leaders(tasks: Sequence[TaskRecord], resolver: LeaderResolver, names: Names) -> list[TaskRecord]:
    """The tasks with their leaders looked up. Corrected names may have a post in them like printed ones."""

    def resolved(field: Field[tuple[Leader, ...]]) -> Field[tuple[Leader, ...]]:
        leaders = field.value
        if field.method == "corrected":
            leaders = tuple(_with_post(leader, names) for leader in leaders)
        return replace(field, value=tuple(map(resolver.resolve, leaders)))

    return [replace(task, leaders=resolved(task.leaders)) for task in tasks]


def _with_post(leader: Leader, names: Names) -> Leader:
    found = name_and_post(leader.printed, names)
    if found is not None:
        return Leader(found[0], post=found[1])
    return replace(leader, post=leader.printed) if is_title(leader.printed, names) else leader


@dataclass(slots=True)
class _Seen:
    """A name of the document: the first task that has it, and the cells in which it is printed."""

    task: TaskRecord
    leader: Leader
    cells: set[tuple[Provenance, ...]] = field(default_factory=set)
    corrected: bool = False


def leader_doubts(tasks: Sequence[TaskRecord], resolver: LeaderResolver) -> Iterator[Issue]:
    """An issue for each name that looks misread, and for each that the list of leaders does not have.

    A name looks misread when it is printed once, the list does not know it, and it is one character off a name of the
    list or of the document.
    """
    seen = _seen(tasks)
    known = resolver.spellings()
    for name, one in seen.items():
        if one.leader.leader_id is not None or one.leader.post == name:
            continue
        near = sorted(other for other in {*known, *seen} if is_one_off(name, other))
        near.sort(key=lambda other: (other not in known, -len(seen[other].cells) if other in seen else 0))
        if len(one.cells) == 1 and near and not one.corrected:
            detail = f"{name} is printed once and is one character off {'、'.join(near)}"
            advice = (
                f"Is it {near[0]}? Look at the place in the source; if so, add a correction to reference/corrections."
            )
            yield _about("unlikely_leader", detail, one.task, advice)
        elif resolver.roster is not None:
            terms = resolver.out_of_office(name)
            why = (
                f"not in office in {resolver.year} after the list of leaders ({terms})" if terms else "not in the list"
            )
            detail = f"{name} is {why} of {resolver.roster.region_code}" if not terms else f"{name} is {why}"
            yield _about("unknown_leader", detail, one.task, None)


def _seen(tasks: Sequence[TaskRecord]) -> dict[str, _Seen]:
    seen: dict[str, _Seen] = {}
    for task in tasks:
        for leader in task.leaders.value:
            one = seen.setdefault(leader.printed, _Seen(task, leader))
            one.cells.add(task.leaders.provenance)
            one.corrected |= task.leaders.method == "corrected"
    return seen


def is_one_off(name: str, other: str) -> bool:
    """Whether two names of three characters or more differ in one, or one lacks a character of the other."""
    if len(name) == len(other):
        return len(name) >= _LONG and sum(a != b for a, b in zip(name, other, strict=True)) == 1
    short, long = sorted((name, other), key=len)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _about(rule: str, detail: str, task: TaskRecord, advice: str | None) -> Issue:
    return issue(rule, detail, task.task_no.value, "leaders", task.leaders.provenance, advice, task.table_no)
