"""Tables in plain text: Markdown, drawn, in columns of blanks, separated values, one cell per line."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_documents import county
from scoring import wrong_fields
from typeset_plain import PENS, bordered, draw, drawn, fixed, listed, markdown, values
from typeset_table import Grid, GridCell, Record, grid, table_2026

from extractors.errors import ReadError
from extractors.model import SourceDocument, slots, tiles
from extractors.plain.reader import parse, read
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

FORMS: dict[str, Callable[[Grid], str]] = {
    **{f"drawn, {name}": partial(drawn, pen=pen) for name, pen in PENS.items()},
    "drawn, one ruling": bordered,
    "Markdown": markdown,
    "commas": lambda table: values(table, ","),
    "semicolons": lambda table: values(table, ";"),
    "bars": lambda table: values(table, "|"),
    "columns": fixed,
    "columns, one blank between": lambda table: fixed(table, 1),
    "columns, blank lines": lambda table: fixed(table, 3, True),
    "a cell per line": listed,
    "a cell per line, blank lines": lambda table: listed(table, "\n\n"),
}
COLUMNS = ("number", "category", "content", "leaders", "lead_units", "support_units", "deadline")


def read_text(text: str) -> NormalizedDocument:
    return normalize(parse(text, "x.txt"), None)


def said_of(document: NormalizedDocument) -> set[int | None]:
    """The tasks about which something is in doubt."""
    return {issue.task_no for issue in document.issues if issue.severity != "info"}


@pytest.mark.parametrize("form", FORMS)
def test_the_2026_table_is_right_in_every_form(form: str) -> None:
    records = table_2026()
    document = read_text(FORMS[form](grid(records)))
    assert wrong_fields(records, nested(document)) == []
    assert document.declared_counts == (85,)
    assert document.title == "2026年《政府工作报告》主要目标任务责任分解表"


@pytest.mark.parametrize("number", ["({}) ", "（{}）", "{}. "])
@pytest.mark.parametrize("form", FORMS)
def test_a_county_with_cooperating_organisations_is_right_or_says_so(form: str, number: str) -> None:
    records = county()
    document = read_text(FORMS[form](grid(records, COLUMNS, number)))
    wrong = wrong_fields(records, nested(document))
    if "per line" in form:  # which of two columns of organisations a lone one stands in, nothing tells
        assert {field for _, field, *_ in wrong} <= {"lead_units", "support_units"}
        assert {task_no for task_no, *_ in wrong} <= said_of(document)
    else:
        assert wrong == []


def test_without_a_second_column_of_organisations_nothing_is_open_in_a_cell_per_line() -> None:
    records = [record | {"support_units": []} for record in county()]
    columns = tuple(column for column in COLUMNS if column != "support_units")
    document = read_text(listed(grid(records, columns)))
    assert wrong_fields(records, nested(document)) == []
    assert not [issue for issue in document.issues if issue.rule == "ambiguous_alignment"]


def texts(document: SourceDocument) -> list[list[list[str]]]:
    found = []
    for table in document.tables:
        assert tiles(table.cells, table.n_rows, table.n_cols)
        rows = [[""] * table.n_cols for _ in range(table.n_rows)]
        for cell in table.cells:
            rows[cell.row][cell.col] = cell.text
        found.append(rows)
    return found


# Marks that a form adds, and blanks, which mean nothing.
_MARKS = set(' \t\n\r\f\v\u3000\u00a0\x85\u2028\u2029|+-=:"#*_`~\\>,;，；<br/>&')


def kept(document: SourceDocument) -> Counter[str]:
    said = [cell.text for table in document.tables for cell in table.cells] + [b.text for b in document.blocks]
    return Counter(char for char in "".join(said) if char not in _MARKS and not 0x2500 <= ord(char) < 0x2580)


@pytest.mark.parametrize("form", FORMS)
def test_damaged_texts_are_read_without_a_crash_or_a_silent_loss(form: str, tmp_path: Path) -> None:
    rng = random.Random(form)
    whole = FORMS[form](grid(county(), COLUMNS))
    for _ in range(200 // len(FORMS) + 3):
        text = damaged(whole, rng)
        try:
            document = read(text.encode(), tmp_path / "x.txt")
        except ReadError:
            continue
        assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in document.tables)
        printed = Counter(char for char in text if char not in _MARKS and not 0x2500 <= ord(char) < 0x2580)
        assert not printed - kept(document), text
        normalize(document, None)


def damaged(text: str, rng: random.Random) -> str:
    """A text with lines lost, doubled, cut, shifted, and characters changed."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(lines))
        line = lines[at]
        cut = rng.randint(0, len(line))
        mark = rng.choice('│|+-—(1) "*，、\t张')
        ways: tuple[list[str], ...] = (
            [],
            [line] * 2,
            [line[:cut]],
            [line[cut:]],
            [line[:cut], line[cut:]],
            ["      " + line],
            [line, ""],
        )
        lines[at : at + 1] = rng.choice((*ways, [line, "\f"], [line[:cut] + mark + line[cut:]], ["— 3 —", line]))
        lines = lines or [""]
    return "\n".join(lines)


