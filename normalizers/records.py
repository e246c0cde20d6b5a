"""The task records: what a table says, each value with the place and the way it was read."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from extractors.model import Provenance
from normalizers.roster import Organisation

if TYPE_CHECKING:
    from normalizers.corrections import Correction

T_co = TypeVar("T_co", covariant=True)

#: How a value came about. ``read``: stands in the task's own row. ``inherited``: from a merged cell that
#: began in an earlier row. ``continued``: joined over a page break. ``realigned``: a shifted cell put
#: back into its column. ``ocr``: recognised from a picture. ``corrected``: set by reference/corrections, or put right
#: where it was plainly misread from a picture.
Method = Literal["read", "inherited", "continued", "realigned", "ocr", "corrected"]
Severity = Literal["critical", "warning", "info"]

#: The fields of a task, in the order of the output. Each is an attribute of :class:`TaskRecord`.
FIELD_NAMES = (
    "task_no",
    "content",
    "category_no",
    "category",
    "subcategory",
    "leaders",
    "lead_units",
    "support_units",
    "deadline",
    "remark",
)


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """A value, the text it was read from (``raw``, as printed), its places and its method.

    A value that the document does not give has ``value`` None (or an empty tuple) and no provenance.
    """

    value: T_co
    raw: str | None = None
    provenance: tuple[Provenance, ...] = ()
    method: Method = "read"


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisation of a cell.

    ``printed`` is its text with the qualifier; ``unit_id`` and ``name`` (canonical) are None where the
    roster of the region does not know it; ``qualifier`` is what stands in brackets behind the name. ``full`` is the
    printed text with what its list says only once put back (省科技厅), None where nothing is missing.
    """

    printed: str
    unit_id: str | None = None
    name: str | None = None
    qualifier: str | None = None
    full: str | None = None


@dataclass(frozen=True, slots=True)
class Leader:
    """One leader of a cell.

    ``printed`` is the name without inner blanks; ``post`` the title printed with it (副区长张三) or instead of it.
    ``leader_id`` and ``name`` (canonical) are None where the list of leaders of the region does not know the name.
    """

    printed: str
    leader_id: str | None = None
    name: str | None = None
    post: str | None = None


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days that printed words of time stand for, first and last, both included, as ISO dates.

    ``first`` is None where only the end is said (6月底前), ``last`` where there is none (长期).
    """

    first: str | None
    last: str | None


TargetKind = Literal["numeric", "relative", "qualitative", "delegated"]
Comparator = Literal[
    "equal", "about", "at_least", "more_than", "at_most", "less_than", "range", "change_by", "multiple", "relative"
]
Change = Literal["increase", "decrease"]


@dataclass(frozen=True, slots=True)
class Target:
    """One commitment in the text of a task; docs/targets.md defines every field.

    ``value``, ``upper`` and ``baseline`` are in the printed ``unit``, ``base_value`` and ``base_upper`` in
    ``base_unit``. ``start`` and ``end`` are characters of the task's content, from 0, end excluded.
    """

    kind: TargetKind
    metric: str
    comparator: Comparator | None
    value: Decimal | None
    upper: Decimal | None
    baseline: Decimal | None
    unit: str | None
    base_value: Decimal | None
    base_upper: Decimal | None
    base_unit: str | None
    change: Change | None
    modality: str | None
    scope: str | None
    due: str | None
    reference: str | None
    phrase: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One numbered task. ``page_start`` and ``page_end`` are the pages of its row, from 1, or 0 without pages.

    ``due`` are the days that the printed deadline stands for, ``targets`` what the content commits to, in its order.
    """

    table_no: int
    task_no: Field[int]
    content: Field[str]
    category_no: Field[int | None]
    category: Field[str | None]
    subcategory: Field[str | None]
    leaders: Field[tuple[Leader, ...]]
    lead_units: Field[tuple[Unit, ...]]
    support_units: Field[tuple[Unit, ...]]
    deadline: Field[str | None]
    remark: Field[str | None]
    page_start: int
    page_end: int
    due: DateSpan | None = None
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A doubt. ``task_no`` and ``field`` are None where it concerns the document or a whole task."""

    rule: str
    severity: Severity
    message: str
    task_no: int | None = None
    field: str | None = None
    suggestion: str | None = None
    provenance: tuple[Provenance, ...] = ()
    table_no: int = 1


@dataclass(frozen=True, slots=True)
class Identity:
    """Which document a file is: what the sidecar, the folder, the file name and the title say."""

    document_id: str
    region_code: str
    region: str
    year: int
    kind: str
    title: str
    publisher: str | None
    source_file: str
    source_url: str | None
    source_sha256: str


@dataclass(frozen=True, slots=True)
class NormalizedDocument:
    """All that was understood of one file. ``identity`` is None when only extraction was asked for."""

    identity: Identity | None
    source_format: str
    pages: int
    title: str | None
    tasks: tuple[TaskRecord, ...]
    issues: tuple[Issue, ...] = ()
    #: Fields that the headings of the document's tables have columns for.
    columns: frozenset[str] = frozenset()
    #: Numbers of tasks that the document itself declares (共85项).
    declared_counts: tuple[int, ...] = ()
    has_roster: bool = False
    #: The bodies of the roster that the document names, with the members of the groups among them, and which members a
    #: group (its unit_id) has in that year.
    organisations: tuple[Organisation, ...] = ()
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: What reference/corrections takes as settled; validation keeps to it as well.
    accepted: tuple[Correction, ...] = ()
