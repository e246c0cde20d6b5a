"""``fenjie status`` says what is published, held back and out of date; ``fenjie show`` where each field was read."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from typeset_pdf import typeset_pdf
from typeset_table import table_2026

from extractors.read import read_document
from flows.discover import UsageError, discover
from flows.fingerprint import version
from flows.ledger import Entry, Ledger, Status, sole_run
from flows.runlog import Outcome, logged
from flows.status import state_of
from flows.task_view import view_task
from normalizers.normalize import normalize
from normalizers.records import Identity
from writers.release import build
from writers.render import render

ROOT = Path(__file__).parent.parent
FENJIE = Path(sys.executable).with_name("fenjie")
SAMPLE = "320404-2026-zfgzbg"


def fenjie(*arguments: object, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "120"} | extra
    command = [str(FENJIE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=60, check=False)


class Folders:
    """raw/ and outputs/ with documents in a state that a test chooses."""

    def __init__(self, folder: Path) -> None:
        self.raw, self.outputs = folder / "raw", folder / "outputs"
        self.outputs.mkdir()
        self.code = version()

    def add(
        self, name: str, status: Status = "published", reasons: tuple[str, ...] = (), released: bool | None = None
    ) -> None:
        """A document that was ingested as it is now, with a release of 3 tasks and 2 doubts where it has one."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
        (source,) = discover([path], self.raw)
        year, document_id = int(path.parent.name), f"{path.stem}-{path.parent.name}-zfgzbg"
        issues = {"critical": 1} if reasons else {"warning": 1, "info": 1}
        entry = Entry(source.content_hash, self.code, status, document_id, year, "0" * 64, 3, issues, reasons)
        if status == "unreadable":
            entry = Entry(source.content_hash, self.code, status, reasons=reasons)
        ledger = Ledger(self.outputs)
        ledger.entries[name] = entry
        ledger.write()
        if status == "published" if released is None else released:
            self.release(year, document_id)

    def release(self, year: int, document_id: str) -> None:
        folder = self.outputs / str(year) / document_id
        folder.mkdir(parents=True)
        (folder / "documents.csv").write_text(f"document_id,n_tasks\r\n{document_id},3\r\n", encoding="utf-8-sig")
        tasks = "".join(f"{document_id}-{number}\r\n" for number in (1, 2, 3))
        (folder / "tasks.csv").write_text(f"task_id\r\n{tasks}", encoding="utf-8-sig")
        (folder / "issues.csv").write_text("severity\r\nwarning\r\ninfo\r\n", encoding="utf-8-sig")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_everything_published_and_current_is_healthy(folders: Folders) -> None:
    for name in ("2024/320901.txt", "2025/320901.txt", "2025/320902.txt"):
        folders.add(name)
    with logged(folders.outputs, "ingest", folders.code, "threads") as log:
        log.documents([Outcome("2025/320901.txt", "published", n_tasks=3)])
    state = state_of(folders.outputs, folders.raw)
    assert [(year.year, year.documents, year.released, year.tasks) for year in state.years] == [
        ("2024", 1, 1, 3),
        ("2025", 2, 2, 6),
    ]
    assert state.years[1].doubts == {"critical": 0, "warning": 2, "info": 2}
    assert (state.stopped, state.stale, state.exit_status) == ((), (), 0)
    assert [(run.command, run.how) for run in state.runs] == [("ingest", "done")]
    result = fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs, PYTHONPROFILEIMPORTTIME="1")
    assert result.returncode == 0
    assert "Everything is published and current." in result.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in result.stderr.splitlines() if "|" in line}
    assert "flows.status" in imported
    assert not imported & {"prefect", "great_expectations", "pandas", "pyarrow", "sqlalchemy"}


