"""Task numbers that begin again at 1 in each category: the table shows it itself where nothing else can be meant."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from normalizers.drafts import Draft

RESTARTS = "the numbers of tasks begin again at 1 in each category; each run of numbers counts as a table of its own"
_Label = tuple[object, ...]


def begin_again(drafts: Sequence[Draft]) -> bool:
    """Whether the tasks are numbered anew in each category.

    Each run of numbers has to count 1, 2, 3 … without a gap, and to be one category (or one subcategory) from its first
    task to its last. A single number 1 behind another run may as well be a misread one: the numbers have to begin again
    twice, or to count on where they did.
    """
    runs = _runs(drafts)
    if len(runs) < 2 or (len(runs) == 2 and len(runs[1]) == 1):
        return False
    counts = all([draft.task_no.value for draft in run] == [*range(1, len(run) + 1)] for run in runs)
    return counts and (_are_groups(runs, 1) or _are_groups(runs, 2))


def _runs(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """The tasks, cut before each number 1."""
    runs: list[list[Draft]] = []
    for draft in drafts:
        if not runs or draft.task_no.value == 1:
            runs.append([])
        runs[-1].append(draft)
    return runs


def _are_groups(runs: Sequence[Sequence[Draft]], levels: int) -> bool:
    """Whether each run has one label, on so many levels, and another than the run before."""
    labels = [{_label(draft, levels) for draft in run} for run in runs]
    return all(len(found) == 1 for found in labels) and all(one != next_ for one, next_ in pairwise(labels))


def _label(draft: Draft, levels: int) -> _Label:
    return (draft.category_no.value, draft.category.value, draft.subcategory.value)[: levels + 1]
