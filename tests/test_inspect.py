"""``fenjie inspect``: grids on the terminal, pictures of pages, exit codes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from rich.cells import cell_len
from typeset_pdf import FONT, typeset_pdf
from typeset_table import table_2026

from extractors.model import Bbox, Cell, Doubt, Provenance, Table, tiles
from extractors.read import read_document
from flows import inspection
from flows.cli import main
from flows.gridtext import MAX_ROWS, draw, printable, shortened
from flows.pageview import view_page
from flows.pictures import draw_page, painted
from flows.readings import Reading, cells_at, page_ranges

ZHONGLOU = Path(__file__).parent.parent / "raw" / "2026" / "zhonglou.txt"
Place = tuple[int, int, int, int]  # row, column, row span, column span
#: Borders of the small table that the tests draw, in points from its own top left; its merged cells.
COLUMNS, ROWS = (60.0, 110.0, 250.0, 400.0), (80.0, 110.0, 150.0, 190.0, 240.0)
CELLS: dict[Place, str] = {
    (0, 0, 1, 1): "序号", (0, 1, 1, 2): "目标", (1, 0, 2, 1): "1", (1, 1, 1, 1): "做大总量", (1, 2, 1, 1): "区发改局",
    (2, 1, 1, 1): "培育主体", (2, 2, 2, 1): "区科技局", (3, 0, 1, 1): "2", (3, 1, 1, 1): "改善环境",
}  # fmt: skip


def table(n_rows: int, n_cols: int, cells: dict[Place, str], wraps: tuple[int, ...] = ()) -> Table:
    made = tuple(Cell(text, *place, Provenance(1, line="1"), wraps) for place, text in cells.items())
    assert tiles(made, n_rows, n_cols)
    return Table(1, n_rows, n_cols, made)


def grid(drawn: Table, width: int = 60, heading: int = 0, marks: dict[int, str] | None = None) -> list[str]:
    return [line.plain for line in draw(drawn, width, heading, marks)]


def fenjie(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["inspect", *map(str, arguments)])


def test_merged_cells_are_drawn_merged() -> None:
    assert grid(table(4, 3, CELLS), heading=1, marks={5: "[1]"}) == [
        "     1       2          3",
        "  ┌────┬────────────────────┐",
        "1 │序号│目标                │",
        "  ╞════╪═══════════╤════════╡",
        "2 │1   │做大总量   │区发改局│",
        "  │    ├───────────┼────────┤",
        "3 │    │[1]培育主体│区科技局│",
        "  ├────┼───────────┤        │",
        "4 │2   │改善环境   │        │",
        "  └────┴───────────┴────────┘",
    ]


def test_a_cell_merged_both_ways_keeps_its_room() -> None:
    cells = {(0, 0, 2, 2): "甲", (0, 2, 1, 1): "乙", (1, 2, 1, 1): "丙", (2, 0, 1, 1): "丁", (2, 1, 1, 2): "戊"}
    assert grid(table(3, 3, cells)) == [
        "     1    2    3",
        "  ┌─────────┬────┐",
        "1 │甲       │乙  │",
        "  │         ├────┤",
        "2 │         │丙  │",
        "  ├────┬────┴────┤",
        "3 │丁  │戊       │",
        "  └────┴─────────┘",
    ]


def test_long_texts_keep_their_beginning_and_end() -> None:
    text = "开头" + "中" * 200 + "结尾"
    lines = grid(table(1, 1, {(0, 0, 1, 1): text}), width=40)
    assert len(lines) == 6
    assert "开头" in lines[2]
    assert lines[4].rstrip("│").rstrip().endswith("结尾")
    assert "…" in lines[4]
    assert shortened("开头很长很长很长结尾", 12) == "开头很…结尾"


def test_mere_wraps_are_joined_and_meant_breaks_kept() -> None:
    wrapped = "区文商旅发展\n促进中心"
    assert "区文商旅发展促进中心" in grid(table(1, 1, {(0, 0, 1, 1): wrapped}, wraps=(6,)))[2]
    assert grid(table(1, 1, {(0, 0, 1, 1): wrapped}))[2:4] == ["1 │区文商旅发展│", "  │促进中心    │"]
    names = grid(table(1, 1, {(0, 0, 1, 1): "花超琳\n岑敏"}, wraps=(3,)))
    assert names[2:4] == ["1 │花超琳│", "  │岑敏  │"]
    many = "\n".join(["甲局", "乙局", "丙局", "丁局"])
    assert "甲局↵乙" in grid(table(1, 1, {(0, 0, 1, 1): many}))[2]


def test_many_columns_are_drawn_in_bands() -> None:
    cells = {(0, col, 1, 1): f"c{col}" for col in range(30)}
    lines = grid(table(1, 30, cells), width=60)
    assert sum("┌" in line for line in lines) == 3
    assert max(map(cell_len, lines)) <= 60
    assert all(any(f"│{text} " in line for line in lines) for text in cells.values())


def test_of_a_long_table_the_first_rows_are_drawn() -> None:
    lines = grid(table(MAX_ROWS + 5, 1, {(row, 0, 1, 1): "x" for row in range(MAX_ROWS + 5)}))
    assert lines[-1] == "… and 5 more rows"


@st.composite
def tilings(draw_from: st.DrawFn) -> Table:
    """A random table: a grid that is cut in two, again and again."""
    text = st.text(st.sampled_from("局长项目abc 1，。\n\x1b\u3000\ue123"), max_size=60)
    n_rows, n_cols = draw_from(st.integers(1, 6)), draw_from(st.integers(1, 9))
    places: list[Place] = []
    todo: list[Place] = [(0, 0, n_rows, n_cols)]
    while todo:
        row, col, high, wide = todo.pop()
        cut = draw_from(st.integers(0, high + wide - 2))
        if cut == 0:
            places.append((row, col, high, wide))
        elif cut < high:
            todo += [(row, col, cut, wide), (row + cut, col, high - cut, wide)]
        else:
            at = cut - high + 1
            todo += [(row, col, high, at), (row, col + at, high, wide - at)]
    return table(n_rows, n_cols, {place: draw_from(text) for place in sorted(places)})


@given(tilings(), st.integers(20, 100))
def test_every_line_of_a_grid_fits_and_none_harms_the_terminal(drawn: Table, width: int) -> None:
    lines = grid(drawn, width)
    assert max(map(cell_len, lines)) <= width
    assert all(line == printable(line) for line in lines)
    borders = [cell_len(line) for line in lines if line[-1] in "┐┘┤│"]
    assert len(borders) >= 3
    if not any("┌" in line for line in lines[2:]):
        assert len(set(borders)) == 1


def test_pages_are_named_in_runs() -> None:
    assert page_ranges([1, 2, 3, 5, 9, 10]) == "1-3, 5, 9-10"


def test_what_is_seen_of_a_text() -> None:
    result = fenjie(ZHONGLOU, "--page", "3")
    assert result.exit_code == 0, result.output
    assert "page 3 of 9 · 1 table · 0 doubts" in result.output
    assert "table 1: 10 rows x 6 columns · 60 cells · columns from tabs · 1 heading row" in result.output
    assert "│厚植创新 │(19) 坚持把创新作为引领发" in result.output
    assert "table 1: 86 rows x 6 columns on pages 1-9, from 9 pieces" in result.output
    assert "repeated heading dropped on 8 pages: 2-9" in result.output
    assert max(map(cell_len, result.output.splitlines())) <= 100
    assert "\x1b" not in result.output


def test_what_is_seen_of_a_pdf(tmp_path: Path) -> None:
    path, _ = typeset_pdf(table_2026()[:30], tmp_path / "table.pdf")
    result = fenjie(path)
    assert result.exit_code == 0, result.output
    assert "page 1 of 3 · 595 x 842 pt · " in result.output
    assert "1 heading row" in result.output
    assert "text outside the tables\n  2026年《政府工作报告》主要目标任务责任分解表" in result.output
    assert "left out\n  page_number: - 2 -" in result.output
    assert "table 1: 31 rows x 6 columns on pages 1-3, from 3 pieces" in result.output
    assert "joined from several places" in result.output
    assert max(map(cell_len, result.output.splitlines())) <= 100


def test_of_a_long_document_the_first_pages_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    page = "序号\t目标名称\t牵头单位\n1\t({})做大总量\t区发改局\n"
    path.write_text("\f".join(page.format(number) for number in range(1, 13)), encoding="utf-8")
    output = fenjie(path).output
    assert "page 3 of 12" in output
    assert "page 4 of 12" not in output
    assert "Pages 1-3 of 12 are shown; name others with --page." in output
    output = fenjie(path, "--page", "7", "--page", "12").output
    assert "page 7 of 12" in output
    assert "page 12 of 12" in output
    assert "page 1 of 12" not in output


def test_wrong_usage_and_unreadable_files_end_with_2(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\nnothing")
    prose = tmp_path / "prose.txt"
    prose.write_text("没有表格。\n", encoding="utf-8")
    for arguments, message in (
        ([tmp_path / "none.pdf"], "can't be opened"),
        ([damaged], "damaged"),
        ([prose], "no table was found"),
        ([ZHONGLOU, "--page", "10"], "there is no page 10, the document has 9"),
        ([ZHONGLOU, "--page", "0"], "Invalid value"),
        ([ZHONGLOU, "--png", "--out", tmp_path], "--png draws pages of PDF files"),
    ):
        result = fenjie(*arguments)
        assert result.exit_code == 2, result.output
        assert message in " ".join(result.output.split())


def test_the_command_line_starts_without_what_only_inspect_needs() -> None:
    code = "import flows.cli, sys; print({'PIL', 'pypdfium2', 'numpy', 'flows.inspection'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def small_pdf(path: Path, sideways: bool = False, rotate: int = 0, crop: bool = False, password: str = "") -> Path:
    """The small table on one page, with a page number, and a word that is not painted."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    encryption = StandardEncryption(password, strength=128) if password else None
    canvas = Canvas(str(path), pagesize=A4, encrypt=encryption)
    width, height = A4
    if crop:
        canvas.setCropBox((30, 200, width - 20, height - 10))
    if sideways:
        canvas.translate(width, 0)
        canvas.rotate(90)
        height = width
    canvas.setFont(FONT, 11)
    for (row, col, high, wide), text in CELLS.items():
        left, right = COLUMNS[col], COLUMNS[col + wide]
        top, bottom = ROWS[row], ROWS[row + high]
        canvas.rect(left, height - bottom, right - left, bottom - top)
        canvas.drawCentredString((left + right) / 2, height - (top + bottom) / 2 - 4, text)
    canvas.drawString(300, height - 500, "- 1 -")
    unseen = canvas.beginText(100, height - 400)
    unseen.setTextRenderMode(3)
    unseen.textOut("看不见的字")
    canvas.drawText(unseen)
    canvas.save()
    if rotate:
        document = pdfium.PdfDocument(path.read_bytes())
        document[0].set_rotation(rotate)
        document.save(path)
        document.close()
    return path


