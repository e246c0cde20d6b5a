"""Whole Word files: the sample, the 2026 table in DOCX and older formats, random tables, damaged files."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx_files import docx, table_of
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from scoring import wrong_fields
from test_pdf_printed import BY_OFFICE, need, records
from test_pdf_truth import DATA, records_of
from typeset_docx import DocxSetting, soffice, write_docx
from typeset_table import COLUMNS

from extractors.errors import ReadError
from extractors.model import Cell, Provenance, SourceDocument, tiles
from extractors.supervised import read_documents, whole
from extractors.word import legacy
from extractors.word.reader import read
from normalizers.normalize import normalize
from normalizers.tabulate import nested

SETTINGS = {
    **BY_OFFICE,
    "commas": DocxSetting(separator="、"),
    "numbers": DocxSetting(number="{}."),
    "full-width": DocxSetting(number="（{}）"),
}
#: The files of `folder`, and the formats that they are told to be.
OLDER = {"x.wps": "doc", "x.rtf": "rtf", "x.odt": "odt", "x.xml": "doc"}
PLACE = Provenance(0)
_T = tuple(
    f"{{{space}}}t"
    for space in (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
)


def without_pages(truth: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{key: value for key, value in task.items() if not key.startswith("page_")} for task in truth]


def test_every_scored_field_of_the_sample_is_right() -> None:
    truth = json.loads((DATA / "000_docx" / "truth.json").read_text(encoding="utf-8"))["tasks"]
    assert wrong_fields(without_pages(truth), records_of(DATA / "000_docx" / "source.docx")) == []


@pytest.mark.parametrize("name", SETTINGS)
def test_the_2026_table(name: str, tmp_path: Path) -> None:
    truth = records(SETTINGS[name].columns)
    assert len(truth) == 85
    assert wrong_fields(truth, records_of(write_docx(truth, tmp_path / "x.docx", SETTINGS[name]))) == []


@st.composite
def tilings(draw: st.DrawFn) -> tuple[list[Cell], int, list[int]]:
    """A table of random spans, and the widths of its columns; each column has a cell of its own."""
    n_rows, n_cols = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(n_rows):
        for col in range(n_cols):
            if (row, col) in taken:
                continue
            wide = 1
            most = 1 if row == 0 else draw(st.integers(1, 3))
            while wide < most and col + wide < n_cols and (row, col + wide) not in taken:
                wide += 1
            high = 1 if row == 0 and wide == 1 and draw(st.booleans()) else min(draw(st.integers(1, 3)), n_rows - row)
            taken |= {(row + down, col + right) for down in range(high) for right in range(wide)}
            text = draw(st.sampled_from(["", "甲", "（1）乙", "丙\n丁", "a  b", "&lt;"]))
            cells.append(Cell(text, row, col, high, wide, PLACE))
    widths = draw(st.lists(st.integers(200, 4000), min_size=n_cols, max_size=n_cols))
    return cells, n_rows, widths


@given(tilings())
@settings(max_examples=150, deadline=None)
def test_a_table_is_read_as_it_was_written(table: tuple[list[Cell], int, list[int]]) -> None:
    cells, n_rows, widths = table
    (found,) = read(docx(table_of(cells, n_rows, widths)), Path("x.docx")).tables
    assert (found.n_rows, found.n_cols) == (n_rows, len(widths))
    wanted = {(c.row, c.col, c.row_span, c.col_span, c.text.replace("&lt;", "<")) for c in cells}
    assert {(c.row, c.col, c.row_span, c.col_span, c.text) for c in found.cells} == wanted
    assert [round(b - a, 2) for a, b in zip(found.columns, found.columns[1:], strict=False)] == [
        round(width / 20, 2) for width in widths
    ]


def said(document: SourceDocument) -> str:
    texts = [cell.text for table in document.tables for cell in table.cells]
    texts += [block.text for block in document.blocks] + [item.text for item in document.left_out]
    return "".join("".join(texts).split())


def check_whole(data: bytes) -> None:
    """Either an error that says what to do, or a document in which every text stands."""
    try:
        document = read(data, Path("x.docx"))
    except ReadError as error:
        assert error.advice
        return
    for table in document.tables:
        assert tiles(table.cells, table.n_rows, table.n_cols)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    found = said(document)
    lost = [text for own in root.iter(*_T) if (text := "".join((own.text or "").split())) and text not in found]
    assert lost == []


def repacked(data: bytes, change: str, rng: random.Random) -> bytes:
    """A package with a part changed, dropped or doubled."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        names = package.namelist()
        victim = rng.choice(names) if change != "words" else "word/document.xml"
        for name in names:
            content = bytearray(package.read(name))
            if name == victim and change == "drop":
                continue
            if name == victim and change == "flip":
                for _ in range(rng.randint(1, 4)):
                    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
            if name == victim and change == "words":
                content = bytearray(swapped(bytes(content), rng))
            new.writestr(name, bytes(content))
    return file.getvalue()


