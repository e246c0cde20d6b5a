"""Organisations: names from a cell, and the body that each stands for."""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz import fuzz, process

from normalizers.meaning import is_unit
from normalizers.records import Unit
from normalizers.reference import Organisation, Roster, UnitPatterns
from normalizers.text import label, split_outside_brackets, squeeze, strip_brackets

_LISTED = "、，,；;/／"
_BLANKS = re.compile(r"\s")
#: Names nearer than this (0-100) are offered as candidates for an unknown one.
_NEAR = 60


def split_units(text: str, patterns: UnitPatterns, is_known: Callable[[str], bool]) -> tuple[str, ...]:
    """The organisations in a cell as printed, punctuation folded, in order, each once.

    List marks, blanks and line breaks separate; nothing inside brackets does. A name that was broken at the
    cell's edge is put together again: a part that is only the end of a name, or that makes a known name or the
    only name with the part before it. ``is_known`` says whether a name occurs in the roster.
    """
    units: list[str] = []
    text = _BLANKS.sub(" ", text)
    for listed in _with_levels(split_outside_brackets(text, _LISTED), patterns):
        group: list[str] = []
        for part in filter(squeeze, split_outside_brackets(listed, " ")):
            if group and _is_broken(group[-1], part, patterns, is_known):
                group[-1] += part
            else:
                group.append(part)
        units += group
    return tuple(dict.fromkeys(label(unit.strip("。.")) for unit in units if unit.strip("。.")))


def _with_levels(parts: list[str], patterns: UnitPatterns) -> list[str]:
    """The parts of a list; a level word alone belongs to the part behind it: 省、市有关部门 is one."""
    joined: list[str] = []
    for part in parts:
        if joined and squeeze(joined[-1]).split("、")[-1] in patterns.levels:
            joined[-1] += f"、{part}"
        else:
            joined.append(part)
    return joined


def _is_broken(before: str, part: str, patterns: UnitPatterns, is_known: Callable[[str], bool]) -> bool:
    """Whether ``part`` goes on with the name ``before`` rather than beginning another."""
    before, part = squeeze(before), squeeze(part)
    if re.match(r"[（(〔［\[]", part) or part in patterns.bare_endings:
        return True
    joined = before + part
    if is_known(joined):
        return not (is_known(before) and is_known(part))
    whole = is_unit(before, patterns) or is_known(before)
    # 市住房和城 / 乡建设局: 乡 is a word of some level, but not of the one that the name before begins with.
    other_level = before.startswith(patterns.levels) and part[0] != before[0] and not whole
    starts_another = is_known(part) or (part.startswith(patterns.levels) and not other_level)
    return not starts_another and not (whole and is_unit(part, patterns)) and is_unit(joined, patterns)


class Resolver:
    """Looks names up in the roster of a region; without one every name stays as printed."""

    def __init__(self, roster: Roster | None, year: int | None) -> None:
        self.roster = roster
        self._bodies: dict[str, Organisation] = {}
        for body in roster.organisations if roster else ():
            if year is None or body.valid_in(year):
                for name in (body.name, *body.aliases):
                    self._bodies[label(name)] = body

    def knows(self, name: str) -> bool:
        """Whether a name, with or without its qualifier, is in the roster."""
        return self._find(label(name)) is not None

    def resolve(self, printed: str) -> Unit:
        """The organisation that a printed name stands for. A name in the roster may itself have brackets."""
        base, qualifier = strip_brackets(printed)
        body = self._bodies.get(printed)
        if body is not None:
            return Unit(printed, body.unit_id, body.name, None)
        body = self._bodies.get(base) if qualifier else None
        if body is not None:
            return Unit(printed, body.unit_id, body.name, qualifier)
        return Unit(printed, None, None, qualifier)

    def nearest(self, printed: str) -> list[str]:
        """Up to three known names that look like an unknown one, the nearest first."""
        found = process.extract(strip_brackets(printed)[0], sorted(self._bodies), scorer=fuzz.ratio, limit=3)
        return [name for name, score, _ in found if score >= _NEAR]

    def closed_kind(self, printed: str) -> str | None:
        """The kind whose complete list an unknown name is missing from (a street that there is not), else None."""
        base = strip_brackets(printed)[0]
        closed = self.roster.closed if self.roster else {}
        return next((kind for kind, ends in closed.items() if base.endswith(ends)), None)

    def _find(self, name: str) -> Organisation | None:
        return self._bodies.get(name) or self._bodies.get(strip_brackets(name)[0])
