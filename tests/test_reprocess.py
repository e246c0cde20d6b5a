"""Reprocessing with real parts: rules change, small changes are published, lost tasks are not."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from forking import Commands
from reading import table
from serving import ROOT, Server

from flows.discover import discover
from flows.fingerprint import version
from flows.ledger import Ledger, sole_run
from flows.runlog import documents_of, last_runs
from flows.task_view import view_task
from writers.held import address, held

#: Reprocesses as often as it is told to, importing what it needs only once.
WORKER = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from rich.console import Console
from flows.reprocess_run import reprocess

for line in sys.stdin:
    call = json.loads(line)
    paths = {name: Path(call.pop(name)) for name in ("raw", "outputs", "reference", "report") if name in call}
    try:
        found = reprocess(**paths, database=None, console=Console(stderr=True), **call)
        print(json.dumps([asdict(item) for item in found]), flush=True)
    except Exception as error:
        print(json.dumps(f"{type(error).__name__}: {error}"), flush=True)
"""
ROWS = [
    f"{'1→坚定不移做强产业→深耕产业优势' if n == 1 else '→→'}→({n}) 完成第{n}批项目{n}0个。→王旭锋→区发改局"
    for n in range(1, 11)
]
ONE = table(*ROWS)
#: A second table, whose tasks nobody misses where its heading is not understood: the document itself has no doubt.
TWO = f"{ONE}\n附件\n序号\t项目类别\t实事项目\t责任领导\t牵头单位\n" + "".join(
    f"{n}\t教育\t建设第{n}所学校。\t胡金芳\t区教育局\n" for n in (1, 2, 3)
)
A, B, C = "320901-2024-zfgzbg", "320902-2025-zfgzbg", "320903-2025-zfgzbg"
REPORTS = {f"reports/{name}" for name in ("reprocess.html", "reprocess.csv", "reprocess_changes.csv")}
SOURCES = {A: "2024/a.txt", B: "2025/b.txt", C: "2025/c.txt"}
Reprocess = Callable[..., Any]


