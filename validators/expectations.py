"""The expectations that GX does not have, each with its metric for pandas. Importing this imports GX.

An expectation holds a rule of a table, not of a column: GX spends 10 to 20 ms of CPU on each expectation, whatever it
looks at, so one for every column and rule would cost a second and more before the first row. Where several columns
are looked at, the findings say which of them is at fault.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal

import pandas as pd
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.constants import MAX_RESULT_RECORDS
from great_expectations.core.metric_function_types import SummarizationMetricNameSuffixes
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import (
    BatchExpectation,
    ColumnMapExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from validators import checks

_COUNT = SummarizationMetricNameSuffixes.UNEXPECTED_COUNT.value
_INDEX = SummarizationMetricNameSuffixes.UNEXPECTED_INDEX_LIST.value
_ROWS = SummarizationMetricNameSuffixes.FILTERED_ROW_COUNT.value
_VALUES = SummarizationMetricNameSuffixes.UNEXPECTED_VALUES.value


def row_condition(check: Callable[[pd.DataFrame], pd.Series[bool]]) -> Any:
    """A metric that is true for the rows in which the check finds no fault."""

    def condition(_cls: type, frame: pd.DataFrame, **_: object) -> pd.Series[bool]:
        return ~check(frame)

    return multicolumn_condition_partial(engine=PandasExecutionEngine)(condition)


def _cell_condition(check: Callable[[pd.DataFrame, str], pd.DataFrame]) -> Any:
    """A metric that is true for the rows in which the check finds no fault in any column of the definition."""

    def condition(_cls: type, frame: pd.DataFrame, definition: str, **_: object) -> pd.Series[bool]:
        return ~check(frame, definition).any(axis=1)

    return multicolumn_condition_partial(engine=PandasExecutionEngine)(condition)


class RowsExpectation(MulticolumnMapExpectation):
    """Looks at every row: GX's default skips rows whose columns are all missing.

    It asks for the two metrics that say everything instead of GX's six: each costs CPU, whatever the data.
    """

    ignore_row_if: Literal["never"] = "never"
    _configuration: ExpectationConfiguration | None = PrivateAttr(None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """The expectation as GX's machinery passes it around."""
        # GX asks for it a hundred times in the course of one validation and builds it anew each time: that is a
        # third of all CPU. Expectations of a suite do not change, so once is enough.
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration

    def get_validation_dependencies(
        self, execution_engine: ExecutionEngine[Any] | None = None, runtime_configuration: dict[str, Any] | None = None
    ) -> ValidationDependencies:
        """The metrics that :meth:`_validate` needs."""
        needed = BatchExpectation.get_validation_dependencies(self, execution_engine, runtime_configuration)
        for name in ("table.row_count", f"{self.map_metric}.{_INDEX}"):
            kwargs = get_metric_kwargs(name, self.configuration, runtime_configuration)
            metric = MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"])
            needed.set_metric_configuration(name, metric)
        return needed

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> Any:
        # With a metric missing GX would call the expectation met; here that is a KeyError, which becomes an issue.
        faulty, total = metrics[f"{self.map_metric}.{_INDEX}"], metrics["table.row_count"]
        values: list[Any] = []
        if faulty and execution_engine is not None:
            frame = execution_engine.get_domain_records({})
            values = frame.loc[faulty[:MAX_RESULT_RECORDS], self.column_list].to_dict("records")
        derived = {_COUNT: len(faulty), _ROWS: total, _VALUES: values}
        known = {**metrics, **{f"{self.map_metric}.{name}": value for name, value in derived.items()}}
        return super()._validate(known, runtime_configuration, execution_engine)


class RowsMetric(MulticolumnMapMetricProvider):
    """A metric on rows that needs to know the columns' names, and neither their types nor the number of rows."""

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: ExpectationConfiguration | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> Any:
        needed = super()._get_evaluation_dependencies(metric, configuration, execution_engine, runtime_configuration)
        return {name: value for name, value in needed.items() if name not in ("table.column_types", "table.row_count")}


class _DefinitionExpectation(RowsExpectation):
    """Looks at the columns of one table of the dataset, named by ``definition``."""

    definition: str
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "definition")


class _DefinitionMetric(RowsMetric):
    condition_value_keys = ("definition",)


class _DeclaredTypes(_DefinitionMetric):
    condition_metric_name = "multicolumn_values.declared_types"
    _pandas = _cell_condition(checks.wrong_type)


