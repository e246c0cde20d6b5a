"""``fenjie withdraw``: a document is taken back whole, readers are told, and a killed withdrawal is made good."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import writers_sample
from click.testing import CliRunner, Result
from databases import other_document
from test_history_feed import fed
from test_history_previous import publish_all

from flows.cli import main
from flows.compare import compare_documents
from flows.completing import complete
from flows.ledger import Entry, Ledger
from flows.publishing import Desk
from flows.runlog import last_runs
from flows.steps import plan_for
from normalizers.reference import DEFAULT_DIR
from normalizers.task_objects import task_objects
from writers.errors import WriteError
from writers.previous import heads, last_folder, read, settled
from writers.publish import publish
from writers.sql import Database
from writers.withdrawn import withdrawn

ROOT = Path(__file__).resolve().parent.parent
DOC, OTHER = writers_sample.DOCUMENT_ID, "320404-2025-zfgzbg"
NAME = "2026/zhonglou.txt"
#: Withdraws in a child that is killed after so many seconds; the exit code and the seconds that it took.
PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from flows.withdraw import withdraw
base, document = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        withdraw(document, base / "raw", base / "outputs", None)
        os._exit(0)
    begun = time.monotonic()
    if line.strip() != "never":
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), time.monotonic() - begun, flush=True)
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of a document, a comparison with another one, its candidate and its ledger; raw/ has neither."""
    base = tmp_path_factory.mktemp("first")
    outputs = base / "outputs"
    (base / "raw" / "2026").mkdir(parents=True)
    (base / "raw" / "2026" / "other.txt").touch()
    with Database(f"sqlite:///{outputs / 'fenjie.db'}") as database:
        database.create()
        for name in ("1", "2"):
            publish_all(writers_sample.variant(name), outputs, database)
        other = replace(other_document(writers_sample.release(), OTHER), year=2025)
        documents = [row | {"year": 2025, "source_file": "2025/zhonglou.txt"} for row in other.tables["documents"]]
        other = replace(other, tables={**other.tables, "documents": documents})
        database.replace([other])
        publish(other, outputs)
    compare_documents(DOC, OTHER, outputs, f"sqlite:///{outputs / 'fenjie.db'}")
    ledger = Ledger(outputs)
    ledger.entries = {
        NAME: Entry("", "v", "held_back", DOC, 2026, reasons=("it was changed",)),
        "2026/other.txt": Entry("", "v", "published", OTHER, 2025),
    }
    ledger.write()
    quarantine = outputs / "quarantine" / f"{NAME}.json"
    candidate = outputs / "candidates" / "2026" / DOC / "tasks.csv"
    for path in (quarantine, candidate):
        path.parent.mkdir(parents=True)
        path.write_text("{}", encoding="utf-8")
    return base


@pytest.fixture
def base(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first, tmp_path / "base")
    return tmp_path / "base"


def run(base: Path, *arguments: object, **extra: Any) -> Result:
    folders = ["--outputs", base / "outputs", *(["--raw", base / "raw"] if arguments[0] == "withdraw" else [])]
    return CliRunner().invoke(main, [str(argument) for argument in (*arguments, *folders)], **extra)


def files(outputs: Path) -> dict[str, bytes]:
    """Every file but the database, the run log, the overview's memory and locks."""
    found = {path.relative_to(outputs).as_posix(): path for path in outputs.rglob("*") if path.is_file()}
    passing = (".fenjie/run", ".fenjie/overview", ".staging", "fenjie.db")
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(passing)}


