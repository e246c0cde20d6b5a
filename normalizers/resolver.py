"""Organisations: the body that a printed name stands for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

from normalizers.divisions import region_name
from normalizers.list_words import ListWords
from normalizers.records import Unit
from normalizers.reference import Reference, load
from normalizers.roster import Organisation, Roster
from normalizers.text import label, strip_brackets

#: Names nearer than this (0-100) are offered as candidates for an unknown one.
_NEAR = 60
_CANDIDATES = 3
_GOES_ON = re.compile(r"[）)〕］\]][^（(〔［\[]")
#: Kinds whose names begin with no word of level, whatever their first character is (市桥街道, 各街道).
_WITHOUT_LEVEL = ("street", "town", "group")
#: No name is shorter without its word of level (区妇联), or without that of its committee (区委组织部).
_SHORTEST, _SHORTEST_OF_COMMITTEE = 2, 3


class Resolver:
    """Looks names up in the roster of a region for a year; without a roster every name stays as printed.

    A name means the body that the roster gives it to in that year. Where it gives it to none, the region's own word of
    level (区 in a district) may be left out in print or in the roster: 发改局 is 区发改局, 组织部 is 区委组织部. That
    holds only where one body can be meant; a name that the roster has itself always goes first.
    """

    def __init__(self, roster: Roster | None, year: int | None, reference: Reference | None = None) -> None:
        self.roster = roster
        self.year = year
        self._bodies: dict[str, Organisation] = {}
        self._short: dict[str, Organisation] = {}
        self._levels: tuple[str, ...] | None = None
        if roster is None:
            return
        self._reference = reference or load()
        for body in roster.organisations:
            for name in body.names_in(year):
                self._bodies[label(name)] = body
        meant: dict[str, set[str]] = {}
        for short, body in self._shortened():
            meant.setdefault(short, set()).add(body.unit_id)
            self._short[short] = body
        self._short = {short: body for short, body in self._short.items() if len(meant[short]) == 1}

    def knows(self, name: str) -> bool:
        """Whether a name, with or without its qualifier, is in the roster."""
        # What goes on behind a bracket is no name with its qualifier, but two names in one.
        return bool(self._bodies) and self._find(label(name), bool(_GOES_ON.search(name))) is not None

    def resolve(self, printed: str, full: str | None = None) -> Unit:
        """The organisation that a printed name stands for. A name in the roster may itself have brackets.

        ``full`` is the name with what its list says only once put back (省科技厅 for 科技厅). It goes first; what is
        printed is looked up only where ``full`` does not say that it belongs to another level: in a district the 科技局
        of 市发改委、科技局 is not 区科技局, whatever aliases that has.
        """
        for name in self._forms(printed, full) if self._bodies else ():
            found = self._find(label(name))
            if found is not None:
                return Unit(printed, found[0].unit_id, found[0].name, found[1], full)
        return Unit(printed, None, None, strip_brackets(printed)[1], full)

    def nearest(self, printed: str) -> list[str]:
        """Up to three names of known bodies that look like an unknown one, the nearest first, one for each body."""
        base = strip_brackets(printed)[0]
        found = process.extract(base, sorted(self._bodies), scorer=fuzz.ratio, limit=None, score_cutoff=_NEAR)
        by_body: dict[str, str] = {}
        for name, _, _ in found:
            by_body.setdefault(self._bodies[name].unit_id, name)
        return list(by_body.values())[:_CANDIDATES]

    def body_of(self, name: str) -> Organisation | None:
        """The body that a name, with or without a qualifier, stands for."""
        found = self._find(label(name)) if self._bodies else None
        return found[0] if found else None

    def closed_kind(self, printed: str) -> str | None:
        """The kind whose complete list an unknown name is missing from (a street that there is not), else None."""
        base = strip_brackets(printed)[0]
        closed = self.roster.closed if self.roster else {}
        return next((kind for kind, ends in closed.items() if base.endswith(ends)), None)

    def named(self, units: Iterable[Unit]) -> tuple[Organisation, ...]:
        """The bodies that are named, with the members of the groups among them, each once, by id."""
        if self.roster is None:
            return ()
        ids = {unit.unit_id for unit in units}
        named = [body for body in self.roster.organisations if body.unit_id in ids]
        members = [member for body in named for member in self.members(body)]
        return tuple(sorted(dict.fromkeys([*named, *members]), key=lambda body: body.unit_id))

    def members(self, group: Organisation) -> tuple[Organisation, ...]:
        """The members of a group in the year, in the order of the roster; none for an open group and for a body."""
        return self.roster.members_of(group, self.year) if self.roster and group.members else ()

    def _forms(self, printed: str, full: str | None) -> tuple[str, ...]:
        """The forms of a name to look up, in this order."""
        if full is None:
            return (printed,)
        own = self._own_levels() or self._levels_of_region()
        return (full,) if full.endswith(printed) and not full.startswith(own) else (full, printed)

    def _find(self, name: str, whole: bool = False) -> tuple[Organisation, str | None] | None:
        """The body of a name, and the qualifier behind the name; as a ``whole`` it can have no qualifier."""
        base, qualifier = strip_brackets(name)
        for text, rest in ((name, None),) if whole or qualifier is None else ((name, None), (base, qualifier)):
            body = self._bodies.get(text) or self._short.get(text) or self._longer(text)
            if body is not None:
                return body, rest
        return None

    def _shortened(self) -> Iterator[tuple[str, Organisation]]:
        """The roster's names without the word of level, and without that of the committee: 区委组织部 is 组织部."""
        bare = self._reference.units.bare_endings
        for name, body in self._bodies.items():
            level = self._level(name)
            if level is None or level not in self._own_levels() or not self._may_be_shortened(body):
                continue
            rest = name[len(level) :]
            short, shortest = (rest[1:], _SHORTEST_OF_COMMITTEE) if rest.startswith("委") else (rest, _SHORTEST)
            if len(short) >= shortest and short not in bare and short not in self._bodies:
                yield short, body

    def _longer(self, name: str) -> Organisation | None:
        """The body whose name in the roster lacks the word of level that the printed name has."""
        level = self._level(name)
        body = self._bodies.get(name[len(level) :]) if level else None
        if body is None or not self._may_be_shortened(body):
            return None
        return body if level in (self._own_levels() or self._levels_of_region()) else None

    def _may_be_shortened(self, body: Organisation) -> bool:
        own = self.roster.region_code if self.roster else ""
        return body.region_code in (own, "") and body.kind not in _WITHOUT_LEVEL

    def _own_levels(self) -> tuple[str, ...]:
        """The word of level of the region: the one that most of its bodies' names begin with; none where none does."""
        if self._levels is None:
            names = [name for name, body in self._bodies.items() if self._may_be_shortened(body)]
            begin = Counter(level for name in names if (level := self._level(name)))
            self._levels = tuple(level for level, _ in begin.most_common(1))
        return self._levels

    def _levels_of_region(self) -> tuple[str, ...]:
        """The word of level that the official name of the region ends with."""
        official = region_name(self.roster.region_code) if self.roster else None
        return tuple(level for level in self._reference.units.lists.levels if (official or "").endswith(level))

    def _level(self, name: str) -> str | None:
        """The word of level that a name begins with."""
        return level_of(name, self._reference.units.lists)


def level_of(name: str, words: ListWords) -> str | None:
    """The word of level that a name begins with: 市 of 市发改委; none of 市场监管局."""
    if name.startswith(words.no_levels):
        return None
    return next((level for level in words.levels if name.startswith(level)), None)
