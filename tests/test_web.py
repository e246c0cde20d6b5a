"""Web pages: spans as browsers expand them, layout tables, what is hidden, encodings, damaged pages."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from random_spans import Spans, spans
from scoring import wrong_fields
from test_pdf_truth import WIDE, records_of
from test_sheets import check_mutated, texts, truth_of
from typeset_html import HtmlSetting, html_of

from extractors.errors import ReadError
from extractors.model import SourceDocument, tiles
from extractors.web import reader

DATA = Path(__file__).parent / "data"


def read(page: str | bytes) -> SourceDocument:
    document = reader.read(page.encode() if isinstance(page, str) else page, Path("x.html"))
    assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in document.tables)
    return document


def cells(page: str) -> list[tuple[str, int, int, int, int]]:
    (table,) = read(page).tables
    return [(cell.text, cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells]


def test_rowspan_ends_with_its_section_and_zero_reaches_to_its_end() -> None:
    page = "<table><thead><tr><td rowspan=9>h<td>i</thead><tr><td rowspan=0>1<td>2<tr><td>3</table>"
    assert cells(page) == [
        ("h", 0, 0, 1, 1),
        ("i", 0, 1, 1, 1),
        ("1", 1, 0, 2, 1),
        ("2", 1, 1, 1, 1),
        ("3", 2, 1, 1, 1),
    ]


def test_colspan_is_no_wider_than_the_table_and_must_be_a_number() -> None:
    page = "<table><tr><td colspan=99>题<tr><td colspan=abc>1<td colspan=-2>2</table>"
    assert cells(page) == [("题", 0, 0, 1, 2), ("1", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]


def test_overlapping_spans_are_cut_and_said() -> None:
    (table,) = read(
        "<table><tr><td rowspan=2>a<td>b<td rowspan=2>c<tr><td colspan=5>d<tr><td>1<td>2<td>3</table>"
    ).tables
    assert texts(table) == [["a", "b", "c"], ["d"], ["1", "2", "3"]]
    assert [doubt.rule for doubt in table.doubts] == ["damaged_spans"]


def test_rows_of_unequal_length_are_filled_up_and_said() -> None:
    (table,) = read("<table><tr><td>a<td>b<td>c<tr><td>1<td>2<tr><td>4<td>5<td>6</table>").tables
    assert texts(table)[1] == ["1", "2", ""]
    assert [(doubt.rule, doubt.places[0].line) for doubt in table.doubts] == [("uneven_row", "table 1 row 2 cell 1")]


def test_foot_stands_last_wherever_it_is_written() -> None:
    page = "<table><tfoot><tr><td>f<td>g</tfoot><tr><td>1<td>2</table>"
    assert [text for text, *_ in cells(page)] == ["1", "2", "f", "g"]


def test_breaks_and_white_space() -> None:
    (table,) = read(
        "<table><tr><td> 甲 \n x<br>乙<p>丙</p><ul><li>丁<li>戊</ul><td>A&nbsp;B<td>区文商旅\n  中心</table>"
    ).tables
    assert [cell.text for cell in table.cells] == ["甲 x\n乙\n丙\n丁\n戊", "A\u00a0B", "区文商旅\n中心"]
    # A break of the source between Chinese characters may be none.
    assert [cell.wraps for cell in table.cells] == [(), (), (4,)]


def test_what_is_no_text_is_not_read() -> None:
    page = (
        "<style>x</style><script>var a='<table><tr><td>no</td></tr></table>'</script><noscript>no</noscript>"
        "<template>no</template><!--[if gte mso 9]><xml>no</xml><![endif]--><table><tr><td>甲<o:p></o:p>"
        "<![if !supportEmptyParas]>&nbsp;<![endif]><td><ruby>汉<rp>(</rp><rt>han</rt></ruby><td><input value=5>"
        "<select><option>1<option selected>2</select></table>"
    )
    (table,) = read(page).tables
    assert [cell.text for cell in table.cells] == ["甲", "汉", "52"]
    assert read(page).blocks == ()


def test_hidden_and_struck_text_is_left_out_and_said() -> None:
    document = read(
        "<table><tr><td>a<td>b<tr style='display: none'><td>暗<td>行"
        "<tr><td><s>旧</s>新<td style='visibility:hidden'>q</table>"
    )
    (table,) = document.tables
    assert texts(table) == [["a", "b"], ["新", ""]]
    assert [left.text for left in document.left_out] == ["暗 行", "旧", "q"]
    assert {doubt.rule for doubt in table.doubts} == {"struck_text", "hidden_rows"}


def test_a_picture_in_a_cell_is_said() -> None:
    (table,) = read("<table><tr><td>a<td><img src=x alt=区发改局></table>").tables
    assert [doubt.rule for doubt in table.doubts] == ["picture_in_cell"]


def test_layout_tables_are_passed_through() -> None:
    document = read("<table><tr><td>首页<td>标题<table><caption>表</caption><tr><td>a<td>b</table>脚<td>右</table>")
    assert [texts(table) for table in document.tables] == [[["a", "b"]]]
    assert [block.text for block in document.blocks] == ["首页 标题", "表", "脚 右"]
    assert document.tables[0].caption == "首页 标题\n表"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"), ("", "gb18030"), ("gb2312", "gb18030"), ("utf-8", "gb18030"), ("gb2312", "utf-8"),
        ("iso-8859-1", "gb18030"), ("big5", "big5"), ("", "utf-16"), ("", "utf-8-sig"),
    ],
)  # fmt: skip
def test_encodings(declared: str, encoding: str) -> None:
    said = (
        "區發改局牽頭單位"
        if encoding == "big5"
        else "区发改局牵头单位，镕任务工作推进建设完成" + ("㐂" if encoding == "gb18030" else "")
    )
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    page = f"<html><head>{meta}</head><table><tr><td>1<td>{said}</table>".encode(encoding)
    assert read(page).tables[0].cells[1].text == said


def test_nesting_without_end_is_refused() -> None:
    assert texts(read("<div>" * 1500 + "<table><tr><td>x<td>y</table>").tables[0]) == [["x", "y"]]
    with pytest.raises(ReadError, match="nested too deep"):
        read("<div>" * 9000 + "<table><tr><td>x<td>y</table>")


def test_a_saved_page_within_mhtml(tmp_path: Path) -> None:
    truth = truth_of(HtmlSetting().columns)
    import quopri  # noqa: PLC0415  only here

    body = quopri.encodestring(html_of(truth).encode()).decode("ascii")
    path = tmp_path / "source.mht"
    path.write_text(
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="X"\n\n--X\n'
        'Content-Type: text/html; charset="utf-8"\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{body}\n--X--\n",
        encoding="ascii",
    )
    assert wrong_fields(truth, records_of(path)) == []
    assert check_mutated(reader.read, path.read_bytes(), 200) > 100


def test_every_scored_field_of_the_sample_is_right() -> None:
    truth = json.loads((DATA / "007_html" / "truth.json").read_text(encoding="utf-8"))["tasks"]
    assert wrong_fields(truth, records_of(DATA / "007_html" / "source.html")) == []


@pytest.mark.parametrize("form", ["plain", "wide", "unclosed", "gbk", "layout"])
def test_the_2026_table(form: str, tmp_path: Path) -> None:
    setting = HtmlSetting(columns=WIDE, separator="、") if form == "wide" else HtmlSetting()
    truth = truth_of(setting.columns)
    page = html_of(truth, setting)
    if form == "unclosed":
        page = page.replace("</td>", "\n").replace("</tr>", "").replace("</th>", "")
    elif form == "layout":
        nav = "<table><tr><td>首页</td><td>政务公开</td></tr></table><table><tr><td>左</td><td>"
        page = page.replace("<body>", "<body>" + nav).replace("</body>", "</td></tr></table></body>")
    path = tmp_path / "source.html"
    path.write_bytes(page.encode("gb18030" if form == "gbk" else "utf-8"))
    assert wrong_fields(truth, records_of(path)) == []


@given(spans())
@settings(max_examples=100, deadline=None)
def test_a_table_is_read_as_it_was_written(table: Spans) -> None:
    rows: dict[int, list[str]] = {row: [] for row, *_ in table}
    for row, _, n_rows, n_cols, text in sorted(table):
        rows[row].append(f'<td rowspan="{n_rows}" colspan="{n_cols}">{escape(text)}</td>')
    page = "<table>" + "".join(f"<tr>{''.join(own)}</tr>" for own in rows.values()) + "</table>"
    assert set(cells(page)) == {(text, row, col, n_rows, n_cols) for row, col, n_rows, n_cols, text in table}


def test_mutated_pages() -> None:
    page = html_of(truth_of(HtmlSetting().columns)[:12]).encode()
    assert check_mutated(reader.read, page) > 100