def test_what_is_held_back_is_named_with_its_reasons(folders: Folders) -> None:
    folders.add("2025/320901.txt")
    folders.add("2025/320902.txt", "held_back", ("(2) is [missing]", "b", "c", "d"), released=True)
    folders.add("2025/320903.txt", "unreadable", ("the file is empty",))
    state = state_of(folders.outputs, folders.raw)
    (year,) = state.years
    assert (year.documents, year.released, year.tasks, year.held_back, year.unreadable) == (3, 2, 6, 1, 1)
    assert year.doubts == {"critical": 0, "warning": 2, "info": 2}, "doubts are those of the releases that stand"
    assert [(item.document, item.status, item.released) for item in state.stopped] == [
        ("2025/320902.txt", "held_back", True),
        ("2025/320903.txt", "unreadable", False),
    ]
    result = fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs)
    assert result.returncode == 1
    for said in ("held back 2025/320902.txt", "(2) is [missing]", "… and 1 more", "its last good release stays",
                 "unreadable 2025/320903.txt", "there is no release of it", "320902.txt.json"):  # fmt: skip
        assert said in result.stdout
    everything = fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs, "--held-back")
    assert "  • d" in everything.stdout
    assert "documents" not in everything.stdout
    other = fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs, "--year", "2024")
    assert (other.returncode, "320902" in other.stdout) == (0, False)


def test_what_is_held_back_and_was_taken_away_is_no_alarm(folders: Folders) -> None:
    folders.add("2025/320901.txt")
    folders.add("2025/copy.txt", "held_back", ("the document is empty",))
    folders.add("2024/320903.txt", "unreadable", ("the file is empty",))
    (folders.raw / "2025" / "copy.txt").unlink()
    (folders.raw / "2024" / "320903.txt").unlink()
    for is_read in (True, False):
        state = state_of(folders.outputs, folders.raw, read_sources=is_read)
        assert (state.stopped, state.exit_status) == ((), 0)
        assert {item.document: item.why for item in state.stale} == {
            "2025/copy.txt": "source not in raw",
            "2024/320903.txt": "source not in raw",
        }
        assert [(year.year, year.documents, year.held_back, year.unreadable) for year in state.years] == [
            ("2025", 1, 0, 0)
        ]
    # From a folder that raw/ does not have: it was never there.
    (folders.raw / "2024").rmdir()
    assert [item.document for item in state_of(folders.outputs, folders.raw).stopped] == ["2024/320903.txt"]


def test_the_former_name_of_a_file_is_not_told(folders: Folders) -> None:
    folders.add("2025/320901.txt")
    ledger = Ledger(folders.outputs)
    ledger.entries["2025/old.txt"] = ledger.entries["2025/320901.txt"]
    ledger.entries["2025/copy.txt"] = replace(ledger.entries["2025/320901.txt"], status="held_back", reasons=("x",))
    ledger.write()
    for is_read in (True, False):
        state = state_of(folders.outputs, folders.raw, read_sources=is_read)
        assert (state.stopped, state.stale, state.exit_status) == ((), (), 0)
        assert [year.documents for year in state.years] == [1]


def test_what_is_out_of_date_is_named_with_the_reason(folders: Folders) -> None:
    for number in range(1, 5):
        folders.add(f"2025/32090{number}.txt")
    (folders.raw / "2025" / "320901.txt").write_text("something else", encoding="utf-8")
    (folders.raw / "2025" / "320902.txt").unlink()
    (folders.raw / "2025" / "320909.txt").write_text("new", encoding="utf-8")
    ledger = Ledger(folders.outputs)
    ledger.entries["2025/320903.txt"] = replace(ledger.entries["2025/320903.txt"], version="older")
    ledger.write()
    folders.release(2019, "320901-2019-zfgzbg")
    state = state_of(folders.outputs, folders.raw)
    assert {(item.document, item.why) for item in state.stale} == {
        ("2025/320901.txt", "source changed"),
        ("2025/320902.txt", "source not in raw"),
        ("2025/320903.txt", "other code or reference data"),
        ("2025/320909.txt", "not ingested yet"),
        ("320901-2019-zfgzbg", "no ledger entry"),
    }
    assert [(year.year, year.documents, year.tasks) for year in state.years] == [("2019", 1, 3), ("2025", 4, 12)]
    assert state.exit_status == 3
    quick = state_of(folders.outputs, folders.raw, read_sources=False)
    assert {item.why for item in quick.stale} == {
        "source not in raw", "other code or reference data", "no ledger entry"
    }  # fmt: skip
    result = fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs, "--json")
    told = json.loads(result.stdout)
    assert (result.returncode, told["exit_status"], len(told["stale"])) == (3, 3, 5)
    assert told["years"][1]["released"] == 4


