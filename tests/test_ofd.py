"""OFD files: each trap of the format against what a reader of the printed page would say."""

from __future__ import annotations

from pathlib import Path

import pytest
from ofd_package import Ofd, lattice, path, table, text

from extractors.model import SourceDocument
from extractors.ofd.reader import read

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
