"""OFD files: each trap of the format against what a reader of the printed page would say."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from ofd_package import Ofd, lattice, path, table, text

from extractors.errors import ReadError
from extractors.formats import detect
from extractors.model import SourceDocument
from extractors.ofd.reader import read
from extractors.read import read_document

NAME = Path("some/file.ofd")
TEXTS = (("序号", "内容", "单位"), ("1", "改造老旧小区", "区住建局"), ("2", "新增就业", "区人社局"))
TABLE = table(TEXTS)
FLAT = [entry for line in TEXTS for entry in line]
#: Two columns and two rows around what the tests set: the cell at the top left is 60 by 20 mm, from (20, 40) on.
GRID = lattice((20, 80, 140), (40, 60, 80)) + text(90, 48, "右") + text(90, 68, "右下")


def cells(document: SourceDocument) -> list[str]:
    return [cell.text for table_ in document.tables for cell in table_.cells]


def first_cell(*objects: str, **more: object) -> str:
    """What the first cell says when these objects stand on the page."""
    return cells(read(Ofd([GRID + "".join(objects)], **more).data(), NAME))[0]  # type: ignore[arg-type]


def said(document: SourceDocument) -> list[str]:
    """All that was read: cells, lines outside and what was left out."""
    blocks, left_out = [block.text for block in document.blocks], [item.text for item in document.left_out]
    return [*filter(None, cells(document)), *blocks, *left_out]


def code(inner: str, more: str = "", boundary: str = "24 46 30 8") -> str:
    """A text object with these elements in it, its type 4 mm."""
    return f'<TextObject ID="3" Boundary="{boundary}" Font="1" Size="4" {more}>{inner}</TextObject>'


def test_a_table_with_its_places() -> None:
    document = read(Ofd([TABLE, TABLE]).data(), NAME)
    assert (document.format, document.pages, document.doubts) == ("ofd", 2, ())
    assert [table_.page for table_ in document.tables] == [1, 2]
    assert cells(document) == [*FLAT, *FLAT]
    box = document.tables[1].cells[4].provenance.bbox
    assert box is not None
    mm = 72 / 25.4
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx((60 * mm, 50 * mm, 100 * mm, 60 * mm), abs=0.01)


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ('<TextCode X="0" Y="4" DeltaX="4 4 4">老旧小区</TextCode>', "老旧小区"),
        ('<TextCode X="0" Y="4" DeltaX="g 3 4">老旧小区</TextCode>', "老旧小区"),
        ('<TextCode X="0" Y="4" DeltaX="4 g 2 4">老旧小区</TextCode>', "老旧小区"),
        # Fewer offsets than characters, or none: type goes on by its width.
        ('<TextCode X="0" Y="4" DeltaX="4">老旧小区</TextCode>', "老旧小区"),
        ('<TextCode X="0" Y="4">老旧小区12</TextCode>', "老旧小区12"),
        # Offsets that go back: the characters stand the other way around.
        ('<TextCode X="12" Y="4" DeltaX="g 3 -4">区小旧老</TextCode>', "老旧小区"),
        # Downwards.
        ('<TextCode X="0" Y="4" DeltaY="5">老旧</TextCode>', "老\n旧"),
        # A second one: beside (same Y), below (same X), or right behind.
        ('<TextCode X="0" Y="4" DeltaX="4">老旧</TextCode><TextCode X="8" DeltaX="4">小区</TextCode>', "老旧小区"),
        ('<TextCode X="0" Y="4" DeltaX="4">老旧</TextCode><TextCode Y="9" DeltaX="4">小区</TextCode>', "老旧\n小区"),
        ('<TextCode X="0" Y="4" DeltaX="4">老旧</TextCode><TextCode DeltaX="4">小区</TextCode>', "老旧小区"),
        # White space counts as a character and shows as a blank where there is room.
        ('<TextCode X="0" Y="4" DeltaX="4 2 4">吴 伟仁</TextCode>', "吴 伟仁"),
        ('<TextCode X="0" Y="4" DeltaX="8">吴伟</TextCode>', "吴 伟"),
        ('<TextCode X="0" Y="4" DeltaX="2 4 4"> 老旧区</TextCode>', "老旧区"),
        # The writer broke the XML into lines: no glyph is set for a line break.
        ('<TextCode X="0" Y="4" DeltaX="4">\n      老旧\n    </TextCode>', "老旧"),
        # Entities, CDATA, comments.
        ('<TextCode X="0" Y="4" DeltaX="g 4 2">A&amp;B&lt;&#x43;</TextCode>', "A&B<C"),
        ('<TextCode X="0" Y="4" DeltaX="g 4 2"><![CDATA[A&B<C]]></TextCode>', "A&B<C"),
        ('<TextCode X="0" Y="4" DeltaX="4 4 4">老旧<!-- no -->小区</TextCode>', "老旧小区"),
        # Beyond 16 bits: one character for us, two for producers that count as Java does.
        ('<TextCode X="0" Y="4" DeltaX="4 4 4">𠮷野家区</TextCode>', "𠮷野家区"),
        ('<TextCode X="0" Y="4" DeltaX="4 0 4 4">𠮷野家区</TextCode>', "𠮷野家区"),
        # Other glyphs are other shapes only.
        (
            '<CGTransform CodePosition="0" CodeCount="2" GlyphCount="2"><Glyphs>17 9</Glyphs></CGTransform>'
            '<TextCode X="0" Y="4" DeltaX="4">老旧</TextCode>',
            "老旧",
        ),
        # Glyphs without codes: lost, and it shows.
        (
            '<CGTransform CodePosition="0" CodeCount="3" GlyphCount="3"><Glyphs>17 9 3</Glyphs></CGTransform>'
            '<TextCode X="0" Y="4" DeltaX="4 4">¤老¤</TextCode>',
            "\ufffd老\ufffd",
        ),
        (
            '<CGTransform CodePosition="1" CodeCount="1" GlyphCount="1"><Glyphs>17</Glyphs></CGTransform>'
            '<TextCode X="0" Y="4">老</TextCode>',
            "老\ufffd",
        ),
        ('<TextCode X="0" Y="4" DeltaX="2 4">5¤元</TextCode>', "5¤元"),
    ],
)  # fmt: skip
def test_characters_of_an_object(inner: str, expected: str) -> None:
    assert first_cell(code(inner)) == expected


LINE = '<TextCode X="0" Y="4" DeltaX="4 4 4">老旧小区</TextCode>'


@pytest.mark.parametrize(
    ("how", "boundary", "expected"),
    [
        ('CTM="0.5 0 0 0.5 2 1"', "24 46 30 8", "老旧小区"),
        ('CTM="2 0 0 2 -100 -80"', "130 128 1 1", "老旧小区"),
        ('CTM="1,0,0,1,0,0"', "24,46,30,8", "老旧小区"),
        ('HScale="0.5"', "24 46 30 8", "老旧小区"),
        ('Alpha="255" Fill="true" Weight="700" Italic="true"', "24 46 30 8", "老旧小区"),
        ('DrawParam="77" Stroke="true"', "24 46 30 8", "老旧小区"),
    ],
)
def test_settings_of_an_object(how: str, boundary: str, expected: str) -> None:
    assert first_cell(code(LINE, how, boundary)) == expected


@pytest.mark.parametrize(
    ("how", "inner", "kind"),
    [
        ('Visible="false"', "", "hidden"),
        ('Fill="false"', "", "hidden"),
        ('Alpha="0"', "", "hidden"),
        ('Alpha="40"', "", "watermark"),
        ("", '<FillColor Value="0 0 0" Alpha="30"/>', "watermark"),
        ("", '<FillColor Value="255 255 255"/>', "hidden"),
        ("", '<FillColor Value="#FF #FF #FF"/>', "hidden"),
        ("", '<FillColor ColorSpace="31" Value="255"/>', "hidden"),
        ("", '<FillColor ColorSpace="32" Value="0 0 0 0"/>', "hidden"),
        ("", '<FillColor ColorSpace="30" Index="1"/>', "hidden"),
        ('DrawParam="20"', "", "hidden"),
        ('DrawParam="21"', "", "hidden"),
        ('CTM="0.8 -0.6 0.6 0.8 0 0"', "", "watermark"),
        ("", '<Clips><Clip><Area><Path Boundary="300 300 9 9"><AbbreviatedData>M 0 0 L 9 0 L 9 9 C'
         "</AbbreviatedData></Path></Area></Clip></Clips>", "hidden"),
    ],
)  # fmt: skip
def test_what_is_not_to_be_read(how: str, inner: str, kind: str) -> None:
    public = (
        '<ColorSpaces><ColorSpace ID="30" Type="RGB"><Palette><CV>0 0 0</CV><CV>255 255 255</CV></Palette></ColorSpace>'
        '<ColorSpace ID="31" Type="GRAY"/><ColorSpace ID="32" Type="CMYK"/></ColorSpaces><DrawParams>'
        '<DrawParam ID="20"><FillColor Value="255 255 255"/></DrawParam><DrawParam ID="21" Relative="20"/></DrawParams>'
    )
    document = read(Ofd([GRID + code(inner + LINE, how)], public=public).data(), NAME)
    assert cells(document)[0] == ""
    assert [(item.kind, item.text) for item in document.left_out] == [(kind, "老旧小区")]


def test_clips_around_a_text_hide_nothing() -> None:
    clip = '<Clips><Clip><Area><Path Boundary="{}"><AbbreviatedData>M0 0L60 0L60 20L0 20C</AbbreviatedData></Path>'
    clip += "</Area></Clip></Clips>"
    assert first_cell(code(clip.format("0 0 60 20") + LINE)) == "老旧小区"
    assert first_cell(code(clip.format("20 40 60 20") + LINE)) == "老旧小区"


def test_a_page_whose_text_runs_sideways() -> None:
    turned = '<CompositeObject ID="5" ResourceID="6" Boundary="0 0 210 297" CTM="0 1 -1 0 210 0"/>'
    unit = f'<CompositeGraphicUnits><CompositeGraphicUnit ID="6"><Content>{TABLE}</Content></CompositeGraphicUnit>'
    document = read(Ofd([turned], own=unit + "</CompositeGraphicUnits>").data(), NAME)
    assert cells(document) == FLAT
    box = document.tables[0].cells[1].provenance.bbox
    # What was at (60, 40) to (100, 50) is at (160, 60) to (170, 100).
    assert box is not None
    mm = 72 / 25.4
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx((160 * mm, 60 * mm, 170 * mm, 100 * mm), abs=0.01)


def test_text_read_downwards_in_its_own_direction() -> None:
    sideways = '<TextCode X="0" Y="0" DeltaY="4 4">老旧区</TextCode>'
    assert first_cell(code(sideways, 'ReadDirection="90" CharDirection="90"', "40 44 8 14")) == "老旧区"
    no_steps = '<TextCode X="0" Y="0">老旧区</TextCode>'
    along = '<TextCode X="0" Y="0" DeltaX="4 4">老旧区</TextCode>'
    assert first_cell(code(along, 'ReadDirection="90" CharDirection="90"', "40 44 8 14")) == "老旧区"
    assert first_cell(code(no_steps, 'ReadDirection="90" CharDirection="90"', "40 44 8 14")) == "老旧区"


FRAMES = {
    "rectangle": path("M 20 40 L 80 40 L 80 60 L 20 60 C"),
    "glued": path("M20 40L80 40L80 60L20 60L20 40M20 60L80 60L80 80L20 80C"),
    "moves": path("S 20 40 L 80 40 M 20 60 L 80 60 S 20 40 L 20 60 M 80 40 L 80 60"),
    "repeated": path("M 20 40 L 80 40 80 60 20 60 20 40"),
    "closed twice": path("M 20 40 L 80 40 L 80 60 L 20 60 C C L 20 60"),
    "damaged end": path("M 20 40 L 80 40 L 80 60 L 20 60 C L 5"),
    "boundary": path("M 0 0 L 60 0 L 60 20 L 0 20 C", "20 40 60 20"),
    "matrix": path("M 0 0 L 1 0 L 1 1 L 0 1 C", "20 40 60 20", 'CTM="60 0 0 20 0 0" LineWidth="0.005"'),
    "thin fills": "".join(
        path(f"M {x} {y} L {x + w} {y} L {x + w} {y + h} L {x} {y + h} C", more='Stroke="false" Fill="true"')
        for x, y, w, h in ((20, 40, 60, 0.2), (20, 60, 60, 0.2), (20, 40, 0.2, 20), (80, 40, 0.2, 20))
    ),
    "dashes": path("M 20 40 L 80 40 L 80 60 L 20 60 C", more='DashPattern="2 1" DashOffset="0"'),
    "curves": path("M 20 40 L 80 40 L 80 60 L 20 60 C M 30 30 Q 1 2 3 4 B 1 2 3 4 5 6 A 5 5 0 0 1 9 9"),
    "drawing parameters": path("M 20 40 L 80 40 L 80 60 L 20 60 C", more='DrawParam="21"'),
}


@pytest.mark.parametrize("name", FRAMES)
def test_lines(name: str) -> None:
    rest = lattice((80, 140), (40, 60, 80)) + lattice((20, 80), (60, 80)) + text(24, 48, "左") + text(90, 48, "右")
    public = '<DrawParams><DrawParam ID="20" LineWidth="0.3"/><DrawParam ID="21" Relative="20"/></DrawParams>'
    document = read(Ofd([FRAMES[name] + rest], public=public).data(), NAME)
    assert [(table_.n_rows, table_.n_cols) for table_ in document.tables] == [(2, 2)]
    assert cells(document) == ["左", "右", "", ""]


def test_lines_that_are_not_seen_rule_nothing() -> None:
    wall = "M 50 40 L 50 80"
    for more, inner in (
        ('Visible="false"', ""),
        ('Stroke="false"', ""),
        ('Alpha="0"', ""),
        ("", '<StrokeColor Value="255 255 255"/>'),
    ):
        document = read(Ofd([GRID + path(wall, more=more, inner=inner)]).data(), NAME)
        assert document.tables[0].n_cols == 2
    assert read(Ofd([GRID + path(wall)]).data(), NAME).tables[0].n_cols == 3


def test_templates_below_and_above_and_their_lines() -> None:
    templates = {
        "7": ("Background", lattice((20, 80, 140), (40, 60, 80))),
        "8": ("Foreground", text(90, 20, "某区人民政府文件")),
    }
    content = text(24, 48, "左") + text(90, 48, "右")
    document = read(Ofd([content, content], templates=templates, uses={0: ["7", "8"], 1: ["7"]}).data(), NAME)
    assert cells(document) == ["左", "右", "", ""] * 2
    assert [block.text for block in document.blocks] == ["某区人民政府文件"]


def test_resources_of_pages_and_templates() -> None:
    templates = {"7": ("Background", composite("6"))}
    head = '<Page xmlns="http://www.ofdspec.org/2016"><PageRes>Res.xml</PageRes><Content><Layer>'
    parts = {
        "Doc_0/Tpls/Tpl_7/Content.xml": f"{head}{composite('6')}</Layer></Content></Page>",
        "Doc_0/Tpls/Tpl_7/Res.xml": f"<Res>{unit(('6', GRID))}</Res>",
        "Doc_0/Pages/Page_0/Content.xml": f"{head}{composite('6')}</Layer></Content><Template TemplateID='7'/></Page>",
        "Doc_0/Pages/Page_0/Res.xml": f"<Res>{unit(('6', code(LINE)))}</Res>",
    }
    document = read(Ofd([""], templates=templates, parts=parts).data(), NAME)
    assert (cells(document), document.doubts) == (["老旧小区", "右", "", "右下"], ())


def test_layers_and_blocks_in_blocks() -> None:
    layers = f'<Layer ID="1" Type="Background">{GRID}</Layer><Layer ID="2" Type="Foreground" DrawParam="3"><PageBlock>'
    layers += f"<PageBlock>{code(LINE)}</PageBlock></PageBlock></Layer>"
    assert cells(read(Ofd([layers]).data(), NAME))[0] == "老旧小区"


def unit(*contents: tuple[str, str]) -> str:
    found = "".join(
        f'<CompositeGraphicUnit ID="{key}"><Content>{inner}</Content></CompositeGraphicUnit>' for key, inner in contents
    )
    return f"<CompositeGraphicUnits>{found}</CompositeGraphicUnits>"


def composite(key: str, more: str = 'Boundary="0 0 210 297"') -> str:
    return f'<CompositeObject ID="4" ResourceID="{key}" {more}/>'


def test_composite_objects_in_composite_objects() -> None:
    own = unit(("6", composite("7", 'Boundary="10 10 9 9" CTM="0.5 0 0 0.5 0 0"')), ("7", code(LINE)))
    document = read(Ofd([GRID + composite("6", 'Boundary="-10 -10 9 9" CTM="2 0 0 2 -20 -20"')], own=own).data(), NAME)
    assert "老旧小区" in said(document)
    hidden = read(Ofd([GRID + composite("7", 'Visible="false"')], own=own).data(), NAME)
    assert [(item.kind, item.text) for item in hidden.left_out] == [("hidden", "老旧小区")]


def test_composite_objects_that_contain_themselves_or_are_missing() -> None:
    own = unit(("6", code(LINE) + composite("7")), ("7", composite("6")))
    document = read(Ofd([GRID + composite("6") + composite("9")], own=own).data(), NAME)
    assert cells(document)[0] == "老旧小区"
    assert [(doubt.rule, doubt.detail) for doubt in document.doubts] == [
        ("unreadable_page", "page 1: the composite object 6 contains itself; what it says is missing"),
        ("unreadable_page", "page 1: the composite object 9 is missing; what it says is missing"),
    ]


def test_a_bomb_of_composite_objects_costs_its_page_only() -> None:
    own = unit(*((str(level), composite(str(level + 1)) * 20) for level in range(10, 20)), ("20", code(LINE)))
    document = read(Ofd([TABLE, composite("10")], own=own).data(), NAME)
    assert cells(document) == FLAT
    assert [doubt.rule for doubt in document.doubts] == ["unreadable_page"]
    assert "page 2: the page can't be read: it has more than 200,000 characters" in document.doubts[0].detail


def test_watermarks_and_seals_are_left_out_and_named() -> None:
    watermark = text(0, 0, "内部资料", 20, 'Alpha="50"')
    annotations = (
        f'<Annot ID="1" Type="Watermark"><Appearance Boundary="20 40 100 50">{watermark}</Appearance></Annot>'
        f'<Annot ID="2" Type="Stamp"><Appearance Boundary="24 44 30 30">{text(0, 0, "某区公章")}</Appearance></Annot>'
        f'<Annot ID="3" Type="Highlight" Visible="false"><Appearance Boundary="2 4 3 3">{text(0, 0, "注")}</Appearance>'
        "</Annot>"
    )
    document = read(Ofd([TABLE], annotations={0: annotations}).data(), NAME)
    assert cells(document) == FLAT
    found = [(item.kind, item.text, item.provenance.page) for item in document.left_out]
    assert found == [("watermark", "内部资料", 1), ("seal", "某区公章", 1), ("hidden", "注", 1)]


def test_several_documents_in_a_package() -> None:
    document = read(Ofd([TABLE]).data(Ofd([GRID, TABLE])), NAME)
    assert document.pages == 3
    assert [table_.page for table_ in document.tables] == [1, 2, 3]


def test_the_area_of_a_page_is_its_own() -> None:
    area = "<Area><PhysicalBox>0 0 297 210</PhysicalBox></Area>"
    wide = lattice((20, 140, 280), (40, 60, 80)) + text(24, 48, "左") + text(260, 48, "右")
    assert cells(read(Ofd([wide], areas={0: area}).data(), NAME)) == ["左", "右", "", ""]
    narrow = read(Ofd([wide]).data(), NAME)
    assert [(item.kind, item.text) for item in narrow.left_out] == [("hidden", "右")]


NAMED = {
    "absolute": {"BaseLoc": "/Doc_0/Pages/Page_0/Content.xml"},
    "from the root": {"BaseLoc": "Doc_0/Pages/Page_0/Content.xml"},
    "in another case": {"BaseLoc": "pages/PAGE_0/content.XML"},
    "with dots": {"BaseLoc": "./Pages/../Pages/Page_0/Content.xml"},
    "with backslashes": {"BaseLoc": "Pages\\Page_0\\Content.xml"},
}


@pytest.mark.parametrize("how", NAMED)
def test_names_of_parts(how: str) -> None:
    document = '<Document xmlns="http://www.ofdspec.org/2016"><CommonData/><Pages><Page ID="1" BaseLoc="{}"/></Pages>'
    parts = {"Doc_0/Document.xml": document.format(NAMED[how]["BaseLoc"]) + "</Document>"}
    assert cells(read(Ofd([TABLE], parts=parts).data(), NAME)) == FLAT


def test_prefixes_of_elements_do_not_matter() -> None:
    content = Ofd([TABLE]).document()["Doc_0/Pages/Page_0/Content.xml"]
    prefixed = content.replace("</", "</o:").replace("<", "<o:").replace("<o:/o:", "</o:").replace("<o:?", "<?")
    prefixed = prefixed.replace("xmlns=", "xmlns:o=")
    assert cells(read(Ofd([TABLE], parts={"Doc_0/Pages/Page_0/Content.xml": prefixed}).data(), NAME)) == FLAT


def problem(data: bytes) -> str:
    with pytest.raises(ReadError) as error:
        read(data, NAME)
    return str(error.value)


def test_pages_that_can_not_be_read_are_named_and_the_others_are_read() -> None:
    parts = {"Doc_0/Pages/Page_1/Content.xml": None, "Doc_0/Pages/Page_3/Content.xml": "<Page><Content>"}
    document = read(Ofd([TABLE] * 5, parts=parts).data(), NAME)
    assert [table_.page for table_ in document.tables] == [1, 3, 5]
    details = [doubt.detail for doubt in document.doubts]
    assert {doubt.rule for doubt in document.doubts} == {"unreadable_page"}
    assert details[0] == "page 2: its part is missing from the package; what it says is missing"
    assert details[1].startswith("page 4: the part Doc_0/Pages/Page_3/Content.xml is no well-formed XML")
    gone = {f"Doc_0/Pages/Page_{index}/Content.xml": None for index in range(5)}
    assert "page 1: its part is missing from the package" in problem(Ofd([TABLE] * 5, parts=gone).data())


def test_what_is_missing_around_the_pages() -> None:
    lost = read(Ofd([TABLE], uses={0: ["9"]}).data(), NAME)
    assert [doubt.detail for doubt in lost.doubts] == [
        "page 1: its template 9: it is missing from the package; what it says is missing"
    ]
    bare = read(Ofd([TABLE], parts={"Doc_0/PublicRes.xml": None, "Doc_0/DocumentRes.xml": "<Res>"}).data(), NAME)
    assert cells(bare) == FLAT
    assert [doubt.rule for doubt in bare.doubts] == ["reading_doubt"] * 2
    other = read(Ofd([TABLE], parts={"Doc_1/Document.xml": None}).data(Ofd([TABLE])), NAME)
    assert cells(other) == FLAT
    assert [doubt.detail for doubt in other.doubts] == [
        "document 2 of the package: the part Doc_1/Document.xml is missing from the package; what it says is missing"
    ]


@pytest.mark.parametrize(
    ("ofd", "expected"),
    [
        (Ofd([TABLE], parts={"Encryptions.xml": "<Encryptions/>"}), "the OFD is encrypted"),
        (Ofd([TABLE], parts={"OFD.xml": None}), "the part OFD.xml is missing"),
        (Ofd([TABLE], parts={"OFD.xml": "<OFD/>"}), "the OFD has no pages"),
        (Ofd([TABLE], parts={"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]><OFD>&b;</OFD>'}), "declares entities"),
        (Ofd([TABLE], parts={"Doc_0/Document.xml": None}), "the part Doc_0/Document.xml is missing"),
        (Ofd([]), "the OFD has no pages"),
        (Ofd([""]), "no text was found on its pages"),
        (Ofd(["<PageBlock>" * 100 + "</PageBlock>" * 100]), "nested more than 64 deep"),
        (
            Ofd(['<ImageObject ID="1" Boundary="0 0 210 297" ResourceID="5" CTM="210 0 0 297 0 0"/>'] * 2),
            "page 1: the OFD is a scan: its pages are pictures without text",
        ),
    ],
)
def test_files_that_can_not_be_read(ofd: Ofd, expected: str) -> None:
    assert expected in problem(ofd.data())


def test_a_page_listed_again_and_again() -> None:
    listed = '<Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * 5000
    parts = {"Doc_0/Document.xml": f"<Document><Pages>{listed}</Pages></Document>"}
    assert "lists 5,000 pages and has 5 parts" in problem(Ofd([TABLE], parts=parts).data())


def test_a_page_that_is_a_picture_between_others() -> None:
    picture = '<ImageObject ID="1" Boundary="0 0 210 297" ResourceID="5"/>'
    document = read(Ofd([TABLE, picture]).data(), NAME)
    assert [(doubt.rule, doubt.places[0].page) for doubt in document.doubts] == [("scanned_page", 2)]


@pytest.mark.parametrize("value", ["NaN", "inf", "-1e308", "1e999", "", "x", "9" * 400])
def test_numbers_that_are_none(value: str) -> None:
    odd = "".join(
        code(LINE, how, boundary)
        for how, boundary in (
            (f'CTM="{value} 0 0 {value} 0 0"', "24 46 9 9"), (f'HScale="{value}"', "24 46 9 9"),
            (f'CharDirection="{value}" Alpha="{value}"', f"{value} 46 9 9"), ("", f"{value} {value} {value} {value}"),
        )
    )  # fmt: skip
    odd += code(
        f'<TextCode X="{value}" Y="{value}" DeltaX="{value} g {value} 3 g 1" DeltaY="g 9 {value}">老旧</TextCode>'
    )
    odd += path(f"M {value} 0 L {value} {value}", f"{value} 0 0 0", f'LineWidth="{value}"')
    document = read(Ofd([TABLE + odd]).data(), NAME)
    assert "区住建局" in "".join(said(document))


def test_an_ofd_is_told_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "misnamed.pdf"
    file.write_bytes(Ofd([TABLE]).data())
    assert cells(read_document(file)) == FLAT


def test_what_an_ofd_carries_with_it_does_not_tell_its_format() -> None:
    package = BytesIO()
    with ZipFile(package, "w") as other:  # stored, as fonts and attachments often are
        other.writestr("word/document.xml", "")
        other.writestr("xl/workbook.xml", "")
    parts: dict[str, str | bytes | None] = {
        "Doc_0/Attachs/a.docx": package.getvalue(),
        "Doc_0/Res/font.ttf": b"xl/" * 9,
    }
    assert detect(Ofd([TABLE], parts=parts).data()) == "ofd"
    stored = BytesIO()
    with ZipFile(BytesIO(Ofd([TABLE], parts=parts).data())) as old, ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("OFD.xml", "ofd.XML"), old.read(name))
    assert detect(stored.getvalue()) == "ofd"
    assert cells(read(stored.getvalue(), NAME)) == FLAT


def test_a_long_document_keeps_no_page(tmp_path: Path) -> None:
    file = tmp_path / "long.ofd"
    file.write_bytes(Ofd([TABLE] * 300).data())
    assert read_document(file).pages == 300


def _joined(texts: Sequence[str]) -> list[str]:
    return sorted("".join("".join(texts).split()))


def test_everything_on_a_page_is_somewhere() -> None:
    document = read(Ofd([GRID + code(LINE) + text(20, 20, "责任分解表") + text(300, 20, "外")]).data(), NAME)
    assert _joined(said(document)) == _joined(["右", "右下", "老旧小区", "责任分解表", "外"])
