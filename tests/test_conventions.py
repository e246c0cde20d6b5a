"""What publishers' ways of listing organisations mean: cells by hand, with the names that a reader takes from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ruled import read, ruled

from normalizers.records import Unit

CELLS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "cells_of_units.yaml").read_text(encoding="utf-8")
)
#: What every cell may say: no column of leaders, and that the cell sorts its names itself.
USUAL = {"missing_leader", "role_marks"}


def shown(units: tuple[Unit, ...]) -> list[str]:
    return [unit.printed + (f"={unit.full}" if unit.full else "") for unit in units]


@pytest.mark.parametrize("cell", [cell for cells in CELLS.values() for cell in cells], ids=lambda cell: cell["cell"])
def test_cells(cell: dict[str, Any]) -> None:
    document = read(ruled(["序号", "工作任务", "责任单位"], ["1", "做大总量并持续向好。", cell["cell"]]))
    (task,) = document.tasks
    rules = {issue.rule for issue in document.issues} - USUAL
    if cell.get("or_says") and rules:
        return
    assert shown(task.lead_units.value) == cell["lead"]
    assert shown(task.support_units.value) == cell.get("support", [])
    assert set(cell.get("says", ())) <= rules
    if cell.get("silent"):
        assert not rules
