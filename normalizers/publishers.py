"""What a publisher's tables leave unsaid in the cells of names, as the reading rules say it."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import replace

from normalizers.grid import Entry
from normalizers.headings import Heading, role_of
from normalizers.records import Field, TaskRecord
from normalizers.reference import ReadingRules, Reference

#: Fields of names, whose cells the separators of a publisher split.
_LISTS = ("leaders", "lead_units", "support_units")
FIRST_LEADS = "as in other tables of the publisher, the organisation listed first leads and the others support"


def fold_separators(entries: MutableMapping[str, list[Entry]], separators: str) -> None:
    """Put 、 in place of the signs that a publisher sets between names; what was printed stays with the entry."""
    table = str.maketrans(dict.fromkeys(separators, "、"))
    for name in _LISTS if separators else ():
        if name in entries:
            entries[name] = [
                replace(entry, text=entry.text.translate(table), said=entry.text if entry.said is None else entry.said)
                for entry in entries[name]
            ]


def first_leads(heading: Heading, reference: Reference, rules: ReadingRules) -> bool:
    """Whether the first organisation of the table's lead column leads and the others support."""
    printed = {role_of(heading.labels[col], reference) for col, role in enumerate(heading.roles) if role == "lead"}
    return bool(printed & rules.first_leads)


def with_first_lead(task: TaskRecord) -> TaskRecord:
    """A task of which only the first lead organisation leads; the others stand before those who support."""
    lead, support = task.lead_units, task.support_units
    others = lead.value[1:]
    if not others:
        return task
    rest = tuple(unit for unit in support.value if unit not in others)
    raw = "\n".join(text for text in (lead.raw, support.raw) if text)
    places = tuple(dict.fromkeys((*lead.provenance, *support.provenance)))
    return replace(
        task,
        lead_units=replace(lead, value=lead.value[:1]),
        support_units=Field((*others, *rest), raw, places, support.method if rest else lead.method),
    )
