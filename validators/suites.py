"""The expectation suites: one per table, from the dataset's definition, and what a responsibility table adds to it.

Each expectation names its rule (:data:`validators.rules.RULES`) and its check in ``meta`` and has the rule's severity.
Importing this imports GX.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from great_expectations import ExpectationSuite
from great_expectations.expectations.core.expect_column_pair_values_to_be_equal import ExpectColumnPairValuesToBeEqual
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_table_columns_to_match_ordered_list import (
    ExpectTableColumnsToMatchOrderedList,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from normalizers.dataset import TABLES, TableDef
from validators import expectations as own
from validators import target_expectations as targets
from validators.checks import PLAUSIBLE_LENGTHS, is_limited, text_columns
from validators.frames import COUNTS, REQUIRED_FIELDS, joined_columns
from validators.rules import RULES

# A unique key is looked for within a document; that no two documents share an identifier is the rule of `documents`.
_KEY_RULES = {"documents": "duplicate_document", "tasks": "duplicate_task_no"}


def build_suites() -> dict[str, ExpectationSuite]:
    """The suite of every frame by the frame's name, in the order of the dataset's tables."""
    suites = {
        definition.name: ExpectationSuite(
            name=definition.name, expectations=[*_definition(definition), *_ADDED.get(definition.name, _nothing)()]
        )
        for definition in TABLES
    }
    suites[COUNTS] = ExpectationSuite(name=COUNTS, expectations=list(_declared_counts()))
    return suites


def _definition(definition: TableDef) -> Iterator[Expectation]:
    """What the dataset's definition says of a table: columns, types, values, key, references."""
    name = definition.name
    yield _expect(
        ExpectTableColumnsToMatchOrderedList,
        "columns_differ",
        "The table has the columns of the dataset's definition, in their order.",
        column_list=[*definition.column_names, *joined_columns(definition)],
    )
    yield _all_columns(own.ExpectDeclaredTypes, "wrong_type", "Every value is of its column's type.", definition)
    required = ", ".join(column.name for column in definition.columns if not column.nullable)
    yield _all_columns(own.ExpectRequiredValues, "missing_value", f"Never empty: {required}.", definition)
    limited = ", ".join(column.name for column in definition.columns if is_limited(column))
    yield _all_columns(
        own.ExpectDeclaredValues, "invalid_value", f"Within values, minimum and pattern: {limited}.", definition
    )
    if text_columns(name):
        texts = ", ".join(column.name for column in text_columns(name))
        yield _all_columns(own.ExpectReadableText, "unreadable_text", f"No unreadable character: {texts}.", definition)
    yield _key(definition)
    for column, parent in definition.references:
        yield _expect(
            own.ExpectReferencesToBeFound,
            "orphan_row",
            f"Every {column} is one of {parent}.",
            column_list=[column, parent],
        )


def _key(definition: TableDef) -> Expectation:
    rule = _KEY_RULES.get(definition.name, "duplicate_key")
    description = f"No two rows have the same {', '.join(definition.key)}."
    if definition.name == "documents":
        return _expect(ExpectColumnValuesToBeUnique, rule, description, column=definition.key[0])
    return _expect(own.ExpectKeysToBeUnique, rule, description, column_list=["batch_no", *definition.key])


def _documents() -> Iterator[Expectation]:
    yield _expect(
        ExpectColumnPairValuesToBeEqual,
        "row_count",
        "n_tasks is the number of the document's tasks.",
        column_A="n_tasks",
        column_B="task_rows",
        ignore_row_if="either_value_is_missing",
    )


