"""The tasks of one table while its rows are being read, and the doubts that arose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extractors.model import Doubt
from normalizers.categories import Categories
from normalizers.cells import CellReaders
from normalizers.doubts import Places, locate
from normalizers.drafts import FIELD_OF_ROLE, Draft
from normalizers.grid import GridRow
from normalizers.headings import Heading
from normalizers.numbering import Numbering
from normalizers.publishers import FIRST_LEADS, first_leads, fold_separators, with_first_lead
from normalizers.records import Field, Issue, TaskRecord
from normalizers.reference import ReadingRules
from normalizers.role_marks import settle_roles
from normalizers.rules import issue


@dataclass(slots=True)
class Assembly:
    """The tasks of one table and the doubts that arose.

    ``table_no`` is that of the task read last: where the reading rules say that numbers begin again in each category,
    each run of numbers is a table of its own.
    """

    table_no: int
    heading: Heading
    categories: Categories
    numbering: Numbering
    is_ruled: bool
    #: Doubts of the table are to be located, so that the places of all cells are needed.
    in_doubt: bool = False
    numbers_restart: bool = False
    drafts: list[Draft] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    in_notes: bool = False
    places: Places = field(default_factory=Places)

    def doubt(self, rule: str, detail: str, name: str | None, row: GridRow, task_no: int | None = None) -> None:
        """Note a doubt about a row's task, by default the one read last."""
        if task_no is None and self.drafts:
            task_no = self.drafts[-1].task_no.value
        self.issues.append(issue(rule, detail, task_no, name, row.place, table_no=self.table_no))

    def begin(self, number: Field[int], row: GridRow) -> None:
        """Begin a task in a row, under the category that holds now."""
        last = self.drafts[-1].task_no.value if self.drafts else None
        if self.numbers_restart and last is not None and number.value == 1:
            self.table_no += 1
        column = self.numbering.of_tasks
        self.drafts.append(Draft.begin(number, row, self.heading, self.categories, column, self.table_no))
        self.categories.begin_task()

    def took(self, row: GridRow) -> None:
        """Note what a row that belongs to the last task leaves in doubt, and where its cells stand."""
        labels = self.heading.labels
        if row.moved:
            names = "、".join(dict.fromkeys(labels[col] or str(col + 1) for col in sorted(row.moved)))
            self.doubt("realigned", f"cells had slipped and were put back under {names}", None, row)
        for col, entry in sorted(row.entries.items()):
            role = self.heading.roles[col]
            name = FIELD_OF_ROLE.get(role) if role else None
            if name and entry.doubt:
                self.doubt(entry.doubt[0], entry.doubt[1], name, row)
            if self.in_doubt:
                self.places.add(entry.provenance, self.drafts[-1].task_no.value, name or self._task_field(col))

    def _task_field(self, col: int) -> str | None:
        """The field that a column of numbers or labels becomes."""
        if col == self.numbering.of_tasks:
            return "task_no"
        if col in self.numbering.of_categories:
            return "category_no"
        labels = self.categories.label_columns
        if col not in labels:
            return None
        return "category" if col == labels[0] and not self.categories.by_banner else "subcategory"

    def finish(self, readers: CellReaders, rules: ReadingRules) -> tuple[list[TaskRecord], list[Issue]]:
        """The records, and the doubts about the names in their cells."""
        doubts: list[Issue] = []
        said: set[int] = set()
        for index, draft in enumerate(self.drafts):
            fold_separators(draft.entries, rules.separators)
            own = settle_roles(draft, rules.role_marks, draft.table_no, readers.reference.units)
            said |= {index} if own else set()
            doubts += own
        splitters = readers.learn(self.drafts)
        tasks = [draft.finish(splitters, readers.resolver, doubts) for draft in self.drafts]
        if first_leads(self.heading, readers.reference, rules):
            tasks = [task if index in said else with_first_lead(task) for index, task in enumerate(tasks)]
            doubts.append(issue("first_leads", FIRST_LEADS, table_no=self.table_no))
        return tasks, doubts

    def located(self, doubts: Sequence[Doubt]) -> Iterator[Issue]:
        """The doubts of the table as issues of the tasks that stand there."""
        for doubt in doubts:
            yield from locate(doubt, self.places, self.table_no)
