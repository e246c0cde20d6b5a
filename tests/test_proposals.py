"""Lines proposed for a roster: the sort of body, ids in pinyin, the region a name belongs to, YAML that reads back."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from normalizers.proposals import Proposer, initials, line
from normalizers.roster import UNIT_KINDS, Alias, Organisation, load_roster


def proposed(name: str, region_code: str = "320404") -> Organisation:
    return Proposer(region_code, set()).propose(name)


@pytest.mark.parametrize(
    ("name", "kind", "unit_id"),
    [
        ("区发改局", "bureau", "320404-fgj"),
        ("区住房和城乡建设局", "bureau", "320404-zfhcxjsj"),
        ("市场监管局", "bureau", "320404-scjgj"),
        ("区重大项目办公室", "bureau", "320404-zdxmbgs"),
        ("区委组织部", "party", "320404-wzzb"),
        ("团区委", "party", "320404-tqw"),
        ("区妇联", "party", "320404-fl"),
        ("钟楼生态环境局", "vertical", "320404-sthjj"),
        ("钟楼公安分局", "vertical", "320404-gafj"),
        ("区税务局", "vertical", "320404-swj"),
        ("邹区镇人民政府", "town", "320404-zqzrmzf"),
        ("五星街道", "street", "320404-wxjd"),
        ("钟楼街道", "street", "320404-zljd"),
        ("新运集团", "enterprise", "320404-xyjt"),
        ("长江银行", "enterprise", "320404-cjyh"),
        ("经开区管委会", "park", "320404-jkqgwh"),
        ("区人民法院", "other", "320404-rmfy"),
        ("区人民医院", "institution", "320404-rmyy"),
        ("区安委会各成员单位", "group", "320404-qawhgcydw"),
        ("5G专班", "other", "320404-5gzb"),
    ],
)
def test_kinds_and_ids(name: str, kind: str, unit_id: str) -> None:
    body = proposed(name)
    assert (body.kind, body.unit_id) == (kind, unit_id)


@pytest.mark.parametrize(
    ("region_code", "name", "of"),
    [
        ("320404", "市发改委", "320400"),
        ("320404", "团市委", "320400"),
        ("320404", "市民政局", "320400"),
        ("320404", "省科技厅", "320000"),
        ("320404", "区发改局", "320404"),
        ("320404", "市场监管局", "320404"),
        ("320400", "市发改委", "320400"),
        ("320400", "省科技厅", "320000"),
        # a city of the rank of a county is 市 itself
        ("320481", "市发改委", "320481"),
        # the counties of a city without districts above them: 直辖市
        ("110101", "市发改委", "110000"),
        ("150102", "自治区发改委", "150000"),
        ("999999", "市发改委", "999999"),
    ],
)
def test_the_region_a_name_belongs_to(region_code: str, name: str, of: str) -> None:
    assert proposed(name, region_code).region_code == of


def test_one_id_for_each() -> None:
    proposer = Proposer("320404", {"320404-sjj"})
    assert [proposer.propose(name).unit_id for name in ("区司局", "区审计局", "区水经局")] == [
        "320404-sj", "320404-sjj2", "320404-sjj3",
    ]  # fmt: skip


@given(st.text())
def test_whatever_the_name_the_id_is_one(name: str) -> None:
    assert initials(name).isascii()
    assert initials(name).isalnum()


_NAMES = st.text(st.sampled_from("区发改局（）、·,:{}[]#&*!|>'\"%@`-? 12aN~"), min_size=1).map(str.strip).filter(bool)


@given(
    _NAMES, st.lists(st.tuples(_NAMES, st.none() | st.integers(1949, 2099)), max_size=3), st.sampled_from(UNIT_KINDS)
)
def test_a_line_reads_back(name: str, aliases: list[tuple[str, int | None]], kind: str) -> None:
    body = Organisation("320404-x", name, kind, tuple(Alias(*alias) for alias in aliases), 2001, None, "320404")
    ((entry),) = yaml.safe_load(line(body, "320404"))
    wanted = [{"name": alias, "valid_from": year} if year else alias for alias, year in aliases]
    assert entry == {"id": "320404-x", "name": name, "kind": kind, "valid_from": 2001} | (
        {"aliases": wanted} if wanted else {}
    )


def test_every_line_of_the_roster_reads_back() -> None:
    roster = load_roster("320404")
    assert roster is not None
    for body in roster.organisations:
        (entry,) = yaml.safe_load(line(body, "320404"))
        assert (entry["id"], entry["name"], entry["kind"]) == (body.unit_id, body.name, body.kind)
        assert tuple(entry.get("members", ())) == body.members
        assert "region_code" not in entry
