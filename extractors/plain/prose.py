"""Responsibility tables that are printed as text: numbered tasks, each with those who carry it.

They stand in brackets behind the task （责任领导：…；牵头单位：…）, on lines of their own, or in the heading of a group
of tasks (一、区发改局牵头工作（8项）). What comes out is a table like any other: its heading are the labels as printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import repeat

from extractors.model import Cell, Doubt, Provenance, Table, TextBlock
from extractors.plain.items import Listing, line_marks, listings
from extractors.plain.parts import NOTE, Heading, Item, Part, PartReader
from extractors.plain.roles import Role, RoleFinder, RoleGroup, is_carrier
from extractors.plain.stream import Span, Stream, stream_of

_NUMBER, _CONTENT = "序号", "工作内容"
_RESPONSIBLE = "责任单位"
#: Labels that are cut short, as they stand in headings.
_WHOLE = {
    "牵头": "牵头单位", "主办": "主办单位", "主责": "主责单位", "配合": "配合单位", "协办": "协办单位",
    "协同": "协同单位", "参与": "参与单位", "责任": "责任单位",
}  # fmt: skip
_LEADS = re.compile("(?:牵头|主办|主责|第一责任|首要责任).*(?:单位|部门)")
_ANSWERS = re.compile("(?:责任|承办|落实|实施)(?:单位|部门|主体|科室|处室)")
#: Labels of organisations and of leaders; a list of persons with their telephones has neither.
_BODY = re.compile("单位|部门|主体|领导|[省市区县镇乡]长|科室|处室|^牵头$|^主办$|^责任$|^$")
#: A line of at least this share of the longest one may be wrapped.
_FULL = 0.8
#: Lines that are longer are paragraphs: nothing is wrapped.
_LONGEST_LINE = 90
_MOST = 0.5
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
    listing = _choose(stream, list(listings(stream, marks, groups)), groups, width)
    if listing is None:
        return (), tuple(blocks)
    parts = PartReader(stream, listing, groups, width).parts()
    caption = stream.text[: parts[0].start if isinstance(parts[0], Heading) else parts[0].mark.start]
    caption = "\n".join(caption.splitlines()[-_CAPTION_LINES:])
    tables: list[Table] = []
    taken: list[Span] = []
    counts = Counter(id(heading) for _, above in _scopes(parts) for heading in above)
    runs = _runs(parts)
    begun: set[int] = set()
    for own in filter(_has_bodies, runs):
        writer = _Writer(stream, own, caption if not tables else "", counts, frozenset(begun))
        tables.append(writer.table())
        taken += writer.taken
        begun |= {id(part) for part in own}
    if dropped := [run for run in runs if not _has_bodies(run)]:
        tables[-1] = replace(tables[-1], doubts=(*tables[-1].doubts, *map(_dropped, repeat(stream), dropped)))
    return tuple(tables), stream.left_over(taken)


def _choose(stream: Stream, candidates: Sequence[Listing], groups: Sequence[RoleGroup], width: int) -> Listing | None:
    """The list whose items are tasks: most of them say once who carries them; None when there is none."""
    best, best_score = None, 0.0
    for listing in candidates:
        parts = PartReader(stream, listing, groups, width).parts()
        items = [part for part in parts if isinstance(part, Item)]
        led = _led(parts)
        carried = [item for item in items if item.roles or id(item) in led]
        labels = [role.label for part in parts for role in part.roles]
        long = [item for item in items if sum(end - start for start, end in item.content) >= _MIN_CONTENT]
        if min(len(carried), len(long)) < _MOST * len(items) or not any(map(_is_body, labels)):
            continue
        once = sum(len({role.label for role in item.roles}) == len(item.roles) for item in carried)
        score = (once + 0.3 * (len(carried) - once)) / len(items)
        if score >= best_score - 1e-9:  # of lists that are as good the finer one, which comes later
            best, best_score = listing, score
    return best


def _is_body(label: str) -> bool:
    return is_carrier(label) and bool(_BODY.search(label))


def _led(parts: Sequence[Part]) -> set[int]:
    """The items below a heading that says who leads them."""
    return {id(item) for item, above in _scopes(parts) if any(heading.roles for heading in above)}


def _scopes(parts: Sequence[Part]) -> list[tuple[Item, tuple[Heading, ...]]]:
    """Each item with the headings above it that hold."""
    above: list[Heading] = []
    found: list[tuple[Item, tuple[Heading, ...]]] = []
    for part in parts:
        if isinstance(part, Item):
            found.append((part, tuple(above)))
        else:
            above = [*(heading for heading in above if heading.rank < part.rank), part]
    return found


def _runs(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts of each table: another one begins where the numbers begin anew, below the headings that hold there."""
    scopes = {id(item): above for item, above in _scopes(parts)}
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


