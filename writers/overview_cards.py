"""What the overview says of each published document, counted from its release folder; kept between runs.

Reading thousands of releases takes many seconds, and a run changes few of them: the counts of a folder whose files have
not changed come from ``outputs/.fenjie/overview.json``. Losing that file costs the time, nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from normalizers.dataset import SEVERITIES
from normalizers.tabulate import Row
from writers import readback
from writers.compare_files import FOLDER, SEPARATOR, put
from writers.compare_page import FILE as COMPARE_PAGE
from writers.errors import WriteError

_CACHE = Path(".fenjie") / "overview.json"
_TABLES = ("documents", "issues", "task_leaders", "task_units", "targets")
#: Files that the overview links to, where a release has them.
_LINKED = ("report.html", "dataset.xlsx")
_QUARANTINE = "quarantine"

#: What is known of a document, comparison or held-back source: plain values, ready for JSON.
Card = dict[str, Any]


def cards(outputs: Path) -> tuple[list[Card], list[Card], list[Card]]:
    """Documents, comparisons and documents that are held back, each in an order that does not depend on the disk.

    A release that can't be read is a card with ``problem`` instead of counts.
    """
    kept = _kept(outputs)
    seen: dict[str, Any] = {}
    documents = [
        _remembered(
            folder, f"{folder.parent.name}/{folder.name}", _stamp(folder, _TABLES, _LINKED), _document, kept, seen
        )
        for folder in _folders(outputs)
    ]
    comparisons = [
        _remembered(folder, f"{FOLDER}/{folder.name}", _stamp(folder, ("compared_tasks",), ()), _comparison, kept, seen)
        for folder in sorted((outputs / FOLDER).glob(f"*{SEPARATOR}*"))
        if (folder / COMPARE_PAGE).is_file()
    ]
    if seen != kept:
        _keep(outputs, seen)
    return documents, comparisons, list(_held_back(outputs))


def _folders(outputs: Path) -> Iterator[Path]:
    years = sorted(path for path in outputs.glob("[0-9][0-9][0-9][0-9]") if path.is_dir())
    for year in years:
        with os.scandir(year) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
        yield from (year / name for name in names)


def _stamp(folder: Path, tables: tuple[str, ...], files: tuple[str, ...]) -> list[int]:
    """Sizes and times of the files that a card is made from."""
    stamp = []
    for name in (*(f"{table}.csv" for table in tables), *files):
        try:
            found = os.stat(f"{folder}/{name}")  # noqa: PTH116  asked for thousands of files
            stamp += [found.st_size, found.st_mtime_ns]
        except OSError:
            stamp += [-1, -1]
    return stamp


def _remembered(
    folder: Path,
    name: str,
    stamp: list[int],
    make: Callable[[Path], Card],
    kept: dict[str, Any],
    seen: dict[str, Any],
) -> Card:
    known = kept.get(name)
    if known is None or known["stamp"] != stamp:
        known = {"stamp": stamp, "card": make(folder)}
    seen[name] = known
    card: Card = known["card"]
    return card


def _document(folder: Path) -> Card:
    try:
        tables = readback.read(folder, _TABLES)
        document = tables["documents"][0]
    except (WriteError, IndexError) as error:
        return {"document_id": folder.name, "year": int(folder.parent.name), "problem": str(error)}
    severities = Counter(row["severity"] for row in tables["issues"])
    names = ("document_id", "region_code", "region", "year", "kind", "title", "n_tasks")
    return {
        **{name: document[name] for name in names},
        "n_targets": len(tables["targets"]),
        "issues": [severities[name] for name in SEVERITIES],
        "files": [name for name in _LINKED if (folder / name).is_file()],
        "units": _counts(tables["task_units"], "unit_id", ("unit_name", "unit_full"), ("lead", "support")),
        "leaders": _counts(tables["task_leaders"], "leader_id", ("leader_name", "leader", "post"), (None,)),
    }


def _counts(rows: list[Row], key: str, names: tuple[str, ...], roles: tuple[str | None, ...]) -> list[list[Any]]:
    """For each party its name and its number of tasks in each role; within a document, one id is one party."""
    tasks: dict[str, list[set[str]]] = defaultdict(lambda: [set() for _ in roles])
    shown: dict[str, str] = {}
    for row in rows:
        name = next((row[column] for column in names if row[column]), "")
        who = row[key] or name
        shown.setdefault(who, name)
        tasks[who][roles.index(row.get("role"))].add(row["task_id"])
    return sorted([shown[who], *map(len, sets)] for who, sets in tasks.items())


def _comparison(folder: Path) -> Card:
    earlier, _, later = folder.name.partition(SEPARATOR)
    card: Card = {"earlier_id": earlier, "later_id": later, "href": f"{FOLDER}/{folder.name}/{COMPARE_PAGE}"}
    try:
        rows = readback.read(folder, ("compared_tasks",))["compared_tasks"]
    except WriteError as error:
        return {**card, "problem": str(error)}
    matches = Counter(row["match"] for row in rows)
    counts = [matches[name] for name in ("continued", "new", "dropped")]
    return {**card, "counts": [*counts, sum(row["doubt"] is not None for row in rows)]}


def _held_back(outputs: Path) -> Iterator[Card]:
    folder = outputs / _QUARANTINE
    for path in sorted(folder.rglob("*.json")):
        if path.name.startswith("."):
            continue
        try:
            content = json.loads(path.read_bytes())
            severities = Counter(issue["severity"] for issue in content["issues"])
            yield {
                "source": content["source"],
                "document_id": content["document_id"],
                "status": content["status"],
                "reasons": [str(reason) for reason in content["reasons"]],
                "issues": [severities[name] for name in SEVERITIES],
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            name = path.relative_to(folder).as_posix().removesuffix(".json")
            reason = f"{path.name} can't be read ({type(error).__name__})"
            yield {"source": name, "document_id": None, "status": "held_back", "reasons": [reason], "issues": [0, 0, 0]}


def _kept(outputs: Path) -> dict[str, Any]:
    try:
        content = json.loads((outputs / _CACHE).read_bytes())
        return content["cards"] if content["version"] == _version() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _keep(outputs: Path, seen: dict[str, Any]) -> None:
    path = outputs / _CACHE
    content = json.dumps({"version": _version(), "cards": seen}, ensure_ascii=False, separators=(",", ":"))
    with suppress(OSError):  # the next run counts again
        path.parent.mkdir(exist_ok=True)
        put(path, content.encode())


@cache
def _version() -> str:
    """Counts that other code made are not used again."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
