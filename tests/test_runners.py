"""Who prepares documents makes no difference; a worker that dies, and two ingests at once, mix nothing up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from forking import Commands
from serving import ROOT, Server
from test_ingest import GOOD, put, run

from flows.batches import cut
from flows.crew import Crew
from flows.discover import Source, UsageError
from flows.ledger import Entry, Ledger
from flows.prepared import Prepared
from flows.publishing import without_rivals
from flows.runners import task_runner


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good ones, one held back, one unreadable, two that claim one identifier far apart, and a copy."""
    folder = tmp_path_factory.mktemp("documents")
    for number in range(6):
        put(folder, f"b{number}.txt", GOOD.replace("做大", f"做{'一二三四五六'[number]}"), 320910 + number)
    put(folder, "c-gap.txt", GOOD.replace("(3)", "(5)"), 320920)
    put(folder, "d-empty.txt", "", 320921)
    put(folder, "a-twin.txt", GOOD, 320930)
    put(folder, "z-twin.txt", GOOD.replace("做大", "做优"), 320930)
    put(folder, "a-copied.txt", GOOD.replace("做大", "做强"), 320931)
    put(folder, "z-copy.txt", GOOD.replace("做大", "做强"), 320931)
    return folder


def emitted(outputs: Path) -> dict[str, bytes]:
    """Every file that readers see, the database among them."""
    files = {path.relative_to(outputs).as_posix(): path for path in outputs.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith(".")}


# The program runs the flow as the command does, with another size of batches.
FLOW = """
import os, sys
from pathlib import Path
from flows import prefect_server

if __name__ == "__main__":
    prefect_server.configure(Path(os.environ["PREFECT_HOME"]))
    from flows.crew import Crew
    from flows.ingest import ingest
    crew = Crew(sys.argv[3], int(sys.argv[4]), batch=int(sys.argv[5]))
    ingest([], Path(sys.argv[1]), Path(sys.argv[2]), crew=crew)
"""


def begin(program: Path, raw: Path, outputs: Path, server: Server, *crew: object) -> subprocess.Popen[str]:
    program.write_text(FLOW, encoding="utf-8")
    command = [sys.executable, str(program), str(raw), str(outputs), *map(str, crew)]
    return subprocess.Popen(command, env=server.environment, cwd=ROOT, text=True, stderr=subprocess.PIPE)


def test_the_same_bytes_whoever_prepares_and_a_killed_worker_loses_nothing(
    raw: Path, tmp_path: Path, prefect_server: Server, fenjie: Commands
) -> None:
    one, two = tmp_path / "threads", tmp_path / "dask"
    threads = fenjie.run("ingest", "--raw", raw, "--outputs", one)
    assert threads.returncode == 2, threads.stderr
    expected = emitted(one)
    assert {name.split("/")[1] for name in expected if name.startswith("2025/")} == {
        f"{code}-2025-zfgzbg" for code in (*range(320910, 320916), 320931)
    }
    assert {name for name in expected if name.startswith("quarantine/")} == {
        f"quarantine/2025/{name}.txt.json" for name in ("a-twin", "c-gap", "d-empty", "z-twin", "z-copy")
    }

    dask = begin(tmp_path / "flow.py", raw, two, prefect_server, "dask", 2, 3)
    os.kill(a_worker_at_work(dask.pid, two), signal.SIGKILL)
    assert dask.wait(timeout=300) == 0, dask.communicate()[1]
    assert emitted(two) == expected


