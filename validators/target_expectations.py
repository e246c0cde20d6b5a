"""The expectations on targets and deadlines, each with its metric for pandas. Importing this imports GX."""

from __future__ import annotations

from validators import target_checks as checks
from validators.expectations import RowsExpectation, RowsMetric, row_condition


class _Positions(RowsMetric):
    condition_metric_name = "multicolumn_values.positions"
    _pandas = row_condition(checks.broken_position)


class ExpectPositionsWithoutGaps(RowsExpectation):
    """Expect the rows of a task to be numbered 1, 2, 3 ... Columns: document of the batch, task, position."""

    map_metric = "multicolumn_values.positions"


class _PlacedPhrases(RowsMetric):
    condition_metric_name = "multicolumn_values.placed_phrases"
    _pandas = row_condition(checks.misplaced_phrase)


class ExpectPhrasesInTheirPlace(RowsExpectation):
    """Expect phrases to stand in the text where they are said to. Columns: content, phrase, start, end."""

    map_metric = "multicolumn_values.placed_phrases"


class _NumbersOfThePhrase(RowsMetric):
    condition_metric_name = "multicolumn_values.numbers_of_the_phrase"
    _pandas = row_condition(checks.unlikely_target)


class ExpectNumbersOfThePhrase(RowsExpectation):
    """Expect the numbers of a target to stand in its phrase. Columns: phrase, value, upper, baseline."""

    map_metric = "multicolumn_values.numbers_of_the_phrase"


class _KnownUnits(RowsMetric):
    condition_metric_name = "multicolumn_values.known_units"
    _pandas = row_condition(checks.unknown_target_unit)


class ExpectKnownUnits(RowsExpectation):
    """Expect units to be known. Columns: the unit, the phrase that it stands in."""

    map_metric = "multicolumn_values.known_units"


class _DeadlineOrder(RowsMetric):
    condition_metric_name = "multicolumn_values.deadline_order"
    _pandas = row_condition(checks.reversed_deadline)


class ExpectDeadlinesInOrder(RowsExpectation):
    """Expect the first day of a deadline not to lie behind the last. Columns: first day, last day."""

    map_metric = "multicolumn_values.deadline_order"
