"""What a file is, by its content; packages that are attacks."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from extractors.archive import Package, resolve
from extractors.errors import ReadError
from extractors.formats import detect
from extractors.markup import parse_xml


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"junk\n%PDF-1.7\n", "pdf"),
        (_zip(word__document=b"x"), "docx"),
        (_zip(xl__workbook=b"x"), "xlsx"),
        (_zip(**{"OFD.xml": b"x"}), "ofd"),
        (_zip(readme=b"x"), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"\x89PNG\r\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"II*\0", "tiff"),
        (b"MM\0*", "tiff"),
        (b"GIF89a", "image"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "html"),
        ("﻿<html><body>".encode("utf-16"), "html"),
        ("<p>一、区发改局</p>".encode("gb18030"), "html"),
        ("附件1\n<table><tr><td>序号</td></tr></table>".encode(), "html"),
        (b'<?xml version="1.0"?><x/>', "xml"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>', "doc"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n", "mhtml"),
        ("序号\t目标名称\n".encode(), "txt"),
        ("（1）GDP增长<5%\n".encode(), "txt"),
    ],
)
def test_the_format_is_told_by_the_content(data: bytes, name: str) -> None:
    assert detect(data) == name


def test_a_package_gives_its_parts() -> None:
    package = Package(_zip(a__b=b"text"), "x.docx")
    assert package.names == ["a/b"]
    assert package.read("a/b") == b"text"


def test_a_part_that_is_missing_is_named() -> None:
    with pytest.raises(ReadError, match=r"x\.docx: the part a/c is missing"):
        Package(_zip(a__b=b"text"), "x.docx").read("a/c")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_zip(bomb=bytes(64 << 20)), "times as large unpacked"),
        (_zip(**{"../../etc/passwd": b"x"}), "leads outside"),
        (_zip(**{"/etc/passwd": b"x"}), "leads outside"),
        (_zip(**{"C:\\x": b"x"}), "leads outside"),
        (_zip(a=b"text")[:-30], "can't be opened"),
        (b"PK\x03\x04", "can't be opened"),
    ],
    # An archive holds the time at which it was made, and is no name for a test that all processes agree on.
    ids=["bomb", "parent", "root", "drive", "cut off", "begun"],
)
def test_an_attack_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        Package(data, "x.docx")


def test_a_part_that_is_larger_than_declared_is_refused() -> None:
    data = bytearray(_zip(a=b"x" * 5000))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(ReadError, match="can't be unpacked"):
        Package(bytes(data), "x.docx").read("a")


def test_a_target_is_named_from_the_part_that_names_it() -> None:
    assert resolve("word/document.xml", "media/a.png") == "word/media/a.png"
    assert resolve("word/document.xml", "/word/a.xml") == "word/a.xml"
    assert resolve("Doc_0/Document.xml", "../../../a.xml") == "a.xml"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>',
    ],
)
def test_entities_and_document_types_are_refused(text: str) -> None:
    with pytest.raises(ReadError, match="document type"):
        parse_xml(text.encode(), Path("x.docx"), "word/document.xml")


def test_xml_that_is_cut_off_is_named() -> None:
    with pytest.raises(ReadError, match=r"word/document\.xml is no well-formed XML"):
        parse_xml(b"<a><b>", Path("x.docx"), "word/document.xml")
