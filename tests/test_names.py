"""Leaders and organisations out of their cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizers.breaks import marked
from normalizers.organisations import split_units
from normalizers.people import LeaderSplitter
from normalizers.reference import ReferenceDataError, load
from normalizers.resolver import Resolver
from normalizers.roster import Alias, Organisation, Roster, load_roster

REFERENCE = load()
ROSTER = load_roster("320404")
assert ROSTER is not None
RESOLVER = Resolver(ROSTER, 2026)
NAMES = sorted({body.name for body in ROSTER.organisations})


def leaders_of(text: str, wraps: tuple[int, ...] | None = None) -> tuple[str, ...]:
    return LeaderSplitter(REFERENCE.names).split(marked(text, wraps)).names


def split(text: str) -> tuple[str, ...]:
    return split_units(text, REFERENCE.units, RESOLVER.knows)


@pytest.mark.parametrize(
    ("cell", "leaders"),
    [
        ("王旭锋", ("王旭锋",)),
        ("王行杰 江文亭", ("王行杰", "江文亭")),
        ("吴 伟", ("吴伟",)),
        ("张　三\n李　四", ("张三", "李四")),
        ("吴 伟 王行杰 江 文", ("吴伟", "王行杰", "江文")),
        ("王旭锋、吴 伟，江文亭", ("王旭锋", "吴伟", "江文亭")),
        ("阿卜杜拉·买买提 欧阳春晓", ("阿卜杜拉·买买提", "欧阳春晓")),
        ("王旭锋 王旭锋", ("王旭锋",)),
        ("分管副省长", ("分管副省长",)),
        ("", ()),
    ],
)
def test_leaders(cell: str, leaders: tuple[str, ...]) -> None:
    assert leaders_of(cell) == leaders


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("区发改局 区工信局", ("区发改局", "区工信局")),
        ("区发改局\n区工信局", ("区发改局", "区工信局")),
        ("区文商旅发展促进\n中心", ("区文商旅发展促进中心",)),
        ("区住建局 区文商旅发展\n促进中心\n新运集团", ("区住建局", "区文商旅发展促进中心", "新运集团")),
        ("区应急管理局(安委办) 钟楼消防救援大队(消委办)", ("区应急管理局（安委办）", "钟楼消防救援大队（消委办）")),
        ("区应急管理局\n(安委办)", ("区应急管理局（安委办）",)),
        ("高新区（邹区镇）、区财政局（国资办、金融办）", ("高新区（邹区镇）", "区财政局（国资办、金融办）")),
        ("市人力资源和社会保障局，市教育局；市科技局", ("市人力资源和社会保障局", "市教育局", "市科技局")),
        ("区残联 区妇联 团区委", ("区残联", "区妇联", "团区委")),
        ("各镇（街道） 各有关单位", ("各镇（街道）", "各有关单位")),
        ("区发改局、区发改局", ("区发改局",)),
        ("市住房和城\n乡建设局", ("市住房和城乡建设局",)),
    ],
)
def test_units(cell: str, units: tuple[str, ...]) -> None:
    assert split(cell) == units


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True),
    st.sampled_from(["、", "，", "；", " ", "\n", "　", ", ", "; "]),
    st.sampled_from(["", "（安委办）", "(国资办)", "（食安办、药安办）"]),
)
def test_whatever_joins_names_splits_again(names: list[str], separator: str, qualifier: str) -> None:
    printed = [*names[:-1], names[-1] + qualifier]
    assert split(separator.join(printed)) == tuple(name.replace("(", "（").replace(")", "）") for name in printed)


def test_names_stand_for_bodies_with_qualifier_alias_and_brackets_of_their_own() -> None:
    assert RESOLVER.resolve("区应急管理局（安委办）").unit_id == "320404-yjglj"
    assert RESOLVER.resolve("区应急管理局（安委办）").qualifier == "安委办"
    assert RESOLVER.resolve("发改局").name == "区发改局"
    both = RESOLVER.resolve("高新区（邹区镇）"), RESOLVER.resolve("高新园（邹区镇）")
    assert [(unit.unit_id, unit.qualifier) for unit in both] == [("320404-gxq", None)] * 2
    assert RESOLVER.resolve("金控集团").name == "钟金控集团"


def test_an_unknown_name_gets_the_nearest_and_a_closed_list_says_so() -> None:
    assert RESOLVER.resolve("新闻街道").unit_id is None
    assert RESOLVER.nearest("新闻街道")[0] == "新闸街道"
    assert RESOLVER.closed_kind("新闻街道") == "street"
    assert RESOLVER.closed_kind("区新闻局") is None


def test_a_name_means_another_body_in_another_year() -> None:
    old = Organisation("x-1", "区旅游局", "bureau", valid_to=2018)
    new = Organisation("x-2", "区文体旅局", "bureau", aliases=(Alias("区旅游局"),), valid_from=2019)
    roster = Roster("000000", (old, new), {})
    assert Resolver(roster, 2018).resolve("区旅游局").unit_id == "x-1"
    assert Resolver(roster, 2026).resolve("区旅游局").unit_id == "x-2"


def test_every_town_and_street_of_the_district_is_in_the_roster() -> None:
    for name in ["五星街道", "永红街道", "北港街道", "西林街道", "南大街街道", "荷花池街道", "新闸街道", "邹区镇"]:
        assert RESOLVER.resolve(name).unit_id, name


def test_a_roster_with_one_name_for_two_bodies_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("reference")
    (folder / "organisations").mkdir()
    lines = (
        "organisations:\n  - {id: 999999-a, name: 区局, kind: bureau}\n"
        "  - {id: 999999-b, name: 区委, kind: party, aliases: [区局]}\n"
    )
    (folder / "organisations" / "999999.yaml").write_text(lines, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match="区局 means both 999999-a and 999999-b"):
        load_roster("999999", folder)
