"""Organisations: the body that a printed name stands for."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from normalizers.records import Unit
from normalizers.reference import Organisation, Roster
from normalizers.text import label, strip_brackets

#: Names nearer than this (0-100) are offered as candidates for an unknown one.
_NEAR = 60
_GOES_ON = re.compile(r"[）)〕］\]][^（(〔［\[]")


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
        return bool(self._bodies) and self._find(label(name)) is not None

    def resolve(self, printed: str, full: str | None = None) -> Unit:
        """The organisation that a printed name stands for. A name in the roster may itself have brackets.

        ``full`` is the name with what its list says only once put back (省科技厅 for 科技厅): it is looked up where the
        printed one is not known.
        """
        for name in (printed, full or printed):
            base, qualifier = strip_brackets(name)
            body = self._bodies.get(name)
            if body is not None:
                return Unit(printed, body.unit_id, body.name, None, full)
            body = self._bodies.get(base) if qualifier else None
            if body is not None:
                return Unit(printed, body.unit_id, body.name, qualifier, full)
        return Unit(printed, None, None, strip_brackets(printed)[1], full)

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
        # What goes on behind a bracket is no name with its qualifier, but two names in one.
        base = name if _GOES_ON.search(name) else strip_brackets(name)[0]
        return self._bodies.get(name) or self._bodies.get(base)