def a_worker_at_work(coordinator: int, outputs: Path) -> int:
    """A process of the cluster, in the middle of a batch: one batch is stored, and others are not."""
    deadline = time.monotonic() + 300
    while not list((outputs / ".fenjie" / "prepared").glob("*.parcel")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    children = psutil.Process(coordinator).children()
    workers = [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]
    assert len(workers) == 2
    return int(workers[0])


def test_two_ingests_at_once(tmp_path: Path, fenjie: Commands, postgres_url: str) -> None:
    """On one outputs folder the second gives way; on one database from two folders both are done."""
    for name, code in (("left", 320940), ("right", 320941)):
        put(tmp_path / name, "x.txt", GOOD, code)
        put(tmp_path / name, "same.txt", GOOD.replace("做大", "做优"), 320942)

    def ingest(raw: str, outputs: str) -> int:
        folders = ("--raw", tmp_path / raw, "--outputs", tmp_path / outputs)
        return fenjie.begin("ingest", *folders, FENJIE_DATABASE=postgres_url)

    runs = [ingest("left", "one"), ingest("right", "two"), ingest("right", "one")]
    ended = [fenjie.end(run) for run in runs]
    codes = [run.returncode for run in ended]
    assert codes[1] == 0, ended[1]
    assert sorted((codes[0], codes[2])) == [0, 2], ended
    assert "another" in ended[0].stderr + ended[2].stderr
    with psycopg.connect(postgres_url) as database:
        rows = database.execute("select document_id, n_tasks from documents order by 1").fetchall()
        tasks = database.execute("select document_id, count(*) from tasks group by 1 order by 1").fetchall()
    winner = 320940 if codes[0] == 0 else 320941
    assert rows == tasks == [(f"{code}-2025-zfgzbg", 3) for code in sorted({winner, 320941, 320942})]
    for outputs in ("one", "two"):
        assert (tmp_path / outputs / "2025" / "320942-2025-zfgzbg" / "tasks.csv").exists()


def test_what_does_not_go_together_is_said(tmp_path: Path) -> None:
    raw = put(tmp_path, "x.txt", GOOD, 320940).parent.parent
    result = run(
        "ingest",
        "--raw",
        raw,
        "--outputs",
        tmp_path / "outputs",
        "--dask-address",
        "tcp://10.0.0.5:8786",
        home=tmp_path,
    )
    assert result.returncode == 2
    assert "Add --runner dask" in result.stderr
    with pytest.raises(UsageError, match="Leave out --workers"):
        task_runner(Crew("dask", 2, "tcp://127.0.0.1:8786"))


def test_without_dask_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prefect_dask.task_runners", None)
    with pytest.raises(UsageError, match=r"pip install -e \.\[dask\]"):
        task_runner(Crew("dask"))


def sources(count: int) -> list[Source]:
    return [Source(Path(f"{number:03}.txt"), f"{number:03}.txt", f"hash {number}") for number in range(count)]


def test_batches_of_what_is_left_are_the_same() -> None:
    """Documents are published in order: what a killed run leaves is the end of the list."""
    whole = sources(23)
    batches = cut(whole, 5)
    assert [len(batch) for batch in batches] == [3, 5, 5, 5, 5]
    assert [source for batch in batches for source in batch] == whole
    for published in range(23):
        left = cut(whole[published:], 5)
        assert left[1:] == batches[len(batches) - len(left) + 1 :]


def test_of_rivals_none_goes_on_and_of_copies_the_first(tmp_path: Path) -> None:
    names = sources(5)
    same, other, alone = "a" * 64, "b" * 64, "c" * 64
    found = [
        Prepared(names[0], "passed", "320930-2025-zfgzbg", 2025, same),
        Prepared(names[1], "passed", "320931-2025-zfgzbg", 2025, alone),
        Prepared(names[2], "held_back", "320930-2025-zfgzbg", 2025, other),
        Prepared(names[3], "passed", "320931-2025-zfgzbg", 2025, alone),
        Prepared(names[4], "unreadable", problem="it is empty"),
    ]
    problems = [item.problem or "" for item in without_rivals(found, Ledger(tmp_path))]
    assert "is the identifier of 002.txt as well" in problems[0]
    assert problems[1] == ""
    assert "is the identifier of 000.txt as well" in problems[2]
    assert "this is a copy of 001.txt" in problems[3]
    assert problems[4] == "it is empty"
    ledger = Ledger(tmp_path)
    ledger.enter("003.txt", Entry("3", "v", "published", "320931-2025-zfgzbg"))
    problems = [item.problem or "" for item in without_rivals(found, ledger)]
    assert "this is a copy of 003.txt" in problems[1], "the one that is published stays"
    assert problems[3] == ""


def test_the_ledger_survives_a_torn_line(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.enter("a", Entry("1", "v", "published", document_id="x"))
    with (tmp_path / ".fenjie" / "ledger.jsonl").open("a", encoding="utf-8") as news:
        news.write('{"b": {"content_hash": "2", "vers')
    again = Ledger(tmp_path)
    assert again.entries == ledger.entries
    assert again.is_open
    again.enter("c", Entry("3", "v", "held_back", document_id="y", reasons=("line\u2028break",)))
    last = Ledger(tmp_path)
    assert set(last.entries) == {"a", "c"}
    last.write()
    assert not last.is_open
    assert Ledger(tmp_path).entries == again.entries
    assert last.other_sources("x", "c") == ["a"]
    assert last.other_sources("x", "a") == []
    assert last.other_sources("y", "d") == ["c"], "held back for what it says, it is that document all the same"
    last.enter("c", Entry("", "v", "held_back", document_id="y", reasons=("the disk is full",)))
    assert last.other_sources("y", "d") == []
