"""Headings and their meanings, and what reference/headings.yaml may not say."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree

import pytest

from normalizers.headings import role_of
from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("序 号", "number"),
        ("项目内容及任务分解", "content"),
        ("2026年目标任务", "content"),
        ("年度工作任务", "content"),
        ("区政府\n分管领导", "leader"),
        ("分管省领导", "leader"),
        ("市级责任领导", "leader"),
        ("区委、区政府分管领导", "leader"),
        ("牵头（责任）单位", "lead"),
        ("区牵头单位", "lead"),
        ("协同责任单位", "support"),
        ("配合（责任）单位", "support"),
        ("责任部门", "responsible"),
        ("进度安排", "deadline"),
        ("资金筹措", "money"),
        ("单位", None),
        ("联系电话", None),
    ],
)
def test_headings_by_meaning(heading: str, role: str | None) -> None:
    assert role_of(heading, load()) == role


def test_a_heading_with_two_meanings_is_refused(tmp_path: Path) -> None:
    copytree(DEFAULT_DIR, tmp_path / "reference")
    path = tmp_path / "reference" / "headings.yaml"
    text = path.read_text(encoding="utf-8")
    for line, problem in [("  progress: [备注]\n", "备注 stands under"), ("  progress: [NO]\n", "is no text")]:
        path.write_text(re.sub(r"  progress: .*\n", line, text), encoding="utf-8")
        load.cache_clear()
        with pytest.raises(ReferenceDataError, match=problem):
            load(tmp_path / "reference")
    load.cache_clear()
