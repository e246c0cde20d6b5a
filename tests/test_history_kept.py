"""Earlier releases are kept and can be read back, whatever happens while their successors are published."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import writers_killed
import writers_sample

from writers import archive
from writers.errors import WriteError
from writers.folder import sizes
from writers.previous import read, release_no
from writers.publish import publish, publish_files, recover
from writers.release import Release, with_history
from writers.render import render
from writers.swap import Swap, swap, swap_by_renames

ROOT = Path(__file__).resolve().parent.parent
PLACE = Path("2026") / writers_sample.DOCUMENT_ID
#: What Python tells of its work with files, and the call that lets two names trade places.
OPERATIONS = {"open", "os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "ctypes.dlsym"}
FEW = ("releases.csv", "changes.csv", "tasks.csv", "documents.csv")
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in sizes(folder)}


def line(count: int) -> list[Release]:
    """So many releases, one after the other, made without any disk."""
    releases: list[Release] = []
    for number in range(1, count + 1):
        before = releases[-1].tables if releases else None
        releases.append(with_history(writers_sample.variant(str(number)), before))
    return releases


def kept(outputs: Path) -> Path:
    return outputs / "history" / PLACE


def test_the_release_that_is_replaced_is_kept_with_its_files(tmp_path: Path) -> None:
    releases = line(3)
    for release in releases:
        publish(release, tmp_path)
    assert content(tmp_path / PLACE) == render(releases[2])
    assert sorted(path.name for path in kept(tmp_path).iterdir()) == ["1", "2"]
    assert content(kept(tmp_path) / "1") == render(releases[0])
    assert content(kept(tmp_path) / "2") == render(releases[1])


def test_other_files_of_the_same_release_replace_it_and_nothing_is_kept(tmp_path: Path) -> None:
    files = render(line(1)[0])
    publish_files(files, PLACE, tmp_path)
    publish_files(files | {"report.html": b"<!doctype html>"}, PLACE, tmp_path)
    assert "report.html" in content(tmp_path / PLACE)
    assert not (tmp_path / "history").exists()


def test_pictures_are_kept_too(tmp_path: Path) -> None:
    first, second = line(2)
    publish_files(render(first) | {"pages/0001.jpg": b"1"}, PLACE, tmp_path)
    publish(second, tmp_path)
    assert (kept(tmp_path) / "1" / "pages" / "0001.jpg").read_bytes() == b"1"


def test_files_are_copied_where_there_are_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    first, second = line(2)
    publish(first, tmp_path)
    monkeypatch.setattr(os, "link", refuse)
    publish(second, tmp_path)
    assert content(kept(tmp_path) / "1") == render(first)


def test_a_kept_release_without_a_successor_is_put_right(tmp_path: Path) -> None:
    """Killed between keeping the old release and swapping the new one in."""
    first, second = line(2)
    publish(first, tmp_path)
    staging = tmp_path / ".staging" / PLACE
    staging.mkdir(parents=True)
    publish(second, tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / PLACE).rename(staging / "new")
    archive.keep(tmp_path / PLACE, staging / "new", kept(tmp_path), staging)
    assert archive.numbers(kept(tmp_path)) == [1]
    recover(tmp_path)
    assert content(tmp_path / PLACE) == render(first)
    assert not kept(tmp_path).exists()
    publish(second, tmp_path)
    assert content(kept(tmp_path) / "1") == render(first)


@pytest.mark.parametrize("count", [2, 3])
def test_releases_of_a_history_that_was_lost_are_put_aside(count: int, tmp_path: Path) -> None:
    """The folder and the database are gone: the new history begins with 1, and takes nothing away."""
    before = line(count)
    for release in before:
        publish(release, tmp_path)
    shutil.rmtree(tmp_path / PLACE)
    first = writers_sample.variant("anew")
    new = [first, with_history(writers_sample.variant("and on"), first.tables)]
    for release in new:
        publish(release, tmp_path)
    assert [content(kept(tmp_path) / "1")] == [render(new[0])]
    aside = kept(tmp_path).with_name(f"{kept(tmp_path).name}~1")
    assert [content(aside / str(n)) for n in archive.numbers(aside)] == [render(release) for release in before[:-1]]


def test_a_swap_that_fails_leaves_no_kept_release(tmp_path: Path) -> None:
    first, second = line(2)
    publish(first, tmp_path)

    def fail(new: Path, target: Path, old: Path) -> None:
        swap_by_renames(new.with_name("missing"), target, old)

    with pytest.raises(WriteError):
        publish(second, tmp_path, fail)
    assert content(tmp_path / PLACE) == render(first)
    assert archive.numbers(kept(tmp_path)) == []


def test_a_release_that_cannot_be_kept_is_not_replaced(tmp_path: Path) -> None:
    first, second = line(2)
    publish(first, tmp_path)
    (tmp_path / "history").write_text("in the way")
    with pytest.raises(WriteError, match="history"):
        publish(second, tmp_path)
    assert content(tmp_path / PLACE) == render(first)


def test_a_release_from_before_there_were_numbers_is_kept_as_the_first(tmp_path: Path) -> None:
    old = without_history(tmp_path / PLACE)
    publish(with_history(writers_sample.variant("2"), read(tmp_path / PLACE)), tmp_path)
    assert content(kept(tmp_path) / "1") == old
    assert release_no(tmp_path / PLACE) == 2


def without_history(folder: Path) -> dict[str, bytes]:
    """Write a release as version 0.4.0 did: without the tables of the history."""
    import json  # noqa: PLC0415

    files = render(writers_sample.variant("1"))
    package = json.loads(files["datapackage.json"])
    package["resources"] = [item for item in package["resources"] if item["name"] not in ("releases", "changes")]
    files["datapackage.json"] = json.dumps(package).encode()
    files = {name: data for name, data in files.items() if name.split(".")[0] not in ("releases", "changes")}
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return files


@pytest.mark.parametrize("way", ["history", "history-renames"])
def test_killed_at_any_moment_every_release_can_be_read(way: str, tmp_path: Path) -> None:
    command = [sys.executable, writers_killed.__file__, way, str(tmp_path)]
    pipe = subprocess.PIPE
    interrupted = 0
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(10):
            process.stdin.write("\n")
            process.stdin.flush()
            assert process.stdout.readline() == "killed\n"
            interrupted += any((tmp_path / ".staging").glob("*/*/*"))
            recover(tmp_path)
            last = release_no(tmp_path / PLACE) if (tmp_path / PLACE).is_dir() else 0
            assert archive.numbers(kept(tmp_path)) == list(range(1, last or 0))
    writers_killed.publish_next(tmp_path)
    last = release_no(tmp_path / PLACE) or 0
    print(f"{interrupted} of 10 were killed amid the writing; {last} releases")
    wanted = line(last)
    assert content(tmp_path / PLACE) == render(wanted[-1])
    for number, release in enumerate(wanted[:-1], 1):
        assert content(kept(tmp_path) / str(number)) == render(release)
    assert archive.numbers(kept(tmp_path)) == list(range(1, last))
    assert not any((tmp_path / ".staging").glob("*/*/*"))


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that is killed before its given operation on files, from 1; False if it had fewer."""
    child = os.fork()
    if child == 0:
        left = step

        def count(event: str, _arguments: object) -> None:
            nonlocal left
            if event in OPERATIONS:
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("swap_in", [swap, swap_by_renames])
def test_killed_before_each_single_operation_both_releases_are_there_or_the_old_one(
    swap_in: Swap, tmp_path: Path
) -> None:
    releases = line(3)
    files = [{name: render(release)[name] for name in FEW} for release in releases]
    base = tmp_path / "base"
    for content_of in files[:2]:
        publish_files(content_of, PLACE, base)
    after = []
    step = 1
    while True:
        outputs = tmp_path / str(step)
        shutil.copytree(base, outputs)
        if not killed_at(step, partial(publish_files, files[2], PLACE, outputs, swap_in)):
            break
        # The next run is killed too, while it puts things right.
        killed_at(step % 9 + 1, partial(recover, outputs))
        recover(outputs)
        last = release_no(outputs / PLACE) or 0
        assert content(outputs / PLACE) == files[last - 1]
        assert [content(kept(outputs) / str(n)) for n in archive.numbers(kept(outputs))] == files[: last - 1]
        assert not any((outputs / ".staging").glob("*/*/*"))
        publish_files(files[2], PLACE, outputs)
        assert content(outputs / PLACE) == files[2]
        assert [content(kept(outputs) / str(n)) for n in (1, 2)] == files[:2]
        after.append(last)
        shutil.rmtree(outputs)
        step += 1
    # Killed early the old release stays, killed late the new one is there.
    assert after == sorted(after)
    assert set(after) == {2, 3}
    assert len(after) > 20


