"""Documents read by other processes: the same results whatever the way, and a fault costs one document or one page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from broken_pdf import TABLE, packed, pdf

from extractors import supervised
from extractors.compact import dumps, loads
from extractors.errors import ReadError, fault
from extractors.model import SourceDocument
from extractors.pdf.reader import read
from extractors.read import read_document, read_tables
from extractors.supervised import read_documents, whole
from extractors.workers import MEMORY, Crew, Death, Job

ROOT = Path(__file__).parent.parent
#: Takes half a gigabyte when it is read.
BOMB = packed(b"0 0 m 1 1 l S " * 1_600_000)
LONG = 100


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table over many pages."""
    path = tmp_path_factory.mktemp("long") / "long.pdf"
    pages = [TABLE.replace(b"(a1)", b"(a %d)" % number) for number in range(LONG)]
    path.write_bytes(pdf(*pages))
    return path


def put(folder: Path, **contents: bytes) -> list[Path]:
    """Files with these contents, by their names."""
    paths = [folder / f"{name}.pdf" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths


def first_texts(document: SourceDocument) -> list[str]:
    return [table.cells[0].text for table in document.tables]


def test_a_crew_does_jobs_and_outlives_them() -> None:
    with Crew(2) as crew:
        for number in range(6):
            crew.submit(Job((number,), divmod, (number, 4), 9))
        done = dict(crew.finished() for _ in range(6))
        assert {job.rank[0]: result for job, result in done.items()} == {n: divmod(n, 4) for n in range(6)}

        crew.submit(Job((0,), divmod, (1, 0), 9))
        assert isinstance(crew.finished()[1], ZeroDivisionError)

        crew.submit(Job((0,), os.abort, (), 9))
        assert crew.finished()[1] == Death("makes the reader crash (SIGABRT)")

        crew.submit(Job((0,), os._exit, (3,), 9))
        assert crew.finished()[1] == Death("makes the reader crash (exit status 3)")

        crew.submit(Job((0,), bytearray, (9 << 30,), 9))
        assert crew.finished()[1] == Death("needs more than 2,048 MB of memory")

        crew.submit(Job((0,), divmod, (7, 4), 9))
        assert crew.finished()[1] == (1, 3)
        begun = time.monotonic()
        crew.submit(Job((0,), time.sleep, (60,), 0.3))
        assert crew.finished()[1] == Death("takes too long")
        assert time.monotonic() - begun < 20
        with pytest.raises(IndexError):
            crew.finished()


def test_waiting_jobs_can_be_dropped() -> None:
    with Crew(1) as crew:
        for number in range(5):
            crew.submit(Job((number,), abs, (-number,), 9))
        crew.drop(lambda job: job.rank[0] in (2, 3))
        assert [crew.finished()[1] for _ in range(3)] == [0, 1, 4]


def test_what_was_read_travels_whole() -> None:
    document = read(pdf(TABLE), Path("a.pdf"))
    assert loads(dumps(document)) == document
    error = loads(dumps(ReadError("a.pdf", "it is broken", "Mend it", 3)))
    assert (str(error), error.page) == ("a.pdf, page 3: it is broken. Mend it", 3)


@pytest.mark.parametrize("cores", [1, 3])
def test_several_processes_read_as_one_does(long_file: Path, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = read(long_file, long_file)
    assert first_texts(alone) == [f"a {number}" for number in range(LONG)]
    monkeypatch.setattr(supervised, "cores", lambda: cores)
    seen: list[tuple[Path, int, int]] = []
    assert read_document(long_file, watch=lambda *told: seen.append(told)) == alone
    assert seen[-1] == (long_file, LONG, LONG)
    assert [read for _, read, _ in seen] == sorted(read for _, read, _ in seen)


def test_results_come_in_the_order_of_the_files(long_file: Path, tmp_path: Path) -> None:
    short, broken = put(tmp_path, short=pdf(TABLE), broken=pdf(TABLE)[:40])
    text = ROOT / "raw" / "2026" / "zhonglou.txt"
    missing = tmp_path / "missing.pdf"
    paths = [long_file, missing, short, text, broken, short]
    results = list(read_documents(paths, whole))
    assert [path for path, _ in results] == paths
    assert [result.pages if isinstance(result, SourceDocument) else 0 for _, result in results] == [LONG, 0, 1, 9, 0, 1]


def test_it_may_be_called_from_any_thread_and_any_script(long_file: Path, tmp_path: Path) -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(len(read_tables(long_file))))
    thread.start()
    thread.join()
    assert found == [LONG]
    script = tmp_path / "script.py"
    script.write_text(f"from extractors.read import read_tables\nprint(len(read_tables({str(long_file)!r})))\n")
    result = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert result.stdout == f"{LONG}\n"


def test_a_page_that_takes_all_memory_is_named_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEMORY, "300")
    mixed, alone, good = put(tmp_path, mixed=pdf(TABLE, BOMB, TABLE), alone=pdf(BOMB), good=pdf(TABLE))
    results = dict(read_documents([mixed, alone, good], whole))
    document = results[mixed]
    assert isinstance(document, SourceDocument)
    assert [table.page for table in document.tables] == [1, 3]
    (doubt,) = document.doubts
    assert doubt.rule == "unreadable_page"
    assert doubt.detail == "page 2: reading it needs more than 300 MB of memory; what it says is missing"
    assert str(results[alone]).startswith(f"{alone}, page 1: reading it needs more than 300 MB of memory. ")
    assert isinstance(results[good], SourceDocument)
    with pytest.raises(ReadError, match=r"alone\.pdf, page 1: reading it needs more than 300 MB"):
        read_document(alone)


def test_a_document_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised, "_SECONDS", 0.3)
    monkeypatch.setattr(supervised, "_SECONDS_A_PAGE", 0.0)
    # The process that then counts the pages has to start within it, whatever else this machine does.
    monkeypatch.setattr("extractors.workers._START", 3.0)
    forms = {1000 + at: b"" for at in range(9)}
    for at in forms:
        inner = b"/Resources <</XObject <</X %d 0 R>>>>" % (at + 1)
        content = b"/X Do " * 10
        forms[at] = b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] %b /Length %d>>\nstream\n%b\nendstream" % (
            inner, len(content), content,
        )  # fmt: skip
    forms[1009] = b"<</Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 12>>\nstream\n0 0 m 9 9 l S\nendstream"
    (path,) = put(tmp_path, laughs=pdf(b"/X Do", resources=b"/XObject <</X 1000 0 R>>", more=forms))
    begun = time.monotonic()
    with pytest.raises(ReadError, match=r"laughs.pdf, page 1: reading it takes too long\. It is damaged, or no"):
        read_document(path)
    assert time.monotonic() - begun < 30


def test_a_fault_of_the_programme_is_said_and_stops_no_other(tmp_path: Path) -> None:
    paths = put(tmp_path, one=pdf(TABLE), two=pdf(TABLE))
    results = [str(result) for _, result in read_documents(paths, json.dumps)]
    assert [result.split(":")[0] for result in results] == [str(path) for path in paths]
    assert all("a fault of the programme (TypeError: " in result for result in results)
    try:
        json.dumps(object())
    except TypeError as error:
        assert "encoder.py line" in str(fault("a.pdf", error))