@st.composite
def random_grid(draw_from: st.DrawFn) -> tuple[list[GridCell], int, int]:
    """Cells with spans that tile a grid of up to six rows and five columns."""
    n_rows, n_cols = draw_from(st.integers(2, 6)), draw_from(st.integers(2, 5))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            free = next((c for c in range(col, n_cols) if (row, c) in taken), n_cols) - col
            cols = draw_from(st.integers(1, free))
            rows = draw_from(st.integers(1, n_rows - row))
            text = draw_from(st.text("区发改局优化ab1（）“—。", max_size=14)).strip()
            cell = GridCell(row, col, rows, cols, text, "")
            taken |= set(cell_slots(cell))
            cells.append(cell)
    return cells, n_rows, n_cols


def cell_slots(cell: GridCell) -> list[tuple[int, int]]:
    return [
        (r, c) for r in range(cell.row, cell.row + cell.row_span) for c in range(cell.col, cell.col + cell.col_span)
    ]


def _as_ruled(cells: list[GridCell], n_rows: int, n_cols: int) -> bool:
    """Whether each grid line is somewhere ruled: else nothing tells that it is there."""
    owner = {slot: cell for cell in cells for slot in cell_slots(cell)}
    rows = all(any(owner[r - 1, c] is not owner[r, c] for c in range(n_cols)) for r in range(1, n_rows))
    return rows and all(any(owner[r, c - 1] is not owner[r, c] for r in range(n_rows)) for c in range(1, n_cols))


@given(random_grid(), st.sampled_from(sorted(PENS)), st.integers(0, 5))
def test_a_drawn_table_is_read_as_it_was_drawn(made: tuple[list[GridCell], int, int], pen: str, indent: int) -> None:
    cells, n_rows, n_cols = made
    if not _as_ruled(cells, n_rows, n_cols):
        return
    text = draw(cells, n_rows, [6] * n_cols, PENS[pen])
    document = parse("\n".join(" " * indent + line for line in text.split("\n")), "x.txt")
    (table,) = document.tables
    found = {(c.row, c.col, c.row_span, c.col_span): "".join(c.text.split()) for c in table.cells}
    assert found == {(c.row, c.col, c.row_span, c.col_span): "".join(c.text.split()) for c in cells}
    assert {slot for cell in table.cells for slot in slots(cell)} == {s for c in cells for s in cell_slots(c)}


def paged(form: Callable[[Grid], str], records: list[Record], between: str) -> str:
    """The table in pieces of nine tasks with the heading on each page."""
    pages = []
    for number, start in enumerate(range(0, len(records), 9), 1):
        lines = form(grid(records[start : start + 9], COLUMNS)).split("\n")
        top = next(at for at, line in enumerate(lines) if "序号" in line or "┌" in line)
        kept_lines = [line for line in (lines if number == 1 else lines[top:]) if not line.startswith("注：")]
        pages.append("\n".join(kept_lines).rstrip("\n") + between.format(number))
    return "".join(pages)


@pytest.mark.parametrize("between", ["\n— {} —\n\n", "\n\f", "\n\n"])
@pytest.mark.parametrize("form", ["drawn, light", "Markdown", "commas", "columns", "a cell per line"])
def test_pages_are_told_by_form_feeds_page_numbers_or_repeated_headings(form: str, between: str) -> None:
    records = county()
    found = nested(read_text(paged(FORMS[form], records, between)))
    assert [record["page_start"] for record in found] == [index // 9 + 1 for index in range(36)]
    wrong = wrong_fields(records, found)
    assert not wrong or form == "a cell per line"


def test_bars_that_stand_askew_are_counted() -> None:
    text = "┌──┬────┬────┐\n│序号│工作任务│牵头单位│\n├──┼────┼────┤\n│1│做大总量，\n│区发改局│\n└──┴────┴────┘"
    text = text.replace("，\n│", "。│")
    assert texts(parse(text, "x.txt")) == [[["序号", "工作任务", "牵头单位"], ["1", "做大总量。", "区发改局"]]]


def test_markdown_marks_are_no_text() -> None:
    text = "任务表\n\n序号 | **工作任务** | 牵头单位\n:-: | --- | ---\n"
    text += "1 | 打造“1\\|4”体系<br>落实`到位` | 区发改局\n2 | *第二* |\n"
    assert texts(parse(text, "x.txt")) == [
        [["序号", "工作任务", "牵头单位"], ["1", "打造“1|4”体系\n落实到位", "区发改局"], ["2", "第二", ""]]
    ]


def test_quoted_values_hold_separators_quotes_and_line_breaks() -> None:
    text = '序号,任务,单位\n1,"做大,总量\n""一""","区局"\n2,第二,\n'
    assert texts(parse(text, "x.txt")) == [
        [["序号", "任务", "单位"], ["1", '做大,总量\n"一"', "区局"], ["2", "第二", ""]]
    ]


def test_a_name_with_a_blank_is_no_gap_between_columns() -> None:
    text = (
        "序号  工作任务        分管领导  牵头单位\n"
        "1     做大总量。      吴 伟     区发改局\n"
        "2     培育主体。      王 芳     区科技局\n"
        "                                区工信局\n"
        "3     改善环境。      李 强     区城管局\n"
    )
    assert texts(parse(text, "x.txt"))[0][2] == ["2", "培育主体。", "王 芳", "区科技局\n区工信局"]
