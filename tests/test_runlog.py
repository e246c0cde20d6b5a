"""The run log: what is appended can be read back, whoever else writes, and whatever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.runlog import Outcome, append, documents_of, last_runs, log_path, logged
from writers.errors import DatabaseError

ROOT = Path(__file__).parent.parent
GOOD = Outcome("2025/a.txt", "published", "320998-2025-zfgzbg", 3, 85, {"warning": 2})
HELD = Outcome("2025/b.txt", "held_back", "320999-2025-zfgzbg", None, 80, {"critical": 1}, "(81) is missing")
WRITER = """
import sys
from pathlib import Path
from flows.runlog import Outcome, logged

with logged(Path(sys.argv[1]), sys.argv[2], "c0de") as log:
    for number in range(300):
        log.documents([Outcome(f"{sys.argv[2]}/{number}.txt", "published", n_tasks=number + 1)])
"""
VICTIM = """
import sys, time
from pathlib import Path
from flows.runlog import Outcome, logged

with logged(Path(sys.argv[1]), "ingest", "c0de") as log:
    log.documents([Outcome("2025/a.txt", "published", n_tasks=1)])
    print("in", flush=True)
    time.sleep(60)
"""


def test_a_run_is_read_back_with_its_documents(tmp_path: Path) -> None:
    with logged(tmp_path, "ingest", "c0de", "threads", {"years": [2025]}) as log:
        log.documents([GOOD])
        log.documents([HELD])
        log.count({"unchanged": 40, "left": 0})
    (run,) = last_runs(tmp_path, 5)
    assert (run.command, run.code, run.runner, run.arguments) == ("ingest", "c0de", "threads", {"years": [2025]})
    assert (run.how, run.error) == ("done", None)
    assert run.outcomes == {"published": 1, "held_back": 1, "unchanged": 40}
    assert run.ended is not None
    assert run.begun <= run.ended
    assert run.begun.endswith("Z")
    assert documents_of(tmp_path, run.run) == [GOOD, HELD]


def test_a_run_that_fails_says_how_and_tells_no_password(tmp_path: Path) -> None:
    for error in (DatabaseError("postgresql://u@h/x", "is gone", "Start it."), ValueError("postgresql://u:secret@h/x")):
        with pytest.raises(type(error)), logged(tmp_path, "ingest", "c0de"):
            raise error
    with pytest.raises(KeyboardInterrupt), logged(tmp_path, "reprocess", "c0de"):
        raise KeyboardInterrupt
    stopped, strange, known = last_runs(tmp_path, 5)
    assert (known.how, known.error) == ("failed", "postgresql://u@h/x: is gone. Start it.")
    assert (strange.how, strange.error) == ("failed", "ValueError")
    assert (stopped.command, stopped.how) == ("reprocess", "interrupted")
    assert "secret" not in log_path(tmp_path).read_text(encoding="utf-8")


def test_two_processes_append_at_once_and_no_line_is_torn(tmp_path: Path) -> None:
    names = ("ingest", "reprocess")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, tmp_path, name], cwd=ROOT) for name in names]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    lines = log_path(tmp_path).read_bytes().splitlines()
    assert len(lines) == 2 * (1 + 300 + 1)
    assert all(isinstance(json.loads(line), dict) for line in lines)
    for run in last_runs(tmp_path, 5):
        assert run.outcomes == {"published": 300}
        told = documents_of(tmp_path, run.run)
        assert [item.document for item in told] == [f"{run.command}/{number}.txt" for number in range(300)]


def test_a_killed_run_has_a_begin_and_no_end(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", VICTIM, tmp_path], cwd=ROOT, stdout=subprocess.PIPE) as victim:
        assert victim.stdout
        assert victim.stdout.readline() == b"in\n"
        os.kill(victim.pid, signal.SIGKILL)
    (run,) = last_runs(tmp_path, 5)
    assert (run.command, run.ended, run.how) == ("ingest", None, None)
    assert [item.document for item in documents_of(tmp_path, run.run)] == ["2025/a.txt"]


def test_a_torn_line_harms_no_other(tmp_path: Path) -> None:
    with logged(tmp_path, "ingest", "c0de"):
        pass
    with log_path(tmp_path).open("ab") as file:
        file.write(b'{"run": "x", "begun": "2026')
    with logged(tmp_path, "reprocess", "c0de"):
        pass
    assert [(run.command, run.how) for run in last_runs(tmp_path, 5)] == [("reprocess", "done"), ("ingest", "done")]


def test_a_full_file_is_put_aside_and_still_read(tmp_path: Path) -> None:
    path = log_path(tmp_path)
    for number in range(12):
        begin = {"run": str(number), "begun": f"2026-01-{number + 1:02}T00:00:00Z", "command": "ingest"}
        append(path, [begin], rotate_at=200)
        append(path, [{"run": str(number), "ended": "2026-02-01T00:00:00Z", "how": "done"}], rotate_at=200)
    assert (path.parent / "runs-1.jsonl").exists()
    assert path.stat().st_size < 400
    runs = last_runs(tmp_path, 7)
    assert [run.run for run in runs] == ["11", "10", "9", "8", "7", "6", "5"]
    assert {run.how for run in runs} == {"done"}


def test_a_log_that_cannot_be_written_stops_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log_path(tmp_path).mkdir(parents=True)
    with logged(tmp_path, "ingest", "c0de") as log:
        log.documents([GOOD])
    assert last_runs(tmp_path, 5) == []
    assert len([record for record in caplog.records if "runs.jsonl" in record.message]) == 1


def test_the_last_runs_of_a_year_of_work_are_found_at_once(tmp_path: Path) -> None:
    """30,000 documents a run: what the log costs stands in docs/ledger.md."""
    many = [Outcome(f"2025/{n:06}.pdf", "published", f"{n:06}-2025-zfgzbg", 2, 85, {"warning": 9, "info": 16})
            for n in range(30_000)]  # fmt: skip
    with logged(tmp_path, "ingest", "c0de") as log:
        for start in range(0, len(many), 25):
            log.documents(many[start : start + 25])
    assert log_path(tmp_path).stat().st_size < 30_000 * 250
    begun = time.process_time()
    assert last_runs(tmp_path, 5)[0].outcomes == {"published": 30_000}
    assert time.process_time() - begun < 0.5
