"""Reads the cells that list leaders or organisations: first all of them to learn names, then each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from normalizers.breaks import SURE
from normalizers.drafts import Draft
from normalizers.grid import Entry, text_of
from normalizers.mentions import LISTED, Mentions
from normalizers.organisations import UnitSplitter
from normalizers.people import LeaderSplitter
from normalizers.reference import Reference
from normalizers.resolver import Resolver

_MARKS = re.compile(f"[{LISTED}]")
_UNIT_FIELDS = ("lead_units", "support_units")
#: So many list marks in a column, and hardly any break beside none, show that its line breaks never separate.
_FEWEST_MARKS = 3
_HARDLY_ANY = 0.2
_BREAK_AFTER_MARK = re.compile(f"[{LISTED}]\\s*$")


@dataclass(slots=True)
class CellReaders:
    """What is needed to read cells of names. ``mentions`` are those of all tables of the document."""

    reference: Reference
    resolver: Resolver
    mentions: Mentions = field(default_factory=Mentions)

    def learn(self, drafts: Iterable[Draft]) -> dict[str, UnitSplitter | LeaderSplitter]:
        """The readers for each field, after the names were learned that stand whole in the cells of a table."""
        cells: dict[str, dict[object, list[Entry]]] = {"leaders": {}, "lead_units": {}, "support_units": {}}
        for draft in drafts:
            for name, own in cells.items():
                if entries := draft.entries.get(name):
                    own[tuple(entry.provenance[0] for entry in entries)] = entries
        texts = {name: [text_of(entries) for entries in own.values()] for name, own in cells.items()}
        self.mentions.learn_leaders(texts["leaders"], self.reference.names)
        only_marks = {name: _only_marks(texts[name], cells[name].values()) for name in _UNIT_FIELDS}
        for name in _UNIT_FIELDS:
            whole = [text.replace(SURE, "\n") for text in texts[name]] if only_marks[name] else texts[name]
            self.mentions.learn_units(whole, self.reference.units)
        first = {name: self._units(only_marks[name]) for name in _UNIT_FIELDS}
        joined = [
            surely
            for name in _UNIT_FIELDS
            for text in texts[name]
            if "\n" in text
            for surely in first[name].split(text).joined
        ]
        self.mentions.units.update(joined)
        again = {name: self._units(only_marks[name]) if joined else first[name] for name in _UNIT_FIELDS}
        return {"leaders": LeaderSplitter(self.reference.names, self.mentions), **again}

    def _units(self, only_marks: bool) -> UnitSplitter:
        return UnitSplitter(self.reference.units, self.resolver.knows, self.mentions, only_marks)


def _only_marks(texts: Sequence[str], cells: Iterable[Sequence[Entry]]) -> bool:
    """Whether a column separates its names with marks, so that its line breaks are mere wraps."""
    if any(entry.wraps is None for entries in cells for entry in entries):
        return False
    marks = sum(len(_MARKS.findall(text)) for text in texts)
    breaks = sum(not _BREAK_AFTER_MARK.search(part) for text in texts for part in text.split(SURE)[:-1])
    return marks >= _FEWEST_MARKS and breaks <= _HARDLY_ANY * marks
