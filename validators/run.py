"""One GX run over the frames of a batch, and its Data Docs. Importing this imports GX."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.validator.v1_validator import Validator

from validators.frames import Frames
from validators.suites import build_suites

#: All failing rows by their place in the frame. With unexpected_index_column_names GX would look up each row's key,
#: which is slow on many failures; and the list of unexpected values, unlike that of places, is cut at 200.
_RESULT_FORMAT = {"result_format": "COMPLETE", "return_unexpected_index_query": False}


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met: the columns that it looks at and the failing rows of its frame.

    ``check`` tells expectations apart whose failures go by the same rule. ``rows`` is empty when the frame as a
    whole is at fault. ``error`` is set when the check could not run.
    """

    table: str
    rule: str
    check: str
    columns: tuple[str, ...]
    rows: tuple[int, ...]
    error: str | None = None


def run(frames: Frames, data_docs: Path | None) -> list[Failure]:
    """Validate every frame against its suite; with ``data_docs`` write the results there as HTML."""
    # GX sits on deprecated corners of its own dependencies; its users can do nothing about that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = _context(data_docs)
        results = dict(_results(context, frames))
        if data_docs is not None:
            _write_docs(context, results)
    return [failure for name, result in results.items() for failure in _failures(name, result)]


def _context(data_docs: Path | None) -> EphemeralDataContext:
    sites: dict[str, Any] = {}
    if data_docs is not None:
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(data_docs.resolve())}
        sites["data_docs"] = {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": store,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            # The results show the expectations as well; nothing else is kept.
            "site_section_builders": {"expectations": "None", "profiling": "None"},
        }
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        data_docs_sites=sites,
        analytics_enabled=False,
        progress_bars={"globally": False},  # type: ignore[arg-type]  # declared as its schema, read as a mapping
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _results(context: EphemeralDataContext, frames: Frames) -> Iterator[tuple[str, ExpectationSuiteValidationResult]]:
    # One asset for all frames: with each one that is added GX writes its whole configuration as YAML.
    asset = context.data_sources.add_pandas("fenjie").add_dataframe_asset("batch")
    definition = asset.add_batch_definition_whole_dataframe("all")
    for name, suite in build_suites().items():
        validator = Validator(definition, _RESULT_FORMAT, {"dataframe": frames[name]})
        yield name, validator.validate_expectation_suite(suite)


def _failures(table: str, result: ExpectationSuiteValidationResult) -> Iterator[Failure]:
    for outcome in result.results:
        error = _error(outcome)
        if outcome.success and error is None:
            continue
        config = outcome.expectation_config
        meta = (config.meta if config is not None else None) or {"rule": "check_failed", "check": "check_failed"}
        columns = tuple(config.kwargs.get("column_list", ())) if config is not None else ()
        rows = () if error else tuple(outcome.result.get("unexpected_index_list") or ())
        yield Failure(table, meta["rule"], meta["check"], columns, rows, error)


def _error(outcome: ExpectationValidationResult) -> str | None:
    """The exception that kept a check from running. GX gives one, or one for each metric that failed."""
    info = outcome.exception_info or {}
    for entry in [info] if "raised_exception" in info else info.values():
        if entry["raised_exception"]:
            return str(entry["exception_message"])
    return None


def _write_docs(context: EphemeralDataContext, results: dict[str, ExpectationSuiteValidationResult]) -> None:
    run_id = RunIdentifier(run_time=datetime.now(UTC))
    for name, result in results.items():
        result.meta["run_id"] = run_id
        suite = ExpectationSuiteIdentifier(name=name)
        key = ValidationResultIdentifier(
            expectation_suite_identifier=suite, run_id=run_id, batch_identifier=result.batch_id
        )
        context.validation_results_store.store_validation_results(result, key, suite)
    # The pages of an earlier run lie under their own time: they would stay beside the new ones.
    context.clean_data_docs()
    context.build_data_docs()
