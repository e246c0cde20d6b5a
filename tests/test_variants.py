"""The same document saved in other ways says the same: encodings, line ends, page marks, padding, headings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reading import extract_file

from normalizers.tabulate import nested

DATA = Path(__file__).parent / "data"
DOCUMENTS = {
    "2026": Path(__file__).parent.parent / "raw" / "2026" / "zhonglou.txt",
    "008": DATA / "008_tsv" / "source.txt",
    "009": DATA / "009_tsv" / "source.txt",
}
_BEFORE_PAGE = re.compile(r"\n\n(?=(?:序号|编号)\t)")


def rows(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of every line with tabs."""
    return lambda text: "\n".join(change(line) if "\t" in line else line for line in text.split("\n"))


def headings(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of every heading line."""
    return rows(lambda line: change(line) if re.match(r"(序号|编号)\t", line) else line)


def quoted(line: str) -> str:
    return "\t".join(f'"{cell}"' if cell else cell for cell in line.split("\t"))


SAVED: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "GB 18030": lambda text: text.encode("gb18030"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big-endian": lambda text: ("\ufeff" + text).encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
}
CHANGED: dict[str, Callable[[str], str]] = {
    "no blank lines between pages": lambda text: _BEFORE_PAGE.sub("\n", text),
    "a running title": lambda text: _BEFORE_PAGE.sub("\n\n某区《政府工作报告》责任分解表\n\n", text),
    "trailing tabs cut": rows(str.rstrip),
    "two tabs more in every row": rows(lambda line: line + "\t\t"),
    "a column of blanks in front": rows(lambda line: "\t" + line),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "ideographic spaces": lambda text: text.replace(" ", "\u3000"),
    "every cell quoted": rows(quoted),
    "a blank more in the heading": headings(lambda line: line.replace("\t", "\t\t", 1)),
    "a blank less in the heading": headings(lambda line: line.replace("\t\t", "\t")),
    "an empty column of remarks": headings(lambda line: line + "\t备注"),
}
FIELDS = ("task_no", "content", "category_no", "category", "subcategory", "leaders", "lead_units")


def records(data: bytes, folder: Path) -> list[dict[str, Any]]:
    path = folder / "table.txt"
    path.write_bytes(data)
    return nested(extract_file(path))


def essence(found: list[dict[str, Any]], fields: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """The fields of each record and how many warnings it has."""
    return [(*(record[f] for f in fields), sum(i["severity"] != "info" for i in record["issues"])) for record in found]


@pytest.mark.parametrize("way", [*SAVED, *CHANGED])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_document_saved_in_another_way_says_the_same(name: str, way: str, tmp_path: Path) -> None:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    data = SAVED[way](text) if way in SAVED else CHANGED[way](text).encode()
    fields = (*FIELDS, "page_start", "page_end")
    assert essence(records(data, tmp_path), fields) == essence(records(text.encode(), tmp_path), fields)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("mark", ["\n\f", "\n— 1 —\n\n"])
def test_page_marks_before_every_heading_but_the_first(name: str, mark: str, tmp_path: Path) -> None:
    text = DOCUMENTS[name].read_text(encoding="utf-8")
    first = _BEFORE_PAGE.search(text)
    assert first is not None
    marked = text[: first.end()] + _BEFORE_PAGE.sub(mark, text[first.end() :])
    fields = (*FIELDS, "page_start", "page_end")
    assert essence(records(marked.encode(), tmp_path), fields) == essence(records(text.encode(), tmp_path), fields)
