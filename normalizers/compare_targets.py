"""The targets of tasks that go on, beside each other: what each document plans for the same quantity."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import numpy as np

from normalizers.compare_score import pairs
from normalizers.compare_words import CompareWords, metric_pieces
from normalizers.tabulate import Row
from normalizers.targets.words import load_words

#: How alike two metrics must be to be the same one. Their tasks are the same already, and so are their units.
_SAME = 0.4
#: Two metrics keep this much where what they count is not quite the same: 十亿级企业 and 三十亿级企业.
_OTHER_BASIS = 0.8
#: Of two equally alike metrics the one that is measured in the same way (a growth, a level) is meant.
_SAME_CHANGE = 0.01
#: Units in which the ratio of two years means nothing: the difference in points is what people ask for.
_SHARES = frozenset({"percent", "permille", "percentage_point"})
_RATIO_DIGITS = 4
_LEVELS = "国家级|省级|市级|区级|县级|全国|全省|全市"
#: What a metric counts from, or at which level: 亿元以上, 30亿元, 省级.
_BASIS = re.compile(
    rf"[\d.]+[万亿]*|[一二三四五六七八九十百千两]*[万亿](?=[元级])|[一二三四五六七八九十百千两]+(?=[大类级])|{_LEVELS}"
)
_LEVEL = re.compile(_LEVELS)


def compared_targets(
    earlier: Iterable[Row], later: Iterable[Row], continued: Iterable[tuple[str, str]], words: CompareWords
) -> list[Row]:
    """The rows of compared_targets for the tasks ``continued`` (ids of the earlier and the later task), in order."""
    sides = [_by_task(rows) for rows in (earlier, later)]
    rows: list[Row] = []
    for before_id, after_id in continued:
        before, after = sides[0][before_id], sides[1][after_id]
        for one, other in _matched(before, after, words):
            rows.append({"earlier_task_id": before_id, "later_task_id": after_id, **_row(one, other)})
    return [{"standing": row.pop("standing"), **row} for row in rows]


def _by_task(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["task_id"]].append(row)
    return found


def _matched(
    before: Sequence[Row], after: Sequence[Row], words: CompareWords
) -> Iterator[tuple[Row | None, Row | None]]:
    """Every target of two tasks once, in the order of the later task, then what only the earlier one has."""
    matrix = np.array([[_alike(one, other, words) for other in after] for one in before]).reshape(
        len(before), len(after)
    )
    found = {column: row for row, column in pairs(matrix, _SAME)}
    for column, target in enumerate(after):
        yield (before[found[column]] if column in found else None), target
    for row, target in enumerate(before):
        if row not in found.values():
            yield target, None


def _alike(before: Row, after: Row, words: CompareWords) -> float:
    """How alike two metrics are, from 0 to 1; 0 for two numbers that are measured in different units."""
    if None not in (before["base_value"], after["base_value"]) and before["base_unit"] != after["base_unit"]:
        return 0.0
    one, other = (_bits(metric_pieces(_LEVEL.sub(" ", row["metric"]), words)) for row in (before, after))
    shared = len(one & other)
    if not shared:
        return 0.0
    mean = (2 * shared / (len(one) + len(other)) + shared / min(len(one), len(other))) / 2
    if _basis(before) != _basis(after):
        mean *= _OTHER_BASIS
    bonus = _SAME_CHANGE if before["change"] == after["change"] else 0.0
    return round(min(mean, 1 - _SAME_CHANGE) + bonus, 4)


def _basis(target: Row) -> tuple[str | None, frozenset[str], frozenset[str]]:
    """What must be the same for two values to be subtracted: growth or level, thresholds, and by the year or in all."""
    scopes = frozenset(word for word in load_words().lists["shares"] if word in (target["scope"] or ""))
    return target["change"], frozenset(_BASIS.findall(target["metric"])), scopes


def _bits(pieces: Sequence[str]) -> frozenset[str]:
    """Every two neighbouring characters; a piece of one character is itself."""
    return frozenset(piece[at : at + 2] for piece in pieces for at in range(max(len(piece) - 1, 1)))


def _row(before: Row | None, after: Row | None) -> Row:
    newest = after or before
    assert newest is not None
    difference, ratio, doubt = None, None, None
    if before and after and before["base_value"] is not None and after["base_value"] is not None:
        one_is_range = (before["base_upper"] is None) != (after["base_upper"] is None)
        if one_is_range or _basis(before) != _basis(after):
            doubt = "basis"
        else:
            difference, ratio = _change(before, after)
    row: Row = {
        "standing": "kept" if before and after else "gained" if after else "lost",
        "earlier_position": before and before["position"],
        "later_position": after and after["position"],
        "metric": newest["metric"],
    }
    for name, key in (("phrase", "phrase"), ("value", "base_value"), ("upper", "base_upper")):
        row[f"earlier_{name}"] = before and before[key]
        row[f"later_{name}"] = after and after[key]
    row["base_unit"] = newest["base_unit"] or (before["base_unit"] if before else None)
    return row | {"difference": difference, "ratio": ratio, "doubt": doubt}


def _change(before: Row, after: Row) -> tuple[float | None, float | None]:
    """Difference and ratio of two values on the same basis; None where there is no such value."""
    old, new = Decimal(str(before["base_value"])), Decimal(str(after["base_value"]))
    ratio = round(float(new / old), _RATIO_DIGITS) if old and new and before["base_unit"] not in _SHARES else None
    return float(new - old), ratio
