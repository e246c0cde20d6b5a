"""Files that arrive while documents are looked for: written slowly by another process, taken away, changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from operating import being_copied

from flows.discover import UsageError, discover, find, is_as_found


def names(paths: list[Path], raw: Path, settle: float = 0.0) -> tuple[list[str], list[str]]:
    found = find(paths, raw, settle)
    return [source.name for source in found.sources], list(found.left)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "2025").mkdir()
    return tmp_path


def test_a_file_that_is_being_copied_is_left_and_named(raw: Path) -> None:
    (raw / "2025" / "there.txt").write_text("there")
    time.sleep(0.6)
    with being_copied(raw / "2025" / "slow.txt"):
        time.sleep(0.3)
        found = find([], raw, 0.5)
        assert [source.name for source in found.sources] == ["2025/there.txt"]
        assert list(found.left) == ["2025/slow.txt"]
        assert "slow.txt: still being copied" in found.left["2025/slow.txt"]
        assert found.is_settling
        assert names([], raw) == (["2025/slow.txt", "2025/there.txt"], [])
    # The copy is complete and bears the time of its original, but only just now.
    assert names([], raw, 0.5) == (["2025/there.txt"], ["2025/slow.txt"])
    time.sleep(0.6)
    assert names([], raw, 0.5) == (["2025/slow.txt", "2025/there.txt"], [])


def test_a_document_waits_for_its_sidecar_to_be_complete(raw: Path) -> None:
    (raw / "2025" / "a.txt").write_text("a")
    time.sleep(0.6)
    (raw / "2025" / "a.source.yaml").write_text("region: x")
    assert names([], raw, 0.5) == ([], ["2025/a.txt"])
    time.sleep(0.6)
    assert names([], raw, 0.5) == (["2025/a.txt"], [])


def test_an_empty_file_of_a_copy_that_has_just_begun_waits(raw: Path) -> None:
    (raw / "2025" / "empty.pdf").touch()
    assert names([], raw, 30) == ([], ["2025/empty.pdf"])
    assert names([raw / "2025" / "empty.pdf"], raw, 30) == ([], ["2025/empty.pdf"])
    assert names([], raw) == (["2025/empty.pdf"], [])


def test_a_time_in_the_future_does_not_make_a_file_wait_for_ever(raw: Path) -> None:
    path = raw / "2025" / "a.txt"
    path.write_text("a")
    os.utime(path, (time.time() + 86400,) * 2)
    time.sleep(0.3)
    assert names([], raw, 0.2) == (["2025/a.txt"], [])


def test_a_document_is_no_longer_as_found_when_it_or_its_sidecar_changes_or_goes(raw: Path) -> None:
    path, sidecar = raw / "2025" / "a.txt", raw / "2025" / "a.source.yaml"
    path.write_text("a")
    (source,) = discover([], raw)
    assert is_as_found(source)
    sidecar.write_text("region: x")
    assert not is_as_found(source)
    sidecar.unlink()
    assert is_as_found(source)
    path.write_text("b")
    assert not is_as_found(source)
    path.unlink()
    assert not is_as_found(source)


def test_files_that_vanish_while_they_are_looked_for_do_no_harm(raw: Path) -> None:
    """Another process makes and removes files all the time; each look finds the one that stays."""
    (raw / "2025" / "stays.txt").write_text("stays")
    program = "import sys, pathlib\nwhile True:\n for i in range(40): p = pathlib.Path(sys.argv[1], f'{i}.txt');"
    program += " p.write_text('x'); p.unlink()"
    with subprocess.Popen([sys.executable, "-c", program, str(raw / "2025")]) as process:
        try:
            deadline, left, looks = time.monotonic() + 20, 0, 0
            while (not left or looks < 50) and time.monotonic() < deadline:
                found = find([], raw)
                left, looks = left + len(found.left), looks + 1
                assert "2025/stays.txt" in [source.name for source in found.sources]
                assert all("taken away" in reason for reason in found.left.values())
        finally:
            process.kill()
    assert left, "no file vanished in time"


def test_a_name_that_is_not_utf8_is_named_and_stops_nothing(raw: Path) -> None:
    (raw / "2025" / "a.txt").write_text("a")
    Path(os.fsdecode(os.fsencode(raw / "2025") + "/责任分解表.txt".encode("gbk"))).write_text("b")
    found = find([], raw)
    assert [source.name for source in found.sources] == ["2025/a.txt"]
    assert list(found.left) == ["2025/责任分解表.txt"]
    assert "Rename the file" in found.left["2025/责任分解表.txt"]
    assert not found.is_settling, "nobody waits for a name"


def test_a_folder_without_documents_is_still_an_error(raw: Path) -> None:
    with pytest.raises(UsageError, match="no documents"):
        find([], raw, 30)
