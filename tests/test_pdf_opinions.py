"""Second opinions: when other engines are asked, what they see, and who is believed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pages import Sheet

from extractors.model import Doubt, Table
from extractors.pdf.content import ENGINE
from extractors.pdf.grid import Grid, Slab
from extractors.pdf.judging import differing
from extractors.pdf.limited import attempt
from extractors.pdf.noise import without_noise
from extractors.pdf.opinions import Opinions, own_grid, second_opinion, unsure
from extractors.pdf.pdfium import open_document, read_page
from extractors.pdf.peers import Source, grid_of_boxes, grid_of_slabs, ruled_opinions, unruled_opinions
from extractors.pdf.reader import read
from extractors.pdf.tables import PageContent, read_page_tables, with_tables

COLS, ROWS = (60.0, 160.0, 260.0, 360.0), (100.0, 120.0, 140.0, 160.0)
HEADING = ("Office", "Person in charge", "Telephone")


def ruled(password: str | None = None) -> bytes:
    """A table of three by three cells; the last two of the first column are one."""
    sheet = Sheet(password=password)
    for y in ROWS:
        sheet.line(COLS[1] if y == ROWS[2] else COLS[0], y, COLS[-1], y)
    for x in COLS:
        sheet.line(x, ROWS[0], x, ROWS[-1])
    for row, texts in enumerate([HEADING, ("Library", "James O'Leary", "0117"), ("", "Maria Feldhoff", "0150")]):
        for col, text in enumerate(texts):
            sheet.text(COLS[col] + 4, ROWS[row] + 5, text)
    return sheet.pdf()


#: So far to the right of the true borders letters of three words are cut in halves.
SHIFT = (19.0, 19.0)


def page_of(data: bytes, password: str | None = None) -> PageContent:
    with open_document(data, Path("drawn.pdf"), password) as document:
        return read_page_tables(read_page(document, 1, Path("drawn.pdf")))


def texts(table: Table) -> list[tuple[int, int, str]]:
    return [(cell.row, cell.col, cell.text) for cell in table.cells if cell.text]


def misread(content: PageContent) -> PageContent:
    """The page as if borders had been seen where there are none: through the words of each column."""
    grid = own_grid(content.tables[0])
    slabs = [Slab(row, col, 1, 1) for row in range(3) for col in range(3)]
    wrong = grid_of_slabs(grid.rows, grid.cols + np.array([0.0, *SHIFT, 0.0]), slabs)
    return with_tables(content, [(wrong, [])], without_noise(content.page)[0])


def test_nobody_is_asked_about_a_page_that_is_sure() -> None:
    content = page_of(ruled())
    assert unsure(content) == ()
    assert second_opinion(content, Source(b"no PDF", None)) is content


def test_other_engines_see_the_same_cells_with_their_spans() -> None:
    data = ruled()
    content = page_of(data)
    answers = ruled_opinions(Source(data, None), content.page)
    assert set(answers) == {"pdfplumber", "camelot"}
    own = own_grid(content.tables[0])
    for grids in answers.values():
        assert [grid.slabs for grid in grids] == [own.slabs]
        assert abs(grids[0].cols - own.cols).max() < 1
        assert abs(grids[0].rows - own.rows).max() < 1


def test_a_file_and_a_password_are_passed_on(tmp_path: Path) -> None:
    data = ruled("secret")
    path = tmp_path / "locked.pdf"
    path.write_bytes(data)
    content = page_of(data, "secret")
    assert set(ruled_opinions(Source(path, "secret"), content.page)) == {"pdfplumber", "camelot"}
    assert ruled_opinions(Source(path, "wrong"), content.page) == {}


def test_a_better_reading_is_taken_and_named() -> None:
    data = ruled()
    content = page_of(data)
    wrong = misread(content)
    assert unsure(wrong) == ("characters on borders",)
    settled = second_opinion(wrong, Source(data, None))
    (table,) = settled.tables
    assert texts(table) == texts(content.tables[0])
    engines = {cell.provenance.engine for cell in table.cells}
    assert engines < {"pdfplumber", "camelot"}
    (doubt,) = (doubt for doubt in table.doubts if doubt.rule == "second_opinion")
    assert "characters on borders" in doubt.detail
    assert settled.lines == content.lines


def test_plausible_engines_that_see_other_cells_are_named() -> None:
    sheet = Sheet()
    for y in ROWS:
        sheet.line(COLS[0], y, COLS[-1], y)
    for x in COLS:
        sheet.line(x, ROWS[0], x, ROWS[-1])
    for row, own in enumerate([HEADING, ("Library", "James O'Leary", "0117"), ("Depot", "Maria Feldhoff", "0150")]):
        for col, text in enumerate(own):
            sheet.text(COLS[col] + 4, ROWS[row] + 5, text)
    data = sheet.pdf()
    content = page_of(data)
    grid = own_grid(content.tables[0])
    slabs = [slab for slab in grid.slabs if slab.col or not slab.row]
    joined = grid_of_slabs(grid.rows, grid.cols, [*slabs, Slab(1, 0, 2, 1)])
    doubts = [replace(doubt) for doubt in content.tables[0].doubts]
    wrong = with_tables(content, [(joined, doubts)], without_noise(content.page)[0])
    marked = replace(wrong, tables=tuple(_open(table) for table in wrong.tables))
    (table,) = second_opinion(marked, Source(data, None)).tables
    said = [doubt for doubt in table.doubts if doubt.rule == "engines_disagree"]
    assert len(said) == 2
    assert all("pdfplumber" in doubt.detail or "camelot" in doubt.detail for doubt in said)
    assert {place.bbox for doubt in said for place in doubt.places} == {
        cell.provenance.bbox for cell in table.cells if cell.row_span > 1
    }


def _open(table: Table) -> Table:
    return replace(table, doubts=(Doubt("open_ruling", "a line is interrupted"),))


def test_engines_that_fail_have_no_opinion() -> None:
    content = misread(page_of(ruled()))
    assert second_opinion(content, Source(b"%PDF-1.4 broken", None)) is content


def test_a_page_without_rulings_is_read_by_us_and_by_camelot() -> None:
    sheet = Sheet()
    body = [
        ("Austria", "12.1", "10.4"),
        ("Belgium", "23.8", "25.0"),
        ("Denmark", "7.3", "6.9"),
        ("France", "48.8", "51.3"),
    ]
    for number, row in enumerate([("Country", "Exports", "Imports"), *body]):
        sheet.row(100 + 16 * number, [(60.0, "left"), (250.0, "right"), (330.0, "right")], row)
    data = sheet.pdf()
    content = page_of(data)
    assert unsure(content) == ("unruled",)
    assert set(unruled_opinions(Source(data, None), content.page)) == {"camelot"}
    (table,) = read(data, Path("drawn.pdf")).tables
    assert {cell.provenance.engine for cell in table.cells} == {ENGINE}
    assert len(table.cells) == 15
    assert {doubt.rule for doubt in table.doubts} == {"unruled_table"}


def test_columns_unlike_those_of_the_page_before_are_unsure() -> None:
    content = page_of(ruled())
    (table,) = content.tables
    before = replace(table, columns=(60.0, 100.0, 200.0, 300.0, 360.0))
    assert unsure(content, [before]) == ()  # it has a heading of its own
    cells = tuple(replace(cell, text="12") if cell.row == 0 else cell for cell in table.cells)
    assert unsure(replace(content, tables=(replace(table, cells=cells),)), [before]) == ("other columns",)


def test_opinions_know_the_page_before() -> None:
    data = ruled()
    opinions = Opinions(data)
    content = page_of(data)
    assert opinions.settle(content) is content


@pytest.mark.parametrize(
    ("boxes", "n_cells"),
    [
        ([(0, 0, 50, 20), (50, 0, 100, 20), (0, 20, 50, 40), (50, 20, 100, 40)], 4),
        ([(0, 0, 100, 20), (0.8, 20, 50, 40), (50, 20.7, 99.5, 40), (0, 40, 50, 60)], 5),  # the blank slot is a cell
        ([(0, 0, 60, 20), (50, 0, 100, 20), (0, 20, 50, 40), (50, 20, 100, 40)], None),  # two lie on each other
        ([(0, 0, 50, 20), (50, 0, 100, 20)], None),
    ],
)
def test_boxes_make_a_grid(boxes: Sequence[tuple[float, float, float, float]], n_cells: int | None) -> None:
    grid = grid_of_boxes(boxes)
    assert (len(grid.slabs) if grid else None) == n_cells


def test_cells_differ_by_their_characters() -> None:
    content = page_of(ruled())
    chars = without_noise(content.page)[0]
    own = own_grid(content.tables[0])
    assert differing(own, [own], chars) == []
    slabs = [Slab(0, 0, 1, 2), *(slab for slab in own.slabs if (slab.row, slab.col) not in ((0, 0), (0, 1)))]
    wide: Grid = grid_of_slabs(own.rows, own.cols, slabs)
    assert differing(own, [wide], chars) == [0, 1]


def test_what_takes_too_long_or_fails_has_no_result() -> None:
    def forever() -> int:
        while True:
            pass

    def fails() -> int:
        raise ValueError

    begun = time.monotonic()
    assert attempt(forever, 0.2) is None
    assert time.monotonic() - begun < 5
    assert attempt(fails, 5) is None
    assert attempt(lambda: 7, 5) == 7
    time.sleep(0.3)  # no late alarm