@pytest.fixture(scope="module")
def worker(prefect_server: Server) -> Iterator[Reprocess]:
    """Reprocesses; what became of each document by its id, or the error as text."""
    command, pipe = [sys.executable, "-c", WORKER], subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env=prefect_server.environment, cwd=ROOT
    ) as process:
        assert process.stdin
        assert process.stdout

        def reprocess(**call: Any) -> Any:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(call, default=str) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            return answer if isinstance(answer, str) else {item["document_id"]: item for item in answer}

        yield reprocess
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of what people know: as it is, with a correction, and with lost headings."""
    folder = tmp_path_factory.mktemp("rules")
    found = {name: folder / name for name in ("base", "corrected", "loses_tasks", "loses_leaders")}
    for path in found.values():
        shutil.copytree(ROOT / "reference", path)
    correction = (
        "corrections:\n  - task: 3\n    field: content\n    was: 第3批\n    now: 第三批\n    reason: 原文如此\n"
    )
    (found["corrected"] / "corrections" / f"{B}.yaml").write_text(correction, encoding="utf-8")
    for name, lost in (("loses_tasks", ("实事项目, ",)), ("loses_leaders", ("分管领导, ", "政府分管领导, "))):
        headings = found[name] / "headings.yaml"
        text = headings.read_text(encoding="utf-8")
        for word in sorted(lost, key=len, reverse=True):
            assert word in text
            text = text.replace(word, "")
        headings.write_text(text, encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def published(
    tmp_path_factory: pytest.TempPathFactory, worker: Reprocess, rules: dict[str, Path]
) -> Iterator[dict[str, Path]]:
    """raw/ with three documents and outputs/ with their first releases; C has two tables."""
    folder = tmp_path_factory.mktemp("published")
    raw, outputs = folder / "raw", folder / "outputs"
    for document_id, name in SOURCES.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TWO if document_id == C else ONE, encoding="utf-8")
        code, year, kind = document_id.split("-")
        sidecar = f"region: 某区{code}\nregion_code: {code}\nyear: {year}\nkind: {kind}\ntitle: 责任分解表\n"
        path.with_name(f"{path.stem}.source.yaml").write_text(sidecar, encoding="utf-8")
    found = worker(raw=raw, outputs=outputs, reference=rules["base"])
    assert {key: (item["outcome"], item["release_no"]) for key, item in found.items()} == dict.fromkeys(
        SOURCES, ("new", 1)
    )
    yield {"raw": raw, "outputs": outputs}


@pytest.fixture
def folders(tmp_path: Path, published: dict[str, Path]) -> dict[str, Path]:
    """raw/ and outputs/ of three documents with a release each, for a test of its own."""
    return {name: Path(shutil.copytree(path, tmp_path / name)) for name, path in published.items()}


def tree(outputs: Path) -> dict[str, bytes]:
    """Every file that people or programs use; not the state, and of the database its rows."""
    files = {path for path in outputs.rglob("*") if path.is_file()}
    kept = {path.relative_to(outputs).as_posix(): path for path in files}
    return {
        name: rows(path) if name == "fenjie.db" else path.read_bytes()
        for name, path in sorted(kept.items())
        if not name.startswith((".fenjie", ".staging"))
    }


def rows(database: Path) -> bytes:
    with sqlite3.connect(database) as connection:
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        return repr([(name, sorted(map(repr, connection.execute(f"select * from {name}")))) for name in names]).encode()


def release_of(outputs: Path, document_id: str) -> Path:
    return outputs / document_id.split("-")[1] / document_id


def csv_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_the_same_again_changes_nothing(folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path]) -> None:
    before = tree(folders["outputs"])
    found = worker(**folders, reference=rules["base"])
    assert {item["outcome"] for item in found.values()} == {"unchanged"}
    after = tree(folders["outputs"])
    assert {name for name in after if after[name] != before.get(name)} == REPORTS - {"reports/reprocess_changes.csv"}
    run = last_runs(folders["outputs"], 1)[0]
    assert (run.command, run.how, run.outcomes) == ("reprocess", "done", {"unchanged": 3})


def test_a_small_change_is_published_with_the_next_number(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path], prefect_server: Server
) -> None:
    outputs = folders["outputs"]
    before = tree(outputs)
    trial = worker(**folders, reference=rules["corrected"], dry_run=True)
    assert tree(outputs) == before, "a dry run touches nothing"
    found = worker(**folders, reference=rules["corrected"])
    for item in (trial[B], found[B]):
        assert (item["outcome"], item["release_no"]) == ("changed", 2)
        assert item["summary"].startswith("1 task changed (content 1")
    assert [found[key]["outcome"] for key in (A, C)] == ["unchanged", "unchanged"]
    releases = csv_of(release_of(outputs, B) / "releases.csv")
    assert [(row["release_no"], row["tasks_changed"]) for row in releases] == [("1", "0"), ("2", "1")]
    told = csv_of(outputs / "reports" / "reprocess_changes.csv")
    assert ("完成第3批项目30个。", "完成第三批项目30个。") in [(row["old"], row["new"]) for row in told]
    assert "完成第三批项目30个。" in (outputs / "reports" / "reprocess.html").read_text(encoding="utf-8")
    assert not (outputs / "candidates").exists()
    (change,) = [row for row in view_task(outputs, f"{B}-3").changes if row["field"] == "content"]
    assert (change["release_no"], change["new"]) == ("2", "完成第三批项目30个。"), "fenjie show tells of it"
    with urlopen(f"{prefect_server.url}/artifacts/reprocess-report/latest") as answer:
        assert "1 changed, 2 unchanged" in json.load(answer)["data"]
    run = last_runs(outputs, 1)[0]
    assert [(item.document, item.outcome, item.release_no) for item in documents_of(outputs, run.run)] == [
        (SOURCES[A], "unchanged", 1),
        (SOURCES[B], "published", 2),
        (SOURCES[C], "unchanged", 1),
    ]


def test_lost_tasks_are_held_back_until_somebody_accepts(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path], fenjie: Commands
) -> None:
    outputs, bad = folders["outputs"], rules["loses_tasks"]
    before = tree(outputs)
    found = worker(**folders, reference=bad)
    assert {key: item["outcome"] for key, item in found.items()} == {A: "unchanged", B: "unchanged", C: "held_back"}
    assert found[C]["release_no"] == 1
    assert "(1) of table 2 (2) of table 2 (3) of table 2, of the last release are gone" in found[C]["reasons"][0]
    assert f"--accept {C}" in found[C]["reasons"][0]
    after = tree(outputs)
    assert {name for name, data in before.items() if after[name] != data} == {"index.html", *REPORTS}
    candidate = outputs / "candidates" / "2025" / C
    assert len(csv_of(candidate / "tasks.csv")) == 10
    assert (candidate / "dataset.xlsx").exists()
    assert {row["change"] for row in csv_of(outputs / "reports" / "reprocess_changes.csv")} == {"removed"}
    quarantine = json.loads((outputs / "quarantine" / f"{SOURCES[C]}.json").read_text(encoding="utf-8"))
    assert "of table 2" in quarantine["reasons"][0]
    ledger, sources = Ledger(outputs), discover([], folders["raw"])
    assert ledger.entries[SOURCES[C]].status == "held_back"
    place = address(url := f"sqlite:///{outputs / 'fenjie.db'}")
    assert ledger.pending(sources, version(bad), place, held(url), frozenset()) == [], "an ingest leaves it alone"
    waiting = ledger.pending(sources, version(bad), place, held(url), frozenset({C}))
    assert [source.name for source in waiting] == [SOURCES[C]], "unless somebody accepts it"

    call = ["--raw", str(folders["raw"]), "--outputs", str(outputs), "--reference", str(bad)]
    again = fenjie.run("reprocess", C, *call)
    assert again.returncode == 1, again.stderr
    assert "held back" in again.stdout
    assert str(candidate) in again.stdout
    accepted = worker(**folders, reference=bad, accept=[C])
    assert (accepted[C]["outcome"], accepted[C]["release_no"]) == ("changed", 2)
    assert accepted[C]["notes"][0].startswith("accepted by a person: 3 tasks, (1) of table 2")
    assert len(csv_of(release_of(outputs, C) / "tasks.csv")) == 10
    assert not candidate.exists()
    assert not (outputs / "quarantine" / f"{SOURCES[C]}.json").exists()
    with sqlite3.connect(outputs / "fenjie.db") as database:
        assert database.execute("select count(*) from tasks where document_id = ?", (C,)).fetchone() == (10,)


def test_more_change_than_the_limits_is_held_back(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path]
) -> None:
    """A heading that is no longer known takes all leaders of A away; C fails validation by itself."""
    call = folders | {"reference": rules["loses_leaders"]}
    found = worker(**call, years=[2024])
    assert list(found) == [A], "only the chosen year"
    reasons = " ".join(found[A]["reasons"])
    assert "10 of 10 tasks would change (leaders 10), more than 20%" in reasons
    assert "0 leaders instead of 10" in reasons
    assert worker(**call, documents=[A], max_changed=1.0)[A]["outcome"] == "held_back", "leaders are still lost"
    whole = worker(**call, accept=["all"], dry_run=True)
    assert {key: item["outcome"] for key, item in whole.items()} == {A: "changed", B: "changed", C: "held_back"}
    assert "no leader" in whole[C]["reasons"][0], "what fails validation nobody can accept"


def test_what_cannot_be_made_again_is_kept_and_named(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path]
) -> None:
    outputs = folders["outputs"]
    (folders["raw"] / SOURCES[A]).unlink()
    (folders["raw"] / SOURCES[B]).write_bytes(b"")
    before = tree(outputs)
    report = outputs.parent / "report"
    found = worker(**folders, reference=rules["base"], dry_run=True, report=report)
    assert {key: item["outcome"] for key, item in found.items() if key} == {A: "kept", C: "unchanged"}
    assert "2024/a.txt is not in raw/ any more" in found[A]["notes"][0]
    assert csv_of(report / "reprocess.csv")[1]["outcome"] == "unreadable"
    assert tree(outputs) == before
    assert worker(**folders, reference=rules["base"], years=[2019]).startswith("UsageError: there is no document of")
    unknown = worker(**folders, reference=rules["base"], documents=["320902-2026-zfgzbg"])
    assert unknown.startswith("UsageError: there is no document 320902-2026-zfgzbg")
    assert B in unknown
    with sole_run(outputs):
        assert worker(**folders, reference=rules["base"]).startswith("BusyError")


def test_a_changed_source_may_lose_tasks_and_it_is_said(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path]
) -> None:
    (folders["raw"] / SOURCES[C]).write_text(ONE, encoding="utf-8")
    found = worker(**folders, reference=rules["base"])
    assert (found[C]["outcome"], found[C]["release_no"], found[C]["reasons"]) == ("changed", 2, [])
    assert "the source has changed" in found[C]["notes"][0]


def test_a_killed_run_leaves_whole_releases(
    folders: dict[str, Path], worker: Reprocess, rules: dict[str, Path], fenjie: Commands, tmp_path: Path
) -> None:
    outputs = folders["outputs"]
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(outputs, undisturbed)
    call = {"raw": folders["raw"], "reference": rules["loses_leaders"], "accept": ["all"]}
    worker(**call, outputs=undisturbed)
    old, new = tree(outputs), tree(undisturbed)
    arguments = ["--raw", str(folders["raw"]), "--reference", str(rules["loses_leaders"]), "--accept", "all"]
    process = fenjie.begin("reprocess", "--outputs", outputs, *arguments)
    first = release_of(outputs, A) / "releases.csv"
    deadline = time.monotonic() + 120
    while first.read_bytes().count(b"\n") < 3 and time.monotonic() < deadline:
        time.sleep(0.001)
    os.killpg(process, signal.SIGKILL)
    assert fenjie.end(process).returncode == -signal.SIGKILL, "it was not killed in time"
    now = tree(outputs)
    for document_id in SOURCES:
        place = release_of(Path(), document_id).as_posix()
        differing = [
            {name for name in {*state, *now} if name.startswith(place) and state.get(name) != now.get(name)}
            for state in (old, new)
        ]
        assert set() in differing, (document_id, differing)
    worker(**call, outputs=outputs)
    after = tree(outputs)
    assert {n: after[n] for n in new if not n.startswith("reports")} == {
        n: new[n].replace(str(undisturbed).encode(), str(outputs).encode()) for n in new if not n.startswith("reports")
    }