def test_a_source_that_is_gone_is_said_and_no_alarm(folders: Folders) -> None:
    folders.add("2025/320901.txt")
    folders.add("2025/320902.txt")
    (folders.raw / "2025" / "320902.txt").unlink()
    state = state_of(folders.outputs, folders.raw)
    assert ([item.why for item in state.stale], state.exit_status) == (["source not in raw"], 0)


def test_a_run_that_goes_on_is_told_from_one_that_was_killed(folders: Folders) -> None:
    folders.add("2025/320901.txt")
    log = logged(folders.outputs, "reprocess", folders.code)
    log.__enter__()  # and never left, like a run that is killed
    with sole_run(folders.outputs):
        state = state_of(folders.outputs, folders.raw)
        assert (state.running, state.exit_status) == (True, 0)
        assert "going on" in fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs).stdout
    state = state_of(folders.outputs, folders.raw)
    assert (state.running, state.exit_status) == (False, 3)
    assert "killed" in fenjie("status", "--raw", folders.raw, "--outputs", folders.outputs).stdout


def test_outputs_that_are_not_there_are_wrong_usage(tmp_path: Path) -> None:
    result = fenjie("status", "--outputs", tmp_path / "none")
    assert (result.returncode, result.stdout) == (2, "")
    assert "does not exist" in result.stderr


def test_two_thousand_documents_are_told_in_a_second(folders: Folders) -> None:
    folders.add("2025/100000.txt")
    ledger = Ledger(folders.outputs)
    model = ledger.entries["2025/100000.txt"]
    for number in range(100_001, 102_000):
        (folders.raw / "2025" / f"{number}.txt").write_bytes(b"x" * 20_000)
        folder = folders.outputs / "2025" / f"{number}-2025-zfgzbg"
        folder.mkdir()
        (folder / "documents.csv").touch()
        ledger.entries[f"2025/{number}.txt"] = Entry("other", model.version, "published", folder.name, 2025, n_tasks=85)
    ledger.write()
    begun = time.process_time()
    state = state_of(folders.outputs, folders.raw)
    assert time.process_time() - begun < 1.5
    assert (state.years[0].documents, len(state.stale)) == (2000, 1999)


def fields_of(outputs: Path, task_id: str) -> Mapping[str, tuple[str, list[str], str | None]]:
    view = view_task(outputs, task_id)
    return {item.name: (item.value, [str(place) for place in item.places], item.method) for item in view.fields}


def test_a_task_is_shown_with_the_place_of_every_field() -> None:
    """Line 71 of the text has (54); the label of its second level stands in the line above it."""
    told = fields_of(ROOT / "outputs", f"{SAMPLE}-54")
    assert told["task_no"] == ("54", ["page 6, line 71"], "realigned")
    assert told["subcategory"] == ("攻坚重点改革", ["page 6, line 70"], "inherited")
    assert told["leaders"][0] == "王旭锋"
    assert told["lead_units"][0] == "区委组织部、区财政局（国资办）、新运集团、钟金控集团"
    assert told["category"] == ("", ["page 3, line 35"], "corrected")
    assert told["support_units"] == ("", [], None)
    view = view_task(ROOT / "outputs", f"{SAMPLE}-54")
    assert [row["unit_id"] for row in view.units] == ["320404-wzzb", "320404-czj", "320404-xyjt", "320404-zjkjt"]
    assert view.units[1]["qualifier"] == "国资办"
    assert {row["rule"] for row in view.issues} == {"realigned", "unknown_in_source"}
    result = fenjie("show", f"{SAMPLE}-1")
    assert result.returncode == 0
    for said in (
        "常州市钟楼区",
        "2026/zhonglou.txt",
        "page 1, line 8",
        "地区生产总值增长5%左右",
        "320404-fgj",
        "about",
    ):
        assert said in result.stdout
    told_json = json.loads(fenjie("show", f"{SAMPLE}-1", "--json").stdout)
    assert told_json["targets"][0]["value"] == "5.0"


