"""The data dictionary in docs/, from the dataset's one definition: ``python -m writers.dictionary`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from normalizers.dataset import COMPARISON_TABLES, PUBLISHED, Column, TableDef

PATH = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_INTRODUCTION = """\
# Data dictionary

<!-- Written by `python -m writers.dictionary` from normalizers/dataset.py: change it there. -->

The tables of the dataset. They have the same names, columns and types in the CSV and Parquet files of a release and in
the database; `datapackage.json` says the same to programs, and `dataset.xlsx` shows the Chinese headings.

Null means that the document does not say, or that the source lost it; it is empty in CSV. There are no empty texts.
CSV holds every text exactly as it is, also one that begins with `=`: open `dataset.xlsx` rather than the CSV files in a
spreadsheet, it never takes a text for a formula.

The tables `releases` and `changes` are the history of a document; [history.md](history.md) explains them. Those of
comparisons are in the database and in the folder of a comparison, not in a release.

| table | heading | one row per | key |
|---|---|---|---|
"""
_TABLES = PUBLISHED + COMPARISON_TABLES


def markdown() -> str:
    """The data dictionary as Markdown: a list of the tables, then one section for each."""
    overview = "".join(
        f"| [{table.name}](#{table.name}) | {table.heading} | {_grain(table)} | {_codes(table.key)} |\n"
        for table in _TABLES
    )
    return _INTRODUCTION + overview + "".join(_section(table) for table in _TABLES)


def main() -> None:
    """Write docs/data-dictionary.md."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(markdown(), encoding="utf-8", newline="\n")


def _section(table: TableDef) -> str:
    lines = [
        f"\n## {table.name}\n\n{table.description}\n\n",
        "| column | heading | type | null | key | description |\n|---|---|---|---|---|---|\n",
        *(_row(table, column) for column in table.columns),
    ]
    return "".join(lines)


def _row(table: TableDef, column: Column) -> str:
    null = "yes" if column.nullable else "no"
    description = _escaped(" ".join([column.description, *_rules(column)]))
    key = ", ".join(_roles(table, column))
    return f"| {column.name} | {column.heading} | {column.type} | {null} | {key} | {description} |\n"


def _roles(table: TableDef, column: Column) -> Iterator[str]:
    if column.name in table.key:
        yield "primary"
    for name, target in table.references:
        if name == column.name:
            yield f"→ {target}"


def _rules(column: Column) -> Iterator[str]:
    if column.values:
        yield f"One of {_codes(column.values)}."
    if column.minimum is not None:
        yield f"At least {column.minimum}."
    if column.pattern:
        yield f"Pattern `{column.pattern}`."


def _grain(table: TableDef) -> str:
    return table.description.removeprefix("One row per ").removesuffix(".")


def _codes(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _escaped(text: str) -> str:
    """The text for a cell of a table: no bar ends it, and <kind> is not taken for HTML."""
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    main()
