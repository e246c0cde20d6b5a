"""A table without rulings that was cut into rows at the wrong line: both tasks beside the cut are in doubt."""

from __future__ import annotations

from ruled import SHORT, read, ruled

from extractors.model import Doubt
from normalizers.records import NormalizedDocument

UNRULED = (Doubt("unruled_table", "the table on page 1 has no rulings", ()),)
ONE = ["1", "做大总量并持续向好。", "王旭锋", "区发改局", "区财政局"]
FOUR = ["4", "改善人居环境。", "胡金芳", "区城管局", "区住建局"]


def in_doubt(document: NormalizedDocument) -> set[int | None]:
    """The tasks that carry a doubt."""
    return {issue.task_no for issue in document.issues if issue.severity != "info"}


def of(*rows: list[str], doubts: tuple[Doubt, ...] = UNRULED) -> NormalizedDocument:
    return read(ruled(SHORT, ONE, *rows, FOUR, doubts=doubts))


def test_a_name_cut_at_the_end_is_a_doubt_about_the_next_task() -> None:
    rows = (
        ["2", "培育主体。", "江文亭", "区工信局、区国", "区科技局"],
        ["3", "扩大开放。", "江文亭", "资运营公司、区商务局", "区科技局"],
    )
    assert in_doubt(of(*rows)) == {2, 3}
    assert 3 not in in_doubt(of(*rows, doubts=()))


def test_a_name_cut_at_the_beginning_is_a_doubt_about_the_task_before() -> None:
    rows = (
        ["2", "培育主体。", "江文亭", "区工信局、区商务", "区科技局"],
        ["3", "扩大开放。", "江文亭", "局、区数据局", "区科技局"],
    )
    assert {2, 3} <= in_doubt(of(*rows))


def test_a_row_without_a_number_may_belong_to_the_task_behind_it() -> None:
    rows = (
        ["2", "培育主体。", "江文亭", "区工信局", "区科技局"],
        ["", "扩大开放，提升", "", "", ""],
        ["3", "贸易水平。", "江文亭", "区商务局", "区科技局"],
    )
    assert in_doubt(of(*rows)) == {2, 3}
    assert in_doubt(of(*rows, doubts=())) == {2}


def test_rows_that_fit_are_in_no_doubt() -> None:
    rows = (
        ["2", "培育主体。", "江文亭", "区工信局", "区科技局"],
        ["3", "扩大开放。", "江文亭", "区商务局", "区科技局"],
    )
    assert in_doubt(of(*rows)) == set()
