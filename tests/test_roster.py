"""Rosters: names by year, groups and their members, reforms, the word of level, and what a roster must not say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from reading import table

from extractors import delimited
from normalizers.divisions import as_of, full_region_name, townships
from normalizers.normalize import normalize
from normalizers.records import Identity, NormalizedDocument
from normalizers.reference import ReferenceDataError
from normalizers.resolver import Resolver
from normalizers.roster import Alias, Organisation, Roster, load_roster, read_roster
from validators.validate import validate
from validators.verdict import Facts
from writers.release import build
from writers.sql import Database

ROSTER = load_roster("320404")
assert ROSTER is not None
#: The eight towns and streets of 钟楼区, as every map has them.
TOWNSHIPS = ["五星街道", "永红街道", "北港街道", "西林街道", "南大街街道", "荷花池街道", "新闸街道", "邹区镇"]


OTHER = Identity("320404-2024-zfgzbg", "320404", "常州市钟楼区", 2024, "zfgzbg", "表", None, "y.txt", None, "1" * 64)


def written(folder: Path, *entries: str, head: str = "") -> Roster:
    path = folder / "320499.yaml"
    path.write_text(head + "organisations:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries), encoding="utf-8")
    return read_roster(path, "320499")


def unit_id(roster: Roster, year: int, name: str) -> str | None:
    return Resolver(roster, year).resolve(name).unit_id


@pytest.mark.parametrize(
    ("earlier", "today", "body"),
    [
        ("发改局", "区发改局", "320404-fgj"),
        ("商务局", "区商务局", "320404-swj"),
        ("住建局", "区住建局", "320404-zjj"),
        ("数据局", "区数据局", "320404-sjj"),
        ("政府办", "区政府办", "320404-zfb"),
        ("组织部", "区委组织部", "320404-wzzb"),
        ("政法委", "区委政法委", "320404-wzfw"),
        ("财政局（国资办）", "区财政局(国资办)", "320404-czj"),
        ("应急管理局（安委办）", "区应急管理局（安委办）", "320404-yjglj"),
        ("高新园(邹区镇)", "高新区（邹区镇）", "320404-gxq"),
        ("高新园（邹区镇）", "高新区(邹区镇)", "320404-gxq"),
        ("邹区镇", "高新区（邹区镇）", "320404-gxq"),
        ("金控集团", "钟金控集团", "320404-zjkjt"),
        ("文商旅发展促进中心", "区文商旅发展促进中心", "320404-wslzx"),
        ("公安分局", "钟楼公安分局", "320404-gafj"),
    ],
)
def test_the_names_of_earlier_years_mean_the_same_bodies(earlier: str, today: str, body: str) -> None:
    assert ROSTER is not None
    assert [unit_id(ROSTER, year, earlier) for year in (2019, 2024, 2026)] == [body] * 3
    assert unit_id(ROSTER, 2026, today) == body


def test_the_towns_and_streets_of_the_roster_are_the_official_ones() -> None:
    assert ROSTER is not None
    official = {township.name for township in townships("320404")}
    assert official == set(TOWNSHIPS)
    printed = {name for body in ROSTER.organisations if body.kind in ("town", "street") for name in body.names_in(None)}
    assert official <= printed
    assert {name for name in printed if name.endswith(("镇", "街道"))} == official
    assert full_region_name("320404") == "常州市钟楼区"
    assert as_of() == "2025-12-31"


def test_an_alias_holds_in_its_years(tmp_path: Path) -> None:
    roster = written(
        tmp_path,
        "id: 320499-sjj, name: 区数据局, kind: bureau, aliases: [{name: 区大数据局, valid_from: 2019, valid_to: 2023}]",
        "id: 320499-dsj, name: 区大数据局, kind: bureau, valid_to: 2018, merged_into: 320499-sjj",
    )
    assert [unit_id(roster, year, "区大数据局") for year in (2018, 2019, 2023, 2024)] == [
        "320499-dsj", "320499-sjj", "320499-sjj", None,
    ]  # fmt: skip
    assert roster.body("320499-dsj").successors == ("320499-sjj",)
    with pytest.raises(KeyError):
        roster.body("320499-x")


def test_a_group_has_its_members_by_year(tmp_path: Path) -> None:
    roster = written(
        tmp_path,
        "id: 320499-az, name: 甲镇, kind: town",
        "id: 320499-bz, name: 乙镇, kind: town, valid_to: 2019, renamed_to: [320499-bjd]",
        "id: 320499-bjd, name: 乙街道, kind: street, valid_from: 2020",
        "id: 320499-fgj, name: 区发改局, kind: bureau",
        'id: 320400-cz, name: 市镇, kind: town, region_code: "320400"',
        "id: 320499-gzjd, name: 各镇（街道）, kind: group, members: [town, street]",
        "id: 320499-awh, name: 区安委会各成员单位, kind: group, members: [320499-fgj, 320499-bz]",
        "id: 320499-open, name: 各有关单位, kind: group",
    )

    def members(name: str, year: int) -> list[str]:
        resolver = Resolver(roster, year)
        group = resolver.body_of(name)
        assert group is not None
        return [body.name for body in resolver.members(group)]

    assert members("各镇（街道）", 2018) == ["甲镇", "乙镇"]
    assert members("各镇（街道）", 2021) == ["甲镇", "乙街道"]
    assert members("区安委会各成员单位", 2018) == ["乙镇", "区发改局"]
    assert members("区安委会各成员单位", 2021) == ["区发改局"]
    assert members("各有关单位", 2021) == []
    assert members("甲镇", 2021) == []


@pytest.mark.parametrize("printed", ["各镇（街道）", "各镇(街道)", "各镇、街道"])
def test_all_towns_and_streets_of_the_district(printed: str) -> None:
    resolver = Resolver(ROSTER, 2026)
    group = resolver.body_of(printed)
    assert group is not None
    names = {name for body in resolver.members(group) for name in body.names_in(2026)}
    assert len(resolver.members(group)) == 8
    assert set(TOWNSHIPS) <= names


def level_roster(*names: str, region_code: str = "320499") -> Roster:
    bodies = (
        Organisation(f"{region_code}-{n}", name, "bureau", region_code=region_code) for n, name in enumerate(names)
    )
    return Roster(region_code, tuple(bodies), {})


def test_the_word_of_level_may_be_left_out_on_either_side() -> None:
    roster = level_roster("区发改局", "区妇联", "区委统战部", "水利局", "市场监管局", "区委办公室")
    resolver = Resolver(roster, 2026)
    means = {
        "发改局": "区发改局", "妇联": "区妇联", "统战部": "区委统战部", "区水利局": "水利局",
        "区市场监管局": "市场监管局", "发改局（粮食局）": "区发改局",
    }  # fmt: skip
    assert {printed: resolver.resolve(printed).name for printed in means} == means
    assert resolver.resolve("发改局（粮食局）").qualifier == "粮食局"
    # another level, half a name, the end of any name
    for printed in ("市发改局", "县水利局", "委统战部", "改局", "办公室", "场监管局"):
        assert resolver.resolve(printed).unit_id is None, printed
        assert not resolver.knows(printed)


def test_a_region_whose_names_have_no_level_has_that_of_its_official_name() -> None:
    assert Resolver(level_roster("发改局", region_code="320404"), 2026).resolve("区发改局").name == "发改局"
    assert Resolver(level_roster("发改局", region_code="320404"), 2026).resolve("市发改局").name is None
    assert Resolver(level_roster("发改委", region_code="320400"), 2026).resolve("市发改委").name == "发改委"


def test_where_two_bodies_could_be_meant_none_is() -> None:
    roster = level_roster("区办公室", "区总工会", "区委老干部局", "区老干部局", "妇联", "区妇联")
    resolver = Resolver(roster, 2026)
    assert resolver.resolve("老干部局").unit_id is None
    assert resolver.resolve("妇联").name == "妇联"
    assert resolver.resolve("总工会").name == "区总工会"


def test_what_a_list_says_once_goes_before_an_alias() -> None:
    bodies = (
        Organisation("320499-a", "区发改局", "bureau", region_code="320499"),
        Organisation("320499-b", "区科技局", "bureau", (Alias("科技局"),), region_code="320499"),
        Organisation("320499-c", "经开区", "park", region_code="320499"),
        Organisation("320400-a", "市发改委", "bureau", region_code="320400"),
    )
    resolver = Resolver(Roster("320499", bodies, {}), 2026)
    # 市发改委、科技局 and 区发改局、科技局 and 经开区、高新区管委会
    assert resolver.resolve("科技局", "市科技局").unit_id is None
    assert resolver.resolve("科技局", "市科技局").full == "市科技局"
    assert resolver.resolve("发改委", "市发改委").unit_id == "320400-a"
    assert resolver.resolve("科技局", "区科技局").unit_id == "320499-b"
    assert resolver.resolve("经开区", "经开区管委会").unit_id == "320499-c"


def test_names_of_towns_and_groups_have_no_word_of_level() -> None:
    bodies = (
        Organisation("320499-a", "市桥街道", "street", region_code="320499"),
        Organisation("320499-b", "市发改局", "bureau", region_code="320499"),
        Organisation("320400-c", "市教育局", "bureau", region_code="320400"),
    )
    resolver = Resolver(Roster("320499", bodies, {}), 2026)
    assert resolver.resolve("发改局").name == "市发改局"
    assert resolver.resolve("桥街道").unit_id is None
    assert resolver.resolve("教育局").unit_id is None


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("id: 320499-a, name: 区局", "an organisation needs id, name and kind"),
        ("id: 320499-a, name: 区局, kind: office", "'office' is no kind; kinds are bureau, party"),
        ("id: 320404-a, name: 区局, kind: bureau", "an id is 320499- and small letters"),
        ("id: 320499-A, name: 区局, kind: bureau", "an id is 320499-"),
        ("id: 320499-a, name: 区局, kind: bureau, alias: [局]", "unknown key alias; keys are id, name"),
        ("id: 320499-a, name: 12, kind: bureau", "a name is a text, not 12"),
        ("id: 320499-a, name: 区局, kind: bureau, aliases: [{valid_to: 2019}]", "a name is a text, not None"),
        ("id: 320499-a, name: 区局, kind: bureau, aliases: [{name: 局, to: 2019}]", "unknown key to"),
        ("id: 320499-a, name: 区局, kind: bureau, aliases: {name: 局}", "aliases is a list"),
        ("id: 320499-a, name: 区局, kind: bureau, valid_from: '2019'", "are years, not '2019'"),
        ("id: 320499-a, name: 区局, kind: bureau, valid_from: 2019, valid_to: 2018", "2019 is after valid_to 2018"),
        ("id: 320499-a, name: 区局, kind: bureau, members: [town]", "only a group has members"),
        ("id: 320499-a, name: 各局, kind: group, members: [bureaus]", "the member bureaus, which is no kind and no id"),
        ("id: 320499-a, name: 各局, kind: group, members: [group]", "a group in a group"),
        ("id: 320499-a, name: 区局, kind: bureau, merged_into: 320499-b", "needs valid_to, its last year"),
        ("id: 320499-a, name: 区局, kind: bureau, valid_to: 2019, merged_into: 320499-c", "which is no id of the file"),
        ("id: 320499-a, name: 区局, kind: bureau, valid_to: 2010, renamed_to: 320499-b", "not valid the year after"),
        ("id: 320499-b, name: 区局, kind: bureau", "320499-b is the id of both 区局 and 区委"),
        ("id: 320499-a, name: 区局, kind: bureau, aliases: [区委]", "区委 means both 320499-a and 320499-b"),
    ],
)
def test_a_faulty_roster_is_refused_with_what_is_wrong(tmp_path: Path, entry: str, problem: str) -> None:
    with pytest.raises(ReferenceDataError, match=problem) as caught:
        written(tmp_path, entry, "id: 320499-b, name: 区委, kind: party, valid_from: 2015")
    assert "320499.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("organisations: 3\n", "needs a list under organisations"),
        ("- a\n", "needs a list under organisations"),
        ("region_code: '320400'\norganisations: []\n", "is the roster of 320499, but its region_code is 320400"),
        ("closed_kinds: {town: 镇}\norganisations: []\n", "closed_kinds are kinds"),
        ("closed: {town: [镇]}\norganisations: []\n", "unknown key closed"),
    ],
)
def test_a_faulty_file_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "320499.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=problem):
        read_roster(path, "320499")


def test_one_name_for_two_bodies_at_different_times_is_fine(tmp_path: Path) -> None:
    roster = written(
        tmp_path,
        "id: 320499-a, name: 区局, kind: bureau, aliases: [{name: 区旧局, valid_from: 2020}]",
        "id: 320499-b, name: 区旧局, kind: bureau, valid_to: 2019, renamed_to: 320499-a",
    )
    assert roster.organisations[0].aliases == (Alias("区旧局", 2020),)


def document(*rows: str, year: int = 2025) -> NormalizedDocument:
    identity = Identity(
        f"320404-{year}-zfgzbg", "320404", "常州市钟楼区", year, "zfgzbg", "表", None, "x.txt", None, "0" * 64
    )
    return normalize(delimited.parse(table(*rows), "x.txt"), identity)


def test_a_document_has_the_bodies_it_names_and_the_members_of_its_groups() -> None:
    read = document(
        "1→做强产业→→(1) 做大企业总量。→王旭锋→区财政局（国资办）、发改局、区民族局",
        "→→→(2) 培育市场主体。→江文亭→各街道",
        "→→→(3) 优化营商环境。→江文亭→各有关单位、五星街道",
    )
    assert [body.unit_id for body in read.organisations] == [
        "320404-bgjd", "320404-czj", "320404-fgj", "320404-gjd", "320404-gygdw", "320404-hhcjd", "320404-ndjjd",
        "320404-wxjd", "320404-xljd", "320404-xzjd", "320404-yhjd",
    ]  # fmt: skip
    streets = (
        "320404-wxjd",
        "320404-yhjd",
        "320404-bgjd",
        "320404-xljd",
        "320404-ndjjd",
        "320404-hhcjd",
        "320404-xzjd",
    )
    assert read.members == (("320404-gjd", streets),)


def test_the_query_of_the_manual_puts_members_in_the_place_of_groups(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "organisations.md").read_text(encoding="utf-8")
    query = page.split("```sql\n")[1].split("```")[0]
    read = document("1→做强产业→→(1) 做大企业总量。→王旭锋→区发改局、各镇（街道）、各有关单位")
    with Database(f"sqlite:///{tmp_path}/fenjie.db") as database:
        database.create()
        database.replace([build(read)])
    with closing(sqlite3.connect(tmp_path / "fenjie.db")) as connection:
        rows = connection.execute(query).fetchall()
    assert len(rows) == len(set(rows)) == 1 + 8 + 1
    found = {unit_id for _, unit_id in rows}
    assert {"320404-fgj", "320404-gxq", "320404-wxjd", "320404-gygdw"} <= found
    assert "320404-gzjd" not in found


def test_a_table_of_earlier_years_names_the_same_bodies() -> None:
    heading = "序号\t目标名称\t工作标准\t区政府分管领导\t牵头单位\t配合单位"
    text = table(
        "1→做强产业→(1) 做大企业总量。→吴 伟→发改局→财政局、工信局",
        "→→(2) 推进园区建设。→王旭锋→高新园(邹区镇)→金控集团、新运集团",
        "→→(3) 维护社会稳定。→江文亭→政法委→信访局、公安分局、各镇（街道）",
        heading=heading,
    )
    read = normalize(delimited.parse(text, "x.txt"), OTHER)
    assert [[unit.unit_id for unit in task.lead_units.value] for task in read.tasks] == [
        ["320404-fgj"], ["320404-gxq"], ["320404-wzfw"],
    ]  # fmt: skip
    assert [[unit.unit_id for unit in task.support_units.value] for task in read.tasks] == [
        ["320404-czj", "320404-gxj"],
        ["320404-zjkjt", "320404-xyjt"],
        ["320404-xfj", "320404-gafj", "320404-gzjd"],
    ]
    assert [issue for issue in read.issues if issue.rule == "unknown_unit"] == []


def test_an_unknown_name_is_one_doubt_of_the_document() -> None:
    read = document(
        "1→做强产业→→(1) 做大企业总量。→王旭锋→区发改局 新闻街道",
        "→→→(2) 培育市场主体。→江文亭→区发展局（外资办）",
        "→→→(3) 优化营商环境。→江文亭→新闻街道、市发改委",
        "→→→(4) 推进城市更新。→江文亭→区发展局、永红街道、新闻街道",
    )
    street, bureau, city = [issue for issue in read.issues if issue.rule == "unknown_unit"]
    assert (street.task_no, street.field, len(street.provenance)) == (1, "lead_units", 3)
    assert street.message == (
        "新闻街道 is not in the roster; there is no such street in 320404, nor in the official list of 2025-12-31; "
        "nearest known: 新闸街道 (tasks 1, 3-4)"
    )
    assert street.suggestion == (
        "Is it 新闸街道? Then correct it in reference/corrections: - {task: 1, field: lead_units, was: 新闻街道, "
        "now: 新闸街道, reason: misread}. Else add to reference/organisations/320404.yaml: "
        "- {id: 320404-xwjd, name: 新闻街道, kind: street}"
    )
    assert (bureau.task_no, bureau.message) == (
        2, "区发展局 is not in the roster; nearest known: 区发改局 (tasks 2, 4)"
    )  # fmt: skip
    assert "- {id: 320404-fgj, name: 区发改局, kind: bureau, aliases: [发改局, 区发展局]}" in str(bureau.suggestion)
    assert "- {id: 320404-fzj, name: 区发展局, kind: bureau}" in str(bureau.suggestion)
    assert (city.task_no, city.message) == (3, "市发改委 is not in the roster (task 3)")
    assert '- {id: 320400-fgw, name: 市发改委, kind: bureau, region_code: "320400"}' in str(city.suggestion)


def test_a_name_of_another_year_says_so(tmp_path: Path) -> None:
    roster = written(
        tmp_path,
        "id: 320499-lyj, name: 区旅游局, kind: bureau, valid_to: 2018, merged_into: 320499-wtj",
        "id: 320499-wtj, name: 区文体局, kind: bureau",
    )
    (body,) = roster.known_otherwise("区旅游局")
    assert body.unit_id == "320499-lyj"
    assert Resolver(roster, 2026).resolve("区旅游局").unit_id is None
    assert list(roster.known_otherwise("区文化局")) == []


def test_validation_adds_nothing_to_an_unknown_name() -> None:
    rows = (
        "1→做强产业→→(1) 做大企业总量。→王旭锋→区发改局 新闻街道",
        "→→→(2) 培育市场主体。→江文亭→区发展局（外资办）、新闻街道",
        "→→→(3) 优化营商环境。→江文亭→新闻街道、区发展局",
    )
    read = document(*rows)
    facts = Facts(read.has_roster, read.declared_counts, read.columns)
    silent = replace(read, issues=())
    said, found = validate([(read, facts), (replace(silent, identity=OTHER), facts)], None)
    assert [(issue.task_no, issue.message) for issue in said.document.issues if issue.rule == "unknown_unit"] == [
        (issue.task_no, issue.message) for issue in read.issues if issue.rule == "unknown_unit"
    ]
    # where reading was silent, validation says each name once, at its first place
    assert [(issue.task_no, issue.field, issue.message) for issue in found.document.issues] == [
        (1, "lead_units", "“新闻街道” is not in the roster"),
        (2, "lead_units", "“区发展局（外资办）” is not in the roster"),
    ]
