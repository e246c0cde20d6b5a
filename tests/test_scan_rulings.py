"""The grid of a scanned table is that of the table that was drawn, whatever the scan is like."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from pages import Sheet as Paper
from random_page import Sheet, draw_pages, fit
from random_rulings import Paint, Style
from random_table import DrawnTable, Shape, make_table
from scan_pages import Scanner, scan, scanned_page

from extractors.model import Table
from extractors.pdf.tables import read_page_tables
from extractors.scan.model import Ruling, Straight
from extractors.scan.rulings import find_rulings
from extractors.scan.straighten import straighten

Found = dict[tuple[int, int, int, int], str]
TABLE = make_table(Shape(12, 6, 0.4, 0.15, 3, 9.0, 1.35, None, 5))
OTHER = make_table(Shape(8, 5, 0.15, 0.0, 4, 12.0, 1.15, "top", 8))


@cache
def drawn(table: DrawnTable, paint: Paint, width: float) -> bytes:
    return draw_pages([[table]], Style(paint=paint, width=width), fit(Sheet(), [table]))


def expected(table: DrawnTable) -> Found:
    return {cell.slot: cell.text for cell in table.cells}


def found(table: Table) -> Found:
    return {(c.row, c.col, c.row_span, c.col_span): "".join(c.text.split()) for c in table.cells}


def read(pdf: bytes, scanner: Scanner) -> list[Found]:
    """What the tables of a scan say, its characters standing where they stand in the PDF."""
    picture, page, to_scan = scan(pdf, 1, scanner)
    straight = straighten(picture)
    content = read_page_tables(scanned_page(page, to_scan, straight, find_rulings(straight)))
    return [found(table) for table in content.tables]


SCANNERS = {
    "150 dots": Scanner(dpi=150, skew=0.5),
    "200 dots, grey": Scanner(dpi=200, skew=-1.0, grey=True, noise=6),
    "300 dots": Scanner(dpi=300, skew=0.5),
    "noise and JPEG": Scanner(dpi=150, skew=1.5, noise=6, jpeg=40),
    "a seal over the rulings": Scanner(dpi=150, skew=0.5, seal=True, jpeg=40),
    "a shadow": Scanner(dpi=150, shadow=0.35, noise=5),
    "dirty edges": Scanner(dpi=150, skew=0.5, dirty_edges=True, dark_edge=True),
    "faint": Scanner(dpi=150, skew=0.8, faint=0.6, noise=6, jpeg=60),
    "bent": Scanner(dpi=150, bend=2.0, noise=4),
    "broken": Scanner(dpi=150, skew=0.6, broken=0.04),
    "lying on its side": Scanner(dpi=150, turn=270, skew=0.5),
    "everything": Scanner(dpi=150, skew=1.5, noise=5, jpeg=50, seal=True, shadow=0.2, dirty_edges=True, faint=0.1),
}


@pytest.mark.parametrize("name", SCANNERS)
def test_the_grid_of_a_scan_is_that_of_the_page(name: str) -> None:
    assert read(drawn(TABLE, "stroke", 0.5), SCANNERS[name]) == [expected(TABLE)]


@pytest.mark.parametrize(
    ("paint", "width"), [("stroke", 0.35), ("stroke", 1.5), ("fill", 2.5), ("double", 1.0), ("dashes", 0.75)]
)
def test_rulings_of_every_kind_are_found(paint: Paint, width: float) -> None:
    assert read(drawn(OTHER, paint, width), Scanner(dpi=150, skew=-1.0, noise=5, jpeg=60)) == [expected(OTHER)]


def rulings_of(paper: Paper, scanner: Scanner) -> tuple[Straight, list[Ruling]]:
    picture, _, _ = scan(paper.pdf(), 1, scanner)
    straight = straighten(picture)
    return straight, find_rulings(straight)


def test_text_has_no_rulings() -> None:
    paper = Paper("STSong-Light")
    for number in range(40):
        paper.text(60, 60 + 17 * number, "王三主二一工土干十丰王三主二一工土干十丰中口日目田由甲申回国王三主二一工")
    assert not rulings_of(paper, Scanner(dpi=150, skew=0.4, noise=5, jpeg=50))[1]


def test_a_seal_has_no_rulings() -> None:
    assert not rulings_of(Paper(), Scanner(dpi=200, seal=True, jpeg=40))[1]
    assert not rulings_of(Paper(), Scanner(dpi=150, seal=True, grey=True))[1]


def test_rulings_are_where_they_were_drawn() -> None:
    paper = Paper()
    for y in (200, 300, 400):
        paper.line(100, y, 500, y)
    for x in (100, 250, 500):
        paper.line(x, 200, x, 400)
    straight, rulings = rulings_of(paper, Scanner(dpi=200, noise=3))
    scale = 72 / straight.dpi
    level = [(r.at * scale, r.start * scale, r.end * scale) for r in rulings if r.horizontal]
    standing = [(r.at * scale, r.start * scale, r.end * scale) for r in rulings if not r.horizontal]
    assert np.array(sorted(level)) == pytest.approx(np.array([(y, 100, 500) for y in (200, 300, 400)]), abs=0.5)
    assert np.array(sorted(standing)) == pytest.approx(np.array([(x, 200, 400) for x in (100, 250, 500)]), abs=0.5)
    assert all(0.3 <= r.thickness * scale <= 1.2 for r in rulings)


def test_a_line_that_ends_at_another_goes_no_further() -> None:
    paper = Paper()
    for y in (200, 260, 320):
        paper.line(100, y, 500, y)
    for x in (100, 500):
        paper.line(x, 200, x, 320)
    # The same column edge above and below, and none in the merged cell between the rulings at 220 and 300.
    for y0, y1 in ((200, 220), (300, 320)):
        paper.line(300, y0, 300, y1)
    for y in (220, 300):
        paper.line(100, y, 500, y)
    straight, rulings = rulings_of(paper, Scanner(dpi=150, skew=0.5))
    middle = 300 * straight.dpi / 72
    inner = [r for r in rulings if not r.horizontal and abs(r.at - middle) < 20]
    assert len(inner) == 2
    assert all(r.end - r.start < 26 * straight.dpi / 72 for r in inner)
