"""Word files: each of their traps, written by hand and read."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_files import STRICT, abstract, docx, level, num, numbered, p, r, spans, tbl, tc, tr

from extractors.errors import ReadError
from extractors.formats import read_content
from extractors.model import SourceDocument, Table, tiles
from extractors.stitch import stitch
from extractors.word.numerals import numeral
from extractors.word.reader import read

START, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
DELETED = "<w:del><w:r><w:delText>b</w:delText></w:r></w:del>"
MARK = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
CODE = f"{MARK('begin')}<w:r><w:instrText>X</w:instrText></w:r>{MARK('separate')}"
ABC = tr(tc("a"), tc("b"), tc("c"))


def document(body: str, **parts: str) -> SourceDocument:
    found = read(docx(body, parts), Path("x.docx"))
    assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in found.tables)
    return found


def shown(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [(cell.row, cell.col, cell.row_span, cell.col_span, cell.text) for cell in table.cells]


def cells(*rows: str, grid: tuple[int, ...] = ()) -> list[tuple[int, int, int, int, str]]:
    (table,) = document(tbl(*rows, grid=grid)).tables
    return shown(table)


def content(inner: str, **parts: str) -> str:
    """What a cell with this content says."""
    (table,) = document(tbl(tr(tc(inner), tc("z")), ABC), **parts).tables
    return table.cells[0].text


def hidden(found: SourceDocument) -> list[str]:
    return [item.text for item in found.left_out if item.kind == "hidden"]


def test_spans_over_columns_and_rows() -> None:
    found = cells(
        tr(tc("a", spans(2)), tc("b", START)), tr(tc("c"), tc("d"), tc("", GOES_ON)), ABC, grid=(1000, 1000, 2000)
    )
    assert found[:4] == [(0, 0, 1, 2, "a"), (0, 2, 2, 1, "b"), (1, 0, 1, 1, "c"), (1, 1, 1, 1, "d")]


def test_a_cell_that_goes_on_with_nothing_is_a_cell_of_its_own() -> None:
    (table,) = document(tbl(tr(tc("a", GOES_ON), tc("b")), tr(tc("", GOES_ON), tc("c")))).tables
    assert shown(table) == [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")]
    assert [doubt.rule for doubt in table.doubts] == ["span_inferred"]


def test_cells_that_go_on_under_one_of_other_columns() -> None:
    wide = tr(tc("a", spans(2) + START), tc("b"))
    found = cells(wide, tr(tc("", GOES_ON), tc("", GOES_ON), tc("c")), ABC)
    assert found[:3] == [(0, 0, 2, 2, "a"), (0, 2, 1, 1, "b"), (1, 2, 1, 1, "c")]
    found = cells(wide, tr(tc("d", GOES_ON), tc("e"), tc("c")), ABC)
    assert (1, 0, 1, 1, "d") in found


def test_text_in_a_cell_that_goes_on_is_not_shown() -> None:
    found = document(tbl(tr(tc("a", START), tc("b")), tr(tc("unseen", GOES_ON), tc("c"))))
    assert hidden(found) == ["unseen"]


def test_columns_left_free_are_blank_cells() -> None:
    found = cells(ABC, tr(tc("d"), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'))
    assert found[3:] == [(1, 0, 1, 1, ""), (1, 1, 1, 1, "d"), (1, 2, 1, 1, "")]


def test_cells_merged_to_the_right_the_old_way() -> None:
    found = cells(tr(tc("a", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("b")), ABC)
    assert found[:2] == [(0, 0, 1, 2, "a"), (0, 2, 1, 1, "b")]


def test_where_rows_disagree_widths_say_where_cells_stand() -> None:
    full = tr(tc("a", width=1000), tc("b", width=3000), tc("c", width=2000))
    found = cells(full, tr(tc("d", width=4020), tc("e", width=1980)), grid=(1000, 3000, 2000))
    assert found[3:] == [(1, 0, 1, 2, "d"), (1, 2, 1, 1, "e")]
    assert cells(full, tr(tc("d"), tc("e")))[3:] == [(1, 0, 1, 1, "d"), (1, 1, 1, 1, "e"), (1, 2, 1, 1, "")]


def test_grid_lines_a_hair_apart_are_one() -> None:
    one = tr(tc("a", START, 1000), tc("b", spans(2), 2000))
    other = tr(tc("", spans(2) + GOES_ON, 1015), tc("c", width=1985))
    (table,) = document(tbl(one, other, grid=(1000, 15, 1985))).tables
    assert shown(table) == [(0, 0, 2, 1, "a"), (0, 1, 1, 1, "b"), (1, 1, 1, 1, "c")]
    assert table.columns == (0, 50, 150)


def test_a_grid_that_lies_gives_no_columns() -> None:
    row = tr(tc("a", width=500), tc("b", width=5000))
    assert document(tbl(row, row, grid=(2000, 2000))).tables[0].columns == ()


@pytest.mark.parametrize("wrapper", ["sdt", "customXml", "ins"])
def test_wrappers_at_every_level(wrapper: str) -> None:
    def wrapped(inner: str) -> str:
        inner = f"<w:sdtContent>{inner}</w:sdtContent>" if wrapper == "sdt" else inner
        return f"<w:{wrapper}>{inner}</w:{wrapper}>"

    row = tr(wrapped(tc(wrapped(p(wrapped(r("a")))))), tc("b"))
    found = document(wrapped(p("title")) + wrapped(tbl(wrapped(row), tr(tc("c"), tc("d")))))
    assert [block.text for block in found.blocks] == ["title"]
    assert [cell[4] for cell in shown(found.tables[0])] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (f"<w:p>{r('a')}<w:ins>{r('b')}</w:ins><w:moveTo>{r('c')}</w:moveTo></w:p>", "abc"),
        (
            f"<w:p>{r('a')}<w:del>{r('b').replace('w:t', 'w:delText')}</w:del><w:moveFrom>{r('c')}</w:moveFrom></w:p>",
            "a",
        ),
        (f"<w:p><w:hyperlink>{r('a')}</w:hyperlink><w:smartTag>{r('b')}</w:smartTag></w:p>", "ab"),
        (f"<w:p><w:fldSimple w:instr='X'>{r('5')}</w:fldSimple></w:p>", "5"),
        (
            f"<w:p>{CODE}{r('7')}{MARK('end')}</w:p>",
            "7",
        ),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r></w:p>", "a\tb\nc\nd"),
        ("<w:p><w:r><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:softHyphen/><w:t>c</w:t></w:r></w:p>", "a-bc"),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0AB'/><w:t>a</w:t></w:r></w:p>", "★a"),
        (
            f"<w:p><mc:AlternateContent><mc:Choice>{r('a')}</mc:Choice><mc:Fallback>{r('b')}</mc:Fallback>"
            "</mc:AlternateContent></w:p>",
            "a",
        ),
        ("<w:p>" + r("a") + r("b", "<w:vanish/>") + r("c", '<w:vanish w:val="0"/>') + "</w:p>", "ac"),
        (f"<w:p>{r('a')}<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>", "ax"),
        (p("a") + p("b"), "a\nb"),
        (p("a", "<w:rPr><w:del/></w:rPr>") + p("b"), "ab"),
        (tbl(tr(tc("a"), tc("b")), tr(tc("c"), tc("d"))) + p(), "a b\nc d"),
    ],
)
def test_what_a_cell_says(inner: str, said: str) -> None:
    assert content(inner) == said


def test_what_is_deleted_or_hidden_is_left_out() -> None:
    found = document(p(r("a") + DELETED) + p(r("c", "<w:vanish/>")) + tbl(ABC, tr(tc("x"), properties="<w:del/>")))
    assert hidden(found) == ["b", "c", "x"]
    assert found.tables[0].n_rows == 1


def test_a_style_hides_text() -> None:
    style = '<w:style w:type="character" w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style>'
    found = document(p(r("a", '<w:rStyle w:val="h"/>')) + tbl(ABC), styles=style)
    assert hidden(found) == ["a"]


def test_a_table_in_a_frame_is_a_table_of_its_own() -> None:
    inner = tbl(ABC, ABC)
    found = document(tbl(tr(tc(p("title") + inner + p("note")))))
    assert [block.text for block in found.blocks] == ["title", "note"]
    assert [(table.n_rows, table.n_cols, table.caption) for table in found.tables] == [(2, 3, "title")]


def test_a_frame_around_text_is_no_table() -> None:
    found = document(tbl(tr(tc("title"))) + tbl(ABC, ABC))
    assert (len(found.tables), found.tables[0].caption) == (1, "title")


def test_text_boxes() -> None:
    box = f"<v:textbox><w:txbxContent>{p('in a box')}</w:txbxContent></v:textbox>"
    box = f"<w:r><w:pict><v:shape>{box}</v:shape></w:pict></w:r>"
    found = document(p(r("a") + box) + tbl(tr(tc(p(r("b") + box)), tc("c")), tr(tc("d"), tc("e"))))
    assert [block.text for block in found.blocks] == ["a", "in a box", "in a box"]
    assert found.tables[0].cells[0].text == "b"
    assert [doubt.rule for doubt in found.tables[0].doubts] == ["text_outside"]
    inner = box.replace(p("in a box"), tbl(ABC, ABC))
    assert document(p(inner)).tables[0].n_cols == 3


def test_captions_and_places() -> None:
    found = document(p("title") + p() + tbl(ABC, ABC) + p("note") + tbl(ABC))
    assert [(block.text, block.provenance.line) for block in found.blocks] == [
        ("title", "paragraph 1"),
        ("note", "paragraph 3"),
    ]
    assert [table.caption for table in found.tables] == ["title", "note"]
    assert found.tables[0].cells[4].provenance.line == "table 1 row 2 cell 2"


def test_notes_and_margins() -> None:
    note = f'<w:footnote w:id="0" w:type="separator">{p()}</w:footnote><w:footnote w:id="2">{p("a note")}</w:footnote>'
    found = document(tbl(ABC), footnotes=note, header=p("机密"), footer=p("— 3 —"))
    assert [block.text for block in found.blocks] == ["a note"]
    assert [(item.text, item.kind) for item in found.left_out] == [("机密", "running_head"), ("— 3 —", "page_number")]


def test_content_that_is_elsewhere_is_named() -> None:
    found = document(tbl(ABC) + '<w:altChunk r:id="r9"/>')
    assert [doubt.rule for doubt in found.doubts] == ["reading_doubt"]


def test_numbers_that_word_counts() -> None:
    lists = abstract(0, level(0, "（%1）", more='<w:suff w:val="nothing"/>')) + num(1, 0)
    rows = [tr(tc(p("task", numbered(1))), tc("b")) for _ in range(3)]
    (table,) = document(tbl(*rows), numbering=lists).tables
    assert [cell.text for cell in table.cells[::2]] == ["（1）task", "（2）task", "（3）task"]


def test_a_column_of_numbers_only() -> None:
    merged = tr(tc(p("", numbered(1)), GOES_ON), tc("y"))
    rows = [tr(tc(p("", numbered(1)), START), tc("x")), merged, tr(tc(p("", numbered(1))), tc("z"))]
    (table,) = document(tbl(*rows), numbering=abstract(0, level(0, "%1")) + num(1, 0)).tables
    assert [cell.text for cell in table.cells] == ["1", "x", "y", "2", "z"]


def test_levels_restarts_and_overrides() -> None:
    levels = level(0, "%1、", "chineseCountingThousand"), level(1, "%1.%2", more="<w:isLgl/>", start=3)
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride>'
    lists = abstract(0, *levels) + num(1, 0) + num(2, 0, again)
    body = [(1, 0), (1, 1), (1, 1), (1, 0), (1, 1), (2, 0), (1, 0), (0, 0)]
    found = document("".join(p("t", numbered(*place)) for place in body) + tbl(ABC), numbering=lists)
    said = [block.text for block in found.blocks]
    assert said == ["一、 t", "1.3 t", "1.4 t", "二、 t", "2.3 t", "九、 t", "十、 t", "t"]


def test_numbers_of_a_style() -> None:
    style = '<w:style w:type="paragraph" w:styleId="{}">{}<w:pPr>{}</w:pPr></w:style>'
    styles = style.format("a", "", '<w:numPr><w:numId w:val="1"/></w:numPr>')
    styles += style.format("b", '<w:basedOn w:val="a"/>', "")
    found = document(
        p("t", '<w:pStyle w:val="b"/>') + tbl(ABC), styles=styles, numbering=abstract(0, level(0, "%1.")) + num(1, 0)
    )
    assert [block.text for block in found.blocks] == ["1. t"]


def test_a_list_that_nothing_defines_is_a_doubt() -> None:
    assert [doubt.rule for doubt in document(p("t", numbered(7)) + tbl(ABC)).doubts] == ["reading_doubt"]


@pytest.mark.parametrize(
    ("count", "form", "said"),
    [
        (10, "chineseCounting", "十"), (21, "chineseCountingThousand", "二十一"), (105, "chineseCounting", "一百零五"),
        (3, "decimalEnclosedParen", "⑶"), (20, "decimalEnclosedCircle", "⑳"),
        (21, "decimalEnclosedCircle", "21"),
        (12, "ideographDigital", "一二"), (14, "upperRoman", "XIV"), (28, "lowerLetter", "bb"),
        (5, "decimalZero", "05"),
        (7, "001", "007"), (12, "decimalFullWidth", "１２"),
        (2, "ideographTraditional", "乙"), (1, "bullet", ""),
        (12, "chineseLegalSimplified", "壹拾贰"),
    ],
)  # fmt: skip
def test_numerals(count: int, form: str, said: str) -> None:
    assert numeral(count, form) == said


def test_strict_files_and_other_names_of_the_main_part() -> None:
    body = tbl(tr(tc("a", spans(2))), ABC)
    found = read(docx(body, None, STRICT, "word/main.xml"), Path("x.docx"))
    assert shown(found.tables[0])[0] == (0, 0, 1, 2, "a") or found.tables[0].n_cols == 3
    assert "a" in found.tables[0].cells[0].text


def test_pieces_of_one_table_are_joined() -> None:
    head = tr(tc("序号"), tc("工作任务"), tc("牵头单位"))
    one = tbl(head, tr(tc("1"), tc("甲"), tc("区发改局")), grid=(1000, 3000, 2000))
    for first in ((head,), ()):
        other = tbl(*first, tr(tc("2"), tc("乙"), tc("区工信局")), grid=(1000, 3000, 2000))
        (table,) = stitch(document(one + p() + other).tables)
        assert (table.n_rows, table.n_cols) == (3, 3)


def test_a_file_without_tables_or_damaged() -> None:
    with pytest.raises(ReadError, match="no table was found"):
        read_content(docx(p("a")), Path("x.docx"))
    with pytest.raises(ReadError, match="no well-formed XML"):
        read(docx("<w:p>"), Path("x.docx"))
    with pytest.raises(ReadError, match=r"nested deeper|no well-formed XML"):
        read(docx("<w:sdt>" * 250 + "</w:sdt>" * 250 + "<w:p>" * 400 + "</w:p>" * 400), Path("x.docx"))