class ExpectDeclaredTypes(_DefinitionExpectation):
    """Expect every value to be of the type that the dataset's definition gives its column."""

    map_metric = "multicolumn_values.declared_types"


class _RequiredValues(_DefinitionMetric):
    condition_metric_name = "multicolumn_values.required_values"
    _pandas = _cell_condition(checks.missing_value)


class ExpectRequiredValues(_DefinitionExpectation):
    """Expect no empty value in a column that is not nullable."""

    map_metric = "multicolumn_values.required_values"


class _DeclaredValues(_DefinitionMetric):
    condition_metric_name = "multicolumn_values.declared_values"
    _pandas = _cell_condition(checks.invalid_value)


class ExpectDeclaredValues(_DefinitionExpectation):
    """Expect values within their column's set of values, minimum and pattern."""

    map_metric = "multicolumn_values.declared_values"


class _ReadableText(_DefinitionMetric):
    condition_metric_name = "multicolumn_values.readable_text"
    _pandas = _cell_condition(checks.unreadable_text)


class ExpectReadableText(_DefinitionExpectation):
    """Expect no replacement, control, invisible or private-use character in text."""

    map_metric = "multicolumn_values.readable_text"


class _PlausibleLengths(_DefinitionMetric):
    condition_metric_name = "multicolumn_values.plausible_lengths"
    _pandas = _cell_condition(checks.implausible_length)


class ExpectPlausibleLengths(_DefinitionExpectation):
    """Expect texts of a length that texts of their kind have."""

    map_metric = "multicolumn_values.plausible_lengths"


class ExpectKeysToBeUnique(RowsExpectation):
    """Expect no two rows with the same values in all columns: GX's own metric, at the price of ours."""

    map_metric = "compound_columns.unique"


class _FoundParents(RowsMetric):
    condition_metric_name = "multicolumn_values.found_parents"
    _pandas = row_condition(checks.orphan_row)


class ExpectReferencesToBeFound(RowsExpectation):
    """Expect every reference to name a row of its parent table. Columns: the reference, the parent that was found."""

    map_metric = "multicolumn_values.found_parents"


class _GaplessNumbers(RowsMetric):
    condition_metric_name = "multicolumn_values.gapless_numbers"
    _pandas = row_condition(checks.missing_number)


class ExpectNumbersWithoutGaps(RowsExpectation):
    """Expect the numbers of a document's table to be 1, 2, 3 ... Columns: document, table, number."""

    map_metric = "multicolumn_values.gapless_numbers"


class _RisingNumbers(RowsMetric):
    condition_metric_name = "multicolumn_values.rising_numbers"
    _pandas = row_condition(checks.falling_number)


class ExpectNumbersNeverToFall(RowsExpectation):
    """Expect the known numbers of a document's table in order. Columns: document, table, number."""

    map_metric = "multicolumn_values.rising_numbers"


class _GaplessCategories(RowsMetric):
    condition_metric_name = "multicolumn_values.gapless_categories"
    _pandas = row_condition(checks.skipped_category)


class ExpectCategoriesWithoutGaps(RowsExpectation):
    """Expect no gap among a table's known category numbers. Columns: document, table, category number."""

    map_metric = "multicolumn_values.gapless_categories"


class _FilledFields(RowsMetric):
    condition_metric_name = "multicolumn_values.filled_fields"
    _pandas = row_condition(checks.lacking_field)


class ExpectDueFieldsToBeFilled(RowsExpectation):
    """Expect at least one entry where one is due. Columns: how many there are, whether one is due."""

    map_metric = "multicolumn_values.filled_fields"


class _KnownOrganisations(RowsMetric):
    condition_metric_name = "multicolumn_values.known_organisations"
    _pandas = row_condition(checks.unknown_organisation)


class ExpectOrganisationsToBeKnown(RowsExpectation):
    """Expect organisations to be known where there is a roster. Columns: their identifier, whether there is one."""

    map_metric = "multicolumn_values.known_organisations"


def _leader_condition(_cls: type, leader: pd.Series[Any], **_: object) -> pd.Series[bool]:
    return ~checks.malformed_leader(leader)


class _WellFormedLeaders(ColumnMapMetricProvider):
    condition_metric_name = "column_values.well_formed_leaders"
    _pandas: Any = column_condition_partial(engine=PandasExecutionEngine)(_leader_condition)


class ExpectLeadersToBeWellFormed(ColumnMapExpectation):
    """Expect leaders to be Chinese names or posts."""

    map_metric = "column_values.well_formed_leaders"
