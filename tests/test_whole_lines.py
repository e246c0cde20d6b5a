"""One cell per line with two columns of organisations: lists on one line show that each line is a whole cell."""

from __future__ import annotations

from plain_documents import county
from scoring import wrong_fields
from typeset_plain import listed
from typeset_table import Record, grid

from extractors.plain.reader import parse
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

COLUMNS = ("number", "category", "content", "leaders", "lead_units", "support_units", "deadline")
UNITS = ("县发改局", "县财政局", "县住建局", "县工信局", "县教育局", "县民政局", "县司法局")


def read(records: list[Record], separator: str) -> tuple[NormalizedDocument, set[object]]:
    """What is read from the records, one cell per line, and the tasks of which something is wrong."""
    found = normalize(parse(listed(grid(records, COLUMNS, separator=separator)), "x.txt"), None)
    return found, {task_no for task_no, *_ in wrong_fields(records, nested(found))}


def said_of(document: NormalizedDocument) -> set[int | None]:
    return {issue.task_no for issue in document.issues if issue.severity != "info"}


def with_units(records: list[Record]) -> list[Record]:
    """Each task has its own cells: one to two that lead, one to three that support."""
    return [
        record
        | {
            "lead_units": [UNITS[(at * 3 + own) % 7] for own in range(at % 2 + 1)],
            "support_units": [UNITS[(at * 3 + 3 + own) % 7] for own in range(at % 3 + 1)],
        }
        for at, record in enumerate(records)
    ]


def test_lists_on_one_line_are_whole_cells() -> None:
    records = with_units(county())
    document, wrong = read(records, "、")
    assert wrong == set()
    assert said_of(document) == set()


def test_names_on_lines_of_their_own_stay_open() -> None:
    document, wrong = read(with_units(county()), "\n")
    assert wrong
    assert wrong <= said_of(document)


def test_cells_that_go_on_over_tasks_are_said() -> None:
    document, wrong = read(county(), "、")
    assert wrong <= said_of(document)
    assert len(said_of(document)) < 25


def test_two_lines_that_may_be_one_cell_are_said() -> None:
    """Nobody supports, and two lead: without a list on one line nothing tells that they are one cell."""
    records = [
        record | {"lead_units": list(UNITS[at % 5 : at % 5 + 2]), "support_units": []}
        for at, record in enumerate(county())
    ]
    document, wrong = read(records, "\n")
    assert wrong <= said_of(document)


def test_a_label_that_ends_like_a_town_is_no_organisation() -> None:
    text = (
        "目标名称\n工作标准\n分管领导\n牵头单位\n做强产业\n1.完成全年目标任务。\n王旭锋\n区发改局\n"
        "2.推进项目建设。\n江文亭\n区住建局\n做优城市\n3.抓好安全生产。\n吴伟\n区应急局\n4.抓好城市管理。\n区城管局\n"
    )
    document = normalize(parse(text, "x.txt"), None)
    assert [task.category.value for task in document.tasks] == ["做强产业", "做强产业", "做优城市", "做优城市"]
    assert [len(task.lead_units.value) for task in document.tasks] == [1, 1, 1, 1]
