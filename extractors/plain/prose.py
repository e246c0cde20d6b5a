"""Responsibility tables that are printed as text: numbered tasks, each with those who carry it.

They stand in brackets behind the task （责任领导：…；牵头单位：…）, on lines of their own, or in the heading of a group
of tasks (一、区发改局牵头工作（8项）). What comes out is a table like any other: its heading are the labels as printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat

from extractors.model import Doubt, Table, TextBlock
from extractors.plain.items import Listing, line_marks, listings, runs_on
from extractors.plain.labels import is_carrier
from extractors.plain.outline import Heading, Item, Part, scopes_of
from extractors.plain.parts import PartReader
from extractors.plain.roles import RoleFinder, RoleGroup
from extractors.plain.stream import Span, Stream, stream_of
from extractors.plain.tasktable import Writer

#: Labels of organisations and of leaders; a list of persons with their telephones has neither.
_BODY = re.compile("单位|部门|主体|领导|[省市区县镇乡]长|科室|处室|^牵头$|^主办$|^责任$|^$")
#: A line of at least this share of the longest one may be wrapped.
_FULL = 0.8
#: Lines that are longer are paragraphs: nothing is wrapped.
_LONGEST_LINE = 90
_MOST = 0.5
_FEWEST = 2
#: A task is at least a verb and its object.
_MIN_CONTENT = 4
_CAPTION_LINES = 12


def read_prose(blocks: Sequence[TextBlock]) -> tuple[tuple[Table, ...], tuple[TextBlock, ...]]:
    """The tables that the text of a document makes and the text around them; no table where it lists no tasks.

    Every character is in a cell, is a mark of the list (number, bracket, label, separator), or stays in a block.
    Numbers that begin anew begin another table.
    """
    stream = stream_of(blocks)
    if not stream.starts:
        return (), tuple(blocks)
    longest = max(stream.line_end(start) - start for start in stream.starts)
    width = int(longest * _FULL) if longest <= _LONGEST_LINE else longest + 1
    marks = line_marks(stream)
    barriers = [mark.start for mark in marks if mark.style not in ("①", "一是")]
    groups = RoleFinder(stream, barriers, width).find()
    listing = _choose(
        stream, [found for found in listings(stream, marks, groups) if not runs_on(found, marks)], groups, width
    )
    if listing is None:
        return (), tuple(blocks)
    parts = PartReader(stream, listing, groups, width).parts()
    tables: list[Table] = []
    taken: list[Span] = []
    counts = Counter(id(heading) for _, above in scopes_of(parts) for heading in above)
    runs = _runs(parts)
    caption = _caption(stream, runs)
    begun: set[int] = set()
    for own in filter(_has_bodies, runs):
        writer = Writer(stream, own, caption if not tables else "", counts, frozenset(begun))
        tables.append(writer.table())
        taken += writer.taken
        begun |= {id(part) for part in own}
    if dropped := [run for run in runs if not _has_bodies(run)]:
        tables[-1] = replace(tables[-1], doubts=(*tables[-1].doubts, *map(_dropped, repeat(stream), dropped)))
    return tuple(tables), stream.left_over(taken)


def _caption(stream: Stream, runs: Sequence[Sequence[Part]]) -> str:
    """The lines above the first list that says who carries its tasks."""
    end = 0
    for run in runs:
        items = [part for part in run if isinstance(part, Item)]
        starts = (part.start if isinstance(part, Heading) else part.mark.start for part in run)
        if _has_bodies(run):
            first = min((start for start in starts if start >= end), default=end)
            return "\n".join(stream.text[end:first].splitlines()[-_CAPTION_LINES:])
        end = items[-1].content[-1][1] if items and items[-1].content else end
    return ""


def _choose(stream: Stream, candidates: Sequence[Listing], groups: Sequence[RoleGroup], width: int) -> Listing | None:
    """The list whose items are tasks: most of them say once who carries them; None when there is none.

    Lists beside it that name nobody don't count. One that has far fewer tasks than another are points of these.
    """
    judged: list[tuple[Listing, int, float]] = []
    for listing in candidates:
        parts = [
            part
            for run in _runs(PartReader(stream, listing, groups, width).parts())
            if _has_bodies(run)
            for part in run
        ]
        items = [part for part in parts if isinstance(part, Item)]
        led = _led(parts)
        carried = [item for item in items if item.roles or id(item) in led]
        long = [item for item in items if sum(end - start for start, end in item.content) >= _MIN_CONTENT]
        if len(items) < _FEWEST or min(len(carried), len(long)) < _MOST * len(items):
            continue
        once = sum(len({role.label for role in item.roles}) == len(item.roles) for item in carried)
        judged.append((listing, len(carried), (once + 0.3 * (len(carried) - once)) / len(items)))
    most = max((carried for _, carried, _ in judged), default=0)
    best, best_score = None, 0.0
    for listing, carried_by, score in judged:
        # Of lists that are as good the finer one counts, which comes later.
        if carried_by * 2 > most and score >= best_score - 1e-9:
            best, best_score = listing, score
    return best


def _is_body(label: str) -> bool:
    return is_carrier(label) and bool(_BODY.search(label))


def _led(parts: Sequence[Part]) -> set[int]:
    """The items below a heading that says who leads them."""
    return {id(item) for item, above in scopes_of(parts) if any(heading.roles for heading in above)}


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts of each table: another one begins where the numbers begin anew, below the headings that hold there."""
    scopes = {id(item): above for item, above in scopes_of(parts)}
    runs: list[list[Part]] = [[]]
    highest, waiting = 0, []
    for part in parts:
        waiting.append(part)
        if isinstance(part, Heading):
            continue
        if part.mark.number <= highest and part.mark.number == 1:
            known = {id(other) for other in waiting}
            runs.append([heading for heading in scopes[id(part)] if id(heading) not in known])
            highest = 0
        runs[-1] += waiting
        highest, waiting = max(highest, part.mark.number), []
    runs[-1] += waiting
    return runs


def _dropped(stream: Stream, parts: Sequence[Part]) -> Doubt:
    """What is said of a list that names nobody who carries its tasks."""
    first = next(part for part in parts if isinstance(part, Item))
    said = stream.text[first.mark.start : stream.line_end(first.mark.start)]
    return Doubt(
        "text_outside", f"a list that names nobody who carries its tasks was left out; it begins with {said[:40]}"
    )


def _has_bodies(parts: Sequence[Part]) -> bool:
    """Whether a list says who carries its tasks; a list of persons behind one of tasks does not."""
    return any(_is_body(role.label) for part in parts for role in part.roles)
