"""Bad files on the command line and in an ingest: named, with the rest done, and tried again when that may help."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_pdf import TABLE, document, packed, pdf
from click.testing import CliRunner, Result
from locked_pdf import locked

from extractors import workers
from extractors.read import read_document
from flows import settings
from flows.cli import main
from flows.discover import discover
from flows.ledger import Entry, Ledger
from flows.steps import Work, extract

SAMPLES = Path(__file__).parent.parent / "raw"
#: More paths than a page may have.
TOO_MUCH = packed(b"0 0 m 9 9 l S\n" * 260_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a good file between bad ones."""
    files = {
        "a-broken.pdf": pdf(TABLE)[:60],
        "b-locked.pdf": locked(document(TABLE), "aes-256", b"secret"),
        "c-partly.pdf": pdf(TABLE, TOO_MUCH, TABLE),
        "d-scan.pdf": pdf(
            b"300 0 0 200 0 0 cm /I Do",
            resources=b"/XObject <</I 1000 0 R>>",
            more={1000: packed(b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
                               b"/ColorSpace /DeviceGray")},
        ),
        "e-good.txt": (SAMPLES / "2026" / "zhonglou.txt").read_bytes(),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def fenjie(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def test_each_bad_file_is_named_and_the_rest_is_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = fenjie("extract", *sorted(folder.glob("*.*")), "--out", out)
    assert result.exit_code == 2
    said = result.stderr.replace(str(folder) + "/", "")
    assert "error a-broken.pdf: the PDF is damaged: its structure can't be read." in said
    assert "error b-locked.pdf: the PDF is encrypted and needs a password. Give it with --password" in said
    assert "c-partly.pdf: critical: page 2: the page can't be read: it has more than 250,000 objects" in said
    assert "error d-scan.pdf: no text was found on its pages" in said
    assert "e-good.txt" not in said
    written = {path.name: path.read_text(encoding="utf-8") for path in (out / folder.name).iterdir()}
    assert set(written) == {"c-partly.pdf.jsonl", "e-good.txt.jsonl"}
    assert len(written["e-good.txt.jsonl"].splitlines()) == 85


def test_one_file_is_read_as_several_are(folder: Path) -> None:
    for name in ("a-broken.pdf", "c-partly.pdf", "d-scan.pdf", "e-good.txt"):
        alone = fenjie("extract", folder / name)
        twice = fenjie("extract", folder / name, folder / name)
        assert (twice.exit_code, twice.stdout) == (alone.exit_code, 2 * alone.stdout)
        assert twice.stderr == 2 * alone.stderr


@pytest.mark.parametrize("given", [["--password", "secret"], []])
def test_a_password(folder: Path, given: list[str]) -> None:
    environment = {} if given else {settings.PASSWORD: "secret"}
    result = fenjie("extract", folder / "b-locked.pdf", *given, **environment)
    assert "encrypted" not in result.stderr
    assert result.exit_code == 1  # it is opened, and holds no responsibility table
    shown = fenjie("inspect", folder / "b-locked.pdf", *given, **environment)
    assert (shown.exit_code, "a1" in shown.stdout) == (0, True)
    wrong = fenjie("extract", folder / "b-locked.pdf", "--password", "wrong")
    assert "the password given does not open it" in wrong.stderr
    assert "wrong." not in wrong.stderr


def test_an_ingest_reads_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [Work(source) for source in discover([folder], folder)]
    problems = {item.source.path.name[0]: item.problem for item in extract(sources)}
    assert [name for name, found in problems.items() if found is None] == ["c", "e"]
    assert "needs a password" in str(problems["b"])

    monkeypatch.setenv(settings.PASSWORD, "secret")
    again = {item.source.path.name[0]: item for item in extract(sources)}
    assert [name for name, item in again.items() if item.problem is None] == ["b", "c", "e"]
    assert again["b"].read == read_document(folder / "b-locked.pdf", "secret")


def test_an_unreadable_file_is_tried_again_when_that_may_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "2026" / "a.pdf"
    path.parent.mkdir()
    path.write_bytes(b"%PDF-")
    (source,) = discover([], tmp_path)
    ledger = Ledger(tmp_path)
    ledger.entries[source.name] = Entry(source.content_hash, "1", "unreadable")
    assert ledger.is_current(source, "1", "", {})
    monkeypatch.setenv(settings.PASSWORD, "secret")
    assert not ledger.is_current(source, "1", "", {})
    assert settings.MEMORY == workers.MEMORY
