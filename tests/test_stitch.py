"""Joining physical tables over pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors.delimited import parse
from extractors.model import Cell, LogicalTable, Provenance, Table, tiles
from extractors.stitch import stitch


def grid(table: LogicalTable) -> list[list[str]]:
    """The texts of a logical table; a cell over several columns has its text in each."""
    assert tiles(table.cells, table.n_rows, table.n_cols)
    texts = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                texts[row][col] = cell.text
    return texts


def ruled(page: int, texts: list[list[str]]) -> Table:
    cells = tuple(
        Cell(text, row, col, 1, 1, Provenance(page)) for row, line in enumerate(texts) for col, text in enumerate(line)
    )
    return Table(page, len(texts), len(texts[0]), cells)


def test_a_page_with_a_hidden_column_keeps_its_columns_apart() -> None:
    text = (
        "序号\t目标名称\t\t工作标准\t牵头单位\n1\t甲\t乙\t(1) 一。\t区局\n"
        "序号\t目标名称\t工作标准\t牵头单位\n\t丙\t(2) 二。\t区委\n"
    )
    (table,) = stitch(parse(text, "x").tables)
    assert grid(table) == [
        ["序号", "目标名称", "", "工作标准", "牵头单位"],
        ["1", "甲", "乙", "(1) 一。", "区局"],
        ["", "丙", "丙", "(2) 二。", "区委"],
    ]
    assert [cell.text for cell in table.dropped] == ["序号", "目标名称", "工作标准", "牵头单位"]


def test_the_fullest_heading_comes_to_the_top() -> None:
    text = (
        "序号\t目标名称\t工作标准\t牵头单位\n\t丙\t(1) 一。\t区委\n"
        "序号\t目标名称\t\t工作标准\t牵头单位\n2\t甲\t乙\t(2) 二。\t区局\n"
    )
    (table,) = stitch(parse(text, "x").tables)
    assert grid(table)[0] == ["序号", "目标名称", "", "工作标准", "牵头单位"]
    assert grid(table)[1] == ["", "丙", "丙", "(1) 一。", "区委"]
    assert len(table.dropped) == 4


def test_tables_with_other_headings_stay_apart() -> None:
    tables = [ruled(1, [["name", "phone"], ["a", "1"]]), ruled(1, [["place", "date"], ["b", "2"]])]
    assert len(stitch(tables)) == 2


def test_a_table_without_a_heading_goes_on_with_the_one_before() -> None:
    (table,) = stitch([ruled(1, [["name", "phone"], ["a", "1"]]), ruled(2, [["b", "2"]])])
    assert grid(table) == [["name", "phone"], ["a", "1"], ["b", "2"]]
    assert table.cells[-1].provenance == (Provenance(2),)


WORDS = st.text(alphabet="abcdefgh 甲乙丙", min_size=1, max_size=6).map(str.strip).filter(bool)
NUMBERED = st.tuples(WORDS, st.integers(1, 99)).map(lambda pair: f"{pair[0]}{pair[1]}")


@given(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(NUMBERED, min_size=n, max_size=n), min_size=1, max_size=12),
            st.integers(1, 5),
            st.booleans(),
        )
    )
)
def test_cutting_a_table_into_pages_and_joining_it_changes_nothing(
    case: tuple[list[list[str]], int, bool],
) -> None:
    body, per_page, repeat = case
    heading = [f"column {letter}" for letter in "ABCDEF"[: len(body[0])]]
    pages = [body[start : start + per_page] for start in range(0, len(body), per_page)]
    tables = [
        ruled(number, [heading, *page] if repeat or number == 1 else page) for number, page in enumerate(pages, 1)
    ]
    (joined,) = stitch(tables)
    assert grid(joined) == [heading, *body]
    n_cells = sum(len(table.cells) for table in tables)
    assert len(joined.cells) + len(joined.dropped) == n_cells
