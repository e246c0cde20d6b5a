"""OFD packages: annotations, several documents, names of parts, what is missing, and files that mean harm."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from ofd_package import Ofd, lattice, path, text
from test_ofd import FLAT, GRID, LINE, NAME, TABLE, cells, code, said

from extractors.errors import ReadError
from extractors.formats import detect
from extractors.ofd.reader import read
from extractors.read import read_document


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
