"""dataset.xlsx: the release as a workbook for people.

The first sheet has one row for each task with its leaders and organisations in one cell each, then come the doubts,
the other tables, and a sheet that says what all of it means. Every text is stored as text: nothing is taken for a
formula, a number or a link, and a text such as ``=1+1`` stays one when its cell is edited.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from normalizers.dataset import DOCUMENTS, ISSUES, PUBLISHED, TASKS, TableDef
from normalizers.dataset_history import CHANGES
from normalizers.records import Severity
from writers import labels
from writers.release import Release
from writers.sheets import Sheet, Styles, height, line_lengths, set_up_page, write_sheet

FILE_NAME = "dataset.xlsx"
NOTES = "说明"
_NOTES_WIDTHS = (14, 16, 18, 8, 8, 90)

#: No clock may enter the file: it would differ from run to run.
_CREATED = datetime(1980, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

#: The columns of the first sheet: what is read most comes first, identifiers come last.
_TASK_COLUMNS = (
    "task_no",
    "category_no",
    "category",
    "subcategory",
    "content",
    "leaders",
    "lead_units",
    "support_units",
    "deadline",
    "remark",
    "page_start",
    "page_end",
    "n_issues",
    "table_no",
    "task_id",
)
_ISSUE_COLUMNS = ("issue_no", "severity", "task_id", "field", "message", "suggestion", "page", "line", "rule")
_CHANGE_COLUMNS = ("release_no", "position", "change", "task_id", "field")
#: Shown apart from the other tables, in a form of their own.
_OWN_SHEETS = (TASKS, ISSUES, CHANGES)


def write(release: Release, _files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``dataset.xlsx``."""
    import xlsxwriter  # noqa: PLC0415

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": release.title, "subject": release.document_id, "created": _CREATED})
        styles = Styles(book)
        write_sheet(book, styles, _tasks_sheet(release))
        write_sheet(book, styles, _issues_sheet(release))
        for table in PUBLISHED:
            if table not in _OWN_SHEETS:
                write_sheet(book, styles, _table_sheet(table, release))
        write_sheet(book, styles, _changes_sheet(release))
        _write_notes(book.add_worksheet(NOTES), styles, release)
    return {FILE_NAME: _stored(buffer.getvalue())}


def _tasks_sheet(release: Release) -> Sheet:
    severities = _worst_severities(release)
    rows: list[list[Any]] = []
    tones: list[Severity | None] = []
    for task, nested in zip(release.tables["tasks"], release.nested, strict=True):
        values = {**nested, **task}
        rows.append([_joined(values[name]) for name in _TASK_COLUMNS])
        tones.append(severities.get(task["task_id"]))
    headings = [labels.FIELDS[name] for name in _TASK_COLUMNS]
    return Sheet(TASKS.heading, headings, rows, tones, frozen_columns=1)


def _issues_sheet(release: Release) -> Sheet:
    headings = {column.name: column.heading for column in ISSUES.columns}
    issues = release.tables["issues"]
    rows = [[labels.shown(name, issue[name]) for name in _ISSUE_COLUMNS] for issue in issues]
    return Sheet(ISSUES.heading, [headings[name] for name in _ISSUE_COLUMNS], rows, [i["severity"] for i in issues])


def _table_sheet(table: TableDef, release: Release) -> Sheet:
    rows = [[labels.shown(name, row[name]) for name in table.column_names] for row in release.tables[table.name]]
    return Sheet(table.heading, [column.heading for column in table.columns], rows, [None] * len(rows))


def _changes_sheet(release: Release) -> Sheet:
    """What every release changed; the values are shown for people, CSV has them as they are."""
    headings = {column.name: column.heading for column in CHANGES.columns}
    rows = [
        [labels.shown(name, row[name]) for name in _CHANGE_COLUMNS]
        + [labels.shown_change(row, name) for name in ("old", "new")]
        for row in release.tables["changes"]
    ]
    names = (*_CHANGE_COLUMNS, "old", "new")
    return Sheet(CHANGES.heading, [headings[name] for name in names], rows, [None] * len(rows))


def _worst_severities(release: Release) -> dict[str, Severity]:
    order = list(labels.SEVERITIES)
    worst: dict[str, Severity] = {}
    for issue in release.tables["issues"]:
        severity: Severity = issue["severity"]
        worst[issue["task_id"]] = min(worst.get(issue["task_id"], severity), severity, key=order.index)
    return worst


def _joined(value: Any) -> Any:
    return "、".join(value) or None if isinstance(value, list) else value


def _write_notes(sheet: Any, styles: Styles, release: Release) -> None:
    """The sheet 说明: the document, what the colours mean, how much there is, and the data dictionary."""
    document = release.tables["documents"][0]
    sheet.hide_gridlines(2)
    set_up_page(sheet)
    for index, width in enumerate(_NOTES_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.write_string(0, 0, release.title, styles.title)
    line = 2
    for column in DOCUMENTS.columns:
        if document[column.name] is not None:
            sheet.write_string(line, 0, column.heading, styles.label)
            sheet.write_string(line, 1, str(document[column.name]), styles.plain)
            line += 1
    line += 1
    meanings: dict[Severity, str] = {"critical": "有严重疑点的行", "warning": "有警告的行，内容可能有误"}
    for severity, meaning in meanings.items():
        sheet.write_blank(line, 0, None, styles.cell(severity))
        sheet.write_string(line, 1, meaning, styles.plain)
        line += 1
    line += 1
    for table in PUBLISHED:
        sheet.write_string(line, 0, table.heading, styles.label)
        sheet.write_string(line, 1, f"{len(release.tables[table.name])} 行（{table.name}.csv）", styles.plain)
        line += 1
    _write_dictionary(sheet, styles, line + 1)


def _write_dictionary(sheet: Any, styles: Styles, line: int) -> None:
    for index, heading in enumerate(("表", "字段", "中文名称", "类型", "可空", "说明")):
        sheet.write_string(line, index, heading, styles.heading)
    for table in PUBLISHED:
        for column in table.columns:
            line += 1
            values = (
                table.heading,
                column.name,
                column.heading,
                labels.TYPES[column.type],
                "是" if column.nullable else "否",
                column.description,
            )
            sheet.set_row(line, height([line_lengths(value) for value in values], _NOTES_WIDTHS))
            for index, value in enumerate(values):
                sheet.write_string(line, index, value, styles.cell())


def _stored(data: bytes) -> bytes:
    """The same ZIP without compression.

    Builds of Python come with different zlibs, which compress the same content to different bytes; a release must be
    the same on every machine.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:
        for entry in source.infolist():
            plain = zipfile.ZipInfo(entry.filename, _ZIP_DATE)
            plain.create_system = 3
            plain.external_attr = 0o644 << 16
            target.writestr(plain, source.read(entry))
    return buffer.getvalue()
