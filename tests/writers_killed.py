"""Writes two releases in turns and dies of it: ``python writers_killed.py exchange|renames|database TARGET``.

With ``history`` and ``history-renames`` it writes one release after the other, each with another text and so another
number. TARGET is a folder for outputs or the URL of a database. For every line of standard input a child writes for
ever, is killed (SIGKILL) at a random moment, and a line is printed. Forking spares each of the children the time to
start Python and its libraries.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from itertools import cycle
from pathlib import Path

import writers_sample

from writers.previous import read, release_no
from writers.publish import publish, recover
from writers.release import Release, with_history
from writers.render import render
from writers.sql import Database
from writers.swap import Swap, swap, swap_by_renames

RELEASES = ("old", "new")


def write_for_ever(way: str, target: str, releases: list[Release]) -> None:
    if way == "database":
        database = Database(target)
        for release in cycle(releases):
            database.replace([release])
    swap_in = swap_by_renames if way.endswith("renames") else swap
    if way.startswith("history"):
        while True:
            publish_next(Path(target), swap_in)
    for release in cycle(releases):
        publish(release, Path(target), swap_in)


def publish_next(outputs: Path, swap_in: Swap = swap) -> None:
    """Publish the release that comes after the one that is there: what it says depends on its number alone."""
    recover(outputs)
    folder = outputs / "2026" / writers_sample.DOCUMENT_ID
    number = (release_no(folder) if folder.is_dir() else 0) or 0
    publish(with_history(writers_sample.variant(str(number + 1)), read(folder)), outputs, swap_in)


def main(way: str, target: str) -> None:
    releases = [writers_sample.variant(name) for name in RELEASES]
    if way != "database":
        for release in releases:
            render(release)
    moments = random.Random(320404)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            write_for_ever(way, target, releases)
        time.sleep(moments.uniform(0.01, 0.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print("killed", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
