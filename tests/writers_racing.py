"""Writers that race each other: ``python writers_racing.py`` carries out one race for each line of standard input.

A line is a JSON object: the ``url`` of a database; ``writers``, each with the names of its variants of the sample and
the documents that it puts them in the place of; ``rounds``, how often each writes; or ``create``: how many bring the
schema up to date. Each is a process of its own, and all begin together. What they raised is printed as a JSON list.
Forking spares each of them the time to start Python and its libraries.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy.dialects.mysql.pymysql
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401  each child would load them anew
import writers_sample
from databases import other_document

from writers.sql import Database


def write(url: str, variants: Sequence[str], documents: Sequence[str], rounds: int) -> None:
    """Write each variant of each document in turns."""
    releases = [other_document(writers_sample.variant(name), document) for name in variants for document in documents]
    with Database(url) as database:
        for number in range(rounds):
            database.replace([releases[number % len(releases)]])


def create(url: str) -> None:
    """Bring the schema up to date, and use it."""
    with Database(url) as database:
        database.create()
        database.check()


def race(runners: Sequence[Callable[[], None]]) -> list[str]:
    """What each of them raised, run at the same time in processes of their own."""
    ready, go = os.pipe()
    pipes = []
    for run in runners:
        end, report = os.pipe()
        if os.fork() == 0:
            os.close(go)
            os.read(ready, 1)  # until the parent closes its end
            try:
                run()
            except BaseException:
                os.write(report, traceback.format_exc()[-3000:].encode())
            os._exit(0)
        os.close(report)
        pipes.append(end)
    os.close(ready)
    os.close(go)
    said = [os.fdopen(pipe, "rb").read().decode() for pipe in pipes]
    for _ in runners:
        os.wait()
    return [text for text in said if text]


def runners(task: dict[str, Any]) -> list[Callable[[], None]]:
    """The racers that a line asks for."""
    url = task["url"]
    if "create" in task:
        return [lambda: create(url)] * int(task["create"])
    return [
        lambda variants=variants, documents=documents: write(url, variants, documents, task["rounds"])  # type: ignore[misc]  # mypy sees no defaults
        for variants, documents in task["writers"]
    ]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(race(runners(json.loads(line)))), flush=True)
