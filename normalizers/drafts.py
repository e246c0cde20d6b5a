"""A task while its rows are being read: entries are collected, then made into fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from typing import TypeVar

from extractors.model import Provenance
from normalizers.categories import Categories
from normalizers.grid import Entry, GridRow, text_of
from normalizers.headings import Heading, Role
from normalizers.meaning import CIRCLED_NUMBER, TASK_NUMBER
from normalizers.organisations import Split, UnitSplitter
from normalizers.people import LeaderSplitter
from normalizers.records import Field, Issue, Leader, Method, TaskRecord, Unit
from normalizers.resolver import Resolver
from normalizers.rules import issue
from normalizers.text import clean
from normalizers.unit_cells import read_units

T = TypeVar("T")

#: Which field of a task a column's role becomes.
FIELD_OF_ROLE: dict[Role, str] = {
    "content": "content",
    "leader": "leaders",
    "lead": "lead_units",
    "support": "support_units",
    "deadline": "deadline",
    "remark": "remark",
}


@dataclass(slots=True)
class Draft:
    """A task in the making: its number, the category that held when it began, and its entries by field."""

    task_no: Field[int]
    category_no: Field[int | None]
    category: Field[str | None]
    subcategory: Field[str | None]
    #: The pages of its rows, and of the cells of its number and its text, which may go on on the next page.
    pages: list[int]
    number_column: int | None = None
    table_no: int = 1
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    @classmethod
    def begin(
        cls,
        task_no: Field[int],
        row: GridRow,
        heading: Heading,
        categories: Categories,
        number_column: int | None,
        table_no: int,
    ) -> Draft:
        """A task that begins in a row; merged cells that go on into the row count."""
        labels = (categories.number, categories.category, categories.subcategory)
        draft = cls(task_no, *labels, [row.page], number_column, table_no)
        draft.add(row, heading, fresh_only=False)
        return draft

    def add(self, row: GridRow, heading: Heading, fresh_only: bool = True) -> None:
        """Add the row's entries to the task's fields."""
        self.pages.append(row.page)
        self.pages += sorted(
            place.page
            for col, entry in row.entries.items()
            if entry.fresh and entry.text.strip() and (heading.roles[col] == "content" or col == self.number_column)
            for place in entry.provenance
        )
        for col, entry in sorted(row.entries.items()):
            role = heading.roles[col]
            name = FIELD_OF_ROLE.get(role) if role else None
            if name and entry.text.strip() and (entry.fresh or not fresh_only):
                known = self.entries.setdefault(name, [])
                if entry.fresh and not any(other.fresh for other in known):
                    known.clear()  # what the task itself prints stands before what was carried down to it
                if not any(other.provenance == entry.provenance and other.text == entry.text for other in known):
                    known.append(entry)

    @property
    def text(self) -> str:
        """The task's text so far, as printed."""
        return "\n".join(entry.text for entry in self.entries.get("content", []))

    def finish(
        self,
        splitters: Mapping[str, UnitSplitter | LeaderSplitter],
        resolver: Resolver,
        doubts: list[Issue],
    ) -> TaskRecord:
        """The task's record; what is in doubt about its lists of names is added to ``doubts``."""

        def names(name: str) -> Iterator[tuple[str, str | None]]:
            entries = self.entries.get(name, [])
            if not entries:
                return iter(())
            split = splitters[name].split(text_of(entries))
            if split.doubt:
                places = _places(entries)
                number = self.task_no.value
                doubts.append(issue("uncertain_wrap", split.doubt, number, name, places, None, self.table_no))
            return zip(split.names, split.fulls if isinstance(split, Split) else split.posts, strict=True)

        def units(name: str) -> tuple[Unit, ...]:
            entries, splitter = self.entries.get(name, []), splitters[name]
            if not isinstance(splitter, UnitSplitter):
                raise TypeError(f"{name} are read as names of persons")
            found, unsure = read_units(entries, splitter, resolver)
            places = _places(entries) if unsure else ()
            doubts.extend(
                issue(rule, said, self.task_no.value, name, places, None, self.table_no) for rule, said in unsure
            )
            return found

        content = self._field("content", lambda text: clean(text[_number_end(text, self.task_no) :]), "")
        return TaskRecord(
            table_no=self.table_no,
            task_no=self.task_no,
            content=content,
            category_no=self.category_no,
            category=self.category,
            subcategory=self.subcategory,
            leaders=self._field("leaders", lambda _: tuple(starmap(_leader, names("leaders"))), ()),
            lead_units=self._field("lead_units", lambda _: units("lead_units"), ()),
            support_units=self._field("support_units", lambda _: units("support_units"), ()),
            deadline=self._field("deadline", _text, None),
            remark=self._field("remark", _text, None),
            page_start=min(self.pages),
            page_end=max(self.pages),
        )

    def _field(self, name: str, read: Callable[[str], T], nothing: T) -> Field[T]:
        entries = self.entries.get(name, [])
        if not entries:
            return Field(nothing)
        raw = "\n".join(entry.text for entry in entries)
        printed = "\n".join(entry.text if entry.said is None else entry.said for entry in entries)
        return Field(read(raw), printed, _places(entries), _method(entries))


def _places(entries: Sequence[Entry]) -> tuple[Provenance, ...]:
    if len(entries) == 1:
        return entries[0].provenance
    return tuple(dict.fromkeys(place for entry in entries for place in entry.provenance))


def _method(entries: Sequence[Entry]) -> Method:
    """The method of a field of several entries: one that was joined over a page break was continued."""
    if len(entries) == 1:
        return entries[0].method
    pages = {place.page for entry in entries for place in entry.provenance}
    return "continued" if len(pages) > 1 else entries[0].method


def _leader(printed: str, post: str | None) -> Leader:
    return Leader(printed, post=post)


def _text(text: str) -> str | None:
    return clean(text) or None


def _number_end(text: str, task_no: Field[int]) -> int:
    """Where the task's own printed number ends in its text; 0 when the number stands elsewhere."""
    circled = CIRCLED_NUMBER.match(text)
    if circled:
        return circled.end() if circled[1] == task_no.raw else 0
    match = TASK_NUMBER.match(text)
    return match.end() if match and int(match[1] or match[2]) == task_no.value else 0
