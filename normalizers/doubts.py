"""What the reading of a page or the joining of pages left in doubt, as issues of the tasks that it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.model import Bbox, Doubt, Provenance
from normalizers.records import FIELD_NAMES, Issue
from normalizers.rules import GENERIC, RULES, issue

#: The fields that hold names.
_NAMES = ("leaders", "lead_units", "support_units")
#: The number of a task and one of its fields; None: the whole task.
Spot = tuple[int, str | None]


@dataclass(slots=True)
class Places:
    """Where on the pages the cells of each task stand."""

    _spots: dict[Provenance, dict[Spot, None]] = field(default_factory=dict)
    _by_page: dict[int, list[Provenance]] = field(default_factory=dict)

    def add(self, places: Sequence[Provenance], task_no: int, name: str | None) -> None:
        """Note the places of a cell of a task."""
        for place in places:
            self._spots.setdefault(place, {})[task_no, name] = None

    def at(self, place: Provenance) -> list[Spot]:
        """What stands at a place: in this very cell, else in the cells that overlap it."""
        if place in self._spots:
            return list(self._spots[place])
        if not self._by_page:
            pages = defaultdict(list)
            for known in self._spots:
                pages[known.page].append(known)
            self._by_page.update(pages)
        near = [known for known in self._by_page.get(place.page, ()) if _overlap(known.bbox, place.bbox)]
        return list(dict.fromkeys(spot for known in near for spot in self._spots[known]))


def _overlap(one: Bbox | None, other: Bbox | None) -> bool:
    """Whether two boxes share an area."""
    if one is None or other is None:
        return False
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 0 and down > 0


def locate(doubt: Doubt, places: Places, table_no: int) -> Iterator[Issue]:
    """A doubt as one issue for each field of a task that stands where it is, else as one of the document."""
    spots: dict[Spot, list[Provenance]] = {}
    for place in doubt.places:
        for spot in places.at(place):
            spots.setdefault(spot, []).append(place)
    if not spots:
        yield as_issue(doubt, table_no=table_no)
    for (task_no, name), own in sorted(spots.items(), key=_order):
        yield as_issue(doubt, task_no, name, own, table_no)


def _order(found: tuple[Spot, object]) -> tuple[int, int]:
    task_no, name = found[0]
    return task_no, FIELD_NAMES.index(name) if name in FIELD_NAMES else -1


def as_issue(
    doubt: Doubt,
    task_no: int | None = None,
    name: str | None = None,
    own: Sequence[Provenance] = (),
    table_no: int = 1,
) -> Issue:
    """A doubt as an issue; a rule that the catalogue does not know falls under a general one."""
    known = doubt.rule in RULES
    detail = doubt.detail if known else f"{doubt.rule}: {doubt.detail}"
    # A wrong character in a name makes another one of it; in a sentence it is seen to be wrong.
    rule = "uncertain_name" if doubt.rule == "uncertain_character" and name in _NAMES else doubt.rule
    return issue(rule if known else GENERIC, detail, task_no, name, own or doubt.places, None, table_no)
