"""The whole way with real parts: command line, Prefect, Great Expectations, files and SQLite."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from forking import Commands
from reading import table
from serving import ROOT

from flows.ledger import sole_run

FENJIE = Path(sys.executable).with_name("fenjie")
GOLDEN = ROOT / "outputs" / "2026" / "320404-2026-zfgzbg"
GOOD = table(
    "1→坚定不移做强产业→深耕产业优势→(1) 做大经济总量。→王旭锋→区发改局 区工信局",
    "→→→(2) 培育市场主体。→江文亭→区工信局",
    "2→坚定不移改善民生→→(3) 办好学校教育。→胡金芳→区教育局",
)


def run(*arguments: object, home: Path, cwd: Path = ROOT, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, which boots a Prefect server if it needs one."""
    environment = os.environ | {"PREFECT_HOME": str(home), "COLUMNS": "200"} | extra
    command = [str(FENJIE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, timeout=300, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def put(raw: Path, name: str, content: str | bytes, code: int | None = None) -> Path:
    """A document in raw/2025, with a sidecar when it gets a region code."""
    path = raw / "2025" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if code is not None:
        sidecar = f"region: 某区{code}\nregion_code: {code}\nyear: 2025\nkind: zfgzbg\ntitle: 责任分解表\n"
        path.with_name(f"{path.stem}.source.yaml").write_text(sidecar, encoding="utf-8")
    return path


def test_the_committed_release_is_reproduced_byte_for_byte(tmp_path: Path, fenjie: Commands) -> None:
    prefect_home = tmp_path / "prefect"
    outputs = tmp_path / "outputs"
    first = run("ingest", "--outputs", outputs, home=prefect_home)
    assert first.returncode == 0, first.stdout + first.stderr
    assert first.stderr == ""
    assert contents(outputs / "2026" / "320404-2026-zfgzbg") == contents(GOLDEN)
    with sqlite3.connect(outputs / "fenjie.db") as database:
        assert database.execute("select count(*), max(task_no) from tasks").fetchone() == (85, 85)
        assert database.execute("select count(*) from task_units where unit_id is null").fetchone() == (0,)
    assert (outputs / ".fenjie" / "data_docs" / "index.html").exists()

    before = {path: path.stat().st_mtime_ns for path in outputs.rglob("*") if path.is_file()}
    second = run("ingest", "--outputs", outputs, home=prefect_home, PYTHONPROFILEIMPORTTIME="1")
    assert second.returncode == 0
    assert "Nothing has changed" in second.stdout
    imported = {line.rsplit("|", 1)[-1].strip() for line in second.stderr.splitlines() if "|" in line}
    assert "flows.run" in imported
    assert not imported & {"prefect", "great_expectations", "pandas", "pyarrow", "sqlalchemy"}
    after = {path: path.stat().st_mtime_ns for path in outputs.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} <= {
        outputs / ".fenjie" / name for name in ("run.lock", "runs.jsonl")
    }

    (outputs / "2026" / "320404-2026-zfgzbg" / "tasks.csv").unlink()
    third = fenjie.run("ingest", "--outputs", outputs)
    assert third.returncode == 0
    assert contents(outputs / "2026" / "320404-2026-zfgzbg") == contents(GOLDEN)


BAD: dict[str, tuple[str | bytes, str, str]] = {
    "empty.txt": (b"", "unreadable", "the file is empty"),
    "junk.bin": (bytes(random.Random(1).randbytes(4000)), "unreadable", "this is no text"),
    "big5.txt": ("責任單位與目標任務，經濟發展局。".encode("big5") * 9, "unreadable", "the encoding is unknown"),
    "prose.txt": ("没有表格的一段文字。\n" * 5, "unreadable", "no table was found"),
    "word.docx": (b"PK\x03\x04rest", "unreadable", "a ZIP archive and no document"),
    "numberless.txt": (GOOD.replace("(1) ", "").replace("(2) ", "").replace("(3) ", "").replace("\n1\t", "\n\t")
                       .replace("\n2\t", "\n\t"), "held_back", "carry no numbers"),
    "double.txt": (GOOD.replace("(3)", "(2)"), "held_back", "(2) is the number of two tasks"),
    "gap.txt": (GOOD.replace("(3)", "(5)"), "held_back", "(3) to (4) missing before (5)"),
    "contacts.txt": ("姓名\t电话\n张三\t123\n", "held_back", "none with the headings of a responsibility table"),
    "count.txt": (GOOD.replace("责任分解表", "责任分解表（共3项）", 1), "published", ""),
}  # fmt: skip


def test_bad_input_is_named_and_harms_no_other_document(tmp_path: Path, fenjie: Commands) -> None:
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    for number, (name, (content, _, _)) in enumerate(BAD.items()):
        put(raw, name, content, 320900 + number)
    put(raw, "good.txt", GOOD, 320998)
    put(raw, "broken.txt", GOOD).with_name("broken.source.yaml").write_text("region: [", encoding="utf-8")
    put(raw, "nameless.txt", GOOD)
    put(raw, "twin1.txt", GOOD, 320997)
    put(raw, "twin2.txt", GOOD.replace("做大经济总量", "做优经济总量"), 320997)
    put(raw, "copy1.txt", GOOD, 320996)
    put(raw, "copy2.txt", GOOD, 320996)

    result = fenjie.run("ingest", "--raw", raw, "--outputs", outputs)
    assert result.returncode == 2, result.stdout + result.stderr
    ledger = json.loads((outputs / ".fenjie" / "ledger.json").read_text(encoding="utf-8"))
    expected = {f"2025/{name}": (status, word) for name, (_, status, word) in BAD.items()} | {
        "2025/good.txt": ("published", ""),
        "2025/broken.txt": ("unreadable", "is no valid YAML"),
        "2025/nameless.txt": ("unreadable", "region and region_code and kind could not be found"),
        "2025/twin1.txt": ("held_back", "320997-2025-zfgzbg"),
        "2025/twin2.txt": ("held_back", "320997-2025-zfgzbg"),
        "2025/copy1.txt": ("published", ""),
        "2025/copy2.txt": ("held_back", "this is a copy of 2025/copy1.txt"),
    }
    assert {name: entry["status"] for name, entry in ledger.items()} == {
        n: status for n, (status, _) in expected.items()
    }
    for name, (status, word) in expected.items():
        reasons = " ".join(ledger[name]["reasons"])
        assert word in reasons, (name, reasons)
        quarantine = outputs / "quarantine" / f"{name}.json"
        assert quarantine.exists() == (status != "published")
        if status != "published":
            assert name in result.stdout
            assert json.loads(quarantine.read_text(encoding="utf-8"))["reasons"] == ledger[name]["reasons"]
    published = {path.name for path in (outputs / "2025").iterdir()}
    codes = (320998, 320996, 320900 + list(BAD).index("count.txt"))
    assert published == {f"{code}-2025-zfgzbg" for code in codes}

    (raw / "2025" / "twin1.txt").unlink()
    (raw / "2025" / "copy2.txt").unlink()
    again = fenjie.run("ingest", "--raw", raw, "--outputs", outputs)
    assert again.returncode == 2
    assert "1 of 15 documents were worked on" in again.stdout
    assert (outputs / "2025" / "320997-2025-zfgzbg" / "tasks.csv").exists()

    last = fenjie.run("ingest", "--raw", raw, "--outputs", outputs)
    assert (last.returncode, "Nothing has changed" in last.stdout) == (2, True)


def test_a_document_that_goes_bad_keeps_its_last_good_release(tmp_path: Path, fenjie: Commands) -> None:
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    source = put(raw, "x.txt", GOOD, 320998)
    assert fenjie.run("ingest", "--raw", raw, "--outputs", outputs).returncode == 0
    release = outputs / "2025" / "320998-2025-zfgzbg"
    good = contents(release)
    source.write_text(GOOD.replace("(2)", "(3)"), encoding="utf-8")
    result = fenjie.run("ingest", "--raw", raw, "--outputs", outputs)
    assert result.returncode == 1
    assert "held back" in result.stdout
    assert contents(release) == good
    with sqlite3.connect(outputs / "fenjie.db") as database:
        assert database.execute("select count(*) from tasks").fetchone() == (3,)

    source.write_bytes(b"")
    worse = fenjie.run("ingest", "--raw", raw, "--outputs", outputs, "--accept", "320999")
    assert (worse.returncode, "unreadable" in worse.stdout) == (2, True)
    assert "--accept 320999: this run had no such document" in worse.stderr
    assert contents(release) == good
    status = fenjie.run("status", "--raw", raw, "--outputs", outputs)
    assert "its last good release stays" in status.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--raw", "nowhere"], "nowhere does not exist"),
        (["--outputs", "/proc/outputs"], "/proc/outputs can't be written to"),
        (["--database", "postgresql://u:secret@127.0.0.1:1/x"], "127.0.0.1"),
        (["--database", "what"], "the database's URL"),
    ],
)
def test_a_call_that_cannot_be_carried_out_says_so_and_changes_nothing(
    tmp_path: Path, arguments: list[str], word: str
) -> None:
    result = run("ingest", "--outputs", tmp_path / "outputs", *arguments, home=tmp_path)
    assert result.returncode == 2, result.stdout + result.stderr
    assert word in result.stderr
    assert "secret" not in result.stderr + result.stdout
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "outputs" / "2026").exists()


