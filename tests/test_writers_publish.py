"""A release is published whole or not at all, whatever happens meanwhile."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import writers_killed
import writers_sample

from writers import publish as publishing
from writers.errors import WriteError
from writers.folder import has_sizes, sizes
from writers.publish import publish, publish_files, recover
from writers.render import render
from writers.swap import exchange, swap_by_renames

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path("2026") / writers_sample.DOCUMENT_ID
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def content(directory: Path) -> dict[str, bytes]:
    """The bytes of every file below the folder, by its name relative to it."""
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}


def everything(outputs: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of change of all there is."""
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in outputs.rglob("*")}


def leftovers(outputs: Path) -> list[str]:
    return sorted(path.name for path in (outputs / ".staging").glob("*/*/*"))


def test_a_release_is_published_and_replaced(tmp_path: Path) -> None:
    outputs = tmp_path / "made" / "outputs"
    first, second = writers_sample.release(), writers_sample.variant("second")
    assert publish(first, outputs)
    assert content(outputs / PLACE) == render(first)
    assert publish(second, outputs)
    assert content(outputs / PLACE) == render(second)
    assert sorted(path.name for path in outputs.iterdir()) == [".staging", "2026"]
    assert leftovers(outputs) == []


def test_an_unchanged_release_touches_nothing(tmp_path: Path) -> None:
    publish(writers_sample.release(), tmp_path)
    before = everything(tmp_path)
    assert not publish(writers_sample.release(), tmp_path)
    assert everything(tmp_path) == before


def test_a_foreign_file_goes_and_a_hidden_one_does_not_count(tmp_path: Path) -> None:
    release = writers_sample.release()
    publish(release, tmp_path)
    (tmp_path / PLACE / "~$dataset.xlsx").touch()
    assert not publish(release, tmp_path)
    (tmp_path / PLACE / "notes.txt").touch()
    assert publish(release, tmp_path)
    assert content(tmp_path / PLACE) == render(release)


def test_names_may_lead_into_folders(tmp_path: Path) -> None:
    files = {"a.csv": b"1", "pages/0001.jpg": b"22", "pages/low/0001.jpg": b"333"}
    assert publish_files(files, PLACE, tmp_path)
    assert content(tmp_path / PLACE) == files
    before = everything(tmp_path)
    assert not publish_files(files, PLACE, tmp_path)
    assert everything(tmp_path) == before
    fewer = {"a.csv": b"1", "pages/0001.jpg": b"99"}
    assert publish_files(fewer, PLACE, tmp_path)
    assert content(tmp_path / PLACE) == fewer
    assert leftovers(tmp_path) == []


def test_a_foreign_file_in_a_folder_goes_and_a_hidden_one_does_not_count(tmp_path: Path) -> None:
    files = {"a.csv": b"1", "pages/0001.jpg": b"22"}
    publish_files(files, PLACE, tmp_path)
    (tmp_path / PLACE / "pages" / ".thumbs").touch()
    assert not publish_files(files, PLACE, tmp_path)
    (tmp_path / PLACE / "pages" / "0002.jpg").touch()
    assert publish_files(files, PLACE, tmp_path)
    assert content(tmp_path / PLACE) == files


@pytest.mark.parametrize("name", ["../a.csv", "/tmp/a.csv", "pages/../../a.csv"])
def test_no_file_lies_outside_of_its_release(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="would lie outside of its release"):
        publish_files({name: b"1"}, PLACE, tmp_path)
    assert content(tmp_path).keys() == {".staging/.gitignore", ".staging/lock"}


def test_the_sizes_of_a_folder_are_those_of_all_files_below(tmp_path: Path) -> None:
    files = {"a.csv": b"1", "pages/0001.jpg": b"22"}
    publish_files(files, PLACE, tmp_path)
    (tmp_path / PLACE / "~$dataset.xlsx").touch()
    found = sizes(tmp_path / PLACE)
    assert found == {"a.csv": 1, "pages/0001.jpg": 2}
    assert has_sizes(tmp_path / PLACE, found)
    (tmp_path / PLACE / "pages" / "0001.jpg").write_bytes(b"2")
    assert not has_sizes(tmp_path / PLACE, found)
    (tmp_path / PLACE / "pages" / "0001.jpg").unlink()
    assert not has_sizes(tmp_path / PLACE, found)


def test_the_staging_area_is_ignored_by_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    publish(writers_sample.release(), tmp_path)
    status = subprocess.run(["git", "-C", tmp_path, "status", "--short"], check=True, capture_output=True, text=True)
    assert status.stdout == "?? 2026/\n"


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def killed(way: str, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, writers_killed.__file__, way, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT) as process:
        yield process


