"""The dataset, defined once.

SQL tables, GX suites, ``datapackage.json``, the data dictionary in docs/ and the XLSX headings are all
derived from :data:`TABLES`. A new table or column is added here and nowhere else.
"""

from __future__ import annotations

from typing import get_args

from normalizers.dataset_compare import COMPARISON_TABLES
from normalizers.dataset_history import HISTORY_TABLES
from normalizers.records import FIELD_NAMES, Change, Comparator, TargetKind
from normalizers.roster import UNIT_KINDS
from normalizers.table_def import DOCUMENT_ID, POSITION, TASK_ID, Column, ColumnType, TableDef

__all__ = ["COMPARISON_TABLES", "HISTORY_TABLES", "Column", "ColumnType", "TableDef"]

ROLES = ("lead", "support")
METHODS = ("read", "inherited", "continued", "realigned", "ocr", "corrected")
SEVERITIES = ("critical", "warning", "info")
TARGET_KINDS: tuple[str, ...] = get_args(TargetKind)
COMPARATORS: tuple[str, ...] = get_args(Comparator)
CHANGES: tuple[str, ...] = get_args(Change)
_DATE = r"^\d{4}-\d{2}-\d{2}$"

DOCUMENTS = TableDef(
    "documents",
    "文件",
    "One row per document.",
    (
        DOCUMENT_ID,
        Column(
            "region_code",
            "string",
            "行政区划代码",
            "GB/T 2260 code of the region that published the document.",
            pattern=r"^\d{6}$",
        ),
        Column("region", "string", "地区", "Name of the region with the city or province above it."),
        Column("year", "integer", "年度", "Year of the work report.", minimum=1978),
        Column(
            "kind",
            "string",
            "文件类型",
            "Kind of document: zfgzbg is a table that splits up a 政府工作报告.",
            pattern=r"^[a-z0-9]+$",
        ),
        Column("title", "string", "标题", "Title as printed, without blanks inside Chinese text."),
        Column("publisher", "string", "发布机构", "Who published the document.", nullable=True),
        Column("source_file", "string", "来源文件", "File in raw/ that was read, relative to raw/."),
        Column("source_url", "string", "来源网址", "Address that the file was taken from.", nullable=True),
        Column(
            "source_sha256", "string", "来源校验和", "SHA-256 of the file that was read.", pattern=r"^[0-9a-f]{64}$"
        ),
        Column("source_format", "string", "来源格式", "Format of the file, found from its content."),
        Column(
            "pages",
            "integer",
            "页数",
            "Number of pages of the source; empty for formats without pages (Word, Excel, HTML).",
            nullable=True,
            minimum=1,
        ),
        Column("n_tasks", "integer", "任务数", "Number of tasks in the document.", minimum=1),
    ),
    key=("document_id",),
)

TASKS = TableDef(
    "tasks",
    "任务",
    "One row per task.",
    (
        TASK_ID,
        DOCUMENT_ID,
        Column("table_no", "integer", "表号", "Which responsibility table of the document, from 1.", minimum=1),
        Column("task_no", "integer", "序号", "Number of the task as printed.", minimum=1),
        Column(
            "category_no",
            "integer",
            "目标序号",
            "Number of the category as printed; empty where the source lost it or prints none.",
            nullable=True,
            minimum=1,
        ),
        Column(
            "category",
            "string",
            "目标名称",
            "Label of the category (first level); empty where the source lost it or prints none.",
            nullable=True,
        ),
        Column(
            "subcategory",
            "string",
            "目标名称（二级）",
            "Label of the second level; empty where one label spans both levels or the source lost it.",
            nullable=True,
        ),
        Column("content", "string", "工作标准", "Text of the task without its number."),
        Column("deadline", "string", "完成时限", "Deadline as printed.", nullable=True),
        Column(
            "deadline_from",
            "string",
            "时限起",
            "First day that the printed deadline means, as YYYY-MM-DD; empty where it names only an end.",
            nullable=True,
            pattern=_DATE,
        ),
        Column(
            "deadline_to",
            "string",
            "时限止",
            "Last day that the printed deadline means, as YYYY-MM-DD; empty where it names none (长期).",
            nullable=True,
            pattern=_DATE,
        ),
        Column("remark", "string", "备注", "Remark as printed.", nullable=True),
        Column(
            "page_start",
            "integer",
            "起始页",
            "Page on which the task begins, from 1; empty for formats without pages.",
            nullable=True,
            minimum=1,
        ),
        Column(
            "page_end",
            "integer",
            "结束页",
            "Page on which the task ends, from 1; empty for formats without pages.",
            nullable=True,
            minimum=1,
        ),
        Column("n_issues", "integer", "疑点数", "Number of issues that name this task.", minimum=0),
    ),
    key=("task_id",),
    references=(("document_id", "documents.document_id"),),
)

