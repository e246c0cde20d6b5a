"""Two documents side by side: which tasks go on, what became of their targets, who has how many tasks.

Pure functions over the rows of two releases (:mod:`normalizers.dataset` has their columns); the result is the rows of
the tables in :mod:`normalizers.dataset_compare`. docs/compare.md says how tasks are matched and how well that works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from normalizers.compare_parties import Parties, compared_parties
from normalizers.compare_score import LIMIT, WEAK, Scores, Subject, likely, pairs, scores
from normalizers.compare_targets import compared_targets
from normalizers.compare_words import CompareWords, load_compare_words, task_text
from normalizers.tabulate import Row

#: The tables of a release that are compared.
COMPARED_FROM = ("documents", "tasks", "task_leaders", "task_units", "targets")
#: A task without a pair is doubtful from this score on.
_NEARLY = 0.15
#: A pair is doubtful when another task fits nearly as well: by less than this.
_CLOSE = 0.1

Tables = Mapping[str, Sequence[Row]]


def compare(earlier: Tables, later: Tables, words: CompareWords | None = None) -> dict[str, list[Row]]:
    """The rows of every table of a comparison, by the name of the table.

    ``earlier`` and ``later`` have the rows of COMPARED_FROM, each of one document. The rows of tasks stand in the
    order of the later document, those of dropped tasks in the order of the earlier one behind them.
    """
    words = words or load_compare_words()
    parties = Parties(earlier, later)
    sides = (
        _subjects(earlier, parties, words, is_later=False),
        _subjects(later, parties, words, is_later=True),
    )
    matrix = scores(*sides)
    found = pairs(likely(matrix))
    ids = {
        "earlier_id": earlier["documents"][0]["document_id"],
        "later_id": later["documents"][0]["document_id"],
    }
    tasks = list(_task_rows(earlier["tasks"], later["tasks"], matrix, found))
    targets = compared_targets(earlier["targets"], later["targets"], _continued(tasks), words)
    tables = {
        "compared_tasks": tasks,
        "compared_targets": targets,
        "compared_parties": compared_parties(earlier, later, parties),
    }
    return {
        name: [{**ids, "position": position, **row} for position, row in enumerate(rows, 1)]
        for name, rows in tables.items()
    }


def _subjects(side: Tables, parties: Parties, words: CompareWords, *, is_later: bool) -> list[Subject]:
    metrics: dict[str, list[str]] = defaultdict(list)
    for target in side["targets"]:
        metrics[target["task_id"]].append(target["metric"])
    units, leaders = defaultdict(set), defaultdict(set)
    for row in side["task_units"]:
        if row["role"] == "lead":
            units[row["task_id"]].add(parties.unit(row, is_later=is_later))
    for row in side["task_leaders"]:
        leaders[row["task_id"]].add(parties.leader(row))
    return [
        Subject(
            task_text(task["content"], metrics[task["task_id"]], words),
            frozenset(units[task["task_id"]]),
            frozenset(leaders[task["task_id"]]),
            frozenset(_label_bits(task, words)),
        )
        for task in side["tasks"]
    ]


def _label_bits(task: Row, words: CompareWords) -> Iterator[str]:
    """Two characters each of the labels, without set phrases: 深化重点改革 and 攻坚重点改革 share 改革."""
    for label in (task["category"], task["subcategory"]):
        for piece in words.set_phrases.sub("\n", label or "").split("\n"):
            yield from (piece[start : start + 2] for start in range(len(piece) - 1))


def _task_rows(
    earlier: Sequence[Row], later: Sequence[Row], matrix: Scores, found: Sequence[tuple[int, int]]
) -> Iterator[Row]:
    before_of = {column: row for row, column in found}
    continued = {row for row, _ in found}
    for column, task in enumerate(later):
        row = before_of.get(column)
        yield _row(None if row is None else earlier[row], task, *_judged(matrix, row, column, earlier, later))
    for row, task in enumerate(earlier):
        if row not in continued:
            yield _row(task, None, *_judged(matrix, row, None, earlier, later))


def _judged(
    matrix: Scores, row: int | None, column: int | None, earlier: Sequence[Row], later: Sequence[Row]
) -> tuple[float | None, float | None, str | None, str | None]:
    """Score, runner-up, the task that it belongs to, and doubt; either of row and column may be None."""
    others: list[tuple[float, int, str]] = []
    if column is not None:
        values = ((float(value), index) for index, value in enumerate(matrix[:, column]) if index != row)
        others.extend((value, -index, earlier[index]["task_id"]) for value, index in values)
    if row is not None:
        values = ((float(value), index) for index, value in enumerate(matrix[row]) if index != column)
        others.extend((value, -index, later[index]["task_id"]) for value, index in values)
    best, _, other = max(others, default=(0.0, 0, ""))
    runner_up, other_id = (best, other) if best > 0 else (None, None)
    if row is None or column is None:
        doubt = "part" if best >= LIMIT else "weak" if best >= _NEARLY else None
        return None, runner_up, other_id, doubt
    score = float(matrix[row, column])
    doubt = "weak" if score < WEAK else "close" if score - best < _CLOSE else None
    return score, runner_up, other_id, doubt


def _row(
    before: Row | None,
    after: Row | None,
    score: float | None,
    runner_up: float | None,
    other: str | None,
    doubt: str | None,
) -> Row:
    return {
        "match": "continued" if before and after else "new" if after else "dropped",
        "earlier_task_id": before and before["task_id"],
        "later_task_id": after and after["task_id"],
        "score": score,
        "runner_up": runner_up,
        "runner_up_task_id": other,
        "doubt": doubt,
        "earlier_content": before and before["content"],
        "later_content": after and after["content"],
    }


def _continued(tasks: Sequence[Row]) -> list[tuple[str, str]]:
    return [(row["earlier_task_id"], row["later_task_id"]) for row in tasks if row["match"] == "continued"]
