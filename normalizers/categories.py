"""Categories on two levels, from merged labels that stand where their group begins.

The reading follows how these tables are set: a category carries a number; a label without a new number is one
level below; one label beside a new number spans both levels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TypeVar

from normalizers.grid import Entry, GridRow
from normalizers.headings import Heading
from normalizers.records import Field, Method
from normalizers.text import label, numeral

_NUMBERED = re.compile(r"^([一二三四五六七八九十百]+)\s*、\s*")
_SUBNUMBERED = re.compile(r"^[（(]([一二三四五六七八九十百]+)[)）]\s*")
_NOTHING: Field[None] = Field(None)
T = TypeVar("T")


@dataclass(slots=True)
class Categories:
    """The category that holds at the current row; :meth:`take` moves it on row by row."""

    number_column: int | None
    label_columns: tuple[int, ...]
    #: Columns under the same heading as the number's, in which nothing should stand.
    other_numbers: tuple[int, ...] = ()
    number: Field[int | None] = _NOTHING
    category: Field[str | None] = _NOTHING
    subcategory: Field[str | None] = _NOTHING
    #: The label under which no task has stood yet.
    unused: str | None = None
    #: Rules that the labels of the current row broke, as (rule, field, message).
    doubts: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, heading: Heading, numbers_categories: bool) -> Categories:
        """The reader for a heading; ``numbers_categories``: the number column numbers categories, not tasks."""
        numbers = [col for col, role in enumerate(heading.roles) if role == "number"]
        labels = tuple(col for col, role in enumerate(heading.roles) if role == "category")
        first = numbers[0] if numbers and numbers_categories else None
        return cls(first, labels, tuple(numbers[1:]) if numbers_categories else ())

    def take(self, row: GridRow) -> None:
        """Bring the category up to date with a row."""
        self.doubts = []
        self._age(row.page)
        before = (self.category.value, self.subcategory.value)
        self._read(row)
        after = (self.category.value, self.subcategory.value)
        if after != before:
            if self.unused is not None and self.unused not in after:
                self._doubt("unused_label", "subcategory", f"no task stands under {self.unused}, which begins here")
            new = [value for value in after if value is not None and value not in before]
            self.unused = new[-1] if new else None

    def begin_task(self) -> None:
        """A task stands under the labels that hold now."""
        self.unused = None

    def _read(self, row: GridRow) -> None:
        """Take in the number and the labels that begin in the row."""
        number = _fresh(row, self.number_column) if self.number_column is not None else None
        labels = [(level, entry) for level, col in enumerate(self.label_columns) if (entry := _fresh(row, col))]
        labels = _one_of_each(labels)
        for level, entry in labels[2:]:
            self._doubt("unaccounted_cell", "subcategory", f"{entry.text[:40]} is a label of level {level + 1}")
        labels = labels[:2]
        value = numeral(number.text.strip("()（）.、 ")) if number is not None else None
        if number is None and labels and (split := self._joined_number(labels[0][1])) is not None:
            value, number = split[0], labels[0][1]
            labels[0] = (labels[0][0], split[1])
        for col in self.other_numbers:
            if (other := _fresh(row, col)) is not None:
                self._doubt("unaccounted_cell", "category_no", f"{other.text[:40]} stands where a number belongs")
        if number is not None and value is None:
            self._doubt("unaccounted_cell", "category_no", f"{number.text[:40]} stands where a number belongs")
        if number is not None and value is not None and value != self.number.value:
            self._new_category(Field(value, number.text, number.provenance, number.method), labels)
        else:
            self._labels_alone(labels)

    def banner(self, row: GridRow, text: str) -> bool:
        """Take a row that is one label across the table; whether it is numbered like a category (一、 or （一）)."""
        entry = next(iter(row.entries.values()))
        if match := _NUMBERED.match(text):
            self._age(row.page)
            self.number = Field(numeral(match[1]), entry.text, entry.provenance)
            self.category = Field(label(text[match.end() :]), entry.text, entry.provenance)
            self.subcategory = _NOTHING
            return True
        if match := _SUBNUMBERED.match(text):
            self._age(row.page)
            self.subcategory = Field(label(text[match.end() :]), entry.text, entry.provenance)
            return True
        return False

    def plain_banner(self, row: GridRow, text: str) -> None:
        """Take a row that is one short label without a number as the category of the rows below."""
        entry = next(iter(row.entries.values()))
        self.number, self.subcategory = _NOTHING, _NOTHING
        self.category = Field(label(text), entry.text, entry.provenance)

    def _age(self, page: int) -> None:
        """Labels that were read in an earlier row are inherited ones from now on."""
        self.number = _aged(self.number, page)
        self.category = _aged(self.category, page)
        self.subcategory = _aged(self.subcategory, page)

    def _joined_number(self, entry: Entry) -> tuple[int, Entry] | None:
        """The next category number with which a label begins when the tab between them was lost: 2改善民生."""
        match = re.match(r"(\d{1,2})\s*([^\d\s.、．].+)$", entry.text, re.DOTALL)
        if self.number_column is None or match is None or int(match[1]) != (self.number.value or 0) + 1:
            return None
        return int(match[1]), replace(entry, text=match[2], method="realigned")

    def _new_category(self, number: Field[int | None], labels: list[tuple[int, Entry]]) -> None:
        self.number = number
        self.category, self.subcategory = _NOTHING, _NOTHING
        if len(labels) > 1:
            self.category, self.subcategory = _label(labels[0][1]), _label(labels[1][1])
        elif labels and (labels[0][0] == 0 or len(self.label_columns) == 1):
            self.category = _label(labels[0][1])
        elif labels:
            self.subcategory = _label(labels[0][1])

    def _labels_alone(self, labels: list[tuple[int, Entry]]) -> None:
        """Labels in a row without a new category number."""
        fresh = [(level, entry) for level, entry in labels if not self._repeats(level, entry)]
        if not fresh:
            return
        if len(fresh) > 1 or (len(labels) > 1 and fresh[0][0] == 0):
            self._unnumbered_category(fresh)
            return
        level, entry = fresh[0]
        if level > 0 or (self.number_column is not None and len(labels) == 1 and self.number.value is not None):
            method: Method = "realigned" if level == 0 and not entry.wide else "read"
            self.subcategory = replace(_label(entry), method=method)
            if method == "realigned":
                detail = (
                    f"{self.subcategory.value} stands where categories do, but has no number: read as one level below"
                )
                self._doubt("realigned", "subcategory", detail)
        else:
            self._unnumbered_category(fresh)

    def _unnumbered_category(self, labels: list[tuple[int, Entry]]) -> None:
        entry = labels[0][1]
        match = _NUMBERED.match(entry.text.strip())
        self.category = _label(entry)
        self.number = Field(numeral(match[1]), entry.text, entry.provenance) if match else _NOTHING
        self.subcategory = _label(labels[1][1]) if len(labels) > 1 else _NOTHING

    def _repeats(self, level: int, entry: Entry) -> bool:
        """Whether a label says again what holds already, as many tables do on each page."""
        known = (
            (self.category.value,) if level == 0 and not entry.wide else (self.category.value, self.subcategory.value)
        )
        return _strip_number(entry.text) in known if level == 0 else _strip_number(entry.text) == self.subcategory.value

    def _doubt(self, rule: str, name: str, message: str) -> None:
        self.doubts.append((rule, name, message))


def _one_of_each(labels: list[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    """The labels without those that are the same merged cell in its next column."""
    kept: list[tuple[int, Entry]] = []
    for level, entry in labels:
        before = kept[-1][1] if kept else None
        if before is None or not (before.wide and (before.text, before.provenance) == (entry.text, entry.provenance)):
            kept.append((level, entry))
    return kept


def _fresh(row: GridRow, col: int) -> Entry | None:
    entry = row.entries.get(col)
    return entry if entry is not None and entry.fresh and entry.text.strip() else None


def _label(entry: Entry) -> Field[str | None]:
    return Field(_strip_number(entry.text), entry.text, entry.provenance, entry.method)


def _strip_number(text: str) -> str:
    """A label without the number printed before it: 一、, （一）."""
    text = label(text)
    return _SUBNUMBERED.sub("", _NUMBERED.sub("", text)) or text


def _aged(value: Field[T], page: int) -> Field[T]:
    if value.value is None or not value.provenance:
        return value
    method: Method = "inherited" if value.provenance[0].page == page else "continued"
    return replace(value, method=method)