@pytest.mark.parametrize("swap_in", [swap, swap_by_renames])
def test_who_reads_while_releases_come_reads_one_of_them(swap_in: Swap, tmp_path: Path) -> None:
    """Files of two releases are never taken for one.

    Without an exchange of names there may be none for a moment; whoever meets one change after the other is told so.
    """
    releases = line(2)
    files = [render(release) for release in releases]
    publish_files(files[0], PLACE, tmp_path)
    is_done = threading.Event()

    def publish_in_turns() -> None:
        try:
            for turn in range(12):
                time.sleep(0.1)
                publish_files(files[(turn + 1) % 2], PLACE, tmp_path, swap_in)
        finally:
            is_done.set()

    publisher = threading.Thread(target=publish_in_turns)
    publisher.start()
    found = []
    while not is_done.is_set():
        with suppress(WriteError):
            tables = read(tmp_path / PLACE)
            if tables is not None:
                found.append(tables)
    publisher.join()
    assert all(tables in [release.tables for release in releases] for tables in found)
    assert {len(tables["releases"]) for tables in found} == {1, 2}


def test_a_deleted_folder_goes_on_where_the_history_is_known(tmp_path: Path) -> None:
    first, second = line(2)
    publish(first, tmp_path)
    shutil.rmtree(tmp_path / PLACE)
    publish(second, tmp_path)
    assert content(tmp_path / PLACE) == render(second)
    assert not kept(tmp_path).exists()


def test_reading_back_ignores_what_is_no_release(tmp_path: Path) -> None:
    assert read(tmp_path / "missing") is None
    (tmp_path / ".hidden").touch()
    assert read(tmp_path) is None
    assert archive.numbers(tmp_path) == []
    assert replace(line(1)[0], title="x").tables == line(1)[0].tables
