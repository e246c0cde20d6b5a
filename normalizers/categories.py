"""Categories on two levels, from labels beside the tasks and from banner rows above them.

In a ruled table each row has the labels that cover it. In a text layer a label stands where its group begins, and the
reading follows how these tables are set: a category carries a number; a label without a new number is one level
below; one label beside a new number spans both levels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from normalizers.category_numbers import CategoryNumbers
from normalizers.grid import Entry, GridRow
from normalizers.headings import Heading
from normalizers.records import Field, Method
from normalizers.reference import NumberForms
from normalizers.text import label

_NOTHING: Field[None] = Field(None)
T = TypeVar("T")


@dataclass(slots=True)
class Categories:
    """The category that holds at the current row; :meth:`take` moves it on row by row."""

    number_column: int | None
    label_columns: tuple[int, ...]
    numbers: CategoryNumbers
    #: Columns under the same heading as the number's, in which nothing should stand.
    other_numbers: tuple[int, ...] = ()
    is_ruled: bool = False
    #: The category stands in banner rows, so that labels beside the tasks are one level below.
    by_banner: bool = False
    #: The banners of categories are numbered as the first level is (一、).
    by_first: bool = False
    number: Field[int | None] = _NOTHING
    category: Field[str | None] = _NOTHING
    subcategory: Field[str | None] = _NOTHING
    #: The label under which no task has stood yet.
    unused: str | None = None
    #: Rules that the labels of the current row broke, as (rule, field, message).
    doubts: list[tuple[str, str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, heading: Heading, numbers: Sequence[int], is_ruled: bool, forms: NumberForms) -> Categories:
        """The reader for a heading; ``numbers`` are the columns that number categories, ``forms`` how they do."""
        labels = tuple(col for col, role in enumerate(heading.roles) if role == "category")
        return cls(numbers[0] if numbers else None, labels, CategoryNumbers(forms), tuple(numbers[1:]), is_ruled)

    def take(self, row: GridRow) -> None:
        """Bring the category up to date with a row."""
        self.doubts = []
        self._age(row.page)
        before = (self.category.value, self.subcategory.value)
        if self.is_ruled:
            self._read_ruled(row)
        else:
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
        value = self.numbers.value(number.text) if number is not None else None
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

    def _read_ruled(self, row: GridRow) -> None:
        """Take the number and the labels whose cells cover the row."""
        labels = [(level, row.entries[col]) for level, col in enumerate(self.label_columns) if col in row.entries]
        labels = _one_of_each(labels)
        for _, entry in labels[1 if self.by_banner else 2 :]:
            if entry.fresh and entry.text.strip():
                self._doubt("unaccounted_cell", "subcategory", f"{entry.text[:40]} is a label below two others")
        if self.by_banner:
            if labels:
                self.subcategory = self._label(labels[0][1])
            return
        before = self.category.value
        if labels and labels[0][0] == 0:
            self.category = self._label(labels[0][1])
        second = next((entry for level, entry in labels if level == 1), None)
        if second is not None and second.text.strip():
            self.subcategory = self._label(second)
        elif self.category.value != before or (second is not None and second.fresh):
            self.subcategory = _NOTHING
        self._number_ruled(row, self.category.value != before)

    def _number_ruled(self, row: GridRow, is_new: bool) -> None:
        """Take the category's number: from its column, else from before its label."""
        for col in (self.number_column, *self.other_numbers):
            entry = row.entries.get(col) if col is not None else None
            value = self.numbers.value(entry.text) if entry is not None else None
            if entry is not None and value is not None:
                self.number = Field(value, entry.text, entry.provenance, entry.method)
                return
            if entry is not None and entry.fresh and entry.text.strip():
                self._doubt("unaccounted_cell", "category_no", f"{entry.text[:40]} stands where a number belongs")
        if is_new:
            self.number = self._number_of(self.category)

    def banner(self, entry: Entry, page: int, is_inner: bool) -> bool:
        """Take a banner that is numbered like a category (一、 or 1.) or below one (（一）); False: it is not."""
        text = label(entry.text)
        first, second, either = self.numbers.first(text), self.numbers.second(text), self.numbers.either(text)
        found = first or second or either
        if found is None:
            return False
        self._age(page)
        value = Field(label(found.label), entry.text, entry.provenance, entry.method)
        # Where （一） numbers the highest level itself, （二） is another category and none below it.
        known = self.category.value is not None
        below = self.label_columns or (known and not self.numbers.second(label(self.category.raw or "")))
        if is_inner or (not first and second and below) or (found is either and known and self.by_first):
            self.subcategory = value
        else:
            self.by_banner, self.by_first = True, self.by_first or first is not None
            self.number = Field(found.number, entry.text, entry.provenance, entry.method)
            self.category, self.subcategory = value, _NOTHING
        return True

    def plain_banner(self, entry: Entry, is_inner: bool) -> None:
        """Take a short banner without a number as the category of the rows below, or as what divides it."""
        value = Field(label(entry.text), entry.text, entry.provenance, entry.method)
        if is_inner:
            self.subcategory = value
            return
        self.by_banner = True
        self.number, self.category, self.subcategory = _NOTHING, value, _NOTHING

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
            self.category, self.subcategory = self._label(labels[0][1]), self._label(labels[1][1])
        elif labels and (labels[0][0] == 0 or len(self.label_columns) == 1):
            self.category = self._label(labels[0][1])
        elif labels:
            self.subcategory = self._label(labels[0][1])

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
            self.subcategory = replace(self._label(entry), method=method)
            if method == "realigned":
                detail = (
                    f"{self.subcategory.value} stands where categories do, but has no number: read as one level below"
                )
                self._doubt("realigned", "subcategory", detail)
        else:
            self._unnumbered_category(fresh)

    def _unnumbered_category(self, labels: list[tuple[int, Entry]]) -> None:
        entry = labels[0][1]
        self.category = self._label(entry)
        self.number = self._number_of(self.category)
        self.subcategory = self._label(labels[1][1]) if len(labels) > 1 else _NOTHING

    def _repeats(self, level: int, entry: Entry) -> bool:
        """Whether a label says again what holds already, as many tables do on each page."""
        known = (
            (self.category.value,) if level == 0 and not entry.wide else (self.category.value, self.subcategory.value)
        )
        return self._strip(entry.text) in known if level == 0 else self._strip(entry.text) == self.subcategory.value

    def _label(self, entry: Entry) -> Field[str | None]:
        if not entry.text.strip():
            return _NOTHING
        return Field(self._strip(entry.text), entry.text, entry.provenance, entry.method)

    def _number_of(self, category: Field[str | None]) -> Field[int | None]:
        """The number printed before a category's label."""
        found = self.numbers.first(label(category.raw or ""))
        return Field(found.number, category.raw, category.provenance, category.method) if found else _NOTHING

    def _strip(self, text: str) -> str:
        """A label without the number printed before it: 一、, （一）."""
        text = label(text)
        return self.numbers.strip(text) or text

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


def _aged(value: Field[T], page: int) -> Field[T]:
    if value.value is None or not value.provenance:
        return value
    method: Method = "inherited" if value.provenance[0].page == page else "continued"
    return replace(value, method=method)
