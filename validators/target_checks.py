"""The checks of targets and deadlines, on data frames and without GX; see :mod:`validators.checks`."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pandas as pd

from normalizers.targets.numbers import number_of
from normalizers.targets.words import load_words

_DIGITS = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_NUMERAL = re.compile("[零〇一二两三四五六七八九十百千万亿]+")
#: Characters of the longest Chinese numeral that is looked for.
_LONGEST = 12
_AMOUNT = r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+)"
_TENTHS = re.compile(rf"{_AMOUNT}成([一二三四五六七八九]?)")
#: About so many: 二三十家.
_PAIR = re.compile("([一二三四五六七八九])([一二三四五六七八九])([十百千万])")
_SHARE = re.compile(rf"{_AMOUNT}分之{_AMOUNT}")
#: 5000万元—1亿元: the first number counts in the unit of the second.
_TWO_UNITS = re.compile(r"(\d+(?:\.\d+)?)[^\d\s，。；、]{1,5}?(?:[-—–~]+|至|到)\d")
_DOUBLED = re.compile("翻([一两二三四五]?)[番倍]")
#: Words that say a number without a numeral: half of it, none of it, and a power of ten alone (突破百亿).
_HALF, _NONE, _ALONE = "半", re.compile("[清归]零|零"), re.compile(r"(?<![\d.一二两三四五六七八九十])[百千万亿]")


def misplaced_phrase(frame: pd.DataFrame) -> pd.Series[bool]:
    """Phrases that are not what stands in the text from ``start`` to ``end``. Columns: content, phrase, start, end."""

    def is_faulty(content: object, phrase: object, start: object, end: object) -> bool:
        if (
            not isinstance(content, str)
            or not isinstance(phrase, str)
            or type(start) is not int
            or type(end) is not int
        ):
            return False
        return not 0 <= start < end <= len(content) or content[start:end] != phrase

    return _each(frame, is_faulty)


def unlikely_target(frame: pd.DataFrame) -> pd.Series[bool]:
    """Targets whose numbers do not stand in their phrase, or whose range falls.

    Columns: phrase, value, upper, baseline.
    """
    return _each(frame, lambda *row: next(target_faults(*row), None) is not None)


def target_faults(phrase: object, value: object, upper: object, baseline: object) -> Iterator[str]:
    """What is wrong with the numbers of a target, in words."""
    if _is_number(value) and _is_number(upper) and upper < value:  # type: ignore[operator]  # both are numbers
        yield f"the range from {_plain(value)} ends at {_plain(upper)}"
    if not isinstance(phrase, str):
        return
    said = numbers_in(phrase)
    for name, number in (("value", value), ("upper", upper), ("baseline", baseline)):
        if _is_number(number) and not any(math.isclose(float(number), one) for one in said):  # type: ignore[arg-type]
            yield f"{name} is {_plain(number)}, which does not stand in the phrase"


def numbers_in(phrase: str) -> frozenset[float]:
    """Every number that a phrase could be said to name, in digits, Chinese numerals or words (过半, 翻一番, 三成).

    A run of numerals may hold a smaller one (三十亿级 holds 30), so all parts of it count.
    """
    phrase = unicodedata.normalize("NFKC", phrase)
    found = {float(match[0].replace(",", "").replace("，", "")) for match in _DIGITS.finditer(phrase)}
    for run in _NUMERAL.findall(phrase):
        bounds = ((start, end) for start in range(len(run)) for end in range(start + 1, start + 1 + _LONGEST))
        parts = (number_of(run[start:end]) for start, end in bounds if end <= len(run))
        found |= {float(number) for number in parts if number is not None}
    for match in _TENTHS.finditer(phrase):
        tenths, *rest = (*_amounts(match), 0.0)
        found |= {10 * tenths, 10 * tenths + rest[0]} if rest else set()
    for match in _PAIR.finditer(phrase):
        found |= {float(number) for digit in match.group(1, 2) if (number := number_of(digit + match[3])) is not None}
    for match in _SHARE.finditer(phrase):
        whole, part = (*_amounts(match), 0.0, 0.0)[:2]
        found |= {round(100 * part / whole, 2)} if whole else set()
    for match in _TWO_UNITS.finditer(phrase):
        found |= {float(match[1]) / factor for factor in (10, 100, 1000, 10_000)}
    for match in _DOUBLED.finditer(phrase):
        found.add(2.0 ** ("一二三四五".find(match[1].replace("两", "二")) + 1 if match[1] else 1))
    found |= {50.0, 0.5} if _HALF in phrase else set()
    found |= {0.0} if _NONE.search(phrase) else set()
    return frozenset(found | ({1.0} if _ALONE.search(phrase) else set()))


def unknown_target_unit(frame: pd.DataFrame) -> pd.Series[bool]:
    """Units that reference/units.yaml does not know. Column: unit."""
    units = load_words().units
    printed = frame.iloc[:, 0].tolist()
    known = {unit: units.base(unit) is not None for unit in printed if isinstance(unit, str)}
    return pd.Series([not known.get(unit, True) for unit in printed], index=frame.index, dtype=bool)


def broken_position(frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose position is not one more than that of the row before of the same task.

    Columns: document of the batch, task, position.
    """
    last: dict[tuple[object, object], object] = {}

    def is_faulty(batch_no: object, task_id: object, position: object) -> bool:
        before = last.get((batch_no, task_id), 0)
        last[batch_no, task_id] = position
        return type(position) is int and type(before) is int and position != before + 1

    return _each(frame, is_faulty)


def reversed_deadline(frame: pd.DataFrame) -> pd.Series[bool]:
    """Deadlines whose last day lies before the first. Columns: first day, last day, as YYYY-MM-DD."""
    return _each(frame, lambda first, last: isinstance(first, str) and isinstance(last, str) and last < first)


def _amounts(match: re.Match[str]) -> list[float]:
    return [float(number) for text in match.groups() if (number := number_of(text)) is not None]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(value: object) -> str:
    """A number without the .0 that a column of floats gives it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _each(frame: pd.DataFrame, is_faulty: Any) -> pd.Series[bool]:
    columns = [frame.iloc[:, position].tolist() for position in range(frame.shape[1])]
    faults = [bool(is_faulty(*row)) for row in zip(*columns, strict=True)]
    return pd.Series(faults, index=frame.index, dtype=bool)