def test_killed_at_any_moment_the_old_release_or_the_new_one_is_there(
    killed: subprocess.Popen[str], way: str, tmp_path: Path
) -> None:
    assert killed.stdin
    assert killed.stdout
    releases = [render(writers_sample.variant(name)) for name in writers_killed.RELEASES]
    publish(writers_sample.variant("new"), tmp_path)
    interrupted = 0
    for _ in range(40 if way == "exchange" else 20):
        killed.stdin.write("\n")
        killed.stdin.flush()
        assert killed.stdout.readline() == "killed\n"
        interrupted += bool(leftovers(tmp_path))
        if way == "renames":
            # Without the exchange of names there is a moment without a release, which the next start repairs.
            recover(tmp_path)
        assert content(tmp_path / PLACE) in releases
    print(f"{interrupted} were killed amid the writing")
    undisturbed = writers_sample.release()
    assert publish(undisturbed, tmp_path)
    assert content(tmp_path / PLACE) == render(undisturbed)
    assert leftovers(tmp_path) == []


def test_recover_restores_a_release_that_was_moved_aside(tmp_path: Path) -> None:
    release = writers_sample.release()
    publish(release, tmp_path)
    staging = tmp_path / ".staging" / PLACE
    (staging / "new").mkdir(parents=True)
    (tmp_path / PLACE).rename(staging / "old")
    recover(tmp_path)
    assert content(tmp_path / PLACE) == render(release)
    assert leftovers(tmp_path) == []


def test_recover_has_nothing_to_do_without_outputs(tmp_path: Path) -> None:
    recover(tmp_path / "outputs")
    assert not (tmp_path / "outputs").exists()


def test_recover_leaves_the_work_of_a_live_process_alone(tmp_path: Path) -> None:
    publish(writers_sample.release(), tmp_path)
    unfinished = tmp_path / ".staging" / PLACE / "new"
    unfinished.mkdir(parents=True)
    with (tmp_path / ".staging" / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweeper = threading.Thread(target=recover, args=(tmp_path,))
        sweeper.start()
        sweeper.join(0.3)
        assert unfinished.is_dir()
    sweeper.join()
    assert not unfinished.exists()


def test_a_publisher_that_never_ends_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "_PATIENCE", 0.1)
    publish(writers_sample.release(), tmp_path)
    with (tmp_path / ".staging" / "lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(WriteError, match="another fenjie has been publishing"):
            publish(writers_sample.variant("other"), tmp_path)


def test_a_failed_swap_puts_the_old_release_back(tmp_path: Path) -> None:
    release = writers_sample.release()
    publish(release, tmp_path)

    def fail(new: Path, target: Path, old: Path) -> None:
        (new / "tasks.csv").rename(tmp_path / "gone")
        swap_by_renames(new.with_name("missing"), target, old)

    with pytest.raises(WriteError, match=r"2026/320404-2026-zfgzbg: can't be written \(No such file"):
        publish(writers_sample.variant("other"), tmp_path, fail)
    assert content(tmp_path / PLACE) == render(release)
    assert leftovers(tmp_path) == []


def test_exchange_lets_directories_trade_places(tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "left", tmp_path / "right"):
        pytest.skip("this system can't exchange two names")
    assert [path.name for path in (tmp_path / "left").iterdir()] == ["right"]
    assert [path.name for path in (tmp_path / "right").iterdir()] == ["left"]


def test_a_file_in_the_place_of_outputs_is_named(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    outputs.touch()
    with pytest.raises(WriteError) as caught:
        publish(writers_sample.release(), outputs)
    assert caught.value.path == str(outputs)
    assert "A file stands where a folder is needed" in str(caught.value)


PUBLISH_IN_NEED = """
import os, resource, sys
from pathlib import Path
import writers_sample
from writers.errors import WriteError
from writers.publish import publish
from writers.render import render
release = writers_sample.variant("new")
render(release)
{need}
try:
    publish(release, Path(sys.argv[1]))
except WriteError as error:
    print(error)
"""


def publish_in_need(outputs: Path, need: str) -> str:
    command = [sys.executable, "-c", PUBLISH_IN_NEED.format(need=need), str(outputs)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT).stdout


def test_a_full_disk_names_the_file_and_leaves_the_old_release(tmp_path: Path) -> None:
    release = writers_sample.release()
    publish(release, tmp_path)
    said = publish_in_need(tmp_path, "resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))")
    assert said.startswith(f"{tmp_path / PLACE / 'dataset.xlsx'}: can't be written (File too large). Raise the limit")
    assert content(tmp_path / PLACE) == render(release)
    assert leftovers(tmp_path) == []


def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    outputs.mkdir(mode=0o555)
    if os.geteuid() == 0:
        # Rights don't bind root.
        tmp_path.chmod(0o755)
        tmp_path.parent.chmod(0o755)
        tmp_path.parent.parent.chmod(0o755)
    said = publish_in_need(outputs, "os.geteuid() or os.setuid(65534)")
    assert said == (
        f"{outputs}: can't be written (Permission denied). Give the user that runs fenjie the right to write there, "
        "or choose another folder for the outputs.\n"
    )
