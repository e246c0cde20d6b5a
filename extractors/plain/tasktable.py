"""The tasks of a text as a table: a heading of the labels as printed, a row for each task, banners, leads of groups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractors.model import Cell, Doubt, Provenance, Table
from extractors.plain.labels import Role
from extractors.plain.outline import Heading, Item, Part, scopes_of
from extractors.plain.parts import NOTE
from extractors.plain.stream import Span, Stream

_NUMBER, _CONTENT = "序号", "工作内容"
_RESPONSIBLE = "责任单位"
#: Labels that are cut short, as they stand in headings.
_WHOLE = {
    "牵头": "牵头单位", "主办": "主办单位", "主责": "主责单位", "配合": "配合单位", "协办": "协办单位",
    "协同": "协同单位", "参与": "参与单位", "责任": "责任单位",
}  # fmt: skip
_LEADS = re.compile("(?:牵头|主办|主责|第一责任|首要责任).*(?:单位|部门)")
_ANSWERS = re.compile("(?:责任|承办|落实|实施)(?:单位|部门|主体|科室|处室)")


@dataclass(slots=True)
class Writer:
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
        scopes = {id(item): above for item, above in scopes_of(self.parts)}
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
        if item.unnamed:
            names = [role.value for role in item.roles if not role.label]
            detail = f"{self._text(names, '、')[0][:40]} stands behind the task, and nothing says whether they lead"
            self.doubts.append(Doubt("role_not_named", detail, (self.stream.place(names),)))
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
