"""The title of a document whose formats have no lines, by what stands above its first table."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_files import docx, p, tbl, tc, tr

from extractors.formats import read_content
from extractors.model import SourceDocument
from normalizers.titles import title_of

HEADING = ("序号", "工作任务", "牵头单位")
ROW = ("1", "完成全年目标。", "区发改局")
BELOW = "附件：钟楼区2025年民生实事项目目标任务责任分解表"


def word(*body: str) -> SourceDocument:
    """A Word file; @ is the table."""
    table = tbl(tr(*map(tc, HEADING)), tr(*map(tc, ROW)), grid=(2000,) * 3)
    return read_content(docx("".join(table if line == "@" else p(line) for line in body)), Path("x.docx"))


def web(*body: str, head: str = "") -> SourceDocument:
    """A page; @ is the table."""
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in (HEADING, ROW))
    lines = "".join(f"<table>{rows}</table>" if line == "@" else f"<p>{line}</p>" for line in body)
    return read_content(f"<html>{head}<body>{lines}</body></html>".encode(), Path("x.html"))


@pytest.mark.parametrize("read", [word, web])
def test_a_line_below_the_table_is_no_title(read: object) -> None:
    assert callable(read)
    assert title_of(read("2026年工作", "@", BELOW)) == "2026年工作"
    assert title_of(read("2026年工作安排", "各单位：", "@", BELOW)) == "2026年工作安排"
    assert title_of(read("@", BELOW)) is None
    assert title_of(read("@", BELOW, "2026年工作", "@")) is None


@pytest.mark.parametrize("read", [word, web])
def test_a_title_far_above_the_table(read: object) -> None:
    assert callable(read)
    notice = [f"第{number}条要求各单位认真抓好落实。" for number in range(20)]
    assert title_of(read("2026年工作安排", *notice, "@", BELOW)) == "2026年工作安排"


def test_what_the_window_of_a_bare_table_is_called() -> None:
    assert title_of(web("@", head="<title>2026年工作安排</title>")) == "2026年工作安排"
