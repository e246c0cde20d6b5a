"""The words that a person reads in the workbook in place of the dataset's codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from normalizers.dataset import DOCUMENTS, PUBLISHED, TARGETS, TASK_LEADERS, TASKS
from normalizers.history import decoded
from normalizers.tabulate import Row

ROLES: Mapping[str, str] = {"lead": "牵头单位", "support": "配合单位"}
SEVERITIES: Mapping[str, str] = {"critical": "严重", "warning": "警告", "info": "提示"}
METHODS: Mapping[str, str] = {
    "read": "直接读取",
    "inherited": "合并单元格",
    "continued": "跨页续接",
    "realigned": "错位归位",
    "ocr": "文字识别",
    "corrected": "更正",
}
#: Of targets and of organisations, which both have a column of that name.
KINDS: Mapping[str, str] = {
    "numeric": "数值",
    "relative": "相对",
    "qualitative": "定性",
    "delegated": "上级下达",
    "bureau": "政府部门",
    "party": "党群机关",
    "street": "街道",
    "town": "乡镇",
    "park": "园区",
    "enterprise": "企业",
    "vertical": "垂直管理机构",
    "institution": "事业单位",
    "group": "群组",
    "other": "其他",
}
COMPARATORS: Mapping[str, str] = {
    "equal": "等于",
    "about": "左右",
    "at_least": "不低于",
    "more_than": "超过",
    "at_most": "不超过",
    "less_than": "低于",
    "range": "区间",
    "change_by": "增减",
    "multiple": "倍数",
    "relative": "相对",
}
CHANGES: Mapping[str, str] = {"increase": "增加", "decrease": "减少"}
#: Of the history, which calls its column ``change`` too.
CHANGE_KINDS: Mapping[str, str] = {"added": "新增", "removed": "删除", "changed": "变更"}
TYPES: Mapping[str, str] = {"string": "文本", "integer": "整数", "number": "数值"}
_LEADER = next(column.heading for column in TASK_LEADERS.columns if column.name == "leader")
FIELDS: Mapping[str, str] = {
    **{column.name: column.heading for column in (*DOCUMENTS.columns, *TASKS.columns)},
    "leaders": _LEADER,
    "leader_details": f"{_LEADER}（编号等）",
    "lead_units": ROLES["lead"],
    "lead_unit_details": f"{ROLES['lead']}（编号等）",
    "support_units": ROLES["support"],
    "support_unit_details": f"{ROLES['support']}（编号等）",
    "targets": TARGETS.heading,
}
_TABLES: Mapping[str, str] = {table.name: table.heading for table in PUBLISHED}

#: By the name of the column whose codes they replace.
_CODES: Mapping[str, Mapping[str, str]] = {
    "role": ROLES,
    "severity": SEVERITIES,
    "method": METHODS,
    "field": FIELDS,
    "kind": KINDS,
    "comparator": COMPARATORS,
    "change": {**CHANGES, **CHANGE_KINDS},
}


def shown(column: str, value: Any) -> Any:
    """The value as a person reads it; a code without a label stays as it is."""
    if column == "tables_changed" and value is not None:
        return "、".join(_TABLES.get(name, name) for name in value.split(","))
    return _CODES.get(column, {}).get(value, value)


def shown_change(row: Row, column: str) -> Any:
    """``old`` or ``new`` of a change as a person reads it: a list joined by 、, of a whole task its content."""
    value = decoded(row["field"], row[column])
    if isinstance(value, dict):
        return value.get("content")
    if isinstance(value, list):
        return "、".join(item if isinstance(item, str) else _object(item) for item in value) or None
    return value


def _object(item: Mapping[str, Any]) -> str:
    """An object of a list in short: of a target its phrase, else its values."""
    return str(item.get("phrase") or " ".join(str(value) for value in item.values()))
