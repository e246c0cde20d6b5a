"""Comparisons in tests: rows of two years, small documents made of texts, release folders, how good pairs are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from reports import DATA, TEXT_2026, release_of

from normalizers.compare import COMPARED_FROM
from normalizers.dataset import table
from normalizers.tabulate import Row
from writers.delimited import encode

TEXT_2025 = DATA / "compare_2025" / "made_for_tests.html"
Tables = dict[str, list[Row]]
Pair = tuple[str, str]


@cache
def year(number: int) -> Tables:
    """The rows of the district's document of 2025 (made for tests) or 2026."""
    release = release_of({2025: TEXT_2025, 2026: TEXT_2026}[number])
    return {name: [dict(row) for row in release.tables[name]] for name in (*COMPARED_FROM, "issues")}


def made(document_id: str, texts: Mapping[str, str] | Sequence[str], region: str = "甲市乙区") -> Tables:
    """A document whose tasks have these contents and nothing else, numbered from 1."""
    contents = list(texts.values()) if isinstance(texts, Mapping) else list(texts)
    code, number, kind = document_id.split("-")
    blank: Row = dict.fromkeys(table("tasks").column_names)
    tasks = [
        blank | {"task_id": f"{document_id}-{no}", "document_id": document_id, "table_no": 1, "task_no": no}
        | {"content": content, "n_issues": 0}
        for no, content in enumerate(contents, 1)
    ]  # fmt: skip
    document: Row = dict.fromkeys(table("documents").column_names)
    document |= {"document_id": document_id, "region_code": code, "region": region, "year": int(number), "kind": kind}
    document |= {"title": f"{number}年任务分解表", "n_tasks": len(tasks), "source_format": "html"}
    document |= {"source_file": "made", "source_sha256": "0" * 64, "pages": 0}
    empty: Tables = {name: [] for name in (*COMPARED_FROM, "issues")}
    return empty | {"documents": [document], "tasks": tasks}


def unit(tables: Tables, task_no: int, name: str, role: str = "lead", unit_id: str | None = None) -> None:
    """Give a task of a made document an organisation."""
    task_id = f"{tables['documents'][0]['document_id']}-{task_no}"
    row = {"task_id": task_id, "position": len(tables["task_units"]) + 1, "role": role, "unit": name}
    row |= {"unit_full": name, "unit_id": unit_id, "unit_name": name if unit_id else None, "qualifier": None}
    tables["task_units"].append(row)


def put(tables: Tables, outputs: Path) -> Path:
    """Write the tables as a release's folder."""
    document = tables["documents"][0]
    folder = outputs / str(document["year"]) / str(document["document_id"])
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(encode(table(name).column_names, rows))
    return folder


def truth(name: str) -> Any:
    """A truth written by hand: ``compare_<name>.yaml`` of tests/data."""
    return yaml.safe_load((DATA / f"compare_{name}.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Quality:
    """How many pairs are right, how many were found, how many there are; those that are wrong or missing."""

    right: int
    found: int
    wanted: int
    wrong: frozenset[Pair]
    missing: frozenset[Pair]

    @property
    def precision(self) -> float:
        """The share of pairs found that are right."""
        return self.right / self.found

    @property
    def recall(self) -> float:
        """The share of pairs wanted that were found."""
        return self.right / self.wanted


def judged(found: Iterable[Pair], pairs: Iterable[Pair], groups: Sequence[set[Pair]] = ()) -> Quality:
    """Compare pairs with the truth. Of a group (one task split, several merged) any one pair is right."""
    got, single = set(found), set(pairs)
    hits = [got & group for group in groups]
    right = got & single
    right |= {min(hit) for hit in hits if hit}
    allowed = single.union(*groups) if groups else single
    return Quality(len(right), len(got), len(single) + len(groups), frozenset(got - allowed), frozenset(single - got))
