"""Writes two releases in turns and dies of it: ``python writers_killed.py exchange|renames|database TARGET``.

TARGET is a folder for outputs or the URL of a database. For every line of standard input a child writes for ever, is
killed (SIGKILL) at a random moment, and a line is printed. Forking spares each of the children the time to start Python
and its libraries.
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

from writers.publish import publish
from writers.release import Release
from writers.render import render
from writers.sql import Database
from writers.swap import swap, swap_by_renames

RELEASES = ("old", "new")


def write_for_ever(way: str, target: str, releases: list[Release]) -> None:
    if way == "database":
        database = Database(target)
        for release in cycle(releases):
            database.replace([release])
    swap_in = swap_by_renames if way == "renames" else swap
    for release in cycle(releases):
        publish(release, Path(target), swap_in)


def main(way: str, target: str) -> None:
    releases = [writers_sample.variant(name) for name in RELEASES]
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
