"""The names that a document itself uses, learned where they stand whole: they tell wraps from separate entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from normalizers.breaks import SURE
from normalizers.meaning import is_unit
from normalizers.persons import is_name
from normalizers.reference import Names, UnitPatterns
from normalizers.text import label, split_outside_brackets

#: Marks that separate the entries of a list, and those of them that begin a new group of entries.
LISTED = "、，,；;/／|｜﹑､"
GROUPED = "，,；;"


@dataclass(slots=True)
class Mentions:
    """Organisations and leaders met whole, how often each, and how organisations begin.

    ``levels`` are the words of level that stand first, ``places`` the first two characters of the other names.
    """

    units: Counter[str] = field(default_factory=Counter)
    leaders: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)

    def learn_units(self, texts: Iterable[str], patterns: UnitPatterns) -> None:
        """Learn from the marked texts of cells of organisations, each cell given once."""
        for text in texts:
            parts = split_outside_brackets(text, LISTED + SURE)
            whole = [label(part) for part in parts if "\n" not in part]
            self.units.update(name for name in whole if is_unit(name, patterns) or whole == [label(text)])
            for part in parts:  # a name begins here, wherever it may end
                level = next((level for level in patterns.levels if part.startswith(level)), None)
                (self.levels if level else self.places)[level or part[:2]] += 1

    def learn_leaders(self, texts: Iterable[str], names: Names) -> None:
        """Learn from the marked texts of cells of leaders, each cell given once."""
        for text in texts:
            parts = split_outside_brackets(text, LISTED + SURE)
            whole = (label(part) for part in parts if "\n" not in part)
            self.leaders.update(name for name in whole if is_name(name, names))