def _tasks() -> Iterator[Expectation]:
    numbers = ["batch_no", "table_no", "task_no"]
    categories = ["batch_no", "table_no", "category_no"]
    yield _expect(
        own.ExpectNumbersWithoutGaps,
        "missing_task_no",
        "The tasks of a table are numbered 1, 2, 3 ... without a gap.",
        column_list=numbers,
    )
    yield _expect(
        own.ExpectNumbersNeverToFall, "task_no_order", "Task numbers never fall within a table.", column_list=numbers
    )
    yield _expect(
        own.ExpectNumbersNeverToFall,
        "category_order",
        "Category numbers never fall within a table.",
        column_list=categories,
    )
    yield _expect(
        own.ExpectCategoriesWithoutGaps,
        "category_gap",
        "The known category numbers of a table have no gap.",
        column_list=categories,
    )
    for field, count, due in REQUIRED_FIELDS:
        yield _expect(
            own.ExpectDueFieldsToBeFilled,
            "unexplained_lack",
            f"Every task has {field}, where the table has a column for them and nothing explains the lack.",
            check=f"lacking_{field}",
            column_list=[count, due],
        )
    yield _expect(
        targets.ExpectDeadlinesInOrder,
        "deadline_order",
        "The first day of a deadline does not lie behind its last.",
        column_list=["deadline_from", "deadline_to"],
    )
    yield _lengths("tasks")


def _task_leaders() -> Iterator[Expectation]:
    yield _expect(
        own.ExpectLeadersToBeWellFormed,
        "unlikely_value",
        "Leaders are Chinese names or posts.",
        check="malformed_leader",
        column="leader",
    )


def _task_units() -> Iterator[Expectation]:
    yield _expect(
        own.ExpectOrganisationsToBeKnown,
        "unknown_unit",
        "The roster of the region, where there is one, knows every organisation.",
        column_list=["unit_id", "has_roster"],
    )
    yield _lengths("task_units")


def _targets() -> Iterator[Expectation]:
    yield _expect(
        targets.ExpectPositionsWithoutGaps,
        "position_gap",
        "The targets of a task are numbered 1, 2, 3 ... in their order.",
        column_list=["batch_no", "task_id", "position"],
    )
    yield _expect(
        targets.ExpectPhrasesInTheirPlace,
        "misplaced_phrase",
        "The phrase of a target is what stands in the task's content from start to end.",
        column_list=["content", "phrase", "start", "end"],
    )
    yield _expect(
        targets.ExpectNumbersOfThePhrase,
        "unlikely_target",
        "value, upper and baseline stand in the phrase, in digits or in words, and upper is not below value.",
        column_list=["phrase", "value", "upper", "baseline"],
    )
    yield _expect(
        targets.ExpectKnownUnits,
        "unknown_target_unit",
        "reference/units.yaml knows every unit.",
        column_list=["unit", "phrase"],
    )


def _declared_counts() -> Iterator[Expectation]:
    yield _expect(
        ExpectColumnPairValuesToBeEqual,
        "declared_count",
        "Every declared number of tasks is that of the document or of one of its tables.",
        column_A="declared",
        column_B="counted",
    )


def _nothing() -> Iterator[Expectation]:
    return iter(())


_ADDED = {
    "documents": _documents,
    "tasks": _tasks,
    "task_leaders": _task_leaders,
    "task_units": _task_units,
    "targets": _targets,
}


def _lengths(name: str) -> Expectation:
    limits = PLAUSIBLE_LENGTHS[name]
    described = ", ".join(f"{column} {low} to {high}" for column, (low, high) in limits.items())
    return _expect(
        own.ExpectPlausibleLengths,
        "unlikely_value",
        f"Plausible lengths in characters: {described}.",
        check="implausible_length",
        column_list=["batch_no", *limits],
        definition=name,
    )


def _all_columns(kind: type[Expectation], rule: str, description: str, definition: TableDef) -> Expectation:
    return _expect(kind, rule, description, column_list=list(definition.column_names), definition=definition.name)


def _expect(
    kind: type[Expectation], rule: str, description: str, *, check: str | None = None, **arguments: Any
) -> Expectation:
    """An expectation of a rule; ``check`` tells expectations apart whose failures go by the same rule."""
    severity = FailureSeverity(RULES[rule].severity)
    meta = {"rule": rule, "check": check or rule}
    return kind(severity=severity, meta=meta, description=description, **arguments)
