"""The words and units of targets, read from reference/targets.yaml and reference/units.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load_yaml
from normalizers.targets.numbers import HALF_WIDTH

#: Lists that reference/targets.yaml must have, and mappings with the names of their lists.
LISTS = (
    "amounts", "ceilings", "compared", "count_changes", "distributive", "fillers", "frames", "helpers",
    "kinds", "leads", "level_ends", "levels", "lookalikes", "manner", "measured", "modality", "more",
    "movers", "names_before", "names_behind", "names_behind_han", "nested", "one_verbs", "periods",
    "plain_rates", "predicates", "programmes", "ranks", "rates", "reached", "shares", "things", "verbs",
)  # fmt: skip
MAPS = {
    "bounds_before": ("at_least", "more_than", "at_most", "less_than", "about"),
    "bounds_behind": ("at_least", "at_most", "about"),
    "changes": ("increase", "decrease"),
    "zero": ("words", "of"),
    "states": ("leads", "adverbs", "cores", "phrases", "complete", "kept", "turned"),
    "relative": ("same", "with", "above", "than", "reach", "averages", "ends"),
    "delegated": ("verbs", "levels", "acts", "ends"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The units that are known.

    ``quantities`` maps a printed unit to its base unit and how much of it one is; ``counts`` are measure words, which
    are their own base; ``weak`` units need a word before the number; ``begins_other`` are characters behind a unit
    that make another word of it; ``magnitudes`` are the powers of ten that may stand before a unit.
    """

    quantities: Mapping[str, tuple[str, Decimal]]
    counts: frozenset[str]
    weak: frozenset[str]
    begins_other: Mapping[str, str]
    magnitudes: Mapping[str, int]

    def split(self, unit: str) -> tuple[Decimal, str]:
        """The power of ten and the unit behind it: 万平方米 is 10000 and 平方米."""
        factor, rest = Decimal(1), unit
        while rest and rest not in self.quantities and rest not in self.counts and rest[0] in self.magnitudes:
            factor, rest = factor * self.magnitudes[rest[0]], rest[1:]
        return factor, rest

    def base(self, unit: str | None) -> tuple[str, Decimal] | None:
        """The base unit and how much of it one printed unit is; None for an unknown unit or none."""
        if unit is None:
            return None
        unit = unit.translate(HALF_WIDTH)
        over, _, under = unit.partition("/")
        if not unit.strip("".join(self.magnitudes)):  # 1.2亿, of what is not said
            return None
        if unit in self.counts or unit in self.quantities:
            over, under = unit, ""
        found = self._simple(over)
        if not over:
            return unit, Decimal(1)
        if found is None or not under:
            return found
        below = self._simple(under)
        return (f"{found[0]}/{below[0]}", found[1] / below[1]) if below else None

    def _simple(self, unit: str) -> tuple[str, Decimal] | None:
        factor, rest = self.split(unit)
        if rest in self.quantities:
            name, amount = self.quantities[rest]
            return name, factor * amount
        return (rest, factor) if rest in self.counts else None

    def is_count(self, unit: str | None) -> bool:
        """Whether a printed unit counts things."""
        return unit is not None and self.split(unit)[1] in self.counts

    def is_weak(self, unit: str | None) -> bool:
        """Whether a printed unit needs a word before its number."""
        return unit is not None and self.split(unit)[1] in self.weak


@dataclass(frozen=True, slots=True, eq=False)
class TargetWords:
    """What people know of targets: ``lists`` and ``maps`` of words as in reference/targets.yaml, and the units."""

    lists: Mapping[str, tuple[str, ...]]
    maps: Mapping[str, Mapping[str, tuple[str, ...]]]
    units: Units
    #: The reference folder that they were read from.
    directory: Path

    def of(self, name: str, part: str | None = None) -> tuple[str, ...]:
        """A list of words, or one of the lists under a name."""
        return self.lists[name] if part is None else self.maps[name][part]

    def all_of(self, name: str) -> tuple[str, ...]:
        """The words of all lists under a name."""
        return tuple(word for words in self.maps[name].values() for word in words)


@cache
def load_words(directory: Path = DEFAULT_DIR) -> TargetWords:
    """The words and units of a reference folder. Raises :class:`normalizers.reference.ReferenceDataError`."""
    path = directory / "targets.yaml"
    data = load_yaml(path)
    if not isinstance(data, dict):
        raise ReferenceDataError(f"{path}: is no mapping of lists")
    lists = {name: _words(path, name, data.get(name)) for name in LISTS}
    maps = {
        name: {part: _words(path, f"{name}: {part}", _part(path, data, name).get(part)) for part in parts}
        for name, parts in MAPS.items()
    }
    if unknown := data.keys() - {*LISTS, *MAPS}:
        raise ReferenceDataError(f"{path}: {sorted(unknown)[0]} is no list that targets are read with")
    return TargetWords(lists, maps, _units(directory / "units.yaml"), directory)


def _part(path: Path, data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    if not isinstance(part, dict):
        raise ReferenceDataError(f"{path}: {name} is no mapping of lists")
    return part


def _words(path: Path, name: str, words: Any) -> tuple[str, ...]:
    if not isinstance(words, list) or not words:
        raise ReferenceDataError(f"{path}: {name} is no list of words")
    for word in words:
        if not isinstance(word, str) or not word:
            raise ReferenceDataError(f"{path}: {word!r} under {name} is no text; put it in quotation marks")
    return tuple(dict.fromkeys(words))


def _units(path: Path) -> Units:
    data = load_yaml(path)
    try:
        quantities: dict[str, tuple[str, Decimal]] = {}
        for base, printed in data["quantities"].items():
            for unit, amount in printed.items():
                if unit in quantities:
                    raise ReferenceDataError(f"{path}: {unit} stands under {quantities[unit][0]} and under {base}")
                quantities[str(unit)] = (str(base), Decimal(str(amount)))
        counts = _words(path, "counts", data["counts"])
        begins = {str(unit): "".join(ends) for unit, ends in data["begins_other"].items()}
        magnitudes = {str(word): int(value) for word, value in data["magnitudes"].items()}
        weak = frozenset(_words(path, "weak", data["weak"]))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
        raise ReferenceDataError(f"{path}: lacks {error} or has it in another form") from error
    if double := quantities.keys() & set(counts):
        raise ReferenceDataError(f"{path}: {sorted(double)[0]} is a measure word and a quantity")
    if stray := (weak | begins.keys()) - quantities.keys() - set(counts):
        raise ReferenceDataError(f"{path}: {sorted(stray)[0]} is used but no unit")
    return Units(quantities, frozenset(counts), weak, begins, magnitudes)
