"""The names that a document itself uses, learned where they stand whole: they tell wraps from separate entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from normalizers.breaks import SURE
from normalizers.meaning import is_name, is_unit
from normalizers.reference import Names, UnitPatterns
from normalizers.text import label, split_outside_brackets

#: Marks that separate the entries of a list.
LISTED = "、，,；;/／"


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
            whole = _whole(text)
            for name in whole:
                if is_unit(name, patterns) or whole == [label(text)]:
                    self.units[name] += 1
                    level = next((level for level in patterns.levels if name.startswith(level)), None)
                    (self.levels if level else self.places)[level or name[:2]] += 1

    def learn_leaders(self, texts: Iterable[str], names: Names) -> None:
        """Learn from the marked texts of cells of leaders, each cell given once."""
        for text in texts:
            self.leaders.update(name for name in _whole(text) if is_name(name, names))


def _whole(text: str) -> list[str]:
    """The entries of a cell that no wrap could have cut."""
    parts: Sequence[str] = split_outside_brackets(text, LISTED + SURE)
    return [label(part) for part in parts if "\n" not in part]