def picture(path: Path, folder: Path) -> Image.Image:
    result = fenjie(path, "--png", "--out", folder)
    assert result.exit_code == 0, result.output
    assert f"Picture: {folder / path.stem}-p1.png" in result.output.replace("\n", "")
    return Image.open(folder / f"{path.stem}-p1.png").convert("RGB")


def rendered(path: Path) -> Image.Image:
    document = pdfium.PdfDocument(path)
    try:
        image: Image.Image = document[0].render(scale=2).to_pil().convert("L")
        return image
    finally:
        document.close()


def rgb(image: Image.Image, x: float, y: float) -> tuple[int, int, int]:
    found = image.getpixel((round(x), round(y)))
    assert isinstance(found, tuple)
    return found[0], found[1], found[2]


def is_blue(image: Image.Image, x: float, y: float) -> bool:
    red, _, blue = rgb(image, x, y)
    return red < 60 and blue > 90


def is_ruled(page: Image.Image, x: int, y: int) -> bool:
    """Whether something is printed within two pixels."""
    return any(int(page.getpixel((x + dx, y + dy))) < 160 for dx in range(-2, 3) for dy in range(-2, 3))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sideways", "rotate", "crop"),
    [(False, 0, False), (False, 90, False), (False, 180, False), (False, 270, False),
     (True, 0, False), (True, 90, False), (False, 0, True), (False, 270, True)],
)  # fmt: skip
def test_borders_are_drawn_where_the_rulings_are(tmp_path: Path, sideways: bool, rotate: int, crop: bool) -> None:
    path = small_pdf(tmp_path / "small.pdf", sideways, rotate, crop)
    image, page = picture(path, tmp_path / "out"), rendered(path)
    assert image.width == page.width
    assert page.height < image.height < page.height + 120
    (found,) = read_document(path).tables
    assert (found.n_rows, found.n_cols, len(found.cells)) == (4, 3, len(CELLS))
    for cell in found.cells:
        box = cell.provenance.bbox
        assert box is not None
        x0, y0, x1, y1 = (round(2 * value) for value in (box.x0, box.top, box.x1, box.bottom))
        # A third along each side: labels stand in the corners, texts in the middle.
        for x, y in (((2 * x0 + x1) // 3, y0), ((2 * x0 + x1) // 3, y1), (x0, (2 * y0 + y1) // 3)):
            assert is_ruled(page, x, y)
            if cell.row:
                assert is_blue(image, x, y) or cell.row == 1


def test_spans_and_headings_are_tinted(tmp_path: Path) -> None:
    image = picture(small_pdf(tmp_path / "small.pdf"), tmp_path)
    heading, merged_columns = rgb(image, 2 * 85, 2 * 84), rgb(image, 2 * 180, 2 * 84)
    merged_rows, plain = rgb(image, 2 * 85, 2 * 135), rgb(image, 2 * 180, 2 * 115)
    assert plain == (255, 255, 255)
    assert len({plain, heading, merged_columns, merged_rows}) == 4
    assert all(min(tint) > 180 for tint in (heading, merged_columns, merged_rows))


def test_what_was_left_out_is_struck(tmp_path: Path) -> None:
    path = small_pdf(tmp_path / "small.pdf")
    output = fenjie(path).output
    assert "hidden: 看不见的字" in output
    assert "page_number: - 1 -" in output
    image = picture(path, tmp_path)
    words = image.crop((200, 2 * 385, 320, 2 * 405))
    assert (110, 110, 110) in {colour for _, colour in words.getcolors(10_000) or []}


def test_doubtful_cells_are_outlined_in_red(tmp_path: Path) -> None:
    path = small_pdf(tmp_path / "small.pdf")
    document = read_document(path)
    (found,) = document.tables
    doubtful = next(cell for cell in found.cells if cell.text == "区科技局")
    doubts = (Doubt("open_ruling", "a line is interrupted", (doubtful.provenance,)), Doubt("span_inferred", "all"))
    reading = Reading.of(replace(document, tables=(replace(found, doubts=doubts),)))
    pdf = pdfium.PdfDocument(path)
    view = view_page(pdf, 1, path)
    assert view is not None
    image = Image.open(draw_page(painted(pdf, view), reading.page(1), view, tmp_path / "doubts.png")).convert("RGB")
    pdf.close()
    red = (220, 0, 0)
    assert rgb(image, 2 * 325, 2 * 150) == red
    assert rgb(image, 2 * 325, 2 * 240) == red
    assert rgb(image, 2 * 200, 2 * 80 - 3) == red  # around the whole table
    assert rgb(image, 2 * 180, 2 * 190) != red


def test_an_encrypted_file_opens_with_its_password(tmp_path: Path) -> None:
    path = small_pdf(tmp_path / "small.pdf", password="geheim")
    assert fenjie(path).exit_code == 2
    result = fenjie(path, "--password", "geheim", "--png", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "│区科技局│" in result.output
    assert (tmp_path / "small-p1.png").exists()


def test_pages_that_could_not_be_read_are_not_opened_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = small_pdf(tmp_path / "small.pdf")
    document = read_document(path)
    gone = Doubt("unreadable_page", "pages 2 to 3: the page is damaged", (Provenance(2),))
    monkeypatch.setattr(inspection, "read_document", lambda *_: replace(document, pages=3, doubts=(gone,)))
    result = fenjie(path, "--png", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    assert "page 2 of 3 · 0 tables · 1 doubt" in result.output
    assert "unreadable_page: pages 2 to 3: the page is damaged" in result.output
    assert "No picture of page 3: it could not be read" in result.output
    assert (tmp_path / "small-p1.png").exists()
    result = fenjie(path, "--page", "1")
    assert "unreadable_page: pages 2 to 3: the page is damaged" in result.output


def test_places_without_a_cell_of_their_own_are_found_by_where_they_are() -> None:
    boxes = (Bbox(0, 0, 50, 20), Bbox(50, 0, 100, 20))
    cells = tuple(Cell("x", 0, col, 1, 1, Provenance(2, box)) for col, box in enumerate(boxes))
    found = Table(2, 1, 2, cells)
    assert list(cells_at(found, [Provenance(2, boxes[1])])) == [1]
    assert list(cells_at(found, [Provenance(2, Bbox(0, 0, 100, 20))])) == [0, 1]
    assert list(cells_at(found, [Provenance(2, Bbox(60, 5, 70, 10))])) == [1]
    assert list(cells_at(found, [Provenance(3, boxes[1])])) == []