def rows(outputs: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(outputs / "fenjie.db")) as database:
        names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        return {name: sorted(database.execute(f"select * from {name}"), key=repr) for name in names}


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_document_is_taken_out_of_everything(base: Path) -> None:
    outputs = base / "outputs"
    before = files(outputs)
    assert run(base, "withdraw", DOC, input="n\n").exit_code == 1
    assert files(outputs) == before
    result = run(base, "withdraw", DOC, input="y\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "release 2" in result.stdout
    after = files(outputs)
    place, history = f"2026/{DOC}/", f"history/2026/{DOC}/"
    kept = {name.replace(place, f"{history}2/"): data for name, data in before.items() if name.startswith(place)}
    stays = (f"2025/{OTHER}/", f"{history}1/")
    expected = {name: data for name, data in before.items() if name.startswith(stays)}
    made = {"index.html", "withdrawn.json", ".fenjie/ledger.json"}
    assert {name: data for name, data in after.items() if name not in made} == expected | kept
    assert DOC.encode() not in after["index.html"]
    assert OTHER.encode() in after["index.html"]
    assert list(Ledger(outputs).entries) == ["2026/other.txt"]
    for name, found in rows(outputs).items():
        assert DOC not in repr(found)
        assert name in ("fenjie_version", "changes") or name.startswith("compared") or found
    (last,) = last_runs(outputs, 1)
    assert (last.command, last.how, last.outcomes) == ("withdraw", "done", {"withdrawn": 1})
    for command in ("history", "changes"):
        asked = run(base, command, DOC)
        assert (asked.exit_code, "was withdrawn" in asked.stderr) == (2, True)


@pytest.mark.parametrize("seen", [1, 2, None])
def test_readers_of_the_feed_are_told_that_all_is_gone(seen: int | None, base: Path) -> None:
    outputs, file = base / "outputs", base / "seen.json"
    known = {} if seen is None else {DOC: seen}
    file.write_text(json.dumps(known | {OTHER: 1}), encoding="utf-8")
    copy = {}
    if seen is not None:
        folder = Path("2026") / DOC if seen == 2 else Path("history") / "2026" / DOC / "1"
        copy = task_objects(read(outputs / folder) or {})
        assert copy
    assert run(base, "withdraw", DOC, "--yes").exit_code == 0
    told = lines(run(base, "changes", "--seen", file))
    assert fed(copy, (event for event in told if event["task_id"] is not None)) == {}
    document = [event for event in told if event["task_id"] is None and event["change"] == "removed"]
    assert [event["old"]["document_id"] for event in document] == ([] if seen is None else [DOC])
    assert json.loads(file.read_text(encoding="utf-8")) == {OTHER: 1}
    assert lines(run(base, "changes", "--seen", file)) == []


def test_what_cannot_be_told_is_said_and_remembered(base: Path) -> None:
    outputs, file = base / "outputs", base / "seen.json"
    file.write_text(json.dumps({DOC: 2}), encoding="utf-8")
    assert run(base, "withdraw", DOC, "--yes").exit_code == 0
    shutil.rmtree(outputs / "history" / "2026" / DOC / "2")
    result = run(base, "changes", DOC, "--seen", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "which tasks are gone can't be told" in result.stderr
    assert json.loads(file.read_text(encoding="utf-8")) == {DOC: 2}
    # It can't come back with numbers that were given already, either.
    with (
        Database(f"sqlite:///{outputs / 'fenjie.db'}") as database,
        pytest.raises(WriteError, match="is not kept any more"),
    ):
        settled(writers_sample.variant("3"), outputs, database)


def test_a_document_that_comes_back_goes_on_behind_its_last_release(base: Path) -> None:
    outputs = base / "outputs"
    assert run(base, "withdraw", DOC, "--yes").exit_code == 0
    with Database(f"sqlite:///{outputs / 'fenjie.db'}") as database:
        same = publish_all(writers_sample.variant("2"), outputs, database)
        assert [number for number, _ in heads(same.tables)] == [1, 2]
        assert not (outputs / "history" / "2026" / DOC / "2").exists(), "it is the current one again"
        assert run(base, "withdraw", DOC, "--yes").exit_code == 0
        assert read(last_folder(same, outputs)) == same.tables
        third = publish_all(writers_sample.variant("3"), outputs, database)
        assert [number for number, _ in heads(third.tables)] == [1, 2, 3]
        assert sorted(path.name for path in (outputs / "history" / "2026" / DOC).iterdir()) == ["1", "2"]


def test_another_database_is_told_by_the_next_run(base: Path) -> None:
    outputs = base / "outputs"
    shutil.copyfile(outputs / "fenjie.db", base / "other.db")
    assert run(base, "withdraw", DOC, "--yes").exit_code == 0
    with Database(f"sqlite:///{base / 'other.db'}") as database:
        desk = Desk(plan_for(outputs, DEFAULT_DIR, "v"), database, "other", Ledger(outputs))
        assert complete(desk, base / "raw") == []
        assert list(database.sources()) == [OTHER]
    # Repeated for a third one, which nobody has run with.
    assert run(base, "withdraw", DOC, "--yes", "--database", f"sqlite:///{base / 'third.db'}").exit_code == 0


@pytest.mark.parametrize("known", ["ledger", "release"])
def test_while_its_file_is_there_it_would_come_back(known: str, base: Path) -> None:
    (base / "raw" / NAME).touch()
    if known == "release":
        (base / "outputs" / ".fenjie" / "ledger.json").unlink()
    before = files(base / "outputs")
    result = run(base, "withdraw", DOC, "--yes")
    assert result.exit_code == 2
    assert f"it is read from {NAME}" in " ".join(result.stderr.split())
    assert files(base / "outputs") == before


def test_what_there_is_not_is_said(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(base / "outputs")
    result = run(base, "withdraw", "110101-2026-zfgzbg", "--yes")
    assert (result.exit_code, "has such a document" in result.stderr) == (2, True)
    monkeypatch.setenv("FENJIE_DATABASE", "postgresql://u:secret@127.0.0.1:1/x")
    unreachable = run(base, "withdraw", DOC, "--yes")
    assert (unreachable.exit_code, "secret" in unreachable.stderr) == (2, False)
    assert files(base / "outputs") == before
    assert withdrawn(base / "outputs") == {}


def test_a_killed_withdrawal_is_made_good_by_repeating_it(base: Path, tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(base, undisturbed)
    shutil.copytree(base, tmp_path / "kept")
    assert run(undisturbed, "withdraw", DOC, "--yes").exit_code == 0
    wanted, wanted_rows = files(undisturbed / "outputs"), rows(undisturbed / "outputs")
    command, pipe = [sys.executable, "-c", PROGRAM, str(base), DOC], subprocess.PIPE
    states = set()
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        kills, whole = 0, None
        for tenth in ("never", 0, 3, 4, 5, 6, 7, 8):
            shutil.rmtree(base)
            shutil.copytree(tmp_path / "kept", base)
            process.stdin.write(f"{tenth if whole is None else whole * int(tenth) / 10}\n")
            process.stdin.flush()
            code, seconds = process.stdout.readline().split()
            whole = whole or float(seconds)
            kills += int(code) == -signal.SIGKILL
            outputs = base / "outputs"
            is_noted, stands = (outputs / "withdrawn.json").exists(), (outputs / "2026" / DOC).exists()
            assert is_noted or stands
            states.add((is_noted, stands))
            assert run(base, "withdraw", DOC, "--yes").exit_code == 0
            assert files(outputs) == wanted
            assert rows(outputs) == wanted_rows
        process.stdin.close()
    assert kills >= 3
    assert {(False, True), (True, False)} <= states
