"""Leaders: names and posts out of their cells, the list of a region, names that look misread."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read, table

from extractors import delimited
from normalizers.breaks import marked
from normalizers.identity import identify
from normalizers.leader_doubts import is_one_off, leader_doubts, with_leaders
from normalizers.leaders import LeaderResolver, LeaderRoster, Person, Post, load_leaders
from normalizers.normalize import normalize
from normalizers.people import LeaderSplitter
from normalizers.records import Identity, Issue, Leader, NormalizedDocument
from normalizers.reference import DEFAULT_DIR, ReferenceDataError, load
from normalizers.roster import load_roster

NAMES = load().names
ROOT = Path(__file__).parent.parent


def split(cell: str, wraps: tuple[int, ...] | None = None) -> list[tuple[str, str | None]]:
    found = LeaderSplitter(NAMES).split(marked(cell, wraps))
    return list(zip(found.names, found.posts, strict=True))


@pytest.mark.parametrize("wraps", [None, ()])
@pytest.mark.parametrize(
    ("cell", "leaders"),
    [
        ("张三", [("张三", None)]),
        ("副区长张三", [("张三", "副区长")]),
        ("张三副区长", [("张三", "副区长")]),
        ("张三（副区长）", [("张三", "副区长")]),
        ("张三(副区长)", [("张三", "副区长")]),
        ("副区长（张三）", [("张三", "副区长")]),
        ("副区长 张三", [("张三", "副区长")]),
        ("张三 副区长", [("张三", "副区长")]),
        ("副区长 张 三", [("张三", "副区长")]),
        ("张　三副区长", [("张三", "副区长")]),
        ("区长张三", [("张三", "区长")]),
        ("李四区长", [("李四", "区长")]),
        ("区委常委、常务副区长 李四", [("李四", "区委常委、常务副区长")]),
        ("区委常委、常务副区长李四", [("李四", "区委常委、常务副区长")]),
        ("区委常委 常务副区长 李四", [("李四", "区委常委、常务副区长")]),
        ("区委副书记、区长张三", [("张三", "区委副书记、区长")]),
        ("张三（区委常委、副区长）、李四（副区长）", [("张三", "区委常委、副区长"), ("李四", "副区长")]),
        ("副区长 张三 副区长 李四", [("张三", "副区长"), ("李四", "副区长")]),
        ("王行杰\n副区长\n江文亭\n区委常委", [("王行杰", "副区长"), ("江文亭", "区委常委")]),
        ("副区长张三、李四", [("张三", "副区长"), ("李四", None)]),
        ("分管副省长", [("分管副省长", "分管副省长")]),
        ("常务副市长", [("常务副市长", "常务副市长")]),
        ("市长", [("市长", "市长")]),
        ("分管副省长、张三", [("分管副省长", "分管副省长"), ("张三", None)]),
        ("张三 分管副区长", [("张三", None), ("分管副区长", "分管副区长")]),
        ("市委书记、市长", [("市委书记", "市委书记"), ("市长", "市长")]),
        ("区委常委、常务副区长", [("区委常委、常务副区长", "区委常委、常务副区长")]),
        ("欧阳春晓副市长", [("欧阳春晓", "副市长")]),
        ("副市长阿卜杜拉•买买提", [("阿卜杜拉·买买提", "副市长")]),
        ("阿卜杜拉・买买提、张三", [("阿卜杜拉·买买提", None), ("张三", None)]),
        ("王旭锋、王 旭锋", [("王旭锋", None)]),
        ("党组书记 武装部部长", [("党组书记", "党组书记"), ("武装部部长", "武装部部长")]),
        ("高长河", [("高长河", None)]),
        ("张三同志", [("张三", None)]),
        ("王 旭 锋", [("王旭锋", None)]),
        ("张三 县委副书记、县长", [("张三", "县委副书记、县长")]),
        ("张三县委副书记、县长，李四副县长", [("张三", "县委副书记、县长"), ("李四", "副县长")]),
        ("县委书记张三、县长", [("张三", "县委书记"), ("县长", "县长")]),
        ("王五（挂职）", [("王五", "挂职")]),
        ("副区长张三同志、李四同志", [("张三", "副区长"), ("李四", None)]),
        ("组长：张三 副组长：李四", [("张三", "组长"), ("李四", "副组长")]),
        ("组长： 张三", [("张三", "组长")]),
        ("副区长（挂职） 张三", [("张三", "副区长（挂职）")]),
        (
            "区政府党组成员、副区长 张三；区政府办主任 李四",
            [("张三", "区政府党组成员、副区长"), ("李四", "区政府办主任")],
        ),
        (
            "张三 区委常委、常务副区长\n李四 区委常委、副区长\n王五 副区长",
            [("张三", "区委常委、常务副区长"), ("李四", "区委常委、副区长"), ("王五", "副区长")],
        ),
        ("区长、各副区长", [("区长", "区长"), ("各副区长", "各副区长")]),
        ("", []),
    ],
)
def test_names_and_posts(cell: str, wraps: tuple[int, ...] | None, leaders: list[tuple[str, str | None]]) -> None:
    assert split(cell, wraps) == leaders


@pytest.mark.parametrize(
    ("cell", "wraps", "leaders"),
    [
        # Each line that begins with a post begins with somebody; the lines between go on with a name.
        ("副市长韩\n振\n副市长任\n春红", (4, 11), [("韩振", "副市长"), ("任春红", "副市长")]),
        ("副区长许\n世\n副区长吴\n杰林\n副区长窦\n丽明", (4, 11, 19),
         [("许世", "副区长"), ("吴杰林", "副区长"), ("窦丽明", "副区长")]),
        # Where every line is one spread word, blanks separate nothing; else they may.
        ("秦 海\n薛 华\n任 宇", (), [("秦海", None), ("薛华", None), ("任宇", None)]),
        ("方成\n培 袁\n春燕", (2, 6), [("方成培", None), ("袁春燕", None)]),
        ("方 成\n培\n袁 春\n燕", (3, 9), [("方成培", None), ("袁春燕", None)]),
        # A bracket ends with its closing mark, whatever line that stands on.
        ("汤宇晓（县委常\n委、常务副县长\n）\n冯远学（副县长\n）", (7, 15, 25),
         [("汤宇晓", "县委常委、常务副县长"), ("冯远学", "副县长")]),
    ],
)  # fmt: skip
def test_names_that_narrow_columns_cut(
    cell: str, wraps: tuple[int, ...], leaders: list[tuple[str, str | None]]
) -> None:
    assert split(cell, wraps) == leaders


def test_a_post_that_a_wrap_cuts_is_nobody() -> None:
    cell = "王旭锋 区委常委、常务副\n区长"
    assert split(cell, (cell.index("\n"),)) == [("王旭锋", "区委常委、常务副区长")]


def test_spread_names_on_lines_that_may_be_wraps() -> None:
    cell = "张 三\n李 四\n高 长"
    assert split(cell, tuple(at for at, char in enumerate(cell) if char == "\n")) == [
        ("张三", None), ("李四", None), ("高长", None)
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["张三 副区长 李四", "常务副市长、副市长王五", "张三 区委常委、副区长 李四"])
def test_whose_a_post_is_may_be_in_doubt(cell: str) -> None:
    doubt = LeaderSplitter(NAMES).split(marked(cell, ())).doubt
    assert doubt is not None
    assert "副" in doubt


PEOPLE = ["王旭锋", "江文亭", "张三", "欧阳春晓", "高长河", "阿卜杜拉·买买提"]
POSTS = ["副区长", "常务副市长", "区长", "区委常委", "区政府党组成员", "副县长"]
FORMS = ["{name}", "{post}{name}", "{name}{post}", "{name}（{post}）", "{post} {name}", "{post}　{name}"]


@given(st.lists(st.tuples(st.sampled_from(POSTS), st.sampled_from(FORMS)), min_size=1, max_size=4),
       st.permutations(PEOPLE), st.sampled_from(["、", "，", "；", "、\n"]))  # fmt: skip
def test_any_leaders_in_any_form_come_out_again(titles: list[tuple[str, str]], people: list[str], mark: str) -> None:
    named = list(zip(people, titles, strict=False))
    cell = mark.join(form.format(name=name, post=post) for name, (post, form) in named)
    assert split(cell, ()) == [(name, post if "post" in form else None) for name, (post, form) in named]


@given(st.permutations(PEOPLE), st.lists(st.sampled_from([*POSTS, "分管副区长", ""]), max_size=6),
       st.lists(st.sampled_from(["、", " ", "\n", "，"]), min_size=12, max_size=12))  # fmt: skip
def test_whatever_stands_beside_what_no_name_and_no_post_is_lost(
    people: list[str], posts: list[str], marks: list[str]
) -> None:
    mixed = [text for pair in zip(people, [*posts, *[""] * 6], strict=False) for text in pair if text]
    found = split("".join(text + mark for text, mark in zip(mixed, marks, strict=False)), ())
    assert [name for name, _ in found if name in PEOPLE] == people
    assert set(posts) - {""} == {part for _, post in found for part in (post or "").split("、")} - {""}


ROSTER = LeaderRoster(
    "320404",
    (
        Person("320404-l-wxf", "王旭锋", ("王旭峰",), (Post("副区长", 2024, 2026),)),
        Person("320404-l-jwt", "江文亭", (), (Post("副区长", 2018, 2021), Post("常务副区长", 2022))),
        Person("320404-l-zs", "张三", (), (Post("常务副区长", None, 2021),)),
        Person("320404-l-amm", "阿卜杜拉·买买提"),
    ),
)


@pytest.mark.parametrize(
    ("leader", "year", "leader_id"),
    [
        (Leader("王旭锋"), 2026, "320404-l-wxf"),
        (Leader("王旭峰", post="副区长"), 2026, "320404-l-wxf"),
        (Leader("王旭锋"), 2027, None),
        (Leader("王旭锋"), None, "320404-l-wxf"),
        (Leader("常务副区长", post="常务副区长"), 2026, "320404-l-jwt"),
        (Leader("常务副区长", post="常务副区长"), 2020, "320404-l-zs"),
        (Leader("分管副区长", post="分管副区长"), 2026, None),
        (Leader("副区长", post="副区长"), None, None),
        (Leader("阿卜杜拉•买买提"), 1999, "320404-l-amm"),
        (Leader("李四"), 2026, None),
    ],
)
def test_the_list_knows_leaders_in_their_years(leader: Leader, year: int | None, leader_id: str | None) -> None:
    found = LeaderResolver(ROSTER, year).resolve(leader)
    assert (found.printed, found.post, found.leader_id) == (leader.printed, leader.post, leader_id)
    assert (found.name is None) == (leader_id is None)


def test_without_a_list_leaders_stay_as_printed() -> None:
    assert LeaderResolver(None, 2026).resolve(Leader("王旭锋")) == Leader("王旭锋")


def doubts(*cells: str, roster: LeaderRoster | None = None, year: int = 2026) -> list[Issue]:
    """What is in doubt about a table whose tasks have these cells of leaders."""
    rows = (f"1→做强产业→深耕优势→({n}) 做大总量，完成{n}项。→{cell}→区发改局" for n, cell in enumerate(cells, 1))
    resolver = LeaderResolver(roster, year)
    return list(leader_doubts(with_leaders(read(table(*rows)).tasks, resolver, NAMES), resolver))


def test_a_name_printed_once_and_one_character_off_looks_misread() -> None:
    [found] = doubts("王旭锋", "王旭锋", "王旭烽", "江文亭")
    assert (found.rule, found.severity, found.task_no, found.field) == ("unlikely_leader", "warning", 3, "leaders")
    assert "王旭烽" in found.message
    assert found.suggestion is not None
    assert found.suggestion.startswith("Is it 王旭锋?")
    assert found.provenance[0].line == "6"


@pytest.mark.parametrize(
    "cells",
    [
        ("王旭锋", "王旭烽", "王旭锋", "王旭烽"),  # both stand there twice
        ("李明", "李强", "李强"),  # two characters: simply two names
        ("王旭锋", "江文亭", "胡金芳"),
        ("分管副区长", "分管副县长", "分管副县长"),
    ],
)
def test_names_that_do_not_look_misread(cells: tuple[str, ...]) -> None:
    assert doubts(*cells) == []


def test_a_merged_cell_is_one_place() -> None:
    rows = (
        "1→做强产业→深耕优势→(1) 做大总量。→王旭烽→区发改局",
        "→→→(2) 培育主体。→→",
        "→→→(3) 改善环境。→王旭锋→区城管局",
    )
    found = leader_doubts(read(table(*rows)).tasks, LeaderResolver(None, None))
    assert [(one.rule, one.task_no) for one in found] == [("unlikely_leader", 1), ("unlikely_leader", 3)]


def test_unknown_leaders_are_named_once_where_there_is_a_list() -> None:
    found = doubts("王旭锋", "李四光", "李四光", "张三", "王旭烽", "分管副区长", roster=ROSTER)
    assert [(one.rule, one.severity, one.task_no) for one in found] == [
        ("unknown_leader", "info", 2),
        ("unknown_leader", "info", 4),
        ("unlikely_leader", "warning", 5),
    ]
    assert "李四光 is not in the list of 320404" in found[0].message
    assert "常务副区长 -2021" in found[1].message


@pytest.mark.parametrize(
    ("one", "other", "off"),
    [
        ("王旭锋", "王旭峰", True),
        ("王旭锋", "王锋", True),
        ("吴伟", "吴伟明", True),
        ("王旭锋", "王锋旭", False),
        ("李明", "李强", False),
        ("王旭锋", "王旭锋", False),
        ("欧阳春晓", "欧阳春", True),
        ("欧阳春晓", "春晓", False),
    ],
)
def test_one_character_off(one: str, other: str, off: bool) -> None:
    assert is_one_off(one, other) is is_one_off(other, one) is off


def of_zhonglou(text: str, directory: Path = DEFAULT_DIR) -> NormalizedDocument:
    """A document of 钟楼区 of 2026 without the corrections of the real one."""
    document = delimited.parse(text, "x.txt")
    identity = replace(ZHONGLOU, document_id="320404-2026-test")
    return normalize(document, identity, directory)


ZHONGLOU: Identity = identify(
    ROOT / "raw" / "2026" / "zhonglou.txt", "2026/zhonglou.txt", "2026年责任分解表", DEFAULT_DIR
)


def test_leaders_of_a_document_have_their_ids() -> None:
    row = "1→做强产业→深耕优势→(1) 做大总量。→副区长王旭锋、江 文亭、李四光→区发改局"
    [task] = of_zhonglou(table(row)).tasks
    assert task.leaders.value == (
        Leader("王旭锋", "320404-l-wxf", "王旭锋", "副区长"),
        Leader("江文亭", "320404-l-jwt", "江文亭"),
        Leader("李四光"),
    )


def test_corrected_leaders_are_looked_up_too(tmp_path: Path) -> None:
    for path in DEFAULT_DIR.rglob("*.yaml"):
        target = tmp_path / path.relative_to(DEFAULT_DIR)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    (tmp_path / "corrections" / "320404-2026-test.yaml").write_text(
        "corrections:\n"
        "  - {task: 1, field: leaders, was: 王旭烽, now: 副区长王旭锋, reason: misread}\n"
        "  - {task: 2, field: leaders, was: 江文亭, now: 赵六, reason: misread}\n",
        encoding="utf-8",
    )
    rows = ("1→做强产业→深耕优势→(1) 做大总量。→王旭烽→区发改局", "→→→(2) 培育主体。→江文亭→区工信局")
    one, two = of_zhonglou(table(*rows), tmp_path).tasks
    assert one.leaders.value == (Leader("王旭锋", "320404-l-wxf", "王旭锋", "副区长"),)
    assert two.leaders.value == (Leader("赵六"),)


def test_the_list_of_zhonglou_has_every_leader_of_the_release_and_no_id_of_an_organisation() -> None:
    leaders, bodies = load_leaders("320404"), load_roster("320404")
    assert leaders is not None
    assert bodies is not None
    with (ROOT / "outputs/2026/320404-2026-zfgzbg/task_leaders.csv").open(encoding="utf-8-sig", newline="") as file:
        printed = {row["leader"] for row in csv.DictReader(file)}
    assert {person.name for person in leaders.people} == printed
    assert not {person.leader_id for person in leaders.people} & {body.unit_id for body in bodies.organisations}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("leaders: {a: b}", "list under leaders"),
        ("leaders: [{id: 320404-l-a}]", "needs id and name"),
        ("leaders: [{id: 320404-a, name: 张三}]", "320404-l-zs"),
        ("leaders: [{id: 320404-l-a, name: 张三, since: 2020}]", "needs id and name"),
        ("leaders: [{id: 320404-l-a, name: 张三, posts: [{post: 区长, valid_from: 2025-01-01}]}]", "are years"),
        (
            "leaders: [{id: 320404-l-a, name: 张三, posts: [{post: 区长, valid_from: 2025, valid_to: 2020}]}]",
            "ends before",
        ),
        ("leaders: [{id: 320404-l-a, name: 张三}, {id: 320404-l-a, name: 李四}]", "occurs twice"),
        ("leaders: [{id: 320404-l-a, name: 张三}, {id: 320404-l-b, name: 李四, aliases: [张 三]}]", "means both"),
        ("region_code: '320405'\nleaders: []", "is the list of 320404"),
        ("leaders: []\nclosed: true", "means nothing"),
    ],
)
def test_a_faulty_list_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "leaders").mkdir()
    (tmp_path / "leaders" / "320404.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=said):
        load_leaders("320404", tmp_path)


def test_one_name_may_belong_to_two_who_served_one_after_the_other(tmp_path: Path) -> None:
    (tmp_path / "leaders").mkdir()
    (tmp_path / "leaders" / "320404.yaml").write_text(
        "leaders:\n"
        "  - {id: 320404-l-a, name: 张三, posts: [{post: 区长, valid_to: 2020}]}\n"
        "  - {id: 320404-l-b, name: 张三, posts: [{post: 副区长, valid_from: 2021}]}\n",
        encoding="utf-8",
    )
    roster = load_leaders("320404", tmp_path)
    assert LeaderResolver(roster, 2020).resolve(Leader("张三")).leader_id == "320404-l-a"
    assert LeaderResolver(roster, 2026).resolve(Leader("张三")).leader_id == "320404-l-b"
    assert LeaderResolver(roster, None).resolve(Leader("张三")).leader_id is None
