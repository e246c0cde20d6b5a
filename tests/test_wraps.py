"""Line breaks in lists of names: wraps, or the ends of entries. ⏎ ends a full line, a plain break does not."""

from __future__ import annotations

import pytest
from ruled import WRAP, read, ruled

from normalizers.breaks import SURE, marked
from normalizers.tabulate import nested

HEADING = ["序号", "工作任务", "分管领导", "牵头单位"]


def units(*cells: str) -> list[list[str]]:
    """The organisations of each of the cells, which stand in one column."""
    rows = [[str(number), "做大总量。", "王旭锋", cell] for number, cell in enumerate(cells, 1)]
    return [record["lead_units"] for record in nested(read(ruled(HEADING, *rows)))]


def leaders(*cells: str) -> list[list[str]]:
    rows = [[str(number), "做大总量。", cell, "区发改局"] for number, cell in enumerate(cells, 1)]
    return [record["leaders"] for record in nested(read(ruled(HEADING, *rows)))]


def test_marks_of_breaks() -> None:
    assert marked("甲\n乙\n丙 丁\n 戊", (1, 7)) == f"甲\n乙{SURE}丙{SURE}丁\n戊"
    assert marked("  甲\n乙 ", (3,)) == "甲\n乙"
    assert marked("甲 乙\n丙", None) == "甲\n乙\n丙"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("区发改局\n区工信局", ["区发改局", "区工信局"]),
        ("区发改局⏎区工信局", ["区发改局", "区工信局"]),
        ("区文商旅发展促进⏎中心", ["区文商旅发展促进中心"]),
        ("区文商旅发展促进\n中心", ["区文商旅发展促进中心"]),
        ("区农业农村局（乡村\n振兴局）", ["区农业农村局（乡村振兴局）"]),
        ("区应急管理局\n（安委办）\n区残联", ["区应急管理局（安委办）", "区残联"]),
        ("区人力资源和社⏎会保障局⏎区残联", ["区人力资源和社会保障局", "区残联"]),
        ("区人力资源和社会⏎保障局", ["区人力资源和社会保障局"]),
        ("区机关事务⏎管理服务中⏎心⏎区残联", ["区机关事务管理服务中心", "区残联"]),
        ("市住房和城⏎乡建设局", ["市住房和城乡建设局"]),
        ("市市⏎场监管局", ["市市场监管局"]),
        ("市城市⏎管理局", ["市城市管理局"]),
        ("区委⏎宣传部", ["区委宣传部"]),
        ("团⏎区委", ["团区委"]),
        ("各镇（街⏎道）⏎各有关⏎单位", ["各镇（街道）", "各有关单位"]),
        ("各县（市、⏎区）人民⏎政府", ["各县（市、区）人民政府"]),
        ("区安委会⏎各成员单位", ["区安委会各成员单位"]),
        ("区发改局 区工信局", ["区发改局", "区工信局"]),
        ("钟楼公安⏎分局\n钟楼税务局", ["钟楼公安分局", "钟楼税务局"]),
        ("区发改局⏎新运集⏎团⏎区残联⏎各街道", ["区发改局", "新运集团", "区残联", "各街道"]),
    ],
)
def test_organisations_over_lines(cell: str, expected: list[str]) -> None:
    assert units(cell) == [expected]


def test_names_met_elsewhere_decide() -> None:
    assert units("西林日报⏎新运⏎公交", "新运公交") == [["西林日报", "新运公交"], ["新运公交"]]
    assert units("区委⏎宣传部", "宣传部\n区委") == [["区委", "宣传部"], ["宣传部", "区委"]]
    assert units("市公安局⏎交警支队", "市公安局交警支队")[0] == ["市公安局交警支队"]
    # Even a break that seems to be meant is none, if the name is met whole and its parts are not.
    assert units("区重大项目\n建设服务⏎中心", "区重大项目建设服务中心")[0] == ["区重大项目建设服务中心"]


def test_where_marks_separate_line_breaks_do_not() -> None:
    cells = ["区发改局、新运公⏎交、区残联", "区财政局、区文旅\n产业联盟、区妇联", "区发改局、\n区残联"]
    assert units(*cells) == [
        ["区发改局", "新运公交", "区残联"],
        ["区财政局", "区文旅产业联盟", "区妇联"],
        ["区发改局", "区残联"],
    ]


def test_what_could_be_one_name_or_two_is_said() -> None:
    rows = [["1", "做大总量。", "王旭锋", f"市公安局{WRAP}交警支队"]]
    issues = nested(read(ruled(HEADING, *rows)))[0]["issues"]
    assert [(issue["rule"], issue["field"]) for issue in issues] == [("uncertain_wrap", "lead_units")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("王旭锋\n江文亭", ["王旭锋", "江文亭"]),
        ("王旭锋⏎江文亭", ["王旭锋", "江文亭"]),
        ("王旭⏎锋", ["王旭锋"]),
        ("王⏎旭锋⏎江文亭", ["王旭锋", "江文亭"]),
        ("王旭锋、江文⏎亭、胡金芳", ["王旭锋", "江文亭", "胡金芳"]),
        ("吴 伟\n江　文", ["吴伟", "江文"]),
        ("王旭锋 吴 伟", ["王旭锋", "吴伟"]),
        ("司马⏎相如", ["司马相如"]),
        ("欧阳 锋", ["欧阳锋"]),
        ("常务⏎副区长", ["常务副区长"]),
        ("王旭锋（常务⏎副区长）", ["王旭锋"]),
    ],
)
def test_leaders_over_lines(cell: str, expected: list[str]) -> None:
    assert leaders(cell) == [expected]


def test_a_post_over_lines() -> None:
    (task,) = read(ruled(HEADING, ["1", "做大总量。", f"王旭锋（常务{WRAP}副区长）", "区发改局"])).tasks
    assert [(leader.printed, leader.post) for leader in task.leaders.value] == [("王旭锋", "常务副区长")]
