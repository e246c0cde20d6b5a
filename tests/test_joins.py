"""Names of organisations joined with any convention of publishers are split into the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruled import WRAP, read, ruled

from normalizers.breaks import marked
from normalizers.organisations import UnitSplitter
from normalizers.reference import load

ROSTERS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "rosters_of_names.yaml").read_text(encoding="utf-8")
)
PATTERNS = load().units
MARKS = ["、", "，", "；", ",", ";", "/", "|"]
SEPARATORS = [*MARKS, " ", "\n", "　", "、\n", "，\n", "； ", " 、 "]


def names_of(roster: dict[str, Any]) -> list[str]:
    level = roster["level"]
    departments = [level + name for name in roster["departments"]]
    return [*departments, *(f"{level}委{name}" for name in roster["party"]), *roster["own"], *roster["groups"]]


def known(roster: dict[str, Any]) -> UnitSplitter:
    """A splitter for which the names of a roster are known, with and without their qualifiers."""
    names = {base for name in names_of(roster) for base in (name, name.split("（")[0])}
    return UnitSplitter(PATTERNS, names.__contains__)


def unknown() -> UnitSplitter:
    return UnitSplitter(PATTERNS, frozenset[str]().__contains__)


rosters = st.sampled_from(list(ROSTERS.values()))


@st.composite
def lists(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A roster and some of its names."""
    roster = draw(rosters)
    return roster, draw(st.lists(st.sampled_from(names_of(roster)), min_size=1, max_size=6, unique=True))


def test_there_are_enough_names() -> None:
    assert len({name for roster in ROSTERS.values() for name in names_of(roster)}) >= 180


@settings(deadline=None)
@given(lists(), st.data(), st.sampled_from([(), None]))
def test_any_mixture_of_separators(
    drawn: tuple[dict[str, Any], list[str]], data: st.DataObject, wraps: tuple[int, ...] | None
) -> None:
    roster, names = drawn
    cell = names[0] + "".join(data.draw(st.sampled_from(SEPARATORS)) + name for name in names[1:])
    for splitter in (known(roster), unknown()):
        split = splitter.split(marked(cell, wraps))
        assert list(split.names) == names


@settings(deadline=None)
@given(lists(), st.sampled_from("、，；"), st.integers(4, 14), st.booleans())
def test_marks_and_wraps_at_any_place(
    drawn: tuple[dict[str, Any], list[str]], mark: str, width: int, only_marks: bool
) -> None:
    roster, names = drawn
    cell, wraps = filled([mark.join(names)], width)
    for splitter in (known(roster), unknown()):
        splitter.only_marks = only_marks
        split = splitter.split(marked(cell, wraps))
        assert list(split.names) == names or (split.doubt and not splitter.is_known(names[0]))


@settings(deadline=None)
@given(lists(), st.integers(4, 14))
def test_a_line_for_each_name_in_a_narrow_cell(drawn: tuple[dict[str, Any], list[str]], width: int) -> None:
    roster, names = drawn
    cell, wraps = filled(names, width)
    for splitter in (known(roster), unknown()):
        split = splitter.split(marked(cell, wraps))
        assert list(split.names) == names or (split.doubt and not splitter.is_known(names[0]))


def filled(lines: Sequence[str], width: int) -> tuple[str, tuple[int, ...]]:
    """Lines set in a cell of so many characters, and the breaks behind its full lines, which may be wraps."""
    text, wraps = "", []
    for line in lines:
        for at in range(0, len(line), width):
            text += line[at : at + width]
            if len(line) >= at + width:
                wraps.append(len(text))
            text += "\n"
    return text[:-1], tuple(at for at in wraps if at < len(text) - 1)


@st.composite
def groups(draw: st.DrawFn) -> list[list[tuple[str, str]]]:
    """Groups of names of one roster, each as printed and in full: the level is said at the first of a group only."""
    roster = draw(rosters)
    level = roster["level"]
    full = {name: level + name for name in roster["departments"]}
    full |= {name: f"{level}委{name}" for name in roster["party"]}
    bodies = st.lists(st.sampled_from(sorted(full)), min_size=1, max_size=4, unique=True)
    found: list[list[tuple[str, str]]] = []
    seen: set[str] = set()
    for names in draw(st.lists(bodies, min_size=1, max_size=3)):
        group = [(full[names[0]], full[names[0]]), *((name, full[name]) for name in names[1:])]
        if draw(st.booleans()):
            own = draw(st.sampled_from([*roster["own"], *roster["groups"]]))
            group.append((own, own))
        group = [names for names in group if names[1] not in seen]
        seen.update(whole for _, whole in group)
        if group and group[0][0] == group[0][1]:
            found.append(group)
    return found


