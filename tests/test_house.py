"""The house itself: arrows between the rooms, names, pages made from the code, the manual."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import get_args

import click
import pytest

from extractors.model import tiles
from extractors.read import read_tables
from extractors.stitch import stitch
from flows import rulebook
from flows.cli import main
from normalizers.headings import Role
from normalizers.reference import load
from normalizers.roster import load_roster
from normalizers.rules import RULES as READING
from normalizers.rules import VALIDATED_ONLY
from validators.rules import RULES as JUDGING

ROOT = Path(__file__).parent.parent
ROOMS = ("extractors", "normalizers", "validators", "writers", "flows")


def test_the_arrows_between_the_rooms_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_is_ours_and_nobody_elses(room: str) -> None:
    file = import_module(room).__file__
    assert file is not None
    assert Path(file).parent == ROOT / room
    assert Path(file).read_text(encoding="utf-8") == ""
    assert set(packages_distributions().get(room, ["fenjie"])) == {"fenjie"}


def test_no_flow_file_hides_a_package() -> None:
    """Prefect puts flows/ first on sys.path: a module there must not have another's name."""
    taken = set(sys.stdlib_module_names) | set(packages_distributions()) | set(ROOMS)
    assert {path.stem for path in (ROOT / "flows").glob("*.py")} & taken == set()


def test_the_page_of_rules_is_up_to_date() -> None:
    assert (ROOT / rulebook.PAGE).read_text(encoding="utf-8") == rulebook.markdown(), "run: make docs"


def test_every_command_and_option_is_in_the_manual() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [readme, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))]
    assert isinstance(main, click.Group)
    context = click.Context(main)
    for name in main.list_commands(context):
        assert f"fenjie {name}" in readme
        command = main.get_command(context, name)
        assert command is not None
        of_command = "".join(page for page in pages if f"fenjie {name}" in page)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "help":
                assert parameter.opts[-1] in of_command, (name, parameter.opts)


def test_pins_have_hashes_and_no_hosts() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "tests/requirements-frictionless.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.count("==") <= text.count("--hash=sha256:")
        assert "://" not in text


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for dependency in project["dependencies"]:
        name = dependency.split(">")[0].split("=")[0].split("[")[0]
        assert f"\n{name}==" in f"\n{lock}", dependency


def test_rules_of_validation_that_reading_knows_of() -> None:
    own = {name for name, rule in JUDGING.items() if name not in READING and rule.severity != "critical"}
    assert own == set(VALIDATED_ONLY)


def test_headings_know_only_roles_of_the_code() -> None:
    assert set(load().headings.values()) <= set(get_args(Role))


def test_unit_ids_are_unique() -> None:
    for path in (ROOT / "reference" / "organisations").glob("[0-9]*.yaml"):
        roster = load_roster(path.stem)
        assert roster is not None
        ids = [body.unit_id for body in roster.organisations]
        assert len(ids) == len(set(ids))
        assert all(unit_id.startswith(f"{path.stem}-") for unit_id in ids)


def test_the_two_functions_others_rely_on() -> None:
    tables = read_tables(ROOT / "raw" / "2026" / "zhonglou.txt")
    assert [table.page for table in tables] == list(range(1, 10))
    assert all(tiles(table.cells, table.n_rows, table.n_cols) for table in tables)
    (joined,) = stitch(tables)
    assert tiles(joined.cells, joined.n_rows, joined.n_cols)
    assert joined.n_rows == 86
    assert sum(len(table.cells) for table in tables) == len(joined.cells) + len(joined.dropped)
