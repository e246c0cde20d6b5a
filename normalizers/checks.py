"""Doubts that show only over the whole table: numbers, categories, missing and unlikely values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, zip_longest

from extractors.model import TableForm
from normalizers.drafts import FIELD_OF_ROLE
from normalizers.headings import Heading
from normalizers.meaning import is_date, is_unit
from normalizers.persons import is_name, is_post, is_title
from normalizers.records import FIELD_NAMES, Field, Issue, TaskRecord, Unit
from normalizers.reference import Reference
from normalizers.rules import issue
from normalizers.text import HAN

#: Characters that stand for lost ones: the replacement character and the private use areas.
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
#: A task is at least a verb and its object.
_MIN_CONTENT = 4
#: A name in a column of leaders: two to four Han characters, or parts joined by a dot.
_NAME = re.compile(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}([·•][{HAN}]{{1,8}})+")
#: Words and signs that say which part an organisation has; the name itself is only a part of such a text.
_ROLE = re.compile("牵头|配合|主办|(?<!政)协办|负责|★|☆|：|等(有关|相关)?(单位|部门)")


def check(tasks: Sequence[TaskRecord], heading: Heading, reference: Reference, form: TableForm) -> list[Issue]:
    """The doubts about the tasks of one table."""
    columns = columns_of(heading)
    # Where numbers begin again in each category, each run of numbers is a table.
    runs = [list(own) for _, own in groupby(tasks, key=lambda task: task.table_no)]
    issues = [found for own in runs for found in _numbers(own)]
    issues += [*_category_gaps(tasks), *_mixed_numbers(tasks), *_missing_labels(tasks, form)]
    if form == "delimited" or "category" in heading.roles:
        issues += _unclear_subcategories(
            tasks
        )  # below a banner a task may well stand before the first one that divides
    fields = [field for task in tasks for field in (task.lead_units, task.support_units)]
    # A merged cell counts once.
    cells = {(field.provenance[0], field.raw): field.value for field in fields if field.provenance}
    believed = _believed([[unit.printed for unit in value] for value in cells.values()])
    for task in tasks:
        issues += _missing(task, columns)
        issues += _unlikely(task, reference, believed)
    return issues


def columns_of(heading: Heading) -> frozenset[str]:
    """The fields that a heading has columns for."""
    return frozenset(FIELD_OF_ROLE[role] for role in heading.roles if role in FIELD_OF_ROLE)


def _about(rule: str, detail: str, task: TaskRecord, name: str | None, suggestion: str | None = None) -> Issue:
    field: Field[object] = getattr(task, name or "content")
    places = field.provenance or task.content.provenance
    return issue(rule, detail, task.task_no.value, name, places, suggestion, task.table_no)


def _numbers(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Numbers that occur twice or are missing."""
    by_number: dict[int, TaskRecord] = {}
    for task in tasks:
        number = task.task_no.value
        if number in by_number:
            first = by_number[number].content.value[:20]
            detail = f"({number}) is the number of two tasks: {first}… and {task.content.value[:20]}…"
            yield _about("duplicate_task_no", detail, task, "task_no")
        by_number.setdefault(number, task)
    numbers = sorted(by_number)
    # A second table may go on with the numbers of the first; only the first table begins at 1.
    start = 1 if tasks and tasks[0].table_no == 1 else numbers[0] if numbers else 1
    for before, after in pairwise([start - 1, *numbers]):
        if after - before > 1:
            missing = f"({before + 1})" if after - before == 2 else f"({before + 1}) to ({after - 1})"
            yield _about("missing_task_no", f"{missing} missing before ({after})", by_number[after], "task_no")


