"""Reads documents in tests: text or files in, records out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractors import delimited
from extractors.read import read_document
from normalizers.identity import IdentityError, identify
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.reference import DEFAULT_DIR
from normalizers.tabulate import nested
from normalizers.titles import title_of

HEADING = "序号\t目标名称\t\t工作标准\t区政府 分管领导\t牵头单位"


def read(text: str) -> NormalizedDocument:
    """What a text layer says, without an identity: no roster, no corrections."""
    return normalize(delimited.parse(text, "x.txt"), None)


def extract_file(path: Path) -> NormalizedDocument:
    """What a file says, with the roster and the corrections where it can be identified."""
    document = read_document(path)
    try:
        identity = identify(path, path.name, title_of(document), DEFAULT_DIR)
    except IdentityError:
        identity = None
    return normalize(document, identity)


def table(*rows: str, heading: str = HEADING) -> str:
    """A text layer of one page; → stands for a tab."""
    return "\n".join(["责任分解表", "", heading, *(row.replace("→", "\t") for row in rows), ""])


def records(*rows: str, heading: str = HEADING) -> list[dict[str, Any]]:
    """The records of a table of one page; → stands for a tab."""
    return nested(read(table(*rows, heading=heading.replace("→", "\t"))))


def rules(record: dict[str, Any]) -> list[str]:
    """The rules of a record's issues."""
    return [issue["rule"] for issue in record["issues"]]
