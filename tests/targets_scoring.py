"""Compares targets that were found with a truth written by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from normalizers.records import Target
from normalizers.targets.find import find_targets
from normalizers.targets.words import load_words

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).parent.parent
#: All of these have to be right for a target to count as found.
COUNTED = ("kind", "comparator", "value", "upper", "unit")
#: These are reported besides.
BESIDE = (
    "metric",
    "change",
    "modality",
    "scope",
    "baseline",
    "base_value",
    "base_upper",
    "base_unit",
    "reference",
    "due",
)


@dataclass(slots=True)
class Score:
    """``right`` of ``expected`` and of ``found``; ``beside`` says how often each other field is right among those."""

    expected: int = 0
    found: int = 0
    right: int = 0
    beside: Counter[str] = field(default_factory=Counter)
    #: (text, field, what it should be, what it is); a target that is missing or too many has the field "target".
    wrong: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what should be found that was."""
        return self.right / self.expected if self.expected else 1.0

    def __str__(self) -> str:
        said = f"expected {self.expected}, found {self.found}, right {self.right}: "
        said += f"precision {self.precision:.4f}, recall {self.recall:.4f}"
        return said + "".join(f"\n  {name}: {self.beside[name]}/{self.right}" for name in BESIDE)


def load_truth(name: str) -> list[tuple[str, int | None, list[dict[str, Any]]]]:
    """Text, year and targets of each entry of a truth; tasks of the 2026 document without an entry have none."""
    data = yaml.safe_load((DATA / name).read_text(encoding="utf-8"))
    if all("task" in entry for entry in data):
        release = ROOT / "outputs" / "2026" / "320404-2026-zfgzbg" / "tasks.jsonl"
        by_task = {entry["task"]: entry["targets"] for entry in data}
        tasks = [json.loads(line) for line in release.read_text(encoding="utf-8").splitlines()]
        return [(task["content"], 2026, by_task.get(task["task_no"], [])) for task in tasks]
    return [(entry["content"], entry.get("year", 2026), entry.get("targets") or []) for entry in data]


def score(name: str) -> Score:
    """How well a truth is read."""
    result = Score()
    words = load_words()
    for text, year, expected in load_truth(name):
        _compare(text, expected, find_targets(text, words, year), result)
    return result


def _compare(text: str, expected: Sequence[Mapping[str, Any]], found: Sequence[Target], result: Score) -> None:
    result.expected += len(expected)
    result.found += len(found)
    left = list(found)
    spans = _spans(text, expected)
    for truth, span in zip(expected, spans, strict=True):
        match = next((one for one in left if _overlap(span, one) and _same(truth, one, COUNTED)), None)
        if match is None:
            result.wrong.append((text, "target", dict(truth), None))
            continue
        left.remove(match)
        result.right += 1
        for name in BESIDE:
            if _same(truth, match, (name,)):
                result.beside[name] += 1
            else:
                result.wrong.append((text, name, truth.get(name), getattr(match, name)))
    result.wrong += [(text, "target", None, one) for one in left]


def _spans(text: str, expected: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where the phrases stand. The same phrase again is its next place."""
    spans: list[tuple[int, int]] = []
    for truth in expected:
        starts = [span[0] + 1 for span in spans if text[span[0] : span[1]] == truth["phrase"]]
        start = text.find(truth["phrase"], max(starts, default=0))
        assert start >= 0, f"{truth['phrase']} does not stand in {text}"
        spans.append((start, start + len(truth["phrase"])))
    return spans


def _overlap(span: tuple[int, int], target: Target) -> bool:
    return span[0] < target.end and target.start < span[1]


def _same(truth: Mapping[str, Any], target: Target, names: Iterable[str]) -> bool:
    return all(_plain(truth.get(name)) == _plain(getattr(target, name)) for name in names)


def _plain(value: Any) -> Any:
    """Numbers compare as numbers, dates as their text, texts without blanks at their ends."""
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return round(float(value), 6)
    return str(value).strip() if value is not None else None