def test_an_ingest_into_postgresql(tmp_path: Path, postgres_url: str, fenjie: Commands) -> None:
    arguments = ("ingest", "--outputs", tmp_path / "outputs", "--database", postgres_url)
    first, second = (fenjie.run(*arguments) for _ in range(2))
    assert first.returncode == 0, first.stdout + first.stderr
    assert "Nothing has changed" in second.stdout
    with psycopg.connect(postgres_url) as database:
        assert database.execute("select count(*), count(category) from tasks").fetchone() == (85, 67)
    assert not (tmp_path / "outputs" / "fenjie.db").exists()


def test_two_runs_do_not_mix(tmp_path: Path) -> None:
    with sole_run(tmp_path / "outputs"):
        result = run("ingest", "--outputs", tmp_path / "outputs", home=tmp_path)
    assert result.returncode == 2
    assert "another ingest is writing" in result.stderr


def test_extract_needs_no_sidecar_and_keeps_to_its_keys(tmp_path: Path) -> None:
    keys = ["task_no", "content", "category_no", "category", "subcategory", "leaders", "lead_units", "support_units",
            "deadline", "remark", "page_start", "page_end", "issues"]  # fmt: skip
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(ROOT / "raw" / "2026" / "zhonglou.txt", folder / "a.txt")
    (folder / "bad.txt").write_bytes(b"")
    result = run("extract", folder / "a.txt", folder / "bad.txt", "--out", tmp_path / "out", home=tmp_path)
    assert result.returncode == 2
    assert "bad.txt: the file is empty" in result.stderr
    lines = (tmp_path / "out" / "folder" / "a.txt.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) == 85
    assert all(list(record) == keys for record in records)
    assert all(list(issue) == ["rule", "severity", "field", "message"] for r in records for issue in r["issues"])
    assert not (tmp_path / "out" / "folder" / "bad.txt.jsonl").exists()
    printed = run("extract", folder / "a.txt", "--format", "csv", home=tmp_path, PYTHONPROFILEIMPORTTIME="1")
    assert printed.stdout.splitlines()[0].split(",") == keys
    assert printed.stdout.count("\n") == 86
    imported = {line.rsplit("|", 1)[-1].strip() for line in printed.stderr.splitlines() if "|" in line}
    assert not imported & {"prefect", "great_expectations", "pandas", "sqlalchemy"}