WORDS = (b"w:tc", b"w:tr", b"w:tbl", b"w:p", b"w:r", b"w:sdt", b"w:ins", b"w:del", b"w:unknown", b"w:txbxContent")
VALUES = (b'w:val="0"', b'w:val="-3"', b'w:val="99999999999"', b'w:val="x"', b'w:val="restart"', b'w:val="2"')


def swapped(content: bytes, rng: random.Random) -> bytes:
    """XML that stays well-formed: elements renamed with their ends, values of attributes changed."""
    if rng.random() < 0.5:
        old, new = rng.sample(WORDS, 2)
        for end in (b">", b"/>", b" "):
            content = content.replace(b"<" + old + end, b"<" + new + end)
        return content.replace(b"</" + old + b">", b"</" + new + b">")
    parts = content.split(b"w:val=")
    for at in rng.sample(range(1, len(parts)), min(len(parts) - 1, 20)):
        parts[at] = rng.choice(VALUES)[6:] + parts[at][parts[at].index(b'"', 1) + 1 :]
    return b"w:val=".join(parts)


@pytest.mark.parametrize("change", ["flip", "words", "drop", "zip", "cut"])
def test_damaged_files_are_read_whole_or_refused(change: str, tmp_path: Path) -> None:
    data = write_docx(records(COLUMNS)[:12], tmp_path / "x.docx").read_bytes()
    rng = random.Random(change)
    for _ in range(60):
        if change == "zip":
            damaged = bytearray(data)
            for _ in range(rng.randint(1, 8)):
                damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
            check_whole(bytes(damaged))
        elif change == "cut":
            check_whole(data[: rng.randrange(len(data))])
        else:
            check_whole(repacked(data, change, rng))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 2026 table in the formats that LibreOffice writes, by format."""
    office = need(soffice(), "LibreOffice")
    folder = tmp_path_factory.mktemp("legacy")
    source = write_docx(records(COLUMNS), folder / "x.docx")
    for ending in ("doc", "rtf", "odt", "xml:MS Word 2003 XML"):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    shutil.rmtree(folder / "profile")
    shutil.move(folder / "x.doc", folder / "x.wps")
    return folder


@pytest.fixture(scope="module")
def in_one_go(folder: Path) -> tuple[dict[Path, SourceDocument | ReadError], list[int]]:
    """What reading those files together gives, and how many files each call of LibreOffice got."""
    calls = []
    run = legacy._run

    def counted(command: Sequence[str], at: Path, files: int) -> bool:
        calls.append(files)
        return run(command, at, files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(legacy, "_run", counted)
        return dict(read_documents([folder / name for name in OLDER], whole)), calls


@pytest.fixture
def converted(
    folder: Path, in_one_go: tuple[dict[Path, SourceDocument | ReadError], list[int]]
) -> list[SourceDocument]:
    """The documents among them, in the order of the files."""
    return [found for name in OLDER if isinstance(found := in_one_go[0][folder / name], SourceDocument)]


def test_older_formats_are_read_in_one_go(
    folder: Path,
    in_one_go: tuple[dict[Path, SourceDocument | ReadError], list[int]],
    converted: list[SourceDocument],
) -> None:
    assert in_one_go[1] == [4]
    for document, (name, form) in zip(converted, OLDER.items(), strict=True):
        assert (document.path, document.format, document.pages) == (str(folder / name), form, 0)
        assert (document.tables[0].n_rows, document.tables[0].n_cols) == (86, 6)


def test_the_2026_table_in_older_formats(converted: list[SourceDocument]) -> None:
    # The XML that LibreOffice writes has lost the merged cells.
    for document in converted[:3]:
        normalized = normalize(document, None)
        assert not [issue for issue in normalized.issues if issue.task_no is None and issue.severity != "info"]
        assert wrong_fields(records(COLUMNS), nested(normalized)) == []


def test_the_2026_table_in_an_older_format_alone(folder: Path) -> None:
    assert wrong_fields(records(COLUMNS), records_of(folder / "x.wps")) == []


def test_one_bad_file_does_not_stop_the_others(folder: Path) -> None:
    bad = folder / "bad.doc"
    bad.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 100)
    found = dict(read_documents([bad, folder / "x.rtf"], whole))
    assert isinstance(found[bad], ReadError)
    assert isinstance(found[folder / "x.rtf"], SourceDocument)


def test_without_libreoffice_there_is_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ReadError, match=r"is not installed\. Install LibreOffice"):
        legacy.read(b"{\\rtf1 x}", Path("x.rtf"))


def test_an_encrypted_file_is_named() -> None:
    fib = b"\xec\xa5" + bytes(8) + (0x0100).to_bytes(2, "little")
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + fib.ljust(512, b"\0")
    with pytest.raises(ReadError, match="encrypted"):
        legacy.read(data, Path("x.doc"))


def test_libreoffice_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = tmp_path / "soffice"
    office.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    office.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(office))
    monkeypatch.setattr(legacy, "_START", 0.2)
    monkeypatch.setattr(legacy, "_EACH", 0.1)
    with pytest.raises(ReadError, match="can't make a DOCX"):
        legacy.read(b"{\\rtf1 x}", Path("x.rtf"))
