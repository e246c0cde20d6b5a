"""The server that a run boots for itself: real flows in real processes, nothing replaced but what is to fail."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# One flow with a task, an artifact and a thread of its own, then what became of the server.
PROGRAM = """
import os, subprocess, sys, threading
from pathlib import Path
from flows import prefect_server

prefect_server.configure(Path(sys.argv[1]))
with prefect_server.paused_gc():
    from prefect import flow, task
    from prefect.artifacts import create_table_artifact

@task
def double(number: int) -> int:
    return 2 * number

@flow(name=Path(__file__).stem)
def run() -> list[int]:
    results = double.map([1, 2, 3]).result()
    create_table_artifact([{"result": results}], key="results")
    return results

def servers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "prefect-api"]

with prefect_server.api():
    assert run() == [2, 4, 6]
    print("inside:", *servers(), "uvicorn" in sys.modules)
    if "nested" in sys.argv:
        subprocess.run([sys.executable, __file__, sys.argv[1]], check=True)
assert not servers()
if "twice" in sys.argv:
    with prefect_server.api():
        run()
"""
BROKEN = """
import prefect.server.api.server
del prefect.server.api.server.create_app
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def runs(project: Path) -> dict[str, subprocess.Popen[str]]:
    """Three runs at once on one empty PREFECT_HOME: migrating it is dear, so every test looks at these.

    The first starts another process inside itself, the second opens the API twice, the third cannot boot a server.
    """
    broken = PROGRAM.replace("@task", BROKEN + "\n@task", 1)
    return {
        "first": start(project, "first", "nested"),
        "second": start(project, "second", "twice"),
        "broken": start(project, "broken", program=broken),
    }


def start(project: Path, name: str, *arguments: str, program: str = PROGRAM) -> subprocess.Popen[str]:
    script = project / f"{name}.py"
    script.write_text(program, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, str(script), str(project), *arguments],
        env=environment | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output, errors


def states(project: Path, name: str, table: str = "flow_run") -> list[str]:
    """The states of the runs of a program, or of their tasks, that reached the database."""
    join = (
        "r.flow_id = f.id" if table == "flow_run" else "r.flow_run_id IN (SELECT id FROM flow_run WHERE flow_id = f.id)"
    )
    with sqlite3.connect(project / ".prefect" / "prefect.db") as connection:
        rows = connection.execute(f"SELECT r.state_type FROM {table} r JOIN flow f ON {join} WHERE f.name = ?", (name,))
        return [str(row[0]) for row in rows]


def test_given_a_server_none_is_booted(project: Path, runs: dict[str, subprocess.Popen[str]]) -> None:
    """The inner process inherits PREFECT_API_URL from the outer one."""
    output, errors = finish(runs["first"])
    assert sorted(output.splitlines()) == ["inside: False", "inside: prefect-api True"]
    assert errors == ""
    assert states(project, "first") == ["COMPLETED"] * 2
    assert states(project, "first", "task_run") == ["COMPLETED"] * 6


def test_api_can_be_opened_again(project: Path, runs: dict[str, subprocess.Popen[str]]) -> None:
    output, errors = finish(runs["second"])
    assert output.split() == ["inside:", "prefect-api", "True"]
    assert errors == ""
    assert states(project, "second") == ["COMPLETED"] * 2
    assert states(project, "second", "task_run") == ["COMPLETED"] * 6


def test_falls_back_to_prefects_own_way(project: Path, runs: dict[str, subprocess.Popen[str]]) -> None:
    output, errors = finish(runs["broken"])
    assert "prefect-api" not in output
    assert "did not start inside this process" in " ".join(errors.split())
    assert "Traceback" not in errors
    assert states(project, "broken") == ["COMPLETED"]


def test_artifacts_of_all_runs_are_there(project: Path, runs: dict[str, subprocess.Popen[str]]) -> None:
    assert all(process.wait(timeout=120) == 0 for process in runs.values())
    with sqlite3.connect(project / ".prefect" / "prefect.db") as connection:
        assert connection.execute("SELECT key FROM artifact").fetchall() == [("results",)] * 5