@dataclass(slots=True)
class _Writer:
    """Writes the parts of one list as a table."""

    stream: Stream
    parts: Sequence[Part]
    caption: str
    #: How many tasks stand below each heading, and the headings that earlier tables have had already.
    counts: Mapping[int, int]
    begun: frozenset[int]
    cells: list[Cell] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    taken: list[Span] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    leads: str | None = None
    #: The roles of headings that tasks were given.
    used: set[int] = field(default_factory=set)

    def table(self) -> Table:
        """The table: a heading, a row for each task, and a row over all columns for each title of a part."""
        known = [_WHOLE.get(role.label, role.label) for part in self.parts for role in part.roles]
        self.leads = next((label for label in known if _LEADS.fullmatch(label)), None)
        said = [label or self.leads or _RESPONSIBLE for label in known]
        self.labels = [_NUMBER, _CONTENT, *dict.fromkeys(said)]
        first = self.parts[0]
        start = first.start if isinstance(first, Heading) else first.mark.start
        place = self.stream.place([(start, start)])
        self.cells = [Cell(label, 0, col, 1, 1, place) for col, label in enumerate(self.labels)]
        scopes = {id(item): above for item, above in _scopes(self.parts)}
        row, rows = 1, []
        for part in self.parts:
            if isinstance(part, Item):
                self._item(part, row, scopes[id(part)])
                rows.append((row, part, scopes[id(part)]))
                row += 1
            elif part.title is not None:
                text, wraps = self._text([part.title])
                place = self.stream.place([part.title])
                self.cells.append(Cell(text, row, 0, 1, len(self.labels), place, wraps))
                row += 1
        self._led(rows)
        self._take_headings()
        self._counts()
        self.cells.sort(key=lambda cell: (cell.row, cell.col))
        page = self.cells[0].provenance.page
        return Table(
            page, row, len(self.labels), tuple(self.cells), "ruled", (), self.caption,
            doubts=tuple(self.doubts), listed=True,
        )  # fmt: skip

    def _text(self, spans: Sequence[Span], between: str = "") -> tuple[str, tuple[int, ...]]:
        """The text of stretches; the ends of its lines may be wraps."""
        text = between.join(self.stream.text[start:end] for start, end in spans)
        return text, tuple(at for at, char in enumerate(text) if char == "\n")

    def _values(self, item: Item, above: Sequence[Heading]) -> dict[str, list[Span]]:
        """What an item itself says under each label."""
        values: dict[str, list[Span]] = {}
        for role in item.roles:
            label = _WHOLE.get(role.label, role.label) or self.leads or _RESPONSIBLE
            values.setdefault(label, []).append(role.value)
        answering = next((label for label in values if _ANSWERS.fullmatch(label)), None)
        led = self.leads in values or any(role.label == self.leads for heading in above for role in heading.roles)
        if self.leads is not None and answering is not None and not led:
            item.doubts.append(
                f"the task names {answering} only where others name {self.leads}; they were taken to lead"
            )
            values[self.leads] = values.pop(answering)
        return values

    def _item(self, item: Item, row: int, above: Sequence[Heading]) -> None:
        """The cells of a task, but for those that a heading gives."""
        mark = item.mark
        place = self.stream.place(item.content or [(mark.start, mark.end)])
        self.cells.append(Cell(str(mark.number), row, 0, 1, 1, self.stream.place([(mark.start, mark.end)])))
        self.cells.append(Cell(*_spread(self._text(item.content), row, 1, place)))
        values = self._values(item, above)
        inherited = {_WHOLE.get(role.label, role.label) for heading in above for role in heading.roles}
        for col, label in enumerate(self.labels[2:], 2):
            spans = [span for span in values.get(label, []) if span[0] < span[1]]
            if spans:
                own = self.stream.place(spans)
                self.cells.append(Cell(*_spread(self._text(spans, "、"), row, col, own)))
                if label in inherited:
                    item.doubts.append(
                        f"the task names its own {label}, the heading above it another; its own was taken"
                    )
            elif label not in inherited:
                self.cells.append(Cell("", row, col, 1, 1, place))
        if item.stray is not None:
            said = self.stream.text[slice(*item.stray)].splitlines()[0]
            if not (item is self._last() and (item.roles or NOTE.match(said))):
                self.doubts.append(Doubt("text_outside", f"{said[:40]} stands behind the task", (place,)))
        self.doubts += [Doubt("roles_unclear", detail, (place,)) for detail in item.doubts]
        self.taken += item.taken

    def _last(self) -> Item:
        return next(part for part in reversed(self.parts) if isinstance(part, Item))

    def _led(self, rows: Sequence[tuple[int, Item, tuple[Heading, ...]]]) -> None:
        """The cells that a heading gives: one for the tasks below it as far as they follow each other."""
        filled = {(cell.row, cell.col) for cell in self.cells if cell.col_span == 1}
        for col, label in enumerate(self.labels[2:], 2):
            runs: list[tuple[Role | None, list[int]]] = []
            for row, _, above in rows:
                role = next(
                    (r for h in reversed(above) for r in h.roles if _WHOLE.get(r.label, r.label) == label), None
                )
                if (row, col) in filled:
                    continue
                if runs and runs[-1][0] is role and runs[-1][1][-1] == row - 1:
                    runs[-1][1].append(row)
                else:
                    runs.append((role, [row]))
            for role, own in runs:
                self.used.add(id(role))
                spans = [role.value] if role is not None else []
                text, wraps = self._text(spans)
                place = self.stream.place(spans) if spans else self._place_of(own[0])
                self.cells.append(Cell(text, own[0], col, len(own), 1, place, wraps))

    def _take_headings(self) -> None:
        """What stands in headings is taken, but for what they say of nobody's tasks: that stays in the text."""
        for heading in self._headings():
            if all(id(role) in self.used for role in heading.roles):
                self.taken += heading.taken
                continue
            self.taken += [heading.title] if heading.title else []
            said = " ".join(self.stream.text[heading.start : heading.end].split())
            self.doubts.append(Doubt("roles_unclear", f"{said[:60]} says of no task who carries it"))

    def _place_of(self, row: int) -> Provenance:
        return next(cell.provenance for cell in self.cells if cell.row == row)

    def _headings(self) -> list[Heading]:
        """The headings that no earlier table has had."""
        return [part for part in self.parts if isinstance(part, Heading) and id(part) not in self.begun]

    def _counts(self) -> None:
        """Doubts about headings that declare another number of tasks than stand below them."""
        for heading in self._headings():
            found = self.counts.get(id(heading), 0)
            if heading.declared is not None and heading.declared != found:
                said = " ".join(self.stream.text[heading.start : heading.end].split())
                spans = [role.value for role in heading.roles[:1]] or [(heading.start, heading.end)]
                detail = f"{said[:40]} declares {heading.declared} tasks, {found} stand below it"
                self.doubts.append(Doubt("group_count", detail, (self.stream.place(spans),)))


def _spread(
    text: tuple[str, tuple[int, ...]], row: int, col: int, place: Provenance
) -> tuple[str, int, int, int, int, Provenance, tuple[int, ...]]:
    """The values of a cell of one row and column."""
    return text[0], row, col, 1, 1, place, text[1]
