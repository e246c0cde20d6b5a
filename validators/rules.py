"""The catalogue of everything that validation can find fault with. Cheap to import.

What the normalizer has a name for goes by that name, so that a doubt has one name whoever raises it and is not
raised twice.
"""

from __future__ import annotations

from normalizers.rules import ALSO_VALIDATED, Rule
from normalizers.rules import RULES as NORMALIZER_RULES

_OURS = "This is a fault of the programme, not of the document: report it, with the document."
_LOOK = "Look at the place in the source; if the value is wrong, add a correction to reference/corrections."

#: Rules that the normalizer raises as well.
SHARED = ALSO_VALIDATED

#: Every rule that validators raise, by the name that stands in ``issues.rule``.
RULES: dict[str, Rule] = {
    **{name: NORMALIZER_RULES[name] for name in SHARED},
    "check_failed": Rule(
        "critical", "A check could not run, so nothing is known about what it would have found.", _OURS
    ),
    "columns_differ": Rule(
        "critical", "A table does not have the columns of the dataset's definition, in their order.", _OURS
    ),
    "wrong_type": Rule("critical", "A value is not of its column's type.", _OURS),
    "missing_value": Rule("critical", "A column that must not be empty is empty.", _OURS),
    "invalid_value": Rule(
        "critical", "A value is not among its column's values, below its minimum or not of its form.", _LOOK
    ),
    "duplicate_key": Rule("critical", "Two rows of a table have the same primary key.", _OURS),
    "orphan_row": Rule("critical", "A row refers to a task or a document that the dataset does not have.", _OURS),
    "row_count": Rule("critical", "The document's n_tasks is not the number of its rows in tasks.", _OURS),
    "duplicate_document": Rule(
        "critical",
        "Two documents of one run have the same document_id.",
        "Give each a kind of its own in its sidecar, or remove one.",
    ),
    "declared_count": Rule(
        "warning",
        "The text declares a number of tasks (共85项) that neither the document nor one of its tables has.",
        "Look for tasks that were lost, split or read twice.",
    ),
    "position_gap": Rule("critical", "The targets of a task are not numbered 1, 2, 3 ... in their order.", _OURS),
    "misplaced_phrase": Rule(
        "critical", "The phrase of a target does not stand in the text where it is said to.", _OURS
    ),
    "deadline_order": Rule("critical", "The last day of a deadline lies before its first.", _OURS),
    "unlikely_target": Rule(
        "warning",
        "A number of a target does not stand in the phrase that it was read from, or a range ends below its beginning.",
        "Look at the phrase; if the number is wrong, report it with the text of the task.",
    ),
    "unknown_target_unit": Rule(
        "warning",
        "The unit of a target is not known, so its value in base units is missing.",
        "Add the unit to reference/units.yaml; or correct a misread text.",
    ),
    "task_no_order": Rule("warning", "A task stands behind a task with a higher number.", _LOOK),
    "category_order": Rule("warning", "A category stands behind a category with a higher number.", _LOOK),
    "missing_content": Rule("critical", "The task has no text.", _LOOK),
    "unexplained_lack": Rule(
        "critical",
        "The task has no leader, or no lead organisation, though the table has a column for it and no warning says so.",
        _LOOK,
    ),
}