TASK_LEADERS = TableDef(
    "task_leaders",
    "分管领导",
    "One row per task and leader in charge.",
    (
        TASK_ID,
        POSITION,
        Column("leader", "string", "分管领导", "Name of the leader as printed, without inner blanks."),
        Column(
            "leader_id",
            "string",
            "领导编号",
            "Identifier in reference/leaders; empty for a name that the list does not have.",
            nullable=True,
        ),
        Column("leader_name", "string", "领导规范姓名", "Canonical name from reference/leaders.", nullable=True),
        Column("post", "string", "职务", "Title printed with the name, or instead of it.", nullable=True),
    ),
    key=("task_id", "position"),
    references=(("task_id", "tasks.task_id"),),
)

TASK_UNITS = TableDef(
    "task_units",
    "责任单位",
    "One row per task and organisation.",
    (
        TASK_ID,
        Column("position", "integer", "顺序", "Order within the cell as printed, from 1 in each role.", minimum=1),
        Column("role", "string", "角色", "lead: 牵头单位; support: 配合单位.", values=ROLES),
        Column("unit", "string", "单位", "Organisation as printed, with its qualifier."),
        Column(
            "unit_full",
            "string",
            "单位全写",
            "The printed name with what a list says only once put back: 省科技厅 for 科技厅 in 省发展改革委、科技厅.",
        ),
        Column(
            "unit_id",
            "string",
            "单位编号",
            "Identifier in reference/organisations; empty for an organisation that the roster does not know.",
            nullable=True,
        ),
        Column("unit_name", "string", "单位规范名称", "Canonical name from reference/organisations.", nullable=True),
        Column(
            "qualifier", "string", "限定", "What stands in brackets behind the name, such as 安委办.", nullable=True
        ),
    ),
    key=("task_id", "role", "position"),
    references=(("task_id", "tasks.task_id"),),
)

ORGANISATIONS = TableDef(
    "organisations",
    "组织机构",
    "One row per document and organisation that it names and the roster knows, or that is a member of such a group.",
    (
        DOCUMENT_ID,
        Column("unit_id", "string", "单位编号", "Identifier in reference/organisations."),
        Column("unit_name", "string", "单位规范名称", "Canonical name."),
        Column("kind", "string", "类别", "What sort of body it is.", values=UNIT_KINDS),
        Column("region_code", "string", "行政区划代码", "Region that the body belongs to.", pattern=r"^\d{6}$"),
        Column("valid_from", "integer", "起始年", "First year of the body, where known.", nullable=True),
        Column("valid_to", "integer", "终止年", "Last year of the body, where known.", nullable=True),
    ),
    key=("document_id", "unit_id"),
    references=(("document_id", "documents.document_id"),),
)

ORGANISATION_MEMBERS = TableDef(
    "organisation_members",
    "组织成员",
    "One row per document, group that it names (各镇（街道）) and member of it in that year.",
    (
        DOCUMENT_ID,
        Column("group_id", "string", "群组编号", "unit_id of the group."),
        POSITION,
        Column("unit_id", "string", "单位编号", "unit_id of the member."),
    ),
    key=("document_id", "group_id", "position"),
    references=(("document_id", "documents.document_id"),),
)

TARGETS = TableDef(
    "targets",
    "量化目标",
    "One row per commitment in the text of a task that can be checked afterwards; docs/targets.md says what counts.",
    (
        TASK_ID,
        Column("position", "integer", "顺序", "Order within the content, from 1.", minimum=1),
        Column(
            "kind",
            "string",
            "目标类型",
            "numeric: a number; relative: against another quantity; qualitative: a direction without a number; "
            "delegated: somebody else's figure is to be met.",
            values=TARGET_KINDS,
        ),
        Column("metric", "string", "指标", "What is measured, as printed."),
        Column(
            "comparator",
            "string",
            "比较",
            "How the value binds; empty for qualitative and delegated targets.",
            nullable=True,
            values=COMPARATORS,
        ),
        Column("value", "number", "数值", "The number in the printed unit; the lower end of a range.", nullable=True),
        Column("upper", "number", "上限", "The upper end of a range, in the printed unit.", nullable=True),
        Column("baseline", "number", "基数", "Where it starts from, in the printed unit (从380元).", nullable=True),
        Column("unit", "string", "单位", "Unit as printed behind the number.", nullable=True),
        Column("base_value", "number", "基本单位数值", "value in base units.", nullable=True),
        Column("base_upper", "number", "基本单位上限", "upper in base units.", nullable=True),
        Column("base_unit", "string", "基本单位", "Base unit, from reference/units.yaml.", nullable=True),
        Column(
            "change",
            "string",
            "增减",
            "increase or decrease where the number is a change, or a level that something rises or falls to.",
            nullable=True,
            values=CHANGES,
        ),
        Column("modality", "string", "语气", "How binding, as printed: 力争, 确保 ...", nullable=True),
        Column("scope", "string", "范围", "What the number holds for, as printed: 全年, 年内, 其中 ...", nullable=True),
        Column(
            "due",
            "string",
            "目标期限",
            "Last day by which it is to be reached, as YYYY-MM-DD, where the scope names one.",
            nullable=True,
            pattern=_DATE,
        ),
        Column("reference", "string", "参照", "For relative targets: what it is measured against.", nullable=True),
        Column("phrase", "string", "原文短语", "The words it was read from."),
        Column("start", "integer", "起点", "First character of the phrase in content, from 0.", minimum=0),
        Column("end", "integer", "终点", "Character of content behind the phrase.", minimum=1),
    ),
    key=("task_id", "position"),
    references=(("task_id", "tasks.task_id"),),
)

