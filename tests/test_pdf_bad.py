"""PDF files that are damaged, locked or meant to do harm: what can be read is read, what can't is named."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from broken_pdf import TABLE, TEXTS, document, form, packed, pdf, write
from locked_pdf import Way, locked

from extractors.errors import ReadError
from extractors.model import SourceDocument
from extractors.pdf.harmless import is_harmless
from extractors.pdf.reader import read
from extractors.read import read_document, read_tables
from extractors.supervised import read_documents, whole

GOOD = pdf(TABLE)
X, NAME = b"/XObject <</X 1000 0 R>>", Path("some/file.pdf")


def texts(data: bytes, password: str | None = None) -> list[str]:
    """What the cells of a file's tables say."""
    return [cell.text for table in read(data, NAME, password).tables for cell in table.cells]


def failure(data: bytes) -> ReadError:
    """Why a file can't be read."""
    with pytest.raises(ReadError) as error:
        read(data, NAME)
    return error.value


def problem(data: bytes, tmp_path: Path, password: str | None = None) -> str:
    """What is said of a file that can't be read."""
    path = tmp_path / "bad.pdf"
    path.write_bytes(data)
    with pytest.raises(ReadError) as error:
        read_document(path, password)
    assert str(error.value).startswith(str(path))
    return str(error.value)[len(str(path)) :]


@pytest.mark.parametrize("way", ["rc4-40", "rc4-128", "aes-128", "aes-256"])
def test_an_encrypted_file(way: Way) -> None:
    assert texts(locked(document(TABLE), way)) == TEXTS
    assert texts(locked(document(TABLE), way), "not needed") == TEXTS
    secret = locked(document(TABLE), way, b"secret")
    assert texts(secret, "secret") == texts(secret, "owner") == TEXTS
    with pytest.raises(ReadError, match=r"file.pdf: the PDF is encrypted and needs a password\. Give it with"):
        read(secret, NAME)
    with pytest.raises(ReadError, match=r"the password given does not open it\. Check --password"):
        read(secret, NAME, "wrong")


def test_a_password_is_handed_to_other_processes_and_not_told(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    path.write_bytes(locked(document(TABLE), "aes-256", b"secret"))
    assert [cell.text for table in read_tables(path, "secret") for cell in table.cells] == TEXTS
    assert "wrong" not in problem(path.read_bytes(), tmp_path, "wrong")


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_off(share: float) -> None:
    data = pdf(*[TABLE] * 5)
    try:
        document = read(data[: int(share * len(data))], NAME)
    except ReadError as error:
        assert "damaged" in error.problem or "no pages" in error.problem
    else:
        assert {cell.text for table in document.tables for cell in table.cells} <= set(TEXTS)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", ": the file is empty"),
        (b"%PDF-1.7\n", ": the PDF is damaged"),
        (write(document()), ": the PDF is damaged"),
        (pdf(TABLE).replace(b"/Kids [10 0 R]", b"/Kids [2 0 R] "), ", page 1: the page can't be loaded"),
        (pdf(TABLE).replace(b"/Kids", b"/Sons"), ", page 1: the page can't be loaded"),
        (b"x" * 1100 + GOOD, ": this is a PDF behind other bytes"),
        (GOOD.replace(b"/Root 1 0 R", b"/Root 9 0 R"), ": the PDF is damaged"),
        (GOOD[: GOOD.index(b"xref")], ": the PDF is damaged"),
        (pdf(b"", b""), ": no text was found on its pages"),
        (pdf(b"BT /F 9 Tf 9 9 Td (only words) Tj ET"), ": no table was found in it"),
    ],
    ids=[
        "empty",
        "header",
        "no pages",
        "cycle",
        "no kids",
        "late header",
        "no root",
        "no trailer",
        "blank",
        "no table",
    ],
)
def test_a_file_without_anything_to_read(data: bytes, said: str, tmp_path: Path) -> None:
    assert problem(data, tmp_path).startswith(said)


@pytest.mark.parametrize(
    "data",
    [
        b"junk" * 200 + GOOD,
        GOOD.replace(b"startxref\n", b"startxref\n9"),
        GOOD.replace(b"/Count 1", b"/Count 0"),
        GOOD.replace(b"/Count 1", b"/Count -7"),
        GOOD.replace(b"/Count 1", b"/Count 2147483647"),
        GOOD.replace(b"endstream", b"endstrexm"),
        GOOD.replace(b"%PDF-1.7", b"%PDF-9.9"),
    ],
    ids=["junk before", "wrong xref", "count 0", "count -7", "count 2^31", "no end", "version"],
)
def test_damage_that_costs_nothing(data: bytes) -> None:
    assert texts(data) == TEXTS


@pytest.mark.parametrize(
    "box",
    [b"", b"[0 0 1000000 1000000]", b"[300 200 0 0]", b"[0 0 300 200] /Rotate 45", b"[0 0 0 0]", b"[(a) /b]"],
)
def test_odd_page_sizes(box: bytes) -> None:
    assert texts(pdf(TABLE, box=box and b"/MediaBox " + box)) == TEXTS


def test_pages_that_there_are_not(tmp_path: Path) -> None:
    path = tmp_path / "short.pdf"
    path.write_bytes(pdf(TABLE, TABLE).replace(b"/Count 2", b"/Count 5000"))
    with pytest.warns(UserWarning, match="pages 3 to 5000: the page can't be loaded"):
        tables = read_tables(path)
    assert [table.page for table in tables] == [1, 2]
    (doubt,) = read_document(path).doubts
    assert doubt.rule == "unreadable_page"


