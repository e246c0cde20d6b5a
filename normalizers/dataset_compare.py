"""The tables of a comparison: two documents, most often of two years, task by task.

They are no part of a release: a comparison belongs to two documents, and is made when somebody asks for it. It says
what was compared in its own words, so that it can still be read when one of the two has a newer release.
"""

from __future__ import annotations

from normalizers.table_def import POSITION, Column, TableDef

MATCHES = ("continued", "new", "dropped")
STANDINGS = ("kept", "gained", "lost")
MATCH_DOUBTS = ("weak", "close", "part")
TARGET_DOUBTS = ("basis",)

_ID = r"^\d{6}-\d{4}-[a-z0-9]+$"
_EARLIER = Column("earlier_id", "string", "前一文件", "document_id of the first of the two documents.", pattern=_ID)
_LATER = Column("later_id", "string", "后一文件", "document_id of the second of the two documents.", pattern=_ID)
_PAIR = (_EARLIER, _LATER)


def _task(name: str, heading: str, which: str) -> Column:
    return Column(name, "string", heading, f"Task of the {which} document; empty where it has none.", nullable=True)


def _number(name: str, heading: str, description: str) -> Column:
    return Column(name, "number", heading, description, nullable=True)


def _text(name: str, heading: str, description: str) -> Column:
    return Column(name, "string", heading, description, nullable=True)


COMPARED_TASKS = TableDef(
    "compared_tasks",
    "任务对照",
    "One row per pair of tasks that go on from one document to the other, and per task that only one of them has.",
    (
        *_PAIR,
        POSITION,
        Column("match", "string", "对照结果", "continued: in both; new: only in the later; dropped.", values=MATCHES),
        _task("earlier_task_id", "前一任务", "earlier"),
        _task("later_task_id", "后一任务", "later"),
        _number("score", "相似度", "How alike the two texts are, from 0 to 1; empty without a pair."),
        _number(
            "runner_up", "次佳相似度", "The best score that either of the two has with any other task, from 0 to 1."
        ),
        _text("runner_up_task_id", "次佳任务", "The task that runner_up belongs to, of either document."),
        Column(
            "doubt",
            "string",
            "存疑",
            "weak: the score is near the limit of what counts as the same task; close: another task fits nearly as "
            "well; part: a task without a pair that is much like one which has a pair, so perhaps split or merged.",
            nullable=True,
            values=MATCH_DOUBTS,
        ),
        _text("earlier_content", "前一工作标准", "Text of the task in the earlier document."),
        _text("later_content", "后一工作标准", "Text of the task in the later document."),
    ),
    key=("earlier_id", "later_id", "position"),
)

COMPARED_TARGETS = TableDef(
    "compared_targets",
    "目标对照",
    "One row per target of a continued task, beside the one of the other document that measures the same.",
    (
        *_PAIR,
        POSITION,
        Column(
            "standing", "string", "变化", "kept: in both tasks; gained: only in the later one; lost.", values=STANDINGS
        ),
        Column("earlier_task_id", "string", "前一任务", "Task of the earlier document."),
        Column("later_task_id", "string", "后一任务", "Task of the later document."),
        Column("earlier_position", "integer", "前一顺序", "position of the earlier target.", nullable=True, minimum=1),
        Column("later_position", "integer", "后一顺序", "position of the later target.", nullable=True, minimum=1),
        Column("metric", "string", "指标", "What is measured, as the later document prints it, else the earlier."),
        _text("earlier_phrase", "前一原文", "Words of the earlier document."),
        _text("later_phrase", "后一原文", "Words of the later document."),
        _number("earlier_value", "前一数值", "Value in base units; the lower end of a range."),
        _number("earlier_upper", "前一上限", "The upper end of a range, in base units."),
        _number("later_value", "后一数值", "Value in base units; the lower end of a range."),
        _number("later_upper", "后一上限", "The upper end of a range, in base units."),
        _text("base_unit", "基本单位", "Base unit of the values."),
        _number("difference", "差额", "later_value less earlier_value, where both measure the same."),
        _number("ratio", "比值", "later_value by earlier_value, where both are amounts of the same and neither is 0."),
        Column(
            "doubt",
            "string",
            "存疑",
            "basis: what is counted is not quite the same (another threshold, level, period or way to measure), so "
            "that there is no difference.",
            nullable=True,
            values=TARGET_DOUBTS,
        ),
    ),
    key=("earlier_id", "later_id", "position"),
)

COMPARED_PARTIES = TableDef(
    "compared_parties",
    "责任主体对照",
    "One row per organisation and role, and per leader: how many tasks each of the two documents gives them.",
    (
        *_PAIR,
        POSITION,
        Column("party", "string", "主体类型", "What sort of party it is.", values=("leader", "unit")),
        Column(
            "role",
            "string",
            "角色",
            "lead or support for organisations, leader for leaders.",
            values=("leader", "lead", "support"),
        ),
        Column(
            "party_id",
            "string",
            "主体编号",
            "unit_id or leader_id; empty where the lists don't know it.",
            nullable=True,
        ),
        Column("name", "string", "名称", "Canonical name, else as printed."),
        Column("standing", "string", "变化", "kept: in both documents; gained: only later; lost.", values=STANDINGS),
        Column("earlier_tasks", "integer", "前一任务数", "Tasks in the earlier document.", minimum=0),
        Column("later_tasks", "integer", "后一任务数", "Tasks in the later document.", minimum=0),
    ),
    key=("earlier_id", "later_id", "position"),
)

COMPARISON_TABLES: tuple[TableDef, ...] = (COMPARED_TASKS, COMPARED_TARGETS, COMPARED_PARTIES)