PROVENANCE = TableDef(
    "provenance",
    "出处",
    "One row per task, field and place in the source that the field was read from.",
    (
        TASK_ID,
        Column("field", "string", "字段", "Name of the field.", values=FIELD_NAMES),
        Column("position", "integer", "顺序", "Which place, from 1; most fields have one.", minimum=1),
        Column(
            "page",
            "integer",
            "页码",
            "Page, from 1; empty for formats without pages, and for a value that stands nowhere in the source.",
            nullable=True,
            minimum=1,
        ),
        Column(
            "x0",
            "number",
            "左",
            "Left edge in points from the left of the page; empty for text sources.",
            nullable=True,
        ),
        Column(
            "top", "number", "上", "Top edge in points from the top of the page; empty for text sources.", nullable=True
        ),
        Column(
            "x1",
            "number",
            "右",
            "Right edge in points from the left of the page; empty for text sources.",
            nullable=True,
        ),
        Column(
            "bottom",
            "number",
            "下",
            "Bottom edge in points from the top of the page; empty for text sources.",
            nullable=True,
        ),
        Column(
            "line",
            "string",
            "行号",
            "Line of a text file, from 1; cell of a sheet (Sheet1!B7); cell or paragraph of a Word or HTML document.",
            nullable=True,
        ),
        Column(
            "engine",
            "string",
            "识别引擎",
            "What found the cells of a fixed-layout page: fenjie, pdfplumber or camelot; empty for text sources.",
            nullable=True,
        ),
        Column(
            "method",
            "string",
            "读取方式",
            "How the value came about: read, inherited (merged cell), continued (over a "
            "page break), realigned (shifted cell put back), ocr, corrected.",
            values=METHODS,
        ),
        Column("raw", "string", "原文", "Text as it stands in the source.", nullable=True),
    ),
    key=("task_id", "field", "position"),
    references=(("task_id", "tasks.task_id"),),
)

ISSUES = TableDef(
    "issues",
    "疑点",
    "One row per doubt.",
    (
        DOCUMENT_ID,
        Column("issue_no", "integer", "疑点序号", "Running number within the document, from 1.", minimum=1),
        Column(
            "task_id",
            "string",
            "任务编号",
            "Task that the doubt concerns; empty when it concerns the document.",
            nullable=True,
        ),
        Column(
            "field",
            "string",
            "字段",
            "Field that the doubt concerns; empty when it concerns the whole task.",
            nullable=True,
        ),
        Column("rule", "string", "规则", "Name of the rule that raised it; docs/rules.md explains each."),
        Column(
            "severity",
            "string",
            "严重程度",
            "critical holds a document back, warning may be a wrong value, info is worth knowing.",
            values=SEVERITIES,
        ),
        Column("message", "string", "说明", "What is in doubt, and why."),
        Column("suggestion", "string", "建议", "What to do about it.", nullable=True),
        Column("page", "integer", "页码", "Page of the doubtful place, from 1.", nullable=True, minimum=1),
        Column("line", "string", "行号", "Line or cell reference of the doubtful place.", nullable=True),
    ),
    key=("document_id", "issue_no"),
    references=(("document_id", "documents.document_id"), ("task_id", "tasks.task_id")),
)

#: What a document says: every table that is made from the document alone, a table before those that refer to it.
TABLES: tuple[TableDef, ...] = (
    DOCUMENTS,
    TASKS,
    TASK_LEADERS,
    TASK_UNITS,
    ORGANISATIONS,
    ORGANISATION_MEMBERS,
    TARGETS,
    PROVENANCE,
    ISSUES,
)
#: What a release consists of: what the document says, and how that came to be over the releases before.
PUBLISHED: tuple[TableDef, ...] = TABLES + HISTORY_TABLES
#: What a database has: all releases, and the comparisons of two documents that somebody asked for.
DATABASE_TABLES: tuple[TableDef, ...] = PUBLISHED + COMPARISON_TABLES


def table(name: str) -> TableDef:
    """The definition of one table; KeyError for an unknown name."""
    return {definition.name: definition for definition in DATABASE_TABLES}[name]