def in_full(split: Any) -> list[tuple[str, str]]:
    return [(name, full or name) for name, full in zip(split.names, split.fulls, strict=True)]


@settings(deadline=None)
@given(groups(), st.sampled_from("，；\n"))
def test_a_level_word_for_each_group(drawn: list[list[tuple[str, str]]], mark: str) -> None:
    cell = mark.join("、".join(printed for printed, _ in group) for group in drawn)
    split = unknown().split(marked(cell, ()))
    expected = [names for group in drawn for names in group]
    assert in_full(split) == expected


ENDS = [
    (["黄埔", "南沙", "越秀", "荔湾", "钟楼", "武进", "天宁", "七里河", "秦淮"], "区", ["政府", "人民政府", ""]),
    (["溧阳", "昆山", "常熟", "张家港"], "市", ["政府", "人民政府"]),
    (["金湖", "盱眙", "睢宁"], "县", ["政府", "人民政府", ""]),
    (["五星", "永红", "北港", "西林", "荷花池", "南大街"], "街道", ["", "办事处"]),
    (["奔牛", "孟河", "西夏墅", "罗溪"], "镇", ["", "人民政府"]),
]


@st.composite
def places(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Names of bodies of places, each as printed and in full: the end that they share is said at the last only."""
    names, kind, ends = draw(st.sampled_from(ENDS))
    end = draw(st.sampled_from(ends))
    chosen = draw(st.lists(st.sampled_from(names), min_size=2, max_size=5, unique=True))
    said = kind if end.endswith("政府") and kind != "镇" and draw(st.booleans()) else ""
    full = [name + kind + end for name in chosen]
    return [*((name + said, whole) for name, whole in zip(chosen[:-1], full, strict=False)), (full[-1], full[-1])]


@settings(deadline=None)
@given(places(), st.sampled_from(["", "市财政局、", "市财政局，", "★市财政局、科技局，"]))
def test_an_end_for_all_places(drawn: list[tuple[str, str]], before: str) -> None:
    cell = before + "、".join(printed for printed, _ in drawn)
    (task,) = read(ruled(["序号", "工作任务", "责任单位"], ["1", "做大总量。", cell])).tasks
    found = [(unit.printed, unit.full or unit.printed) for unit in (*task.lead_units.value, *task.support_units.value)]
    assert found[len(found) - len(drawn) :] == drawn


ROLES = [
    lambda lead, support: "、".join([*(f"★{name}" for name in lead), *support]),
    lambda lead, support: "、".join([*lead, *support]).replace("、".join(lead), "、".join(f"{n}☆" for n in lead), 1),
    lambda lead, support: "、".join([*(f"{name}（牵头）" for name in lead), *support]),
    lambda lead, support: "、".join(lead) + "牵头，" + "、".join(support) + "配合",
    lambda lead, support: "、".join(lead) + "主办；" + "、".join(support) + "协办",
    lambda lead, support: "牵头单位：" + "、".join(lead) + "；配合单位：" + "、".join(support),
    lambda lead, support: "【牵头】" + "、".join(lead) + "【配合】" + "、".join(support),
    lambda lead, support: "由" + "、".join(lead) + "牵头，" + "、".join(support) + "等单位按职责分工负责",
    lambda lead, support: "、".join(lead) + "牵头，会同" + "、".join(support) + "抓好落实",
]


@settings(deadline=None, max_examples=200)
@given(lists(), st.sampled_from(ROLES), st.integers(5, 40), st.data())
def test_marks_of_roles_in_any_convention(
    drawn: tuple[dict[str, Any], list[str]],
    form: Callable[[list[str], list[str]], str],
    width: int,
    data: st.DataObject,
) -> None:
    _, names = drawn
    count = data.draw(st.integers(1, len(names)))
    lead, support = names[:count], names[count:]
    cell, wraps = filled([form(lead, support) if support else "、".join(lead) + "牵头"], width)
    shown = "".join(WRAP if at in wraps else char for at, char in enumerate(cell))
    document = read(ruled(["序号", "工作任务", "牵头单位"], ["1", "做大总量。", shown]))
    (task,) = document.tasks
    found = [[unit.printed for unit in units.value] for units in (task.lead_units, task.support_units)]
    assert found == [lead, support] or "uncertain_wrap" in {issue.rule for issue in document.issues}


@pytest.mark.parametrize("style", ROSTERS)
def test_every_elided_department_of_a_style_gets_its_level(style: str) -> None:
    roster = ROSTERS[style]
    level = roster["level"]
    printed = [*roster["departments"], *roster["party"]]
    split = unknown().split("、".join([f"{level}某某局", *printed]))
    fulls = [level + name for name in roster["departments"]] + [f"{level}委{name}" for name in roster["party"]]
    assert list(split.fulls[1:]) == fulls
