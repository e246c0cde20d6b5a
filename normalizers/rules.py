"""The doubts that reading a table can raise: one catalogue for the code, the documentation and the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.model import Provenance
from normalizers.records import Issue, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule says: how grave a breach is, what it means and what to do about it."""

    severity: Severity
    meaning: str
    advice: str


#: Rules by which validation judges as well, so that a doubt under one of them may come only then.
ALSO_VALIDATED = (
    "no_tasks",
    "duplicate_task_no",
    "missing_task_no",
    "category_gap",
    "unlikely_value",
    "unknown_unit",
    "unreadable_text",
)

#: Warnings that only validation raises; they can be accepted like the others.
VALIDATED_ONLY = ("declared_count", "task_no_order", "category_order", "unlikely_target", "unknown_target_unit")
#: Rules under which validation finds what reading does not.
MAY_COME_LATER = (*VALIDATED_ONLY, "unlikely_value", "unreadable_text")

#: The rule of a doubt that the catalogue does not know.
GENERIC = "reading_doubt"

_LOOK = "Look at the place in the source; if the value is wrong, add a correction to reference/corrections."

RULES: dict[str, Rule] = {
    "no_tasks": Rule(
        "critical", "The file has tables, but none is a responsibility table with numbered tasks.",
        "Check that it is the right file; if its headings are new, add them to reference/headings.yaml.",
    ),
    "no_task_numbers": Rule(
        "critical", "The tasks of the table carry no numbers, so they can't be identified.",
        "Give a version of the document with its numbers.",
    ),
    "duplicate_task_no": Rule(
        "critical", "Two tasks carry the same number.",
        "Look at both rows in the source and correct the misread number (field task_no) in reference/corrections.",
    ),
    "missing_task_no": Rule(
        "critical", "The task numbers have a gap, so a task was lost or its number misread.",
        "Look at the place in the source; correct a misread number (field task_no), or give a better copy.",
    ),
    "row_without_number": Rule(
        "critical", "A row has the text of a task but no number, where one number is missing.",
        "Look at the place in the source and give a better copy of the document.",
    ),
    "unplaced_row": Rule(
        "critical", "A row could not be understood: it belongs to no task.",
        "Look at the place in the source; give a better copy of the document if the row is damaged there.",
    ),
    "unaccounted_cell": Rule(
        "critical", "A cell of the source found no place in any record.",
        "Look at the place in the source; give a better copy of the document if the row is damaged there.",
    ),
    "correction_misfit": Rule(
        "critical", "A correction no longer fits what is read: its `was` is not there, or its task is not.",
        "Compare the correction with the source and bring it up to date, or delete it.",
    ),
    "unknown_heading": Rule(
        "warning", "A column's heading is not known, so its cells are not in the dataset.",
        "Add the heading to reference/headings.yaml under its meaning.",
    ),
    "no_lead_column": Rule(
        "critical", "No column of lead organisations was recognised, but there is a column whose heading is not known.",
        "Add the heading to reference/headings.yaml under its meaning.",
    ),
    "unused_column": Rule(
        "info", "A column is understood but has no place in the dataset.", "Nothing, unless the column is needed.",
    ),
    "other_year": Rule(
        "warning", "The printed title names another year than the sidecar, the folder or the file's name.",
        "Look whether it is the right file; if so, correct the year in the sidecar or accept the doubt (task: null).",
    ),
    "ignored_table": Rule(
        "info", "A table of the file is no responsibility table and was left out.", "Nothing, if that is so.",
    ),
    "realigned": Rule(
        "info", "The row had lost separators; its cells were put back into their columns by what they say.", _LOOK,
    ),
    "ambiguous_alignment": Rule(
        "warning", "The row had lost separators, and a cell could stand in either of two columns.", _LOOK,
    ),
    "lost_cell": Rule(
        "warning", "The row had lost separators, and nothing is left of this cell: it was read as the continuation "
        "of the merged cell above, but its own text may be lost.", _LOOK,
    ),
    "unlikely_value": Rule("warning", "The text does not look like what its column holds.", _LOOK),
    "joined_row": Rule(
        "warning", "A row without a number was read as the rest of the task before it.", _LOOK,
    ),
    "row_edge": Rule(
        "warning", "The table has no rulings, and the row beside this one seems cut where the two meet.", _LOOK,
    ),
    "continued_row": Rule(
        "info", "A row that was cut by the page was joined with its rest on the next page.", _LOOK,
    ),
    "unused_label": Rule(
        "warning", "No task stands under a label: it may be half of the next one, or its tasks are lost.", _LOOK,
    ),
    "category_gap": Rule(
        "warning", "The category numbers have a gap: the label of a category was lost, so labels carried down over "
        "this stretch may be wrong.",
        "Find out from the original which category the task belongs to and correct it, set it to null, or accept it.",
    ),
    "category_number_unclear": Rule(
        "warning", "A category stands under more than one number, so it is not sure where it ends.", _LOOK,
    ),
    "missing_category": Rule(
        "warning", "The task stands under no category though others do, or it is not sure where labels begin.", _LOOK,
    ),
    "missing_category_number": Rule("warning", "A category has no number, though others have one.", _LOOK),
    "subcategory_unclear": Rule(
        "warning", "The task stands in a category with subcategories but under none of them: a label may be lost.",
        _LOOK,
    ),
    "uncertain_wrap": Rule(
        "warning", "A line break in a list of names may be a mere wrap, so that two names could be one, or one two.",
        _LOOK,
    ),
    "elision_unclear": Rule(
        "info", "A name in a list may lack a word that the list says elsewhere (科技局 behind 市发改委), but it is not "
        "plain.",
        "Nothing, if the name is whole; else add it to reference/organisations as an alias of the one that is meant.",
    ),
    "joined_names": Rule(
        "warning", "A name may be two: joined by a word that never divides names (和), or with nothing between them.",
        _LOOK,
    ),
    "unnamed_units": Rule(
        "info", "The list ends with others that are not named (等单位); only those that are named are in the dataset.",
        "Nothing, unless the others are known: then add them with a correction.",
    ),
    "spanning_cell": Rule(
        "warning", "A cell stands under several headings at once; it was read under the first of them.", _LOOK,
    ),
    "blank_same_as_above": Rule(
        "info", "Each row has its own cell in this column and many are blank: they were read as the same as above.",
        "If a blank cell means that there is nothing, say so in reference/reading_rules.yaml (ruled_blank_continues).",
    ),
    "group_count": Rule(
        "warning", "The heading of a group declares another number of tasks than stand below it.",
        "Look at the group in the source: a task may be lost, or the declared number is wrong.",
    ),
    "role_marks": Rule(
        "info", "The cell says itself who leads and who supports (★, 牵头, 配合); the names were sorted after it.",
        "Nothing, unless the words mean something else; they stand in reference/reading_rules.yaml (role_marks).",
    ),
    "first_leads": Rule(
        "info", "Of the organisations of a cell the first was read as the lead and the others as those who support.",
        "Nothing, if that is how the publisher lists them; the rule stands in reference/reading_rules.yaml "
        "(first_leads).",
    ),
    "numbers_restart": Rule(
        "info", "The tasks are numbered from 1 in each category; each run of numbers counts as a table (table_no).",
        "Nothing, if the source numbers them so; numbers_restart in reference/reading_rules.yaml declares it.",
    ),
    "role_not_named": Rule(
        "info", "The text names organisations behind the task and not their role; they were read as 责任单位.",
        "Nothing, if those that are named lead; what 责任单位 means stands in reference/reading_rules.yaml.",
    ),
    "roles_unclear": Rule(
        "warning", "How the text says who carries the task leaves something in doubt.", _LOOK,
    ),
    "row_outside": Rule(
        "critical", "What stands behind the last task of a table begins with the next number: rows were not read.",
        "Look at the place in the source and give a better copy of the document.",
    ),
    "text_outside": Rule(
        "warning", "A text stands beside the table, on the height of the task, and in none of its cells.", _LOOK,
    ),
    "unfinished_text": Rule(
        "warning", "The text of the task does not end like a sentence, and a text that is in no table follows: it may "
        "be the rest of the task.", _LOOK,
    ),
    "missing_leader": Rule("warning", "No leader in charge is given for the task.", _LOOK),
    "missing_unit": Rule("warning", "No lead organisation is given for the task.", _LOOK),
    "unknown_unit": Rule(
        "warning", "The organisation is not in the roster of the region; said once for each name of a document.",
        "Paste the line of the suggestion into reference/organisations, or correct a misread name.",
    ),
    "unlikely_leader": Rule(
        "warning", "A leader is printed once, and the name is one character off another one: it may be misread.", _LOOK,
    ),
    "unknown_leader": Rule(
        "info", "The leader is not in the list of the region, or held no office in the year of the document.",
        "Add the leader, or another spelling, to reference/leaders; or correct a misread name.",
    ),
    "deadline_unclear": Rule(
        "info", "The words of a deadline do not say which days are meant, so the dates beside it are empty.",
        "Nothing, if only a calendar or the day of issue tells (春节前, 本月底); else add the words to "
        "reference/dates.yaml.",
    ),
    "ocr_corrected": Rule(
        "info", "A number, a heading or a name was misread from the picture, and what it must be is plain: that is in "
        "the dataset, and what was read in `raw`.", "Nothing, if that is so; else correct it.",
    ),
    "ocr_suspect": Rule(
        "warning", "What was recognised from the picture looks misread, but what it should be is not plain.", _LOOK,
    ),
    "unreadable_text": Rule(
        "warning", "The text has characters that were lost or can't be Chinese text (U+FFFD, private use).", _LOOK,
    ),
    "unknown_in_source": Rule(
        "warning", "The value is not known: the source lost it.", "Find the original and correct the value.",
    ),
    "scanned_page": Rule(
        "critical", "A page of the document is a picture without text, so what stands there is missing.",
        "Give a version of the document in which every page has its text.",
    ),
    "uncertain_character": Rule(
        "info", "A character of a scan was recognised with little confidence.", _LOOK,
    ),
    "uncertain_number": Rule(
        "warning", "A digit of a scan was recognised with little confidence.", _LOOK,
    ),
    "uncertain_name": Rule(
        "warning", "A character of a name in a scan was recognised with little confidence.", _LOOK,
    ),
    "text_layer_differs": Rule(
        "info", "The hidden text of a scanned page says something else than its picture, which counts.", _LOOK,
    ),
    "open_ruling": Rule(
        "info", "A ruling of the table is interrupted here, so that cells had to be completed.", _LOOK,
    ),
    "span_inferred": Rule(
        "info", "No ruling says how far this cell reaches; it was told by where the texts stand.", _LOOK,
    ),
    "span_unsure": Rule(
        "warning", "No ruling says how far this cell reaches, and the places of the texts allow two readings.", _LOOK,
    ),
    "below_table": Rule(
        "warning", "A text stands below the last ruling of the page; it was taken for the text of the cell above it.",
        _LOOK,
    ),
    "second_opinion": Rule(
        "info", "The page was read by another engine, whose cells fitted its text better.", _LOOK,
    ),
    "unruled_table": Rule(
        "info", "The table has no rulings; its cells were told by where the texts stand.", _LOOK,
    ),
    "unreadable_page": Rule(
        "critical", "A page of the document could not be read, so what stands there is missing.",
        "Give a version of the document in which every page can be read.",
    ),
    "overflow": Rule(
        "warning", "Text runs over the edge of its cell, so that it may belong to another one.", _LOOK,
    ),
    "uncertain_join": Rule(
        "warning", "It is not sure whether two cells on both sides of a page break are one.", _LOOK,
    ),
    "engines_disagree": Rule(
        "warning", "Two readers found different cells on the page.", _LOOK,
    ),
    "hidden_rows": Rule(
        "warning", "Rows, columns or sheets that hold text are hidden in the file; they were left out.",
        "Show them in the original: if they belong to the table, give a version in which they are shown.",
    ),
    "struck_text": Rule("warning", "Text is struck out; it was left out.", _LOOK),
    "picture_in_cell": Rule(
        "warning", "A picture stands in a cell of the table; if it shows text, the text is missing.", _LOOK,
    ),
    "uneven_row": Rule(
        "warning", "The row has fewer or more cells than most, so that they may stand in the wrong columns.", _LOOK,
    ),
    "damaged_spans": Rule(
        "warning", "The file says of two cells that they take the same place; one of them was narrowed.", _LOOK,
    ),
    "formula_without_value": Rule(
        "warning", "A cell holds a formula whose result is not in the file.",
        "Open the file in its own program and save it, so that it holds the results.",
    ),
    "number_format": Rule(
        "warning", "A number is printed in a way that the file does not tell or that is not known.", _LOOK,
    ),
    "target_unclear": Rule(
        "warning", "A number in the text looks like a commitment but could not be read as one for sure.",
        "Look at the text; if its unit is not known, add it to reference/units.yaml.",
    ),
    "reading_doubt": Rule(
        "warning", "Reading the page left something in doubt.", _LOOK,
    ),
    "stated_doubt": Rule("warning", "Somebody who read the source has a doubt about the value.", _LOOK),
}  # fmt: skip


def issue(
    rule: str,
    detail: str,
    task_no: int | None = None,
    field: str | None = None,
    provenance: Sequence[Provenance] = (),
    suggestion: str | None = None,
    table_no: int = 1,
) -> Issue:
    """An issue of a catalogued rule: the severity and, unless given, the suggestion come from the catalogue."""
    entry = RULES[rule]
    return Issue(rule, entry.severity, detail, task_no, field, suggestion or entry.advice, tuple(provenance), table_no)
