"""What was recognised from a picture is repaired before it is read: printed numbers that run on, and headings.

Only cells with the recogniser's provenance are touched, and only where the evidence is plain: a number because those
before and behind it say which one it has to be, a heading because it is one easily mistaken character off exactly one
that is known. What was recognised stays in :class:`Repaired`, from where it comes into the records as ``raw``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractors.model import Cell, Provenance, SourceDocument, Table
from normalizers.headings import MAX_HEADING_ROWS, role_of
from normalizers.lookalikes import Lookalikes, load_lookalikes
from normalizers.records import FIELD_NAMES, Field, Issue, TaskRecord
from normalizers.reference import Reference
from normalizers.rules import issue
from normalizers.text import label

#: What recognised the text of a scan, as provenance names it (extractors.scan.page.ENGINE, which needs numpy).
RECOGNISER = "rapidocr"
#: The digits of a number as they may have been read; one at the beginning of a task, with one of its brackets at
#: least; and one alone in its cell.
_DIGIT = "[0-9A-Za-z〇丨|!]"
_DIGITS = rf"({_DIGIT}{{1,4}})"
#: A number in brackets with a blank between its digits, where they stand apart.
_SPACED = re.compile(rf"\s*([(（])\s*({_DIGIT}(?:\s{{0,2}}{_DIGIT}){{1,3}})\s*([)）])\s*(?=[^\s.．])")
_BRACKETED = re.compile(rf"\s*([(（]?)\s*{_DIGITS}\s*([)）]?)\s*(?=[^\s.．])")
_ALONE = re.compile(rf"\s*[(（]?\s*{_DIGITS}\s*[)）]?[.、]?\s*")
#: So many numbers in their order show that a column counts; and so many neighbours may be misread at once.
_FEWEST, _MOST_MISREAD = 3, 2


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number that was misread: its ``value``, what was ``read``, and what stands in its place now."""

    value: int
    read: str
    printed: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A document to be read in place of the one that was recognised; ``numbers`` are those that were repaired.

    ``lookalikes`` is None where nothing was recognised from a picture.
    """

    document: SourceDocument
    lookalikes: Lookalikes | None = None
    numbers: Mapping[Provenance, Number] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def is_recognised(place: Provenance) -> bool:
    """Whether what stands at a place was recognised from a picture."""
    return place.engine == RECOGNISER


def repaired(document: SourceDocument, reference: Reference) -> Repaired:
    """The document with misread headings and numbers put right; unchanged where nothing was recognised.

    Raises :class:`normalizers.reference.ReferenceDataError` where something was and reference/ocr.yaml is faulty.
    """
    if not any(is_recognised(cell.provenance) for table in document.tables for cell in table.cells):
        return Repaired(document)
    lookalikes = load_lookalikes(reference.directory)
    headings = _headings(document.tables, reference, lookalikes)
    numbers = _numbers(document.tables, lookalikes)
    new = {place: text for place, (_, text) in numbers.items()} | headings
    tables = tuple(
        replace(table, cells=tuple(_with_text(cell, new.get(cell.provenance)) for cell in table.cells))
        for table in document.tables
    )
    cells = {cell.provenance: cell.text for table in document.tables for cell in table.cells}
    issues = [
        issue("ocr_corrected", f"the heading {text} was recognised as {label(cells[place])}", provenance=(place,))
        for place, text in headings.items()
    ]
    misread = {place: number for place, (number, _) in numbers.items()}
    return Repaired(replace(document, tables=tables), lookalikes, misread, tuple(issues))


def with_readings(task: TaskRecord, recognised: Repaired) -> TaskRecord:
    """The task with its method and what was recognised; the marks of its texts in the form that Chinese text has.

    A field that was read from a picture has the method ``ocr``, a number that was put right ``corrected``.
    """
    changed: dict[str, Field[object]] = {}
    for name in FIELD_NAMES if recognised.lookalikes else ():
        own: Field[object] = getattr(task, name)
        if any(map(is_recognised, own.provenance)):
            changed[name] = _with_reading(name, own, recognised)
    return replace(task, **changed) if changed else task  # type: ignore[arg-type]


def _with_reading(name: str, own: Field[object], recognised: Repaired) -> Field[object]:
    numbers, lookalikes = recognised.numbers, recognised.lookalikes
    if lookalikes and isinstance(own.value, str):
        own = replace(own, value=lookalikes.fold(own.value))
    own = replace(own, method="ocr" if own.method == "read" else own.method)
    number = next((numbers[place] for place in own.provenance if place in numbers), None)
    if number and name in ("task_no", "category_no") and own.value == number.value:
        return replace(own, raw=number.read, method="corrected")
    if number and name == "content" and own.raw is not None:
        return replace(own, raw=own.raw.replace(number.printed, number.read, 1))
    return own


def _with_text(cell: Cell, text: str | None) -> Cell:
    if text is None:
        return cell
    longer = len(text) - len(cell.text)
    return replace(cell, text=text, wraps=tuple(at + longer for at in cell.wraps))


def _headings(tables: Iterable[Table], reference: Reference, lookalikes: Lookalikes) -> dict[Provenance, str]:
    """Misread cells of headings, and what they say."""
    found: dict[Provenance, str] = {}
    known = set(reference.headings)
    top = [cell for table in tables for cell in table.cells if cell.row < MAX_HEADING_ROWS]
    known |= {label(cell.text) for cell in top if role_of(cell.text, reference) is not None}
    for cell in top:
        if is_recognised(cell.provenance) and role_of(cell.text, reference) is None:
            meant = [text for text in known if lookalikes.is_misread(label(cell.text), text)]
            if len(meant) == 1:
                found[cell.provenance] = meant[0]
    return found


@dataclass(frozen=True, slots=True)
class _Printed:
    """A cell with a number: what was ``read`` of it, whether with both brackets (``whole``), and what follows."""

    cell: Cell
    read: str
    whole: bool
    rest: str

    def as_read(self, value: int) -> bool:
        """Whether that is what was read, with nothing to be put right."""
        return self.whole and self.read == str(value)


def _numbers(tables: Sequence[Table], lookalikes: Lookalikes) -> dict[Provenance, tuple[Number, str]]:
    """The numbers that were misread, with the texts that their cells should have.

    They are those at the beginning of tasks, and those alone in the cells of a column.
    """
    begins: list[_Printed] = []
    columns: dict[tuple[int, int], list[_Printed]] = {}
    for table in tables:
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.col)):
            if (match := _SPACED.match(cell.text) or _BRACKETED.match(cell.text)) and (match[1] or match[3]):
                read, whole = "".join(match[2].split()), bool(match[1] and match[3]) and match[2].split() == [match[2]]
                begins.append(_Printed(cell, read, whole, cell.text[match.end() :]))
            elif match := _ALONE.fullmatch(cell.text):
                columns.setdefault((table.n_cols, cell.col), []).append(_Printed(cell, match[1], True, ""))
    found: dict[Provenance, tuple[Number, str]] = {}
    for series, form in [(begins, "({})"), *((column, "{}") for column in columns.values())]:
        for printed, value in _settled(series, lookalikes):
            if is_recognised(printed.cell.provenance):
                text = form.format(value)
                before = printed.cell.text[: len(printed.cell.text) - len(printed.rest)].strip()
                found[printed.cell.provenance] = Number(value, before, text), text + printed.rest
    return found


def _settled(series: Sequence[_Printed], lookalikes: Lookalikes) -> list[tuple[_Printed, int]]:
    """Those of a series of printed numbers that were misread, with their values; none where they do not run on."""
    own = [(printed, value) for printed in series if (value := lookalikes.number(printed.read)) is not None]
    values = [value for _, value in own]
    next_but_one = [*values[2:], None, None]
    running = sum(
        after - before in (0, 1) or third == before + 2
        for (before, after), third in zip(pairwise(values), next_but_one, strict=False)
    )
    if len(own) < _FEWEST or running * 2 < len(own) - 1 or sum(printed.whole for printed, _ in own) * 2 < len(own):
        return []
    found: list[tuple[_Printed, int]] = []
    before, at = _before_first(values), 0
    while at < len(own):
        misread = _misread(own, at, before + 1, lookalikes)
        if values[at] not in (before, before + 1) and misread:
            found += [(own[at + step][0], before + 1 + step) for step in range(misread)]
            before, at = before + misread, at + misread
            continue
        if values[at] in (before, before + 1) and not own[at][0].as_read(values[at]):
            found.append(own[at])
        if values[at] in (before, before + 1) or values[at + 1 : at + 2] != [before + 1]:
            before = values[at]  # else it is no number of the series
        at += 1
    return found


def _before_first(values: Sequence[int]) -> int:
    """The number before the first of a series, of which the first itself may be misread."""
    return values[1] - 2 if values[1] > 1 and values[2] == values[1] + 1 else values[0] - 1


def _misread(own: Sequence[tuple[_Printed, int]], at: int, expected: int, lookalikes: Lookalikes) -> int:
    """How many numbers from one on were misread: those behind them run on as if they had not been; 0: none, surely."""
    for count in range(1, _MOST_MISREAD + 1):
        if at + count < len(own) and own[at + count][1] == expected + count:
            misread = own[at : at + count]
            alike = (lookalikes.may_be_number(one.read, expected + step) for step, (one, _) in enumerate(misread))
            return count if all(alike) else 0
    return 0
