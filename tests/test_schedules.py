"""Schedules for real: a Prefect server, a process worker, ``fenjie serve``; documents are dropped and get published."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from forking import Commands, forking
from operating import BAD, ROOT, Prefect, put, receiver, wait_for
from serving import made_home

from flows.deployments import DEPLOYMENTS, prefect_yaml
from flows.own_server import answers

#: Every thirty seconds; seconds are the sixth field. A run takes about ten seconds of a core, most of it imports.
OFTEN = "* * * * * */30"
#: What Prefect's commands import.
MODULES = ("prefect.cli", "prefect.blocks.notifications")


@pytest.fixture(scope="module")
def prefect(together: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    """A Prefect server that the tests of this file share."""
    server = Prefect(made_home(together, tmp_path_factory.mktemp("prefect")))
    server.start()
    yield server
    server.stop()


def tasks(outputs: Path, code: int) -> Path:
    return outputs / "2025" / f"{code}-2025-zfgzbg" / "tasks.csv"


def test_the_committed_prefect_yaml_is_what_the_code_says() -> None:
    text = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    assert text == prefect_yaml()
    written = yaml.safe_load(text)["deployments"]
    assert [(entry["name"], entry["schedules"]) for entry in written] == [
        ("check-raw", [{"cron": "0 6 1 * *", "timezone": "Asia/Shanghai"}]),
        ("reprocess", [{"cron": "0 6 2 * *", "timezone": "Asia/Shanghai"}]),
    ]


@pytest.fixture(scope="module")
def command(prefect: Prefect, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Prefect's own commands, none of which has to import it first."""
    with forking(prefect.environment, tmp_path_factory.mktemp("said"), MODULES) as commands:
        yield commands


def automate(command: Commands, block: str, folder: Path) -> None:
    """The automation that docs/operations.md shows: every document that is held back is told to a webhook."""
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    text = manual.split("`held-back.yaml`:\n\n```yaml\n")[1].split("```")[0]
    file = folder / "held-back.yaml"
    file.write_text(re.sub(r"[0-9]{8}(-[0-9]{4}){3}-[0-9]{12}", block, text), encoding="utf-8")
    do(command, "prefect", "automation", "create", "--from-file", file)


def do(command: Commands, program: str, *arguments: object) -> str:
    """What a command says that succeeds."""
    done = command.run(*arguments, program=program)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def block(command: Commands, name: str, url: str) -> str:
    """Save a webhook block under a name; its id."""
    program = (
        "import sys; from prefect.blocks.notifications import CustomWebhookNotificationBlock as Block; "
        "data = {'subject': '{{subject}}', 'body': '{{body}}'}; "
        "print(Block(name='ops', url=sys.argv[2], json_data=data).save(sys.argv[1]))"
    )
    return do(command, "python", "-c", program, name, url).split()[-1]


def test_serve_publishes_tells_and_survives_its_server(prefect: Prefect, command: Commands, tmp_path: Path) -> None:
    raw, outputs, log = tmp_path / "raw", tmp_path / "outputs", tmp_path / "serve.log"
    put(raw, "good.txt", 320911)
    put(raw, "bad.txt", 320912, BAD)
    serve = ("fenjie", "serve", "--raw", raw, "--outputs", outputs, "--check", OFTEN, "--reprocess", "0 6 2 * *")
    with receiver() as (address, got):
        block(command, "ops", f"{address}/message")
        automate(command, block(command, "automation", f"{address}/automation"), tmp_path)
        options = ("--settle", "0.5", "--no-check-at-start")
        # Prefect itself gives up sooner with fewer retries, so that it is seen that it is started again.
        extra = {"FENJIE_NOTIFY": "custom-webhook/ops", "PREFECT_CLIENT_MAX_RETRIES": "1"}
        with prefect.running(log, *serve, *options, **extra) as process:
            wait_for(lambda: tasks(outputs, 320911).exists(), log)
            wait_for(lambda: "/message" in got and "/automation" in got, log)
            wait_for(lambda: prefect.scheduled_runs("check-raw"), log)
            (held,) = {run["state"]["name"] for run in prefect.scheduled_runs("check-raw")[:1]}
            prefect.stop()
            put(raw, "later.txt", 320913)
            wait_for(lambda: "server is away" in log.read_text(encoding="utf-8"), log)
            prefect.start()
            wait_for(lambda: tasks(outputs, 320913).exists(), log)
            process.terminate()
            assert process.wait(60) == 0
    said = log.read_text(encoding="utf-8")
    assert re.search(r"check-raw +\* \* \* \* \* \*/30 +20\d\d-\d\d-\d\d", said)
    assert re.search(r"reprocess +0 6 2 \* \* +20\d\d-\d\d-02 06:00", said)
    (message,) = got["/message"]
    assert message["subject"] == "fenjie: 1 document was not published"
    assert "2025/bad.txt (320912-2025-zfgzbg): held back\n  " in message["body"]
    assert "(2) is the number of two tasks" in message["body"]
    (told,) = got["/automation"]
    assert "2025/bad.txt" in told["subject"]
    assert "(2) is the number of two tasks" in told["body"]
    assert held == "HeldBack"
    (deployment,) = prefect.ask("deployments/filter", {"deployments": {"name": {"any_": ["check-raw"]}}})
    assert not deployment["paused"]
    prefect.forget("check-raw")