def _category_gaps(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Tasks whose labels were carried down over a stretch in which the label of a category was lost."""
    groups: list[list[TaskRecord]] = []
    for task in tasks:
        if groups and groups[-1][0].category_no.value == task.category_no.value:
            groups[-1].append(task)
        elif task.category_no.value is not None:
            groups.append([task])
    for group, following in pairwise(groups):
        number, after = group[0].category_no.value or 0, following[0].category_no.value or 0
        if after > number + 1:
            lost = str(number + 1) if after == number + 2 else f"{number + 1} to {after - 1}"
            why = f"category {number} is followed by {after}, the label of {lost} is lost"
            doubts = [doubt for task in group for doubt in _carried_labels(task, why)]
            yield from doubts
            if not doubts and not any(task.category_no.method == "corrected" for task in tasks):
                place = following[0].category_no.provenance
                yield issue("category_gap", why, provenance=place, table_no=following[0].table_no)


def _mixed_numbers(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Tasks of a category that stands under more than one number: labels and numbers begin in different rows."""
    numbers: dict[str, set[int]] = {}
    for task in tasks:
        if task.category.value is not None and task.category_no.value is not None:
            numbers.setdefault(task.category.value, set()).add(task.category_no.value)
    for task in tasks:
        own = numbers.get(task.category.value or "", set())
        if len(own) > 1:
            detail = f"{task.category.value} stands under the numbers {'、'.join(map(str, sorted(own)))}"
            yield _about("category_number_unclear", detail, task, "category_no")


def _carried_labels(task: TaskRecord, why: str) -> Iterator[Issue]:
    for name in ("category", "subcategory"):
        field: Field[str | None] = getattr(task, name)
        if field.value is not None and field.method in ("inherited", "continued"):
            yield _about("category_gap", f"{field.value} was carried down to this task, but {why}", task, name)


def _missing_labels(tasks: Sequence[TaskRecord], form: TableForm) -> Iterator[Issue]:
    """Tasks without a category or its number where others have them.

    Where the first task of a text layer has none, the labels may stand in the middle of their groups: then all of them
    are in doubt. A ruled table says how far each label reaches.
    """
    labelled = [task for task in tasks if task.category.value is not None]
    numbered = [task for task in tasks if task.category_no.value is not None]
    if not labelled:
        return
    centred = form == "delimited" and tasks[0].category.value is None and tasks[0].category.method != "corrected"
    for task in tasks:
        if task.category.value is None and task.category.method != "corrected":
            yield _about("missing_category", "the task stands under no category, though others do", task, "category")
        elif centred and task.category.value is not None:
            detail = f"{task.category.value} may begin earlier: as the first task has no label, labels may be centred"
            yield _about("missing_category", detail, task, "category")
        if (
            numbered
            and task.category.value
            and task.category_no.value is None
            and task.category_no.method != "corrected"
        ):
            detail = f"the category {task.category.value} has no number, though others have one"
            yield _about("missing_category_number", detail, task, "category_no")


def _unclear_subcategories(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Tasks without a subcategory in a category that has some."""
    divided = {task.category.value for task in tasks if task.subcategory.value and task.category.value}
    for task in tasks:
        if task.category.value in divided and task.subcategory.value is None and task.subcategory.method != "corrected":
            detail = f"{task.category.value} has subcategories, but the task stands under none"
            yield _about("subcategory_unclear", detail, task, "subcategory")


def _missing(task: TaskRecord, columns: frozenset[str]) -> Iterator[Issue]:
    if "leaders" in columns and not task.leaders.value:
        yield _about("missing_leader", "no leader in charge is given", task, "leaders")
    if "lead_units" in columns and not task.lead_units.value:
        yield _about("missing_unit", "no lead organisation is given", task, "lead_units")


def _believed(cells: Sequence[Sequence[str]]) -> frozenset[str]:
    """The names that several cells have, and not always before the same name: else they may be its first half."""
    times: Counter[str] = Counter()
    following: dict[str, set[str | None]] = {}
    for names in cells:
        times.update(names)
        for name, after in zip_longest(names, names[1:]):
            following.setdefault(name, set()).add(after)
    return frozenset(
        name for name, count in times.items() if count > 1 and (None in following[name] or len(following[name]) > 1)
    )


def _unlikely(task: TaskRecord, reference: Reference, believed: frozenset[str]) -> Iterator[Issue]:
    """Values that do not look like what their column holds."""
    for leader in task.leaders.value:
        name = leader.printed
        is_word = name in reference.names.words and not is_title(name, reference.names)
        plausible = (_NAME.fullmatch(name) and not is_word) or is_post(name, reference.names)
        if is_unit(name, reference.units) or not plausible:
            yield _about("unlikely_value", f"{name} does not look like the name of a leader", task, "leaders")
    for name in ("lead_units", "support_units"):
        for unit in getattr(task, name).value:
            problem = _unit_problem(unit, reference, believed)
            if problem:
                yield _about("unlikely_value", f"{unit.printed} {problem}", task, name)
    if len(task.content.value) < _MIN_CONTENT:
        yield _about("unlikely_value", f"the text is too short: {task.content.value!r}", task, "content")
    for name in FIELD_NAMES:
        if _UNREADABLE.search(str(getattr(task, name).value)):
            yield _about("unreadable_text", "the text has characters that were lost in the source", task, name)


def _unit_problem(unit: Unit, reference: Reference, believed: frozenset[str]) -> str | None:
    """What is wrong with a text as the name of an organisation, None when nothing is.

    A name that does not end like one is ``believed`` when the document has it more than once.
    """
    printed = unit.full or unit.printed
    if unit.unit_id is not None:
        return None
    if is_name(printed, reference.names) and not is_unit(printed, reference.units):
        return "looks like a person, not an organisation"
    if _ROLE.search(printed):
        return "has the role of an organisation in it"
    if is_date(printed) or re.match(r"\d", printed):
        return "does not look like an organisation"
    if printed.count("（") != printed.count("）") or '"' in printed:
        return "has a bracket or quotation mark without its other half"
    if printed not in believed and not printed.startswith("各") and not is_unit(printed, reference.units):
        return "does not end like the name of an organisation"
    return None