@pytest.mark.parametrize(
    ("wrong", "offered"),
    [(f"{SAMPLE}-87", f"{SAMPLE}-85"), ("320404-2062-zfgzbg-3", f"{SAMPLE}-3"), ("第三项", f"{SAMPLE}-1")],
)
def test_an_unknown_task_gets_the_nearest_ones(wrong: str, offered: str) -> None:
    with pytest.raises(UsageError, match=f"there is no task {wrong}") as caught:
        view_task(ROOT / "outputs", wrong)
    assert offered in str(caught.value).split("Nearest: ")[1].split(", ")


def test_an_unknown_task_is_wrong_usage() -> None:
    result = fenjie("show", "../../etc/passwd")
    assert (result.returncode, result.stdout) == (2, "")


def published_pdf(tmp_path: Path) -> tuple[Path, Path]:
    """raw/ with a PDF of ten tasks, and outputs/ with its release."""
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    path = raw / "2026" / "table.pdf"
    path.parent.mkdir(parents=True)
    typeset_pdf(table_2026()[:10], path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    identity = Identity(
        SAMPLE, "320404", "常州市钟楼区", 2026, "zfgzbg", "责任分解表", None, "2026/table.pdf", None, digest
    )
    release = build(normalize(read_document(path), identity))
    folder = outputs / "2026" / SAMPLE
    folder.mkdir(parents=True)
    for name, data in render(release).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return raw, outputs


def test_the_places_of_a_task_are_boxed_on_its_page(tmp_path: Path) -> None:
    """The box of content is where pdfplumber finds its words."""
    import pdfplumber  # noqa: PLC0415  another reader, as a witness

    raw, outputs = published_pdf(tmp_path)
    call = ("show", f"{SAMPLE}-2", "--outputs", outputs, "--raw", raw, "--png", "--out", tmp_path / "png")
    result = fenjie(*call)
    assert result.returncode == 0, result.stderr
    with pdfplumber.open(raw / "2026" / "table.pdf") as pdf:
        page = pdf.pages[0]
        number = next(word for word in page.extract_words() if word["text"].startswith("(2)"))
    content = next(item for item in view_task(outputs, f"{SAMPLE}-2").fields if item.name == "content")
    box = content.places[0].box
    assert box is not None
    assert box[0] <= number["x0"]
    assert box[1] <= number["top"] + 1
    assert number["bottom"] - 1 <= box[3]
    with Image.open(tmp_path / "png" / f"{SAMPLE}-2-p1.png") as image:
        across = image.width / float(page.width)
        x, y = round(box[0] * across), round((box[1] + box[3]) / 2 * across)
        edge = [image.getpixel((column, y)) for column in range(x - 3, x + 3)]
    assert any(isinstance(pixel, tuple) and max(pixel) - min(pixel) > 90 for pixel in edge), "a coloured line"

    (raw / "2026" / "table.pdf").write_bytes(b"%PDF-1.4 another")
    changed = fenjie(*call)
    assert (changed.returncode, "has changed since" in changed.stderr) == (2, True)
    assert "as it stands" in changed.stdout, "the task itself is shown all the same"
    (raw / "2026" / "table.pdf").unlink()
    assert "is not there any more" in fenjie(*call).stderr
