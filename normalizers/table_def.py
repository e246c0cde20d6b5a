"""What a table and a column are, and the columns that several tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["string", "integer", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, Chinese heading, one sentence of description and its rules."""

    name: str
    type: ColumnType
    heading: str
    description: str
    nullable: bool = False
    values: tuple[str, ...] = ()
    minimum: int | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class TableDef:
    """One table: ``key`` is its primary key, ``references`` maps a column to ``table.column``."""

    name: str
    heading: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[tuple[str, str], ...] = ()

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


DOCUMENT_ID = Column(
    "document_id",
    "string",
    "文件编号",
    "Identifier of the document: <region_code>-<year>-<kind>.",
    pattern=r"^\d{6}-\d{4}-[a-z0-9]+$",
)
TASK_ID = Column(
    "task_id",
    "string",
    "任务编号",
    "Identifier of the task: the document_id and the printed task number; tasks of "
    "a second table in the same document have t2- (t3- ...) before the number.",
    pattern=r"^\d{6}-\d{4}-[a-z0-9]+-(t\d+-)?\d+$",
)
POSITION = Column("position", "integer", "顺序", "Order within the cell as printed, from 1.", minimum=1)