def test_a_page_that_asks_for_too_much_costs_only_itself() -> None:
    paths = b"".join(b"%d %d m 9 9 l S\n" % (at % 300, at // 300) for at in range(260_000))
    document = read(pdf(TABLE, packed(paths), TABLE), NAME)
    assert [table.page for table in document.tables] == [1, 3]
    (doubt,) = document.doubts
    assert doubt.rule == "unreadable_page"
    assert doubt.detail.startswith("page 2: the page can't be read: it has more than 250,000 objects")
    assert [place.page for place in doubt.places] == [2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"BT /F 1 Tf " + b"(abcdefghij) Tj " * 21_000 + b"ET", "more than 200,000 characters"),
        (b"0 0 m " + b"9 9 l 5 7 l " * 600_000 + b"S", "more than 1,000,000 segments"),
        (b"".join(b"%d 0 m %d 9000 l S 0 %d m 9000 %d l S " % ((4 * at,) * 4) for at in range(400)), "its rulings"),
    ],
    ids=["characters", "segments", "cells"],
)
def test_a_page_with_too_much_on_it(content: bytes, said: str) -> None:
    with pytest.raises(ReadError, match=f"file.pdf, page 1: the page can't be read: .*{said}"):
        read(pdf(packed(content), box=b"/MediaBox [0 0 9000 9000]"), NAME)


def test_a_hundred_thousand_paths_are_read() -> None:
    dots = b"".join(
        b"%d %d m %d %d l S\n" % (at % 50 + 240, at // 500, at % 50 + 240, at // 500) for at in range(100_000)
    )
    assert texts(pdf(packed(dots + TABLE))) == TEXTS


def test_a_page_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(_page: object) -> None:
        while True:
            sum(range(1000))

    monkeypatch.setattr("extractors.pdf.limits.MAX_SECONDS", 0.2)
    monkeypatch.setattr("extractors.pdf.reader.read_page_tables", endless)
    with pytest.raises(ReadError, match="page 1: the page can't be read: it takes longer than"):
        read(GOOD, NAME)


def test_forms_within_forms() -> None:
    itself = pdf(b"/X Do", resources=X, more={1000: form(TABLE + b" /X Do", draws=1000)})
    assert texts(itself) == TEXTS
    for depth in (20, 200):  # pdfium itself goes no deeper than about thirty; neither must hang or crash
        deep = {1000 + at: form(b"/X Do", draws=1001 + at) for at in range(depth)} | {1000 + depth: form(TABLE)}
        data = pdf(b"/X Do", resources=X, more=deep)
        assert texts(data) == TEXTS if depth == 20 else "no text was found" in str(failure(data))
    flat = {1000: form(b"/X Do", draws=1001), 1001: form(TABLE)}
    assert texts(pdf(b"/X Do", resources=X, more=flat)) == TEXTS


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GOOD, True),
        (pdf(packed(TABLE)), True),
        (pdf(packed(TABLE, times=2)), False),
        (pdf(packed(b"0 0 m 1 1 l S " * 500_000)), False),
        (pdf(b"/X Do", resources=X, more={1000: form(b"/X Do " * 9, draws=1001), 1001: form(TABLE)}), True),
        (pdf(b"/X Do", more={1000 + at: form(b"/X Do " * 10, draws=1001 + at) for at in range(5)}), False),
        (locked(document(TABLE), "rc4-40"), False),
    ],
    ids=["plain", "packed", "twice", "large", "forms", "many forms", "locked"],
)
def test_what_is_read_without_supervision(data: bytes, expected: bool) -> None:
    assert is_harmless(data) is expected


def test_mutations_do_no_harm(tmp_path: Path) -> None:
    """Whatever bytes are changed, a document or an error comes out, and the others are read."""
    chance = random.Random(1)
    good = write(document(packed(TABLE), TABLE, resources=X, more={1000: form(TABLE)}))
    paths = []
    for number in range(200):
        data = bytearray(good)
        for _ in range(chance.choice([1, 3, 10, 40])):
            change: Callable[[bytearray], None] = chance.choice([_overwrite, _remove, _double])
            _at(data, change, chance)
        paths.append(tmp_path / f"{number}.pdf")
        paths[-1].write_bytes(data if data.startswith(b"%PDF-") else b"%PDF-" + data)
    results = [result for _, result in read_documents(paths, whole)]
    assert len(results) == 200
    assert sum(isinstance(result, SourceDocument) for result in results) > 60
    assert not [str(result) for result in results if "fault of the programme" in str(result)]


def _at(data: bytearray, change: Callable[[bytearray], None], chance: random.Random) -> None:
    """Change a few bytes at a random place."""
    start = chance.randrange(len(data))
    piece = data[start : start + chance.choice([1, 1, 4, 30])]
    if change is _overwrite:
        piece = bytearray(chance.randbytes(len(piece)))
    else:
        change(piece)
    data[start : start + len(piece)] = piece


def _overwrite(piece: bytearray) -> None:
    piece.reverse()


def _remove(piece: bytearray) -> None:
    piece.clear()


def _double(piece: bytearray) -> None:
    piece.extend(piece)
