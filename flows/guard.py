"""What may not happen in silence when a document is made anew.

Two rules, both about a release whose source file is the same, byte for byte, as that of the release before; then only
code, reference data or corrections can have changed what is read from it:

* **No task is lost.** It holds for every command. A task whose number is gone, while a new number has the same
  content, was renumbered and is not lost: that is what a correction of a number does.
* **Limits of change**, for ``fenjie reprocess``, which works on many documents while nobody looks: the share of tasks
  of which a value changed, and how much less the new release has of anything (leaders, organisations, targets, filled
  fields).

What breaks a rule becomes a reason that holds the document back, and ``--accept`` overrules it. When the source itself
changed, tasks that are gone are published and said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from normalizers.history import Tables, diff
from normalizers.tabulate import Row
from normalizers.task_objects import task_objects

#: The documents that are published whatever the guard says: their document_ids, or all.
Accepted = frozenset[str] | Literal["all"]

#: The fields of a task that say something of their own; ids and pages follow from them or from elsewhere.
VALUE_FIELDS = (
    "content", "category_no", "category", "subcategory", "leaders", "lead_units", "support_units", "deadline", "remark",
    "targets",
)  # fmt: skip
#: Of what is listed in a reason at most so much.
_LISTED = 10
#: A single value fewer is no reason: a false target that is no longer taken for one.
_FEW = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may change between two releases from the same source; shares from 0 to 1.

    ``max_changed``: tasks of which a value changed, of all tasks. ``max_lost``: of everything that is counted, how much
    less there may be.
    """

    max_changed: float = 0.2
    max_lost: float = 0.05


@dataclass(frozen=True, slots=True)
class Judgement:
    """``reasons`` hold the release back; ``notes`` are said of it when it is published."""

    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def guard(previous: Tables | None, new: Tables, limits: Limits | None = None) -> Judgement:
    """Judge a release by the one before it, both as rows by table.

    Without ``limits`` only the loss of tasks counts; without a previous release nothing does.
    """
    if previous is None:
        return Judgement()
    before, after = task_objects(previous), task_objects(new)
    lost = lost_tasks(before, after)
    old_document, new_document = previous["documents"][0], new["documents"][0]
    same_source = old_document["source_sha256"] == new_document["source_sha256"]
    if not same_source:
        said = f"the source has changed, and {_tasks(lost, before)} of the release before {_are(lost)} no longer in it"
        return Judgement(notes=(said,) if lost else ())
    reasons = []
    if lost:
        reasons.append(
            f"{_tasks(lost, before)} of the last release {_are(lost)} gone, though the source is the same. "
            "If they were never tasks, publish with --accept"
        )
    if limits is not None:
        reasons += _beyond(previous, new, limits, frozenset(lost))
    return Judgement(tuple(f"{reason} {new_document['document_id']}" for reason in reasons))


def accepted_of(names: Iterable[str]) -> Accepted:
    """What a person accepts who named these documents; ``all`` is every one."""
    chosen = frozenset(names)
    return "all" if "all" in chosen else chosen


def is_accepted(document_id: str, accepted: Accepted) -> bool:
    """Whether somebody said that this document is to be published whatever the guard says."""
    return accepted == "all" or document_id in accepted


def lost_tasks(before: Mapping[str, Row], after: Mapping[str, Row]) -> list[str]:
    """The ids of tasks that are gone, in their order; those that only got another number are not among them.

    A removed task counts as renumbered when an added one has the very same content; each added one stands for one.
    """
    added = Counter(task["content"] for key, task in after.items() if key not in before)
    lost = []
    for key, task in before.items():
        if key in after:
            continue
        if added[task["content"]]:
            added[task["content"]] -= 1
        else:
            lost.append(key)
    return lost


def _beyond(previous: Tables, new: Tables, limits: Limits, lost: frozenset[str]) -> Iterator[str]:
    """What is beyond the limits, in words, each ending where a document_id fits; what went with lost tasks is not."""
    changed: dict[str, set[str]] = defaultdict(set)
    for change in diff(previous, new):
        if change["change"] == "changed" and change["task_id"] and change["field"] in VALUE_FIELDS:
            changed[change["task_id"]].add(change["field"])
    total = len(previous["tasks"])
    if len(changed) > limits.max_changed * total:
        fields = Counter(name for names in changed.values() for name in names).most_common()
        what = ", ".join(f"{name} {count}" for name, count in fields)
        yield (
            f"{len(changed)} of {total} tasks would change ({what}), more than {limits.max_changed:.0%}. "
            "If that is right, publish with --accept"
        )
    counts, now = _counts(previous, lost), _counts(new, frozenset())
    for name, count in counts.items():
        fewer = count - now[name]
        if fewer > _FEW and fewer > limits.max_lost * count:
            yield f"{now[name]} {name} instead of {count}. If that is right, publish with --accept"


def _counts(tables: Tables, without: frozenset[str]) -> dict[str, int]:
    """How much a release has of each thing that should not become less, in all tasks but some."""

    def rows(name: str) -> list[Row]:
        return [row for row in tables.get(name, ()) if row["task_id"] not in without]

    units, tasks = rows("task_units"), rows("tasks")
    return {
        "leaders": len(rows("task_leaders")),
        "organisations": len(units),
        "organisations that the roster knows": sum(row.get("unit_id") is not None for row in units),
        "targets": len(rows("targets")),
        **{
            f"tasks with a {name}": sum(row.get(name) is not None for row in tasks)
            for name in ("category", "subcategory", "deadline", "remark")
        },
    }


def _are(tasks: Sequence[str]) -> str:
    return "is" if len(tasks) == 1 else "are"


def _tasks(lost: Sequence[str], before: Mapping[str, Row]) -> str:
    """The tasks by the numbers printed: 2 tasks, (81) (82)."""
    shown = " ".join(_number(before[key]) for key in lost[:_LISTED])
    more = f" and {len(lost) - _LISTED} more" if len(lost) > _LISTED else ""
    return f"{len(lost)} task{'' if len(lost) == 1 else 's'}, {shown}{more},"


def _number(task: Row) -> str:
    table = task.get("table_no", 1)
    return f"({task['task_no']})" if table == 1 else f"({task['task_no']}) of table {table}"