def test_a_worker_runs_the_deployments_of_prefect_yaml_on_schedule(
    prefect: Prefect, command: Commands, tmp_path: Path
) -> None:
    raw, outputs, log = tmp_path / "raw", tmp_path / "outputs", tmp_path / "worker.log"
    put(raw, "first.txt", 320901)
    text = prefect_yaml().replace(DEPLOYMENTS[0].cron, f"'{OFTEN}'").replace("settle: 30.0", "settle: 0.5")
    text = text.replace("raw: raw", f"raw: {raw}").replace("outputs: outputs", f"outputs: {outputs}")
    (tmp_path / "prefect.yaml").write_text(text, encoding="utf-8")
    do(command, "prefect", "work-pool", "create", "fenjie", "--type", "process")
    do(command, "prefect", "work-pool", "set-concurrency-limit", "fenjie", 1)
    do(command, "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", tmp_path / "prefect.yaml")

    with prefect.running(log, "prefect", "worker", "start", "--pool", "fenjie", "--type", "process"):
        wait_for(lambda: tasks(outputs, 320901).exists(), log)
        wait_for(lambda: prefect.scheduled_runs("check-raw"), log)
    (first, *_) = prefect.scheduled_runs("check-raw")
    assert (first["state"]["name"], first["state"]["message"]) == ("Completed", "1 published")
    (monthly,) = prefect.ask("deployments/filter", {"deployments": {"name": {"any_": ["reprocess"]}}})
    schedule = monthly["schedules"][0]["schedule"]
    assert (schedule["cron"], schedule["timezone"]) == ("0 6 2 * *", "Asia/Shanghai")
    assert monthly["global_concurrency_limit"]["limit"] == 1
    prefect.forget("check-raw")


def test_serve_has_a_server_of_its_own_and_ends_with_it(prefect: Prefect, tmp_path: Path) -> None:
    """It is given the home of the shared server, which has gone: a new one would take its time."""
    prefect.stop()
    raw, outputs, log = tmp_path / "raw", tmp_path / "outputs", tmp_path / "serve.log"
    put(raw, "x.txt", 320921)
    command = ("fenjie", "serve", "--raw", raw, "--outputs", outputs, "--settle", "0", "--reprocess", "off")
    with prefect.running(log, *command, PREFECT_API_URL="") as process:
        wait_for(lambda: tasks(outputs, 320921).exists(), log)
        url = re.search(r"http://127\.0\.0\.1:(\d+)/api \(started here\)", log.read_text(encoding="utf-8"))
        assert url is not None
        assert answers(f"http://127.0.0.1:{url[1]}/api")
        assert listening(int(url[1])) == {"127.0.0.1"}
        process.send_signal(signal.SIGINT)
        assert process.wait(90) == 0
    assert listening(int(url[1])) == set()
    # Nothing of ours failed. Prefect's server may log that its SQLite file was locked, and tries again.
    assert f'File "{ROOT}/flows' not in log.read_text(encoding="utf-8")


def listening(port: int) -> set[str]:
    """The addresses of this machine on which somebody listens at a port."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    found = [local.split(":") for _, local, _, state, *_ in lines if state == "0A"]
    return {socket.inet_ntoa(bytes.fromhex(address)[::-1]) for address, number in found if int(number, 16) == port}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_server_of_its_own_ends_when_serve_is_killed(tmp_path: Path) -> None:
    program = "import time; from flows.own_server import OwnServer; server = OwnServer(); server.start(); "
    program += "print(server._process.pid, flush=True); time.sleep(60)"
    environment = os.environ | {"PREFECT_HOME": str(tmp_path)}
    command, pipe = [sys.executable, "-c", program], subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout
        server = int(process.stdout.readline())
        assert lives(server)
        process.kill()
    deadline = time.monotonic() + 60
    while lives(server):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--check", "every month"], "'every month' in the time zone 'Asia/Shanghai' is no schedule"),
        (["--timezone", "Asia/Nowhere"], "'Asia/Nowhere' is no schedule"),
        (["--check", "off", "--reprocess", "off"], "every schedule is off"),
    ],
)
def test_schedules_that_are_none_are_refused(tmp_path: Path, arguments: list[str], word: str) -> None:
    # A server that is not there: no such schedule gets as far as that.
    environment = os.environ | {"PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    command = [str(Path(sys.executable).with_name("fenjie")), "serve", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert result.returncode == 2
    assert word in " ".join(result.stderr.split())
