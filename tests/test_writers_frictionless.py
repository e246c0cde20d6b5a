"""A program that knows nothing of us accepts the data package: ``frictionless validate``.

It runs in an environment of its own, since it needs PyPI's ``validators``, a name that a package of ours has too.
FRICTIONLESS_VENV names the folder of that environment; it is made when it is missing or its lock file has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import writers_sample

from normalizers.dataset import PUBLISHED
from writers.publish import publish
from writers.release import with_history

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("requirements-frictionless.lock")
VENV = Path(os.environ.get("FRICTIONLESS_VENV", ROOT / ".venv-frictionless"))


@pytest.fixture(scope="session")
def frictionless() -> Path:
    """The Python that has frictionless."""
    python = VENV / "bin" / "python"
    marker = VENV / "requirements.sha256"
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not marker.exists() or marker.read_text() != wanted:
        if (VENV / "pyvenv.cfg").exists():
            shutil.rmtree(VENV)
        uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
        if uv:
            make = [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
            fill = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), "-r", str(LOCK)]
        else:
            make = [sys.executable, "-m", "venv", str(VENV)]
            fill = [str(python), "-m", "pip", "install", "--quiet", "-r", str(LOCK)]
        subprocess.run(make, check=True)
        subprocess.run([*fill, "--require-hashes"], check=True)
        marker.write_text(wanted)
    return python


@pytest.fixture
def package(tmp_path: Path) -> Path:
    publish(with_history(writers_sample.release(), writers_sample.variant("first").tables), tmp_path)
    return tmp_path / "2026" / writers_sample.DOCUMENT_ID


def validate(python: Path, package: Path) -> dict[str, list[str]]:
    """The kinds of errors that frictionless finds in each file."""
    command = [str(python), "-m", "frictionless", "validate", "datapackage.json", "--json"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(command, cwd=package, env=environment, stdout=subprocess.PIPE, check=False)
    report: dict[str, Any] = json.loads(run.stdout)
    assert report["valid"] == (run.returncode == 0)
    return {task["place"]: [error["type"] for error in task["errors"]] for task in report["tasks"]}


def test_the_data_package_is_valid(frictionless: Path, package: Path) -> None:
    found = validate(frictionless, package)
    assert found == {f"{table.name}.csv": [] for table in PUBLISHED}


def test_changed_bytes_are_found(frictionless: Path, package: Path) -> None:
    with (package / "task_leaders.csv").open("ab") as file:
        file.write("320404-2026-zfgzbg-1,9,某某,,,\r\n".encode())
    assert validate(frictionless, package)["task_leaders.csv"] == ["hash-count", "byte-count"]


def test_broken_rules_are_found(frictionless: Path, package: Path) -> None:
    """Hash and size left out, so that only the table schema can object."""
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        del resource["hash"], resource["bytes"]
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with (package / "task_units.csv").open("ab") as file:
        file.write("320404-2026-zfgzbg-1,1,lead,又一个,又一个,,,\r\n".encode())
        file.write("320404-2026-zfgzbg-77,1,lead,无此任务,无此任务,,,\r\n".encode())
        file.write("320404-2026-zfgzbg-1,7,boss,无此角色,无此角色,,,\r\n".encode())
        file.write("320404-2026-zfgzbg-1,0,lead,,全写,,,\r\n".encode())
    assert validate(frictionless, package)["task_units.csv"] == [
        "primary-key",
        "foreign-key",
        "constraint-error",
        "constraint-error",
        "constraint-error",
    ]
